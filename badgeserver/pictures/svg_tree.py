"""Read SVG text into a small tree, with entities and runaway sizes refused while reading."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from badgeserver.pictures.errors import PictureRefused
from badgeserver.pictures.limits import Limits
from badgeserver.pictures.svg_rules import (
    ELEMENTS,
    OUTSIDE_SENTENCE,
    REFUSED_ELEMENTS,
    SCRIPT_SENTENCE,
    SVG_NAMESPACE,
    TEXT_ELEMENTS,
    WEB_SENTENCE,
    XHTML_NAMESPACE,
    XLINK_NAMESPACE,
    XML_NAMESPACE,
)

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ENCODINGS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii",
    "iso-8859-1": "latin-1", "iso-8859-15": "iso-8859-15", "latin1": "latin-1", "windows-1252": "cp1252",
}  # fmt: skip
_DECLARATION = re.compile(r"\A<\?xml\s[^>]{0,200}?\?>")
_DECLARED = re.compile(rb"\A\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_PREFIXES = {XLINK_NAMESPACE: "xlink:", XML_NAMESPACE: "xml:"}
_ENTITIES = (
    "This SVG defines its own entities or document rules (a DTD). Export it again as plain SVG, without the data "
    "of the drawing program, "
    "and upload that."
)


@dataclass(eq=False)
class Element:
    """One element in the SVG namespace.

    Attribute names carry ``xlink:`` or ``xml:``; other foreign attributes are gone.
    """

    tag: str
    attributes: dict[str, str]
    children: "list[Element | str]" = field(default_factory=list)

    def elements(self) -> "Iterator[Element]":
        """Yield the children that are elements."""
        return (child for child in self.children if isinstance(child, Element))


@dataclass(frozen=True)
class Drawing:
    """The tree of an SVG and the texts of its style elements, in document order."""

    root: Element
    styles: list[str]


def read_svg(data: bytes, limits: Limits) -> Drawing:
    """Return the allowed elements; raise PictureRefused if data is not SVG, not well-formed, too large or active.

    Dropped silently: comments, processing instructions, ``metadata``, elements of other namespaces (an editor's
    notes, an old baked badge) and unknown elements, each with all that is inside.
    """
    return _Reader(limits).read(_decode(data))


def _decode(data: bytes) -> str:
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), "")
    if not encoding and b"\x00" in data[:4]:
        encoding = "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"
    if not encoding:
        declared = _DECLARED.match(data)
        encoding = _ENCODINGS.get(declared[1].decode("ascii").lower(), "") if declared else "utf-8"
    if not encoding:
        raise PictureRefused(
            "This SVG is written in an unusual character encoding. Save it as UTF-8 and upload it again."
        )
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise PictureRefused(
            "This SVG contains characters that do not fit its encoding. Save it as UTF-8 and upload it again.",
        ) from None
    # The declaration speaks of the bytes, which are gone; white space before it is an error of many exporters.
    return _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"))


class _Reader:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._root: Element | None = None
        self._open: list[Element] = []
        self._styles: list[str] = []
        self._style_depth = 0
        self._skipped_depth = 0
        self._depth = 0
        self._count = 0
        self._default_namespace = SVG_NAMESPACE

    def read(self, text: str) -> Drawing:
        parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._entity
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(text.encode(), True)
        except expat.ExpatError as error:
            line = f" (line {error.lineno})" if error.lineno else ""
            raise PictureRefused(
                f"This SVG is not well-formed XML{line}. Export it again as plain SVG and upload that.",
            ) from None
        if self._root is None:
            _refuse_no_svg()
        return Drawing(self._root, self._styles)

    def _doctype(self, _name: str, _system_id: str | None, _public_id: str | None, has_internal_subset: object) -> None:
        # A bare DOCTYPE, as older exporters write, is harmless: nothing is ever fetched for it, and it is not kept.
        if has_internal_subset:
            raise PictureRefused(_ENTITIES)

    def _entity(self, *_details: object) -> None:
        raise PictureRefused(_ENTITIES)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count_in()
        if self._skipped_depth or self._style_depth:
            self._skipped_depth += 1 if self._skipped_depth else 0
            return
        namespace, _, tag = name.rpartition(" ")
        if self._root is None:
            self._begin_root(namespace, tag, attributes)
        elif namespace == XHTML_NAMESPACE:
            raise PictureRefused(WEB_SENTENCE)
        elif namespace == self._default_namespace:
            self._begin(tag, attributes)
        else:
            self._skipped_depth = 1

    def _count_in(self) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > self._limits.max_depth:
            raise PictureRefused(
                f"This SVG nests its groups more than {self._limits.max_depth} levels deep. Simplify or flatten "
                f"it and upload it again.",
            )
        if self._count > self._limits.max_elements:
            raise PictureRefused(
                f"This SVG has more than {self._limits.max_elements} elements. Simplify it, or export it as PNG, "
                f"and upload that.",
            )

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in REFUSED_ELEMENTS:
            raise PictureRefused(REFUSED_ELEMENTS[tag])
        if tag == "style":
            self._style_depth = self._depth
            self._styles.append("")
        elif tag == "a":
            _check_link(attributes)
            self._append(Element("g", _own_attributes(attributes, without=("href", "xlink:href"))))
        elif tag in ELEMENTS:
            self._append(Element(tag, _own_attributes(attributes)))
        else:
            self._skipped_depth = 1

    def _begin_root(self, namespace: str, tag: str, attributes: dict[str, str]) -> None:
        if tag == "html":
            raise PictureRefused("This is a web page, not a picture. Upload a PNG or SVG picture.")
        if tag != "svg" or namespace not in ("", SVG_NAMESPACE):
            _refuse_no_svg()
        # A drawing copied out of a web page has no namespace; it is given the right one on writing.
        self._default_namespace = namespace
        self._root = Element(tag, _own_attributes(attributes))
        self._open.append(self._root)

    def _append(self, element: Element) -> None:
        self._open[-1].children.append(element)
        self._open.append(element)

    def _end(self, _name: str) -> None:
        if self._skipped_depth:
            self._skipped_depth -= 1
        elif self._style_depth:
            if self._style_depth == self._depth:
                self._style_depth = 0
        else:
            self._open.pop()
        self._depth -= 1

    def _text(self, text: str) -> None:
        if self._skipped_depth:
            return
        if self._style_depth:
            self._styles[-1] += text
        elif self._open and self._open[-1].tag in TEXT_ELEMENTS:
            self._open[-1].children.append(text)


def _own_attributes(attributes: dict[str, str], *, without: tuple[str, ...] = ()) -> dict[str, str]:
    own = {}
    for name, value in attributes.items():
        namespace, _, local = name.rpartition(" ")
        prefix = "" if not namespace else _PREFIXES.get(namespace)
        if prefix is not None and prefix + local not in without:
            own[prefix + local] = value
    return own


def _check_link(attributes: dict[str, str]) -> None:
    for name, value in _own_attributes(attributes).items():
        if name in ("href", "xlink:href") and not value.strip().startswith("#") and value.strip():
            scripted = re.sub(r"[\x00-\x20]+", "", value).lower().startswith(("javascript:", "vbscript:", "data:"))
            raise PictureRefused(SCRIPT_SENTENCE if scripted else OUTSIDE_SENTENCE)


def _refuse_no_svg() -> NoReturn:
    raise PictureRefused(
        "This file is not an SVG picture. Save or export your picture as PNG or SVG and upload it again."
    )
