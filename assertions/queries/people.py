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
from badges import queries as badges
from badges.models import BadgeClass
from badgeserver.openbadges.identity import normalize_email
from badgeserver.searching import having, searchable
from issuers.models import Department, JobRole, Organisation, Person


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody who works here or was awarded something; `person_id` is None for those not on the people list."""

    email: str
    name: str
    job_title: str
    department: str
    person_id: uuid.UUID | None
    job_role: str = ""
    valid: int = 0
    expired: int = 0

    @property
    def role(self) -> str:
        """“Crane Operator, Terminal Operations”, as far as it is known."""
        return ", ".join(filter(None, [self.job_title, self.department]))


_LINE = ("key", "shown_name", "title", "unit", "person_id", "job")


def people_of(
    organisation: Organisation,
    *,
    search: str = "",
    department: Department | None = None,
    job_role: JobRole | None = None,
    has_badges: bool | None = None,
    among: "models.QuerySet[Person] | None" = None,
) -> "models.QuerySet[Any, Any]":
    """Return everybody on the people list, and everybody else who was awarded something, by department and name.

    With `has_badges`, only those who were awarded something, or nothing; `among` narrows them to some people of
    the list. The rows are for `person_lines`; whoever is not on the list comes last, and has no department.
    """
    listed = Person.objects.filter(organisation=organisation)
    others = Assertion.objects.of_organisation(organisation).exclude(recipient_key__in=listed.values("email"))
    if department is not None:
        listed, others = listed.filter(department=department), others.none()
    if job_role is not None:
        listed, others = listed.filter(job_role=job_role), others.none()
    if among is not None:
        listed, others = listed.filter(pk__in=among.values("pk")), others.none()
    if has_badges is not None:
        awarded = Assertion.objects.of_organisation(organisation).order_by().values("recipient_key")
        listed = listed.filter(email__in=awarded) if has_badges else listed.exclude(email__in=awarded)
        others = others if has_badges else others.none()
    if search.strip():
        words = searchable(search).split()
        listed = listed.filter(having(words)) if words else listed.none()
        others = others.filter(having(words)) if words else others.none()
    text = models.CharField()
    from_list = listed.order_by().annotate(
        key=F("email"),
        shown_name=F("name"),
        title=F("job_title"),
        unit=Coalesce("department__name", Value(""), output_field=text),
        job=Coalesce("job_role__name", Value(""), output_field=text),
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
            job=Value("", output_field=text),
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
            email=row["key"],
            name=row["shown_name"],
            job_title=row["title"],
            department=row["unit"],
            person_id=row["person_id"],
            job_role=row["job"],
            valid=numbers.get(row["key"], (0, 0))[0],
            expired=numbers.get(row["key"], (0, 0))[1],
        )
        for row in rows
    ]


def departments_of(organisation: Organisation) -> "models.QuerySet[Department]":
    return Department.objects.filter(organisation=organisation).order_by("name")


@dataclass(frozen=True, slots=True)
class Admission:
    """Who can be awarded a badge, for those who award it; see `assertions.actions.admission`."""

    is_pilot: bool
    is_internal: bool
    testers: int
    audience: str  # by name; "" for everybody
    cap: int | None
    left: int

    @property
    def says_something(self) -> bool:
        return bool(self.is_pilot or self.audience or self.cap or self.is_internal)


def admission_to(badge_class: BadgeClass, *, at: datetime) -> Admission:
    """Return whom a badge is for and how many places are left."""
    is_pilot = badge_class.status == BadgeClass.Status.PILOT
    cap = badge_class.award_cap
    held = badges.holders([badge_class], at=at)[badge_class.pk] if cap else 0
    return Admission(
        is_pilot=is_pilot,
        is_internal=badge_class.is_internal,
        testers=badges.testers(badge_class).count() if is_pilot else 0,
        audience=badges.audience_sentence(badge_class) if badges.has_audience(badge_class) else "",
        cap=cap,
        left=max(0, cap - held) if cap else 0,
    )


def _first(badge_class: BadgeClass) -> list[str]:
    """Return the addresses that stand first among the suggestions: the test group's, or the audience's."""
    if badge_class.status == BadgeClass.Status.PILOT:
        return list(badges.testers(badge_class).values_list("email", flat=True))
    if badges.has_audience(badge_class):
        return list(badges.audience(badge_class).values_list("email", flat=True))
    return []


def job_roles_of(organisation: Organisation) -> "models.QuerySet[JobRole]":
    return JobRole.objects.filter(organisation=organisation).order_by("name")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody to award a badge to; `held_since` when they hold it already, `earlier_version` when only that one."""

    line: PersonLine
    held_since: datetime | None
    earlier_version: int | None = None


def suggestions(badge_class: BadgeClass, typed: str, *, at: datetime, limit: int = 7) -> list[Suggestion]:
    """Return the people of the badge's organisation whose name, address or job matches what was typed.

    Those whom the badge is for come first.
    """
    if not typed.strip():
        return []
    organisation = badge_class.issuer.organisation
    found = people_of(organisation, search=typed)
    rows = list(found[:limit])
    if whom := _first(badge_class):
        first = Person.objects.filter(organisation=organisation, email__in=whom)
        rows = [*list(people_of(organisation, search=typed, among=first)[:limit]), *rows]
        rows = list({row["key"]: row for row in rows}.values())[:limit]
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
