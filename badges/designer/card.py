"""The picture that social networks show beside a link: the badge, what it says, and who stands behind it."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

import resvg_py
from font_hanken_grotesk import font_files_otf
from PIL import Image, ImageFilter, ImageFont

WIDTH, HEIGHT = 1200, 627  # 1.91 to 1: what LinkedIn and its kin show uncut

#: To be raised with every change of the drawing, so that addresses and caches of older cards are not used any more.
DESIGN = 3

Tone = Literal["", "warn", "bad"]

_PAPER, _SURFACE, _LINE = "#fbfaf8", "#ffffff", "#e7e3dc"
_INK, _INK_2, _INK_3, _ACCENT = "#1c1b19", "#54514b", "#6b675f", "#2f4bd6"
_TONES = {"warn": ("#855000", "#fdf2df", "#f0d9ab"), "bad": ("#a62626", "#fdecea", "#f3c8c4")}

_PANEL = 452  # the left part, in which the badge stands
_LEFT, _RIGHT = 512, 1132  # between them the words
_BADGE = 316
_LATIN_ENDS = 0x0250  # beyond it, and outside of punctuation, the typeface has no letters
_PUNCTUATION = range(0x2000, 0x2070)
_ELLIPSIS = "…"
_COARSE = 4
_FONT_FILES = [font_files_otf[f"HankenGrotesk{weight}"] for weight in ("", "Medium", "SemiBold", "Bold")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a card says. `picture` is the badge as PNG; with a `tone` it is shown grey, and `state` says why."""

    title: str
    issuer: str
    lines: Sequence[str]
    site: str
    picture: bytes
    state: str = ""
    tone: Tone = ""


def card_png(card: Card) -> bytes:
    """Return the card as PNG of 1200 by 627 pixels, far below the 5 MB that networks take."""
    words = "".join([card.title, card.issuer, card.state, card.site, *card.lines])
    drawn = resvg_py.svg_to_bytes(
        svg_string=card_svg(card),
        width=WIDTH,
        height=HEIGHT,
        font_files=_FONT_FILES,
        # Reading the machine's fonts takes time: only for scripts that ours cannot write.
        skip_system_fonts=all(_has_letter(sign) for sign in words),
        sans_serif_family="Hanken Grotesk",
    )
    with Image.open(io.BytesIO(drawn), formats=["PNG"]) as words_only:
        # Without transparency, which some networks show as black.
        whole = words_only.convert("RGB")
    _place_badge(whole, card)
    out = io.BytesIO()
    whole.save(out, "PNG", compress_level=4)
    return out.getvalue()


def card_svg(card: Card) -> str:
    """Return the ground and the words of a card as SVG; the picture is laid on it as pixels, which is much quicker."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        f' font-family="Hanken Grotesk, sans-serif"><rect width="{WIDTH}" height="{HEIGHT}" fill="{_PAPER}"/>'
        f'<rect width="{_PANEL}" height="{HEIGHT}" fill="{_SURFACE}"/>'
        f'<path d="M{_PANEL}.5 0V{HEIGHT}" stroke="{_LINE}"/>{"".join(_words(card))}</svg>'
    )


def _place_badge(whole: Image.Image, card: Card) -> None:
    """Lay the badge into the middle of the panel, with its light and its shadow; or grey and pale, with neither."""
    badge = _square(card.picture)
    place = ((_PANEL - _BADGE) // 2, (HEIGHT - _BADGE) // 2)
    if card.tone:
        pale = badge.convert("LA").convert("RGBA")
        pale.putalpha(badge.getchannel("A").point(lambda value: value * 0.5))
        whole.paste(pale, place, pale)
        return
    light = _light(badge)
    whole.paste(light, (0, 0), light)
    whole.paste(badge, place, badge)


def _words(card: Card) -> Iterator[str]:
    """Issuer above, foot below, and between them title and lines, centred on the height that is left."""
    yield _text(_cut(card.issuer, 27, "SemiBold"), 92, 27, "SemiBold", _INK_2)
    size, title = _title(card.title)
    leading, lines = size * 1.1, _lines(card.lines, most=2 if len(title) > 2 else 3)
    height = leading * len(title) + 22 + 42 * len(lines) + (64 if card.state else 0)
    line_at = 118 + (412 - height) / 2 + size * 0.8
    for line in title:
        yield _text(line, line_at, size, "Bold", _INK, spacing=-0.022 * size)
        line_at += leading
    line_at += 22 - size * 0.8 + 27
    for line in lines:
        yield _text(line, line_at, 29, "Regular", _INK_2)
        line_at += 42
    if card.state and card.tone:
        yield _pill(card.state, card.tone, line_at - 12)
    yield _mark(_LEFT, 538)
    yield _text(_cut(card.site, 23, "Medium", room=_RIGHT - _LEFT - 44), 558, 23, "Medium", _INK_3, at=_LEFT + 40)


def _text(text: str, y: float, size: float, weight: str, colour: str, *, at: float = _LEFT, spacing: float = 0) -> str:
    number = {"Regular": 400, "Medium": 500, "SemiBold": 600, "Bold": 700}[weight]
    tight = f' letter-spacing="{spacing:.2f}"' if spacing else ""
    return (
        f'<text x="{at}" y="{y:.1f}" font-size="{size:g}" font-weight="{number}" fill="{colour}"{tight}>'
        f"{escape(_legal(text))}</text>"
    )


def _pill(state: str, tone: Literal["warn", "bad"], y: float) -> str:
    ink, ground, line = _TONES[tone]
    state = _cut(state, 25, "SemiBold", room=_RIGHT - _LEFT - 70)
    width = _length(state, 25, "SemiBold") + 66
    return (
        f'<rect x="{_LEFT}" y="{y:.1f}" width="{width:.1f}" height="48" rx="24" fill="{ground}" stroke="{line}"/>'
        f'<circle cx="{_LEFT + 26}" cy="{y + 24:.1f}" r="6" fill="{ink}"/>'
        f"{_text(state, y + 33, 25, 'SemiBold', ink, at=_LEFT + 44)}"
    )


def _mark(x: float, y: float) -> str:
    """The product's hexagon (templates/components/mark.html), small."""
    return (
        f'<g transform="translate({x} {y}) scale(1.12)" fill="none" stroke="{_ACCENT}" stroke-width="2"'
        ' stroke-linejoin="round"><path d="M12 2.5 20.5 7.3v9.4L12 21.5 3.5 16.7V7.3Z"/>'
        '<path d="m8.6 12.2 2.4 2.4 4.5-5" stroke-linecap="round"/></g>'
    )


def _title(title: str) -> tuple[float, list[str]]:
    """Return the largest size at which the title fits, and its lines; the smallest cuts what is too much."""
    for size, most in ((70, 2), (60, 3), (50, 3)):
        lines = _wrapped(title, size, "Bold")
        if len(lines) <= most and all(_length(line, size, "Bold") <= _RIGHT - _LEFT for line in lines):
            return size, lines
    kept = _wrapped(title, 50, "Bold")
    shown = kept[:3]
    if len(kept) > 3:
        shown[-1] += _ELLIPSIS
    return 50, [_cut(line, 50, "Bold") for line in shown]


def _lines(lines: Sequence[str], *, most: int) -> list[str]:
    """Wrap what is said below the title."""
    wrapped = [part for line in lines for part in _wrapped(line, 29, "Regular")]
    shown = wrapped[:most]
    if len(wrapped) > most:
        shown[-1] += _ELLIPSIS
    return [_cut(line, 29, "Regular") for line in shown]


def _wrapped(text: str, size: float, weight: str) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and _length(f"{lines[-1]} {word}", size, weight) <= _RIGHT - _LEFT:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines


def _cut(text: str, size: float, weight: str, *, room: float = _RIGHT - _LEFT) -> str:
    """Return the text, shortened with an ellipsis where it is wider than its room."""
    if _length(text, size, weight) <= room:
        return text
    text = text.removesuffix(_ELLIPSIS)
    while text and _length(text + _ELLIPSIS, size, weight) > room:
        text = text[:-1]
    return text.rstrip() + _ELLIPSIS


def _length(text: str, size: float, weight: str) -> float:
    # Measured once at a hundred pixels: lengths grow with the size. A word of thousands is too long in any case.
    return _font(weight).getlength(_legal(text[:400])) * size / 100


@cache
def _font(weight: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(Path(font_files_otf[f"HankenGrotesk{'' if weight == 'Regular' else weight}"]), 100)


def _has_letter(sign: str) -> bool:
    return ord(sign) < _LATIN_ENDS or ord(sign) in _PUNCTUATION


def _legal(text: str) -> str:
    """Leave out what XML does not allow in a text."""
    return "".join(sign for sign in text if sign >= " " and not 0xD800 <= ord(sign) <= 0xDFFF and ord(sign) < 0xFFFE)


def _square(picture: bytes) -> Image.Image:
    """Return the picture on a transparent square, as large as it is shown."""
    with Image.open(io.BytesIO(picture), formats=["PNG"]) as image:
        small = image.convert("RGBA")
    scale = _BADGE / max(small.size)
    fitting = (max(1, round(small.width * scale)), max(1, round(small.height * scale)))
    small = small.convert("RGBa").resize(fitting, Image.Resampling.LANCZOS, reducing_gap=3).convert("RGBA")
    square = Image.new("RGBA", (_BADGE, _BADGE), (0, 0, 0, 0))
    square.paste(small, ((_BADGE - small.width) // 2, (_BADGE - small.height) // 2))
    return square


def _light(picture: Image.Image) -> Image.Image:
    """Return the badge's own light on the panel, and its shadow; small, because blur needs no pixels."""
    small = picture.resize((_BADGE // _COARSE, _BADGE // _COARSE), Image.Resampling.BOX)
    size = (_PANEL // _COARSE, HEIGHT // _COARSE)
    corner = ((size[0] - small.width) // 2, (size[1] - small.height) // 2)
    glow = Image.new("RGBA", size, (0, 0, 0, 0))
    glow.paste(small, corner)
    # Premultiplied while blurred: else the black of the transparent pixels would bleed in.
    glow = glow.convert("RGBa").filter(ImageFilter.GaussianBlur(46 / _COARSE)).convert("RGBA")
    glow.putalpha(glow.getchannel("A").point(lambda value: value * 0.4))
    shade = Image.new("L", size, 0)
    shade.paste(small.getchannel("A"), (corner[0], corner[1] + 12 // _COARSE))
    shade = shade.filter(ImageFilter.GaussianBlur(14 / _COARSE)).point(lambda value: value * 0.24)
    shadow = Image.new("RGBA", size, (28, 24, 16, 0))
    shadow.putalpha(shade)
    return Image.alpha_composite(glow, shadow).resize((_PANEL, HEIGHT), Image.Resampling.BICUBIC)
