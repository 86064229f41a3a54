"""Dates: one form out, every allowed form in."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from badgeserver.openbadges.errors import InvalidDocument
from badgeserver.openbadges.moments import format_datetime, parse_datetime

LAST_SECOND = datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_format_datetime_writes_utc_whole_seconds_and_z():
    berlin = timezone(timedelta(hours=2))

    assert format_datetime(datetime(2024, 5, 1, 12, 0, 3, 999999, tzinfo=berlin)) == "2024-05-01T10:00:03Z"


def test_format_datetime_writes_years_with_four_digits():
    assert format_datetime(datetime(33, 1, 2, tzinfo=UTC)) == "0033-01-02T00:00:00Z"


def test_format_datetime_refuses_a_date_without_zone():
    with pytest.raises(InvalidDocument, match="time zone"):
        format_datetime(datetime(2024, 5, 1))  # noqa: DTZ001 -- the point of the test


def test_format_datetime_refuses_years_that_utc_does_not_have():
    with pytest.raises(InvalidDocument, match="years"):
        format_datetime(datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))))


@pytest.mark.parametrize(
    "text",
    [
        "2016-12-31T23:59:59Z",
        "2016-12-31T23:59:59+00:00",
        "2016-12-31T23:59:59+0000",
        "2016-12-31T23:59:59-00",
        "2017-01-01T01:59:59+02:00",
        "2017-01-01T05:29:59+0530",
    ],
)
def test_parse_datetime_reads_every_zone(text):
    assert parse_datetime(text) == LAST_SECOND


def test_parse_datetime_reads_fractions_and_missing_seconds():
    assert parse_datetime("2016-12-31T23:59:59.123456+00:00") == LAST_SECOND.replace(microsecond=123456)
    assert parse_datetime("2016-12-31T23:59:59.5Z") == LAST_SECOND.replace(microsecond=500000)
    assert parse_datetime("2016-12-31T23:59:59,123456789012Z") == LAST_SECOND.replace(microsecond=123456)
    assert parse_datetime("2016-12-31T23:59Z") == LAST_SECOND.replace(second=0)


@pytest.mark.parametrize(
    "value",
    [
        "2016-12-31T23:59:59",
        "2016-12-31",
        "2016-12-31 23:59:59Z",
        "2016-12-31T23:59:59z",
        "2016-13-31T23:59:59Z",
        "0001-01-01T00:00:00+02:00",
        "\u0662\u0660\u0661\u0666-12-31T23:59:59Z",
        "",
        1483228799,
        None,
        ["2016-12-31T23:59:59Z"],
    ],
)
def test_parse_datetime_knows_what_is_no_datetime(value):
    assert parse_datetime(value) is None
