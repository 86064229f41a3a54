"""Competency frameworks as files: read, and compared with what is here."""
