import io

import pytest
from PIL import Image

from badges.designer.card import Card, card_png, card_svg
from tests.factories.badges import png


def card(**changes: object):
    given = {
        "title": "Forklift Safety",
        "issuer": "Acme Academy",
        "lines": ["Awarded to Rita Castle", "2 March 2026"],
        "site": "badges.example.org",
        "picture": png(),
    } | changes
    return Card(**given)


def opened(made):
    with Image.open(io.BytesIO(card_png(made))) as image:
        return image.convert("RGB")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"title": "word " * 24},
        {"title": "x" * 120},
        {"issuer": "y" * 120, "lines": ["z" * 500]},
        {"lines": []},
        {"lines": ["many words " * 40]},
        {"title": "Grüße & <b>日本語</b> العربية \x00\x0b\ud800"},
        {"state": "Expired on 2 March 2027", "tone": "warn"},
        {"picture": png(90)},
    ],
)
def test_card_is_drawn_whatever_it_says(changes):
    assert opened(card(**changes)).size == (1200, 627)


def test_card_shows_the_badge_in_colour():
    red, green, blue = opened(card(picture=png(color="#ff0000"))).getpixel((226, 313))
    assert (red, green, blue) == (255, 0, 0)


def test_card_of_what_no_longer_holds_is_grey():
    red, green, blue = opened(card(picture=png(color="#ff0000"), state="Revoked", tone="bad")).getpixel((226, 313))
    assert red == green == blue


def test_card_writes_every_word_that_fits():
    svg = card_svg(card(state="Revoked", tone="bad"))
    for words in ("Forklift Safety", "Acme Academy", "Awarded to Rita Castle", "Revoked", "badges.example.org"):
        assert f">{words}</text>" in svg


def test_card_cuts_what_does_not_fit():
    svg = card_svg(card(title="Extraordinarily long words " * 5))
    assert "…</text>" in svg


def test_card_with_a_wide_picture_keeps_its_shape():
    wide = Image.new("RGBA", (400, 100), "#0000ff")
    data = io.BytesIO()
    wide.save(data, "PNG")
    drawn = opened(card(picture=data.getvalue()))
    assert drawn.getpixel((226, 313)) == (0, 0, 255)
    assert drawn.getpixel((226, 200)) != (0, 0, 255)
