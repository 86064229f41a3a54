"""Whether the award is where it says it is (OB2-VER-12)."""

from badgeserver.openbadges.report import Check, CheckCode
from badgeserver.openbadges.verification.case import Case


def check_hosted(case: Case) -> Check:
    """The address that the award names answers with it; all other steps look at what was answered."""
    code = CheckCode.HOSTED
    if case.assertion.document is None:
        return case.assertion.as_check(code)
    if case.withdrawn:
        return Check.passed(code, f"The issuer’s server answers for this {case.noun}.")
    if case.differs:
        return Check.passed(
            code,
            f"The issuer’s server shows this {case.noun} at its own address, but what you brought says something else. "
            "Only what the issuer’s server shows counts, and only that was checked.",
            case.presented.url,
        )
    return Check.passed(code, f"The issuer’s server shows this {case.noun} at its own address.", case.presented.url)
