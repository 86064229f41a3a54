"""What the coach is told about what stands around badges: in the same few queries for one badge and for hundreds."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from badges.insights.coach import Facts
from badges.insights.coach_twins import Other, Others
from badges.models import Alignment, BadgeClass, BadgeTranslation, EarningStep, Pilot
from issuers.models import Organisation

#: So many of the other badges are compared with; whoever has more has other worries.
MOST_OTHERS = 3_000
#: A language is one of the organisation's as soon as so many badges speak it, and this share of them.
FEWEST_TRANSLATED, SHARE = 3, 0.5


def facts_of(
    badges: Sequence[BadgeClass], *, organisation: Organisation, today: date | None = None
) -> dict[uuid.UUID, Facts]:
    """Return the facts about each badge of an organisation, all but what is known of its picture.

    A badge that is not saved may be asked about too: only the others are told of it then.
    """
    asked = [badge.pk for badge in badges]
    series = [badge.series for badge in badges]
    others = others_of(organisation)
    saved = {row[0]: row for row in _rows(asked)}
    related = _ids(BadgeClass.related_badges.through.objects.filter(from_badgeclass__in=asked), "from_badgeclass_id")
    asked_for = _ids(EarningStep.objects.filter(required_badge__series__in=series), "required_badge__series")
    roles = _ids(BadgeClass.job_roles.through.objects.filter(badgeclass__in=asked), "badgeclass_id")
    roles |= _ids(BadgeClass.departments.through.objects.filter(badgeclass__in=asked), "badgeclass_id")
    tried = _ids(Pilot.objects.filter(badge_class__series__in=series), "badge_class__series")
    spoken, missing = _languages(asked), _usual_languages(organisation)
    return {
        badge.pk: Facts(
            is_saved=badge.pk in saved,
            has_next=badge.pk in saved and saved[badge.pk][1] is not None,
            has_related=badge.pk in related,
            leads_on=badge.series in asked_for,
            has_roles=badge.pk in roles,
            was_tried=badge.series in tried,
            others=others,
            languages_missing=tuple(
                code for code in missing if code not in spoken.get(badge.pk, ()) and code != badge.language
            )
            if badge.pk in saved
            else (),
            today=today,
        )
        for badge in badges
    }


def others_of(organisation: Organisation) -> Others:
    """Return the organisation's badges as they are compared with, in two queries."""
    current = BadgeClass.objects.of_organisation(organisation).current().by_name()
    rows = list(current.values_list("pk", "series", "name", "level")[:MOST_OTHERS])
    skills: dict[uuid.UUID, set[str]] = {}
    named = Alignment.objects.filter(badge_class__issuer__organisation=organisation).order_by()
    for badge, url in named.values_list("badge_class_id", "target_url"):
        skills.setdefault(badge, set()).add(url)
    return Others(Other(pk, series, name, level, frozenset(skills.get(pk, ()))) for pk, series, name, level in rows)


def _rows(asked: Sequence[uuid.UUID]) -> list[tuple[uuid.UUID, uuid.UUID | None]]:
    return list(BadgeClass.objects.filter(pk__in=asked).values_list("pk", "next_level"))


def _ids(rows: "Iterable[object]", column: str) -> set[uuid.UUID]:
    return set(rows.values_list(column, flat=True))  # type: ignore[attr-defined]


def _languages(asked: Sequence[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    found: dict[uuid.UUID, set[str]] = {}
    rows = BadgeTranslation.objects.filter(badge_class__in=asked)
    for badge, language in rows.values_list("badge_class_id", "language"):
        found.setdefault(badge, set()).add(language)
    return found


def _usual_languages(organisation: Organisation) -> list[str]:
    """Return the languages that most of the organisation's published badges are translated into."""
    published = BadgeClass.objects.of_organisation(organisation).published()
    rows = BadgeTranslation.objects.filter(badge_class__in=published)
    counts = Counter(rows.values_list("language", flat=True))
    if not counts:
        return []
    total = published.count()
    return [code for code, number in counts.most_common() if number >= max(FEWEST_TRANSLATED, SHARE * total)]
