"""Whether the badge holds today (OB2-VER-18)."""

from datetime import datetime, timedelta

from badgeserver.openbadges.moments import parse_datetime
from badgeserver.openbadges.report import Check, CheckCode, Verdict
from badgeserver.openbadges.verification.case import Case

CLOCK_LEEWAY = timedelta(minutes=5)
"""How far two servers' clocks may differ before a badge counts as dated in the future (OB2-ISS-34)."""


def check_expiry(case: Case) -> Check:
    """The date of issue has come, and the expiry date has not."""
    code, noun = CheckCode.EXPIRY, case.noun
    document = case.assertion.document
    if document is None or case.withdrawn:
        return Check.unknown(code, "Not checked, because the award’s dates are not known.")
    issued, ends = parse_datetime(document.get("issuedOn")), parse_datetime(document.get("expires"))
    undated = document.get("issuedOn") is None and case.assertion.version == "0.5"
    if (issued is None and not undated) or (ends is None and document.get("expires") is not None):
        return Check.unknown(code, "Not checked, because the award’s dates cannot be read.")
    if issued is not None and issued > case.now + CLOCK_LEEWAY:
        return Check.failed(
            code,
            f"The {noun} is dated in the future: {_day(issued)}.",
            f"{issued.isoformat()}; clocks may differ by five minutes.",
        )
    if ends is None:
        return Check.passed(code, f"The {noun} does not expire.")
    if case.now > ends:
        return Check.failed(code, f"The {noun} expired on {_day(ends)}.", verdict=Verdict.EXPIRED)
    return Check.passed(code, f"The {noun} is valid until {_day(ends)}.")


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B} {moment.year}"
