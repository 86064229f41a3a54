"""The one door to baking: images told apart, texts checked."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgeserver.openbadges import bake, sniff, unbake
from badgeserver.openbadges.errors import BakingError, NotBakeable, OpenBadgesError

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
ADDRESS = "https://badges.example.org/public/assertions/1"


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n", "png"),
        (SVG, "svg"),
        (b"\xef\xbb\xbf \n<?xml version='1.0'?><!-- x --><svg>", "svg"),
        (b"<s:svg xmlns:s='http://www.w3.org/2000/svg'/>", "svg"),
        (SVG.decode().encode("utf-16"), "svg"),
        (b"", None),
        (b"\xff\xd8\xff\xe0", None),
        (b"GIF89a", None),
        (b"<html></html>", None),
        (b"<svgx/>", None),
        (b"text about <svg>", None),
        (b'{"id": "https://example.org/"}', None),
    ],
)
def test_sniff_looks_at_the_bytes(image, expected):
    assert sniff(image) == expected


@pytest.mark.parametrize("image", [b"", b"\xff\xd8\xff\xe0 jpeg", b"<html/>"])
def test_other_images_are_refused(image):
    with pytest.raises(NotBakeable, match="Only PNG and SVG"):
        bake(image, "{}")
    with pytest.raises(NotBakeable, match="Only PNG and SVG"):
        unbake(image)


def test_huge_images_are_refused():
    with pytest.raises(NotBakeable, match="20 MB"):
        unbake(b"\x89PNG\r\n\x1a\n" + bytes(20_000_000))


@pytest.mark.parametrize(
    "text", ["", "words", ADDRESS, "[]", "{", "{}", '{"id": 3}', '{"id": "urn:uuid:1"}', f' {{"id": "{ADDRESS}"}}']
)
def test_texts_that_are_no_badge_are_refused(text, sample):
    for image in (SVG, sample("ob2/baked/unbaked.png")):
        with pytest.raises(BakingError):
            bake(image, text)


def test_a_given_address_stands_in_for_the_one_in_the_text():
    baked = bake(SVG, '{"id":"urn:uuid:1"}', verify_url=ADDRESS)

    assert f'verify="{ADDRESS}"'.encode() in baked
    with pytest.raises(BakingError, match="web address"):
        bake(SVG, '{"id":"urn:uuid:1"}', verify_url="urn:uuid:1")


@given(st.binary())
def test_nothing_else_is_ever_raised(image):
    for act in (unbake, lambda bad: bake(bad, "a.b.c")):
        with suppress(OpenBadgesError):
            act(image)
