"""How large, how small and how intricate a picture may be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The bounds of a picture; every number can be set by the caller, the defaults suit badges.

    ``min_side`` and ``max_ratio`` are about looks: OB2-BC-IMG asks for square pictures of at least 90 by 90 pixels. A
    drawing (SVG) has no pixels, so ``min_side`` does not refuse it: its stated size is scaled up instead. The rest
    protects this server and the people who look at the picture.
    """

    max_png_bytes: int = 2 * 1024 * 1024
    max_svg_bytes: int = 512 * 1024
    max_pixels: int = 16_000_000
    min_side: int = 90
    max_ratio: float = 2.0
    max_elements: int = 5_000
    max_depth: int = 64
    max_characters: int = 10_000
    # What the drawing amounts to when every <use>, pattern, marker, mask and filter is counted as often as it is drawn.
    max_drawing_work: int = 50_000
    # For every attribute except path data, point lists and embedded pictures, which the file size bounds.
    max_attribute_length: int = 4_000


DEFAULT_LIMITS = Limits()
LOGO_LIMITS = Limits(min_side=32, max_ratio=8.0)
