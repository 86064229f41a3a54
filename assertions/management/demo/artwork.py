"""Draws badge art and issuer logos as clean, self-contained SVG text."""

import importlib.resources
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, pi, radians, sin
from typing import Literal

import resvg_py

Shape = Literal["hexagon", "circle", "shield", "squircle", "seal", "octagon", "burst", "diamond"]
Pattern = Literal["waves", "rays", "chevrons", "facets"]

_Point = tuple[float, float]

SIZE = 400
_CENTRE_X, _CENTRE_Y = 200.0, 194.0
_DEPTH = 9  # how far the dark underside shows below the rim: the badge reads as a solid thing


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one badge, brightest to darkest; `tint` shades the foot of the icon."""

    glow: str
    face: str
    deep: str
    rim: str
    tint: str


@dataclass(frozen=True, slots=True)
class Design:
    """What a badge looks like: the short description from which `draw_badge` makes the picture.

    `icon` is a Lucide icon name; `stars` (0 to 5) show the level on a plaque; `ribbon` is a short text
    (letters of `LETTERS` only) on a banner, drawn as lines because fonts differ between machines; `tails`
    hangs two ribbon ends behind the badge; `gold_rim` is kept for the rarest badges.
    """

    shape: Shape
    palette: Palette
    icon: str
    pattern: Pattern = "waves"
    stars: int = 0
    ribbon: str = ""
    tails: bool = False
    gold_rim: bool = False


GOLD_RIM = ("#ffe9ac", "#e0a93a", "#8a5a10")

# Each letter is drawn with a round pen on a grid 10 wide and 14 high: (lines, width).
LETTERS: dict[str, tuple[str, float]] = {
    "A": ("M0 14 5 0l5 14M1.8 9.2h6.4", 10),
    "D": ("M0 0v14h3.6c8 0 8-14 0-14Z", 9.6),
    "I": ("M0 0h7M3.5 0v14M0 14h7", 7),
    "R": ("M0 14V0h4.6c5.6 0 5.6 7.4 0 7.4H0M5 7.4 9 14", 9),
    "V": ("M0 0l5 14L10 0", 10),
    "X": ("M0 0l9 14M9 0 0 14", 9),
}


def _number(value: float) -> str:
    """Write a coordinate with at most one decimal and no useless zero."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if "." in f"{value:.1f}" else str(value)


def _pair(point: _Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _regular(sides: int, radius: float, *, turn: float = -90) -> list[_Point]:
    """Corners of a regular polygon around the centre of the badge."""
    return [
        (
            _CENTRE_X + radius * cos(radians(turn) + 2 * pi * side / sides),
            _CENTRE_Y + radius * sin(radians(turn) + 2 * pi * side / sides),
        )
        for side in range(sides)
    ]


def _rounded(corners: list[_Point], softness: float) -> str:
    """Path through the corners, each rounded; `softness` is the share of an edge that the curve may take."""
    parts: list[str] = []
    for index, corner in enumerate(corners):
        before, after = corners[index - 1], corners[(index + 1) % len(corners)]
        start = (
            corner[0] + (before[0] - corner[0]) * softness,
            corner[1] + (before[1] - corner[1]) * softness,
        )
        end = (corner[0] + (after[0] - corner[0]) * softness, corner[1] + (after[1] - corner[1]) * softness)
        parts.append(f"{'L' if parts else 'M'}{_pair(start)}Q{_pair(corner)} {_pair(end)}")
    return "".join(parts) + "Z"


def _circle(scale: float) -> str:
    radius = 176 * scale
    return (
        f"M{_pair((_CENTRE_X - radius, _CENTRE_Y))}"
        f"a{_number(radius)} {_number(radius)} 0 1 1 {_number(2 * radius)} 0"
        f"a{_number(radius)} {_number(radius)} 0 1 1 {_number(-2 * radius)} 0Z"
    )


def _shield(scale: float) -> str:
    def at(x: float, y: float) -> str:
        return _pair((_CENTRE_X + x * scale, _CENTRE_Y + y * scale))

    return (
        f"M{at(0, -182)}C{at(45, -156)} {at(95, -142)} {at(142, -138)}Q{at(158, -136)} {at(158, -120)}"
        f"V{_number(_CENTRE_Y - 8 * scale)}C{at(158, 84)} {at(92, 146)} {at(14, 180)}"
        f"Q{at(0, 186)} {at(-14, 180)}C{at(-92, 146)} {at(-158, 84)} {at(-158, -8)}"
        f"V{_number(_CENTRE_Y - 120 * scale)}Q{at(-158, -136)} {at(-142, -138)}"
        f"C{at(-95, -142)} {at(-45, -156)} {at(0, -182)}Z"
    )


def _seal(scale: float) -> str:
    """Eighteen scallops, each an arc from one point of the circle to the next."""
    corners = _regular(18, 168 * scale)
    arcs = "".join(f"A{_number(32 * scale)} {_number(32 * scale)} 0 0 1 {_pair(c)}" for c in corners[1:])
    return f"M{_pair(corners[0])}{arcs}A{_number(32 * scale)} {_number(32 * scale)} 0 0 1 {_pair(corners[0])}Z"


def _burst(scale: float) -> str:
    """Sixteen blunt rays."""
    outer, inner = _regular(16, 184 * scale), _regular(16, 158 * scale, turn=-90 + 180 / 16)
    return _rounded([point for both in zip(outer, inner, strict=True) for point in both], 0.22)


_OUTLINES: dict[Shape, Callable[[float], str]] = {
    "hexagon": lambda scale: _rounded(_regular(6, 188 * scale), 0.09),
    "circle": _circle,
    "shield": _shield,
    "squircle": lambda scale: _rounded(_regular(4, 226 * scale, turn=-45), 0.24),
    "seal": _seal,
    "octagon": lambda scale: _rounded(_regular(8, 184 * scale, turn=-67.5), 0.1),
    "burst": _burst,
    "diamond": lambda scale: _rounded(_regular(4, 200 * scale), 0.12),
}

# Inside a frilled rim the face is a calm circle; every other badge repeats its own outline.
_FACES: dict[Shape, Callable[[float], str]] = _OUTLINES | {
    "seal": lambda scale: _circle(scale * 0.96),
    "burst": lambda scale: _circle(scale * 0.93),
}

# Where the icon sits and how large it is drawn, so that it fills each face equally well.
_ICON_SIZE: dict[Shape, float] = {
    "hexagon": 158,
    "circle": 178,
    "shield": 164,
    "squircle": 166,
    "seal": 166,
    "octagon": 164,
    "burst": 160,
    "diamond": 152,
}


def _pattern_paths(pattern: Pattern) -> list[str]:
    """Quiet ornament of the face, clipped to it: waves for the harbour, chevrons for safety, rays, facets."""
    centre = _pair((_CENTRE_X, _CENTRE_Y))
    if pattern == "waves":
        # One path for each wave, so that their tints add up towards the foot.
        crest = "q24-22 48 0t48 0 48 0 48 0 48 0 48 0 48 0 48 0 48 0"
        return [f"M{x} {y}{crest}V400H{x}Z" for x, y in ((-20, 252), (-44, 284), (-8, 316))]
    if pattern == "chevrons":
        return ["".join(f"M0 {y}L200 {y - 96} 400 {y}V{y + 26}L200 {y - 70} 0 {y + 26}Z" for y in range(120, 480, 58))]
    if pattern == "rays":
        rays = _regular(40, 260)
        return ["".join(f"M{centre}L{_pair(rays[i])} {_pair(rays[i + 1])}Z" for i in range(0, 40, 2))]
    corners = _regular(6, 260)
    return ["".join(f"M{centre}L{_pair(corners[i])} {_pair(corners[(i + 1) % 6])}Z" for i in (1, 3, 5))]


_PATTERN_STRENGTH: dict[Pattern, float] = {"waves": 0.1, "chevrons": 0.09, "rays": 0.09, "facets": 0.08}


@cache
def _icon_lines(name: str) -> str:
    """Inner SVG of a Lucide icon; KeyError if the installed package has no icon of that name."""
    archive = importlib.resources.files("lucide") / "lucide.zip"
    with archive.open("rb") as opened, zipfile.ZipFile(opened) as icons:
        text = icons.read(f"{name}.svg").decode()
    inner = text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")]
    return re.sub(r"\s*(/?>)\s*", r"\1", re.sub(r"\s+", " ", inner)).strip()


def _gradient(name: str, stops: Sequence[tuple[float, str, float]], *, line: str) -> str:
    """Linear gradient along `line` ("x1 y1 x2 y2" in user space); stops are (offset, colour, opacity)."""
    x1, y1, x2, y2 = line.split()
    inner = "".join(
        f'<stop offset="{_number(offset)}" stop-color="{colour}"'
        + (f' stop-opacity="{opacity:g}"' if opacity < 1 else "")
        + "/>"
        for offset, colour, opacity in stops
    )
    return (
        f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}">'
        f"{inner}</linearGradient>"
    )


def _filled(lines: str, paint: str, opacity: str = "") -> str:
    """Draw a filled path."""
    return f'<path d="{lines}" fill="{paint}"' + (f' fill-opacity="{opacity}"/>' if opacity else "/>")


def _drawn(lines: str, paint: str, width: float, opacity: str = "") -> str:
    """Draw a path as a line."""
    shade = f' stroke-opacity="{opacity}"' if opacity else ""
    return f'<path d="{lines}" fill="none" stroke="{paint}" stroke-width="{_number(width)}"{shade}/>'


def _picture(defs: str, parts: str) -> str:
    """Put definitions and parts into one SVG document."""
    head = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}"'
    return f"<svg {head}><defs>{defs}</defs>{parts}</svg>\n"


def _icon(design: Design, key: str, *, lift: float) -> str:
    size = _ICON_SIZE[design.shape]
    scale = size / 24
    left, top = _CENTRE_X - size / 2, _CENTRE_Y - size / 2 - lift
    lines = _icon_lines(design.icon)
    pen = 'fill="none" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'
    return (
        f'<g transform="translate({_number(left)} {_number(top + 5)}) scale({scale:.3f})" {pen} '
        f'stroke="{design.palette.rim}" opacity=".5">{lines}</g>'
        f'<g transform="translate({_number(left)} {_number(top)}) scale({scale:.3f})" {pen} '
        f'stroke="url(#{key}-icon)">{lines}</g>'
    )


def _star(x: float, y: float, radius: float) -> str:
    points = [
        (
            x + (radius if i % 2 == 0 else radius * 0.46) * sin(pi * i / 5),
            y - (radius if i % 2 == 0 else radius * 0.46) * cos(pi * i / 5),
        )
        for i in range(10)
    ]
    return "M" + "L".join(_pair(point) for point in points) + "Z"


def _plaque(design: Design, key: str) -> str:
    """Draw the level as gold stars on a dark plaque that overlaps the foot of the badge."""
    step, radius, top, height = 45, 19.5, 304, 58
    width = step * design.stars + 30
    left = _CENTRE_X - width / 2
    stars = "".join(
        _star(_CENTRE_X + (i - (design.stars - 1) / 2) * step, top + height / 2 + 1.5, radius)
        for i in range(design.stars)
    )
    box = f'x="{_number(left)}" width="{_number(width)}" height="{height}" rx="29"'
    edge = f'stroke="url(#{key}-edge)" stroke-width="3"'
    inset = f'x="{_number(left + 2)}" width="{_number(width - 4)}" height="{height - 4}" rx="27"'
    return (
        f'<rect {box} y="{top + 8}" fill="{design.palette.rim}"/>'
        f'<rect {box} y="{top}" fill="{design.palette.rim}"/>'
        f'<rect {inset} y="{top + 2}" fill="{design.palette.deep}" fill-opacity=".55" {edge}/>'
        f'<path d="{stars}" fill="url(#{key}-gold)" stroke="url(#{key}-gold)" stroke-width="3" '
        'stroke-linejoin="round"/>'
    )


def _banner(design: Design, key: str) -> str:
    """Draw a folded banner over the foot of the badge with its short text drawn in lines."""
    palette, top, height = design.palette, 296, 62
    letter_scale, gap = 2.5, 5.5
    widths = [LETTERS[letter][1] for letter in design.ribbon]
    x = _CENTRE_X - (sum(widths) + gap * (len(widths) - 1)) * letter_scale / 2
    letters = ""
    for letter, width in zip(design.ribbon, widths, strict=True):
        place = f"translate({_number(x)} {top + 13.5}) scale({letter_scale})"
        letters += f'<path transform="{place}" d="{LETTERS[letter][0]}"/>'
        x += (width + gap) * letter_scale
    ends = f"M40 {top + 22}h62v{height}H40l18-31Z M360 {top + 22}h-62v{height}h62l-18-31Z"
    folds = f"M76 {top + height}h26v22Z M324 {top + height}h-26v22Z"
    band = f"M80 {top}h240a4 4 0 0 1 4 4v{height - 4}H76v-{height - 4}a4 4 0 0 1 4-4Z"
    pen = f'fill="none" stroke="{palette.rim}" stroke-width="2.5" stroke-linecap="round"'
    return (
        _filled(ends, palette.deep)
        + _filled(folds, palette.rim)
        + _filled(band, f"url(#{key}-band)")
        + _drawn(f"M76 {top + 6}h248M76 {top + height - 6}h248", palette.rim, 2, ".3")
        + f'<g {pen} stroke-linejoin="round">{letters}</g>'
    )


def _tails(palette: Palette) -> str:
    """Draw two ribbon ends that hang out behind the badge."""
    return (
        _filled("M96 236 58 382l46-18 34 30 40-132Z", palette.deep)
        + _filled("M304 236l38 146-46-18-34 30-40-132Z", palette.deep)
        + _drawn("M120 300 98 366M280 300l22 66", palette.glow, 6, ".6")
    )


def draw_badge(design: Design, *, key: str) -> str:
    """Return the picture of a badge as SVG text, 400 by 400, under 8 kB.

    `key` prefixes every id in it, so that several pictures can stand in one page. There is no script, style,
    text element or outside reference in it. Raises KeyError for an unknown icon or a ribbon letter that is
    not in `LETTERS`.
    """
    palette = design.palette
    outline, face = _OUTLINES[design.shape], _FACES[design.shape]
    rim_light, rim_mid, rim_dark = GOLD_RIM if design.gold_rim else (palette.glow, palette.deep, palette.rim)
    lift = 22 if design.stars or design.ribbon else 0
    if design.shape == "shield":
        lift += 14
    face_path = face(0.865)
    gloss = (
        f'<radialGradient id="{key}-gloss" gradientUnits="userSpaceOnUse" cx="130" cy="60" r="230">'
        '<stop stop-color="#fff" stop-opacity=".34"/><stop offset="1" stop-color="#fff" stop-opacity="0"/>'
        "</radialGradient>"
    )
    rim_stops = [(0, rim_light, 1), (0.4, rim_mid, 1), (1, rim_dark, 1)]
    face_stops = [(0, palette.glow, 1), (0.5, palette.face, 1), (1, palette.deep, 1)]
    edge_stops = [(0, "#fff", 0.75), (0.6, "#fff", 0.1), (1, "#fff", 0.3)]
    icon_stops = [(0, "#fff", 1), (0.45, "#fff", 1), (1, palette.tint, 1)]
    defs = [
        _gradient(f"{key}-rim", rim_stops, line="90 10 300 390"),
        _gradient(f"{key}-face", face_stops, line="90 30 290 370"),
        _gradient(f"{key}-edge", edge_stops, line="120 10 280 390"),
        _gradient(f"{key}-icon", icon_stops, line="12 0 12 24"),
        gloss,
        f'<clipPath id="{key}-clip"><path d="{face_path}"/></clipPath>',
    ]
    if design.stars:
        defs.append(_gradient(f"{key}-gold", [(0, "#fff0b8", 1), (1, "#f7b733", 1)], line="200 310 200 356"))
    if design.ribbon:
        defs.append(_gradient(f"{key}-band", [(0, "#fff", 1), (1, palette.tint, 1)], line="200 296 200 358"))

    strength = _PATTERN_STRENGTH[design.pattern]
    ornament = "".join(_filled(path, "#fff", f"{strength:g}") for path in _pattern_paths(design.pattern))
    light = _filled("M0 0h400v400H0Z", f"url(#{key}-gloss)")
    parts = [
        f'<path d="{outline(1)}" transform="translate(0 {_DEPTH})" fill="{rim_dark}"/>',
        _filled(outline(1), f"url(#{key}-rim)"),
        _drawn(outline(0.985), f"url(#{key}-edge)", 4),
        _filled(face(0.885), rim_dark, ".55"),
        _filled(face_path, f"url(#{key}-face)"),
        f'<g clip-path="url(#{key}-clip)">{ornament}{light}</g>',
        _drawn(face(0.79), "#fff", 3, ".5"),
        _icon(design, key, lift=lift),
        _plaque(design, key) if design.stars else "",
        _banner(design, key) if design.ribbon else "",
    ]
    body = "".join(parts)
    if design.tails:
        # Ribbon ends need room below: the medal in front of them is smaller and sits higher.
        body = f'{_tails(palette)}<g transform="translate(22 2) scale(.89)">{body}</g>'
    return _picture("".join(defs), body)


def draw_academy_logo() -> str:
    """Return the logo of Harbour Logistics Academy: an open book that sails."""
    return _picture(
        _gradient("academy-sky", [(0, "#5b7cff", 1), (1, "#2238ad", 1)], line="60 20 340 390"),
        '<rect x="16" y="16" width="368" height="368" rx="92" fill="url(#academy-sky)"/>'
        + _filled("M211 66c62 40 98 92 108 152H211Z", "#fff")
        + _filled("M187 104v114h-96c24-30 60-66 96-114Z", "#b9c7ff")
        + _filled("M70 244c48-10 90-4 124 20v74c-58-6-102-36-124-94Z", "#fff")
        + _filled("M330 244c-48-10-90-4-124 20v74c58-6 102-36 124-94Z", "#dbe2ff"),
    )


def draw_safety_board_logo() -> str:
    """Return the logo of Harbour Safety Board: a lighthouse in a shield."""
    outline = "M200 14c56 30 108 44 160 48v130c0 92-62 156-160 194C102 348 40 284 40 192V62c52-4 104-18 160-48Z"
    tower = "M158 162h84v16h-84ZM168 186h64l5 36h-74ZM160 232h80l5 36h-90ZM152 278h96l6 40H146Z"
    return _picture(
        _gradient("board-night", [(0, "#1fa187", 1), (1, "#0b5a55", 1)], line="70 20 320 390")
        + f'<clipPath id="board-clip"><path d="{outline}"/></clipPath>',
        '<g clip-path="url(#board-clip)">'
        + _filled("M0 0h400v400H0Z", "url(#board-night)")
        + _filled("M168 132 0 78v100ZM232 132 400 78v100Z", "#ffd56b")
        + _filled("M0 330q34-26 68 0t68 0 68 0 68 0 68 0 68 0v80H0Z", "#fff", ".22")
        + "</g>"
        + _filled("M200 66l40 36h-80ZM168 110h64v44h-64Z", "#fff")
        + _filled("M184 118h32v28h-32Z", "#ffd56b")
        + _filled(tower, "#fff"),
    )


def rasterise(svg: str, *, size: int = 600) -> bytes:
    """Return the SVG text as a square PNG on a transparent ground."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size, skip_system_fonts=True))
