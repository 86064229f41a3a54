from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from assertions.rules import add_months, end_of_day, expiry_from_badge, moment_of_award
from badges.models import BadgeClass, Validity

NOW = datetime(2026, 3, 2, 9, 30, 15, 999, tzinfo=UTC)


def test_moment_of_award_today_is_now_in_whole_seconds():
    assert moment_of_award(date(2026, 3, 2), at=NOW) == datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)


def test_moment_of_award_in_the_past_is_noon():
    assert moment_of_award(date(2026, 3, 1), at=NOW) == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_moment_of_award_in_the_future_stays_in_the_future():
    """So that the action refuses it."""
    assert moment_of_award(date(2026, 3, 3), at=NOW) == datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "Europe/Berlin"])
def test_moment_of_award_never_lies_ahead_for_today_and_yesterday(zone):
    """Shortly after midnight in Auckland, yesterday's noon in Greenwich has not come yet."""
    at = datetime(2026, 3, 2, 0, 30, tzinfo=ZoneInfo(zone))

    assert moment_of_award(date(2026, 3, 2), at=at) == at
    assert moment_of_award(date(2026, 3, 1), at=at) <= at


def test_end_of_day_is_its_last_second():
    assert end_of_day(date(2026, 12, 31)) == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_end_of_day_is_that_of_the_installation(settings):
    settings.TIME_ZONE = "Europe/Berlin"

    ends = end_of_day(date(2026, 12, 31))

    assert ends == datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)
    assert timezone.localtime(ends).date() == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 14), 24, date(2028, 3, 14)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_add_months_keeps_the_day_or_takes_the_last(day, months, expected):
    start = datetime.combine(day, datetime.min.time(), tzinfo=UTC)

    assert add_months(start, months).date() == expected


def test_expiry_of_a_badge_that_does_not_expire_is_none():
    assert expiry_from_badge(BadgeClass(), issued_at=NOW) is None


def test_expiry_in_months_is_the_end_of_that_day():
    badge = BadgeClass(validity=Validity.MONTHS, validity_months=24)

    assert expiry_from_badge(badge, issued_at=NOW) == datetime(2028, 3, 2, 23, 59, 59, tzinfo=UTC)


def test_expiry_until_a_day_is_the_end_of_that_day():
    badge = BadgeClass(validity=Validity.UNTIL, validity_until=date(2027, 12, 31))

    assert expiry_from_badge(badge, issued_at=NOW) == datetime(2027, 12, 31, 23, 59, 59, tzinfo=UTC)
