"""Ladders: which badge is the next level of which, drawn rung by rung."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from badges.models import BadgeClass, Level
from badges.models.badge_class import BadgeClassQuerySet
from badges.queries import thumbnail_url
from issuers.models import Organisation


@dataclass(frozen=True, slots=True)
class Rung:
    """One place of a ladder: a badge, or (without one) a level that no badge of the ladder stands for."""

    badge_class: BadgeClass | None
    level: int | None
    is_this: bool = False

    @property
    def level_name(self) -> str:
        return str(Level(self.level).label) if self.level else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a badge stands among the others: on its ladder, if on any, and beside its related badges, by name."""

    ladder: "Ladder | None"
    related: list[BadgeClass]


@dataclass(frozen=True, slots=True)
class Ladder:
    """A ladder from the lowest badge up."""

    rungs: list[Rung]

    @property
    def badges(self) -> list[BadgeClass]:
        return [rung.badge_class for rung in self.rungs if rung.badge_class is not None]

    @property
    def gaps(self) -> list[int]:
        """The levels between its lowest and its highest badge that no badge stands for."""
        return [rung.level for rung in self.rungs if rung.badge_class is None and rung.level]


def ladder_of(badge_class: BadgeClass, *, is_public: bool = False) -> Ladder | None:
    """Return the ladder that a badge stands in, in two queries; None for a badge that stands alone.

    `is_public` leaves out what the world may not see. Where several badges lead to the same one, the ladder goes
    down by the first of them.
    """
    chain = _chain(badge_class.series, _links(badge_class.issuer.organisation))
    return _ladder(badge_class, chain, _current(chain, is_public=is_public)) if len(chain) > 1 else None


def place_of(badge_class: BadgeClass, *, is_public: bool = False) -> Place:
    """Return its ladder and its related badges, each in its current version, in three queries."""
    chain = _chain(badge_class.series, _links(badge_class.issuer.organisation))
    beside = _related_series(badge_class)
    asked = {*(chain if len(chain) > 1 else ()), *beside}
    rows = _current(asked, is_public=is_public)
    return Place(_ladder(badge_class, chain, rows), _by_name(rows[one] for one in beside if one in rows))


def ladders_of(organisation: Organisation) -> list[Ladder]:
    """Return all ladders of an organisation by the name of their lowest badge, in two queries.

    A ladder that branches below stands there once for each of its feet.
    """
    links = _links(organisation)
    feet = set(links) - set(links.values())
    chains = [_upwards(foot, links) for foot in feet]
    rows = _current({series for chain in chains for series in chain}, is_public=False)
    ladders = [Ladder(_rungs(chain, rows)) for chain in chains]
    return sorted(
        (one for one in ladders if len(one.badges) > 1), key=lambda one: (one.badges[0].name, one.badges[0].pk)
    )


def next_level_of(badge_class: BadgeClass) -> BadgeClass | None:
    """Return the badge that comes next, in its current version; None at the top."""
    following = badge_class.next_level
    return None if following is None else _current([following.series], is_public=False).get(following.series)


def related_to(badge_class: BadgeClass, *, is_public: bool = False) -> list[BadgeClass]:
    """Return the related badges by name, each in its current version."""
    return _by_name(_current(_related_series(badge_class), is_public=is_public).values())


def leads_back(start: BadgeClass, target: BadgeClass) -> bool:
    """Whether the ladder from `start` upwards comes to `target`."""
    return target.series in _upwards(start.series, _links(start.issuer.organisation))


def _ladder(badge_class: BadgeClass, chain: list[uuid.UUID], rows: Mapping[uuid.UUID, BadgeClass]) -> Ladder | None:
    ladder = Ladder(_rungs(chain, rows, this=badge_class))
    return ladder if len(ladder.badges) > 1 else None


def _related_series(badge_class: BadgeClass) -> set[uuid.UUID]:
    return set(badge_class.related_badges.exclude(series=badge_class.series).values_list("series", flat=True))


def _by_name(badges: Iterable[BadgeClass]) -> list[BadgeClass]:
    return sorted(badges, key=lambda one: (one.name, one.pk))


def _links(organisation: Organisation) -> dict[uuid.UUID, uuid.UUID]:
    """Return for each series the series of its next level; all versions of a badge say the same."""
    rows = BadgeClass.objects.of_organisation(organisation).exclude(next_level=None).order_by("name", "pk")
    return dict(rows.values_list("series", "next_level__series"))


def _upwards(start: uuid.UUID, links: Mapping[uuid.UUID, uuid.UUID]) -> list[uuid.UUID]:
    chain = [start]
    while (following := links.get(chain[-1])) and following not in chain:
        chain.append(following)
    return chain


def _chain(series: uuid.UUID, links: Mapping[uuid.UUID, uuid.UUID]) -> list[uuid.UUID]:
    below: dict[uuid.UUID, uuid.UUID] = {}
    for lower, upper in links.items():
        below.setdefault(upper, lower)
    up = _upwards(series, links)
    return [*reversed([one for one in _upwards(series, below) if one not in up]), *up]


def _current(series: Iterable[uuid.UUID], *, is_public: bool) -> dict[uuid.UUID, BadgeClass]:
    """Return what stands for each badge: its current version, or a draft that has none before it."""
    found: BadgeClassQuerySet = BadgeClass.objects.filter(series__in=set(series)).current().select_related("issuer")
    if is_public:
        found = found.public().exclude(status=BadgeClass.Status.PILOT)
    return {one.series: one for one in found}


def _rungs(
    chain: Iterable[uuid.UUID], rows: Mapping[uuid.UUID, BadgeClass], *, this: BadgeClass | None = None
) -> list[Rung]:
    rungs: list[Rung] = []
    for series in chain:
        badge = rows.get(series)
        if badge is None:
            continue
        before = rungs[-1].level if rungs else None
        if before and badge.level:
            rungs += [Rung(None, level) for level in range(before + 1, badge.level)]
        rungs.append(Rung(badge, badge.level, is_this=this is not None and series == this.series))
    return rungs


@dataclass(frozen=True, slots=True)
class DrawnRung:
    """One place of a ladder as a page draws it; without `url`, a level that no badge stands for."""

    level: int | None
    level_name: str
    name: str = ""
    language: str = ""
    url: str = ""
    image_url: str = ""
    status: str = ""
    is_this: bool = False

    @property
    def is_gap(self) -> bool:
        return not self.name


def draw(ladder: Ladder | None, organisation: Organisation) -> list[DrawnRung]:
    """Return the rungs with pictures and pages for members."""
    return [
        _drawn(rung, reverse("badges:detail", args=[organisation.slug, badge.pk]), thumbnail_url(badge, organisation))
        if (badge := rung.badge_class)
        else DrawnRung(rung.level, rung.level_name)
        for rung in (ladder.rungs if ladder else [])
    ]


def draw_public(ladder: Ladder | None) -> list[DrawnRung]:
    """Return the rungs with the pictures and pages that the world may see."""
    return [
        _drawn(rung, reverse("public:badge", args=[badge.pk]), reverse("public:badge-image", args=[badge.pk]))
        if (badge := rung.badge_class)
        else DrawnRung(rung.level, rung.level_name)
        for rung in (ladder.rungs if ladder else [])
    ]


def _drawn(rung: Rung, url: str, image_url: str) -> DrawnRung:
    badge = rung.badge_class
    assert badge is not None  # noqa: S101 -- the callers draw gaps themselves
    is_usual = badge.status in {BadgeClass.Status.PUBLISHED, BadgeClass.Status.SUPERSEDED}
    status = "" if is_usual else badge.get_status_display()
    return DrawnRung(rung.level, rung.level_name, badge.name, badge.language, url, image_url, str(status), rung.is_this)
