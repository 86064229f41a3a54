"""Receipts: what a verification found, at its moment, to print or to link (OB2-HST-11)."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models

from assertions.models.assertion import Assertion
from assertions.models.backpack import ImportedBadge


def receipt_picture_path(receipt: "Receipt", filename: str) -> str:
    """Unguessable, and never written over."""
    return f"receipts/{receipt.pk}/{uuid.uuid4().hex}.{filename.rsplit('.', 1)[-1]}"


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def overdue(self, at: datetime) -> "ReceiptQuerySet":
        """Whose time is over."""
        return self.filter(delete_after__lte=at)

    def unfinished(self, queued_before: datetime) -> "ReceiptQuerySet":
        return self.filter(finished_at=None, queued_at__lt=queued_before)

    def for_everybody(self) -> "ReceiptQuerySet":
        """Those that may be linked; what a person has checked for their own badges is theirs alone."""
        return self.filter(keeper=None)


class Receipt(models.Model):
    """One verification of what a stranger brought. No address of a person is kept in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # What was brought and whose it is said to be, sealed (assertions.actions.brought), until the check is done: then
    # only the digest of what was brought is left, and nothing of the address.
    source = models.BinaryField(default=bytes)
    source_digest = models.CharField(max_length=64)
    queued_at = models.DateTimeField()  # when the work was last put in the queue
    attempts = models.PositiveSmallIntegerField(default=0)  # how often it was begun
    finished_at = models.DateTimeField(null=True)
    # assertions.sharing.stored_report says its shape; until it is finished, how far it is.
    report = models.JSONField(default=dict, blank=True)
    verdict = models.CharField(max_length=12, blank=True)
    picture = models.FileField(upload_to=receipt_picture_path, blank=True)  # scrubbed and drawn here
    # The award that was meant, when it was issued here.
    assertion = models.ForeignKey(Assertion, on_delete=models.SET_NULL, null=True, related_name="receipts")
    # Whoever has it checked to keep it among their badges, and the badge that came of it.
    keeper = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="receipts")
    imported = models.ForeignKey(ImportedBadge, on_delete=models.CASCADE, null=True, related_name="receipts")
    delete_after = models.DateTimeField()

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["delete_after"], name="assertions_receipt_overdue"),
            models.Index(fields=["queued_at"], condition=models.Q(finished_at=None), name="assertions_receipt_waiting"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
