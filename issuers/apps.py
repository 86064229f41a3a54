"""Issuer profiles, staff, tokens and keys."""

from django.apps import AppConfig


class IssuersConfig(AppConfig):
    name = "issuers"
