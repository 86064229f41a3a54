"""Badges of other issuers that a person keeps here beside their own (OB2-HST-01, OB2-HST-12)."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models


def imported_path(imported: "ImportedBadge", filename: str) -> str:
    """Unguessable, and never written over."""
    return f"imported/{imported.pk}/{uuid.uuid4().hex}.{filename.rsplit('.', 1)[-1]}"


class ImportedBadgeQuerySet(models.QuerySet["ImportedBadge"]):
    def kept(self) -> "ImportedBadgeQuerySet":
        return self.filter(removed_at=None)

    def removed(self, before: datetime) -> "ImportedBadgeQuerySet":
        return self.filter(removed_at__lt=before)

    def newest_first(self) -> "ImportedBadgeQuerySet":
        return self.order_by("-imported_at", "pk")


class ImportedBadge(models.Model):
    """One badge from elsewhere, kept exactly as it came, with what its last verification found."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="imported_badges")
    badge_id = models.TextField()  # the `id` of its assertion or credential
    badge_key = models.CharField(max_length=64)  # its SHA-256: an address may be too long for an index
    original = models.FileField(upload_to=imported_path)  # the very bytes that were brought
    original_form = models.CharField(max_length=8)  # png, svg, jws, json, url
    assertion_json = models.TextField(blank=True)  # the documents as they were fetched or signed
    badge_json = models.TextField(blank=True)
    issuer_json = models.TextField(blank=True)
    picture = models.FileField(upload_to=imported_path, blank=True)  # scrubbed; PNG
    report = models.JSONField(default=dict, blank=True)  # assertions.sharing.stored_report says its shape
    verdict = models.CharField(max_length=12)
    imported_at = models.DateTimeField()
    checked_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)  # gone for its person, and for good after a day

    objects = ImportedBadgeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "badge_key"], name="assertions_imported_once"),
        ]

    def __str__(self) -> str:
        return self.badge_id
