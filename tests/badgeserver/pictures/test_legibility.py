"""What of a picture is left at the size of a list."""

import io

import pytest
from PIL import Image, ImageDraw

from badgeserver.pictures.legibility import look_of
from tests.factories.badges import png


def drawn(ground, sign=None, *, size=(400, 400), mode="RGBA"):
    picture = Image.new(mode, size, ground)
    if sign is not None:
        ImageDraw.Draw(picture).rectangle((size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2), fill=sign)
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


def test_a_white_sign_on_black_has_all_the_contrast_there_is():
    look = look_of(drawn("#000000", "#ffffff"))

    assert (look.side, look.is_square, look.filled, round(look.contrast)) == (400, True, 1.0, 21)


def test_one_patch_has_none():
    assert round(look_of(png()).contrast, 1) == 1.0


def test_a_few_bright_pixels_are_no_sign():
    picture = Image.new("RGB", (400, 400), "#111111")
    ImageDraw.Draw(picture).rectangle((0, 0, 30, 30), fill="#ffffff")
    data = io.BytesIO()
    picture.save(data, "PNG")

    assert look_of(data.getvalue()).contrast < 1.5


def test_what_is_transparent_is_not_seen():
    look = look_of(drawn((0, 0, 0, 0), "#ff0000"))

    assert 0.05 < look.filled < 0.08
    assert look.contrast < 1.3
    assert look_of(drawn((0, 0, 0, 0))).contrast == 1.0


def test_shape_and_size_are_those_of_the_file():
    look = look_of(drawn("#000000", "#ffffff", size=(300, 150), mode="RGB"))

    assert (look.width, look.height, look.side, look.is_square) == (300, 150, 150, False)


@pytest.mark.parametrize("data", [b"", b"GIF89a", png()[:60], b"\x89PNG\r\n\x1a\n" + b"\x00" * 1000])
def test_what_is_no_picture_has_no_look(data):
    assert look_of(data) is None


@pytest.mark.parametrize("mode", ["1", "L", "P", "I;16", "LA"])
def test_every_kind_of_png_is_measured(mode):
    picture = Image.new(mode, (64, 64))
    data = io.BytesIO()
    picture.save(data, "PNG")

    assert look_of(data.getvalue()).contrast == 1.0
