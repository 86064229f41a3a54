"""Draws a design as SVG: clean, small, and the same bytes on every machine; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from math import acos, cos, pi, radians, sin, sqrt
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from PIL import Image

from badges.designer import lettering
from badges.designer.icons import icon_shapes
from badges.designer.logos import logo_piece
from badges.designer.outlines import SHAPES, Point, along_face, edge, face, number, pair, polygon, within
from badges.designer.raster import draw_png
from badges.designer.spec import Design, DesignRefused
from badgeserver.colours import contrast, luminance
from badgeserver.pictures import Picture

SIZE = 600
#: How deep each frame reaches into the badge.
FRAME_DEPTHS = {
    "none": 0, "line": 0, "band": 26, "double": 18, "broad": 20, "bevel": 30,
    "dashes": 20, "beads": 44, "rope": 34, "teeth": 42, "laurel": 18,
}  # fmt: skip
_BROAD = 78  # how wide the band for words is
_SPACING = 0.09
_SMALLEST = {"top": 19.0, "bottom": 19.0, "banner": 22.0, "ribbon": 17.0, "centre": 40.0}
_DEPTH = 9  # how far the dark underside shows: the badge reads as a solid thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where things lie, in the coordinates of the body of the badge."""

    depth: float  # of the frame
    x: float
    y: float
    radius: float  # of the free circle inside the frame
    icon: tuple[float, float, float]  # middle and size
    banner_y: float
    stars_y: float
    logo: tuple[float, float, float, float]  # left, top, width, height


def draw_svg(design: Design, *, logo: Picture | None = None, title: str = "") -> str:
    """Return the picture of a badge as SVG, 600 by 600: outlines only, no fonts, scripts, filters or outside parts.

    `logo` is set in if the design asks for one. Raises `DesignRefused` for words that are too long for their place,
    even at the smallest size that can be read.
    """
    layout = lay_out(design)
    logo_part = logo_piece(logo, layout.logo, ground=ground_at(design, "logo")) if design.logo and logo else ""
    problems: dict[str, str] = {}
    parts = []
    for draw in (_words, _banner, _ribbon, _centre):
        try:
            parts.append(draw(design, layout))
        except _TooLong as too_long:
            problems[too_long.field] = too_long.sentence
    if problems:
        raise DesignRefused(problems)
    words, banner, ribbon, centre = parts
    inner = face(design.shape, _face_inset(design))
    body = "".join(
        [
            _underside(design),
            _rim(design),
            f'<path d="{inner}" fill="{_paint(design)}"/>',
            _pattern(design, layout),
            _frame(design, layout),
            words,
            logo_part,
            centre or _icon(design, layout),
            banner,
            _stars(design, layout),
        ]
    )
    tails, plate = ribbon.split("|") if ribbon else ("", "")
    if ribbon:
        body = f'{tails}<g transform="translate(39 -4) scale(.87)">{body}</g>{plate}'
    name = f"<title>{escape(_legal(title))}</title>" if title else ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 600 600"'
        f' width="600" height="600">{name}<defs>{_defs(design)}</defs>{body}</svg>'
    )


# --- Layout ----------------------------------------------------------------------------------------------------


def lay_out(design: Design) -> Layout:
    """Return where the parts of a design lie: what is not there leaves its room to the others."""
    shape = SHAPES[design.shape]
    middle_x, middle_y, outer = shape.room
    depth = FRAME_DEPTHS[design.frame] + _frame_air(design)
    radius = outer - depth
    is_broad = design.frame == "broad"
    if is_broad:
        high, low = middle_y - radius + 14, middle_y + radius - 14
    else:
        high = middle_y - radius * 0.9 + (62 if design.top else 0)
        low = (shape.base - depth - 22 if shape.base else middle_y + radius * 0.9) - (58 if design.bottom else 0)
    has_banner = bool(design.banner) and design.banner_style != "none"
    if design.frame == "laurel" and not has_banner:
        low -= 34 if design.stars and not shape.base else 10  # above where the branches meet
    banner_y, stars_y = _banner_y(design), low - 30
    if has_banner and design.stars and (design.bottom or is_broad or design.banner_style == "curve"):
        stars_y = banner_y - 70
        low = stars_y - 36
    elif has_banner:
        stars_y = (banner_y + 38 + low) / 2 + 6
        low = banner_y - 48
    elif design.stars:
        low = stars_y - 46
    logo_top = high + (0 if design.top else 8)
    logo_width = min(190.0, 1.5 * sqrt(max(1.0, radius**2 - (middle_y - logo_top - 10) ** 2)))
    if design.logo:
        high += 76
    # Alone in its field, an icon lies in the middle; among others, in what they leave.
    is_alone = not (has_banner or design.stars or design.logo)
    is_free = is_alone and (is_broad or not (design.top or design.bottom))
    room = min(low - high, 2 * radius * (0.66 if design.frame == "laurel" else 0.9))
    size = max(70.0, min(design.icon_size / 100 * SIZE, room * 0.98))
    return Layout(
        depth=depth,
        x=middle_x,
        y=middle_y,
        radius=radius,
        icon=(300, middle_y if is_free else (high + low) / 2, size),
        banner_y=banner_y,
        stars_y=stars_y,
        logo=(300 - logo_width / 2, logo_top, logo_width, 64.0),
    )


def _frame_air(design: Design) -> float:
    """What a frame wants free inside its edge: room for lines that lie on the face."""
    frilled = SHAPES[design.shape].frilled
    air = {"none": 0 if frilled else 8, "line": 30, "double": 20, "dashes": 20, "laurel": 8}
    return air.get(design.frame, _BROAD if design.frame == "broad" else 0)


def _banner_y(design: Design) -> float:
    shape = SHAPES[design.shape]
    _middle_x, middle_y, outer = shape.room
    if design.frame == "broad":
        return middle_y + outer * (0.4 if design.bottom else 0.56)
    lower = (shape.base - middle_y - outer) / 2 if shape.base and not design.bottom else 0
    return middle_y + outer * (0.24 if design.bottom else 0.4 if design.stars else 0.5) + lower


def _face_inset(design: Design) -> float:
    return float(FRAME_DEPTHS[design.frame])


def words_ground(design: Design) -> str:
    """Return the colour on which the words along the edge stand."""
    return design.frame_colour if design.frame == "broad" else design.colour


def ground_at(design: Design, part: str) -> str:
    """Return the colour on which a part of the badge lies, as good as one colour can say it."""
    if part in ("top", "bottom"):
        return words_ground(design)
    if design.fill in ("gradient", "glow", "facets", "split"):
        return mixed(design.colour, design.colour_two, 0.35 if part in ("icon", "logo") else 0.65)
    return design.colour


# --- Colours ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=2048)
def mixed(one: str, other: str, share: float) -> str:
    """Return a colour between two, `share` of the way to the other."""
    parts = [
        round(int(one[i : i + 2], 16) + (int(other[i : i + 2], 16) - int(one[i : i + 2], 16)) * share)
        for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in parts)


@lru_cache(maxsize=2048)
def shaded(colour: str, by: float) -> str:
    """Return a colour lighter (above 0) or darker (below 0). Darker as ink on ink: pale colours do not turn shrill."""
    parts = []
    for i in (1, 3, 5):
        part = int(colour[i : i + 2], 16) / 255
        made = part + (1 - part) * by if by > 0 else part ** (1 - by) * (1 + by * 0.85)
        parts.append(round(made * 255))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _linear(name: str, stops: Sequence[tuple[float, str]], line: tuple[float, float, float, float]) -> str:
    inner = "".join(f'<stop offset="{number(at)}" stop-color="{colour}"/>' for at, colour in stops)
    x1, y1, x2, y2 = (number(value) for value in line)
    return (
        f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}">'
        f"{inner}</linearGradient>"
    )


def _defs(design: Design) -> str:
    light, dark = shaded(design.frame_colour, 0.32), shaded(design.frame_colour, -0.26)
    parts = [_linear("rim", [(0, light), (0.5, design.frame_colour), (1, dark)], (120, 40, 480, 560))]
    if design.frame == "bevel":
        parts.append(_linear("bevel", [(0, dark), (0.5, design.frame_colour), (1, light)], (120, 40, 480, 560)))
    if design.fill == "glow":
        x, y, radius = SHAPES[design.shape].room
        parts.append(
            f'<radialGradient id="ground" gradientUnits="userSpaceOnUse" cx="{number(x)}" cy="{number(y - 40)}"'
            f' r="{number(radius * 1.12)}"><stop stop-color="{_lit(design.colour, 0.09)}"/>'
            f'<stop offset="1" stop-color="{design.colour_two}"/></radialGradient>'
        )
    elif design.fill not in _FLAT:
        # Light that falls from above on the left is mixed into the ground: a layer of its own takes time.
        ends = {
            "gradient": design.colour_two,
            "rays": shaded(design.colour, -0.1),
        }
        stops = [(0, _lit(design.colour, 0.16)), (1, ends.get(design.fill, design.colour))]
        parts.append(_linear("ground", stops, _LIGHT if design.fill != "gradient" else (150, 30, 450, 570)))
    if design.fill == "split":
        stops = [(0, _lit(design.colour_two, 0.12)), (1, design.colour_two)]
        parts.append(_linear("second", stops, _LIGHT))
    if design.banner and design.banner_style != "none":
        ends_ = (shaded(design.banner_colour, 0.16), shaded(design.banner_colour, -0.06))
        y = lay_out(design).banner_y
        parts.append(_linear("band", [(0, ends_[0]), (1, ends_[1])], (300, y - 40, 300, y + 40)))
    return "".join(parts)


_LIGHT = (200, 20, 330, 420)
_FLAT = ("plain", "facets", "rings")  # grounds that are, or get, their light in another way


def _lit(colour: str, share: float) -> str:
    return mixed(colour, "#ffffff", share)


def _paint(design: Design) -> str:
    return design.colour if design.fill in _FLAT else "url(#ground)"


# --- Body ------------------------------------------------------------------------------------------------------


def _rim_base(design: Design) -> str:
    """The colour of the body's edge: the frame's where it has one of substance, else the ground's."""
    return design.colour_two if design.frame in ("none", "line", "laurel") else design.frame_colour


def _underside(design: Design) -> str:
    dark = shaded(_rim_base(design), -0.45)
    return f'<path d="{edge(design.shape)}" transform="translate(0 {_DEPTH})" fill="{dark}"/>'


def _rim(design: Design) -> str:
    outer = edge(design.shape)
    if design.frame in ("none", "line", "laurel"):
        flat = shaded(design.colour_two, -0.08)
        return f'<path d="{outer}" fill="{flat}"/>'
    # Only as far in as it shows: of a gradient every point is reckoned.
    inset = _face_inset(design) - (13 if design.frame == "bevel" else -2)
    return _between(outer, face(design.shape, inset), "url(#rim)")


def _pattern(design: Design, layout: Layout) -> str:
    shape, inset, two = design.shape, _face_inset(design), design.colour_two
    if design.fill == "facets":
        return _facets(design, layout.x, layout.y)
    if design.fill == "split":
        half = within([(300, 0), (600, 0), (600, 600), (300, 600)], shape, inset)
        return f'<path d="{polygon(half)}" fill="url(#second)"/>'
    if design.fill == "dots":
        return (
            f'<path d="{_dots(shape, inset)}" fill="none" stroke="{two}" stroke-width="9" stroke-linecap="round"'
            ' stroke-opacity=".5"/>'
        )
    if design.fill in ("rings", "waves"):
        tone, paths = design.colour, ""
        for lines in _ornament(design.fill, shape, inset):
            tone = mixed(tone, two, {"rings": 0.2, "waves": 0.38}[design.fill])
            paths += f'<path d="{lines}" fill="{tone}"/>'
        return paths
    drawn = {"rays": ".5", "chevrons": ".42"}
    if design.fill not in drawn:
        return ""
    return "".join(
        f'<path d="{lines}" fill="{two}" fill-opacity="{drawn[design.fill]}"/>'
        for lines in _ornament(design.fill, shape, inset)
    )


@lru_cache(maxsize=256)
def _ornament(fill: str, shape: str, inset: float) -> tuple[str, ...]:
    """Return the paths of a pattern, as far as they lie on the face; those that lie on one another are apart."""
    x, y, _radius = SHAPES[shape].room
    if fill == "rays":
        return ("".join(polygon(within(ray, shape, inset)) for ray in _rays(x, y, 24)),)
    if fill == "rings":
        return tuple(_disc(x, y, r, shape, inset) for r in (252, 206, 160, 114))
    if fill == "waves":
        return tuple(
            polygon(within(_wave(start, top), shape, inset)) for start, top in ((-30, 350), (-72, 405), (-10, 460))
        )
    bands = (
        [(0, top), (300, top - 150), (600, top), (600, top + 42), (300, top - 108), (0, top + 42)]
        for top in range(150, 800, 96)
    )
    # Each half for itself bulges, as a whole it would not.
    halves = (half for band in bands for half in ([*band[:2], *band[4:]], band[1:5]))
    return ("".join(polygon(within(half, shape, inset)) for half in halves),)


def _rays(x: float, y: float, count: int) -> list[list[Point]]:
    step = pi / count
    found = []
    for ray in range(count):
        angle = 2 * step * ray - step / 2 - pi / 2
        found.append([(x, y), *((x + 460 * cos(angle + turn), y + 460 * sin(angle + turn)) for turn in (0, step))])
    return found


def _disc(x: float, y: float, radius: float, shape: str, inset: float) -> str:
    corners = [(x + radius * cos(2 * pi * i / 120), y + radius * sin(2 * pi * i / 120)) for i in range(120)]
    kept = within(corners, shape, inset)
    if len(kept) != len(corners) or any(one not in corners for one in kept):
        return polygon(kept)
    turn = f"A{number(radius)} {number(radius)} 0 0 1 "
    return f"M{pair(x - radius, y)}{turn}{pair(x + radius, y)}{turn}{pair(x - radius, y)}Z"


def _wave(start: float, top: float) -> list[Point]:
    """Crests and hollows as parabolas 90 wide, from left to right, and the water below them."""
    crest = []
    for part in range(7 * 10 + 1):
        share = part % 10 / 10
        height = 2 * share * (1 - share) * 40
        crest.append((start + part * 9, top + (height if part // 10 % 2 else -height)))
    return [*crest, (crest[-1][0], 620), (start, 620)]


def _facets(design: Design, x: float, y: float) -> str:
    """Light that falls on a cut stone: each facet a tone of its own."""
    sides = {"hexagon": 6, "hexagon_flat": 6, "octagon": 8, "diamond": 4, "square": 4}.get(design.shape, 8)
    begin = {"hexagon_flat": 0.0, "octagon": -67.5, "square": -45.0}.get(design.shape, -90.0)
    parts = []
    for side in range(sides):
        one, other = (radians(begin + 360 / sides * (side + more)) for more in (0, 1))
        facing = cos((one + other) / 2 - radians(-125))
        tone = mixed(design.colour, design.colour_two, round(0.5 - facing / 2, 3))
        tone = _lit(tone, round(0.06 + 0.06 * facing, 3))
        corners = [(x, y), *((x + 460 * cos(angle), y + 460 * sin(angle)) for angle in (one, other + 0.012))]
        lines = polygon(within(corners, design.shape, _face_inset(design)))
        parts.append(f'<path d="{lines}" fill="{tone}"/>')
    return "".join(parts)


@lru_cache(maxsize=64)
def _dots(shape: str, inset: float) -> str:
    places = [(col * 34 + (17 if row % 2 else 0), row * 30) for row in range(21) for col in range(18)]
    return "".join(f"M{x} {y}h0" for x, y in places if within([(x, y)], shape, inset + 7))


# --- Frames ----------------------------------------------------------------------------------------------------


def _frame(design: Design, layout: Layout) -> str:
    """Draw what a frame has beyond its plain band."""
    shape, inset, colour = design.shape, _face_inset(design), design.frame_colour
    if design.frame == "none":
        return _ring(face(shape, 3), "#fff", 6, ".14")
    if design.frame == "line":
        return _ring(face(shape, 19), colour, 7)
    shadow = _ring(face(shape, inset), "#000", 3, ".16")
    if design.frame == "laurel":
        return shadow + _laurel(layout, colour)
    light = _ring(edge(shape, 3), "#fff", 3, ".3")
    ornament = _ORNAMENTS[design.frame](shape, inset, colour) if design.frame in _ORNAMENTS else ""
    return light + shadow + ornament


def _ring(path: str, colour: str, width: float, opacity: str = "") -> str:
    shade = f' stroke-opacity="{opacity}"' if opacity else ""
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{number(width)}"{shade}/>'


def _between(outer: str, inner: str, paint: str) -> str:
    return f'<path d="{outer}{inner}" fill-rule="evenodd" fill="{paint}"/>'


def _double(shape: str, inset: float, colour: str) -> str:
    return _ring(face(shape, inset + 14), colour, 5)


def _broad(shape: str, inset: float, colour: str) -> str:
    hole, fine = face(shape, inset + _BROAD), shaded(colour, 0.5)
    band = _between(face(shape, inset), hole, colour)
    return band + _ring(face(shape, inset + 1), fine, 3, ".7") + _ring(hole, fine, 4)


def _bevel(shape: str, inset: float, colour: str) -> str:
    return _between(face(shape, inset - 15), face(shape, inset), "url(#bevel)") + _ring(
        face(shape, inset), shaded(colour, -0.5), 2.5
    )


def _dashes(shape: str, inset: float, colour: str) -> str:
    lines = "".join(
        f"M{pair(x - cos(turn) * 7, y - sin(turn) * 7)}L{pair(x + cos(turn) * 7, y + sin(turn) * 7)}"
        for x, y, turn in along_face(shape, inset + 13, 24)
    )
    return _stroked(lines, colour, 5)


def _beads(shape: str, inset: float, colour: str) -> str:
    lines = "".join(f"M{pair(x, y)}h0" for x, y, _turn in along_face(shape, 28, 31))
    band = _between(face(shape, 12), face(shape, inset), shaded(colour, -0.5))
    return band + _stroked(lines, shaded(colour, 0.12), 17)


def _rope(shape: str, inset: float, colour: str) -> str:
    lines = ""
    for x, y, turn in along_face(shape, 19, 17):
        right, down = cos(turn - 0.85) * 9.5, sin(turn - 0.85) * 9.5
        lines += f"M{pair(x - right, y - down)}L{pair(x + right, y + down)}"
    band = _between(face(shape, 4), face(shape, inset), shaded(colour, -0.4))
    return band + _stroked(lines, shaded(colour, 0.08), 11)


def _reeds(shape: str, inset: float, colour: str) -> str:
    lines = "".join(
        f"M{pair(x + sin(turn) * 7, y - cos(turn) * 7)}L{pair(x - sin(turn) * 9, y + cos(turn) * 9)}"
        for x, y, turn in along_face(shape, 16, 15)
    )
    return _stroked(lines, shaded(colour, -0.36), 4) + _ring(face(shape, inset - 8), shaded(colour, -0.3), 3)


_ORNAMENTS = {
    "double": _double,
    "broad": _broad,
    "bevel": _bevel,
    "dashes": _dashes,
    "beads": _beads,
    "rope": _rope,
    "teeth": _reeds,
}


def _stroked(lines: str, colour: str, width: float) -> str:
    return f'<path d="{lines}" fill="none" stroke="{colour}" stroke-width="{number(width)}" stroke-linecap="round"/>'


def _laurel(layout: Layout, colour: str) -> str:
    """Two branches that rise from the foot along the free circle."""
    radius = layout.radius - 32
    ends = [radians(90 - side * turn) for side in (1, -1) for turn in (8, 128)]
    x, y = [layout.x + radius * cos(end) for end in ends], [layout.y + radius * sin(end) for end in ends]
    stems = "".join(
        f"M{pair(x[i], y[i])}A{number(radius)} {number(radius)} 0 0 {sweep} {pair(x[i + 1], y[i + 1])}"
        for i, sweep in ((0, 0), (2, 1))
    )
    leaves = f'<path d="{_laurel_path(layout.x, layout.y, radius)}" fill="{colour}"/>'
    return _stroked(stems, colour, 4) + leaves


@lru_cache(maxsize=64)
def _laurel_path(x: float, y: float, radius: float) -> str:
    parts = []
    for side in (-1, 1):
        for leaf in range(8):
            share = leaf / 7
            angle = pi / 2 - side * radians(13 + 112 * share)
            size = 34 - 8 * share
            at_x, at_y = x + radius * cos(angle), y + radius * sin(angle)
            along = angle - side * pi / 2
            parts += [_leaf(at_x, at_y, along + lean, size * 1.45, size * 0.46) for lean in (-0.6, 0.6)]
        tip = pi / 2 - side * radians(131)
        parts.append(_leaf(x + radius * cos(tip), y + radius * sin(tip), tip - side * pi / 2, 36, 11))
    return "".join(parts)


def _leaf(x: float, y: float, turn: float, long: float, wide: float) -> str:
    def at(along: float, across: float) -> str:
        return pair(x + along * cos(turn) - across * sin(turn), y + along * sin(turn) + across * cos(turn))

    return f"M{at(2, 0)}Q{at(long * 0.45, wide * 1.5)} {at(long, 0)}Q{at(long * 0.45, -wide * 1.5)} {at(2, 0)}Z"


# --- Icon, centre, stars ---------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _ink_box(name: str) -> tuple[float, float, float]:
    """Return how far an icon's ink lies off the middle of its square of 24, and its longer side; by looking at it."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><g fill="none" stroke="#000" stroke-width="2">'
        f"{icon_shapes(name)}</g></svg>"
    )
    with Image.open(BytesIO(draw_png(svg, size=96)), formats=["PNG"]) as image:
        box = image.getchannel("A").point(lambda value: 255 if value > 96 else 0).getbbox()
    left, top, right, bottom = box or (0, 0, 96, 96)
    return (left + right) / 8 - 12, (top + bottom) / 8 - 12, max(right - left, bottom - top) / 4


def icon_stroke(size: float) -> float:
    """Return how thick an icon's lines are in the drawing: they grow slower than the icon does."""
    return max(13.5, min(19.0, 9.5 + size * 0.035))


def _icon(design: Design, layout: Layout) -> str:
    if not design.icon:
        return ""
    x, y, size = layout.icon
    off_x, off_y, ink = _ink_box(design.icon)
    scale = min(size / max(ink, 18.0), size / 19)
    pen = icon_stroke(size) / scale
    shapes = icon_shapes(design.icon)
    left, top = x - (12 + off_x) * scale, y - (12 + off_y) * scale
    ground = ground_at(design, "icon")
    shade = mixed(ground, shaded(ground, -0.55), 0.42)
    is_light = luminance(design.icon_colour) > luminance(ground)

    def placed(colour: str, down: float) -> str:
        return (
            f'<g transform="translate({pair(left, top + down)}) scale({scale:.4f})" fill="none" stroke="{colour}"'
            f' stroke-width="{number(pen)}" stroke-linecap="round" stroke-linejoin="round">'
            f"{shapes.replace('currentColor', colour)}</g>"
        )

    shadow = placed(shade, 6) if is_light and design.fill != "plain" else ""
    return shadow + placed(design.icon_colour, 0)


def _centre(design: Design, layout: Layout) -> str:
    if not design.centre:
        return ""
    x, y, size = layout.icon
    room = min(layout.radius * 1.55, size * 1.5)
    fit = min(size * 1.12, room / lettering.length(design.centre, 1))
    if fit < _SMALLEST["centre"]:
        raise _TooLong("centre")
    base = y + lettering.cap_height() * fit / 2
    lines = lettering.straight(design.centre, x=x, y=round(base, 2), size=round(fit, 2))
    ground = ground_at(design, "icon")
    shade = mixed(ground, shaded(ground, -0.55), 0.42)
    shadow = ""
    if design.fill != "plain" and luminance(design.icon_colour) > luminance(ground):
        shadow = f'<path d="{lines}" transform="translate(0 6)" fill="{shade}"/>'
    return f'{shadow}<path d="{lines}" fill="{design.icon_colour}"/>'


def _stars(design: Design, layout: Layout) -> str:
    if not design.stars:
        return ""
    count = design.stars
    size, step = (27.0, 64.0) if count <= 3 else (23.0, 53.0)
    below = 0.0 if SHAPES[design.shape].base else layout.stars_y + size - layout.y
    room = sqrt(max(1.0, layout.radius**2 - below**2)) * 2 - 12
    shrink = min(1.0, room / (step * (count - 1) + size * 2))
    size, step = size * shrink, step * shrink
    lines = ""
    for index in range(count):
        away = index - (count - 1) / 2
        x = 300 + away * step
        lift = away**2 * step**2 / (2 * 260)
        middle = 1.1 if count in (3, 5) and away == 0 else 1.0
        lines += _star(x, layout.stars_y - lift, size * middle)
    ground = ground_at(design, "stars")
    shade = mixed(ground, shaded(ground, -0.5), 0.45)
    soft = 'stroke-width="4" stroke-linejoin="round"'
    return (
        f'<path d="{lines}" transform="translate(0 4)" fill="{shade}" stroke="{shade}" {soft}/>'
        f'<path d="{lines}" fill="{design.stars_colour}" stroke="{design.stars_colour}" {soft}/>'
    )


def _star(x: float, y: float, radius: float) -> str:
    points = []
    for index in range(10):
        far = radius if index % 2 == 0 else radius * 0.45
        points.append(pair(x + far * sin(pi * index / 5), y - far * cos(pi * index / 5)))
    return f"M{'L'.join(points)}Z"


# --- Words -----------------------------------------------------------------------------------------------------


class _TooLong(Exception):
    def __init__(self, field: str) -> None:
        self.field = field
        self.sentence = _("This is too long to be read there. Shorten it, or write it elsewhere.")
        super().__init__(field)


def _fit(field: str, text: str, room: float, largest: float, spacing: float) -> float:
    size = min(largest, room / lettering.length(text, 1, spacing))
    if size < _SMALLEST[field]:
        raise _TooLong(field)
    return round(size, 2)


def _words(design: Design, layout: Layout) -> str:
    lines = ""
    shape = SHAPES[design.shape]
    is_broad = design.frame == "broad"
    for field in ("top", "bottom"):
        text = lettering.capitals(getattr(design, field))
        if not text:
            continue
        smile = field == "bottom"
        if is_broad:
            middle, largest = layout.radius + _BROAD / 2, 42.0
        else:
            middle, largest = layout.radius - 31, 40.0
        edge_y = shape.base if smile else shape.top
        if edge_y and not is_broad:
            size = _fit(field, text, layout.radius * 1.66, largest, _SPACING)
            y = edge_y + (layout.depth + 36) * (-1 if smile else 1) + lettering.cap_height() * size / 2
            lines += lettering.straight(text, x=300, y=round(y, 2), size=size, spacing=_SPACING)
            continue
        both = bool(design.top and design.bottom)
        span = radians(150 if both or design.frame == "laurel" else 200)
        if design.banner and design.banner_style != "none" and smile:
            under = layout.banner_y + 39 + 32 - layout.y
            span = 2 * acos(min(0.97, max(0.1, under / middle)))
        cap = lettering.cap_height()
        size = _fit(field, text, span * middle, largest, _SPACING)
        radius = middle + cap * size / 2 if smile else middle - cap * size / 2
        lines += lettering.curved(
            text, x=layout.x, y=layout.y, radius=round(radius, 2), size=size, spacing=_SPACING, smile=smile
        )
    return f'<path d="{lines}" fill="{design.text_colour}"/>' if lines else ""


def _banner(design: Design, layout: Layout) -> str:
    if not design.banner or design.banner_style == "none":
        return ""
    text, y = lettering.capitals(design.banner), layout.banner_y
    dark = shaded(design.banner_colour, -0.34)
    darkest = shaded(design.banner_colour, -0.58)
    is_band = design.banner_style == "band"
    room = {"ribbon": 408.0, "curve": 400.0, "plate": 400.0, "band": 380.0}[design.banner_style]
    size = _fit("banner", text, room, 46.0, 0.05)
    width = max(250.0, lettering.length(text, size, 0.05) + 64)
    cap = lettering.cap_height() * size
    if design.banner_style == "curve":
        return _curved_banner(design, layout, text, size)
    words = lettering.straight(text, x=300, y=round(y + cap / 2, 2), size=size, spacing=0.05)
    half, tall = width / 2, 39.0
    left, right, top, bottom = 300 - half, 300 + half, y - tall, y + tall
    ink = f'<path d="{words}" fill="{design.banner_text_colour}"/>'
    n = number
    if is_band:
        strips = [_strip(design, top + 8, bottom + 8), _strip(design, top, bottom)]
        fine = "".join(_across(design, height) for height in (top + 7, bottom - 7))
        return (
            f'<path d="{polygon(strips[0])}" fill="#000" fill-opacity=".16"/>'
            f'<path d="{polygon(strips[1])}" fill="url(#band)"/><path d="{fine}"'
            f' stroke="{design.banner_text_colour}" stroke-width="2" stroke-opacity=".3"/>{ink}'
        )
    shade = f"M{n(left + 8)} {n(top + 9)}H{n(right - 8)}V{n(bottom + 9)}H{n(left + 8)}Z"
    if design.banner_style == "plate":
        box = f'x="{n(left)}" y="{n(top)}" width="{n(width)}" height="{n(tall * 2)}"'
        line = f'x="{n(left + 6)}" y="{n(top + 6)}" width="{n(width - 12)}" height="{n(tall * 2 - 12)}"'
        return (
            f'<rect x="{n(left)}" y="{n(top + 8)}" width="{n(width)}" height="{n(tall * 2)}" rx="18" fill="{darkest}"/>'
            f'<rect {box} rx="18" fill="url(#band)"/><rect {line} rx="12" fill="none"'
            f' stroke="{design.banner_text_colour}" stroke-width="2" stroke-opacity=".35"/>{ink}'
        )
    reach = min(54.0, left - 8)
    drop = 20.0
    tails = ""
    for side, x in ((-1, left), (1, right)):
        inner, outer = x - side * 34, x + side * reach
        notch = outer - side * 24
        tails += (
            f"M{n(inner)} {n(top + drop)}H{n(outer)}L{n(notch)} {n(y + drop)}L{n(outer)} {n(bottom + drop)}H{n(inner)}Z"
        )
    folds = "".join(
        f"M{n(x)} {n(bottom)}H{n(x - side * 34)}V{n(bottom + drop)}Z" for side, x in ((-1, left), (1, right))
    )
    return (
        f'<path d="{shade}" fill="#000" fill-opacity=".18"/><path d="{tails}" fill="{dark}"/>'
        f'<path d="{folds}" fill="{darkest}"/>'
        f'<path d="M{n(left)} {n(top)}H{n(right)}V{n(bottom)}H{n(left)}Z" fill="url(#band)"/>'
        f'<path d="M{n(left)} {n(top + 7)}H{n(right)}M{n(left)} {n(bottom - 7)}H{n(right)}"'
        f' stroke="{design.banner_text_colour}" stroke-width="2" stroke-opacity=".28"/>{ink}'
    )


def _strip(design: Design, top: float, bottom: float) -> Sequence[Point]:
    return within([(0, top), (600, top), (600, bottom), (0, bottom)], design.shape, _face_inset(design))


def _across(design: Design, height: float) -> str:
    """A line at that height from edge to edge of the face."""
    ends = [x for x, _y in _strip(design, height - 1, height + 1)]
    return f"M{number(min(ends))} {number(height)}H{number(max(ends))}"


def _curved_banner(design: Design, layout: Layout, text: str, size: float) -> str:
    """A ribbon that sags like a smile around a far middle."""
    radius, y = 620.0, layout.banner_y + 14
    middle = y - radius
    half = max(125.0, lettering.length(text, size, 0.05) / 2 + 30) / radius
    cap, tall = lettering.cap_height() * size, 39.0

    def at(angle: float, far: float) -> str:
        return pair(300 + far * sin(angle), middle + far * cos(angle))

    dark, darkest = shaded(design.banner_colour, -0.34), shaded(design.banner_colour, -0.58)
    n = number

    def arc(one: float, other: float, far: float) -> str:
        return f"{at(one, far)}A{n(far)} {n(far)} 0 0 {1 if one > other else 0} {at(other, far)}"

    def strip(one: float, other: float, near: float, far: float) -> str:
        return f"M{arc(one, other, near)}L{arc(other, one, far)}Z"

    tails, folds = "", ""
    for side in (-1, 1):
        edge_ = side * half
        inner, outer, notch = side * (half - 0.055), side * (half + 0.09), side * (half + 0.052)
        near, far = radius - tall + 24, radius + tall + 24
        tails += (
            f"M{at(inner, near)}L{at(outer, near)}L{at(notch, (near + far) / 2)}L{at(outer, far)}L{at(inner, far)}Z"
        )
        folds += f"M{at(edge_, radius + tall)}L{at(inner, radius + tall)}L{at(inner, far)}Z"
    words = lettering.curved(
        text, x=300, y=round(middle, 2), radius=round(radius + cap / 2, 2), size=size, spacing=0.05, smile=True
    )
    lines = "".join(f"M{arc(half, -half, radius + far)}" for far in (-tall + 7, tall - 7))
    return (
        f'<path d="{strip(-half * 0.97, half * 0.97, radius - 20, radius + tall + 9)}" fill="#000" fill-opacity=".18"/>'
        f'<path d="{tails}" fill="{dark}"/><path d="{folds}" fill="{darkest}"/>'
        f'<path d="{strip(-half, half, radius - tall, radius + tall)}" fill="url(#band)"/>'
        f'<path d="{lines}" fill="none" stroke="{design.banner_text_colour}" stroke-width="2" stroke-opacity=".28"/>'
        f'<path d="{words}" fill="{design.banner_text_colour}"/>'
    )


def _ribbon(design: Design, _layout: Layout) -> str:
    """Tails behind the badge, and a plate on them that names the department; the two are kept apart by a bar."""
    if not design.ribbon:
        return ""
    text = lettering.capitals(design.ribbon)
    size = _fit("ribbon", text, 390, 38.0, 0.08)
    width = max(200.0, lettering.length(text, size, 0.08) + 60)
    left, top, tall = 300 - width / 2, 511.0, 66.0
    colour = design.ribbon_colour
    dark, darkest = shaded(colour, -0.25), shaded(colour, -0.55)
    spread = max(0.0, width / 2 - 110)
    tails = ""
    for side in (-1, 1):
        x = 300 + side * (118 + spread * 0.8)
        tails += (
            f"M{pair(300 + side * 24, 300)}L{pair(300 + side * 130, 300)}L{pair(x + side * 62, 594)}"
            f"L{pair(x + side * 10, 566)}L{pair(x - side * 34, 598)}Z"
        )
    ink = (
        "#ffffff"
        if contrast("#ffffff", colour) >= 4.5
        else max(("#ffffff", darkest, "#111317"), key=lambda one: contrast(one, colour))
    )
    base = top + tall / 2 + lettering.cap_height() * size / 2
    words = lettering.straight(text, x=300, y=round(base, 2), size=size, spacing=0.08)
    n = number
    plate = (
        f'<rect x="{n(left)}" y="{n(top + 7)}" width="{n(width)}" height="{n(tall)}" rx="12" fill="{darkest}"/>'
        f'<rect x="{n(left)}" y="{n(top)}" width="{n(width)}" height="{n(tall)}" rx="12" fill="{colour}"/>'
        f'<rect x="{n(left + 4)}" y="{n(top + 4)}" width="{n(width - 8)}" height="{n(tall - 8)}" rx="9" fill="none"'
        f' stroke="{ink}" stroke-width="2" stroke-opacity=".4"/><path d="{words}" fill="{ink}"/>'
    )
    return f'<path d="{tails}" fill="{dark}"/>|{plate}'


def _legal(text: str) -> str:
    """Leave out what XML does not allow."""
    return "".join(
        sign for sign in text[:200] if sign >= " " and not 0xD800 <= ord(sign) <= 0xDFFF and ord(sign) < 0xFFFE
    )
