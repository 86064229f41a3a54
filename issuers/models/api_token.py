"""Tokens by which programs act for an issuer; only their hash is kept."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from issuers.models.issuer import Issuer


class TokenScope(models.TextChoices):
    BADGES_READ = "badges:read", _("Read badges")
    AWARDS_READ = "awards:read", _("Read awards")
    AWARDS_WRITE = "awards:write", _("Award and revoke")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def live(self, at: datetime) -> "ApiTokenQuerySet":
        return self.filter(revoked_at=None).filter(models.Q(expires_at=None) | models.Q(expires_at__gt=at))


class ApiToken(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.ForeignKey(Issuer, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)  # shown, so that people recognise which token it is
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    # What DRF's throttling and permission classes ask of the one who calls.
    is_authenticated = True

    @property
    def audit_id(self) -> str:
        return str(self.pk)

    @property
    def audit_name(self) -> str:
        return f"{self.name} ({self.prefix}…)"
