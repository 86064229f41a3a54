"""Pictures made to measure: sound, odd and hostile."""

import base64
import io
import struct
import zlib
from pathlib import Path

from PIL import Image

SAMPLES = Path(__file__).parents[2] / "samples" / "pictures"
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def header(width: int, height: int, *, depth: int = 8, colour: int = 2, interlace: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))


def png(
    width: int = 100,
    height: int = 100,
    *,
    before: bytes = b"",
    after: bytes = b"",
    pixels: bytes | None = None,
    tail: bytes = b"",
) -> bytes:
    """Return an RGB PNG, with room for more chunks before and after the pixel data and bytes behind the end."""
    raw = bytes(height * (1 + width * 3)) if pixels is None else pixels
    data = chunk(b"IDAT", zlib.compress(raw))
    return SIGNATURE + header(width, height) + before + data + after + chunk(b"IEND") + tail


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format=kind, **options)
    return out.getvalue()


def svg(inside: str = '<rect width="100" height="100"/>', root: str = 'viewBox="0 0 100 100"') -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {root}>{inside}</svg>'
    ).encode()


def data_url(data: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"
