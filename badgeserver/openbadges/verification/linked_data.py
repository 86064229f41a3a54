"""Documents read as linked data (OB2-VER-10): every allowed spelling becomes the same plain document.

A document that uses the plain words of Open Badges 2.0, as nearly all do, is read directly; for every other one
PyLD says what its words stand for, by the tables of ``contexts``. Both ways give the same result. Nothing here
asks the network: a context that is not known is left out, so that words which only it explains mean nothing here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NoReturn, cast

from pyld import jsonld

from badgeserver.openbadges.contexts import (
    CLASS_ALIASES,
    CLASSES,
    LINKS,
    PREFIXES,
    PROPERTIES,
    PROPERTY_ALIASES,
    V2,
    Terms,
    extension_of,
    is_v2,
    terms_at,
)
from badgeserver.openbadges.errors import InvalidJson, OpenBadgesError
from badgeserver.openbadges.verification.members import Document, items_of

MAX_VALUES = 10_000
"""How many values a document may have to be taken apart word by word; a badge has a hundred."""

MAX_CONTEXTS = 64
"""How many contexts one document may carry, itself and all extensions within it together."""

MAX_CONTEXT_TERMS = 60
"""How many words a document may define by itself."""

MAX_CONTEXT_CHARACTERS = 8_000


class TooMuch(OpenBadgesError):
    """A document that is too large or too clever to be taken apart: nothing is proven about it."""


@dataclass(frozen=True, slots=True)
class Analysed:
    """A document in the words of Open Badges 2.0."""

    document: Document
    """Short names, single values without a list around them, links to a mere ``id`` as that id."""
    extensions: tuple[Document, ...] = ()
    """The extension objects within it, each with full IRIs (the expanded form of JSON-LD)."""
    left_out: tuple[str, ...] = ()
    """Contexts that are not known here."""


def analysed(document: Document, terms: Terms | None = None) -> Analysed:
    """Read a document by its own context, or by ``terms`` where it has none.

    Raises InvalidJson for what is no sound linked data, and TooMuch.
    """
    if terms is None and _is_plain_context(document.get("@context")):
        try:
            return Analysed(_plain_document(document))
        except _NotPlain:
            pass
    prepared = _Preparation()
    if terms is None:
        copy = prepared.node(document)
    else:
        copy = {
            **prepared.node({key: document[key] for key in document if key != "@context"}),
            "@context": [dict(terms)],
        }
    expanded = _expanded(copy)
    found = _Canonical()
    return Analysed(
        document=found.node(expanded),
        extensions=tuple(found.extensions),
        left_out=tuple(dict.fromkeys(prepared.left_out)),
    )


def in_words_of(expanded: Document, terms: Terms) -> dict[str, object]:
    """An expanded object in the words of another context on top of the standard's own (OB2-ISS-152)."""
    return _Canonical({**_WORDS, **{iri: word for word, iri in terms.items() if isinstance(iri, str)}}).node(expanded)


# --- Plain documents, read directly ---------------------------------------------------------------------------


class _NotPlain(Exception):
    """The document says something that only JSON-LD can explain."""


_KEYWORD = re.compile(r"@[a-zA-Z]+", re.ASCII)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(//)?")
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_NOT_PLAIN_NAMES = frozenset(V2) - frozenset(PROPERTIES) - frozenset(PROPERTY_ALIASES) - {"id", "type"}


def _is_plain_context(context: object) -> bool:
    found = context if isinstance(context, list) else [context]
    return len(found) == 1 and is_v2(found[0])


def _plain_document(document: Document) -> dict[str, object]:
    plain = _plain_node({key: value for key, value in document.items() if key != "@context"})
    if not plain.keys() - {"id", "@language"}:
        raise _NotPlain
    return plain


def _plain_node(node: Mapping[str, object]) -> dict[str, object]:
    plain: dict[str, object] = {}
    for key, value in node.items():
        name = PROPERTY_ALIASES.get(key, key)
        if name in plain or name in _NOT_PLAIN_NAMES:
            raise _NotPlain
        if name in PROPERTIES:
            _add(plain, name, _plain_values(name, value))
        elif name == "id":
            plain["id"] = _plain_iri(value)
        elif name == "type":
            _add(plain, "type", _plain_types(value))
        elif name == "@language" and isinstance(value, str):
            plain["@language"] = value.lower()
        elif not _PLAIN_NAME.fullmatch(name):
            raise _NotPlain
    # These two share one IRI: beside one another, only JSON-LD can tell which is which.
    if plain.keys() == {"@language"} or {"revoked", "revokedAssertions"} <= plain.keys():
        raise _NotPlain
    return plain


def _plain_types(value: object) -> list[object]:
    types = items_of(value)
    for item in types:
        if not isinstance(item, str) or (
            item not in CLASSES and item not in CLASS_ALIASES and item not in PROPERTIES and item != "id"
        ):
            raise _NotPlain
    if value is None or "Extension" in types or not types:
        raise _NotPlain
    return [CLASS_ALIASES.get(cast(str, item), cast(str, item)) for item in types]


def _plain_values(name: str, value: object) -> list[object] | None:
    """What a member says, flat and without nulls; None when it says null, which is saying nothing."""
    if value is None:
        return None
    if name == "revoked" and isinstance(value, (list, dict)):
        raise _NotPlain
    return [_plain_value(name, item) for item in _flat(value)]


def _plain_value(name: str, item: object) -> object:
    if isinstance(item, dict):
        node = _plain_node(item)
        return node["id"] if node.keys() == {"id"} else node
    if isinstance(item, str) and name in LINKS:
        return _plain_iri(item)
    return item


def _plain_iri(value: object) -> str:
    match = _SCHEME.match(value) if isinstance(value, str) else None
    if match is None or (match[1] in V2 and not match[2]):
        raise _NotPlain
    return cast(str, value)


def _flat(value: object) -> Iterator[object]:
    if isinstance(value, list):
        for item in value:
            yield from _flat(item)
    elif value is not None:
        yield value


# --- Every other document, by PyLD ----------------------------------------------------------------------------


class _Preparation:
    """A copy of a document whose contexts are all small and known, so that reading it is quick and asks nobody."""

    def __init__(self) -> None:
        self.left_out: list[str] = []
        self._values = 0
        self._contexts = 0

    def node(self, node: Document) -> dict[str, object]:
        self._count()
        copy = {key: self._value(value) for key, value in node.items() if key != "@context"}
        types = [extension_of(item) for item in items_of(node.get("type", node.get("@type")))]
        known = [dict(extension.terms) for extension in types if extension is not None]
        if known:
            # By its type, wherever its context is published (OB2-ISS-152).
            copy["@context"] = known
        elif "@context" in node:
            copy["@context"] = self._context(node["@context"])
        return copy

    def _value(self, value: object) -> object:
        if isinstance(value, dict):
            return self.node(value)
        self._count()
        return [self._value(item) for item in value] if isinstance(value, list) else value

    def _count(self) -> None:
        self._values += 1
        if self._values > MAX_VALUES:
            raise TooMuch("The document has more parts than any badge needs, so it was not taken apart.")

    def _context(self, context: object) -> list[object]:
        found: list[object] = []
        for item in context if isinstance(context, list) else [context]:
            self._contexts += 1
            if self._contexts > MAX_CONTEXTS:
                raise TooMuch("The document carries more contexts than any badge needs, so it was not taken apart.")
            if isinstance(item, str):
                terms = terms_at(item)
                if terms is None:
                    self.left_out.append(item[:200])
                else:
                    found.append(dict(terms))
            elif isinstance(item, dict):
                found.append(_small(item))
            elif item is None:
                found.append(None)
            else:
                raise InvalidJson("The context of the document is not one.")
        return found


def _small(context: dict[str, object]) -> dict[str, object]:
    """A document's own definitions, if they are few and ask for nothing from elsewhere."""
    if len(context) > MAX_CONTEXT_TERMS or len(repr(context)) > MAX_CONTEXT_CHARACTERS:
        raise TooMuch(
            "The document brings more definitions of its own than any badge needs, so it was not taken apart."
        )
    waiting: list[object] = [context]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "@import" in value or (value is not context and "@context" in value):
                raise TooMuch("The document defines its words by other documents, so it was not taken apart.")
            waiting.extend(value.values())
    return cast(dict[str, object], _without_reserved(context))


def _without_reserved(value: object) -> object:
    """Words that look like a future keyword of JSON-LD are ignored, as it demands; PyLD would warn of each."""
    if not isinstance(value, dict):
        return value
    return {
        key: _without_reserved(item) for key, item in value.items() if not _is_reserved(key) and not _is_reserved(item)
    }


def _is_reserved(word: object) -> bool:
    if isinstance(word, dict):
        backwards = word.get("@reverse")
        return _is_reserved(word.get("@id")) or (isinstance(backwards, str) and backwards.startswith("@"))
    return isinstance(word, str) and _KEYWORD.fullmatch(word) is not None and word not in jsonld.KEYWORDS


def _refuse(url: str, _options: object) -> NoReturn:
    raise jsonld.JsonLdError(f"{url} is not asked for", "badgeserver.NotAsked")


def _expanded(document: dict[str, object]) -> Document:
    # A base of null leaves relative addresses as they are written.
    context = [{"@base": None}, *cast(list[object], document.get("@context", []))]
    try:
        found = jsonld.expand({**document, "@context": context}, {"documentLoader": _refuse})
    except jsonld.JsonLdError as error:
        reason = error.args[0][0] if isinstance(error.args[0], tuple) else error.args[0]
        raise InvalidJson(f"The document is no sound linked data: {str(reason)[:200]}") from error
    # What PyLD itself stumbles over is no sound linked data either; a document never decides what is raised here.
    except (TypeError, ValueError, AttributeError, KeyError, IndexError, RecursionError) as error:
        raise InvalidJson("The document is no sound linked data.") from error
    if len(found) != 1 or not isinstance(found[0], dict):
        raise InvalidJson("The document says nothing in the words of its context, or is several documents in one.")
    return cast(Document, found[0])


_REVOKED = PROPERTIES["revoked"]
_WORDS: Mapping[str, str] = MappingProxyType(
    {iri: name for name, iri in {**CLASSES, **PROPERTIES}.items() if iri != _REVOKED}
)


class _Canonical:
    """An expanded document in short names, and the extension objects found on the way."""

    def __init__(self, words: Mapping[str, str] = _WORDS) -> None:
        self.extensions: list[Document] = []
        self._words = words

    def node(self, node: Document) -> dict[str, object]:
        plain: dict[str, object] = {}
        for key, values in node.items():
            if key == "@id":
                if isinstance(values, str):
                    plain["id"] = values
            elif key == "@type":
                _add(plain, "type", [self._word(item) for item in items_of(values)])
                if CLASSES["Extension"] in items_of(values):
                    self.extensions.append(node)
            elif key == "@language":
                plain["@language"] = values
            elif key == _REVOKED:
                typed, others = _told_apart(items_of(values))
                _add(plain, "revoked", self._values(typed) or None)
                _add(plain, "revokedAssertions", self._values(others) if others or not typed else None)
            elif not key.startswith("@"):
                _add(plain, self._word(key), self._values(items_of(values)))
        return plain

    def _values(self, values: list[object]) -> list[object]:
        return [plain for plain in map(self._value, values) if plain is not None]

    def _value(self, value: object) -> object:
        if not isinstance(value, dict):
            return value
        if "@value" in value:
            # A text in a language of its own stays apart from plain texts, which are all that the standard allows.
            return value if "@language" in value or "@direction" in value else value["@value"]
        if "@list" in value:
            return {"@list": self._values(items_of(value["@list"]))}
        if value.keys() == {"@id"}:
            return value["@id"]
        return self.node(value)

    def _word(self, iri: object) -> object:
        if iri == "@id":
            return "id"
        if not isinstance(iri, str) or iri in self._words:
            return self._words.get(cast(str, iri), "")
        beginning = next((prefix for prefix, long in PREFIXES.items() if iri.startswith(long)), None)
        return iri if beginning is None else f"{beginning}:{iri.removeprefix(PREFIXES[beginning])}"


def _told_apart(values: list[object]) -> tuple[list[object], list[object]]:
    """Of two members with one IRI: what says yes or no (``revoked``), and what names awards."""
    parts: tuple[list[object], list[object]] = ([], [])
    for value in values:
        is_answer = isinstance(value, dict) and "@type" in value and "@value" in value
        parts[0 if is_answer else 1].append(value)
    return parts


def _add(plain: dict[str, object], name: object, values: list[object] | None) -> None:
    if values is not None:
        plain[cast(str, name)] = values[0] if len(values) == 1 else values
