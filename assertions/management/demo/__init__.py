"""The demo organisation: a fictional learning programme as pure data and artwork."""
