"""Frameworks of 1EdTech CASE 1.0 and 1.1: a CFPackage with its document, items, associations and rubrics."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from badges.frameworks import items
from badges.frameworks.items import FrameworkFile, FrameworkFileRefused, Item, LevelOf, Remarks, one_line, text
from badgeserver.openbadges.iris import is_http_url


def is_case(document: object) -> bool:
    return package_of(document) is not None


def package_of(document: object) -> Mapping[str, Any] | None:
    """Return the CFPackage of a document, wherever a server put it, or None."""
    if not isinstance(document, dict):
        return None
    for found in (document, document.get("CFPackage")):
        if isinstance(found, dict) and ("CFItems" in found or "CFDocument" in found):
            return found
    return None


def read_case(document: object, *, flat: bool = False) -> FrameworkFile:
    """Return the framework of a CFPackage. Raises `FrameworkFileRefused`."""
    package = package_of(document) or {}
    found = package.get("CFItems")
    if not isinstance(found, list):
        raise FrameworkFileRefused(
            _("This CASE file describes a framework but lists no items. Download the whole package (CFPackages).")
        )
    said = package.get("CFDocument")
    about: dict[str, Any] = said if isinstance(said, dict) else {}
    remarks = Remarks()
    uris: dict[str, str] = {}  # identifier or address -> address
    read = list(_items(found, uris, remarks))
    above, next_ones = _associations(package.get("CFAssociations"), uris)
    placed = [
        replace(item, parent_uri=above.get(item.uri, (0, ""))[1], successor_uri=next_ones.get(item.uri, ""))
        for item in sorted(read, key=lambda item: above.get(item.uri, (item.position, ""))[0])
    ]
    uri = text(about.get("uri"), items.MAX_URI)
    url = text(about.get("officialSourceURL"), items.MAX_URI)
    return FrameworkFile(
        source="CASE",
        name=one_line(text(about.get("title"), 200)),
        description=text(about.get("description"), items.MAX_DESCRIPTION),
        publisher=one_line(text(about.get("publisher") or about.get("creator"), 200)),
        uri=uri or _urn(about.get("identifier")),
        url=next((one for one in (url, uri) if is_http_url(one)), ""),
        version=text(about.get("version"), 60),
        language=text(about.get("language"), 20),
        items=items.checked(placed, remarks, flat=flat),
        levels=items.level_list(_levels(package.get("CFRubrics"))),
        remarks=remarks.all(),
    )


def _urn(identifier: object) -> str:
    said = text(identifier, 100)
    return f"urn:uuid:{said}" if said else ""


def _items(found: Iterable[object], uris: dict[str, str], remarks: Remarks) -> Iterable[Item]:
    for number, one in enumerate(found, start=1):
        if not isinstance(one, dict):
            remarks.add(number, _("This item is no object; it was left out."))
            continue
        statement = one_line(text(one.get("fullStatement"), items.MAX_DESCRIPTION))
        short = one_line(text(one.get("abbreviatedStatement"), items.MAX_NAME))
        name = short or items.shortened(statement, items.MAX_NAME)
        identifier = text(one.get("identifier"), 100)
        uri = text(one.get("uri"), items.MAX_URI + 1) or _urn(identifier)
        if not name:
            remarks.add(number, _("This item has no statement (fullStatement); it was left out."))
            continue
        if not uri:
            remarks.add(number, _("“%(name)s” has neither uri nor identifier; it was left out.") % {"name": name[:80]})
            continue
        uris.setdefault(uri, uri)
        if identifier:
            uris.setdefault(identifier, uri)
        notes = text(one.get("notes"), items.MAX_DESCRIPTION)
        more = [statement if statement != name else "", notes]
        keywords = one.get("conceptKeywords")
        other = [one.get("alternativeLabel"), *(keywords if isinstance(keywords, list) else [])]
        sequence = one.get("listEnumeration")
        yield Item(
            uri=uri,
            code=one_line(text(one.get("humanCodingScheme"), items.MAX_CODE)),
            name=name,
            other_names=tuple(word for word in (one_line(text(part, 200)) for part in other) if word),
            description=items.shortened("\n".join(part for part in more if part), items.MAX_DESCRIPTION),
            kind=one_line(text(one.get("CFItemType"), items.MAX_KIND)),
            position=int(sequence)
            if isinstance(sequence, str) and sequence.isascii() and sequence.isdigit() and len(sequence) < 10
            else number,
            row=number,
        )


def _associations(found: object, uris: Mapping[str, str]) -> tuple[dict[str, tuple[float, str]], dict[str, str]]:
    """Return for each item its place and parent, and what took its place."""
    above: dict[str, tuple[float, str]] = {}
    next_ones: dict[str, str] = {}
    for number, one in enumerate(found if isinstance(found, list) else [], start=1):
        if not isinstance(one, dict):
            continue
        origin, destination = (_node(one.get(end), uris) for end in ("originNodeURI", "destinationNodeURI"))
        if not origin:
            continue
        kind = one.get("associationType")
        sequence = one.get("sequenceNumber")
        if kind == "isChildOf" and origin not in above:
            place = float(sequence) if isinstance(sequence, int) and abs(sequence) < 10**9 else float(number)
            above[origin] = (place, destination)  # "" where it stands right below the document
        elif kind == "replacedBy" and destination:
            next_ones.setdefault(origin, destination)
    return above, next_ones


def _node(said: object, uris: Mapping[str, str]) -> str:
    """Return the address of the item that an end of an association names, or nothing."""
    if isinstance(said, dict):
        names = [text(said.get("uri"), items.MAX_URI), text(said.get("identifier"), 100)]
    else:
        names = [text(said, items.MAX_URI)]
    return next((uris[name] for name in names if name in uris), "")


def _levels(rubrics: object) -> list[LevelOf]:
    """Return the levels of the first rubric: a framework has one scale here."""
    for rubric in rubrics if isinstance(rubrics, list) else []:
        criteria = rubric.get("CFRubricCriteria") if isinstance(rubric, dict) else None
        for criterion in criteria if isinstance(criteria, list) else []:
            said = criterion.get("CFRubricCriterionLevels") if isinstance(criterion, dict) else None
            levels = [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []
            if len(levels) > 1:
                return [
                    LevelOf(
                        number=one["position"] if type(one.get("position")) is int else number,
                        name=one_line(text(one.get("quality") or one.get("description"), 80)),
                        description=one_line(text(one.get("description"), 500)),
                    )
                    for number, one in enumerate(levels, start=1)
                ]
    return []
