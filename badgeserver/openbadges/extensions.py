"""The extensions that this server offers: where to apply, the licence, the place (OB2-ISS-150 to 153).

The words and the shapes are those of the community extensions of the same types, so that everybody who knows these
understands ours; context and schema are served by ourselves, because an extension whose context cannot be fetched
breaks the whole badge (OB2-ISS-153).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from badgeserver.openbadges.contexts import EXTENSIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedExtension:
    """One extension as it is published here."""

    name: str
    """Its part of the address of context and schema."""
    type: str
    """The type that validators look for (OB2-ISS-152)."""
    property: str
    """The member that carries it, which maps to an IRI (OB2-ISS-151)."""
    title: str
    description: str


APPLY_LINK = OfferedExtension(
    name="apply-link",
    type="extensions:ApplyLink",
    property="extensions:ApplyLink",
    title="Apply link",
    description="The page on which people can apply for a badge.",
)
LICENCE = OfferedExtension(
    name="licence",
    type="extensions:LicenseExtension",
    property="schema:license",
    title="Licence",
    description="The Creative Commons licence under which words and picture of a badge may be used again.",
)
PLACE = OfferedExtension(
    name="place",
    type="extensions:GeoCoordinates",
    property="schema:location",
    title="Place",
    description="Where a badge can be earned, or where an issuer is: in words, and by its coordinates.",
)
OFFERED: Mapping[str, OfferedExtension] = MappingProxyType(
    {extension.name: extension for extension in (APPLY_LINK, LICENCE, PLACE)}
)

#: The code of a licence, as the extension writes it, to the page of Creative Commons that says what it means.
LICENCE_PAGES: Mapping[str, str] = MappingProxyType(
    {
        "CC-BY": "https://creativecommons.org/licenses/by/4.0/",
        "CC-BY-SA": "https://creativecommons.org/licenses/by-sa/4.0/",
        "CC-BY-ND": "https://creativecommons.org/licenses/by-nd/4.0/",
        "CC-BY-NC": "https://creativecommons.org/licenses/by-nc/4.0/",
        "CC-BY-NC-SA": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
        "CC-BY-NC-ND": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
        "CC-0": "https://creativecommons.org/publicdomain/zero/1.0/",
    }
)


def apply_link(url: str, *, context: str) -> dict[str, object]:
    """Return the extension that says where to apply; `context` is the address of ours."""
    return {"@context": context, "type": ["Extension", APPLY_LINK.type], "url": url}


def licence(code: str, *, name: str, context: str) -> dict[str, object]:
    """Return the extension that names a licence: its code (`CC-BY`), its name, its page."""
    return {
        "@context": context,
        "type": ["Extension", LICENCE.type, "cc:License"],
        "id": code,
        "name": name,
        "legalCode": LICENCE_PAGES[code],
    }


def place(words: str, *, latitude: float, longitude: float, context: str) -> dict[str, object]:
    """Return the extension that says where something is."""
    return {
        "@context": context,
        "type": ["Extension", PLACE.type, "schema:Place"],
        "description": words,
        "geo": {"latitude": latitude, "longitude": longitude},
    }


def context_document(extension: OfferedExtension, *, schema_url: str) -> dict[str, object]:
    """Return what our context of an extension says: its words, and by which schema it is checked (OB2-ISS-152)."""
    return {
        "@context": dict(EXTENSIONS[extension.type].terms),
        "obi:validation": [{"obi:validatesType": extension.type, "obi:validationSchema": schema_url}],
    }


def schema_document(extension: OfferedExtension, *, schema_url: str) -> dict[str, object]:
    """Return the JSON Schema of an extension, in draft 4: the newest that every validator of badges reads."""
    return {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "id": schema_url,
        "title": extension.title,
        "description": extension.description,
        **_plain(EXTENSIONS[extension.type].schema),
    }


def _plain(schema: Mapping[str, object]) -> dict[str, object]:
    return {key: _plain(value) if isinstance(value, Mapping) else value for key, value in schema.items()}
