"""Reading members of somebody else's documents: any JSON type survived."""

from collections.abc import Mapping

from badgeserver.openbadges.contexts import CLASS_ALIASES, CLASSES
from badgeserver.openbadges.vocabulary import VerificationType

Document = Mapping[str, object]

_SHORT = {iri: name for name, iri in CLASSES.items()}
_TRUE = (True, "true", "1")


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
    found = (item for item in items_of(document.get("type", document.get("@type"))) if isinstance(item, str))
    return {_SHORT.get(item, CLASS_ALIASES.get(item, item)) for item in found}


def verification_type(assertion: Document) -> VerificationType | None:
    """How an Assertion asks to be verified; None when it says neither or both."""
    types = types_of(object_of(assertion, "verification")) & set(VerificationType)
    return VerificationType(types.pop()) if len(types) == 1 else None


def says_revoked(document: Document) -> bool:
    """Whether a document says of itself that it is revoked (OB2-VER-13)."""
    return document.get("revoked") in _TRUE
