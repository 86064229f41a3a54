"""The demo organisation: sound data, a repeatable plan of awards, and pictures that travel well."""

import io
import re
from collections import Counter
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from assertions.management.demo.designs import FAMILIES
from assertions.management.demo.programme import (
    BADGE_BY_KEY,
    BADGES,
    DEPARTMENTS,
    EARNER,
    EARNER_EMAIL,
    ISSUERS,
    PEOPLE,
    STAFF,
    awards,
    badge_image,
    issuer_logo,
)
from assertions.management.demo.records import (
    BadgeState,
    DemoBadge,
    DemoIssuer,
    PlannedAward,
    StaffRole,
    StepKind,
    until_end_of_year,
)
from assertions.management.demo.records import months as months_valid
from badges.designer.compose import draw_svg
from badges.designer.legibility import findings
from badges.designer.raster import draw_png
from badges.designer.spec import in_style_of

SVG = "{http://www.w3.org/2000/svg}"
TODAYS = (date(2026, 11, 22), date(2027, 1, 1), date(2028, 2, 29), date(2030, 7, 15))

each_badge = pytest.mark.parametrize("badge", BADGES, ids=lambda badge: badge.key)
each_issuer = pytest.mark.parametrize("issuer", ISSUERS, ids=lambda issuer: issuer.key)
each_today = pytest.mark.parametrize("today", TODAYS, ids=str)


def _texts(value: object) -> list[str]:
    """Every string inside a record, however deep."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple | list):
        return [text for item in value for text in _texts(item)]
    if is_dataclass(value):
        return [text for one in fields(value) for text in _texts(getattr(value, one.name))]
    return []


def _counts(plan: list[PlannedAward]) -> dict[str, int]:
    return {
        "all": len(plan),
        "narrative": sum(bool(award.narrative) for award in plan),
        "evidence": sum(bool(award.evidence) for award in plan),
        "shown": sum(award.name_shown for award in plan),
        "revoked": sum(award.revoked_at is not None for award in plan),
        "featured": sum(award.featured for award in plan),
    }


def test_keys_and_addresses_are_unique() -> None:
    assert len({badge.key for badge in BADGES}) == len(BADGES) == 15
    assert len({badge.name for badge in BADGES}) == 15
    assert len({issuer.key for issuer in ISSUERS}) == len(ISSUERS) == 2
    assert len({person.email for person in PEOPLE + STAFF}) == len(PEOPLE) + len(STAFF) == 69


def test_people_fill_seven_departments() -> None:
    assert len(PEOPLE) == 64
    assert {person.department for person in PEOPLE} == set(DEPARTMENTS)
    assert len(DEPARTMENTS) == 7
    assert [person for person in PEOPLE if person.email == EARNER_EMAIL] == [EARNER]


def test_staff_has_each_role_once() -> None:
    assert sorted(person.role for person in STAFF) == sorted(StaffRole)


def test_every_address_is_a_reserved_example() -> None:
    found = [
        text
        for record in (*PEOPLE, *STAFF, *ISSUERS, *BADGES, *awards(TODAYS[0]))
        for text in re.findall(r"[^\s@/]+@[^\s@/]+", " ".join(_texts(record)))
    ]
    assert len(found) > 69
    assert {text for text in found if not re.fullmatch(r"[a-z.-]+@harbour-logistics\.example", text)} == set()


def test_every_link_is_a_reserved_example_or_esco() -> None:
    records = (*ISSUERS, *BADGES, *awards(TODAYS[0]))
    links = {link for record in records for text in _texts(record) for link in re.findall(r"https?://[^\s)]+", text)}
    allowed = (
        "https://academy.harbour-logistics.example",
        "https://studio.harbour-logistics.example",
        "http://data.europa.eu/esco/skill/",
    )
    assert {link for link in links if not link.startswith(allowed)} == set()


def test_states_show_one_draft_and_one_archived_badge() -> None:
    assert Counter(badge.state for badge in BADGES) == {
        BadgeState.PUBLISHED: 13,
        BadgeState.DRAFT: 1,
        BadgeState.ARCHIVED: 1,
    }
    assert sum(badge.image_form == "png" for badge in BADGES) == 3


@each_badge
def test_badge_references_resolve(badge: DemoBadge) -> None:
    assert badge.issuer in {issuer.key for issuer in ISSUERS}
    needed = {step.needs_badge for step in badge.steps if step.kind is StepKind.BADGE}
    assert needed <= BADGE_BY_KEY.keys() - {badge.key}
    assert {step.needs_badge for step in badge.steps if step.kind is not StepKind.BADGE} <= {""}


@each_badge
def test_badge_texts_have_the_length_a_form_takes(badge: DemoBadge) -> None:
    assert len(badge.description) <= 200
    assert 60 <= len(badge.criteria_narrative.split()) <= 150
    assert badge.learned
    assert badge.assessed
    assert badge.image_alt
    assert badge.alignments
    assert len(badge.steps) >= 3


@each_badge
def test_badge_art_shows_the_level(badge: DemoBadge) -> None:
    assert badge.design.stars == (badge.level or 0)


@each_badge
def test_art_is_small_and_legible(badge: DemoBadge) -> None:
    assert len(draw_svg(badge.design).encode()) < 8000
    assert findings(badge.design) == []


def test_badges_of_a_family_look_like_it() -> None:
    for family in FAMILIES:
        for key in family.badges:
            own = BADGE_BY_KEY[key].design
            assert in_style_of(own, family.look, family.decides) == own


def test_art_of_badges_differs() -> None:
    drawings = {draw_svg(badge.design) for badge in BADGES}
    assert len(drawings) == len(BADGES)


def test_badge_image_comes_in_the_form_asked_for() -> None:
    png = badge_image(BADGE_BY_KEY["first-responder-on-site"])
    svg = badge_image(BADGE_BY_KEY["forklift-safety-class-ii"])
    assert (png[0], png[1][:8]) == ("first-responder-on-site.png", b"\x89PNG\r\n\x1a\n")
    assert (svg[0], svg[1][:4]) == ("forklift-safety-class-ii.svg", b"<svg")


@each_issuer
def test_logo_is_clean_svg(issuer: DemoIssuer) -> None:
    name, drawing = issuer_logo(issuer)
    tags = {element.tag.removeprefix(SVG) for element in ET.fromstring(drawing).iter()}  # noqa: S314 -- our own drawing
    assert name == f"{issuer.key}.svg"
    assert tags <= {"svg", "defs", "linearGradient", "stop", "clipPath", "g", "path", "rect"}
    assert Image.open(io.BytesIO(draw_png(drawing.decode(), size=64))).size == (64, 64)


def test_validity_ends_on_the_same_day_of_a_later_month() -> None:
    leap_day = datetime(2028, 2, 29, 9, tzinfo=UTC)
    assert months_valid(12).expires(leap_day, today=date(2028, 3, 1)) == datetime(2029, 2, 28, 23, 59, 59, tzinfo=UTC)
    assert until_end_of_year(1).until(date(2026, 11, 22)) == date(2027, 12, 31)


@each_today
def test_plan_keeps_the_promised_counts(today: date) -> None:
    counts = _counts(awards(today))
    assert 360 <= counts["all"] <= 400
    assert 0.25 <= counts["narrative"] / counts["all"] <= 0.4
    assert 0.2 <= counts["evidence"] / counts["all"] <= 0.32
    assert 0.25 <= counts["shown"] / counts["all"] <= 0.42
    assert counts["revoked"] == 6
    assert counts["featured"] == 1


@each_today
def test_plan_is_the_same_for_the_same_day(today: date) -> None:
    assert awards(today) == awards(today)


@each_today
def test_plan_lies_in_working_hours_of_the_past(today: date) -> None:
    midnight = datetime.combine(today, time(0), tzinfo=UTC)
    plan = awards(today)
    moments = [award.awarded_at for award in plan] + [award.revoked_at for award in plan if award.revoked_at]
    assert max(moments) < midnight
    assert min(moments) > midnight - timedelta(days=740)
    assert [moment for moment in moments if moment.weekday() >= 5] == []
    assert [moment for moment in moments if not 7 <= moment.hour < 16] == []
    assert {moment.tzinfo for moment in moments} == {UTC}


@each_today
def test_plan_refers_to_people_staff_and_badges_that_can_be_awarded(today: date) -> None:
    plan = awards(today)
    assert len({award.key for award in plan}) == len(plan)
    assert {award.person for award in plan} == {person.email for person in PEOPLE}
    assert {award.awarded_by for award in plan} <= {person.email for person in STAFF}
    assert {award.badge for award in plan} == {badge.key for badge in BADGES if badge.state is not BadgeState.DRAFT}


@each_today
def test_plan_repeats_a_badge_only_to_renew_an_expired_one(today: date) -> None:
    plan = awards(today)
    by_key = {award.key: award for award in plan}
    held = Counter((award.person, award.badge) for award in plan if not award.renews)
    renewals = [award for award in plan if award.renews]
    assert set(held.values()) == {1}
    assert len(renewals) > 20
    for award in renewals:
        earlier = by_key[award.renews]
        assert (earlier.person, earlier.badge) == (award.person, award.badge)
        assert earlier.expires_at is not None
        assert earlier.expires_at < award.awarded_at


@each_today
def test_plan_awards_a_next_level_only_after_the_one_before(today: date) -> None:
    plan = awards(today)
    first = {(award.person, award.badge): award.awarded_at for award in reversed(plan)}
    for award in plan:
        for step in BADGE_BY_KEY[award.badge].steps:
            if step.needs_badge:
                assert first[award.person, step.needs_badge] < award.awarded_at


@each_today
def test_revocations_follow_the_award_and_say_why(today: date) -> None:
    for award in awards(today):
        assert (award.revoked_at is None) == (award.revocation_reason == "")
        assert award.revoked_at is None or award.revoked_at > award.awarded_at


@each_today
def test_earner_has_six_awards_with_a_showcase(today: date) -> None:
    now = datetime.combine(today, time(0), tzinfo=UTC)
    own = [award for award in awards(today) if award.person == EARNER_EMAIL]
    valid_forms = {BADGE_BY_KEY[award.badge].image_form for award in own if award.is_valid(now)}
    (featured,) = [award for award in own if award.featured]
    assert len(own) == 6
    assert valid_forms == {"svg", "png"}
    assert [award.badge for award in own if not award.is_valid(now)] == ["cyber-safe-at-work"]
    assert featured.is_valid(now)
    assert featured.name_shown
    assert featured.narrative
    assert len(featured.evidence) == 3
    assert BADGE_BY_KEY[featured.badge].image_form == "svg"
