"""What a page may say about a credential, and the credential in the words of Open Badges 2.0."""

from badgeserver.openbadges.iris import is_http_url
from badgeserver.openbadges.moments import parse_datetime
from badgeserver.openbadges.report import AlignmentFact, EvidenceFact, Facts
from badgeserver.openbadges.v3.members import without_empty
from badgeserver.openbadges.v3.verification.reading import Document, id_of, items_of, object_of, objects_of, text_of
from badgeserver.openbadges.v3.verification.structure import dates_of

_RECIPIENT_TYPES = {"emailAddress": "email", "ext:telephone": "telephone", "ext:url": "url", "identifier": "id"}


def facts_of(document: Document, *, image: bytes = b"", image_type: str = "") -> Facts:
    """Short plain values from a credential whose signature has been looked at."""
    subject = object_of(document, "credentialSubject")
    achievement, issuer = object_of(subject, "achievement"), object_of(document, "issuer")
    criteria = object_of(achievement, "criteria")
    identity = next(iter(objects_of(subject, "identifier")), {})
    starts, ends = dates_of(document)
    hashed = identity.get("hashed")
    return Facts(
        badge_name=text_of(achievement, "name"),
        badge_description=text_of(achievement, "description"),
        criteria_text=text_of(criteria, "narrative"),
        criteria_url=_url(criteria.get("id")),
        image=image,
        image_type=image_type,
        image_caption=text_of(object_of(achievement, "image"), "caption"),
        issuer_name=text_of(issuer, "name"),
        issuer_url=_url(issuer.get("url")),
        issuer_id=id_of(document.get("issuer")),
        issued_on=parse_datetime(document.get("awardedDate")) or parse_datetime(starts),
        expires=parse_datetime(ends),
        narrative=text_of(subject, "narrative"),
        evidence=tuple(
            EvidenceFact(
                name=text_of(item, "name"),
                url=_url(item.get("id")),
                description=text_of(item, "description"),
                narrative=text_of(item, "narrative"),
            )
            for item in objects_of(document, "evidence")
        ),
        alignments=tuple(
            AlignmentFact(
                name=text_of(item, "targetName"),
                url=_url(item.get("targetUrl")),
                framework=text_of(item, "targetFramework"),
            )
            for item in objects_of(achievement, "alignment")
        ),
        tags=tuple(tag for tag in items_of(achievement.get("tag")) if isinstance(tag, str)),
        language=text_of(achievement, "inLanguage"),
        badge_version=text_of(achievement, "version"),
        recipient_type=_RECIPIENT_TYPES.get(text_of(identity, "identityType"), "id"),
        recipient_hashed=hashed if isinstance(hashed, bool) else None,
    )


def in_words_of_2(document: Document) -> tuple[dict[str, object], dict[str, object], dict[str, object]]:
    """Assertion, BadgeClass and issuer's Profile as Open Badges 2.0 would say them; empty members are left out."""
    subject = object_of(document, "credentialSubject")
    achievement, issuer = object_of(subject, "achievement"), object_of(document, "issuer")
    identity = next(iter(objects_of(subject, "identifier")), {})
    starts, ends = dates_of(document)
    recipient = without_empty(
        {
            "type": _RECIPIENT_TYPES.get(text_of(identity, "identityType"), "id"),
            "hashed": identity.get("hashed") is True,
            "identity": text_of(identity, "identityHash") or id_of(document.get("credentialSubject")),
            "salt": text_of(identity, "salt"),
        }
    )
    assertion = without_empty(
        {
            "id": document.get("id"),
            "type": "Assertion",
            "recipient": recipient,
            "badge": achievement.get("id"),
            "issuedOn": document.get("awardedDate", starts),
            "expires": ends,
            "narrative": subject.get("narrative"),
            "evidence": document.get("evidence"),
        }
    )
    badge = without_empty(
        {
            "id": achievement.get("id"),
            "type": "BadgeClass",
            "name": achievement.get("name"),
            "description": achievement.get("description"),
            "image": achievement.get("image"),
            "criteria": achievement.get("criteria"),
            "issuer": id_of(document.get("issuer")),
            "alignment": achievement.get("alignment"),
            "tags": achievement.get("tag"),
            "@language": achievement.get("inLanguage"),
            "version": achievement.get("version"),
        }
    )
    profile = without_empty(
        {
            "id": id_of(document.get("issuer")),
            "type": "Issuer",
            "name": issuer.get("name"),
            "url": issuer.get("url"),
            "email": issuer.get("email"),
            "description": issuer.get("description"),
            "telephone": issuer.get("phone"),
            "image": issuer.get("image"),
        }
    )
    return assertion, badge, profile


def _url(value: object) -> str:
    return value if isinstance(value, str) and is_http_url(value) else ""
