import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from PIL import Image

from badges.designer.compose import draw_svg
from badges.designer.icon_words import ICON_WORDS
from badges.designer.icons import icon_names, icon_shapes, is_icon, search_icons
from badges.designer.legibility import findings
from badges.designer.raster import draw_png
from badges.designer.spec import FILLS, FRAMES, SHAPES, Design
from badges.designer.wording import colour_name, describe
from badgeserver.pictures import LOGO_LIMITS, accept_picture
from tests.factories.badges import png

_LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 40"><path d="M0 0H80V40H0Z" fill="#2c4a8f"/></svg>'


def pixels(design: Design, **more: object) -> Image.Image:
    with Image.open(io.BytesIO(draw_png(draw_svg(design, **more), size=200))) as image:
        return image.convert("RGBA")


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_stands_free_in_its_square(shape):
    image = pixels(Design(shape=shape, frame="band"))
    left, top, right, bottom = image.getchannel("A").getbbox()
    assert min(left, top) >= 1
    assert max(right, bottom) <= 199
    assert abs((200 - right) - left) <= 2
    assert image.getpixel((100, 60))[3] == 255


@pytest.mark.parametrize("frame", FRAMES)
def test_every_frame_looks_otherwise(frame):
    others = [pixels(Design(frame=other)).tobytes() for other in FRAMES if other != frame]
    assert pixels(Design(frame=frame)).tobytes() not in others


@pytest.mark.parametrize("data", [_LOGO, png(128, color="#2c4a8f")], ids=["svg", "png"])
def test_logo_is_set_in_on_a_plate_where_it_would_be_lost(data):
    logo = accept_picture(data, limits=LOGO_LIMITS)
    svg = draw_svg(Design(logo=True), logo=logo)
    assert "data:image/png;base64," in svg
    assert 'fill="#fff"/><image' in svg
    assert "data:image/png;base64," in accept_picture(svg.encode()).data.decode()
    assert 'fill="#fff"/><image' not in draw_svg(Design(logo=True, colour="#f4f0e0", colour_two="#ffffff"), logo=logo)
    assert "<image" not in draw_svg(Design(logo=False), logo=logo)


def test_what_is_no_drawing_is_an_error_and_no_panic():
    with pytest.raises(ValueError, match="cannot be drawn"):
        draw_png("<svg")


def test_threads_draw_the_same():
    drawing = draw_svg(Design(icon="anchor"))
    with ThreadPoolExecutor(2) as threads:
        assert len({draw_png(drawing), *threads.map(draw_png, [drawing] * 4)}) == 1


def test_icons_are_found_by_name_and_by_what_one_is_after():
    assert len(icon_names()) > 1500
    assert search_icons("forklift")[0] == "forklift"
    assert search_icons("Erste Hilfe")[0] == "heart-pulse"
    assert search_icons("Führung")[0] == "compass"
    assert search_icons("") == []
    assert search_icons("a", limit=3) == search_icons("a")[:3]
    assert icon_shapes("forklift").startswith("<path ")


def test_pale_words_are_found_and_mended():
    design = Design(colour="#f5f0e6", colour_two="#e6dfcf", frame="band", top="Hello", stars=1, stars_colour="#f2e0b0")
    found = {finding.field: finding for finding in findings(design)}
    assert set(found) == {"icon_colour", "text_colour", "stars_colour"}
    assert {finding.tone for finding in found.values()} == {"bad"}
    for field, finding in found.items():
        assert field not in {left.field for left in findings(finding.fix)}


def test_small_icon_empty_middle_and_too_much_are_found():
    assert [finding.field for finding in findings(Design(icon_size=20))] == ["icon_size"]
    assert [finding.field for finding in findings(Design(icon=""))] == ["icon"]
    full = Design(top="One", bottom="Two", banner="Three", stars=3, ribbon="Four")
    assert "top" in {finding.field for finding in findings(full)}


def test_description_says_what_is_seen():
    design = Design(shape="shield", icon="forklift", stars=2, banner="Class II", ribbon="Operations")
    assert describe(design) == (
        "Blue shield with a gold frame, a forklift and two stars, and the words “Class II”; a ribbon says “Operations”."
    )


def test_description_is_english_as_people_write_it():
    design = Design(shape="seal", colour="#dd3f3f", frame="rope", frame_colour="#e0721b", icon="badge-dollar-sign")
    assert describe(design) == "Red scalloped seal with an orange rope frame and the icon “badge dollar sign”."
    assert describe(replace(design, frame="none", icon="", stars=1)) == "Red scalloped seal with one star."
    assert describe(replace(design, frame="none", icon="")) == "Red scalloped seal."


def test_words_for_icons_are_of_icons_that_there_are():
    assert [name for name in ICON_WORDS if not is_icon(name)] == []
    assert all(str(words) for words in ICON_WORDS.values())


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ("#f5efdf", "cream"),
        ("#7a4a2c", "brown"),
        ("#c65d0c", "orange"),
        ("#e3b95c", "gold"),
        ("#14264a", "dark blue"),
        ("#ffffff", "white"),
    ],
)
def test_colours_have_the_names_that_people_use(colour, name):
    assert colour_name(colour) == name


@pytest.mark.parametrize("fill", [name for name in FILLS if name != "plain"])
def test_patterns_end_at_the_edge_of_the_face_without_layers(fill):
    """What is clipped or masked is drawn on a layer of its own, which takes a third of the time of a whole badge."""
    for shape in SHAPES:
        design = Design(shape=shape, frame="none", fill=fill)
        svg = draw_svg(design)
        assert [word for word in ("clip", "mask", " opacity") if word in svg] == []
        drawn, plain = (pixels(one).getchannel("A").tobytes() for one in (design, replace(design, fill="plain")))
        assert max(one for one, other in zip(drawn, plain, strict=True) if other == 0) < 64, shape  # of 255
