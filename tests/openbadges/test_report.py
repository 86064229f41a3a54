"""What all steps say together, as a table."""

from itertools import combinations

import pytest

from badgeserver.openbadges.obstacles import Obstacle
from badgeserver.openbadges.report import Check, CheckCode, Verdict, is_proven, verdict_of

HOSTED, SIGNATURE, KEY, ISSUER = CheckCode.HOSTED, CheckCode.SIGNATURE, CheckCode.KEY, CheckCode.ISSUER
STRUCTURE, PICTURE, EXPIRY, RECIPIENT = (
    CheckCode.STRUCTURE,
    CheckCode.PICTURE,
    CheckCode.EXPIRY,
    CheckCode.RECIPIENT,
)
PROOFS = (HOSTED, SIGNATURE, KEY, ISSUER)
OTHERS = tuple(set(CheckCode) - set(PROOFS))

REVOKED = Check.failed(CheckCode.REVOCATION, "Revoked.", verdict=Verdict.REVOKED)
EXPIRED = Check.failed(EXPIRY, "Expired.", verdict=Verdict.EXPIRED)
FUTURE = Check.failed(EXPIRY, "Dated in the future.")


def failed(code, obstacle=None):
    return Check.failed(code, "So.", obstacle=obstacle)


def unknown(code, obstacle=None):
    return Check.unknown(code, "So.", obstacle=obstacle)


@pytest.mark.parametrize(
    ("checks", "verdict"),
    [
        # 1: a proof contradicts it, so nothing that is said of the genuine one counts.
        *(([failed(code)], Verdict.INVALID) for code in PROOFS),
        *(([failed(code), REVOKED], Verdict.INVALID) for code in PROOFS),
        *(([failed(code), EXPIRED], Verdict.INVALID) for code in PROOFS),
        ([failed(SIGNATURE), REVOKED, EXPIRED, unknown(PICTURE)], Verdict.INVALID),
        ([failed(KEY, Obstacle.NOT_FOUND), REVOKED], Verdict.INVALID),
        ([failed(KEY, Obstacle.TAKEN_AWAY), failed(SIGNATURE), REVOKED], Verdict.INVALID),
        # 2: its issuer took it back; the rest follows from that, or changes nothing.
        ([REVOKED], Verdict.REVOKED),
        ([REVOKED, EXPIRED], Verdict.REVOKED),
        ([REVOKED, FUTURE], Verdict.REVOKED),
        ([REVOKED, failed(PICTURE, Obstacle.TAKEN_AWAY)], Verdict.REVOKED),
        ([REVOKED, failed(PICTURE, Obstacle.NOT_FOUND)], Verdict.REVOKED),
        ([REVOKED, failed(STRUCTURE, Obstacle.TAKEN_AWAY), failed(KEY, Obstacle.TAKEN_AWAY)], Verdict.REVOKED),
        ([REVOKED, failed(RECIPIENT)], Verdict.REVOKED),
        ([REVOKED, unknown(SIGNATURE)], Verdict.REVOKED),
        *(([REVOKED, failed(code)], Verdict.REVOKED) for code in OTHERS if code is not CheckCode.REVOCATION),
        *(([REVOKED, unknown(code)], Verdict.REVOKED) for code in CheckCode),
        # 3: it is not in order, or not theirs.
        *(([failed(code)], Verdict.INVALID) for code in OTHERS),
        *(([failed(code), EXPIRED], Verdict.INVALID) for code in OTHERS if code is not EXPIRY),
        ([failed(KEY, Obstacle.TAKEN_AWAY)], Verdict.INVALID),
        ([failed(RECIPIENT), unknown(ISSUER)], Verdict.INVALID),
        ([FUTURE], Verdict.INVALID),
        # 4: nobody may call genuine what is not proven, expired or not.
        *(([unknown(code)], Verdict.UNKNOWN) for code in PROOFS),
        *(([unknown(code), EXPIRED], Verdict.UNKNOWN) for code in PROOFS),
        # 5: genuine, and over.
        ([EXPIRED], Verdict.EXPIRED),
        ([EXPIRED, unknown(PICTURE)], Verdict.EXPIRED),
        ([EXPIRED, unknown(CheckCode.REVOCATION)], Verdict.EXPIRED),
        # 6 and 7
        *(([unknown(code)], Verdict.UNKNOWN) for code in OTHERS),
        ([], Verdict.VALID),
        ([Check.passed(code, "Fine.") for code in CheckCode], Verdict.VALID),
    ],
)
def test_verdict_follows_from_the_steps(checks, verdict):
    assert verdict_of(checks) is verdict
    assert verdict_of(reversed(checks)) is verdict


def test_another_finding_never_makes_a_badge_better():
    """Valid, then could not be checked or expired, then the rest: nothing that is added leads back to valid."""
    findings = [REVOKED, EXPIRED, *(make(code) for make in (failed, unknown) for code in CheckCode)]
    for pair in combinations(findings, 2):
        assert verdict_of(pair) is not Verdict.VALID
        assert all(verdict_of([*pair, more]) is not Verdict.VALID for more in findings)


def test_no_obstacle_of_the_network_alone_makes_a_badge_invalid():
    for obstacle in Obstacle:
        assert {verdict_of([unknown(code, obstacle)]) for code in CheckCode} == {Verdict.UNKNOWN}


@pytest.mark.parametrize("code", list(CheckCode))
def test_proof_is_where_it_comes_from(code):
    assert is_proven([unknown(code)]) is (code not in PROOFS)
    assert is_proven([failed(code)]) is (code not in PROOFS)
    assert is_proven([Check.passed(code, "Fine.")])
