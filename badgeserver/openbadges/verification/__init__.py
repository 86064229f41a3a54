"""Verifying an award of any issuer: network and clock are handed in, what was merely brought is not trusted.

``verify`` answers with a whole Report. A page that shows the steps one by one keeps a ``Verification`` and
asks it for ``steps`` and one ``check`` after the other: each document is fetched once, when the first step
needs it. A new step is a code in ``report``, a function of a ``Case`` in a module of its own, and a line in
the table below. Badges of 0.5 to 2.0 are judged here; a credential of 3.0 has rules of its own in ``v3``.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from types import MappingProxyType

from badgeserver.openbadges.errors import FetchFailed
from badgeserver.openbadges.fetching import Asked, Fetch, Fetched
from badgeserver.openbadges.report import (
    CHECKS,
    AlignmentFact,
    Check,
    CheckCode,
    EndorsementReport,
    EvidenceFact,
    Facts,
    Form,
    Outcome,
    Report,
    Verdict,
    verdict_of,
)
from badgeserver.openbadges.v3.verification import CredentialVerification
from badgeserver.openbadges.verification.case import Case
from badgeserver.openbadges.verification.criteria import check_criteria
from badgeserver.openbadges.verification.endorsement import endorsements_of, verify_endorsement
from badgeserver.openbadges.verification.expiry import check_expiry
from badgeserver.openbadges.verification.extensions import check_extensions, has_extensions
from badgeserver.openbadges.verification.facts import facts_of
from badgeserver.openbadges.verification.hosted import check_hosted
from badgeserver.openbadges.verification.issuer import check_issuer
from badgeserver.openbadges.verification.members import object_of, text_of
from badgeserver.openbadges.verification.picture import check_picture
from badgeserver.openbadges.verification.recipient import check_recipient
from badgeserver.openbadges.verification.revocation import check_revocation
from badgeserver.openbadges.verification.secrecy import without
from badgeserver.openbadges.verification.signed import check_key, check_signature
from badgeserver.openbadges.verification.structure import check_structure

__all__ = [
    "CHECKS",
    "AlignmentFact",
    "Asked",
    "Check",
    "CheckCode",
    "EndorsementReport",
    "EvidenceFact",
    "Facts",
    "Fetch",
    "FetchFailed",
    "Fetched",
    "Form",
    "Outcome",
    "Report",
    "Verdict",
    "Verification",
    "verdict_of",
    "verify",
    "verify_endorsement",
    "verify_step",
]

_STEPS: Mapping[CheckCode, Callable[[Case], Check]] = MappingProxyType(
    {
        CheckCode.HOSTED: check_hosted,
        CheckCode.SIGNATURE: check_signature,
        CheckCode.KEY: check_key,
        CheckCode.STRUCTURE: check_structure,
        CheckCode.CRITERIA: check_criteria,
        CheckCode.PICTURE: check_picture,
        CheckCode.ISSUER: check_issuer,
        CheckCode.EXTENSIONS: check_extensions,
        CheckCode.REVOCATION: check_revocation,
        CheckCode.EXPIRY: check_expiry,
        CheckCode.RECIPIENT: check_recipient,
    }
)

_NOT_NEEDED = "Not checked, because a credential of Open Badges 3.0 does not need it."


class Verification:
    """One verification, step by step. Nothing is fetched before a step asks for it, and nothing twice."""

    def __init__(self, source: str | bytes, *, fetch: Fetch, now: datetime, recipient: str | None = None) -> None:
        """Take an address, JWS, JSON or image; ``recipient`` is an identity to compare, if any."""
        self._case = Case(source, fetch=fetch, now=now, recipient=recipient)
        self._checks: dict[CheckCode, Check] = {}

    @property
    def steps(self) -> tuple[CheckCode, ...]:
        """The steps that this badge needs, in the order of CHECKS.

        To know them takes its documents: whether there are additions, nobody knows before.
        """
        if self._credential is not None:
            return self._credential.steps
        if self._case.presented.problem is not None:
            return (CheckCode.STRUCTURE,)
        left_out = {CheckCode.HOSTED} if self._case.is_signed else {CheckCode.SIGNATURE, CheckCode.KEY}
        if not has_extensions(self._case):
            left_out.add(CheckCode.EXTENSIONS)
        if self._case.recipient is None:
            left_out.add(CheckCode.RECIPIENT)
        return tuple(code for code in CHECKS if code not in left_out)

    def check(self, code: CheckCode) -> Check:
        """The outcome of one step, computed on first asking."""
        if code not in self._checks:
            self._checks[code] = without(self._checked(code), self._identities)
        return self._checks[code]

    def _checked(self, code: CheckCode) -> Check:
        if self._credential is None:
            return _STEPS[code](self._case)
        if code in self._credential.steps:
            return self._credential.check(code)
        return Check.unknown(code, _NOT_NEEDED)

    def report(self) -> Report:
        """All steps and what they say together, with the facts and the endorsements of the badge."""
        if self._credential is not None:
            report = self._credential.report()
            return without(report, (*self._identities, _plain_identity(report.assertion)))
        case = self._case
        checks = tuple(self.check(code) for code in self.steps)
        is_proven = not case.is_signed or self.check(CheckCode.SIGNATURE).outcome is Outcome.PASSED
        documents = {"assertion": case.assertion, "badge": case.badge, "issuer": case.issuer}
        return Report(
            checks=checks,
            verdict=verdict_of(checks),
            checked_at=case.now,
            assertion=case.assertion.document,
            badge=case.badge.document,
            issuer=case.issuer.document,
            version=case.assertion.version,
            form=case.form if case.assertion.document is not None else None,
            facts=without(facts_of(case, is_proven=is_proven), self._identities),
            endorsements=without(endorsements_of(case), self._identities),
            fetched=without(case.resources.asked, self._identities),
            differs=case.differs,
            published=MappingProxyType(
                {name: loaded.published for name, loaded in documents.items() if loaded.published is not None}
            ),
        )

    @cached_property
    def _credential(self) -> CredentialVerification | None:
        """The verification of a credential of 3.0, which has steps of its own."""
        case = self._case
        if not case.presented.credential:
            return None
        return CredentialVerification(
            case.presented.credential, fetch=case.resources.fetch, now=case.now, recipient=case.recipient
        )

    @cached_property
    def _identities(self) -> tuple[str, ...]:
        """Whose badge it may be, in plain words, which no sentence repeats."""
        return (self._case.recipient or "", "" if self._credential else _plain_identity(self._case.assertion.document))


def _plain_identity(assertion: Mapping[str, object] | None) -> str:
    recipient = object_of(assertion or {}, "recipient")
    return "" if recipient.get("hashed") is True else text_of(recipient, "identity")


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
