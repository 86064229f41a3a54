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


class Organisation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    # In the addresses of the workspace; never in a public address, so it may look nice without being a promise.
    slug = models.SlugField(max_length=60, unique=True)
    created_at = models.DateTimeField()

    objects = OrganisationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
