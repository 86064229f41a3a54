"""Words as outlines of letters, straight or along a curve: no font is needed to show them; pure."""

from functools import cache, lru_cache
from math import cos, sin
from pathlib import Path

import uharfbuzz as hb
from font_hanken_grotesk import font_files_otf

_FEATURES = {"liga": False, "clig": False, "kern": True}
# Letters of other scripts are refused by what the font knows; these have a glyph, but nothing to show.
_INVISIBLE = frozenset(
    map(chr, (0x00AD, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0xFEFF))
)


@cache
def _font() -> hb.Font:
    return hb.Font(hb.Face(hb.Blob(Path(font_files_otf["HankenGroteskBold"]).read_bytes())))


@cache
def _upem() -> int:
    return _font().face.upem


@cache
def cap_height() -> float:
    """How high capitals are, as a part of the size."""
    extents = _font().get_glyph_extents(_font().get_nominal_glyph(ord("H")))
    return (extents.y_bearing if extents else 700) / _upem()


@cache
def _letters() -> frozenset[int]:
    return frozenset(_font().face.unicodes)


def missing_letter(text: str) -> str:
    """Return the first sign that the typeface cannot write, or nothing."""
    for sign in text:
        for one in (sign, *capitals(sign)):
            if one != " " and (ord(one) not in _letters() or one in _INVISIBLE or not one.isprintable()):
                return sign
    return ""


def capitals(text: str) -> str:
    """Return the text in capitals; ß has one of its own."""
    return text.replace("ß", "ẞ" if ord("ẞ") in _letters() else "ß").upper()


@lru_cache(maxsize=1024)
def _shaped(text: str) -> tuple[tuple[int, int], ...]:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.direction, buffer.script, buffer.language = "ltr", "Latn", "en"
    hb.shape(_font(), buffer, _FEATURES)
    return tuple(
        (info.codepoint, place.x_advance)
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    )


_Stroke = tuple[str, tuple[float, ...]]


@cache
def _pen() -> hb.DrawFuncs:
    pen = hb.DrawFuncs()
    pen.set_move_to_func(lambda x, y, out: out.append(("M", (x, y))))
    pen.set_line_to_func(lambda x, y, out: out.append(("L", (x, y))))
    pen.set_quadratic_to_func(lambda a, b, x, y, out: out.append(("Q", (a, b, x, y))))
    pen.set_cubic_to_func(lambda a, b, c, d, x, y, out: out.append(("C", (a, b, c, d, x, y))))
    pen.set_close_path_func(lambda out: out.append(("Z", ())))
    return pen


@lru_cache(maxsize=1024)
def _outline(glyph: int) -> tuple[_Stroke, ...]:
    strokes: list[_Stroke] = []
    _font().draw_glyph(glyph, _pen(), strokes)
    return tuple(strokes)


def length(text: str, size: float, spacing: float = 0) -> float:
    """Return how long a line of text is; `spacing` is added between letters, as a part of the size."""
    shaped = _shaped(text)
    return (sum(advance for _, advance in shaped) / _upem() + spacing * max(0, len(shaped) - 1)) * size


@lru_cache(maxsize=512)
def straight(text: str, *, x: float, y: float, size: float, spacing: float = 0) -> str:
    """Return the outlines of a line centred on `x`, standing on `y`, as path data."""
    at, scale, pieces = x - length(text, size, spacing) / 2, size / _upem(), []
    for glyph, advance in _shaped(text):
        pieces.append(_placed(glyph, at, y, scale, 0))
        at += advance * scale + spacing * size
    return "".join(pieces)


@lru_cache(maxsize=512)
def curved(
    text: str, *, x: float, y: float, radius: float, size: float, spacing: float = 0, smile: bool = False
) -> str:
    """Return the outlines of text on a circle around (x, y), centred at its top; with `smile` at its foot, upright.

    `radius` is where letters stand.
    """
    angle, scale, pieces = -length(text, size, spacing) / radius / 2, size / _upem(), []
    for glyph, advance in _shaped(text):
        half = advance * scale / radius / 2
        middle = angle + half
        turn = -middle if smile else middle
        down = radius if smile else -radius
        place_x = x + sin(middle) * radius - cos(turn) * advance * scale / 2
        place_y = y + cos(middle) * down - sin(turn) * advance * scale / 2
        pieces.append(_placed(glyph, place_x, place_y, scale, turn))
        angle = middle + half + spacing * size / radius
    return "".join(pieces)


def _placed(glyph: int, x: float, y: float, scale: float, turn: float) -> str:
    """Write one letter, its steps in whole hundredths: nothing adds up, and every machine writes the same."""
    along, across = cos(turn) * scale, sin(turn) * scale
    now_x = now_y = start_x = start_y = 0
    out: list[str] = []
    for command, numbers in _outline(glyph):
        if command == "Z":
            out.append("z")
            now_x, now_y = start_x, start_y
            continue
        steps, end_x, end_y = [], 0, 0
        for index in range(0, len(numbers), 2):
            end_x = round((x + numbers[index] * along + numbers[index + 1] * across) * 100)
            end_y = round((y + numbers[index] * across - numbers[index + 1] * along) * 100)
            steps += [end_x, end_y] if command == "M" else [end_x - now_x, end_y - now_y]
        out.append((command if command == "M" else command.lower()) + _joined(steps))
        now_x, now_y = end_x, end_y
        if command == "M":
            start_x, start_y = now_x, now_y
    return "".join(out)


def _joined(hundredths: list[int]) -> str:
    written = ""
    for value in hundredths:
        text = _hundredth(value)
        written += text if not written or text.startswith("-") else f" {text}"
    return written


@lru_cache(maxsize=16384)
def _hundredth(value: int) -> str:
    whole, part = divmod(abs(value), 100)
    text = f"{whole}.{part:02d}".rstrip("0").rstrip(".") if part else str(whole)
    return f"-{text}" if value < 0 else text
