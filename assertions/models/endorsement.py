"""Endorsements: somebody stands up for an issuer, a badge or an award (OB 2.0 Endorsement, OB2-ISS-140, 141)."""

import uuid
from datetime import datetime
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assertions.models.assertion import Assertion
from badges.models import BadgeClass
from issuers.models import Issuer, Organisation


class EndorsementQuerySet(models.QuerySet["Endorsement"]):
    def given_by(self, organisation: Organisation) -> "EndorsementQuerySet":
        return self.filter(endorser__organisation=organisation)

    def received_by(self, organisation: Organisation) -> "EndorsementQuerySet":
        return self.filter(
            models.Q(issuer__organisation=organisation)
            | models.Q(badge_class__issuer__organisation=organisation)
            | models.Q(assertion__issuer__organisation=organisation)
        )

    def shown(self) -> "EndorsementQuerySet":
        """Accepted by the endorsed side, not taken back, and (from outside) verified at the last look."""
        return self.filter(status=Endorsement.Status.ACCEPTED, revoked_at=None).exclude(holds=False)

    def linked(self) -> "EndorsementQuerySet":
        """Shown, and found at its address at the last look: what documents may name (OB2-ISS-140).

        Official validators refuse a badge that names an endorsement which they cannot fetch.
        """
        hosted_elsewhere = models.Q(source_url__startswith="http", source_json__startswith="{", problem="")
        return self.shown().filter(models.Q(endorser__isnull=False) | hosted_elsewhere)

    def from_elsewhere(self) -> "EndorsementQuerySet":
        return self.filter(endorser=None)

    def newest_first(self) -> "EndorsementQuerySet":
        return self.order_by("-issued_at", "pk")


class Endorsement(models.Model):
    """One endorsement: by an issuer here (`endorser`), or by somebody elsewhere (`source_url`)."""

    class Status(models.TextChoices):
        PENDING = "PENDING", _("Waiting for an answer")
        ACCEPTED = "ACCEPTED", _("Shown")
        DECLINED = "DECLINED", _("Declined")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # What is endorsed: exactly one.
    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, null=True, related_name="endorsements")
    badge_class = models.ForeignKey(BadgeClass, on_delete=models.PROTECT, null=True, related_name="endorsements")
    assertion = models.ForeignKey(Assertion, on_delete=models.CASCADE, null=True, related_name="endorsements")
    comment = models.TextField(blank=True)  # Markdown, `endorsementComment`
    issued_at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PENDING)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    # Given here: by this issuer, hosted at `origin`.
    endorser = models.ForeignKey(Issuer, on_delete=models.PROTECT, null=True, related_name="endorsements_given")
    origin = models.CharField(max_length=260, blank=True, editable=False)
    hosted_json = models.TextField(blank=True)
    revoked_at = models.DateTimeField(null=True)
    revocation_reason = models.CharField(max_length=500, blank=True)

    # Given elsewhere: what was fetched, by whom it says it is, and how the last look went.
    source_url = models.URLField(max_length=1000, blank=True)
    source_json = models.TextField(blank=True)  # as it came
    endorser_name = models.CharField(max_length=200, blank=True)
    endorser_url = models.URLField(max_length=1000, blank=True)  # under the host that answers for it
    checked_at = models.DateTimeField(null=True)
    holds = models.BooleanField(null=True)  # None for those given here
    problem = models.CharField(max_length=500, blank=True)

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(issuer__isnull=False, badge_class=None, assertion=None)
                | models.Q(issuer=None, badge_class__isnull=False, assertion=None)
                | models.Q(issuer=None, badge_class=None, assertion__isnull=False),
                name="assertions_endorsement_of_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(endorser__isnull=False, source_url="", holds=None)
                | (models.Q(endorser=None, holds__isnull=False) & ~models.Q(source_url="")),
                name="assertions_endorsement_here_or_elsewhere",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at=None, revocation_reason="")
                | (models.Q(revoked_at__isnull=False) & ~models.Q(revocation_reason="")),
                name="assertions_endorsement_revoked_with_reason",
            ),
            *(
                models.UniqueConstraint(
                    fields=["endorser", thing],
                    condition=models.Q(revoked_at=None, endorser__isnull=False, **{f"{thing}__isnull": False}),
                    name=f"assertions_endorsed_{thing}_once",
                )
                for thing in ("issuer", "badge_class", "assertion")
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def subject(self) -> Issuer | BadgeClass | Assertion:
        """What is endorsed."""
        return cast("Issuer | BadgeClass | Assertion", self.issuer or self.badge_class or self.assertion)

    @property
    def is_signed(self) -> bool:
        """Whether it came as a signed text, which needs no address."""
        return not self.endorser_id and not self.source_json.startswith("{")

    @property
    def endorser_host(self) -> str:
        """The host of who gave it elsewhere: a name can be anybody's. “” for those given here."""
        return urlsplit(self.endorser_url or self.source_url).hostname or ""

    @property
    def public_id(self) -> str:
        """The `id` of the Endorsement: where it is hosted, here or elsewhere (OB2-ISS-140)."""
        return self.source_url or f"{self.origin}/public/endorsements/{self.pk}"


class EndorsementNoticeQuerySet(models.QuerySet["EndorsementNotice"]):
    def unsent(self, queued_before: datetime) -> "EndorsementNoticeQuerySet":
        """Not handed to a mail server, not refused for good, and not waiting in a queue that may still be working."""
        return self.filter(handed_over_at=None, problem="", queued_at__lt=queued_before)


class EndorsementNotice(models.Model):
    """A mail that is owed to an owner of what is endorsed: sent by the worker, at most once (docs/adr/0009)."""

    endorsement = models.ForeignKey(Endorsement, on_delete=models.CASCADE, related_name="notices")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    queued_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    objects = EndorsementNoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endorsement", "recipient"], name="assertions_endorsement_notice_once"),
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(handed_over_at__isnull=False),
                name="assertions_endorsement_notice_sent_was_handed_over",
            ),
        ]
        indexes = [
            models.Index(fields=["queued_at"], condition=models.Q(sent_at=None), name="assertions_e_notice_unsent"),
        ]

    def __str__(self) -> str:
        return f"{self.endorsement_id} {self.recipient_id}"
