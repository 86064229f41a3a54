"""Badges in PNG: one iTXt chunk, and not a byte of the picture touched."""

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from badgeserver.openbadges.baking.content import MAX_TEXT_BYTES, Content
from badgeserver.openbadges.errors import BakingError, NotBakeable, NothingBaked
from badgeserver.openbadges.vocabulary import BAKING_KEYWORD, BAKING_KEYWORD_V3, Standard

SIGNATURE = b"\x89PNG\r\n\x1a\n"

MAX_CHUNKS = 100_000
"""Encoders write a few; IDAT chunks of one kilobyte each would still fit."""

_KEYWORDS = {
    Standard.V2: BAKING_KEYWORD.encode("ascii") + b"\0",
    Standard.V3: BAKING_KEYWORD_V3.encode("ascii") + b"\0",
}
# OB2-BAK-02, OB2-BAK-03: behind the keyword's NUL: not compressed, method 0, empty language NUL, empty translated
# keyword NUL.
_ITXT_PLAIN = b"\0\0\0\0"
_TEXT_CHUNKS = (b"iTXt", b"tEXt", b"zTXt")
_IHDR_END = len(SIGNATURE) + 25


class _Chunk(NamedTuple):
    kind: bytes
    start: int
    end: int


def bake(image: bytes, content: Content) -> bytes:
    """The same PNG with the badge in an iTXt chunk directly after IHDR (OB2-BAK-01 to 06).

    Every earlier chunk of the same standard is left out, all other chunks are copied byte for byte, bytes after IEND
    are dropped. Raises NotBakeable for a PNG that is damaged.
    """
    keyword = _KEYWORDS[content.standard]
    typed = b"iTXt" + keyword + _ITXT_PLAIN + content.text.encode()
    baked = (len(typed) - 4).to_bytes(4, "big") + typed + zlib.crc32(typed).to_bytes(4, "big")
    pieces: list[bytes | memoryview] = [image[:_IHDR_END], baked]
    view = memoryview(image)
    copied_to = _IHDR_END
    end = 0
    for chunk in _chunks(image, view):
        if chunk.kind in _TEXT_CHUNKS and image.startswith(keyword, chunk.start + 8):
            pieces.append(view[copied_to : chunk.start])
            copied_to = chunk.end
        end = chunk.end
    pieces.append(view[copied_to:end])
    return b"".join(pieces)


def unbake(image: bytes, standard: Standard = Standard.V2) -> str:
    """The text of the standard's first iTXt chunk, else of a legacy tEXt or zTXt chunk (OB2-BAK-30, 31, 33).

    Compressed text and language tags are understood. Raises NothingBaked without a badge, BakingError when
    damaged.
    """
    keyword = _KEYWORDS[standard]
    legacy: _Chunk | None = None
    for chunk in _chunks(image, memoryview(image)):
        if chunk.kind in _TEXT_CHUNKS and image.startswith(keyword, chunk.start + 8):
            if chunk.kind == b"iTXt":
                return _international_text(_data(image, chunk, keyword))
            legacy = legacy or chunk
    if legacy is None:
        raise NothingBaked("This PNG carries no badge.")
    data = _data(image, legacy, keyword)
    return _decoded(data) if legacy.kind == b"tEXt" else _decoded(_inflated(data[1:]))


def _chunks(image: bytes, view: memoryview) -> Iterator[_Chunk]:
    """Every chunk with its place, lengths and checksums proven; the caller has seen the signature.

    Checking all checksums costs a twentieth of what reading the text as JSON costs, so nothing is saved by trusting.
    """
    position, size, count = len(SIGNATURE), len(image), 0
    while position + 12 <= size:
        length = int.from_bytes(view[position : position + 4], "big")
        kind = image[position + 4 : position + 8]
        end = position + length + 12
        count += 1
        if end > size or count > MAX_CHUNKS or (kind == b"IHDR") != (count == 1) or (count == 1 and length != 13):
            raise NotBakeable("This PNG image is damaged: its parts do not fit together.")
        if zlib.crc32(view[position + 4 : end - 4]) != int.from_bytes(view[end - 4 : end], "big"):
            raise NotBakeable("This PNG image is damaged: a checksum in it is wrong.")
        yield _Chunk(kind, position, end)
        if kind == b"IEND":
            return
        position = end
    raise NotBakeable("This PNG image is damaged: its end is missing.")


def _data(image: bytes, chunk: _Chunk, keyword: bytes) -> bytes:
    """What follows the keyword and its NUL."""
    return image[chunk.start + 8 + len(keyword) : chunk.end - 4]


def _international_text(data: bytes) -> str:
    if len(data) < 2:
        raise BakingError("The badge in this PNG is damaged.")
    compressed, rest = data[0], data[2:]
    _language, found_language, rest = rest.partition(b"\0")
    _translated, found_translated, text = rest.partition(b"\0")
    if not found_language or not found_translated:
        raise BakingError("The badge in this PNG is damaged.")
    return _decoded(_inflated(text) if compressed else text)


def _inflated(data: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(data, MAX_TEXT_BYTES + 1)
    except zlib.error as error:
        raise BakingError("The badge in this PNG is damaged: it cannot be decompressed.") from error
    if not inflater.eof and len(text) <= MAX_TEXT_BYTES:
        raise BakingError("The badge in this PNG is damaged: its end is missing.")
    return text


def _decoded(text: bytes) -> str:
    if len(text) > MAX_TEXT_BYTES:
        raise BakingError("The badge in this PNG is larger than 1 MB, which no badge needs.")
    try:
        found = text.decode()
    except UnicodeDecodeError as error:
        raise BakingError("The badge in this PNG is not UTF-8 text.") from error
    if not found.strip():
        raise NothingBaked("This PNG carries no badge, only the place for one.")
    return found
