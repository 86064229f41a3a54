"""Reading members of somebody else's credential: any JSON type survived, one value as good as a list of one."""

from collections.abc import Mapping

Document = Mapping[str, object]


def items_of(value: object) -> list[object]:
    """One value and a list of one are the same; nothing is an empty list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def object_of(document: Document, key: str) -> dict[str, object]:
    """The one object under a key, empty when there is none."""
    found = items_of(document.get(key))
    return found[0] if len(found) == 1 and isinstance(found[0], dict) else {}


def objects_of(document: Document, key: str) -> list[dict[str, object]]:
    """All objects under a key."""
    return [item for item in items_of(document.get(key)) if isinstance(item, dict)]


def text_of(document: Document, key: str) -> str:
    """The text under a key, "" when there is none."""
    value = document.get(key)
    return value if isinstance(value, str) else ""


def id_of(value: object) -> str:
    """What a link points to, be it written as an address or as an object with an id."""
    found = items_of(value)
    if len(found) != 1:
        return ""
    target = found[0].get("id") if isinstance(found[0], dict) else found[0]
    return target if isinstance(target, str) else ""


def types_of(document: Document) -> set[str]:
    """All types, as they are written."""
    return {item for item in items_of(document.get("type")) if isinstance(item, str)}
