"""What a verification says: steps, their outcomes, and the verdict that follows from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class CheckCode(StrEnum):
    """The steps of a verification. Stable: pages and stored reports refer to them."""

    HOSTED = "HOSTED"
    SIGNATURE = "SIGNATURE"
    STRUCTURE = "STRUCTURE"
    REVOCATION = "REVOCATION"
    EXPIRY = "EXPIRY"
    ISSUER = "ISSUER"
    RECIPIENT = "RECIPIENT"


CHECKS: Mapping[CheckCode, str] = MappingProxyType(
    {
        CheckCode.HOSTED: "Found where it says it is",
        CheckCode.SIGNATURE: "Signature matches",
        CheckCode.STRUCTURE: "Complete and well-formed",
        CheckCode.REVOCATION: "Not revoked",
        CheckCode.EXPIRY: "Not expired",
        CheckCode.ISSUER: "Issued by who it says",
        CheckCode.RECIPIENT: "Awarded to this person",
    }
)
"""Every step in the order in which to show them, with a label for people."""


class Outcome(StrEnum):
    """How a step went. UNKNOWN: it could not be checked, which proves nothing in either direction."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


class Verdict(StrEnum):
    """What all steps together say."""

    VALID = "VALID"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"
    INVALID = "INVALID"
    UNKNOWN = "UNKNOWN"


SUMMARIES: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.VALID: "This badge is genuine and valid.",
        Verdict.EXPIRED: "This badge is genuine, but it has expired.",
        Verdict.REVOKED: "The issuer has revoked this badge.",
        Verdict.INVALID: "This badge is not valid.",
        Verdict.UNKNOWN: "This badge could not be checked completely.",
    }
)

# What failed weighs most; what could not be checked weighs more than what passed.
_WEIGHTS = (Verdict.INVALID, Verdict.REVOKED, Verdict.EXPIRED, Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Check:
    """One step: its outcome, a sentence for people who never saw a badge, and a detail for those who did."""

    code: CheckCode
    outcome: Outcome
    sentence: str
    detail: str = ""
    verdict: Verdict = Verdict.VALID
    """What this step alone would make of the badge."""

    @property
    def label(self) -> str:
        return CHECKS[self.code]

    @classmethod
    def passed(cls, code: CheckCode, sentence: str, detail: str = "") -> "Check":
        return cls(code, Outcome.PASSED, sentence, detail, Verdict.VALID)

    @classmethod
    def failed(cls, code: CheckCode, sentence: str, detail: str = "", verdict: Verdict = Verdict.INVALID) -> "Check":
        return cls(code, Outcome.FAILED, sentence, detail, verdict)

    @classmethod
    def unknown(cls, code: CheckCode, sentence: str, detail: str = "") -> "Check":
        return cls(code, Outcome.UNKNOWN, sentence, detail, Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The result of a verification, with the documents that were fetched or signed, never embedded copies."""

    checks: tuple[Check, ...]
    verdict: Verdict
    checked_at: datetime
    """HST-11: a stored result is shown with its time."""
    assertion: Mapping[str, object] | None
    badge: Mapping[str, object] | None
    issuer: Mapping[str, object] | None

    @property
    def summary(self) -> str:
        """The verdict in one sentence."""
        return SUMMARIES[self.verdict]

    def check(self, code: CheckCode) -> Check | None:
        """The step with this code; None when the badge did not need it."""
        return next((check for check in self.checks if check.code is code), None)


def verdict_of(checks: Iterable[Check]) -> Verdict:
    """The gravest of what the steps say: invalid, withdrawn, expired, unknown, valid."""
    said = {check.verdict for check in checks}
    return next((verdict for verdict in _WEIGHTS if verdict in said), Verdict.VALID)
