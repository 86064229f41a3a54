"""DateTime of the standard: written in one form, read in every form that it allows."""

import re
from datetime import UTC, datetime

from badgeserver.openbadges.errors import InvalidDocument

# OB2-ISS-95: date, T, time and zone; seconds and fraction optional.
_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(?:[.,](\d{1,9})\d*)?(Z|[+-]\d\d(?::?\d\d)?)", re.ASCII)


def format_datetime(moment: datetime) -> str:
    """``YYYY-MM-DDThh:mm:ssZ`` (OB2-ISS-96): in UTC, whole seconds. Raises InvalidDocument without zone."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise InvalidDocument("A date in a badge needs a time zone.")
    try:
        in_utc = moment.astimezone(UTC)
    except OverflowError as error:
        raise InvalidDocument("A date in a badge must lie between the years 1 and 9999.") from error
    return in_utc.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def parse_datetime(text: object) -> datetime | None:
    """The moment that a date in a badge names, in UTC; None when it is not a DateTime (OB2-ISS-95)."""
    match = _DATE_TIME.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    day_and_minute, seconds, fraction, zone = match.groups()
    spelled = f"{day_and_minute}{seconds or ':00'}.{(fraction or '0')[:6].ljust(6, '0')}{zone}"
    try:
        return datetime.fromisoformat(spelled).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
