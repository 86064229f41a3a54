"""The plan of awards over two years: who earned which badge when, the same for the same day."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from .badge_classes import BADGE_BY_KEY
from .people import (
    CUSTOMER_CARE,
    CUSTOMS,
    DEPARTMENTS,
    EARNER_EMAIL,
    FLEET,
    IT_DATA,
    PEOPLE,
    PEOPLE_CULTURE,
    STAFF,
    TERMINAL,
    WAREHOUSE,
)
from .records import EvidenceItem, PlannedAward, StaffRole
from .stories import EVIDENCE, FEATURED_EVIDENCE, FEATURED_NARRATIVE, NARRATIVES, REVOCATIONS

_SEED = 20_241_122
_HOLIDAYS = {(12, 24), (12, 25), (12, 26), (12, 31), (1, 1), (5, 1)}
_OLDEST = 729  # days before today: the programme is two years old

_AWARDER = next(person.email for person in STAFF if person.role is StaffRole.AWARDER)
_OWNER = next(person.email for person in STAFF if person.role is StaffRole.OWNER)


@dataclass(frozen=True, slots=True)
class _Wave:
    """A run of course days: between `first` and `last` days before today, `count` people of `departments`."""

    badge: str
    first: int
    last: int
    count: int
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Trickle:
    """Single awards, more and more often towards today."""

    badge: str
    count: int
    departments: tuple[str, ...]


_FLOOR = (TERMINAL, WAREHOUSE, FLEET)

_WAVES: tuple[_Wave, ...] = (
    _Wave("forklift-safety-class-ii", 718, 692, 17, (WAREHOUSE, TERMINAL)),
    _Wave("paperless-gate-pioneer", 700, 641, 18, (TERMINAL, FLEET, IT_DATA, CUSTOMER_CARE)),
    _Wave("first-responder-on-site", 640, 628, 10, (*_FLOOR, PEOPLE_CULTURE)),
    _Wave("dangerous-goods-awareness", 604, 586, 14, (TERMINAL, WAREHOUSE, CUSTOMS)),
    _Wave("reading-operations-data-1", 566, 560, 6, (TERMINAL, IT_DATA)),
    _Wave("cyber-safe-at-work", 520, 481, 36, DEPARTMENTS),
    _Wave("customs-clearance-essentials", 455, 448, 6, (CUSTOMS,)),
    _Wave("facilitating-difficult-conversations", 452, 440, 4, (TERMINAL, PEOPLE_CULTURE, CUSTOMER_CARE)),
    _Wave("reading-operations-data-1", 425, 418, 7, (WAREHOUSE, CUSTOMS, IT_DATA)),
    _Wave("cold-chain-handling", 398, 380, 10, (WAREHOUSE,)),
    _Wave("forklift-safety-class-ii", 330, 302, 11, (WAREHOUSE, TERMINAL, FLEET)),
    _Wave("first-responder-on-site", 292, 280, 9, (*_FLOOR, CUSTOMER_CARE)),
    _Wave("reading-operations-data-1", 262, 248, 8, (FLEET, TERMINAL, CUSTOMER_CARE)),
    _Wave("facilitating-difficult-conversations", 243, 236, 4, (WAREHOUSE, PEOPLE_CULTURE, FLEET)),
    _Wave("dangerous-goods-awareness", 208, 190, 12, (WAREHOUSE, TERMINAL, FLEET)),
    _Wave("customs-clearance-essentials", 176, 166, 6, (CUSTOMS, CUSTOMER_CARE)),
    _Wave("cold-chain-handling", 160, 146, 7, (FLEET, WAREHOUSE)),
    _Wave("cyber-safe-at-work", 128, 104, 20, DEPARTMENTS),
    _Wave("reading-operations-data-1", 122, 112, 8, (PEOPLE_CULTURE, CUSTOMER_CARE, WAREHOUSE)),
    _Wave("facilitating-difficult-conversations", 96, 84, 5, (IT_DATA, CUSTOMS, TERMINAL)),
    _Wave("first-responder-on-site", 62, 50, 8, (*_FLOOR, IT_DATA)),
    _Wave("customs-clearance-essentials", 48, 40, 4, (CUSTOMER_CARE, TERMINAL)),
    _Wave("reading-operations-data-1", 38, 24, 6, (WAREHOUSE, CUSTOMER_CARE, CUSTOMS)),
    _Wave("cold-chain-handling", 30, 18, 5, (FLEET, WAREHOUSE, CUSTOMER_CARE)),
    _Wave("forklift-safety-class-ii", 16, 4, 4, (WAREHOUSE, FLEET)),
)

_TRICKLES: tuple[_Trickle, ...] = (
    _Trickle("welcoming-new-colleagues", 39, DEPARTMENTS),
    _Trickle("improvement-idea-that-stuck", 26, DEPARTMENTS),
    _Trickle("coaching-for-performance", 15, DEPARTMENTS),
)

# (badge, badge held before, how many, at least so many days later)
_LADDERS: tuple[tuple[str, str, int, int], ...] = (
    ("reading-operations-data-2", "reading-operations-data-1", 12, 75),
    ("mediating-between-teams", "facilitating-difficult-conversations", 5, 100),
)

# (badge, share of the expired that were renewed)
_RENEWALS: tuple[tuple[str, float], ...] = (("cyber-safe-at-work", 0.78), ("dangerous-goods-awareness", 0.72))

# What the badge holder of the demo has: (badge, days before today, name shown, has narrative).
_EARNER_AWARDS: tuple[tuple[str, int, bool, bool], ...] = (
    ("forklift-safety-class-ii", 698, False, True),
    ("cyber-safe-at-work", 489, False, False),
    ("reading-operations-data-1", 422, True, True),
    ("first-responder-on-site", 284, True, True),
    ("facilitating-difficult-conversations", 239, True, True),
    ("welcoming-new-colleagues", 57, True, True),
)

_FEATURED_BADGE = "facilitating-difficult-conversations"


def _working_day(day: date) -> date:
    """Return the day itself or the nearest working day before it."""
    while day.weekday() >= 5 or (day.month, day.day) in _HOLIDAYS:
        day -= timedelta(days=1)
    return day


class _Planner:
    """Collects awards for one `today`; every draw comes from its own random generator."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.random = random.Random(_SEED)  # noqa: S311 -- a repeatable plan, nothing secret
        self.awards: list[PlannedAward] = []

    def _moment(self, days_before: int) -> datetime:
        day = _working_day(self.today - timedelta(days=max(1, min(_OLDEST, days_before))))
        clock = time(self.random.randint(7, 15), self.random.choice((0, 5, 10, 15, 20, 30, 40, 45, 50)), tzinfo=UTC)
        return datetime.combine(day, clock)

    def _holders(self, badge: str) -> set[str]:
        return {award.person for award in self.awards if award.badge == badge}

    def _candidates(self, badge: str, departments: tuple[str, ...]) -> list[str]:
        taken = self._holders(badge) | {EARNER_EMAIL}
        return [p.email for p in PEOPLE if p.department in departments and p.email not in taken]

    def add(self, badge: str, person: str, at: datetime, *, renews: str = "") -> PlannedAward:
        """Plan one award, without its story."""
        key = str(uuid5(NAMESPACE_URL, f"harbour-demo/{badge}/{person}/{'renewal' if renews else 'first'}"))
        award = PlannedAward(
            key=key,
            badge=badge,
            person=person,
            awarded_by=_OWNER if badge == "mediating-between-teams" else _AWARDER,
            awarded_at=at,
            expires_at=BADGE_BY_KEY[badge].validity.expires(at, today=self.today),
            renews=renews,
        )
        self.awards.append(award)
        return award

    def add_earner(self) -> None:
        """Plan what the demo's badge holder has, on fixed days."""
        for badge, days_before, _shown, _told in _EARNER_AWARDS:
            self.add(badge, EARNER_EMAIL, self._moment(days_before))

    def add_wave(self, wave: _Wave) -> None:
        """Plan a wave as a few course days: people of one day are awarded within the same hour or two."""
        people = self._candidates(wave.badge, wave.departments)
        people = self.random.sample(people, min(wave.count, len(people)))
        day_count = max(1, round(len(people) / 5))
        span = wave.first - wave.last
        days = [wave.first - round(span * index / max(1, day_count - 1)) for index in range(day_count)]
        for index, person in enumerate(people):
            self.add(wave.badge, person, self._moment(days[index * day_count // len(people)]))

    def add_trickle(self, trickle: _Trickle) -> None:
        """Plan single awards that become denser towards today."""
        people = self._candidates(trickle.badge, trickle.departments)
        for person in self.random.sample(people, min(trickle.count, len(people))):
            days_before = 3 + round((_OLDEST - 40) * (1 - self.random.random() ** 0.55))
            self.add(trickle.badge, person, self._moment(days_before))

    def add_ladder(self, badge: str, needs: str, count: int, gap: int) -> None:
        """Plan awards of a next level for people who have held the level before for `gap` days."""
        ready = [
            award
            for award in self.awards
            if award.badge == needs
            and award.person != EARNER_EMAIL
            and (self.today - award.awarded_at.date()).days > gap + 14
        ]
        for award in self.random.sample(ready, min(count, len(ready))):
            age = (self.today - award.awarded_at.date()).days
            self.add(badge, award.person, self._moment(self.random.randint(6, age - gap)))

    def add_renewals(self, badge: str, share: float) -> None:
        """Plan renewals of expired awards, a few days to a few weeks after the end."""
        expired = [
            award
            for award in self.awards
            if award.badge == badge
            and award.person != EARNER_EMAIL
            and award.expires_at is not None
            and (self.today - award.expires_at.date()).days > 35
        ]
        for award in sorted(self.random.sample(expired, round(len(expired) * share)), key=lambda one: one.awarded_at):
            ended = award.expires_at
            if ended is None:
                continue
            # At least four days later, because a day on a week-end moves back to the Friday before it.
            age = (self.today - ended.date()).days - self.random.randint(6, 30)
            self.add(badge, award.person, self._moment(age), renews=award.key)

    def tell_stories(self) -> None:
        """Give a third of the awards a narrative, a quarter evidence, and a third the shown name."""
        agreed = {person.email for person in PEOPLE if self.random.random() < 0.28}
        turns: dict[str, int] = {}
        for index, award in enumerate(self.awards):
            if award.person == EARNER_EMAIL:
                continue
            narrative = ""
            evidence: tuple[EvidenceItem, ...] = ()
            if self.random.random() < 0.34 and not award.renews:
                narrative = self._turn(turns, award.badge, NARRATIVES)
            if self.random.random() < 0.25:
                evidence = self._pick_evidence(award.badge)
            shown = award.person in agreed and self.random.random() < 0.92
            self.awards[index] = replace(award, narrative=narrative, evidence=evidence, name_shown=shown)

    def _turn(self, turns: dict[str, int], badge: str, texts: dict[str, tuple[str, ...]]) -> str:
        turn = turns.get(badge, 0)
        turns[badge] = turn + 1
        return texts[badge][turn % len(texts[badge])]

    def _pick_evidence(self, badge: str) -> tuple[EvidenceItem, ...]:
        items = EVIDENCE[badge]
        return items if len(items) > 1 and self.random.random() < 0.3 else (self.random.choice(items),)

    def tell_earner_story(self) -> None:
        """Make the showcase: the featured award has a narrative, two items of evidence and a shown name."""
        facts = {badge: (shown, told) for badge, _days, shown, told in _EARNER_AWARDS}
        for index, award in enumerate(self.awards):
            if award.person != EARNER_EMAIL:
                continue
            shown, told = facts[award.badge]
            if award.badge == _FEATURED_BADGE:
                self.awards[index] = replace(
                    award,
                    narrative=FEATURED_NARRATIVE,
                    evidence=FEATURED_EVIDENCE,
                    name_shown=True,
                    featured=True,
                )
                continue
            self.awards[index] = replace(
                award,
                name_shown=shown,
                narrative=NARRATIVES[award.badge][0] if told else "",
                evidence=EVIDENCE[award.badge][:1] if award.badge == "first-responder-on-site" else (),
            )

    def revoke_some(self) -> None:
        """Take back one award of each badge in `REVOCATIONS`, a few days to a few weeks after it was made."""
        for badge, reason in REVOCATIONS:
            renewed = {award.renews for award in self.awards}
            choices = [
                index
                for index, award in enumerate(self.awards)
                if award.badge == badge
                and award.person != EARNER_EMAIL
                and award.key not in renewed
                and (self.today - award.awarded_at.date()).days > 45
            ]
            index = self.random.choice(choices)
            award = self.awards[index]
            age = (self.today - award.awarded_at.date()).days
            revoked_at = self._moment(age - self.random.randint(8, 30))
            self.awards[index] = replace(award, revoked_at=revoked_at, revocation_reason=reason)


def _in_order(awards: Iterable[PlannedAward]) -> list[PlannedAward]:
    return sorted(awards, key=lambda award: (award.awarded_at, award.badge, award.person))


def awards(today: date) -> list[PlannedAward]:
    """Return every award of the two years before `today`, oldest first; the same `today` gives the same plan.

    All awards and revocations lie on working days before `today`, in UTC. Nobody has the same badge twice,
    except as the renewal of an expired award. Exactly one award is `featured`: the showcase of the demo.
    """
    planner = _Planner(today)
    planner.add_earner()
    for wave in _WAVES:
        planner.add_wave(wave)
    for trickle in _TRICKLES:
        planner.add_trickle(trickle)
    for badge, needs, count, gap in _LADDERS:
        planner.add_ladder(badge, needs, count, gap)
    for badge, share in _RENEWALS:
        planner.add_renewals(badge, share)
    planner.tell_stories()
    planner.tell_earner_story()
    planner.revoke_some()
    return _in_order(planner.awards)
