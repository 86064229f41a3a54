"""How rare a badge is: by how many of those whom it is for it is held."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, prefetch_related_objects

from badges import queries
from badges.models import BadgeClass
from issuers.models import Person

#: Of fewer people no share is shown to the world: it would tell who they are.
FEW = 20


@dataclass(frozen=True, slots=True)
class Rarity:
    """“Held by 12 of 340”; `people` is None where nobody knows how many there are, or more hold it than work there."""

    held: int
    people: int | None
    is_for_all: bool  # no departments, no roles

    @property
    def percent(self) -> int | None:
        """The share in percent, at least 1 as soon as somebody holds it."""
        if not self.people:
            return None
        return max(round(100 * self.held / self.people), 1 if self.held else 0)

    @property
    def public_percent(self) -> int | None:
        """The share as the world may see it: never of a department or of a handful of people."""
        return self.percent if self.is_for_all and self.people and self.people >= FEW else None


def rarity_of(
    badges: Iterable[BadgeClass], *, at: datetime, held: Mapping[uuid.UUID, int] | None = None
) -> dict[uuid.UUID, Rarity]:
    """Return the rarity of each badge, in four queries however many badges; `issuer` is read.

    `held` is how many hold each of them, where that is known already; it saves one query.
    """
    asked = list(badges)
    prefetch_related_objects(asked, "departments", "job_roles")
    counted = queries.holders(asked, at=at) if held is None else held
    groups = _people({badge.issuer.organisation_id for badge in asked})
    return {badge.pk: _rarity(badge, counted[badge.pk], groups) for badge in asked}


_Group = tuple[uuid.UUID, uuid.UUID | None, uuid.UUID | None, int]


def _people(organisations: set[uuid.UUID]) -> list[_Group]:
    """Return organisation, department, role and how many people."""
    rows = Person.objects.filter(organisation__in=organisations).order_by()
    counted = rows.values("organisation", "department", "job_role").annotate(n=Count("pk"))
    return list(counted.values_list("organisation", "department", "job_role", "n"))


def _rarity(badge: BadgeClass, held: int, groups: list[_Group]) -> Rarity:
    departments = {one.pk for one in badge.departments.all()}
    roles = {one.pk for one in badge.job_roles.all()}
    is_for_all = not departments and not roles
    people = sum(
        n
        for organisation, department, role, n in groups
        if organisation == badge.issuer.organisation_id and (is_for_all or department in departments or role in roles)
    )
    return Rarity(held, people if people >= held and people else None, is_for_all)
