"""What a verification says: steps, their outcomes, the verdict that follows from them, and the facts it found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from badgeserver.openbadges.fetching import Asked
from badgeserver.openbadges.obstacles import ADVICE, Obstacle


class CheckCode(StrEnum):
    """The steps of a verification. Stable: pages and stored reports refer to them."""

    HOSTED = "HOSTED"
    SIGNATURE = "SIGNATURE"
    KEY = "KEY"
    STRUCTURE = "STRUCTURE"
    CRITERIA = "CRITERIA"
    PICTURE = "PICTURE"
    ISSUER = "ISSUER"
    EXTENSIONS = "EXTENSIONS"
    REVOCATION = "REVOCATION"
    EXPIRY = "EXPIRY"
    RECIPIENT = "RECIPIENT"


CHECKS: Mapping[CheckCode, str] = MappingProxyType(
    {
        CheckCode.HOSTED: "Found where it says it is",
        CheckCode.SIGNATURE: "Unchanged since it was signed",
        CheckCode.KEY: "Signed with the issuer’s own key",
        CheckCode.STRUCTURE: "Complete and well-formed",
        CheckCode.CRITERIA: "Says what had to be done",
        CheckCode.PICTURE: "Its picture is there",
        CheckCode.ISSUER: "The issuer controls this address",
        CheckCode.EXTENSIONS: "Additions are in order",
        CheckCode.REVOCATION: "Not revoked",
        CheckCode.EXPIRY: "Not expired",
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


class Form(StrEnum):
    """How a badge is proven."""

    HOSTED = "hosted"
    SIGNED = "signed"


SUMMARIES: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.VALID: "This badge is genuine and valid.",
        Verdict.EXPIRED: "This badge is genuine, but it has expired.",
        Verdict.REVOKED: "The issuer has revoked this badge.",
        Verdict.INVALID: "This badge is not valid.",
        Verdict.UNKNOWN: "This badge could not be checked completely.",
    }
)

ENDORSEMENT_SUMMARIES: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.VALID: "This endorsement is genuine and holds.",
        Verdict.EXPIRED: "This endorsement is genuine, but it has expired.",
        Verdict.REVOKED: "Whoever gave this endorsement has revoked it.",
        Verdict.INVALID: "This endorsement is not valid.",
        Verdict.UNKNOWN: "This endorsement could not be checked completely.",
    }
)

_PROOFS = frozenset({CheckCode.HOSTED, CheckCode.SIGNATURE, CheckCode.KEY, CheckCode.ISSUER})
"""The steps that show that a badge is what it says it is: from its issuer, and unchanged."""


@dataclass(frozen=True, slots=True)
class Check:
    """One step: its outcome, a sentence for people who never saw a badge, and a detail for those who did."""

    code: CheckCode
    outcome: Outcome
    sentence: str
    detail: str = ""
    verdict: Verdict = Verdict.VALID
    """What this step alone would make of the badge."""
    obstacle: Obstacle | None = None
    """What stood in the way, when something that the step needs could not be had."""

    @property
    def label(self) -> str:
        return CHECKS[self.code]

    @property
    def advice(self) -> str:
        """What the reader can do about the obstacle, in a sentence; "" without one, and when there is nothing."""
        return ADVICE[self.obstacle.remedy] if self.obstacle else ""

    @classmethod
    def passed(cls, code: CheckCode, sentence: str, detail: str = "") -> "Check":
        return cls(code, Outcome.PASSED, sentence, detail, Verdict.VALID)

    @classmethod
    def failed(
        cls,
        code: CheckCode,
        sentence: str,
        detail: str = "",
        verdict: Verdict = Verdict.INVALID,
        *,
        obstacle: Obstacle | None = None,
    ) -> "Check":
        return cls(code, Outcome.FAILED, sentence, detail, verdict, obstacle)

    @classmethod
    def unknown(cls, code: CheckCode, sentence: str, detail: str = "", *, obstacle: Obstacle | None = None) -> "Check":
        return cls(code, Outcome.UNKNOWN, sentence, detail, Verdict.UNKNOWN, obstacle)


SHORT, LONG, ADDRESS, MANY = 300, 5_000, 2_000, 20
"""How many characters of a name, a text and an address, and how many items of a list, are taken over as facts."""

_LONG_TEXTS = frozenset({"badge_description", "criteria_text", "description", "narrative", "comment"})
_ADDRESSES = frozenset({"url", "criteria_url", "issuer_url", "issuer_id", "id", "endorsed_id", "endorser_url"})


class _Capped:
    """A dataclass of a stranger's words: whatever was written, no more than a page can bear is taken over."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:  # type: ignore[attr-defined]
            value = getattr(self, name)
            if isinstance(value, str):
                most = LONG if name in _LONG_TEXTS else ADDRESS if name in _ADDRESSES else SHORT
                object.__setattr__(self, name, value.strip()[:most])
            elif isinstance(value, tuple):
                kept = (item[:SHORT] if isinstance(item, str) else item for item in value[:MANY])
                object.__setattr__(self, name, tuple(kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFact(_Capped):
    """One piece of evidence, as words."""

    name: str = ""
    url: str = ""
    """An http(s) address, or ""."""
    description: str = ""
    narrative: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignmentFact(_Capped):
    """One place in a framework, as words."""

    name: str = ""
    url: str = ""
    """An http(s) address, or ""."""
    framework: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts(_Capped):
    """What a page may say about the badge: short plain values from what was fetched or proven, and nothing else.

    Every text is a stranger's: to be escaped, and Markdown to be scrubbed. No plain identity of a recipient is
    ever among them.
    """

    badge_name: str = ""
    badge_description: str = ""
    criteria_text: str = ""
    """Markdown."""
    criteria_url: str = ""
    """An http(s) address, or ""."""
    image: bytes = field(default=b"", repr=False)
    """The picture as it was fetched, a PNG or SVG: never to be shown before it was scrubbed."""
    image_type: str = ""
    """``image/png`` or ``image/svg+xml``, by its bytes; "" without a picture."""
    image_caption: str = ""
    issuer_name: str = ""
    issuer_url: str = ""
    issuer_id: str = ""
    issued_on: datetime | None = None
    expires: datetime | None = None
    narrative: str = ""
    """Markdown."""
    evidence: tuple[EvidenceFact, ...] = ()
    alignments: tuple[AlignmentFact, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    badge_version: str = ""
    """The version of the badge class, as its issuer counts them."""
    recipient_type: str = ""
    """``email``, ``url``, ``telephone`` or ``id``."""
    recipient_hashed: bool | None = None
    """None when it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndorsementReport:
    """The result of verifying an endorsement: who said what about which thing, and whether it holds (OB2-ISS-141).

    The texts are filled only from what was fetched or proven; an endorsement proves who said it, not that it is true.
    """

    checks: tuple[Check, ...]
    verdict: Verdict
    checked_at: datetime
    id: str = ""
    """``id`` of the endorsement itself."""
    endorsed_id: str = ""
    """``id`` of what is endorsed."""
    comment: str = ""
    """Markdown."""
    endorser_name: str = ""
    endorser_url: str = ""
    endorser_id: str = ""
    issued_on: datetime | None = None
    form: Form | None = None
    fetched: tuple[Asked, ...] = ()
    document: Mapping[str, object] | None = None
    """The Endorsement as it was published or signed, with everything that is not understood here."""

    @property
    def summary(self) -> str:
        """The verdict in one sentence."""
        return ENDORSEMENT_SUMMARIES[self.verdict]

    def check(self, code: CheckCode) -> Check | None:
        """The step with this code; None when the endorsement did not need it."""
        return next((check for check in self.checks if check.code is code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The result of a verification, with the documents that were fetched or signed, never embedded copies."""

    checks: tuple[Check, ...]
    verdict: Verdict
    checked_at: datetime
    """HST-11: a stored result is shown with its time."""
    assertion: Mapping[str, object] | None
    """In the words of Open Badges 2.0, whatever the badge was written in (OB2-VER-10, OB2-VER-21)."""
    badge: Mapping[str, object] | None
    issuer: Mapping[str, object] | None
    version: str = ""
    """``2.0``, ``1.1``, ``1.0``, ``0.5``, ``3.0``, or "" when it is no badge."""
    form: Form | None = None
    facts: Facts = Facts()
    endorsements: tuple[EndorsementReport, ...] = ()
    """What the badge's documents name as endorsements of themselves, each with its own verdict."""
    fetched: tuple[Asked, ...] = ()
    differs: bool = False
    """What was brought says something else than the address that it names; only the address counts."""
    published: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """``assertion``, ``badge`` and ``issuer`` as they were written, unknown members included (OB2-HST-01)."""

    @property
    def summary(self) -> str:
        """The verdict in one sentence."""
        return SUMMARIES[self.verdict]

    def check(self, code: CheckCode) -> Check | None:
        """The step with this code; None when the badge did not need it."""
        return next((check for check in self.checks if check.code is code), None)


def verdict_of(checks: Iterable[Check]) -> Verdict:
    """What all steps say together. The first of these that applies:

    1. INVALID, forged: a proof (HOSTED, SIGNATURE, KEY, ISSUER) contradicts the badge. It is not its issuer's, so what
       the issuer says about the one that it pretends to be, revoked or expired, says nothing about it.
    2. REVOKED: its issuer took it back. What is missing since then (a picture, a key, a description that answers 410)
       only follows from that, and whose it is or how it was made changes nothing any more.
    3. INVALID: it is incomplete, dated in the future, without its documents, or somebody else's.
    4. UNKNOWN, unproven: a proof could not be had. Then nobody may say that it is genuine, not even that it is
       genuine and expired, whatever date it claims.
    5. EXPIRED: it is genuine and its time is over. What else could not be looked at (a picture, the list of revoked
       badges) would not bring it back.
    6. UNKNOWN: it is genuine, but something else about it could not be checked.
    7. VALID: everything passed.
    """
    said = tuple(checks)
    verdicts = {check.verdict for check in said}
    if any(check.verdict is Verdict.INVALID and _contradicts(check) for check in said):
        return Verdict.INVALID
    if not is_proven(said):
        verdicts.discard(Verdict.EXPIRED)
    order = (Verdict.REVOKED, Verdict.INVALID, Verdict.EXPIRED, Verdict.UNKNOWN)
    return next((verdict for verdict in order if verdict in verdicts), Verdict.VALID)


def is_proven(checks: Iterable[Check]) -> bool:
    """Whether no proof is missing: every step that shows where the badge comes from was made and passed."""
    return all(check.verdict is Verdict.VALID for check in checks if check.code in _PROOFS)


def _contradicts(check: Check) -> bool:
    """Whether a proof speaks against the badge: what was taken away is missing, which does not."""
    return check.code in _PROOFS and check.obstacle is not Obstacle.TAKEN_AWAY
