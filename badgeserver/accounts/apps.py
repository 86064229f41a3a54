"""People's accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "badgeserver.accounts"
    label = "accounts"
