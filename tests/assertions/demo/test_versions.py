"""The demo has a badge in three versions, holders of each, and one typo that was mended."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from assertions.management.demo.programme import (
    BADGE_BY_KEY,
    BADGES,
    CORRECTION,
    EARNER_EMAIL,
    VERSIONS,
    awards,
    first_said,
)
from badges.rules import too_much_for_correction

TODAYS = (date(2026, 11, 22), date(2027, 1, 1), date(2028, 2, 29), date(2030, 7, 15))


def test_versions_follow_one_another():
    assert [version.days_before for version in VERSIONS] == [0, 400, 45]
    assert {version.badge for version in VERSIONS} == {CORRECTION.badge}
    assert [bool(version.change_note) for version in VERSIONS] == [False, True, True]
    assert len({version.said for version in VERSIONS}) == 3


def test_last_version_says_what_the_programme_says_once_it_is_corrected():
    last, mended = VERSIONS[-1].said, BADGE_BY_KEY[CORRECTION.badge]

    assert last.criteria_narrative == mended.criteria_narrative
    assert CORRECTION.assessed == mended.assessed != last.assessed
    assert too_much_for_correction(last.assessed, mended.assessed) == ""


def test_other_badges_said_at_first_what_they_say_now():
    assert [badge.key for badge in BADGES if first_said(badge) is not badge] == [CORRECTION.badge]


@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_each_version_has_holders_and_the_earner_has_the_first(today):
    now = datetime.combine(today, time(12), tzinfo=UTC)
    second, third = (now - timedelta(days=version.days_before) for version in VERSIONS[1:])
    given = [award for award in awards(today) if award.badge == CORRECTION.badge]
    by_version = [
        [award for award in given if award.awarded_at < second],
        [award for award in given if second <= award.awarded_at < third],
        [award for award in given if award.awarded_at >= third],
    ]

    assert min(len(one) for one in by_version) >= 3
    assert EARNER_EMAIL in {award.person for award in by_version[0]}
    mended_at = now - timedelta(days=CORRECTION.days_before)
    assert min(award.awarded_at for award in by_version[2]) < mended_at
