"""The shapes of badges, each as large or as small as one asks: what lies inside follows the edge; pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import acos, atan2, ceil, cos, hypot, pi, radians, sin, sqrt

Point = tuple[float, float]


def number(value: float) -> str:
    """Write a coordinate with at most two decimals."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def pair(x: float, y: float) -> str:
    """Write a point."""
    return f"{number(x)} {number(y)}"


@dataclass(frozen=True, slots=True)
class Line:
    """A straight part of an outline."""

    start: Point
    end: Point

    def points(self, step: float) -> list[Point]:
        count = max(1, ceil(hypot(self.end[0] - self.start[0], self.end[1] - self.start[1]) / step))
        (x, y), (to_x, to_y) = self.start, self.end
        return [(x + (to_x - x) * i / count, y + (to_y - y) * i / count) for i in range(count)]


@dataclass(frozen=True, slots=True)
class Arc:
    """A part of a circle, from one angle to another (0 is right, clockwise is positive)."""

    centre: Point
    radius: float
    begin: float
    finish: float

    def at(self, angle: float) -> Point:
        return self.centre[0] + self.radius * cos(angle), self.centre[1] + self.radius * sin(angle)

    @property
    def start(self) -> Point:
        return self.at(self.begin)

    @property
    def end(self) -> Point:
        return self.at(self.finish)

    def points(self, step: float) -> list[Point]:
        turn = self.finish - self.begin
        count = max(2, ceil(abs(turn) * self.radius / step))
        return [self.at(self.begin + turn * i / count) for i in range(count)]


Outline = Sequence[Line | Arc]


def written(outline: Outline) -> str:
    """Return an outline as path data."""
    parts = [f"M{pair(*outline[0].start)}"]
    for part in outline:
        if isinstance(part, Line):
            parts.append(f"L{pair(*part.end)}")
            continue
        turn = part.finish - part.begin
        sweep = 1 if turn > 0 else 0
        halves = 2 if abs(turn) > pi * 0.9 else 1
        for half in range(1, halves + 1):
            end = part.at(part.begin + turn * half / halves)
            parts.append(f"A{number(part.radius)} {number(part.radius)} 0 0 {sweep} {pair(*end)}")
    return "".join(parts) + "Z"


def spaced(outline: Outline, step: float) -> list[tuple[float, float, float]]:
    """Return points along an outline in even steps of about `step`, each with the direction in which it runs."""
    dense = [point for part in outline for point in part.points(2)]
    dense.append(dense[0])
    lengths = [0.0]
    for (x, y), (to_x, to_y) in pairwise(dense):
        lengths.append(lengths[-1] + hypot(to_x - x, to_y - y))
    count = max(4, round(lengths[-1] / step / 4) * 4)
    found, index = [], 0
    for number_ in range(count):
        goal = lengths[-1] * number_ / count
        while lengths[index + 1] < goal:
            index += 1
        (x, y), (to_x, to_y) = dense[index], dense[index + 1]
        share = (goal - lengths[index]) / ((lengths[index + 1] - lengths[index]) or 1)
        found.append((x + (to_x - x) * share, y + (to_y - y) * share, atan2(to_y - y, to_x - x)))
    return found


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape around (300, 300).

    `room` is the middle and the radius of the largest circle within. Where its edge is straight above or below, words
    are too: `top` and `base` say how high it lies there.
    """

    at: Callable[[float], Outline]
    face: Callable[[float], Outline]
    room: tuple[float, float, float]
    top: float | None = None
    base: float | None = None
    frilled: bool = False


def _circle(radius: float) -> Callable[[float], Outline]:
    return lambda inset: (Arc((300, 300), radius - inset, -pi / 2, pi * 1.5),)


def _regular(sides: int, radius: float, *, turn: float = -90) -> list[Point]:
    return [
        (300 + radius * cos(radians(turn) + 2 * pi * i / sides), 300 + radius * sin(radians(turn) + 2 * pi * i / sides))
        for i in range(sides)
    ]


def _polygon(corners: Sequence[Point], softness: float | Sequence[float]) -> Callable[[float], Outline]:
    """A polygon (corners clockwise) whose edges move in evenly, with round corners."""
    soft = [softness] * len(corners) if isinstance(softness, float | int) else list(softness)

    def at(inset: float) -> Outline:
        return _rounded(_moved_in(corners, inset), [max(radius - inset * 0.8, min(radius, 7)) for radius in soft])

    return at


def _moved_in(corners: Sequence[Point], inset: float) -> list[Point]:
    edges = []
    for index, (x, y) in enumerate(corners):
        to_x, to_y = corners[(index + 1) % len(corners)]
        long = hypot(to_x - x, to_y - y)
        normal = ((y - to_y) / long, (to_x - x) / long)
        edges.append((normal, normal[0] * x + normal[1] * y + inset))
    found = []
    for index, ((a, b), c) in enumerate(edges):
        (d, e), f = edges[index - 1]
        whole = a * e - b * d
        found.append(((c * e - b * f) / whole, (a * f - c * d) / whole))
    return found


def _rounded(corners: Sequence[Point], soft: Sequence[float]) -> Outline:
    arcs = [_fillet(corners[i - 1], corners[i], corners[(i + 1) % len(corners)], soft[i]) for i in range(len(corners))]
    parts: list[Line | Arc] = []
    for index, arc in enumerate(arcs):
        parts += [arc, Line(arc.end, arcs[(index + 1) % len(arcs)].start)]
    return tuple(parts)


def _fillet(before: Point, corner: Point, after: Point, radius: float) -> Arc:
    one = atan2(before[1] - corner[1], before[0] - corner[0])
    other = atan2(after[1] - corner[1], after[0] - corner[0])
    opening = acos(max(-1.0, min(1.0, cos(one - other))))
    bisector = atan2(sin(one) + sin(other), cos(one) + cos(other))
    far = radius / sin(opening / 2)
    centre = (corner[0] + far * cos(bisector), corner[1] + far * sin(bisector))
    turns_right = sin(other - one) < 0
    half = (pi - opening) / 2
    middle = bisector + pi
    return (
        Arc(centre, radius, middle - half, middle + half)
        if turns_right
        else Arc(centre, radius, middle + half, middle - half)
    )


def _shield(*, top: float, peak: float, width: float, waist: float, radius: float) -> Callable[[float], Outline]:
    """Sides that run straight down to the waist and then round to a soft point; a peak above 0 rises in the middle."""
    soft_top, soft_tip = 30.0, 34.0

    def at(inset: float) -> Outline:
        left, right = 300 - width, 300 + width
        corners = [(left, top), (300, top - peak), (right, top), (right, 900), (left, 900)]
        if not peak:
            corners.pop(1)
        moved = _moved_in(corners, inset)
        soft = max(soft_top - inset * 0.8, 7)
        tip = max(soft_tip - inset * 0.8, 9)
        heads = moved[:-2]
        arcs = [
            _fillet(moved[i - 1], moved[i], moved[i + 1], 16 if peak and i == 1 else soft) for i in range(len(heads))
        ]
        away = radius - width
        big = radius - inset
        lower = waist + sqrt((big - tip) ** 2 - away**2)
        angle = atan2(lower - waist, away)
        right_side = Arc((300 - away, waist), big, 0, angle)
        left_side = Arc((300 + away, waist), big, pi - angle, pi)
        point = Arc((300, lower), tip, angle, pi - angle)
        parts: list[Line | Arc] = []
        for index, arc in enumerate(arcs):
            parts.append(arc)
            parts.append(Line(arc.end, arcs[index + 1].start if index + 1 < len(arcs) else right_side.start))
        parts += [right_side, point, left_side, Line(left_side.end, arcs[0].start)]
        return tuple(parts)

    return at


def _arch(width: float, top: float, bottom: float) -> Callable[[float], Outline]:
    def at(inset: float) -> Outline:
        radius, middle = width - inset, top + width
        soft = max(46 - inset * 0.8, 10)
        left, right, low = 300 - radius, 300 + radius, bottom - inset
        dome = Arc((300, middle), radius, pi, 2 * pi)
        one = Arc((right - soft, low - soft), soft, 0, pi / 2)
        two = Arc((left + soft, low - soft), soft, pi / 2, pi)
        return (dome, Line(dome.end, one.start), one, Line(one.end, two.start), two, Line(two.end, dome.start))

    return at


def _scallops(count: int, radius: float, bulge: float) -> Callable[[float], Outline]:
    def at(inset: float) -> Outline:
        corners = _regular(count, radius - inset, turn=-90 - 180 / count)
        parts = []
        half_chord = (radius - inset) * sin(pi / count)
        size = half_chord * bulge
        for index, corner in enumerate(corners):
            after = corners[(index + 1) % count]
            middle = ((corner[0] + after[0]) / 2, (corner[1] + after[1]) / 2)
            out = atan2(middle[1] - 300, middle[0] - 300)
            back = sqrt(max(size**2 - half_chord**2, 0))
            centre = (middle[0] - cos(out) * back, middle[1] - sin(out) * back)
            spread = atan2(half_chord, back)
            parts.append(Arc(centre, size, out - spread, out + spread))
        return tuple(parts)

    return at


def _star(points: int, outer: float, inner: float, *, soft: float) -> Callable[[float], Outline]:
    tips, dents = _regular(points, outer), _regular(points, inner, turn=-90 + 180 / points)
    corners = [point for both in zip(tips, dents, strict=True) for point in both]
    return _polygon(corners, [soft, soft * 0.8] * points)


def _teeth(count: int, outer: float, inner: float) -> Callable[[float], Outline]:
    corners, step = [], 2 * pi / count
    for tooth in range(count):
        for share, radius in ((-0.29, inner), (-0.21, outer), (0.21, outer), (0.29, inner)):
            angle = -pi / 2 + (tooth + share) * step
            corners.append((300 + radius * cos(angle), 300 + radius * sin(angle)))
    return _polygon(corners, [6, 9, 9, 6] * count)


def _same(
    at: Callable[[float], Outline],
    room: tuple[float, float, float],
    top: float | None = None,
    base: float | None = None,
) -> Shape:
    return Shape(at=at, face=at, room=room, top=top, base=base)


def _with_disc(at: Callable[[float], Outline], radius: float) -> Shape:
    """A frilled edge around a calm circle."""
    return Shape(at=at, face=_circle(radius), room=(300, 300, radius), frilled=True)


_PENNANT = [(82.0, 28.0), (518.0, 28.0), (518.0, 440.0), (300.0, 576.0), (82.0, 440.0)]

SHAPES: dict[str, Shape] = {
    "circle": _same(_circle(270), (300, 300, 270)),
    "hexagon": _same(_polygon(_regular(6, 290), 34), (300, 300, 290 * cos(pi / 6))),
    "hexagon_flat": _same(_polygon(_regular(6, 290, turn=0), 34), (300, 300, 290 * cos(pi / 6))),
    "octagon": _same(_polygon(_regular(8, 284, turn=-67.5), 30), (300, 300, 284 * cos(pi / 8))),
    "shield": _same(_shield(top=36, peak=0, width=230, waist=238, radius=360), (300, 266, 230)),
    "crest": _same(_shield(top=60, peak=34, width=230, waist=246, radius=360), (300, 278, 228)),
    "square": _same(_polygon(_regular(4, 248 * sqrt(2), turn=-45), 76), (300, 300, 248), top=52, base=548),
    "diamond": _same(_polygon(_regular(4, 312), 64), (300, 300, 312 / sqrt(2))),
    "arch": _same(_arch(230, 26, 574), (300, 288, 230), base=574),
    "pennant": _same(_polygon(_PENNANT, [46, 46, 54, 40, 54]), (300, 262, 218), top=28),
    "seal": _with_disc(_scallops(20, 262, 1.06), 244),
    "burst": _with_disc(_star(20, 287, 248, soft=7), 232),
    "cog": _with_disc(_teeth(16, 284, 250), 234),
}


@lru_cache(maxsize=512)
def edge(shape: str, inset: float = 0) -> str:
    """Return the outer edge of a shape, moved in, as path data."""
    return written(SHAPES[shape].at(inset))


@lru_cache(maxsize=512)
def face(shape: str, inset: float) -> str:
    """Return the edge of what lies inside the frame: a calm circle where the outer edge is frilled."""
    return written(SHAPES[shape].face(inset))


@lru_cache(maxsize=256)
def along_face(shape: str, inset: float, step: float) -> tuple[tuple[float, float, float], ...]:
    """Return even steps along `face`, with directions."""
    return tuple(spaced(SHAPES[shape].face(inset), step))


@lru_cache(maxsize=256)
def _corners(shape: str, inset: float) -> tuple[Point, ...]:
    """`face` as a polygon, clockwise, so fine that nobody sees its corners; every face bulges all the way round."""
    parts = SHAPES[shape].face(inset)
    return tuple(point for part in parts for point in ([part.start] if isinstance(part, Line) else part.points(10)))


def within(corners: Sequence[Point], shape: str, inset: float) -> Sequence[Point]:
    """Return what of a polygon lies on the face: quicker to draw than a clip, which needs a layer of its own."""
    kept = list(corners)
    bounds = _corners(shape, inset)
    for index, (x, y) in enumerate(bounds):
        start_x, start_y = bounds[index - 1]
        run, fall = x - start_x, y - start_y
        sides = [run * (to_y - start_y) - fall * (to_x - start_x) for to_x, to_y in kept]
        if not kept or min(sides) >= 0:
            continue
        found = []
        for place, (one, side) in enumerate(zip(kept, sides, strict=True)):
            before, side_before = kept[place - 1], sides[place - 1]
            if (side >= 0) != (side_before >= 0):
                share = side_before / (side_before - side)
                found.append((before[0] + (one[0] - before[0]) * share, before[1] + (one[1] - before[1]) * share))
            if side >= 0:
                found.append(one)
        kept = found
    return kept


def polygon(corners: Sequence[Point]) -> str:
    """Write a polygon as path data; nothing for one without corners."""
    return f"M{'L'.join(pair(*corner) for corner in corners)}Z" if corners else ""
