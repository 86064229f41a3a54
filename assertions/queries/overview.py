"""The numbers of an organisation, and what waits for somebody there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assertions.models import Assertion, Notice
from assertions.models.notice import NoticeQuerySet
from assertions.queries.awards import awards_of
from assertions.queries.progress import LATE_AFTER
from assertions.queries.state import AwardState, in_state
from badges.insights.versions import current_versions
from badges.models import BadgeClass
from badges.models.badge_class import BadgeClassQuerySet
from issuers.models import Organisation


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of an organisation; none of them names anybody."""

    awards: int  # ever, so that a fresh organisation is known
    awarded_this_year: int
    awarded_by_this_day_last_year: int
    holders: int
    expiring_people: int
    published_badges: int
    draft_badges: int

    @property
    def change(self) -> str:
        """Compare this year with last year by the same day, such as “+18 %”; “” without a last year."""
        if not self.awarded_by_this_day_last_year:
            return ""
        percent = round(100 * self.awarded_this_year / self.awarded_by_this_day_last_year) - 100
        return f"{percent:+d} %".replace("-", "−")

    @property
    def change_note(self) -> str:
        return _("%(change)s on last year") % {"change": self.change} if self.change else ""


def figures(organisation: Organisation, *, at: datetime) -> Figures:
    """Return the numbers in three queries. Revoked awards count nowhere but in `awards`."""
    this_year = timezone.localtime(at).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    last_year = this_year.replace(year=this_year.year - 1)
    stands = Q(revoked_at=None)
    live = stands & (Q(expires_at=None) | Q(expires_at__gt=at))
    counted = Assertion.objects.of_organisation(organisation).aggregate(
        awards=Count("pk"),
        awarded_this_year=Count("pk", filter=stands & Q(issued_at__gte=this_year)),
        awarded_by_this_day_last_year=Count(
            "pk", filter=stands & Q(issued_at__gte=last_year, issued_at__lte=last_year + (at - this_year))
        ),
        holders=Count("recipient_key", filter=live, distinct=True),
    )
    expiring = in_state(awards_of(organisation), AwardState.EXPIRING, at=at)
    badges = (
        BadgeClass.objects.of_organisation(organisation)
        .current()
        .aggregate(
            published_badges=Count("pk", filter=Q(status__in=[BadgeClass.Status.PUBLISHED, BadgeClass.Status.PILOT])),
            draft_badges=Count("pk", filter=Q(status=BadgeClass.Status.DRAFT)),
        )
    )
    people = expiring.aggregate(people=Count("recipient_key", distinct=True))["people"]
    return Figures(**counted, **badges, expiring_people=people)


@dataclass(frozen=True, slots=True)
class ExpiringBadge:
    """One badge that ends soon for some people; `when` is “in May” or “between May and June”."""

    badge_class: BadgeClass
    people: int
    when: str


def expiring_badges(organisation: Organisation, *, at: datetime) -> list[ExpiringBadge]:
    """Return the badges that end for somebody within `EXPIRING_WITHIN`, the soonest first."""
    rows = list(
        in_state(awards_of(organisation), AwardState.EXPIRING, at=at)
        .order_by()
        .values("badge_class__series")
        .annotate(people=Count("recipient_key", distinct=True), first=Min("expires_at"), last=Max("expires_at"))
        .order_by("first", "badge_class__series")
    )
    badges = current_versions(row["badge_class__series"] for row in rows)
    return [
        ExpiringBadge(badges[row["badge_class__series"]], row["people"], _months(row["first"], row["last"], at=at))
        for row in rows
    ]


def _months(first: datetime, last: datetime, *, at: datetime) -> str:
    names = [
        date_format(day, "F" if day.year == at.year else "F Y")
        for day in (timezone.localtime(first), timezone.localtime(last))
    ]
    if names[0] == names[1]:
        return _("in %(month)s") % {"month": names[0]}
    return _("between %(first)s and %(last)s") % {"first": names[0], "last": names[1]}


def troubled_mails(organisation: Organisation, *, at: datetime) -> NoticeQuerySet:
    """Return the mails that were refused or may not have arrived, newest first."""
    notices = Notice.objects.filter(assertion__issuer__organisation=organisation)
    trouble: NoticeQuerySet = notices.refused() | notices.in_doubt(at - Notice.IN_DOUBT_AFTER)
    return (
        trouble.exclude(kind__in=Notice.WHILE_IT_HOLDS, assertion__revoked_at__isnull=False)
        .exclude(kind=Notice.Kind.REVOCATION, assertion__revoked_at=None)
        .select_related("assertion__badge_class")
        .order_by("-created_at", "-pk")
    )


def late_awards(organisation: Organisation, *, at: datetime) -> int:
    """Return how many awards the worker should have finished by now."""
    return Assertion.objects.of_organisation(organisation).unfinished(at - LATE_AFTER).count()


def badges_to_award(organisation: Organisation, *, at: datetime, search: str = "") -> BadgeClassQuerySet:
    """Return the badges that can be awarded, those awarded most in the last half year first."""
    half_a_year = Assertion.objects.filter(
        badge_class__series=OuterRef("series"), created_at__gte=at - timedelta(days=183)
    ).order_by()
    counted = half_a_year.values("badge_class__series").annotate(n=Count("pk"))
    recently = Coalesce(Subquery(counted.values("n")), 0)
    found: BadgeClassQuerySet = BadgeClass.objects.of_organisation(organisation).awardable()
    for word in search.split():
        found = found.filter(Q(name__icontains=word) | Q(description__icontains=word))
    return found.annotate(recently=recently).order_by("-recently", "name", "pk")


@dataclass(frozen=True, slots=True)
class BadgeNumbers:
    """One badge in numbers, for those who may not see persons."""

    badge_class: BadgeClass
    awarded_this_year: int
    holders: int


def numbers_by_badge(organisation: Organisation, *, at: datetime, limit: int) -> list[BadgeNumbers]:
    """Return the badges that most people hold."""
    this_year = timezone.localtime(at).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    # Of all versions together: the current one stands for the badge.
    awards = Assertion.objects.filter(badge_class__series=OuterRef("series"), revoked_at=None).order_by()
    by_badge = awards.values("badge_class__series")
    this_years = by_badge.filter(issued_at__gte=this_year).annotate(n=Count("pk"))
    held = by_badge.filter(Q(expires_at=None) | Q(expires_at__gt=at)).annotate(n=Count("recipient_key", distinct=True))
    badges = (
        BadgeClass.objects.of_organisation(organisation)
        .current()
        .exclude(status=BadgeClass.Status.DRAFT)
        .annotate(
            this_year=Coalesce(Subquery(this_years.values("n")), 0),
            held=Coalesce(Subquery(held.values("n")), 0),
        )
        .order_by("-held", "name", "pk")
    )
    rows: Iterable[Any] = badges[:limit]
    return [BadgeNumbers(badge, badge.this_year, badge.held) for badge in rows]
