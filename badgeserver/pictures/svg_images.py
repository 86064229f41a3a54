"""Pixel pictures embedded in an SVG: only PNG and JPEG, checked and stripped like uploads of their own."""

import base64
import binascii
import io
import re
import struct

from PIL import Image

from badgeserver.pictures.errors import PictureRefused
from badgeserver.pictures.limits import Limits
from badgeserver.pictures.png import PNG_SIGNATURE, clean_png
from badgeserver.pictures.svg_rules import OUTSIDE_SENTENCE

_DATA_URL = re.compile(r"data:image/(?:png|jpe?g)\s*(?:;\s*charset=[\w-]{1,20})?;\s*base64\s*,", re.IGNORECASE)
_DAMAGED = "A photo inside this SVG is damaged. Embed it again as PNG or JPEG, export as plain SVG and upload that."
_KIND = "A picture inside this SVG is neither PNG nor JPEG. Embed it as PNG or JPEG, export again and upload that."
_TOO_LARGE = (
    "The photos inside this SVG have too many pixels. Make them smaller, or export the whole as PNG, and upload that."
)
# Application data (EXIF with a place, XMP, Photoshop layers) and comments; 0xEE is Adobe's colour transform, which
# decoding needs.
_JPEG_DROPPED = frozenset({0xE1, *range(0xE3, 0xEE), 0xEF, 0xFE})
_JPEG_END, _JPEG_SCAN, _JPEG_LONE = 0xD9, 0xDA, frozenset({0x01, *range(0xD0, 0xD9)})
# A progressive JPEG has about ten scans; hundreds over many pixels are a known way to keep a decoder busy.
_JPEG_MAX_SCANS = 30


class EmbeddedImages:
    """Cleans the embedded pictures of one drawing, counting their pixels together."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pixels_left = limits.max_pixels

    def clean(self, href: str) -> str:
        """Return a safe data URL; raise PictureRefused if it is elsewhere, of another kind, damaged or too large."""
        href = href.strip()
        if not href.lower().startswith("data:"):
            raise PictureRefused(OUTSIDE_SENTENCE)
        opening = _DATA_URL.match(href)
        if opening is None:
            raise PictureRefused(_KIND)
        try:
            data = base64.b64decode(re.sub(r"\s+", "", href[opening.end() :]), validate=True)
        except (binascii.Error, ValueError):
            raise PictureRefused(_DAMAGED) from None
        if data.startswith(PNG_SIGNATURE):
            media_type = "image/png"
            safe = self._clean_png(data)
        elif data.startswith(b"\xff\xd8\xff"):
            media_type = "image/jpeg"
            safe = self._clean_jpeg(data)
        else:
            raise PictureRefused(_KIND)
        return f"data:{media_type};base64,{base64.b64encode(safe).decode('ascii')}"

    def _clean_png(self, data: bytes) -> bytes:
        width, height = struct.unpack_from(">II", data.ljust(24, b"\x00"), 16)
        self._count(width, height)
        try:
            return clean_png(data, self._limits)[0]
        except PictureRefused:
            raise PictureRefused(_DAMAGED) from None

    def _clean_jpeg(self, data: bytes) -> bytes:
        safe = _strip_jpeg(data)
        try:
            with Image.open(io.BytesIO(safe), formats=["JPEG"]) as image:
                self._count(image.width, image.height)
                image.load()
        except (
            Image.DecompressionBombError,
            Image.DecompressionBombWarning,
            OSError,
            SyntaxError,
            ValueError,
            struct.error,
        ):
            raise PictureRefused(_DAMAGED) from None
        return safe

    def _count(self, width: int, height: int) -> None:
        self._pixels_left -= width * height
        if self._pixels_left < 0:
            raise PictureRefused(_TOO_LARGE)


def _strip_jpeg(data: bytes) -> bytes:
    """Copy the segments that the picture needs, up to the end marker."""
    kept = [data[:2]]
    at, scans = 2, 0
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == _JPEG_END or scans > _JPEG_MAX_SCANS:
            break
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker in _JPEG_LONE:
            kept.append(data[at : at + 2])
            at += 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + max(length, 2)
        if marker == _JPEG_SCAN:
            scans += 1
            end = _end_of_scan(data, end)
        if marker not in _JPEG_DROPPED:
            kept.append(data[at:end])
        at = end
    if not scans or scans > _JPEG_MAX_SCANS or data[at : at + 2] != b"\xff\xd9":
        raise PictureRefused(_DAMAGED)
    return b"".join([*kept, b"\xff\xd9"])


def _end_of_scan(data: bytes, at: int) -> int:
    """Return where the entropy-coded data ends: the next 0xFF that is neither stuffed nor a restart marker."""
    while (at := data.find(b"\xff", at)) >= 0:
        following = data[at + 1 : at + 2]
        if following and following != b"\x00" and not 0xD0 <= following[0] <= 0xD7 and following != b"\xff":
            return at
        at += 1 if following == b"\xff" else 2
    return len(data)
