"""Check an award that was issued here, step by step, through the very documents that the world gets.

What strangers bring goes through `assertions.actions.receipts`. Nothing here writes, and nothing is fetched from other
servers.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from assertions.actions.own_documents import fetch_own
from assertions.documents import assertion_url
from assertions.models import Assertion
from assertions.sharing.findings import say_finding
from assertions.sharing.report_words import step_title, what_holds
from badgeserver.addresses import public_url
from badgeserver.errors import UserFacingError
from badgeserver.openbadges.errors import FetchFailed, InvalidJson
from badgeserver.openbadges.identity import matches
from badgeserver.openbadges.jsontext import parse_object
from badgeserver.openbadges.report import verdict_of
from badgeserver.openbadges.verification import (
    Check,
    CheckCode,
    Fetched,
    Outcome,
    Verdict,
    Verification,
)


class NothingToCompare(UserFacingError):
    """The text is no e-mail address, or there is no award to compare it with."""

    code = "nothing_to_compare"
    field = "email"


class StepState(StrEnum):
    """How a step of a check is shown (templates/components/check_step.html)."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a check: what was looked at, how it went, and the detail for those who want it."""

    code: CheckCode
    state: StepState
    sentence: str
    detail: str
    verdict: Verdict

    @property
    def title(self) -> str:
        return what_holds(self.code) if self.state is StepState.PASSED else step_title(self.code)


@dataclass(frozen=True, slots=True)
class Findings:
    """All steps and what they say together, at one moment (OB2-HST-11)."""

    steps: tuple[Step, ...]
    checked_at: datetime

    @property
    def verdict(self) -> Verdict:
        return verdict_of(
            Check(step.code, Outcome.PASSED, "", "", step.verdict)
            for step in self.steps
            if step.state is not StepState.SKIPPED
        )


#: The steps of an award that was issued here, in the order in which they are shown.
AWARD_STEPS = (
    CheckCode.HOSTED,
    CheckCode.SIGNATURE,
    CheckCode.STRUCTURE,
    CheckCode.ISSUER,
    CheckCode.REVOCATION,
    CheckCode.EXPIRY,
)


def check_award(*, assertion: Assertion, at: datetime) -> Findings:
    """Run all steps for an award; each document is fetched once."""
    verification = _verification(assertion, at)
    steps = [_award_step(verification, assertion, code, at) for code in AWARD_STEPS]
    return Findings(tuple(steps), checked_at=at)


def check_award_step(*, assertion: Assertion, code: CheckCode, at: datetime) -> Step:
    """Run one step alone, for a page that shows them one after the other."""
    return _award_step(_verification(assertion, at), assertion, code, at)


def _verification(assertion: Assertion, at: datetime) -> Verification:
    return Verification(assertion_url(assertion), fetch=_fetch, now=at)


def _fetch(url: str) -> Fetched:
    """Ask ourselves and nobody else: a page that is loaded by anybody makes no requests to others."""
    answer = fetch_own(url)
    if answer is None:
        raise FetchFailed(_("Other servers are not asked here."))
    return answer


def _award_step(verification: Verification, assertion: Assertion, code: CheckCode, at: datetime) -> Step:
    if code is CheckCode.SIGNATURE:
        return _signature_step(assertion, at)
    step = _shown(verification.check(code))
    if step.state is StepState.UNKNOWN and verification.check(CheckCode.REVOCATION).verdict is Verdict.REVOKED:
        return replace(step, state=StepState.SKIPPED)
    return step


def _signature_step(assertion: Assertion, at: datetime) -> Step:
    """Check the signed form, which lies at an address of its own; a revoked or new award shows none."""
    address = public_url("public:assertion-jws", assertion.pk, origin=assertion.origin)
    answer = _fetch(address)
    if answer.status != HTTPStatus.OK:
        sentence = (
            _("Not checked: a revoked badge is not handed out any more.")
            if answer.status == HTTPStatus.GONE
            else _("Not checked yet: the signed copy is being made. The address above proves the badge already.")
        )
        return Step(CheckCode.SIGNATURE, StepState.SKIPPED, sentence, address, Verdict.VALID)
    signed = Verification(answer.body, fetch=_fetch, now=at)
    step = _shown(signed.check(CheckCode.SIGNATURE))
    return replace(step, detail=step.detail or address)


def _shown(check: Check) -> Step:
    state = StepState(check.outcome.value.lower())
    sentence, detail = say_finding(check.sentence), check.detail
    if check.verdict is Verdict.REVOKED and detail:
        sentence, detail = (
            _("The issuer has revoked this badge. The reason given: “%(reason)s”") % {"reason": detail},
            "",
        )
    return Step(check.code, state, sentence, detail, check.verdict)


def belongs_to(*, assertion: Assertion, email: str) -> bool:
    """Whether the award was made to this address, compared with the published hash (OB2-VER-17).

    Raises `NothingToCompare` for what is no address, and for a revoked award. The address is neither kept nor told.
    """
    if assertion.revoked_at is not None:
        raise NothingToCompare(_("This badge was revoked. Whoever it was awarded to does not hold it any more."))
    candidate = email.strip()
    try:
        validate_email(candidate)
    except ValidationError:
        raise NothingToCompare(_("Type a whole e-mail address, such as name@example.org.")) from None
    try:
        recipient = parse_object(assertion.hosted_json).get("recipient")
    except InvalidJson:
        return False
    return isinstance(recipient, dict) and matches(recipient, candidate)
