"""The shapes of the demo data: plain frozen records that the loader turns into rows."""

import calendar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from badges.designer.spec import Design


class Category(StrEnum):
    """What kind of thing a badge shows."""

    TECHNICAL = "technical"
    DURABLE = "durable"
    VALUES = "values"


class Purpose(StrEnum):
    """What the organisation gives a badge for."""

    SKILL = "skill"
    COMPLIANCE = "compliance"
    VALUES = "values"
    FUN = "fun"


class StepKind(StrEnum):
    """In which way a step towards a badge is taken."""

    COURSE = "COURSE"
    PROJECT = "PROJECT"
    ON_THE_JOB = "ON_THE_JOB"
    ASSESSMENT = "ASSESSMENT"
    BADGE = "BADGE"


class BadgeState(StrEnum):
    """Where a badge class stands in its life."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class StaffRole(StrEnum):
    """What a member of staff may do in the demo organisation."""

    OWNER = "owner"
    EDITOR = "editor"
    AWARDER = "awarder"
    REVIEWER = "reviewer"
    REPORTER = "reporter"


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """The tenant that owns both issuers."""

    key: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class DemoIssuer:
    """One Issuer profile; `logo` is drawn by `programme.issuer_logo`."""

    key: str
    name: str
    url: str
    email: str
    telephone: str
    description: str
    language: str
    logo_alt: str


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """A person who signs in to run the programme."""

    key: str
    given_name: str
    family_name: str
    email: str
    role: StaffRole
    job_title: str

    @property
    def name(self) -> str:
        """Full name as shown."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the workforce who may be awarded badges; `email` is the key of a person."""

    given_name: str
    family_name: str
    email: str
    department: str
    job_title: str

    @property
    def name(self) -> str:
        """Full name as shown."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class Step:
    """One step towards a badge; a step of kind BADGE names the badge class it needs."""

    kind: StepKind
    text: str
    url: str = ""
    needs_badge: str = ""


@dataclass(frozen=True, slots=True)
class Alignment:
    """What a badge class aligns to, in the words of AlignmentObject."""

    name: str
    url: str
    code: str
    framework: str
    description: str = ""
    level: int | None = None


def _end_of_day(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Validity:
    """How long an award holds: for ever, for some months, or until the last day of a coming year."""

    kind: Literal["never", "months", "until"] = "never"
    months: int = 0
    years_ahead: int = 0

    def until(self, today: date) -> date | None:
        """Return the fixed day on which every award ends, or None if there is none.

        The day moves with `today` so that the demo never opens with a programme that is long over.
        """
        return date(today.year + self.years_ahead, 12, 31) if self.kind == "until" else None

    def expires(self, awarded_at: datetime, *, today: date) -> datetime | None:
        """Return the last second of an award given at `awarded_at`, or None if it never ends."""
        if self.kind == "months":
            month = awarded_at.month - 1 + self.months
            year, month = awarded_at.year + month // 12, month % 12 + 1
            day = min(awarded_at.day, calendar.monthrange(year, month)[1])
            return _end_of_day(date(year, month, day))
        fixed = self.until(today)
        return _end_of_day(fixed) if fixed else None


NEVER = Validity()


def months(count: int) -> Validity:
    """Return a validity of `count` months from the award."""
    return Validity(kind="months", months=count)


def until_end_of_year(years_ahead: int) -> Validity:
    """Return a validity until 31 December, `years_ahead` years after the year of today."""
    return Validity(kind="until", years_ahead=years_ahead)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoBadge:
    """One BadgeClass with everything a form of the product asks."""

    key: str
    issuer: str
    name: str
    description: str
    category: Category
    level: int | None
    tags: tuple[str, ...]
    criteria_narrative: str
    steps: tuple[Step, ...]
    learned: str
    assessed: str
    alignments: tuple[Alignment, ...]
    design: Design
    image_alt: str
    purpose: Purpose = Purpose.SKILL
    validity: Validity = NEVER
    criteria_url: str = ""
    image_author: str = ""
    apply_url: str = ""
    licence: str = ""
    place: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    image_form: Literal["svg", "png"] = "svg"
    state: BadgeState = BadgeState.PUBLISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoVersion:
    """What a badge says from so many days before today on; `invites` those who hold an earlier version."""

    badge: str
    days_before: int  # 0 for the first version, which is as old as the programme
    change_note: str
    said: DemoBadge
    invites: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCorrection:
    """A typo in a current version, mended so many days before today."""

    badge: str
    days_before: int
    note: str
    assessed: str


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One piece of Evidence: an address, a text or both."""

    name: str
    narrative: str = ""
    url: str = ""
    genre: str = ""
    description: str = ""
    audience: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAward:
    """One Assertion to come: `badge` is a badge key, `person` and `awarded_by` are e-mail addresses.

    `key` is stable for the same plan. `expires_at` follows the validity of the badge class. `renews` holds
    the key of the expired award that this one renews.
    """

    key: str
    badge: str
    person: str
    awarded_by: str
    awarded_at: datetime
    expires_at: datetime | None = None
    narrative: str = ""
    evidence: tuple[EvidenceItem, ...] = field(default=())
    name_shown: bool = False
    revoked_at: datetime | None = None
    revocation_reason: str = ""
    featured: bool = False
    renews: str = ""

    def is_valid(self, at: datetime) -> bool:
        """Say whether the award is in force at that time."""
        return self.revoked_at is None and (self.expires_at is None or at <= self.expires_at)
