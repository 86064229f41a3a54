"""Colours and how well they can be told apart; pure."""

import colorsys
import re

_HEX = re.compile(r"#([0-9a-fA-F]{6})")

#: WCAG 2.2: text (1.4.3), and large text or what carries meaning without words (1.4.11).
TEXT_CONTRAST, SHAPE_CONTRAST = 4.5, 3.0


def parse_colour(written: str) -> str:
    """Return a colour as “#rrggbb” in small letters. Takes “#RGB” and “RRGGBB” too; raises `ValueError` otherwise."""
    text = written.strip().lstrip("#")
    if len(text) == 3:
        text = "".join(sign * 2 for sign in text)
    if not _HEX.fullmatch(f"#{text}"):
        raise ValueError(written)
    return f"#{text.lower()}"


def luminance(colour: str) -> float:
    """Return how light “#rrggbb” is, from 0 (black) to 1 (white), as WCAG 2.2 measures it."""
    parts = [_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2, 1.4.3)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_on(background: str) -> str:
    """Return white or near black, whichever reads better on the colour."""
    return max("#ffffff", "#111317", key=lambda ink: contrast(ink, background))


def readable(colour: str, *, on: str, at_least: float = TEXT_CONTRAST) -> str:
    """Return the colour, made just so much darker or lighter that it reads on `on`; its hue stays.

    A colour that reads already comes back as it is.
    """
    if contrast(colour, on) >= at_least:
        return colour
    hue, lightness, saturation = colorsys.rgb_to_hls(*(int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)))
    towards = 0.0 if luminance(on) > 0.18 else 1.0
    for step in range(1, 101):
        nearer = lightness + (towards - lightness) * step / 100
        red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, nearer, saturation))
        found = f"#{red:02x}{green:02x}{blue:02x}"
        if contrast(found, on) >= at_least:
            return found
    return ink_on(on)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
