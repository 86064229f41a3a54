"""The tenant: everything belongs to one organisation and is reached only through its members."""

import uuid
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from badgeserver.accounts.models import User


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def for_member(self, user: "User") -> "OrganisationQuerySet":
        """Only the organisations that the person is a member of."""
        return self.filter(memberships__user=user)

    def by_name(self) -> "OrganisationQuerySet":
        return self.order_by("name", "pk")


def brand_path(organisation: "Organisation", filename: str) -> str:
    """A new name for each logo: mails that were sent go on showing the one of their day."""
    return f"organisations/{organisation.pk}/{uuid.uuid4().hex}.{filename.rsplit('.', 1)[-1]}"


class Organisation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    # In the addresses of the workspace; never in a public address, so it may look nice without being a promise.
    slug = models.SlugField(max_length=60, unique=True)
    created_at = models.DateTimeField()
    # How its public pages and mails look; issuers without a logo of their own show this one.
    logo = models.FileField(upload_to=brand_path, blank=True)  # PNG or SVG, scrubbed on the way in
    logo_png = models.FileField(upload_to=brand_path, blank=True)  # the same as PNG, for mails
    accent = models.CharField(max_length=7, blank=True)  # “#4f46e5”; "" for the product's own
    language = models.CharField(max_length=20, default="en")  # of mails to people whose language is not known
    # A second person approves what is published (docs/adr/0017).
    four_eyes = models.BooleanField(default=False)

    objects = OrganisationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
