"""A badge description from anywhere, read for making a badge of one's own from it (OB2-HST-01).

Whatever version of Open Badges it is written in, what is understood comes back in plain values. What is not understood
is kept as it came where its meaning can be kept with it, and named where it cannot: nothing vanishes without a word.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urldefrag

from pyld import jsonld

from badgeserver.openbadges import baking, jws
from badgeserver.openbadges.contexts import (
    PREFIXES,
    PROPERTIES,
    PROPERTY_ALIASES,
    V2,
    extension_of,
    is_v1,
    is_v2,
    terms_at,
)
from badgeserver.openbadges.errors import BakingError, FetchFailed, InvalidJson, InvalidSignature, OpenBadgesError
from badgeserver.openbadges.extensions import APPLY_LINK, LICENCE, LICENCE_PAGES, PLACE
from badgeserver.openbadges.fetching import Fetch
from badgeserver.openbadges.iris import is_badge_iri, is_data_image, is_http_url
from badgeserver.openbadges.jsontext import parse_object
from badgeserver.openbadges.verification.extensions import extension_problem
from badgeserver.openbadges.verification.kinds import Kind
from badgeserver.openbadges.verification.legacy import Understood, understood, version_of
from badgeserver.openbadges.verification.linked_data import analysed
from badgeserver.openbadges.verification.members import Document, iri_of, items_of, object_of, text_of, types_of
from badgeserver.openbadges.vocabulary import ObjectType

MAX_EXTENSIONS = 32 * 1024
"""Characters that all additions together may have."""

MAX_PLACE = 200
"""Characters of a place in words that the form has room for."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", re.ASCII)
_SHORT_NAME = re.compile(r"(?:extensions|schema|obi):[A-Za-z][\w.-]*", re.ASCII)
_KEYWORDS = frozenset({"@context", "id", "type", "@id", "@type", "@language"})


class NotADescription(OpenBadgesError):
    """What was brought describes no badge, or cannot be reached; the message says so to people."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One thing of a description that is not taken along, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Skill:
    """An alignment (OB2-ISS-106)."""

    name: str
    url: str
    description: str = ""
    framework: str = ""
    code: str = ""


@dataclass(slots=True, kw_only=True)
class Description:
    """What a badge description says, in plain values that nobody has checked for length or manners."""

    source: str
    """Its address, or "" when it has none."""
    version: str
    """The version of Open Badges that it is written in."""
    name: str
    description: str = ""
    language: str = ""
    criteria_url: str = ""
    criteria_narrative: str = ""
    image: str = ""
    """Address or data URI."""
    image_caption: str = ""
    image_author: str = ""
    tags: list[str] = field(default_factory=list)
    skills: list[Skill] = field(default_factory=list)
    apply_url: str = ""
    licence: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    extensions: dict[str, object] = field(default_factory=dict)
    """Members that are not understood, by compact or full IRI, as they came."""
    left_out: list[LeftOut] = field(default_factory=list)


def read_description(source: str | bytes, *, fetch: Fetch) -> Description:
    """Read a BadgeClass from its address, its JSON, or an award of it: an address, JSON, a JWS, a PNG or SVG.

    Nothing is verified: whoever makes a badge from it says it in their own name. Raises NotADescription.
    """
    raw, address = _brought(source, fetch)
    if _is_award(raw):
        raw, address = _badge_of(raw, fetch)
    found = _understood(raw, address)
    types = types_of(found.analysed.document)
    if types and ObjectType.BADGE_CLASS not in types:
        raise NotADescription("This describes something else than a badge. Bring the address or JSON of a badge class.")
    if not text_of(found.analysed.document, "name").strip():
        raise NotADescription("This describes no badge: it has no name. Bring the address or JSON of a badge class.")
    return _Reading(raw, found, address, fetch).description


# --- From what was brought to the description -------------------------------------------------------------------


def _brought(source: str | bytes, fetch: Fetch) -> tuple[Document, str]:
    if isinstance(source, bytes):
        if baking.sniff(source) is not None:
            try:
                source = baking.unbake(source)
            except BakingError as error:
                raise NotADescription(str(error)) from error
        else:
            try:
                source = source.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                sentence = "This file is neither a PNG or SVG with a badge in it nor a badge as text."
                raise NotADescription(sentence) from error
    text = source.strip().removeprefix("\ufeff")
    if is_http_url(text):
        return _fetched(text, fetch), text
    if text.startswith("{"):
        document = _parsed(text)
        return document, _own_address(document)
    if jws.looks_like_jws(text):
        try:
            _header, payload = jws.peek(text)
        except InvalidSignature as error:
            raise NotADescription(str(error)) from error
        return _parsed(payload), ""
    raise NotADescription("This is neither the address of a badge nor a badge as JSON. Paste one of them.")


def _fetched(url: str, fetch: Fetch) -> Document:
    try:
        answer = fetch(url)
    except FetchFailed as error:
        raise NotADescription(str(error)) from error
    if answer.status != 200:
        raise NotADescription(f"There is no badge at {url}: it answers {answer.status}.")
    if baking.sniff(answer.body) is not None:
        raise NotADescription("There is a picture at this address. Save it, and choose it as a file.")
    return _parsed(answer.body)


def _parsed(text: str | bytes) -> Document:
    try:
        return parse_object(text)
    except InvalidJson as error:
        raise NotADescription(f"This is no badge. {error}") from error


def _own_address(document: Document) -> str:
    address = iri_of(document.get("id", document.get("@id")))
    return address if is_http_url(address) else ""


def _is_award(document: Document) -> bool:
    return "badge" in document and "criteria" not in document


def _badge_of(award: Document, fetch: Fetch) -> tuple[Document, str]:
    """Return the description that an award names; one that is embedded shares the award's context (OB2-ISS-03)."""
    if version_of(award) == "3.0":
        raise NotADescription("This follows Open Badges 3.0. Bring the Open Badges 2.0 form of the badge.")
    embedded = object_of(award, "badge")
    if "name" in embedded:
        badge = {**({"@context": award["@context"]} if "@context" in award else {}), **embedded}
        return badge, _own_address(badge)
    address = iri_of(award.get("badge"))
    if not is_http_url(address):
        raise NotADescription("This award does not say where its badge is described.")
    return _fetched(address, fetch), address


def _understood(raw: Document, address: str) -> Understood:
    try:
        return understood(raw, Kind.BADGE, address)
    except OpenBadgesError as error:
        if version_of(raw) == "3.0":
            raise NotADescription(
                "This follows Open Badges 3.0. Bring the Open Badges 2.0 form of the badge."
            ) from error
        raise NotADescription(f"This cannot be read as a badge. {error}") from error


# --- What it says -----------------------------------------------------------------------------------------------


class _Reading:
    """One description on its way into plain values."""

    def __init__(self, raw: Document, found: Understood, address: str, fetch: Fetch) -> None:
        self._raw, self._document, self._fetch = raw, found.analysed.document, fetch
        self.description = Description(
            source=address or _own_address(raw), version=found.version, name=text_of(self._document, "name").strip()
        )
        self._texts()
        self._image()
        self._skills()
        self._references()
        self._additions()

    def _leave(self, what: str, why: str) -> None:
        self.description.left_out.append(LeftOut(what[:100], why))

    def _texts(self) -> None:
        found, document = self.description, self._document
        found.description = text_of(document, "description").strip()
        language = text_of(self._raw, "@language") or text_of(document, "@language")
        if language and not _LANGUAGE.fullmatch(language):
            self._leave("@language", "It is no language that is known.")
        else:
            found.language = language
        criteria = document.get("criteria")
        if isinstance(criteria, dict):
            found.criteria_narrative = text_of(criteria, "narrative").strip()
        address = iri_of(criteria)
        # A page of criteria that is the badge's own page says nothing more than the badge.
        if is_http_url(address) and urldefrag(address)[0] != found.source:
            found.criteria_url = address
        found.tags = [item.strip() for item in items_of(document.get("tags")) if isinstance(item, str) and item.strip()]

    def _image(self) -> None:
        found, image = self.description, self._document.get("image")
        address = iri_of(image)
        if is_http_url(address) or is_data_image(address):
            found.image = address
        elif image is not None:
            self._leave("image", "It is no address of a picture.")
        if isinstance(image, dict):
            found.image_caption = text_of(image, "caption").strip()
            author = iri_of(image.get("author"))
            if is_http_url(author):
                found.image_author = author
            elif author:
                self._leave("image.author", "It is no web address.")

    def _skills(self) -> None:
        for item in items_of(self._document.get("alignment")):
            skill = item if isinstance(item, dict) else {}
            name, url = text_of(skill, "targetName").strip(), text_of(skill, "targetUrl")
            if not name or not is_http_url(url):
                self._leave(f"alignment {name}".strip(), "A skill needs a name and a web address.")
                continue
            self.description.skills.append(
                Skill(
                    name=name,
                    url=url,
                    description=text_of(skill, "targetDescription").strip(),
                    framework=text_of(skill, "targetFramework").strip(),
                    code=text_of(skill, "targetCode").strip(),
                )
            )

    def _references(self) -> None:
        """Name what belongs to the other badge alone."""
        whys = {
            "issuer": "Your own issuer stands behind the new badge.",
            "endorsement": "Endorsements are about the other badge.",
            "related": "Versions and translations of the other badge are not this badge’s.",
            "version": "The new badge begins with version 1.",
        }
        for name, why in whys.items():
            if name in self._document:
                self._leave(name, why)

    # --- Additions (OB2-ISS-150 to 154) ---

    def _additions(self) -> None:
        size = 0
        for name, value in self._raw.items():
            if name in _KEYWORDS or value is None or PROPERTY_ALIASES.get(name, name) in PROPERTIES:
                continue
            iri = self._iri(name)
            if iri is None:
                self._leave(name, "Its meaning is not said in a way that can be kept.")
            elif iri in PROPERTIES.values() or _is_nothing(value):
                continue
            elif not self._known(iri, value):
                kept = self._kept(name, iri, value)
                if kept is not None:
                    size += len(json.dumps(kept, ensure_ascii=False)) + len(iri)
                    if size > MAX_EXTENSIONS:
                        self._leave(name, "All additions together are larger than 32 kB.")
                    else:
                        self.description.extensions[name if _SHORT_NAME.fullmatch(name) else iri] = kept

    def _iri(self, name: str) -> str | None:
        """What a member stands for: by a prefix, by itself, or by what the document defines in its own context."""
        definitions: dict[str, object] = {}
        for context in self._own_contexts:
            definitions |= context if isinstance(context, dict) else {}
        defined = definitions.get(name)
        if isinstance(defined, dict):
            defined = defined.get("@id")
        term = defined if isinstance(defined, str) else name
        prefix, colon, rest = term.partition(":")
        if colon and not rest.startswith("//"):
            base = definitions.get(prefix, PREFIXES.get(prefix))
            term = f"{base}{rest}" if isinstance(base, str) else term
        return term if is_badge_iri(term) and is_http_url(term) else None

    @property
    def _own_contexts(self) -> list[object]:
        """The contexts besides that of the standard."""
        contexts = items_of(self._raw.get("@context"))
        return [item for item in contexts if not (is_v2(item) or is_v1(item))]

    def _known(self, iri: str, value: object) -> bool:
        """Take what the form has a field for, if nothing of it gets lost on the way."""
        found = self.description
        if not isinstance(value, dict):
            return False
        said = value.keys() - {"@context", "type", "@type"}
        if iri == _full(APPLY_LINK.property) and said == {"url"} and is_http_url(value["url"]):
            found.apply_url = str(value["url"])
        elif iri == _full(LICENCE.property) and said <= {"id", "name", "legalCode"} and _is_licence(value.get("id")):
            found.licence = str(value["id"])
        elif iri == _full(PLACE.property) and said == {"description", "geo"}:
            words, degrees = text_of(value, "description").strip(), _degrees(value["geo"])
            if degrees is None or not words or len(words) > MAX_PLACE:
                return False
            found.place, (found.latitude, found.longitude) = words, degrees
        else:
            return False
        return True

    def _kept(self, name: str, iri: str, value: object) -> object | None:
        """Return a value that means here what it meant there, or None when that cannot be."""
        problem = _problem_of(name, value)
        if problem:
            self._leave(name, problem)
            return None
        for address in _contexts_in(value):
            if terms_at(address) is None and not self._is_there(address):
                why = f"Its context at {address[:200]} cannot be reached, and other programs would refuse it."
                self._leave(name, why)
                return None
        extra = self._own_contexts
        if not extra:
            return value
        if isinstance(value, dict):
            # Its words are those of the document's own context, and of its own on top of that.
            return {**value, "@context": [*extra, *items_of(value.get("@context"))]}
        definitions: list[object] = [context for context in extra if isinstance(context, dict)]
        if len(definitions) < len(extra) or any(_contexts_in(value)):
            self._leave(name, "Its meaning is said at another address, which is not known here.")
            return None
        return _spelled_out(name, iri, value, definitions)

    def _is_there(self, address: str) -> bool:
        if not is_http_url(address):
            return False
        try:
            answer = self._fetch(address)
            return answer.status == 200 and bool(parse_object(answer.body))
        except (FetchFailed, InvalidJson):
            return False


def _full(name: str) -> str:
    prefix, _colon, rest = name.partition(":")
    return f"{PREFIXES[prefix]}{rest}"


def _is_nothing(value: object) -> bool:
    return value is None or value in ("", [], {})


def _degrees(geo: object) -> tuple[float, float] | None:
    """Latitude and longitude, if that is all that is said and both lie on the earth."""
    if not isinstance(geo, dict) or geo.keys() != {"latitude", "longitude"}:
        return None
    found: list[float] = []
    for name, limit in (("latitude", 90), ("longitude", 180)):
        value = geo[name]
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not -limit <= value <= limit:
            return None
        found.append(float(value))
    return found[0], found[1]


def _is_licence(code: object) -> bool:
    return isinstance(code, str) and code in LICENCE_PAGES


def _problem_of(name: str, value: object) -> str:
    """Why a known extension would be refused by validators; "" for a sound one and for every unknown one."""
    if not isinstance(value, Mapping) or not any(extension_of(item) for item in items_of(value.get("type"))):
        return ""
    try:
        found = analysed({"@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass", name: value})
    except OpenBadgesError:
        return "It cannot be read, and other programs would refuse it."
    for node in found.extensions:
        for extension in filter(None, map(extension_of, items_of(node.get("@type")))):
            if extension_problem(node, extension):
                return "It is not complete, and other programs would refuse it."
    return ""


def _contexts_in(value: object) -> Iterator[str]:
    """Every address of a context within a value."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield from (item for item in items_of(one.get("@context")) if isinstance(item, str))
            waiting.extend(member for key, member in one.items() if key != "@context")
        elif isinstance(one, list):
            waiting.extend(one)


def _spelled_out(name: str, iri: str, value: object, definitions: list[object]) -> object:
    """The values of a member with what its definition says about them, such as their type, written out."""
    document = {"@context": [{"@base": None}, dict(V2), *definitions], name: value}
    try:
        expanded = jsonld.expand(document, {"documentLoader": _refuse})
    except (jsonld.JsonLdError, TypeError, ValueError, AttributeError, KeyError, IndexError, RecursionError):
        return value
    return expanded[0].get(iri, value) if expanded else value


def _refuse(url: str, _options: object) -> object:
    raise jsonld.JsonLdError(f"{url} is not asked for", "badgeserver.NotAsked")
