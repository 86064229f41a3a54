"""PNG: check every byte, keep the pixels, leave the rest out."""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from PIL import Image

from badgeserver.pictures.errors import PictureRefused
from badgeserver.pictures.limits import Limits

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"

# What a picture needs to look right. Everything else (tEXt, zTXt, iTXt with a baked badge, eXIf with a place, tIME …)
# stays out.
_KEPT_ONCE = frozenset({b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"pHYs"})
_ANIMATION = frozenset({b"acTL", b"fcTL", b"fdAT"})
# PNG specification, table 11.1: colour type -> (channels, bit depths).
_COLOUR_TYPES: dict[int, tuple[int, frozenset[int]]] = {
    0: (1, frozenset({1, 2, 4, 8, 16})),
    2: (3, frozenset({8, 16})),
    3: (1, frozenset({1, 2, 4, 8})),
    4: (2, frozenset({8, 16})),
    6: (4, frozenset({8, 16})),
}
_PALETTE = 3
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_INFLATE_STEP = 1 << 16
# What Pillow's PNG reader raises on broken input (its own UnidentifiedImageError is an OSError).
_DECODE_ERRORS = (OSError, SyntaxError, ValueError, OverflowError, EOFError, struct.error, zlib.error)


@dataclass(frozen=True)
class _Header:
    width: int
    height: int
    bits_per_pixel: int
    colour_type: int
    interlaced: bool

    def inflated_size(self) -> int:
        """Return how many bytes the pixel data unpacks to: one filter byte a line (PNG specification, 7.2, 8.1)."""
        passes = _ADAM7 if self.interlaced else ((0, 0, 1, 1),)
        total = 0
        for left, top, across, down in passes:
            columns = (self.width - left + across - 1) // across
            lines = (self.height - top + down - 1) // down
            if columns > 0 and lines > 0:
                total += lines * (1 + (columns * self.bits_per_pixel + 7) // 8)
        return total


def clean_png(data: bytes, limits: Limits) -> tuple[bytes, int, int]:
    """Return (safe bytes, width, height) of a whole, sound, still PNG; raise PictureRefused for any other.

    Size is judged from the header before anything is unpacked; then checksums, the packed pixel data and a real
    decoding must agree.
    """
    if len(data) > limits.max_png_bytes:
        raise PictureRefused(
            f"This PNG is larger than {_megabytes(limits.max_png_bytes)}. Make it smaller "
            "(600 by 600 pixels is plenty for a badge) and upload it again.",
        )
    chunks = _chunks(data)
    kind, body, chunk = next(chunks)
    header = _read_header(kind, body, limits)
    kept, pixel_data = [PNG_SIGNATURE, chunk], list[bytes]()
    seen: set[bytes] = set()
    for kind, body, chunk in chunks:
        if kind == b"IDAT":
            pixel_data.append(body)
            kept.append(chunk)
        elif _is_kept(kind) and kind not in seen and not pixel_data:
            seen.add(kind)
            kept.append(chunk)
    if not pixel_data or (header.colour_type == _PALETTE and b"PLTE" not in seen):
        _refuse_damaged()
    kept.append(_END)
    _check_pixel_data(pixel_data, header.inflated_size())
    safe = b"".join(kept)
    _decode(safe)
    return safe, header.width, header.height


def _is_kept(kind: bytes) -> bool:
    if kind in _ANIMATION:
        raise PictureRefused(
            "This PNG is animated. A badge is a still picture: save one frame as PNG and upload that.",
        )
    if kind not in _KEPT_ONCE and not kind[0] & 0x20 and kind != b"IEND":
        _refuse_damaged()  # a critical chunk that nobody knows, or a second header
    return kind in _KEPT_ONCE


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield (type, body, whole chunk), the last one being IEND, with lengths and checksums verified."""
    at = len(PNG_SIGNATURE)
    while at < len(data):
        if at + 12 > len(data):
            _refuse_truncated()
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 12 + length
        if end > len(data):
            _refuse_truncated()
        kind, body = data[at + 4 : at + 8], data[at + 8 : end - 4]
        (checksum,) = struct.unpack_from(">I", data, end - 4)
        if not kind.isalpha() or zlib.crc32(data[at + 4 : end - 4]) != checksum:
            _refuse_damaged()
        yield kind, body, data[at:end]
        if kind == b"IEND":
            return  # what follows the picture is not part of it
        at = end
    _refuse_truncated()


def _read_header(kind: bytes, body: bytes, limits: Limits) -> _Header:
    if kind != b"IHDR" or len(body) != 13:
        _refuse_damaged()
    width, height, depth, colour_type, compression, filtering, interlace = struct.unpack(">IIBBBBB", body)
    channels, depths = _COLOUR_TYPES.get(colour_type, (0, frozenset()))
    if not width or not height or depth not in depths or compression or filtering or interlace > 1:
        _refuse_damaged()
    if width * height > limits.max_pixels:
        raise PictureRefused(
            f"This picture has {width} by {height} pixels, more than the {limits.max_pixels // 1_000_000} million "
            f"allowed. "
            "Make it smaller (600 by 600 is plenty for a badge) and upload it again.",
        )
    return _Header(width, height, depth * channels, colour_type, interlaced=bool(interlace))


def _check_pixel_data(pieces: list[bytes], expected: int) -> None:
    """Unpack in small steps, keeping nothing: the data must end properly, at the size that the header promises."""
    inflater = zlib.decompressobj()
    size = 0
    try:
        for piece in pieces:
            waiting = piece
            while waiting:
                if inflater.eof:
                    _refuse_damaged()  # something hides behind the pixels
                size += len(inflater.decompress(waiting, _INFLATE_STEP))
                if size > expected or inflater.unused_data:
                    _refuse_damaged()
                waiting = inflater.unconsumed_tail
        size += len(inflater.flush(1))
    except zlib.error:
        _refuse_damaged()
    if not inflater.eof or size != expected:
        _refuse_truncated()


def _decode(safe: bytes) -> None:
    """Prove that a real decoder can read every pixel.

    Pillow's global switches (MAX_IMAGE_PIXELS, LOAD_TRUNCATED_IMAGES) are not touched: they are shared by all
    threads. The header check keeps far below the size at which Pillow itself would warn of a decompression bomb.
    """
    try:
        with Image.open(io.BytesIO(safe), formats=["PNG"]) as image:
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, *_DECODE_ERRORS):
        _refuse_damaged()


def _refuse_damaged() -> NoReturn:
    raise PictureRefused("This PNG is damaged and cannot be read. Save or export it again and upload the new file.")


def _refuse_truncated() -> NoReturn:
    raise PictureRefused("This PNG is incomplete: its end is missing. Save or export it again and upload the new file.")


def _megabytes(count: int) -> str:
    return f"{count / (1024 * 1024):g} MB"
