"""Rules of awarding that need no database: when an award was made, and until when it holds."""

import calendar
from datetime import UTC, date, datetime, time

from django.utils import timezone

from badges.models import BadgeClass, Validity

#: No award is older than this: earlier dates are slips of the keyboard.
EARLIEST = date(1990, 1, 1)

#: No award ends later: “for ever” is said by leaving the end out, and calendars stop at the year 9999.
LATEST = date(2200, 1, 1)

#: How far a clock may run ahead of ours before a moment counts as the future (OB2-ISS-34).
CLOCK_SKEW_SECONDS = 60


def moment_of_award(day: date, *, at: datetime) -> datetime:
    """Return the moment for an award given by its day: now for today, noon (UTC) for the past.

    Noon, because it is the same day in nearly every time zone in which the award is read. `at` is in the zone of
    those who award: it says which day is today.
    """
    now, noon = at.replace(microsecond=0), datetime.combine(day, time(12), tzinfo=UTC)
    if day == at.date():
        return now
    # East of Greenwich yesterday's noon may still lie ahead.
    return min(noon, now) if day < at.date() else noon


def end_of_day(day: date) -> datetime:
    """Return the last second of a day: “valid until 31 December” includes that day, where the issuer lives."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=timezone.get_default_timezone())


def add_months(moment: datetime, months: int) -> datetime:
    """Return the same day of a later month, or its last day where the month is shorter (31 January + 1 month)."""
    month_index = moment.month - 1 + months
    year, month = moment.year + month_index // 12, month_index % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))


def expiry_from_badge(badge_class: BadgeClass, *, issued_at: datetime) -> datetime | None:
    """Return until when an award of this badge holds, as the badge says; None for ever."""
    if badge_class.validity == Validity.MONTHS and badge_class.validity_months:
        # To the end of that day: “valid until 14 March” must not end on its morning.
        return end_of_day(add_months(timezone.localtime(issued_at), badge_class.validity_months).date())
    if badge_class.validity == Validity.UNTIL and badge_class.validity_until:
        return end_of_day(badge_class.validity_until)
    return None
