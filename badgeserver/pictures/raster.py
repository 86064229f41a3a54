"""From a drawing to pixels, and from many pixels to few."""

import io
import json
import subprocess
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path

from PIL import Image

from badgeserver.pictures.errors import PictureRefused
from badgeserver.pictures.limits import Limits
from badgeserver.pictures.png import PNG_SIGNATURE
from badgeserver.pictures.svg import clean_svg

MAX_SECONDS = 10
# Processor seconds are what counts; the clock is only a net for a machine that is busy with other things.
MAX_WAIT_SECONDS = 30
MAX_MEMORY_BYTES = 1024 * 1024 * 1024
MAX_RASTER_SIZE = 2048

_CHILD = Path(__file__).with_name("raster_child.py")
_FAMILY = "Hanken Grotesk"
# Drawings of our own designer may hold more text or be wider than an upload; what is drawn is checked all the same.
_RASTER_LIMITS = Limits(max_svg_bytes=2 * 1024 * 1024, min_side=1)
_TOO_SLOW = (
    "This SVG takes too long to draw. Simplify it (effects, repeats, very many shapes), or export it as "
    "PNG, and upload that."
)
_CANNOT = "This SVG cannot be drawn. Simplify it, or export it as PNG, and upload that."


def rasterize(svg: bytes, *, size: int = 600, max_seconds: int = MAX_SECONDS) -> bytes:
    """Return a PNG of a drawing on transparent ground whose longer side is ``size`` pixels (1 to 2048).

    Text is drawn with Hanken Grotesk, whatever family it asks for; fonts of the machine are never used, so that the
    same drawing gives the same pixels everywhere. The drawing is cleaned first, as in ``accept_picture``.

    Raises PictureRefused if cleaning does, or if drawing fails, needs more than ``max_seconds`` of processor time or
    a gigabyte of memory. The renderer runs in a process of its own: it can neither be interrupted nor survive some
    inputs (a pattern of 200,000 by 200,000 units ends the whole process), and neither may happen to the web server.
    """
    if not 1 <= size <= MAX_RASTER_SIZE:
        message = f"size must be between 1 and {MAX_RASTER_SIZE}, not {size}"
        raise ValueError(message)
    drawing = clean_svg(svg, _RASTER_LIMITS)
    order = {
        "side": "width" if drawing.width >= drawing.height else "height",
        "size": size,
        "fonts": font_files(),
        "family": _FAMILY,
        "seconds": max_seconds,
        "memory": MAX_MEMORY_BYTES,
    }
    try:
        done = subprocess.run(  # noqa: S603 -- a fixed program; the drawing goes in as data
            [sys.executable, "-I", str(_CHILD), json.dumps(order)],
            input=drawing.data,
            capture_output=True,
            timeout=MAX_WAIT_SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise PictureRefused(_TOO_SLOW) from None
    if done.returncode in _CPU_SIGNALS:
        raise PictureRefused(_TOO_SLOW)
    if done.returncode or not done.stdout.startswith(PNG_SIGNATURE):
        raise PictureRefused(_CANNOT)
    return done.stdout


# Ended by the kernel: SIGXCPU at the limit, SIGKILL where the first is not enough.
_CPU_SIGNALS = (-24, -9)


@cache
def font_files() -> list[str]:
    """Return the paths of the font files that drawings are rendered with, from the installed font package."""
    found = [
        str(font) for font in (files("font_hanken_grotesk") / "files").iterdir() if font.name.endswith((".otf", ".ttf"))
    ]
    return sorted(found)


def thumbnail_png(data: bytes, *, size: int) -> bytes:
    """Return a PNG that fits into ``size`` by ``size`` pixels, with transparency, from a picture accepted before.

    A PNG is never enlarged; an SVG is drawn at that size. Raises PictureRefused if the picture cannot be read after
    all.
    """
    if not data.startswith(PNG_SIGNATURE):
        return rasterize(data, size=size)
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            profile = image.info.get("icc_profile") if image.mode in ("RGB", "RGBA") else None
            # Grey with 16 bits has no direct way to RGBA: its values would be clipped, not scaled.
            whole = image.point(lambda value: value / 256).convert("L") if image.mode.startswith("I") else image
            small = whole.convert("RGBA")
    except (Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        raise PictureRefused(
            "This PNG is damaged and cannot be read. Save or export it again and upload the new file.",
        ) from None
    small.thumbnail((size, size), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, format="PNG", optimize=True, icc_profile=profile)
    return out.getvalue()
