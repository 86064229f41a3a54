"""Verifying an award of any issuer: network and clock are handed in, what was merely brought is not trusted.

``verify`` answers with a whole Report. A page that shows the steps one by one keeps a ``Verification`` and
asks it for ``steps`` and one ``check`` after the other: each document is fetched once, when the first step
needs it. A new step is a code in ``report``, a function of a ``Case`` in a module of its own, and a line in
the table below.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from badgeserver.openbadges.errors import FetchFailed
from badgeserver.openbadges.verification.case import Case
from badgeserver.openbadges.verification.expiry import check_expiry
from badgeserver.openbadges.verification.hosted import check_hosted
from badgeserver.openbadges.verification.issuer import check_issuer
from badgeserver.openbadges.verification.recipient import check_recipient
from badgeserver.openbadges.verification.report import (
    CHECKS,
    Check,
    CheckCode,
    Outcome,
    Report,
    Verdict,
    verdict_of,
)
from badgeserver.openbadges.verification.resources import Fetch, Fetched
from badgeserver.openbadges.verification.revocation import check_revocation
from badgeserver.openbadges.verification.signed import check_signature
from badgeserver.openbadges.verification.structure import check_structure

__all__ = [
    "CHECKS",
    "Check",
    "CheckCode",
    "Fetch",
    "FetchFailed",
    "Fetched",
    "Outcome",
    "Report",
    "Verdict",
    "Verification",
    "verify",
    "verify_step",
]

_STEPS: Mapping[CheckCode, Callable[[Case], Check]] = MappingProxyType(
    {
        CheckCode.HOSTED: check_hosted,
        CheckCode.SIGNATURE: check_signature,
        CheckCode.STRUCTURE: check_structure,
        CheckCode.REVOCATION: check_revocation,
        CheckCode.EXPIRY: check_expiry,
        CheckCode.ISSUER: check_issuer,
        CheckCode.RECIPIENT: check_recipient,
    }
)


class Verification:
    """One verification, step by step. Nothing is fetched before a step asks for it, and nothing twice."""

    def __init__(self, source: str | bytes, *, fetch: Fetch, now: datetime, recipient: str | None = None) -> None:
        """Take an address, JWS, JSON or image; ``recipient`` is an identity to compare, if any."""
        self._case = Case(source, fetch=fetch, now=now, recipient=recipient)
        self._checks: dict[CheckCode, Check] = {}

    @property
    def steps(self) -> tuple[CheckCode, ...]:
        """The steps that this badge needs, in the order of CHECKS. To know them may take one fetch."""
        if self._case.presented.problem is not None:
            return (CheckCode.STRUCTURE,)
        left_out = {CheckCode.HOSTED if self._case.is_signed else CheckCode.SIGNATURE}
        if self._case.recipient is None:
            left_out.add(CheckCode.RECIPIENT)
        return tuple(code for code in CHECKS if code not in left_out)

    def check(self, code: CheckCode) -> Check:
        """The outcome of one step, computed on first asking."""
        if code not in self._checks:
            self._checks[code] = _STEPS[code](self._case)
        return self._checks[code]

    def report(self) -> Report:
        """All steps and what they say together."""
        checks = tuple(self.check(code) for code in self.steps)
        return Report(
            checks=checks,
            verdict=verdict_of(checks),
            checked_at=self._case.now,
            assertion=self._case.assertion.document,
            badge=self._case.badge.document,
            issuer=self._case.issuer.document,
        )


def verify(source: str | bytes, *, fetch: Fetch, now: datetime, recipient: str | None = None) -> Report:
    """Everything there is to say about a badge; never raises, whatever is brought or fetched.

    ``fetch`` may raise FetchFailed; ``now`` needs a time zone; ``recipient`` adds the step that compares an
    identity.
    """
    return Verification(source, fetch=fetch, now=now, recipient=recipient).report()


def verify_step(
    code: CheckCode, source: str | bytes, *, fetch: Fetch, now: datetime, recipient: str | None = None
) -> Check:
    """One step alone, with no more fetching than it needs; for several, keep a Verification."""
    return Verification(source, fetch=fetch, now=now, recipient=recipient).check(code)
