"""What the coach is told about what stands around badges: in the same few queries for one badge and for hundreds."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, Subquery, prefetch_related_objects

from badges.insights.coach import Facts
from badges.insights.coach_twins import Other, Others
from badges.models import BadgeClass, BadgeTranslation, EarningStep, Pilot
from issuers.models import Organisation

#: So many of the other badges are compared with; whoever has more has other worries.
MOST_OTHERS = 3_000
#: A language is one of the organisation's as soon as so many badges speak it, and this share of them.
FEWEST_TRANSLATED, SHARE = 3, 0.5


def facts_of(
    badges: Sequence[BadgeClass], *, organisation: Organisation, today: date | None = None
) -> dict[uuid.UUID, Facts]:
    """Return the facts about each badge of an organisation in four queries, all but what is known of its picture.

    A badge that is not saved may be asked about too: only the others are told of it then.
    """
    others, missing = others_of(organisation), _usual_languages(organisation)
    saved = _rows(badges)
    prefetch_related_objects(badges, "translations")
    return {
        badge.pk: replace(
            saved.get(badge.pk, Facts(is_saved=False)),
            others=others,
            languages_missing=_without(missing, badge) if badge.pk in saved else (),
            today=today,
        )
        for badge in badges
    }


def others_of(organisation: Organisation) -> Others:
    """Return the organisation's badges as they are compared with, in one query."""
    current = BadgeClass.objects.of_organisation(organisation).current().by_name()
    compared = BadgeClass.objects.filter(pk__in=current.values("pk")[:MOST_OTHERS]).by_name()
    named: dict[uuid.UUID, tuple[uuid.UUID, str, int | None]] = {}
    skills: dict[uuid.UUID, set[str]] = {}
    for pk, series, name, level, url in compared.values_list("pk", "series", "name", "level", "alignments__target_url"):
        named[pk] = (series, name, level)
        if url is not None:
            skills.setdefault(pk, set()).add(url)
    return Others(Other(pk, *said, frozenset(skills.get(pk, ()))) for pk, said in named.items())


def _rows(badges: Sequence[BadgeClass]) -> dict[uuid.UUID, Facts]:
    """Return of each badge that is saved what leads to it and from it, and whether it was tried."""
    this, series = OuterRef("pk"), OuterRef("series")
    rows = BadgeClass.objects.filter(pk__in=[badge.pk for badge in badges]).annotate(
        has_next=Q(next_level__isnull=False),
        has_related=Exists(BadgeClass.related_badges.through.objects.filter(from_badgeclass=this)),
        leads_on=Exists(EarningStep.objects.filter(required_badge__series=series)),
        has_roles=Exists(BadgeClass.job_roles.through.objects.filter(badgeclass=this))
        | Exists(BadgeClass.departments.through.objects.filter(badgeclass=this)),
        was_tried=Exists(Pilot.objects.filter(badge_class__series=series)),
    )
    known = rows.values_list("pk", "has_next", "has_related", "leads_on", "has_roles", "was_tried")
    return {
        pk: Facts(
            is_saved=True,
            has_next=has_next,
            has_related=has_related,
            leads_on=leads_on,
            has_roles=has_roles,
            was_tried=was_tried,
        )
        for pk, has_next, has_related, leads_on, has_roles, was_tried in known
    }


def _usual_languages(organisation: Organisation) -> list[str]:
    """Return the languages that most of the organisation's published badges are translated into."""
    published = BadgeClass.objects.of_organisation(organisation).published().order_by()
    total = published.values("status").annotate(total=Count("pk")).values("total")  # they are all of one status
    rows = BadgeTranslation.objects.filter(badge_class__in=published).order_by().values("language")
    counted = rows.annotate(n=Count("pk"), total=Subquery(total)).order_by("-n", "language")
    return [
        language
        for language, n, total in counted.values_list("language", "n", "total")
        if n >= max(FEWEST_TRANSLATED, SHARE * total)
    ]


def _without(languages: Sequence[str], badge: BadgeClass) -> tuple[str, ...]:
    """Return the languages that a badge does not speak."""
    spoken = {badge.language, *(one.language for one in badge.translations.all())}
    return tuple(code for code in languages if code not in spoken)
