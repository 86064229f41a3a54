"""Rules that need no database: when an award was made, until when it holds, what a link in its mail lets people do."""

import calendar
import enum
import math
import uuid
from datetime import UTC, date, datetime, time, timedelta

from django.core.signing import BadSignature, Signer
from django.utils import timezone

from assertions.models import Assertion
from badges.models import BadgeClass, Validity

#: No award is older than this: earlier dates are slips of the keyboard.
EARLIEST = date(1990, 1, 1)

#: No award ends later: “for ever” is said by leaving the end out, and calendars stop at the year 9999.
LATEST = date(2200, 1, 1)

#: How long a declined award can be taken after all; then what it says of its recipient is deleted (OB2-HST-15).
DECLINE_UNDONE_WITHIN = timedelta(hours=1)

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


def minutes_to_undo(assertion: Assertion, *, at: datetime) -> int:
    """Return for how long the recipient can still take the badge after all; 0 when they cannot."""
    if assertion.declined_at is None or assertion.erased_at is not None:
        return 0
    return max(0, math.ceil((assertion.declined_at + DECLINE_UNDONE_WITHIN - at).total_seconds() / 60))


class LinkFor(enum.StrEnum):
    """What a signed link in a recipient's mail is for: whoever holds one can do that, and nothing else."""

    DECLINE = "assertions.decline"
    MAILS = "assertions.mails"


def signed_token(assertion_id: uuid.UUID, purpose: LinkFor) -> str:
    """Return the part of a link by which its holder proves that the mail about this award is theirs.

    It does not run out: mails are kept for years. It holds no address, because links end up in logs.
    """
    return Signer(salt=purpose.value).sign(assertion_id.hex)


def award_of_token(token: str, purpose: LinkFor) -> uuid.UUID | None:
    """Return the id of the award that a token is about; None for whatever was not signed here for this purpose."""
    try:
        return uuid.UUID(Signer(salt=purpose.value).unsign(token))
    except BadSignature:
        return None
