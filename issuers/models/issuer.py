"""The Issuer profile: who stands behind a badge in the eyes of the world."""

import uuid
from typing import TYPE_CHECKING

from django.db import models

from issuers.models.organisation import Organisation

if TYPE_CHECKING:
    from badgeserver.accounts.models import User


class IssuerQuerySet(models.QuerySet["Issuer"]):
    def for_member(self, user: "User") -> "IssuerQuerySet":
        """Only the issuers of organisations that the person is a member of."""
        return self.filter(organisation__memberships__user=user)

    def by_name(self) -> "IssuerQuerySet":
        return self.order_by("name", "pk")


def logo_path(issuer: "Issuer", filename: str) -> str:
    """A new name for each logo: the old file keeps its meaning wherever it is still shown."""
    return f"issuers/{issuer.pk}/{uuid.uuid4().hex}.{filename.rsplit('.', 1)[-1]}"


class Issuer(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="issuers")
    # The base of its `id`, for ever: "https://badges.example.org" (docs/adr/0011).
    origin = models.CharField(max_length=260, editable=False)
    name = models.CharField(max_length=120)
    url = models.URLField(max_length=500)
    email = models.EmailField(max_length=254)
    description = models.TextField(blank=True)
    telephone = models.CharField(max_length=30, blank=True)  # E.164, OB2-ISS-55
    language = models.CharField(max_length=20, default="en")  # BCP 47, OB2-ISS-119
    image = models.FileField(upload_to=logo_path, blank=True)  # PNG or SVG, scrubbed on the way in
    image_alt = models.CharField(max_length=300, blank=True)
    # LinkedIn's number of the company page: with it LinkedIn shows the logo.
    linkedin_id = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=200, blank=True)  # in words; with its coordinates (OB2-ISS-153, geo)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    # Members that this server does not know, as they came: property name -> value (OB2-HST-01).
    extensions = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()

    objects = IssuerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="issuers_issuer_name_once"),
            models.CheckConstraint(
                condition=models.Q(place="", latitude=None, longitude=None)
                | (~models.Q(place="") & models.Q(latitude__isnull=False, longitude__isnull=False)),
                name="issuers_issuer_place_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def image_media_type(self) -> str:
        return "image/svg+xml" if str(self.image.name).endswith(".svg") else "image/png"
