"""What of a picture is left at the size of a list: measured in its pixels."""

import io
from dataclasses import dataclass

from PIL import Image, ImageStat

#: The side of a badge in a list.
SMALL = 64
_OPAQUE = 128
#: Of the pixels, so many are left out at either end: a few bright ones are no contrast.
_TAIL = 0.04
_LINEAR = [(one / 255 / 12.92 if one <= 10 else ((one / 255 + 0.055) / 1.055) ** 2.4) for one in range(256)]


@dataclass(frozen=True, slots=True)
class Look:
    """A picture as a list shows it: `contrast` is between its darkest and its brightest parts (1 to 21).

    `side` is the shorter side of the file in pixels, `filled` the share of the square that is not transparent.
    """

    side: int
    width: int
    height: int
    contrast: float
    filled: float

    @property
    def is_square(self) -> bool:
        return max(self.width, self.height) <= 1.15 * min(self.width, self.height)


def look_of(png: bytes) -> Look | None:
    """Measure a PNG at the size of a list; None for what cannot be read."""
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            width, height = image.size
            whole = image.point(lambda value: value / 256).convert("L") if image.mode.startswith("I") else image
            small = whole.convert("RGBA")
    except (Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        return None
    small.thumbnail((SMALL, SMALL), Image.Resampling.BOX)
    alpha = small.getchannel("A").point(lambda value: 255 if value >= _OPAQUE else 0)
    seen = int(ImageStat.Stat(alpha).sum[0] / 255)
    return Look(min(width, height), width, height, _contrast(small, alpha), seen / (SMALL * SMALL))


def _contrast(small: Image.Image, alpha: Image.Image) -> float:
    """Return the contrast (WCAG) between the dark and the bright parts of what is seen."""
    counts = small.convert("RGB").convert("L").histogram(alpha)
    seen = sum(counts)
    if not seen:
        return 1.0
    dark, bright = _level(counts, seen), 255 - _level(counts[::-1], seen)
    return (_LINEAR[bright] + 0.05) / (_LINEAR[dark] + 0.05)


def _level(counts: list[int], seen: int) -> int:
    left = seen * _TAIL
    for level, count in enumerate(counts):
        left -= count
        if left < 0:
            return level
    return 255
