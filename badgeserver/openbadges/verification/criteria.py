"""Whether the badge says what somebody had to do for it (OB2-ISS-105)."""

from badgeserver.openbadges.report import Check, CheckCode
from badgeserver.openbadges.verification.case import Case
from badgeserver.openbadges.verification.structure import criteria_of


def check_criteria(case: Case) -> Check:
    """There is a text, or the address of a page. The page itself is not visited: that it is away changes nothing."""
    code = CheckCode.CRITERIA
    if case.badge.document is None or case.badge.gone:
        return Check.unknown(code, "Not checked, because the description of the badge could not be read.")
    text, address = criteria_of(case.badge.document)
    if text:
        return Check.passed(code, "The badge says in words what had to be done for it.", address)
    if address:
        return Check.passed(code, "The badge names a page that says what had to be done for it.", address)
    return Check.failed(code, "The badge does not say what had to be done for it, so nobody can tell what it is worth.")
