"""What kind of file is taken, told from its content."""

import gzip

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from badgeserver.pictures import LOGO_LIMITS, Limits, Picture, PictureRefused, accept_picture
from tests.badgeserver.pictures.builders import png, sample, saved, svg

SQUARE = Image.new("RGB", (100, 100), "navy")
CONVERT = "Save or export it as PNG or SVG and upload it again."


def refusal(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(PictureRefused) as caught:
        accept_picture(data, limits=limits or Limits())
    return caught.value.sentence


def test_accept_picture_describes_a_png():
    data = png(120, 100)

    assert accept_picture(data) == Picture(data=data, media_type="image/png", extension="png", width=120, height=100)


def test_accept_picture_describes_an_svg():
    picture = accept_picture(svg(root='width="300" height="200" viewBox="0 0 30 20"'))

    assert (picture.media_type, picture.extension, picture.width, picture.height) == ("image/svg+xml", "svg", 300, 200)
    assert picture.data.startswith(b"<svg xmlns=")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty. Choose a PNG or SVG picture and upload it."),
        (saved(SQUARE, "JPEG"), f"This is a JPEG picture. {CONVERT}"),
        (saved(SQUARE, "GIF"), f"This is a GIF picture. {CONVERT}"),
        (saved(SQUARE, "WEBP"), f"This is a WebP picture. {CONVERT}"),
        (saved(SQUARE, "BMP"), f"This is a BMP picture. {CONVERT}"),
        (saved(SQUARE, "TIFF"), f"This is a TIFF picture. {CONVERT}"),
        (saved(SQUARE, "PDF"), f"This is a PDF or Illustrator document. {CONVERT}"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", f"This is a HEIC picture. {CONVERT}"),
        (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00", f"This is an AVIF picture. {CONVERT}"),
        (
            gzip.compress(svg()),
            "This file is compressed (perhaps an SVGZ). Save it as plain SVG and upload it again.",
        ),
        (
            b"\x89PNG\n\x1a\n" + png()[8:],
            "This PNG was damaged on its way: its first bytes are wrong. Save it as PNG again and upload that.",
        ),
        (b"<!DOCTYPE html><svg/>", "This is a web page, not a picture. Upload a PNG or SVG picture."),
        (b"<html xmlns='x'><svg/></html>", "This is a web page, not a picture. Upload a PNG or SVG picture."),
        (
            b"hello",
            "This file is not a PNG or SVG picture. Save or export your picture as PNG or SVG and upload it again.",
        ),
        (
            b"<note>hello</note>",
            "This file is not an SVG picture. Save or export your picture as PNG or SVG and upload it again.",
        ),
        (
            b"\x00" * 40,
            "This file is not a PNG or SVG picture. Save or export your picture as PNG or SVG and upload it again.",
        ),
    ],
)
def test_accept_picture_names_what_it_was_given(data, sentence):
    assert refusal(data) == sentence


def test_accept_picture_refuses_a_png_that_is_too_small():
    assert refusal(png(100, 89)) == (
        "This picture is 100 by 89 pixels, which is too small. Upload one of at least 90 by 90 pixels."
    )


def test_accept_picture_takes_the_smallest_size_from_the_limits():
    assert accept_picture(sample("unbaked.png"), limits=Limits(min_side=16)).width == 16


@pytest.mark.parametrize("data", [png(301, 100, pixels=None), svg(root='width="301" height="100"')])
def test_accept_picture_refuses_a_picture_far_from_square(data):
    assert refusal(data, Limits(max_ratio=3)) == (
        "This picture is 301 by 100, which is too long for its width. "
        "Crop it so that the longer side is at most 3 times the shorter one; square is best."
    )


def test_accept_picture_lets_a_logo_be_wide():
    assert accept_picture(png(400, 50), limits=LOGO_LIMITS).width == 400


@pytest.mark.parametrize("name", ["hosted.png", "hosted.svg", "EDGE-other-prefix.svg", "BAD-two-tags.svg"])
def test_accept_picture_removes_a_badge_baked_in_earlier(name):
    kept = accept_picture(sample(name), limits=Limits(min_side=1)).data

    assert kept == accept_picture(sample(f"unbaked.{name[-3:]}"), limits=Limits(min_side=1)).data


@pytest.mark.parametrize("name", ["illustrator.svg", "inkscape.svg", "figma.svg", "unbaked.svg"])
def test_accept_picture_takes_its_own_result_unchanged(name):
    once = accept_picture(sample(name))

    assert accept_picture(once.data) == once


@given(st.binary(max_size=300))
@example(b"<\x00s\x00")
@example(b"\xff\xfe<")
@example(b"<?xml version='1.0' encoding='utf-7'?><svg/>")
@example(b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1e99 1'/>")
@example(b"\x89PNG\r\n\x1a\n")
@example(b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR")
def test_accept_picture_raises_nothing_but_its_own_refusal(data):
    assert refusal(data)


@given(st.data())
def test_accept_picture_survives_any_damage_to_a_png(data):
    damaged = bytearray(saved(Image.radial_gradient("L").resize((90, 90)).convert("P")))
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    damaged = damaged[: data.draw(st.integers(len(damaged) // 2, len(damaged)))]

    try:
        once = accept_picture(bytes(damaged))
    except PictureRefused as refused:
        assert refused.sentence.endswith(".")  # noqa: PT017 -- either answer is right, another exception is not
    else:
        assert accept_picture(once.data) == once
