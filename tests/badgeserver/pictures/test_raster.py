"""Drawing: the right pixels, and an end to every drawing."""

import io
import time

import pytest
from PIL import Image

from badgeserver.pictures import PictureRefused, rasterize, thumbnail_png
from tests.badgeserver.pictures.builders import png, sample, saved, svg

TOO_SLOW = (
    "This SVG takes too long to draw. Simplify it (effects, repeats, very many shapes), or export it as PNG, "
    "and upload that."
)
CANNOT = "This SVG cannot be drawn. Simplify it, or export it as PNG, and upload that."


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize(
    ("box", "expected"),
    [("0 0 10 10", (120, 120)), ("0 0 20 10", (120, 60)), ("0 0 10 30", (40, 120))],
)
def test_rasterize_fits_the_drawing_into_the_size(box, expected):
    assert opened(rasterize(svg(root=f'viewBox="{box}"'), size=120)).size == expected


def test_rasterize_draws_on_transparent_ground():
    image = opened(rasterize(svg('<rect width="50" height="100" fill="#ff0000"/>'), size=100))

    assert (image.getpixel((10, 50)), image.getpixel((90, 50))) == ((255, 0, 0, 255), (0, 0, 0, 0))


def test_rasterize_draws_text_with_its_own_font_whatever_is_asked_for():
    pictures = {
        rasterize(svg(f'<text y="50" font-size="40" font-family="{family}">Robot</text>'), size=100)
        for family in ("Arial", "serif", "monospace", "No Such Font", "Hanken Grotesk")
    }

    assert len(pictures) == 1
    assert opened(pictures.pop()).getbbox() is not None


def test_rasterize_understands_millimetres_and_points():
    inches = rasterize(svg('<rect width=".5in" height="36pt"/>'), size=100)

    assert opened(inches).getbbox() == (0, 0, 48, 48)


@pytest.mark.parametrize("name", ["illustrator.svg", "inkscape.svg", "figma.svg"])
def test_rasterize_draws_the_exports_of_drawing_programs(name):
    image = opened(rasterize(sample(name), size=64))

    assert image.size == (64, 64)
    assert len(image.getcolors(maxcolors=5000) or []) > 20


def test_rasterize_refuses_what_accept_picture_refuses():
    with pytest.raises(PictureRefused, match="contains a script"):
        rasterize(svg("<script/>"))


@pytest.mark.parametrize("size", [0, -1, 2049])
def test_rasterize_refuses_senseless_sizes(size):
    with pytest.raises(ValueError, match="size must be between 1 and 2048"):
        rasterize(svg(), size=size)


def test_rasterize_survives_a_drawing_that_kills_the_renderer():
    size = 'width="200000" height="200000" patternUnits="userSpaceOnUse"'
    pattern = f'<pattern id="p" {size}><rect width="1" height="1"/></pattern>'

    with pytest.raises(PictureRefused) as caught:
        rasterize(svg(f'{pattern}<rect width="100" height="100" fill="url(#p)"/>'))

    assert caught.value.sentence == CANNOT


def test_rasterize_ends_a_drawing_that_takes_too_long():
    morphology = '<filter id="f"><feMorphology operator="dilate" radius="90"/></filter>'
    started = time.monotonic()

    with pytest.raises(PictureRefused) as caught:
        rasterize(svg(f'{morphology}<rect width="600" height="600" filter="url(#f)"/>'), max_seconds=1)

    print(f"ended after {time.monotonic() - started:.1f} s")
    assert caught.value.sentence == TOO_SLOW


def test_thumbnail_fits_and_keeps_transparency():
    picture = Image.new("RGBA", (300, 150), (255, 0, 0, 0))
    picture.paste((0, 0, 255, 255), (0, 0, 150, 150))

    small = opened(thumbnail_png(saved(picture), size=100))

    assert (small.size, small.getpixel((10, 25)), small.getpixel((90, 25))[3]) == ((100, 50), (0, 0, 255, 255), 0)


def test_thumbnail_never_enlarges():
    assert opened(thumbnail_png(png(40, 40), size=100)).size == (40, 40)


@pytest.mark.parametrize(("value", "grey"), [(0, 0), (32768, 128), (65535, 255)])
def test_thumbnail_scales_sixteen_bit_grey(value, grey):
    small = opened(thumbnail_png(saved(Image.new("I;16", (100, 100), value)), size=10))

    assert small.getpixel((5, 5)) == (grey, grey, grey, 255)


def test_thumbnail_keeps_the_transparent_colour_of_a_palette():
    picture = Image.new("P", (100, 100), 0)
    picture.putpalette([255, 0, 0, 0, 255, 0])

    assert opened(thumbnail_png(saved(picture, transparency=0), size=10)).getpixel((5, 5))[3] == 0


def test_thumbnail_of_a_drawing_is_drawn_at_that_size():
    assert opened(thumbnail_png(sample("figma.svg"), size=48)).size == (48, 48)


def test_thumbnail_of_a_damaged_picture_is_refused():
    with pytest.raises(PictureRefused, match="damaged"):
        thumbnail_png(png()[:60], size=10)
