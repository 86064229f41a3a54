"""Endorsements as people see them: what a public address stands for, who says what about it, and who waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from assertions.models import Assertion, Endorsement
from assertions.models.assertion import AssertionQuerySet
from assertions.models.endorsement import EndorsementQuerySet
from badges.models import BadgeClass, Visibility
from issuers.models import Issuer, Organisation
from issuers.queries import own_origins

Subject = Issuer | BadgeClass | Assertion
"""What can be endorsed (OB2-ISS-140)."""

#: The addresses that are an `id` of something endorsable; people may paste what lies below them too.
_IDS = {"issuer", "issuer-generation", "badge", "badge-generation", "badge-language", "assertion"}


def subject_at(address: str, *, is_exact: bool = False) -> Subject | None:
    """Return the issuer, badge or award that a public address of this server stands for, or None.

    People paste addresses of pictures and pages too; what a document claims (`is_exact`) must be an `id`. Drafts are
    not there.
    """
    text = address.strip().strip("<>\"'")
    if text.lower().startswith("urn:uuid:"):
        return _signed_award(text[len("urn:uuid:") :])
    if not is_exact and "://" not in text:
        text = f"{urlsplit(settings.SITE_URL).scheme}://{text}"
    try:
        parts = urlsplit(text)
        match = resolve(parts.path if is_exact else parts.path.rstrip("/"))
    except (ValueError, Resolver404):
        return None
    if "public" not in match.namespaces:
        return None
    if is_exact and (match.url_name not in _IDS or parts.query or parts.fragment):
        return None
    found = _found(match.kwargs)
    base = f"{parts.scheme}://{parts.netloc}".lower()
    return found if base in own_origins() else None


def _found(named: dict[str, Any]) -> Subject | None:
    if "assertion" in named:
        return _awards().filter(pk=named["assertion"]).first()
    if "badge" in named:
        badges = BadgeClass.objects.public().select_related("issuer__organisation")
        return badges.filter(pk=named["badge"]).first()
    return (
        Issuer.objects.select_related("organisation").filter(pk=named["issuer"]).first() if "issuer" in named else None
    )


def _signed_award(text: str) -> Assertion | None:
    try:
        return _awards().filter(signed_uuid=UUID(text)).first()
    except ValueError:
        return None


def _awards() -> AssertionQuerySet:
    return Assertion.objects.public().select_related("badge_class", "issuer__organisation").defer("signed_json", "jws")


# --- What is endorsed, in words ------------------------------------------------------------------------------


def organisation_of(subject: Subject) -> Organisation:
    """Return to whom it belongs; the issuer's organisation is read."""
    return subject.organisation if isinstance(subject, Issuer) else subject.issuer.organisation


def kind_of(subject: Subject) -> str:
    """Return issuer, badge or award."""
    if isinstance(subject, Issuer):
        return "issuer"
    return "badge" if isinstance(subject, BadgeClass) else "award"


def subject_name(subject: Subject) -> str:
    """Return the name of the issuer or badge; of an award, that of its badge: whose it is does not matter here."""
    return subject.badge_class.name if isinstance(subject, Assertion) else subject.name


@dataclass(frozen=True, slots=True)
class SubjectCard:
    """What is endorsed, for pages of people who do not belong to it: only what the world may see."""

    subject: Subject
    kind: str
    name: str
    line: str
    url: str
    picture_url: str

    @property
    def language(self) -> str:
        """The language of the name; nothing for an issuer, whose language nobody knows."""
        if isinstance(self.subject, Issuer):
            return ""
        return (self.subject.badge_class if isinstance(self.subject, Assertion) else self.subject).language


def subject_card(subject: Subject) -> SubjectCard:
    """Return how it is shown. An issuer without a logo has no picture."""
    kind, name = kind_of(subject), subject_name(subject)
    if isinstance(subject, Issuer):
        picture = reverse("public:issuer-image", args=[subject.pk]) if subject.image else ""
        return SubjectCard(subject, kind, name, _("Issuer"), reverse("public:issuer", args=[subject.pk]), picture)
    badge_class = subject.badge_class if isinstance(subject, Assertion) else subject
    picture = reverse("public:badge-image", args=[badge_class.pk])
    if isinstance(subject, Assertion):
        line = _("Award by %(issuer)s") % {"issuer": subject.issuer.name}
        return SubjectCard(subject, kind, name, line, reverse("public:assertion", args=[subject.pk]), picture)
    line = _("Badge of %(issuer)s") % {"issuer": subject.issuer.name}
    return SubjectCard(subject, kind, name, line, reverse("public:badge", args=[subject.pk]), picture)


# --- Endorsements --------------------------------------------------------------------------------------------


def with_parts(endorsements: EndorsementQuerySet) -> EndorsementQuerySet:
    """Return them with who gave them and what they are about, in one query."""
    return endorsements.select_related(
        "endorser__organisation",
        "issuer__organisation",
        "badge_class__issuer__organisation",
        "assertion__badge_class",
        "assertion__issuer__organisation",
    ).defer("assertion__hosted_json", "assertion__signed_json", "assertion__jws")


def public_endorsement(endorsement_id: UUID) -> Endorsement | None:
    """Return what lies at a public address: what was given here, and what from elsewhere is shown here."""
    internal = Q(badge_class__visibility=Visibility.INTERNAL) | Q(
        assertion__badge_class__visibility=Visibility.INTERNAL
    )
    found = with_parts(Endorsement.objects.exclude(internal)).filter(pk=endorsement_id).first()
    if found is None or found.endorser_id is not None:
        return found
    return found if found.status == Endorsement.Status.ACCEPTED and found.holds else None


#: The lists of the workspace, by the name in their address.
WAITING, SHOWN, NOT_SHOWN, GIVEN = "waiting", "shown", "not-shown", "given"


def endorsements_of(organisation: Organisation, view: str) -> EndorsementQuerySet:
    """Return one of the four lists of an organisation, newest first."""
    received = Endorsement.objects.received_by(organisation)
    standing = received.filter(revoked_at=None)
    rows = {
        WAITING: standing.filter(status=Endorsement.Status.PENDING),
        SHOWN: received.shown(),
        NOT_SHOWN: standing.filter(Q(status=Endorsement.Status.DECLINED) | Q(holds=False)),
        GIVEN: Endorsement.objects.given_by(organisation),
    }
    return with_parts(rows[view].newest_first())


def waiting_endorsements(organisation: Organisation) -> int:
    return endorsements_of(organisation, WAITING).count()


@dataclass(frozen=True, slots=True)
class EndorsementLine:
    """One endorsement with what to say about it in the workspace."""

    endorsement: Endorsement
    card: SubjectCard
    endorser_name: str
    state: str
    tone: str


def endorsement_lines(endorsements: Iterable[Endorsement]) -> list[EndorsementLine]:
    return [endorsement_line(endorsement) for endorsement in endorsements]


def endorsement_line(endorsement: Endorsement) -> EndorsementLine:
    state, tone = _state(endorsement)
    name = endorsement.endorser.name if endorsement.endorser else endorsement.endorser_name
    return EndorsementLine(endorsement, subject_card(endorsement.subject), name, state, tone)


def _state(endorsement: Endorsement) -> tuple[str, str]:
    if endorsement.revoked_at is not None:
        return _("Taken back"), "neutral"
    if endorsement.holds is False:
        return _("No longer holds"), "bad"
    return {
        Endorsement.Status.PENDING.value: (_("Waiting for their answer"), "info"),
        Endorsement.Status.ACCEPTED.value: (_("Shown"), "good"),
        Endorsement.Status.DECLINED.value: (_("Not shown"), "neutral"),
    }[endorsement.status]


@dataclass(frozen=True, slots=True)
class EndorsementPage:
    """One endorsement as the world sees it."""

    endorsement: Endorsement
    card: SubjectCard
    endorser_name: str
    endorser_url: str
    is_shown: bool
    checked_at: datetime | None


def endorsement_page(endorsement: Endorsement) -> EndorsementPage:
    endorser = endorsement.endorser
    return EndorsementPage(
        endorsement=endorsement,
        card=subject_card(endorsement.subject),
        endorser_name=endorser.name if endorser else endorsement.endorser_name,
        endorser_url=reverse("public:issuer", args=[endorser.pk]) if endorser else endorsement.endorser_url,
        is_shown=endorsement.status == Endorsement.Status.ACCEPTED,
        checked_at=endorsement.checked_at,
    )
