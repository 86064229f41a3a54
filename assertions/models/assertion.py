"""The Assertion: one award of one badge to one recipient, in its final words.

The documents that the world gets are stored with the row when the badge is awarded, and only read afterwards:
`hosted_json` (its `id` is its URL) and `signed_json` (its `id` is a `urn:uuid`), whose exact bytes the worker signs.
"""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from badges.models import BadgeClass, Visibility
from badgeserver.searching import SearchColumn
from issuers.models import Issuer, Organisation, SigningKey

if TYPE_CHECKING:
    from badgeserver.accounts.models import User


class AssertionQuerySet(models.QuerySet["Assertion"]):
    def for_member(self, user: "User") -> "AssertionQuerySet":
        return self.filter(issuer__organisation__memberships__user=user)

    def of_organisation(self, organisation: Organisation) -> "AssertionQuerySet":
        return self.filter(issuer__organisation=organisation)

    def public(self) -> "AssertionQuerySet":
        """What the world may see: awards of internal badges are for their organisation and holders alone."""
        return self.exclude(badge_class__visibility=Visibility.INTERNAL)

    def of_recipient(self, emails: list[str]) -> "AssertionQuerySet":
        """Awards to any of these normalised addresses."""
        return self.filter(recipient_key__in=emails)

    def revoked(self) -> "AssertionQuerySet":
        """Whatever the world is told no longer holds: revoked by its issuer, or declined by its recipient."""
        return self.filter(revoked_at__isnull=False)

    def declined(self) -> "AssertionQuerySet":
        return self.filter(declined_at__isnull=False)

    def to_erase(self, declined_before: datetime) -> "AssertionQuerySet":
        """Declined before that moment, and still holding what it says of its recipient."""
        return self.filter(declined_at__lt=declined_before, erased_at=None)

    def live(self, at: datetime) -> "AssertionQuerySet":
        """Neither revoked nor expired."""
        return self.filter(revoked_at=None).filter(models.Q(expires_at=None) | models.Q(expires_at__gt=at))

    def expired(self, at: datetime) -> "AssertionQuerySet":
        return self.filter(revoked_at=None, expires_at__lte=at)

    def unfinished(self, queued_before: datetime) -> "AssertionQuerySet":
        """Not signed and baked, and not waiting in a queue that may still be working."""
        return self.filter(finished_at=None, revoked_at=None, queued_at__lt=queued_before)

    def newest_first(self) -> "AssertionQuerySet":
        return self.order_by("-issued_at", "-created_at", "pk")


class Assertion(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The base of its `id`, for ever: "https://badges.example.org" (docs/adr/0011).
    origin = models.CharField(max_length=260, editable=False)
    badge_class = models.ForeignKey(BadgeClass, on_delete=models.PROTECT, related_name="assertions")
    # The badge's issuer at the time of the award; kept here because every question of rights asks for it.
    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="assertions")
    signing_key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="assertions")

    recipient_email = models.EmailField(max_length=254)  # as typed: where the mail goes
    recipient_key = models.EmailField(max_length=254)  # normalised: what is hashed and compared (OB2-ISS-78)
    recipient_name = models.CharField(max_length=120, blank=True)
    search = SearchColumn(title="recipient_name", also=["recipient_key"])
    name_shown_at = models.DateTimeField(null=True)  # when the recipient agreed to show the name; None hides it
    salt = models.CharField(max_length=64)

    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    narrative = models.TextField(blank=True)  # Markdown
    awarded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    hosted_json = models.TextField()
    signed_uuid = models.UUIDField(unique=True)  # version 4 (OB2-ISS-12)
    signed_json = models.TextField()
    jws = models.TextField(blank=True)
    # The same award as an Open Badges 3.0 credential: its own ids, a place in the issuer's status lists, its JWT.
    credential_uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    subject_uuid = models.UUIDField(default=uuid.uuid4, editable=False)  # a pseudonym, for this award alone
    status_index = models.PositiveIntegerField(null=True)
    credential_jwt = models.TextField(blank=True)
    queued_at = models.DateTimeField()  # when the work was last put in the queue
    finished_at = models.DateTimeField(null=True)  # when signed and baked

    revoked_at = models.DateTimeField(null=True)
    revocation_reason = models.CharField(max_length=500, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    # Declined by its recipient (OB2-HST-15): for the world a revocation, with its moment in `revoked_at` too.
    declined_at = models.DateTimeField(null=True)
    decline_note = models.CharField(max_length=500, blank=True)  # for the issuer alone
    erased_at = models.DateTimeField(null=True)  # when what it said of its recipient was deleted

    objects = AssertionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at=None) | models.Q(expires_at__gt=models.F("issued_at")),
                name="assertions_expires_after_issued",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at=None, revocation_reason="")
                | (models.Q(revoked_at__isnull=False) & ~models.Q(revocation_reason="")),
                name="assertions_revoked_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(declined_at=None, decline_note="", erased_at=None)
                | models.Q(declined_at__isnull=False, revoked_at__isnull=False, revoked_at=models.F("declined_at")),
                name="assertions_declined_is_revoked",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at=None)
                | models.Q(recipient_name="", narrative="", hosted_json="", signed_json="", jws="", credential_jwt=""),
                name="assertions_erased_is_empty",
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at=None) | ~models.Q(jws=""), name="assertions_finished_is_signed"
            ),
            models.UniqueConstraint(fields=["issuer", "status_index"], name="assertions_status_index_once"),
        ]
        indexes = [
            models.Index(fields=["issuer", "-issued_at"], name="assertions_issuer_issued"),
            models.Index(fields=["badge_class", "-issued_at"], name="assertions_badge_issued"),
            models.Index(fields=["recipient_key"], name="assertions_recipient"),
            models.Index(fields=["queued_at"], condition=models.Q(finished_at=None), name="assertions_unfinished"),
            models.Index(fields=["issuer"], condition=models.Q(revoked_at__isnull=False), name="assertions_revoked"),
            models.Index(
                fields=["declined_at"],
                condition=models.Q(declined_at__isnull=False, erased_at=None),
                name="assertions_to_erase",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def signed_id(self) -> str:
        """The `id` of the signed form (OB2-ISS-11)."""
        return f"urn:uuid:{self.signed_uuid}"

    @property
    def credential_id(self) -> str:
        """The `id` of the Open Badges 3.0 credential."""
        return f"urn:uuid:{self.credential_uuid}"

    @property
    def public_name(self) -> str:
        """The recipient's name if they agreed to show it, else nothing."""
        return self.recipient_name if self.name_shown_at else ""

    def is_expired(self, at: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= at


def baked_path(baked: "BakedImage", filename: str) -> str:
    """Unguessable although the award's id is public: a revoked image must not be reachable by its old path."""
    return f"baked/{baked.assertion_id}/{uuid.uuid4().hex}.{filename.rsplit('.', 1)[-1]}"


class BakedImage(models.Model):
    """The badge's picture with the signed assertion inside."""

    class Form(models.TextChoices):
        PNG = "png", "PNG"
        SVG = "svg", "SVG"
        SVG_V3 = "svg-v3", "SVG (Open Badges 3.0)"

    assertion = models.ForeignKey(Assertion, on_delete=models.CASCADE, related_name="baked_images")
    form = models.CharField(max_length=6, choices=Form.choices)
    file = models.FileField(upload_to=baked_path)
    etag = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assertion", "form"], name="assertions_baked_form_once"),
        ]

    def __str__(self) -> str:
        return f"{self.assertion_id}.{self.form}"


class WithdrawnCopy(models.Model):
    """A signed copy that is no longer to be believed although its award holds: its key was compromised."""

    assertion = models.ForeignKey(Assertion, on_delete=models.CASCADE, related_name="withdrawn_copies")
    signing_key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="withdrawn_copies")
    signed_uuid = models.UUIDField(unique=True)  # stands in the revocation list for ever
    credential_uuid = models.UUIDField(null=True)  # of the same award in the words of 3.0
    # Its place in the issuer's status lists, set there for ever and never given to another award. None where it was
    # never signed, and where its award kept the place (before the list could tell one copy from the other).
    status_index = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=500)
    withdrawn_at = models.DateTimeField()

    class Meta:
        ordering = ["withdrawn_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["signing_key", "status_index"], name="assertions_withdrawn_index_once"),
        ]

    def __str__(self) -> str:
        return f"urn:uuid:{self.signed_uuid}"
