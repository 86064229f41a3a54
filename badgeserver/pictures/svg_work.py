"""How much work a drawing is: everything counted as often as it is drawn."""

import re
from dataclasses import dataclass

from badgeserver.pictures.errors import PictureRefused
from badgeserver.pictures.limits import Limits
from badgeserver.pictures.svg_rules import FILTER_PRIMITIVES, REFERRING
from badgeserver.pictures.svg_tree import Element
from badgeserver.pictures.svg_values import referred_ids

# Measured with resvg at 600 pixels: a filter step over the whole picture costs as much as thousands of small shapes;
# a mask, a clip or a see-through group needs a layer of its own.
_FILTER_STEP_WORK = 50
_LAYER_WORK = 10
# Deeper than this the renderer's own recursion becomes a danger.
_MAX_HEIGHT = 120
_NUMBER = re.compile(r"[0-9]+")
_GRADIENTS = ("linearGradient", "radialGradient")
_MARKERS = ("marker", "marker-start", "marker-mid", "marker-end")
_TOO_MUCH = (
    "This SVG repeats its parts so often that drawing it would take too long. Simplify it, or export it "
    "as PNG, and upload that."
)
_CIRCLE = "A part of this SVG contains itself. Correct the drawing, or export it as PNG, and upload that."


@dataclass(frozen=True)
class _Work:
    amount: int
    points: int
    height: int


def check_work(root: Element, limits: Limits) -> None:
    """Raise PictureRefused if a drawing with all its repeats, patterns, markers, masks and filters is too much.

    Also refused: parts that contain themselves. ``root`` has been cleaned, with style sheets resolved into the
    elements.
    """
    if _Measure(root, limits).of(root).amount > limits.max_drawing_work:
        raise PictureRefused(_TOO_MUCH)


class _Measure:
    def __init__(self, root: Element, limits: Limits) -> None:
        self._limit = limits.max_drawing_work
        self._known: dict[Element, _Work] = {}
        self._open: set[Element] = set()
        self._by_id: dict[str, Element] = {}
        waiting = [root]
        while waiting:
            element = waiting.pop()
            if name := element.attributes.get("id"):
                self._by_id.setdefault(name, element)
            waiting.extend(element.elements())

    def of(self, element: Element) -> _Work:
        if element in self._known:
            return self._known[element]
        if element in self._open:
            raise PictureRefused(_CIRCLE)
        if len(self._open) > _MAX_HEIGHT:
            raise PictureRefused(_TOO_MUCH)
        self._open.add(element)
        work = self._measure(element)
        self._open.discard(element)
        if work.height > _MAX_HEIGHT or work.amount > self._limit:
            raise PictureRefused(_TOO_MUCH)
        self._known[element] = work
        return work

    def _measure(self, element: Element) -> _Work:
        own = _FILTER_STEP_WORK if element.tag in FILTER_PRIMITIVES else 1
        children = [self.of(child) for child in element.elements()]
        used = self._used(element)
        if used is not None:
            children.append(self.of(used))
        amount = own + sum(child.amount for child in children)
        points = sum(child.points for child in children) + _points(element)
        height = 1 + max((child.height for child in children), default=0)
        for name, target in self._referred(element):
            other = self.of(target)
            if target.tag not in _GRADIENTS:
                # Paint and markers are inherited: each shape below may draw the target, at each of its points.
                times = {"fill": amount, "stroke": amount, "style": max(amount, points)}.get(name, 1)
                amount += _LAYER_WORK + other.amount * max(points if name in _MARKERS else times, 1)
            height = max(height, 1 + other.height)
        return _Work(amount, points, height)

    def _used(self, element: Element) -> Element | None:
        if element.tag in ("use", "pattern", "filter", "linearGradient", "radialGradient", "textPath"):
            href = element.attributes.get("href") or element.attributes.get("xlink:href", "")
            return self._by_id.get(href.removeprefix("#"))
        return None

    def _referred(self, element: Element) -> list[tuple[str, Element]]:
        return [
            (name, self._by_id[target])
            for name, value in element.attributes.items()
            if name in REFERRING or name == "style"
            for target in referred_ids(value)
            if target in self._by_id
        ]


def _points(element: Element) -> int:
    return sum(len(_NUMBER.findall(element.attributes.get(name, ""))) for name in ("d", "points"))
