from datetime import timedelta

import pytest

from assertions.actions.revoke import revoke_assertion
from assertions.actions.verify import (
    AWARD_STEPS,
    NothingToCompare,
    StepState,
    belongs_to,
    check_award,
    check_award_step,
)
from assertions.models import Assertion
from badgeserver.openbadges import Verdict
from badgeserver.openbadges.jws import sign
from badgeserver.openbadges.keys import generate_private_key
from badgeserver.openbadges.verification import CheckCode
from tests.conftest import award


@pytest.fixture
def at(now):
    return now + timedelta(days=1)


@pytest.fixture
def revoked(assertion, sam, now) -> Assertion:
    return revoke_assertion(assertion=assertion, reason="Awarded by mistake", by=sam, at=now)


def states(findings):
    return {step.code: step.state for step in findings.steps}


# --- One award -----------------------------------------------------------------------------------------------


def test_check_award_passes_every_step(assertion, at):
    findings = check_award(assertion=assertion, at=at)
    assert states(findings) == dict.fromkeys(AWARD_STEPS, StepState.PASSED)
    assert (findings.verdict, findings.checked_at) == (Verdict.VALID, at)


def test_check_award_step_says_what_the_whole_check_says(assertion, at):
    whole = check_award(assertion=assertion, at=at)
    assert tuple(check_award_step(assertion=assertion, code=code, at=at) for code in AWARD_STEPS) == whole.steps


def test_check_award_reads_each_document_once(assertion, at, django_assert_num_queries):
    # Which hosts are ours. Award; badge with its parts; profile with its key. Then the signature: itself, key, badge,
    # profile.
    with django_assert_num_queries(14):
        check_award(assertion=assertion, at=at)


def test_check_award_finds_a_revocation(revoked, at):
    findings = check_award(assertion=revoked, at=at)
    assert findings.verdict is Verdict.REVOKED
    assert states(findings) == {
        CheckCode.HOSTED: StepState.PASSED,
        CheckCode.SIGNATURE: StepState.SKIPPED,
        CheckCode.STRUCTURE: StepState.SKIPPED,
        CheckCode.ISSUER: StepState.SKIPPED,
        CheckCode.REVOCATION: StepState.FAILED,
        CheckCode.EXPIRY: StepState.SKIPPED,
    }
    sentence = "The issuer has revoked this badge. The reason given: “Awarded by mistake”"
    assert findings.steps[4].sentence == sentence


def test_check_award_finds_an_expiry(svg_badge, sam, now, django_capture_on_commit_callbacks, at):
    svg_badge.validity, svg_badge.validity_months = "MONTHS", 1
    svg_badge.save()
    made = award(svg_badge, "x@example.org", by=sam, at=now, capture=django_capture_on_commit_callbacks)
    assert check_award(assertion=made, at=at).verdict is Verdict.VALID
    findings = check_award(assertion=made, at=now + timedelta(days=40))
    assert findings.verdict is Verdict.EXPIRED
    assert states(findings)[CheckCode.EXPIRY] is StepState.FAILED


def test_check_award_is_valid_before_it_is_signed(assertion, at):
    Assertion.objects.filter(pk=assertion.pk).update(finished_at=None, jws="")
    findings = check_award(assertion=assertion, at=at)
    assert findings.verdict is Verdict.VALID
    assert states(findings)[CheckCode.SIGNATURE] is StepState.SKIPPED


def test_check_award_finds_a_signature_of_somebody_else(assertion, at):
    forged = sign(assertion.signed_json.encode(), generate_private_key())
    Assertion.objects.filter(pk=assertion.pk).update(jws=forged)
    findings = check_award(assertion=assertion, at=at)
    assert findings.verdict is Verdict.INVALID
    assert states(findings)[CheckCode.SIGNATURE] is StepState.FAILED


# --- Whose it is ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["rita@mail.example.org", " Rita@Mail.Example.ORG "])
def test_award_belongs_to_its_recipient(assertion, email):
    assert belongs_to(assertion=assertion, email=email) is True


@pytest.mark.parametrize("email", ["rita@example.org", "rita+x@mail.example.org", "r@mail.example.org"])
def test_award_belongs_to_nobody_else(assertion, email):
    assert belongs_to(assertion=assertion, email=email) is False


@pytest.mark.parametrize(
    "email", ["", "rita", "rita@", "@", "a" * 400 + "@example.org", "rita\x00@example.org", "\x00"]
)
def test_what_is_no_address_is_not_compared(assertion, email):
    with pytest.raises(NothingToCompare):
        belongs_to(assertion=assertion, email=email)


def test_revoked_award_belongs_to_nobody(revoked, rita):
    with pytest.raises(NothingToCompare):
        belongs_to(assertion=revoked, email=rita.email)
