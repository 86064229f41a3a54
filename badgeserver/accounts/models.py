"""A person's account. Verified addresses beyond the first are allauth's `EmailAddress` rows."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from badgeserver.accounts.managers import UserManager


class User(AbstractBaseUser):
    """Somebody who signs in: with an e-mail address, never a user name.

    There is no superuser and no Django admin: a door that goes round the actions would go round the audit trail
    too (docs/adr/0010).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    language = models.CharField(max_length=20, blank=True)  # of pages and mails; "" follows the browser
    # How somebody likes pages: {"columns": {table: [column, …]}}. Never anything that acts depend on.
    preferences = models.JSONField(default=dict, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="accounts_user_email_lower"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    @property
    def audit_id(self) -> str:
        return str(self.pk)

    @property
    def audit_name(self) -> str:
        return str(self)


def display_name(user: User) -> str:
    return str(user)
