"""The audit trail: rows that are written and read, never changed, never deleted.

No foreign keys: the trail must neither keep live rows from being deleted nor disappear with them. The database
itself refuses UPDATE and DELETE (migration 0002).
"""

import uuid
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def of_organisation(self, organisation_id: uuid.UUID) -> "AuditEventQuerySet":
        return self.filter(organisation_id=organisation_id)

    def about(self, subject_id: uuid.UUID) -> "AuditEventQuerySet":
        return self.filter(subject_id=str(subject_id))

    def newest_first(self) -> "AuditEventQuerySet":
        return self.order_by("-at", "-pk")


class AuditEvent(models.Model):
    at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    # Grammar: subject[.part].past_tense, such as “assertion.revoked” or “issuer.staff.added”.
    type = models.CharField(max_length=60)
    actor_id = models.CharField(max_length=40, blank=True)
    actor_name = models.CharField(max_length=200, blank=True)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    subject_name = models.CharField(max_length=300, blank=True)
    organisation_id = models.UUIDField(null=True)
    issuer_id = models.UUIDField(null=True)
    # Ids and plain values, never addresses of recipients: this row outlives every request to be forgotten.
    details = models.JSONField(default=dict)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "-at"], name="audit_organisation_at"),
            models.Index(fields=["subject_id"], name="audit_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject_id}"

    @property
    def acted_by(self) -> str:
        """Who acted, for a reader: people and tokens by name, who acts without an account in the reader's language."""
        return self.actor_name if self.actor_id else _(self.actor_name or gettext_noop("The system"))
