"""An award as strangers may see it: read-only, for its page, its pictures, its card and its check."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from assertions.models import Assertion, BakedImage
from badges.insights.languages import WordedBadge, for_reader
from badges.models import BadgeClass
from badges.queries import BadgePage, next_badges, parts
from badgeserver.markdown import render_markdown


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    name: str
    url: str
    narrative: SafeString
    description: str
    genre: str
    audience: str

    @property
    def title(self) -> str:
        """Its name; where it has none, the site that it is on."""
        return self.name or urlsplit(self.url).hostname or _("Evidence")


@dataclass(frozen=True, slots=True)
class PublicAward:
    """One award as anybody may see it. `state` is valid, expired or revoked; `holder` is a name, or nothing."""

    assertion: Assertion
    badge: BadgePage
    worded: WordedBadge
    holder: str
    narrative: SafeString
    evidence: list[EvidenceItem]
    state: str
    next_badges: list[BadgeClass]

    @property
    def is_being_prepared(self) -> bool:
        """Not signed and baked yet; the hosted form is there already."""
        return self.assertion.finished_at is None and self.state != "revoked"


# What programs ask all day long: building this query through the ORM takes four times as long as answering it.
_HOSTED_FORM = (
    'SELECT a."hosted_json", a."revocation_reason", a."origin" FROM "assertions_assertion" a '
    'JOIN "badges_badgeclass" b ON b."id" = a."badge_class_id" WHERE a."id" = %s AND b."visibility" <> \'INTERNAL\''
)


def hosted_form(assertion_id: UUID) -> tuple[str, str, str] | None:
    """Return the stored document, the reason of the revocation (empty unless it was revoked), and the origin."""
    with connection.cursor() as cursor:
        key = Assertion._meta.pk.get_db_prep_value(assertion_id, connection)  # noqa: SLF001 -- public by documentation
        cursor.execute(_HOSTED_FORM, [key])
        found: tuple[str, str, str] | None = cursor.fetchone()
    return found


def signed_form(assertion_id: UUID) -> Assertion | None:
    """Return what is needed to answer with the signature, or to say why there is none."""
    found = Assertion.objects.public().only("jws", "revoked_at", "revocation_reason")
    return found.filter(pk=assertion_id).first()


def credential_form(assertion_id: UUID) -> Assertion | None:
    """Return what is needed to answer with the 3.0 credential, or to say why there is none."""
    found = Assertion.objects.public().only("credential_jwt", "revoked_at", "revocation_reason")
    return found.filter(pk=assertion_id).first()


def pictured_award(assertion_id: UUID) -> Assertion | None:
    """Return the award with what its pictures and its card need."""
    found = Assertion.objects.public().select_related("badge_class", "issuer")
    return (
        found.defer("hosted_json", "signed_json", "jws", "credential_jwt", "narrative").filter(pk=assertion_id).first()
    )


def baked_image(assertion: Assertion, form: str) -> BakedImage | None:
    return assertion.baked_images.filter(form=form).first()


def award_of_any_id(name: UUID) -> Assertion | None:
    """Return the award whose hosted form, signed form or 3.0 credential has this id."""
    found = Assertion.objects.public().select_related("badge_class", "issuer")
    return found.filter(Q(pk=name) | Q(signed_uuid=name) | Q(credential_uuid=name)).first()


def public_award(assertion_id: UUID, *, at: datetime, accepted: str = "") -> PublicAward | None:
    """Return everything of the public page, in six queries; the badge in the language that `accepted` wishes for."""
    assertion = (
        Assertion.objects.public()
        .filter(pk=assertion_id)
        .select_related("issuer__organisation", "badge_class__issuer__organisation")
        .defer("hosted_json", "signed_json", "jws", "credential_jwt")
        .prefetch_related(*parts("badge_class__"), "evidence")
        .first()
    )
    if assertion is None:
        return None
    worded = for_reader(assertion.badge_class, accepted)
    return PublicAward(
        assertion=assertion,
        badge=worded.page,
        worded=worded,
        holder=shown_name(assertion),
        narrative=_html(assertion.narrative),
        evidence=evidence_items(assertion),
        state=public_state(assertion, at=at),
        next_badges=[] if assertion.revoked_at else list(next_badges(assertion.badge_class, is_public=True)),
    )


def evidence_items(assertion: Assertion) -> list[EvidenceItem]:
    """Return the evidence of an award in its order, each with everything that is said of it."""
    return [
        EvidenceItem(
            name=item.name,
            url=item.url,
            narrative=_html(item.narrative),
            description=item.description,
            genre=item.genre,
            audience=item.audience,
        )
        for item in assertion.evidence.all()
    ]


def public_state(assertion: Assertion, *, at: datetime) -> str:
    if assertion.revoked_at is not None:
        return "revoked"
    return "expired" if assertion.is_expired(at) else "valid"


def shown_name(assertion: Assertion) -> str:
    """Return the recipient's name if they agreed to show it. An address is no name, whoever typed it there."""
    return "" if "@" in assertion.recipient_name else assertion.public_name


def _html(markdown: str) -> SafeString:
    return mark_safe(render_markdown(markdown)) if markdown.strip() else SafeString("")
