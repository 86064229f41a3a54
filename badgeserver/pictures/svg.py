"""SVG: read, keep what the allow-lists name, resolve styles, write anew."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from badgeserver.pictures.errors import PictureRefused
from badgeserver.pictures.limits import Limits
from badgeserver.pictures.svg_css import StyleSheet, Subject
from badgeserver.pictures.svg_images import EmbeddedImages
from badgeserver.pictures.svg_rules import (
    ATTRIBUTES,
    HANDLER_SENTENCE,
    IMAGE_HREF,
    LOCAL_HREF,
    OUTSIDE_SENTENCE,
    PRESENTATION,
    SCRIPT_SENTENCE,
    SHORTHANDS,
    SVG_NAMESPACE,
    TEXT_ELEMENTS,
    UNBOUNDED_ATTRIBUTES,
    XLINK_NAMESPACE,
)
from badgeserver.pictures.svg_tree import Element, read_svg
from badgeserver.pictures.svg_values import ID, check_harmless, property_value, referred_ids
from badgeserver.pictures.svg_work import check_work

# A drawing without a size of its own, or with a tiny one, is given this many pixels on its longer side.
USUAL_SIDE = 600
_MAX_SIDE = 4096
_MAX_UNITS = 1_000_000.0
_FREE_TEXT = frozenset({"id", "aria-label", "aria-labelledby", "role", "lang", "xml:lang", "result", "in", "in2"})
_NUMBER = r"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:[eE][+-]?\d{1,2})?"
_LENGTH = re.compile(rf"\s*({_NUMBER})\s*(px|pt|pc|mm|cm|in|)\s*", re.IGNORECASE)
_VIEW_BOX = re.compile(rf"\s*({_NUMBER})[\s,]+({_NUMBER})[\s,]+({_NUMBER})[\s,]+({_NUMBER})\s*")
_PIXELS = {"": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
# Filter numbers that let one small file keep a renderer busy for minutes (resvg: 100 octaves 6 s, radius 100 over 70
# s).
_FILTER_BOUNDS = {"numOctaves": 10.0, "order": 9.0, "radius": 100.0}
_TOO_HEAVY = (
    "This SVG uses filter effects that take too long to draw. Simplify them, or export it as PNG, and upload that."
)


@dataclass(frozen=True)
class CleanDrawing:
    """A safe SVG and the size in pixels that its root element now states."""

    data: bytes
    width: int
    height: int


def clean_svg(data: bytes, limits: Limits) -> CleanDrawing:
    """Return the safe form of an SVG; raise PictureRefused where cleaning would change what it means to show or do.

    The result is UTF-8 without XML declaration, begins with ``<svg xmlns=…`` (so that OB2-BAKE readers find the
    root), has a view box, a width and a height, no style sheet (its rules are resolved into the elements), and refers
    to nothing but its own parts.
    """
    if len(data) > limits.max_svg_bytes:
        _refuse_size(limits)
    drawing = read_svg(data, limits)
    _Cleaner(StyleSheet(drawing.styles), limits).clean(drawing.root)
    width, height = _settle_size(drawing.root, limits)
    check_work(drawing.root, limits)
    written = _write(drawing.root)
    if len(written) > limits.max_svg_bytes:
        _refuse_size(limits)
    return CleanDrawing(written, width, height)


def _refuse_size(limits: Limits) -> NoReturn:
    raise PictureRefused(
        f"This SVG is larger than {limits.max_svg_bytes // 1024} kB. Simplify it, or export it as PNG, and upload "
        f"that.",
    )


class _Cleaner:
    def __init__(self, styles: StyleSheet, limits: Limits) -> None:
        self._styles = styles
        self._limits = limits
        self._images = EmbeddedImages(limits)
        self._ids: set[str] = set()
        self._characters_left = limits.max_characters
        self._bytes_left = limits.max_svg_bytes

    def clean(self, root: Element) -> None:
        self._clean(root, ())

    def _clean(self, element: Element, ancestors: Sequence[Subject]) -> None:
        subject = Subject(
            tag=element.tag,
            id=element.attributes.get("id", "").strip(),
            classes=frozenset(element.attributes.get("class", "").split()),
        )
        element.attributes = self._attributes(element, subject, ancestors)
        kept: list[Element | str] = []
        for child in element.children:
            if isinstance(child, str):
                self._characters_left -= len(child)
                if self._characters_left < 0:
                    raise PictureRefused(
                        f"This SVG contains more than {self._limits.max_characters} characters of text. Shorten "
                        f"it and upload it again.",
                    )
            else:
                self._clean(child, (*ancestors, subject))
                if child.tag in IMAGE_HREF and "xlink:href" not in child.attributes:
                    continue  # nothing to show
            kept.append(child)
        element.children = kept

    def _attributes(self, element: Element, subject: Subject, ancestors: Sequence[Subject]) -> dict[str, str]:
        plain: dict[str, str] = {}
        properties: dict[str, str] = {}
        for name, value in element.attributes.items():
            if name.lower().startswith("on"):
                raise PictureRefused(HANDLER_SENTENCE)
            if name in ("href", "xlink:href", "class", "style"):
                continue
            self._check_length(name, value)
            if name in PRESENTATION:
                if kept := property_value(name, value):
                    properties[name] = kept
            elif name in ATTRIBUTES and self._may_keep(element.tag, name, value):
                plain[name] = value
        plain |= self._href(element)
        style = element.attributes.get("style", "")
        self._check_length("style", style)
        properties |= self._styles.resolve(subject, ancestors, style)
        self._bytes_left -= sum(len(name) + len(value) for name, value in properties.items())
        if self._bytes_left < 0:
            _refuse_size(self._limits)
        return plain | _place(properties)

    def _check_length(self, name: str, value: str) -> None:
        if len(value) > self._limits.max_attribute_length and name not in UNBOUNDED_ATTRIBUTES:
            raise PictureRefused(
                "This SVG contains an unusually long attribute. Export it again as plain SVG, or as PNG, and "
                "upload that.",
            )

    def _may_keep(self, tag: str, name: str, value: str) -> bool:
        if name == "id":
            fresh = bool(ID.fullmatch(value)) and value not in self._ids
            self._ids.add(value)
            return fresh
        if name not in _FREE_TEXT:
            check_harmless(value)
            if referred_ids(value):
                return False  # no attribute but the referring ones points anywhere
        if tag.startswith("fe") and name in _FILTER_BOUNDS and _largest_number(value) > _FILTER_BOUNDS[name]:
            raise PictureRefused(_TOO_HEAVY)
        return name not in ("width", "height", "viewBox") or len(value) <= 100

    def _href(self, element: Element) -> dict[str, str]:
        """Return the reference of an element under its older name, which every program reads."""
        value = (element.attributes.get("href") or element.attributes.get("xlink:href", "")).strip()
        for each in (element.attributes.get("href", ""), element.attributes.get("xlink:href", "")):
            if "script:" in re.sub(r"[\x00-\x20]+", "", each).lower():
                raise PictureRefused(SCRIPT_SENTENCE)
        if not value:
            return {}
        if element.tag in IMAGE_HREF:
            return {} if value.startswith("#") else {"xlink:href": self._images.clean(value)}
        if not value.startswith("#"):
            raise PictureRefused(OUTSIDE_SENTENCE)
        if element.tag in LOCAL_HREF and ID.fullmatch(value[1:]):
            return {"xlink:href": value}
        return {}


def _place(properties: dict[str, str]) -> dict[str, str]:
    """Write properties as presentation attributes, which no content security policy blocks, where SVG has them."""
    if SHORTHANDS & properties.keys():
        return {"style": ";".join(f"{name}:{value}" for name, value in properties.items())}
    attributes = {name: properties[name] for name in sorted(properties) if name in PRESENTATION}
    rest = ";".join(f"{name}:{properties[name]}" for name in sorted(properties) if name not in PRESENTATION)
    return attributes | ({"style": rest} if rest else {})


def _largest_number(value: str) -> float:
    numbers = re.findall(_NUMBER, value)
    return max((abs(float(number)) for number in numbers), default=0.0)


def _settle_size(root: Element, limits: Limits) -> tuple[int, int]:
    """Give the root a view box and a size in whole pixels, and return that size.

    A stated size in px, mm or the like is used; without one, the view box decides. Too small or too large is scaled,
    not refused: it is a drawing.
    """
    attributes = root.attributes
    width, height = _length(attributes.get("width", "")), _length(attributes.get("height", ""))
    box = _VIEW_BOX.fullmatch(attributes.get("viewBox", ""))
    if box is not None:
        across, down = float(box[3]), float(box[4])
        if not (0 < across <= _MAX_UNITS and 0 < down <= _MAX_UNITS):
            _refuse_no_size()
        if not width or not height:
            scale = (width or 0) / across or (height or 0) / down or USUAL_SIDE / max(across, down)
            width, height = across * scale, down * scale
    elif width and height:
        attributes["viewBox"] = f"0 0 {width:g} {height:g}"
    else:
        _refuse_no_size()
    if min(width, height) < limits.min_side or max(width, height) > _MAX_SIDE:
        scale = USUAL_SIDE / max(width, height)
        width, height = width * scale, height * scale
    size = max(1, math.floor(width + 0.5)), max(1, math.floor(height + 0.5))
    attributes["width"], attributes["height"] = str(size[0]), str(size[1])
    # Looks last, as a second cleaning writes them, so that it gives the same bytes.
    root.attributes = dict(sorted(attributes.items(), key=lambda item: item[0] in PRESENTATION or item[0] == "style"))
    return size


def _length(text: str) -> float | None:
    match = _LENGTH.fullmatch(text)
    pixels = float(match[1]) * _PIXELS[match[2].lower()] if match else 0.0
    return pixels if 0 < pixels <= _MAX_UNITS else None


def _refuse_no_size() -> NoReturn:
    raise PictureRefused(
        "This SVG does not say how large it is. Give it a width and a height, or a view box, export it again and "
        "upload that.",
    )


def _write(root: Element) -> bytes:
    pieces: list[str] = []
    _write_element(root, pieces, f' xmlns="{SVG_NAMESPACE}" xmlns:xlink="{XLINK_NAMESPACE}"')
    return "".join(pieces).encode()


def _write_element(element: Element, pieces: list[str], namespaces: str = "") -> None:
    pieces.append(f"<{element.tag}{namespaces}")
    pieces.extend(f' {name}="{_escape_attribute(value)}"' for name, value in element.attributes.items())
    if not element.children:
        pieces.append("/>")
        return
    pieces.append(">")
    for child in element.children:
        if isinstance(child, Element):
            _write_element(child, pieces)
        elif element.tag in TEXT_ELEMENTS:
            pieces.append(_escape(child))
    pieces.append(f"</{element.tag}>")


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _escape_attribute(value: str) -> str:
    return _escape(value).replace('"', "&quot;").replace("\t", "&#9;").replace("\n", "&#10;")
