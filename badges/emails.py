"""Mails about badges. There are none: whoever receives a badge hears of the award, not of the badge class."""
