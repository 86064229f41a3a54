"""Domains of the organisation: they confirm an issuer, and may carry its public addresses."""

import uuid
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from issuers.models.issuer import Issuer


class DomainQuerySet(models.QuerySet["Domain"]):
    def confirming(self) -> "DomainQuerySet":
        """Whose owner confirms the issuer, as of the last look."""
        return self.filter(proved_at__isnull=False)

    def hosting(self) -> "DomainQuerySet":
        """Under which new public addresses of the issuer lie."""
        return self.filter(hosting_since__isnull=False)

    def worth_a_look(self, *, added_after: datetime) -> "DomainQuerySet":
        """Proved ones, and those whose owner may just be about to publish the proof."""
        return self.filter(models.Q(proved_at__isnull=False) | models.Q(created_at__gt=added_after))


class Domain(models.Model):
    """One domain of one issuer, what its owner proved, and when that was last seen."""

    class Method(models.TextChoices):
        DNS = "DNS", _("TXT record")
        FILE = "FILE", _("File under /.well-known/")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.ForeignKey(Issuer, on_delete=models.CASCADE, related_name="domains")
    name = models.CharField(max_length=253)  # lower-case, in punycode, without a port
    created_at = models.DateTimeField()
    proved_by = models.CharField(max_length=4, choices=Method.choices, blank=True)
    proved_at = models.DateTimeField(null=True)  # None: not proved, or no longer
    checked_at = models.DateTimeField(null=True)  # the last look, whatever it found
    failing_since = models.DateTimeField(null=True)  # the first of the looks in a row that found no proof
    unseen_since = models.DateTimeField(null=True)  # the same, but looks that nobody answered count too
    problem = models.CharField(max_length=300, blank=True)  # what the last look found wrong, for people
    hosting_since = models.DateTimeField(null=True)  # new public addresses lie here since then
    # Once addresses of this host are inside badges, the server answers for it for ever.
    hosted_until = models.DateTimeField(null=True)

    objects = DomainQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "name"], name="issuers_domain_once"),
            models.UniqueConstraint(
                fields=["issuer"],
                condition=models.Q(hosting_since__isnull=False, hosted_until=None),
                name="issuers_domain_one_host",
            ),
            models.CheckConstraint(
                condition=models.Q(proved_at=None) | ~models.Q(proved_by=""), name="issuers_domain_proved_somehow"
            ),
        ]
        indexes = [models.Index(fields=["name"], name="issuers_domain_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_host(self) -> bool:
        """Whether new public addresses of the issuer lie here."""
        return self.hosting_since is not None and self.hosted_until is None
