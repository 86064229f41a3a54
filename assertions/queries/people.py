"""Who works in an organisation or was awarded something there."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, Count, F, Max, Q, Value, When
from django.db.models.functions import Coalesce

from assertions.models import Assertion
from badges.models import BadgeClass
from badgeserver.openbadges.identity import normalize_email
from issuers.models import Department, Organisation, Person


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody who works here or was awarded something; `person_id` is None for those not on the people list."""

    email: str
    name: str
    job_title: str
    department: str
    person_id: uuid.UUID | None
    valid: int = 0
    expired: int = 0

    @property
    def role(self) -> str:
        """“Crane Operator, Terminal Operations”, as far as it is known."""
        return ", ".join(filter(None, [self.job_title, self.department]))


_LINE = ("key", "shown_name", "title", "unit", "person_id")


def people_of(
    organisation: Organisation, *, search: str = "", department: Department | None = None
) -> "models.QuerySet[Any, Any]":
    """Return everybody on the people list, and everybody else who was awarded something, by department and name.

    The rows are for `person_lines`; whoever is not on the list comes last, and has no department.
    """
    listed = Person.objects.filter(organisation=organisation)
    others = Assertion.objects.of_organisation(organisation).exclude(recipient_key__in=listed.values("email"))
    if department is not None:
        listed, others = listed.filter(department=department), others.none()
    for word in search.split():
        listed = listed.filter(
            Q(name__icontains=word) | Q(email__icontains=word.lower()) | Q(job_title__icontains=word)
        )
        others = others.filter(Q(recipient_name__icontains=word) | Q(recipient_key__icontains=word.lower()))
    text = models.CharField()
    from_list = listed.order_by().annotate(
        key=F("email"),
        shown_name=F("name"),
        title=F("job_title"),
        unit=Coalesce("department__name", Value(""), output_field=text),
        person_id=F("pk"),
        place=Case(When(department=None, then=1), default=0, output_field=models.IntegerField()),
    )
    from_awards = (
        others.order_by()
        .values("recipient_key")
        .annotate(
            key=F("recipient_key"),
            shown_name=Max("recipient_name"),
            title=Value("", output_field=text),
            unit=Value("", output_field=text),
            person_id=Value(None, output_field=models.UUIDField()),
            place=Value(2, output_field=models.IntegerField()),
        )
    )
    columns = (*_LINE, "place")
    rows: models.QuerySet[Any, Any] = from_list.values(*columns).union(from_awards.values(*columns), all=True)
    return rows.order_by("place", "unit", "shown_name", "key")


def person_lines(rows: Iterable[dict[str, Any]], organisation: Organisation, *, at: datetime) -> list[PersonLine]:
    """Return rows of `people_of` with the numbers of their badges: one query, however many rows."""
    rows = list(rows)
    counted = (
        Assertion.objects.of_organisation(organisation)
        .of_recipient([row["key"] for row in rows])
        .order_by()
        .values("recipient_key")
        .annotate(
            valid=Count(
                "badge_class__series",
                filter=Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=at)),
                distinct=True,
            ),
            ended=Count("badge_class__series", filter=Q(revoked_at=None, expires_at__lte=at), distinct=True),
        )
    )
    numbers = {row["recipient_key"]: (row["valid"], row["ended"]) for row in counted}
    return [
        PersonLine(
            row["key"], row["shown_name"], row["title"], row["unit"], row["person_id"], *numbers.get(row["key"], (0, 0))
        )
        for row in rows
    ]


def departments_of(organisation: Organisation) -> "models.QuerySet[Department]":
    return Department.objects.filter(organisation=organisation).order_by("name")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody to award a badge to; `held_since` when they hold it already, `earlier_version` when only that one."""

    line: PersonLine
    held_since: datetime | None
    earlier_version: int | None = None


def suggestions(badge_class: BadgeClass, typed: str, *, at: datetime, limit: int = 7) -> list[Suggestion]:
    """Return the people of the badge's organisation whose name, address or job matches what was typed."""
    if not typed.strip():
        return []
    organisation = badge_class.issuer.organisation
    rows = list(people_of(organisation, search=typed)[:limit])
    of_series = Assertion.objects.live(at).filter(badge_class__series=badge_class.series)
    held: dict[str, datetime] = {}
    earlier: dict[str, int] = {}
    awards = of_series.of_recipient([row["key"] for row in rows]).order_by("issued_at")
    for email, issued_at, version in awards.values_list("recipient_key", "issued_at", "badge_class__version"):
        if version == badge_class.version:
            held[email] = issued_at
        else:
            earlier[email] = max(version, earlier.get(email, 0))
    lines = person_lines(rows, organisation, at=at)
    return [
        Suggestion(line, held.get(line.email), None if line.email in held else earlier.get(line.email))
        for line in lines
    ]


def person_on_list(organisation: Organisation, person_id: str) -> Person | None:
    """Return the person of a link's query, or None for whatever is not one of the organisation's people."""
    try:
        return Person.objects.filter(organisation=organisation, pk=uuid.UUID(person_id)).first()
    except ValueError:
        return None


def known_person(organisation: Organisation, email: str) -> Person | None:
    """Return who has this address on the organisation's people list."""
    return (
        Person.objects.filter(organisation=organisation, email=normalize_email(email))
        .select_related("department")
        .first()
    )
