"""Reading members of somebody else's documents: any spelling the context allows, any JSON type survived."""

from collections.abc import Mapping

from badgeserver.openbadges.errors import InvalidJson
from badgeserver.openbadges.vocabulary import CONTEXT_V1, CONTEXT_V2, OBI_NAMESPACE, VerificationType

Document = Mapping[str, object]

_ALIASES = {"@id": "id", "@type": "type", "verify": "verification"}
_TYPE_ALIASES = {"hosted": VerificationType.HOSTED.value, "signed": VerificationType.SIGNED.value}
_CREDENTIALS_CONTEXT = "https://www.w3.org/ns/credentials/"
_CREDENTIALS_CONTEXT_V1 = "https://www.w3.org/2018/credentials/"


def normalized(document: Document) -> dict[str, object]:
    """The document with its members under their short names (OB2-VER-10).

    Raises InvalidJson when two members become the same: which of them is meant would depend on the reader.
    """
    members: dict[str, object] = {}
    for key, value in document.items():
        name = _ALIASES.get(_short(key), _short(key))
        if name in members:
            raise InvalidJson(f"The document says “{name}” twice.")
        members[name] = value
    return members


def items_of(value: object) -> list[object]:
    """One value and a list of one are the same (OB2-ISS-05); nothing is an empty list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def text_of(document: Document, key: str) -> str:
    """The text under a key, "" when there is none."""
    value = document.get(key)
    return value if isinstance(value, str) else ""


def object_of(document: Document, key: str) -> dict[str, object]:
    """The one object under a key, empty when there is none."""
    found = items_of(document.get(key))
    return found[0] if len(found) == 1 and isinstance(found[0], dict) else {}


def iri_of(value: object) -> str:
    """What a link points to, be it written as an address or as an object with an id (OB2-ISS-04)."""
    found = items_of(value)
    if len(found) != 1:
        return ""
    link = found[0]
    target = link.get("id", link.get("@id")) if isinstance(link, dict) else link
    return target if isinstance(target, str) else ""


def types_of(document: Document) -> set[str]:
    """The short names of all types; ``hosted`` and ``signed`` under their long names (OB2-ISS-80)."""
    shorts = [_short(item) for item in items_of(document.get("type", document.get("@type"))) if isinstance(item, str)]
    return {_TYPE_ALIASES.get(short, short) for short in shorts}


def verification_type(assertion: Document) -> VerificationType | None:
    """How an Assertion asks to be verified; None when it says neither or both."""
    types = types_of(object_of(assertion, "verification")) & set(VerificationType)
    return VerificationType(types.pop()) if len(types) == 1 else None


def version_of(document: Document) -> str:
    """The Open Badges version that a document follows, by its context (OB2-ISS-04); "" when unknown."""
    contexts = [item for item in items_of(document.get("@context")) if isinstance(item, str)]
    if CONTEXT_V2 in contexts:
        return "2.0"
    if CONTEXT_V1 in contexts:
        return "1.1"
    if any(item.startswith((_CREDENTIALS_CONTEXT, _CREDENTIALS_CONTEXT_V1)) for item in contexts):
        return "3.0"
    return "" if document.get("@context") is not None else "1.0"


def _short(name: str) -> str:
    return name.removeprefix(OBI_NAMESPACE).removeprefix("obi:")
