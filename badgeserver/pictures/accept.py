"""Take a picture from a stranger, or say why not."""

import re
from dataclasses import dataclass
from typing import Literal

from badgeserver.pictures.errors import PictureRefused
from badgeserver.pictures.limits import DEFAULT_LIMITS, Limits
from badgeserver.pictures.png import PNG_SIGNATURE, clean_png
from badgeserver.pictures.svg import clean_svg

_PNG: Literal["image/png"] = "image/png"
_SVG: Literal["image/svg+xml"] = "image/svg+xml"


@dataclass(frozen=True)
class Picture:
    """A picture that is safe to store and to serve; ``data`` is not the upload but what was left of it."""

    data: bytes
    media_type: Literal["image/png", "image/svg+xml"]
    extension: Literal["png", "svg"]
    width: int
    height: int


# First bytes -> what people call it. Order matters only where one is the beginning of another.
_OTHER_PICTURES: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\xff\xd8\xff"), "a JPEG picture"),
    (re.compile(rb"GIF8[79]a"), "a GIF picture"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "a WebP picture"),
    (re.compile(rb"....ftyp(?:avif|avis)", re.DOTALL), "an AVIF picture"),
    (re.compile(rb"....ftyp(?:hei[cfmsx]|hev[cmsx]|mif1|msf1)", re.DOTALL), "a HEIC picture"),
    (re.compile(rb"BM.{4}\x00\x00\x00\x00", re.DOTALL), "a BMP picture"),
    (re.compile(rb"II\*\x00|MM\x00\*"), "a TIFF picture"),
    (re.compile(rb"\x00\x00\x01\x00"), "an icon file (ICO)"),
    (re.compile(rb"8BPS"), "a Photoshop file"),
    (re.compile(rb"%PDF|%!PS"), "a PDF or Illustrator document"),
)
_UNKNOWN = "This file is not a PNG or SVG picture. Save or export your picture as PNG or SVG and upload it again."


def accept_picture(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Picture:
    """Return the safe form of an uploaded PNG or SVG; raise PictureRefused with a sentence for anything else.

    The kind is told from the content alone: a file name or a declared type is not asked for, because both can lie.
    Accepting what was accepted gives the same bytes again.

    PNG: pixels stay untouched, byte for byte; text, EXIF, times, a badge baked in earlier and whatever follows the
    picture are left out. SVG: editor leftovers are removed silently; scripts, links out, entities and animation are
    refused, not repaired, because removing them would change what the author made without telling. An old baked badge
    is removed.
    """
    if not data:
        raise PictureRefused("This file is empty. Choose a PNG or SVG picture and upload it.")
    if data.startswith(PNG_SIGNATURE):
        safe, width, height = clean_png(data, limits)
        _check_shape(width, height, limits)
        if min(width, height) < limits.min_side:
            raise PictureRefused(
                f"This picture is {width} by {height} pixels, which is too small. "
                f"Upload one of at least {limits.min_side} by {limits.min_side} pixels.",
            )
        return Picture(data=safe, media_type=_PNG, extension="png", width=width, height=height)
    _refuse_other_kinds(data)
    drawing = clean_svg(data, limits)
    _check_shape(drawing.width, drawing.height, limits)
    return Picture(
        data=drawing.data,
        media_type=_SVG,
        extension="svg",
        width=drawing.width,
        height=drawing.height,
    )


def _check_shape(width: int, height: int, limits: Limits) -> None:
    if max(width, height) > limits.max_ratio * min(width, height):
        raise PictureRefused(
            f"This picture is {width} by {height}, which is too long for its width. "
            f"Crop it so that the longer side is at most {limits.max_ratio:g} times the shorter one; square is best.",
        )


def _refuse_other_kinds(data: bytes) -> None:
    for pattern, name in _OTHER_PICTURES:
        if pattern.match(data):
            raise PictureRefused(f"This is {name}. Save or export it as PNG or SVG and upload it again.")
    if data.startswith(b"\x1f\x8b"):
        raise PictureRefused(
            "This file is compressed (perhaps an SVGZ). Save it as plain SVG and upload it again.",
        )
    if b"PNG" in data[:8]:
        raise PictureRefused(
            "This PNG was damaged on its way: its first bytes are wrong. Save it as PNG again and upload that.",
        )
    head = data[:2048].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")):
        raise PictureRefused("This is a web page, not a picture. Upload a PNG or SVG picture.")
    if not head.startswith(b"<"):
        raise PictureRefused(_UNKNOWN)
