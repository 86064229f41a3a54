"""Both standards in one picture: each has its own place, and neither disturbs the other."""

import json
import re

import pytest

from badgeserver.openbadges.baking import bake, bake_credential, unbake, unbake_all
from badgeserver.openbadges.errors import BakingError, NotBakeable, NothingBaked
from badgeserver.openbadges.vocabulary import Standard

ASSERTION = '{"id":"https://badges.example.org/public/assertions/1"}'
TOKEN, OTHER_TOKEN = "e30.e30.AAAA", "e30.e30.AQEB"
EMBEDDED = '{"proof":{"type":"DataIntegrityProof","words":"]]>"}}'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>'


@pytest.fixture
def png(sample):
    return sample("ob2/baked/unbaked.png")


@pytest.mark.parametrize("text", [TOKEN, EMBEDDED])
def test_a_credential_comes_back(png, text):
    for image in (png, SVG):
        assert unbake(bake_credential(image, text), standard=Standard.V3) == text


def test_a_png_carries_both(png):
    both = bake_credential(bake(png, ASSERTION), TOKEN)

    assert unbake_all(both) == {Standard.V2: ASSERTION, Standard.V3: TOKEN}
    assert unbake_all(bake(bake_credential(png, TOKEN), ASSERTION)) == {Standard.V2: ASSERTION, Standard.V3: TOKEN}
    assert bake_credential(bake(both, ASSERTION), TOKEN) == bake_credential(bake(png, ASSERTION), TOKEN)


def test_baking_again_replaces(png):
    for image in (png, SVG):
        again = bake_credential(bake_credential(image, OTHER_TOKEN), TOKEN)
        assert again == bake_credential(image, TOKEN)
        assert again.count(TOKEN.encode()) == 1


def test_an_svg_has_the_element_of_the_standard():
    assert bake_credential(SVG, TOKEN) == (
        b'<svg xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" xmlns="http://www.w3.org/2000/svg">'
        b'<openbadges:credential verify="e30.e30.AAAA"/><circle r="1"/></svg>'
    )
    assert b"verify" not in bake_credential(SVG, EMBEDDED)


def test_an_svg_of_the_other_standard_keeps_both_meanings_of_the_prefix():
    both = bake_credential(bake(SVG, TOKEN), OTHER_TOKEN)

    assert unbake_all(both) == {Standard.V2: TOKEN, Standard.V3: OTHER_TOKEN}


def test_the_samples_are_read(sample):
    token = sample("ob3/credential.kid.jws").decode().strip()

    for name in ("jwt.png", "jwt.svg"):
        assert unbake_all(sample(f"ob3/baked/{name}")) == {Standard.V3: token}
    for name in ("dual-ob2-ob3.png", "dual-ob2-ob3.svg"):
        found = unbake_all(sample(f"ob3/baked/{name}"))
        assert found[Standard.V3] == token
        assert found.keys() == {Standard.V2, Standard.V3}


def test_other_pictures_carry_nothing(png):
    for image in (png, SVG):
        assert unbake_all(image) == {}
        with pytest.raises(NothingBaked):
            unbake(image, standard=Standard.V3)
    for image in (b"words", png[:-20], b"<svg"):
        with pytest.raises(NotBakeable):
            unbake_all(image)


@pytest.mark.parametrize("text", ["words", "{}", "[]", ASSERTION, ' {"proof":1}'])
def test_only_what_is_sealed_is_baked(png, text):
    with pytest.raises(BakingError, match=re.compile("signed credential|without signature")):
        bake_credential(png, text)


def test_text_that_is_json_is_json(png):
    assert json.loads(unbake(bake_credential(png, EMBEDDED), standard=Standard.V3))["proof"]["words"] == "]]>"
