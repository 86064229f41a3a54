"""Whether the badge was awarded to the person who shows it (OB2-VER-17)."""

from badgeserver.openbadges.identity import matches
from badgeserver.openbadges.verification.case import Case
from badgeserver.openbadges.verification.members import object_of
from badgeserver.openbadges.verification.report import Check, CheckCode


def check_recipient(case: Case) -> Check:
    """The identity that was given is the recipient's. It is never repeated in the answer."""
    code = CheckCode.RECIPIENT
    if case.assertion.document is None or case.withdrawn:
        return Check.unknown(code, "Not checked, because the award itself is not shown.")
    if matches(object_of(case.assertion.document, "recipient"), case.recipient or ""):
        return Check.passed(code, "The badge was awarded to the person you named.")
    return Check.failed(code, "The badge was awarded to somebody else than the person you named.")
