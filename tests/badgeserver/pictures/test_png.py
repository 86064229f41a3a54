"""PNG: pixels stay, the rest goes, the broken is refused."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from badgeserver.pictures import Limits, PictureRefused, accept_picture
from tests.badgeserver.pictures.builders import SIGNATURE, chunk, header, png, sample, saved

DAMAGED = "This PNG is damaged and cannot be read. Save or export it again and upload the new file."
INCOMPLETE = "This PNG is incomplete: its end is missing. Save or export it again and upload the new file."


def refusal(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(PictureRefused) as caught:
        accept_picture(data, limits=limits or Limits())
    return caught.value.sentence


def test_png_loses_texts_places_and_times_but_keeps_colour():
    colour = chunk(b"gAMA", struct.pack(">I", 45455)) + chunk(b"pHYs", struct.pack(">IIB", 3780, 3780, 1))
    private = (
        chunk(b"tEXt", b"Author\x00Ada")
        + chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"secret"))
        + chunk(b"iTXt", b"openbadges\x00\x00\x00\x00\x00https://badges.example.org/1")
        + chunk(b"eXIf", b"MM\x00*")
        + chunk(b"tIME", bytes(7))
        + chunk(b"prVt", b"anything")
    )

    kept = accept_picture(png(before=colour + private, after=private)).data

    assert kept == png(before=colour)


def test_png_loses_whatever_follows_its_end():
    page = b"<html><script>alert(1)</script></html>"

    assert accept_picture(png(tail=page + chunk(b"IEND"))).data == png()


def test_png_keeps_only_the_first_of_two_equal_chunks():
    gamma, other = chunk(b"gAMA", struct.pack(">I", 45455)), chunk(b"gAMA", struct.pack(">I", 100))

    assert accept_picture(png(before=gamma + other)).data == png(before=gamma)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_png_of_every_kind_keeps_its_pixels(mode):
    picture = Image.new(mode, (91, 95), 1 if mode in ("1", "L", "P", "I;16") else None)
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "gone")

    kept = accept_picture(saved(picture, pnginfo=info))

    with Image.open(io.BytesIO(kept.data)) as image:
        assert (image.mode, image.tobytes(), image.info.get("Comment")) == (mode, picture.tobytes(), None)


def test_png_may_be_interlaced():
    # Adam7 of 8 by 8 grey pixels: seven passes of 1, 1, 2, 4, 8, 16 and 32 pixels in 15 lines (PNG specification, 8.2).
    lines = [(1, 1), (1, 1), (1, 2), (2, 2), (2, 4), (4, 4), (4, 8)]
    raw = b"".join((b"\x00" + bytes(columns)) * count for count, columns in lines)
    data = SIGNATURE + header(8, 8, colour=0, interlace=1) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND")

    assert accept_picture(data, limits=Limits(min_side=1)).data == data


@pytest.mark.parametrize(
    "data",
    [
        png()[:-12],
        png()[:-6],
        png()[:60],
        png()[:33],
        SIGNATURE,
        png(pixels=bytes(99 * 301)),
    ],
)
def test_png_that_ends_too_early_is_refused(data):
    assert refusal(data) == INCOMPLETE


@pytest.mark.parametrize(
    "data",
    [
        sample("BAD-crc.png"),
        SIGNATURE + chunk(b"IDAT") + png()[8:],
        png(before=header(100, 100)),
        png(before=chunk(b"ABCD")),
        png(before=chunk(b"a\x00cd")),
        png(pixels=bytes(101 * 301)),
        png(pixels=b"\x09" * (100 * 301)),
        SIGNATURE + header(100, 100) + chunk(b"IDAT", b"not zlib") + chunk(b"IEND"),
        SIGNATURE + header(100, 100) + chunk(b"IEND"),
        SIGNATURE + header(100, 100, colour=3) + chunk(b"IDAT", zlib.compress(bytes(10100))) + chunk(b"IEND"),
        SIGNATURE + header(100, 100, depth=5) + chunk(b"IEND"),
        SIGNATURE + header(100, 100, colour=7) + chunk(b"IEND"),
        SIGNATURE + header(0, 100) + chunk(b"IEND"),
        SIGNATURE + header(100, 100) + chunk(b"IDAT", zlib.compress(bytes(30100)) + b"hidden") + chunk(b"IEND"),
    ],
    ids=lambda data: data[-40:].hex()[:12],
)
def test_png_that_contradicts_itself_is_refused(data):
    assert refusal(data) == DAMAGED


def test_png_that_moves_is_refused():
    frames = [Image.new("RGB", (100, 100), colour) for colour in ("red", "blue")]
    animated = saved(frames[0], save_all=True, append_images=frames[1:])

    assert refusal(animated) == (
        "This PNG is animated. A badge is a still picture: save one frame as PNG and upload that."
    )


def test_png_with_too_many_pixels_is_refused_before_it_is_unpacked():
    bomb = SIGNATURE + header(8000, 5000) + chunk(b"IDAT", zlib.compress(bytes(120_005_000))) + chunk(b"IEND")

    assert len(bomb) < 200_000
    assert refusal(bomb) == (
        "This picture has 8000 by 5000 pixels, more than the 16 million allowed. "
        "Make it smaller (600 by 600 is plenty for a badge) and upload it again."
    )


def test_png_that_unpacks_to_more_than_it_promises_is_refused():
    assert refusal(png(pixels=bytes(50_000_000))) == DAMAGED


def test_png_with_too_many_bytes_is_refused():
    assert refusal(png(before=chunk(b"tEXt", bytes(2 * 1024 * 1024)))) == (
        "This PNG is larger than 2 MB. Make it smaller (600 by 600 pixels is plenty for a badge) and upload it again."
    )


def test_png_with_an_endless_colour_profile_is_refused():
    assert refusal(png(before=chunk(b"iCCP", b"p\x00\x00" + zlib.compress(bytes(100_000_000))))) == DAMAGED
