"""Rich skill descriptors (RSD) of the Open Skills Network, as its management tool (OSMT) gives them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from badges.frameworks import items
from badges.frameworks.items import FrameworkFile, Item, Remarks, one_line, text
from badgeserver.openbadges.iris import is_http_url


def is_open_skills(document: object) -> bool:
    """Whether this is a descriptor, a list of them, or a collection with its skills."""
    return bool(_descriptors(document))


def read_open_skills(document: object, *, flat: bool = False) -> FrameworkFile:
    """Return the skills of a descriptor, a list or a collection. Raises `FrameworkFileRefused`."""
    about: dict[str, Any] = document if isinstance(document, dict) and "skillName" not in document else {}
    remarks = Remarks()
    uri = text(about.get("id") or about.get("@id"), items.MAX_URI)
    return FrameworkFile(
        source="RSD",
        name=one_line(text(about.get("name"), 200)),
        description=text(about.get("description"), items.MAX_DESCRIPTION),
        publisher=_publisher(about),
        uri=uri,
        url=uri if is_http_url(uri) else "",
        items=items.checked(list(_items(_descriptors(document), remarks)), remarks, flat=flat),
        remarks=remarks.all(),
    )


def _descriptors(document: object) -> list[Any]:
    found: object = document
    if isinstance(document, dict):
        found = (
            [document]
            if "skillName" in document
            else next(
                (
                    document[name]
                    for name in ("skills", "items", "@graph", "content")
                    if isinstance(document.get(name), list)
                ),
                [],
            )
        )
    if not isinstance(found, list):
        return []
    return found if any(isinstance(one, dict) and "skillName" in one for one in found) else []


def _items(found: Iterable[Any], remarks: Remarks) -> Iterable[Item]:
    for number, one in enumerate(found, start=1):
        said: dict[str, Any] = one if isinstance(one, dict) else {}
        name = one_line(text(said.get("skillName"), items.MAX_NAME))
        statement = text(said.get("skillStatement"), items.MAX_DESCRIPTION)
        if not name:
            remarks.add(number, _("This descriptor has no name (skillName); it was left out."))
            continue
        identifier = text(said.get("uuid"), 100)
        uri = text(said.get("id") or said.get("@id"), items.MAX_URI + 1) or (
            f"urn:uuid:{identifier}" if identifier else ""
        )
        keywords = said.get("keywords")
        words = [_word(part) for part in keywords] if isinstance(keywords, list) else []
        categories = said.get("categories")
        kind = said.get("category") or (categories[0] if isinstance(categories, list) and categories else "")
        yield Item(
            uri=uri or items.name_key(name),
            name=name,
            other_names=tuple(word for word in words if word),
            description=statement,
            kind=one_line(text(_word(kind), items.MAX_KIND)),
            row=number,
        )


def _word(said: object) -> str:
    if isinstance(said, dict):
        said = said.get("name") or said.get("skillName") or said.get("value")
    return one_line(text(said, 200))


def _publisher(about: dict[str, Any]) -> str:
    said = about.get("author") or about.get("creator") or about.get("authors")
    return _word(said[0] if isinstance(said, list) and said else said)
