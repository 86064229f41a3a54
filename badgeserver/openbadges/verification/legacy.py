"""Documents of every version of Open Badges, in the words of 2.0 (OB2-VER-21)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

from badgeserver.openbadges.contexts import PROPERTIES, V1, is_v1, is_v2
from badgeserver.openbadges.errors import InvalidJson, OpenBadgesError
from badgeserver.openbadges.iris import is_http_url
from badgeserver.openbadges.moments import format_datetime, parse_datetime
from badgeserver.openbadges.verification.kinds import Kind
from badgeserver.openbadges.verification.linked_data import Analysed, analysed
from badgeserver.openbadges.verification.members import Document, items_of, object_of, verification_type
from badgeserver.openbadges.vocabulary import ObjectType, VerificationType

_CREDENTIAL_CONTEXTS = ("https://www.w3.org/ns/credentials/", "https://www.w3.org/2018/credentials/")

_UNIX_TIME = re.compile(r"\d{9,11}(\.\d+)?", re.ASCII)
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(T[0-9:.,]+)?", re.ASCII)

_FULL_NAMES = frozenset(PROPERTIES.values())

_DEFAULT_TYPES = {
    Kind.AWARD: ObjectType.ASSERTION,
    Kind.BADGE: ObjectType.BADGE_CLASS,
    Kind.ISSUER: ObjectType.ISSUER,
}


class OtherStandard(OpenBadgesError):
    """A document that follows a standard which is not read here; ``version`` names it where it is known."""

    def __init__(self, version: str) -> None:
        named = f"Open Badges {version}" if version else "another standard than Open Badges"
        super().__init__(f"follows {named}, which cannot be checked here.")
        self.version = version


@dataclass(frozen=True, slots=True)
class Understood:
    """A document in the words of 2.0, and the version it was written in."""

    version: str
    analysed: Analysed


def understood(document: Document, kind: Kind, address: str = "") -> Understood:
    """Read a document of any version; ``address`` is where it was found, "" when it was brought.

    Raises InvalidJson for what is none, OtherStandard, and TooMuch.
    """
    version = version_of(document)
    if version == "2.0":
        return Understood(version, analysed(document))
    if kind is Kind.REVOCATIONS and version in {"1.1", ""}:
        return Understood(version or "1.0", Analysed(_revocations(document)))
    if version == "1.1":
        return Understood(version, _upgraded(analysed(document), kind, address))
    if version:
        raise OtherStandard(version)
    if document.get("@context") is not None:
        return Understood("2.0", _by_its_own_words(document))
    return _without_context(document, kind, address)


def version_of(document: Document) -> str:
    """The Open Badges version that a document follows, by its context (OB2-ISS-04); "" when that tells none."""
    contexts = items_of(document.get("@context"))
    if any(is_v2(item) for item in contexts):
        return "2.0"
    if any(is_v1(item) for item in contexts):
        return "1.1"
    if any(isinstance(item, str) and item.startswith(_CREDENTIAL_CONTEXTS) for item in contexts):
        return "3.0"
    return ""


def _by_its_own_words(document: Document) -> Analysed:
    """A document that defines all its words itself, as JSON-LD allows (OB2-ISS-154)."""
    try:
        found = analysed(document)
    except InvalidJson:
        found = Analysed({})
    if not any(kind in items_of(found.document.get("type")) for kind in ObjectType):
        raise OtherStandard("")
    return found


def _without_context(document: Document, kind: Kind, address: str) -> Understood:
    if not _FULL_NAMES.isdisjoint(document):
        return Understood("2.0", analysed(document, {}))
    if _is_version_0_5(document):
        return Understood("0.5", _upgraded(analysed(_spelled_out(document, address), V1), kind, address))
    if _is_version_1_0(document, kind):
        return Understood("1.0", _upgraded(analysed(document, V1), kind, address))
    raise InvalidJson("The document does not say by which standard it is to be read: it has no context.")


def _is_version_1_0(document: Document, kind: Kind) -> bool:
    if kind is Kind.AWARD:
        return isinstance(document.get("verify"), dict) and "badge" in document
    return (kind is Kind.BADGE and {"name", "issuer"} <= document.keys()) or (
        kind is Kind.ISSUER and {"name", "url"} <= document.keys()
    )


def _upgraded(found: Analysed, kind: Kind, address: str) -> Analysed:
    """Version 1 in the words of version 2."""
    document = dict(found.document)
    if kind in _DEFAULT_TYPES:
        document.setdefault("type", str(_DEFAULT_TYPES[kind]))
    if kind is Kind.AWARD:
        verification = object_of(document, "verification")
        own = verification.get("url") if verification_type(document) is VerificationType.HOSTED else document.get("uid")
        document.setdefault("id", own or address)
        document.update({key: _moment(document[key]) for key in ("issuedOn", "expires") if key in document})
    else:
        document.setdefault("id", address)
    if kind is Kind.BADGE and "alignment" in document:
        document["alignment"] = [_alignment(item) for item in items_of(document["alignment"])]
    return Analysed(document, found.extensions, found.left_out)


def _alignment(item: object) -> object:
    if not isinstance(item, dict):
        return item
    names = {"name": "targetName", "url": "targetUrl", "description": "targetDescription"}
    return {names.get(key, key): value for key, value in item.items()}


def _moment(value: object) -> object:
    """Unix time and days without an hour, which were allowed before 2.0; anything else stays as it is."""
    text = str(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else ""
    if _UNIX_TIME.fullmatch(text):
        return format_datetime(datetime.fromtimestamp(float(text), UTC))
    match = _DATE.fullmatch(text)
    if match is None:
        return value
    spelled = f"{match[1]}{match[2] or 'T00:00:00'}Z"
    return spelled if parse_datetime(spelled) else value


def _revocations(document: Document) -> dict[str, object]:
    """The list of 1.0: a map from the ``uid`` of each revoked award to the reason."""
    if "revokedAssertions" in document:
        return dict(document)
    return {
        "revokedAssertions": [
            {"uid": uid, "revocationReason": reason if isinstance(reason, str) else ""}
            for uid, reason in document.items()
            if not uid.startswith("@")
        ]
    }


# --- 0.5: everything in one document ---------------------------------------------------------------------------


def _is_version_0_5(document: Document) -> bool:
    badge = document.get("badge")
    return isinstance(badge, dict) and isinstance(badge.get("issuer"), dict) and "recipient" in document


def _spelled_out(document: Document, address: str) -> dict[str, object]:
    """The members of 0.5 under the names of 1.0, with badge and issuer still inside and relative paths resolved."""
    badge: Mapping[str, object] = object_of(document, "badge")
    issuer: Mapping[str, object] = object_of(badge, "issuer")
    origin = issuer.get("origin")
    base = f"{origin}/" if is_http_url(origin) else ""
    recipient = document["recipient"]
    if isinstance(recipient, str):
        recipient = {
            "type": "email",
            "hashed": "@" not in recipient,
            "identity": recipient,
            "salt": document.get("salt"),
        }
    name, organisation = issuer.get("name"), issuer.get("org")
    if isinstance(name, str) and isinstance(organisation, str) and organisation not in {"", name}:
        name = f"{name} ({organisation})"
    return {
        "id": address,
        "type": "Assertion",
        "recipient": recipient,
        "issuedOn": document.get("issued_on"),
        "expires": document.get("expires"),
        "evidence": _resolved(document.get("evidence"), base),
        "verify": {"type": "hosted", "url": address},
        "badge": {
            # It has no address of its own: it lies within the award.
            "id": f"{address}#badge",
            "type": "BadgeClass",
            "name": badge.get("name"),
            "description": badge.get("description"),
            "image": _resolved(badge.get("image"), base),
            "criteria": _resolved(badge.get("criteria"), base),
            "issuer": {
                "id": origin if isinstance(origin, str) else "",
                "type": "Issuer",
                "name": name,
                "url": origin if isinstance(origin, str) else "",
                "email": issuer.get("contact"),
            },
        },
    }


def _resolved(path: object, base: str) -> object:
    if not isinstance(path, str) or not path or not base or is_http_url(path) or path.startswith("data:"):
        return path
    try:
        return urljoin(base, path)
    except ValueError:
        return path
