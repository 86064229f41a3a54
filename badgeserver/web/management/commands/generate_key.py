"""Prints a fresh value for KEY_ENCRYPTION_KEY."""

from typing import Any

from cryptography.fernet import Fernet
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Print a fresh KEY_ENCRYPTION_KEY. It is kept nowhere: put it where your secrets are."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(Fernet.generate_key().decode("ascii"))
