"""Whether a credential is well-formed: what its published JSON Schema asks for, and what that overlooks."""

import re
from collections.abc import Callable

from badgeserver.openbadges.iris import is_data_image, is_http_url
from badgeserver.openbadges.moments import parse_datetime
from badgeserver.openbadges.v3.members import is_identifier
from badgeserver.openbadges.v3.verification.reading import Document, items_of, object_of, types_of
from badgeserver.openbadges.v3.vocabulary import BADGE_TYPES, CONTEXT_CREDENTIALS, CONTEXT_OB_PATTERN

CONTEXT_CREDENTIALS_1 = "https://www.w3.org/2018/credentials/v1"
"""First context of credentials from before version 2.0 of the data model, whose dates have other names."""

_IDENTITY_TYPES = frozenset(
    {
        "name",
        "sourcedId",
        "systemId",
        "productId",
        "userName",
        "accountId",
        "emailAddress",
        "nationalIdentityNumber",
        "isbn",
        "issn",
        "lisSourcedId",
        "oneRosterSourcedId",
        "sisSourcedId",
        "ltiContextId",
        "ltiDeploymentId",
        "ltiToolId",
        "ltiPlatformId",
        "ltiUserId",
        "identifier",
    }
)
_EXTENSION_TYPE = re.compile(r"ext:[A-Za-z0-9._-]+", re.ASCII)


def dates_of(document: Document) -> tuple[object, object]:
    """From when and until when a credential holds, under the names of its own version."""
    return (
        document.get("validFrom", document.get("issuanceDate")),
        document.get("validUntil", document.get("expirationDate")),
    )


def credential_problems(document: Document) -> list[str]:
    """What a credential lacks (OB3-01 to 05)."""
    starts_as, ends_as = dates_of(document)
    starts, ends = parse_datetime(starts_as), parse_datetime(ends_as)
    issuer, subject = document.get("issuer"), object_of(document, "credentialSubject")
    found = [
        (_are_contexts(document.get("@context")), "The badge does not name the vocabulary that it is written in."),
        ("VerifiableCredential" in types_of(document), "The badge does not call itself a credential."),
        (is_identifier(document.get("id")), "The badge has no proper identifier."),
        (_is_issuer(issuer), "The badge does not properly say who issues it."),
        (starts is not None, "The badge has no proper date of issue."),
        (ends_as is None or ends is not None, "The badge’s expiry date is not a proper date."),
        (starts is None or ends is None or ends > starts, "The badge expires before it was issued."),
        ("AchievementSubject" in types_of(subject), "The badge does not properly say who received it."),
        (
            is_identifier(subject.get("id")) or _is_mail_address(subject.get("id")) or bool(subject.get("identifier")),
            "The badge does not say who received it.",
        ),
        (_each(subject, "identifier", _is_identity), "The badge does not properly say who received it."),
        (_is_image(subject.get("image")), "The award’s image is not given properly."),
        (_each(document, "evidence", _is_evidence), "The award’s evidence is not given properly."),
        (_is_single_object(document.get("credentialStatus")), "The badge does not properly say how it is revoked."),
        (not _says_nothing(document), "A part of the badge is left empty that has to be left out."),
    ]
    return [sentence for fine, sentence in found if not fine] + achievement_problems(object_of(subject, "achievement"))


def achievement_problems(achievement: Document) -> list[str]:
    """What an Achievement lacks. Empty criteria are looked at by a step of their own."""
    found = [
        (is_identifier(achievement.get("id")), "What was achieved has no proper identifier."),
        ("Achievement" in types_of(achievement), "The badge does not say what was achieved."),
        (_is_text(achievement.get("name")), "The badge has no name."),
        (_is_text(achievement.get("description")), "The badge has no description."),
        (isinstance(achievement.get("criteria"), dict), "The badge does not say what it takes to earn it."),
        (_is_image(achievement.get("image")), "The badge’s image is not given properly."),
        (_is_optional_text(achievement.get("version")), "The badge’s version is not a text."),
        (
            all(isinstance(tag, str) for tag in items_of(achievement.get("tag"))),
            "The badge’s tags are not words.",
        ),
        (_each(achievement, "alignment", _is_alignment), "The badge is aligned to something without name or address."),
        (_each(achievement, "related", _is_related), "The badge’s links to related badges are not given properly."),
    ]
    return [sentence for fine, sentence in found if not fine]


def is_badge(document: Document) -> bool:
    """Whether a credential is one about an achievement (OB3-03)."""
    return bool(types_of(document) & BADGE_TYPES)


def _are_contexts(contexts: object) -> bool:
    if not isinstance(contexts, list) or len(contexts) < 2:
        return False
    first, second = contexts[0], contexts[1]
    known = first in (CONTEXT_CREDENTIALS, CONTEXT_CREDENTIALS_1)
    return known and isinstance(second, str) and CONTEXT_OB_PATTERN.fullmatch(second) is not None


def _is_issuer(issuer: object) -> bool:
    if isinstance(issuer, dict):
        return is_identifier(issuer.get("id")) and "Profile" in types_of(issuer) and _is_image(issuer.get("image"))
    return is_identifier(issuer)


def _is_image(image: object) -> bool:
    if image is None:
        return True
    if not isinstance(image, dict):
        return False
    return "Image" in types_of(image) and (is_http_url(image.get("id")) or is_data_image(image.get("id")))


def _is_identity(identity: Document) -> bool:
    kind = identity.get("identityType")
    return (
        "IdentityObject" in types_of(identity)
        and isinstance(identity.get("hashed"), bool)
        and _is_text(identity.get("identityHash"))
        and isinstance(kind, str)
        and (kind in _IDENTITY_TYPES or _EXTENSION_TYPE.fullmatch(kind) is not None)
        and _is_optional_text(identity.get("salt"))
    )


def _is_evidence(evidence: Document) -> bool:
    return "Evidence" in types_of(evidence) and _is_optional_text(evidence.get("id"))


def _is_alignment(alignment: Document) -> bool:
    named = _is_text(alignment.get("targetName")) and is_http_url(alignment.get("targetUrl"))
    return "Alignment" in types_of(alignment) and named


def _is_related(related: Document) -> bool:
    return "Related" in types_of(related) and is_identifier(related.get("id"))


def _is_single_object(value: object) -> bool:
    return value is None or (isinstance(value, dict) and bool(types_of(value)))


def _each(document: Document, key: str, is_fine: Callable[[Document], bool]) -> bool:
    return all(isinstance(item, dict) and is_fine(item) for item in items_of(document.get(key)))


def _is_mail_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith("mailto:")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_optional_text(value: object) -> bool:
    return value is None or isinstance(value, str)


def _says_nothing(document: Document) -> bool:
    waiting: list[object] = [document]
    while waiting:
        value = waiting.pop()
        if value is None:
            return True
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return False
