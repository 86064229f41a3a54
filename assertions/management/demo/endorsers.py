"""Who stands up for the demo's issuers, badges and awards: a second organisation, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from assertions.actions.endorsements import accept_endorsement, give_endorsement
from assertions.models import Assertion, EndorsementNotice
from assertions.sharing.endorsements import Subject
from badges.models import BadgeClass
from badgeserver.accounts.models import User
from issuers.models import Issuer, Organisation

from .awards import awards
from .people import ACADEMY, ISSUERS
from .records import DemoIssuer, DemoStaff, StaffRole

ASSOCIATION_NAME = "Northern Ports Association"

ASSOCIATION = DemoIssuer(
    key="northern-ports",
    name=ASSOCIATION_NAME,
    url="https://northern-ports.example",
    email="badges@northern-ports.example",
    telephone="",
    description="Eighteen ports between the Scheldt and the Sound agree here on what their people must be able to do, "
    "and on whose word they take for it.",
    language="en",
    logo_alt="A lighthouse over two waves",
)

SECRETARY = DemoStaff(
    key="ines",
    given_name="Ines",
    family_name="Halvorsen",
    email="ines.halvorsen@northern-ports.example",
    role=StaffRole.OWNER,
    job_title="Secretary for training",
)

LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96">
<rect width="96" height="96" rx="18" fill="#12324a"/>
<path d="M42 22h12l4 38H38z" fill="#f4efe4"/>
<path d="M40.6 34h14.8l1 9H39.6z" fill="#d8552f"/>
<path d="M44 14h8v8h-8z" fill="#f2c14e"/>
<path d="M52 15l26-7v14zM44 15L18 8v14z" fill="#f2c14e" opacity=".55"/>
<path d="M12 66q9-8 18 0t18 0 18 0 18 0" fill="none" stroke="#5fb3c8" stroke-width="5" stroke-linecap="round"/>
<path d="M12 79q9-8 18 0t18 0 18 0 18 0" fill="none" stroke="#5fb3c8" stroke-width="5" opacity=".6"/>
</svg>"""


@dataclass(frozen=True, slots=True)
class DemoEndorsement:
    """What is said of an issuer or a badge by its key, or of the featured award; some wait for an answer."""

    comment: str
    days_ago: int
    issuer: str = ""
    badge: str = ""
    is_of_featured_award: bool = False
    is_accepted: bool = True


ENDORSEMENTS = (
    DemoEndorsement(
        issuer=ACADEMY,
        days_ago=210,
        comment="We visited the academy twice in 2025 and sat in on its assessments. "
        "**Every badge we looked at was earned in front of an assessor**, and each could be checked at its source.",
    ),
    DemoEndorsement(
        badge="forklift-safety-class-ii",
        days_ago=120,
        comment="All eighteen member ports accept this badge in place of their own forklift test. It asks for:\n\n"
        "- a practical drive under load, seen by two people\n"
        "- a renewal before anybody has forgotten what they learned",
    ),
    DemoEndorsement(
        is_of_featured_award=True,
        days_ago=12,
        comment="I was in the room when this was assessed, as the visiting member of the jury. *Rarely have I seen it "
        "done so calmly.* Ines Halvorsen, secretary for training",
    ),
    DemoEndorsement(
        badge="cyber-safe-at-work",
        days_ago=2,
        is_accepted=False,
        comment="Short, practical, and renewed every year. We recommend it to every port that asks us where to begin.",
    ),
)


def add_endorsements(
    organisation: Organisation,
    badges: Mapping[str, BadgeClass],
    *,
    endorser: Issuer,
    secretary: User,
    owner: User,
    now: datetime,
) -> None:
    """Let the association say what it says, and the demo organisation accept most of it; mails count as sent."""
    for said in ENDORSEMENTS:
        at = now - timedelta(days=said.days_ago)
        endorsement = give_endorsement(
            endorser=endorser,
            subject=_subject(said, organisation, badges, now=now),
            comment=said.comment,
            by=secretary,
            at=at,
        )
        EndorsementNotice.objects.filter(endorsement=endorsement).update(handed_over_at=at, sent_at=at)
        if said.is_accepted:
            accept_endorsement(endorsement=endorsement, by=owner, at=at + timedelta(hours=5))


def _subject(
    said: DemoEndorsement, organisation: Organisation, badges: Mapping[str, BadgeClass], *, now: datetime
) -> Subject:
    if said.issuer:
        name = next(issuer.name for issuer in ISSUERS if issuer.key == said.issuer)
        return organisation.issuers.get(name=name)
    if said.badge:
        return badges[said.badge]
    featured = next(award for award in awards(now.date()) if award.featured)
    held = Assertion.objects.of_organisation(organisation).of_recipient([featured.person])
    return held.get(badge_class__series=badges[featured.badge].series)
