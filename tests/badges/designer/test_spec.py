import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badges.designer.compose import draw_svg
from badges.designer.legibility import findings
from badges.designer.spec import (
    BANNERS,
    COLOURS,
    FILLS,
    FRAMES,
    LIMITS,
    SHAPES,
    STYLE_PARTS,
    Design,
    DesignRefused,
    in_style_of,
    read_design,
)
from badges.designer.starting import STARTING_DESIGNS
from badges.designer.wording import describe
from badgeserver.pictures import accept_picture

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_HOSTILE = st.dictionaries(st.sampled_from([*Design.__dataclass_fields__, "other"]), _JSON, max_size=8)
_WORDS = st.text(alphabet="AbcWi Äé’Łß5&<", max_size=24)
_COLOUR = st.sampled_from(["#000000", "#ffffff", "#c02030", "#2040a0", "#f5d060"])
_DESIGNS = st.builds(
    lambda **said: read_design(said),
    shape=st.sampled_from(list(SHAPES)),
    fill=st.sampled_from(list(FILLS)),
    frame=st.sampled_from(list(FRAMES)),
    banner_style=st.sampled_from(list(BANNERS)),
    icon=st.sampled_from(["", "award", "forklift", "dot", "move-vertical", "handshake"]),
    icon_size=st.integers(20, 70),
    stars=st.integers(0, 5),
    centre=st.sampled_from(["", "5S", "WWWW"]),
    top=_WORDS,
    bottom=_WORDS,
    banner=_WORDS,
    ribbon=_WORDS,
    **dict.fromkeys(COLOURS, _COLOUR),
)


def problems(said):
    with pytest.raises(DesignRefused) as refused:
        read_design(said)
    return refused.value.problems


def test_nothing_said_is_a_design_that_can_be_drawn():
    assert read_design({}) == Design()
    assert draw_svg(Design()).startswith("<svg ")


@pytest.mark.parametrize("start", STARTING_DESIGNS, ids=lambda start: start.key)
def test_design_comes_back_from_json(start):
    assert read_design(start.design.as_json()) == start.design
    assert findings(start.design) == []
    assert describe(start.design).endswith(".")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"icon": "no-such"}, "There is no icon “no-such”. Search for one by what it shows."),
        ({"icon_size": 10**30}, "Choose a whole number from 20 to 70."),
        ({"stars": True}, "Choose a whole number from 0 to 5."),
        ({"colour": "reddish"}, "This is not a colour. Write it as # and six letters or digits, such as #1f6f5c."),
        ({"top": "x" * 41}, "Shorten this to 40 characters."),
        ({"top": "x" * 10_000_000}, "Shorten this to 40 characters."),
        ({"top": "a\x00b"}, "Our typeface cannot write “U+0000”. Leave it out or write it with other letters."),
        ({"banner": "Team 🚀"}, "Our typeface cannot write “🚀”. Leave it out or write it with other letters."),
        ({"ribbon": "אבג"}, "Our typeface cannot write “א”. Leave it out or write it with other letters."),
        ({"bottom": "\ud800"}, "Our typeface cannot write “U+D800”. Leave it out or write it with other letters."),
        ({"centre": ["5S"]}, "Write this as text."),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_sentence(said, sentence):
    assert list(problems(said).items()) == [(next(iter(said)), sentence)]


def test_every_problem_is_said_at_once():
    assert set(problems({"shape": "blob", "stars": 9, "colour": 7})) == {"shape", "stars", "colour"}


def test_what_is_no_mapping_is_refused():
    assert set(problems(["circle"])) == {"shape"}


def test_words_too_long_for_their_place_name_their_field():
    with pytest.raises(DesignRefused) as refused:
        draw_svg(read_design({"banner": "W" * LIMITS["banner"], "shape": "circle"}))
    assert refused.value.problems == {
        "banner": "This is too long to be read there. Shorten it, or write it elsewhere.",
    }


def test_a_family_decides_its_parts_and_no_words():
    own, style = Design(icon="ship", top="Own", stars=2), STARTING_DESIGNS[0].design
    shown = in_style_of(own, style, STYLE_PARTS)
    assert (shown.icon, shown.top, shown.stars, shown.banner) == ("ship", "Own", 2, "")
    assert (shown.shape, shown.colour, shown.banner_style) == (style.shape, style.colour, style.banner_style)
    assert in_style_of(own, style, []) == own
    assert in_style_of(own, style, ["colours"]).shape == own.shape


def drawn(design: Design) -> str:
    """The drawing, or nothing for words that do not fit."""
    try:
        return draw_svg(design, title="A & <b>\x00")
    except DesignRefused:
        return ""


@settings(max_examples=150, deadline=None)
@given(_JSON | _HOSTILE)
def test_whatever_is_said_is_a_design_or_refused(said):
    try:
        design = read_design(said)
    except DesignRefused:
        return
    assert read_design(design.as_json()) == design


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_DESIGNS)
def test_every_design_is_drawn_as_a_picture_that_is_taken_or_refused(design):
    findings(design)
    describe(design)
    svg = drawn(design)
    assert len(svg) < 60_000
    assert "nan" not in svg
    assert "inf" not in svg
    if svg:
        taken = accept_picture(svg.encode())
        assert (taken.width, taken.height) == (600, 600)
