"""Whether the award is where it says it is (OB2-VER-12)."""

from badgeserver.openbadges.verification.case import Case
from badgeserver.openbadges.verification.report import Check, CheckCode


def check_hosted(case: Case) -> Check:
    """The address that the award names answers with it; all other steps look at what was answered."""
    code = CheckCode.HOSTED
    if case.assertion.document is None:
        return case.assertion.as_check(code)
    if case.withdrawn:
        return Check.passed(code, "The issuer’s server answers for this badge.")
    return Check.passed(code, "The issuer’s server shows this badge at its own address.", case.presented.url)
