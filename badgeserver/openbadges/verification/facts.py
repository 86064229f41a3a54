"""The facts of a badge, as short plain values: only what was fetched, or what a signature has proven."""

from badgeserver.openbadges.iris import is_http_url
from badgeserver.openbadges.moments import parse_datetime
from badgeserver.openbadges.report import AlignmentFact, EvidenceFact, Facts
from badgeserver.openbadges.verification.case import Case
from badgeserver.openbadges.verification.members import Document, iri_of, items_of, object_of, text_of
from badgeserver.openbadges.verification.picture import picture_of
from badgeserver.openbadges.verification.structure import criteria_of
from badgeserver.openbadges.vocabulary import RecipientType


def facts_of(case: Case, *, is_proven: bool) -> Facts:
    """What can be told about a badge; what the award itself says only when it ``is_proven``."""
    award = _believed(case.assertion.document if is_proven and not case.withdrawn else None)
    badge, issuer = _believed(case.badge.document), _believed(case.issuer.document)
    picture = picture_of(case)
    criteria_text, criteria_url = criteria_of(badge)
    recipient = object_of(award, "recipient")
    hashed = recipient.get("hashed")
    return Facts(
        badge_name=text_of(badge, "name"),
        badge_description=text_of(badge, "description"),
        criteria_text=criteria_text,
        criteria_url=criteria_url,
        image=picture.image,
        image_type=picture.media_type,
        image_caption=text_of(object_of(badge, "image"), "caption"),
        issuer_name=text_of(issuer, "name"),
        issuer_url=_url(issuer.get("url")),
        issuer_id=iri_of(issuer.get("id")),
        issued_on=parse_datetime(award.get("issuedOn")),
        expires=parse_datetime(award.get("expires")),
        narrative=text_of(award, "narrative"),
        evidence=tuple(_evidence(item) for item in items_of(award.get("evidence"))),
        alignments=tuple(_alignment(item) for item in items_of(badge.get("alignment")) if isinstance(item, dict)),
        tags=tuple(item for item in items_of(badge.get("tags")) if isinstance(item, str)),
        language=_language(text_of(badge, "@language")),
        badge_version=str(badge["version"]) if isinstance(badge.get("version"), (str, int, float)) else "",
        recipient_type=next((item for item in items_of(recipient.get("type")) if item in tuple(RecipientType)), ""),  # type: ignore[arg-type]
        recipient_hashed=hashed if isinstance(hashed, bool) else None,
    )


def _believed(document: Document | None) -> Document:
    return document or {}


def _url(value: object) -> str:
    address = iri_of(value)
    return address if is_http_url(address) else ""


def _evidence(item: object) -> EvidenceFact:
    if not isinstance(item, dict):
        return EvidenceFact(url=_url(item))
    return EvidenceFact(
        name=text_of(item, "name"),
        url=_url(item.get("id")),
        description=text_of(item, "description"),
        narrative=text_of(item, "narrative"),
    )


def _alignment(item: Document) -> AlignmentFact:
    return AlignmentFact(
        name=text_of(item, "targetName"), url=_url(item.get("targetUrl")), framework=text_of(item, "targetFramework")
    )


def _language(tag: str) -> str:
    """A language tag as people write it: ``en-US``."""
    first, *rest = tag.split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])
