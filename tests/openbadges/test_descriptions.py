import base64
import contextlib
import json
from typing import Any

import pytest
from pyld import jsonld

from badgeserver.openbadges.baking import bake
from badgeserver.openbadges.contexts import V2
from badgeserver.openbadges.descriptions import LeftOut, NotADescription, Skill, read_description
from badgeserver.openbadges.errors import FetchFailed
from badgeserver.openbadges.fetching import Fetched
from tests.factories.badges import SVG, png

CONTEXT = "https://w3id.org/openbadges/v2"
BADGE = "https://elsewhere.example.org/badges/1"
SOUND = {
    "@context": CONTEXT,
    "id": BADGE,
    "type": "BadgeClass",
    "@language": "de-AT",
    "name": "Welding",
    "description": "Welds.",
    "image": {"id": "https://elsewhere.example.org/1.png", "caption": "A spark", "author": "https://ines.example.org/"},
    "criteria": {"id": "https://elsewhere.example.org/how", "narrative": "Weld **twice**."},
    "issuer": "https://elsewhere.example.org/issuer",
    "alignment": {"targetName": "weld", "targetUrl": "https://skills.example.org/weld", "targetCode": "W1"},
    "tags": ["metal", "fire"],
    "version": "3",
}


def network(**pages: Any):
    """A network that knows these pages: bytes, or what is to be JSON; by address."""
    known = {url: page if isinstance(page, bytes) else json.dumps(page).encode() for url, page in pages.items()}

    def fetch(url: str) -> Fetched:
        if url not in known:
            raise FetchFailed(f"{url} could not be reached.")
        return Fetched(url, 200, "application/ld+json", known[url])

    return fetch


NOTHING = network()


def read(badge: dict[str, Any], **pages: Any):
    return read_description(json.dumps(badge), fetch=network(**pages))


def test_everything_of_a_badge_is_read():
    found = read(SOUND)

    assert (found.source, found.version, found.language) == (BADGE, "2.0", "de-AT")
    assert (found.name, found.description, found.tags) == ("Welding", "Welds.", ["metal", "fire"])
    assert (found.criteria_url, found.criteria_narrative) == ("https://elsewhere.example.org/how", "Weld **twice**.")
    assert (found.image, found.image_caption) == ("https://elsewhere.example.org/1.png", "A spark")
    assert found.image_author == "https://ines.example.org/"
    assert found.skills == [Skill("weld", "https://skills.example.org/weld", code="W1")]
    assert [item.what for item in found.left_out] == ["issuer", "version"]


@pytest.mark.parametrize("form", ["address", "json", "award", "embedded", "award address", "png", "svg", "jws"])
def test_a_badge_is_found_from_wherever_it_is_named(form):
    award = {"@context": CONTEXT, "type": "Assertion", "id": "https://elsewhere.example.org/awards/1", "badge": BADGE}
    pages = {BADGE: SOUND, award["id"]: award}
    text = json.dumps(award)
    header, payload = "eyJhbGciOiJSUzI1NiJ9", json.dumps(award)
    sources = {
        "address": f"  {BADGE}\n",
        "json": "\ufeff" + json.dumps(SOUND),
        "award": text,
        "embedded": json.dumps({**award, "badge": {key: SOUND[key] for key in SOUND if key != "@context"}}),
        "award address": award["id"],
        "png": bake(png(), text),
        "svg": bake(SVG, text),
        "jws": f"{header}.{_base64(payload)}.c2lnbmF0dXJl",
    }

    assert read_description(sources[form], fetch=network(**pages)).name == "Welding"


def _base64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_older_badges_are_read_in_todays_words(version):
    older = {
        **(
            {"@context": "https://w3id.org/openbadges/v1", "type": "BadgeClass", "id": BADGE}
            if version == "1.1"
            else {}
        ),
        "name": "Welding",
        "description": "Welds.",
        "image": "https://elsewhere.example.org/1.png",
        "criteria": "https://elsewhere.example.org/how",
        "issuer": "https://elsewhere.example.org/issuer",
        "alignment": [{"name": "weld", "url": "https://skills.example.org/weld"}],
    }

    found = read_description(BADGE, fetch=network(**{BADGE: older}))

    assert (found.version, found.name, found.criteria_url) == (version, "Welding", older["criteria"])
    assert found.skills == [Skill("weld", "https://skills.example.org/weld")]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("", "This is neither the address of a badge nor a badge as JSON. Paste one of them."),
        ("rita@mail.example.org", "This is neither the address of a badge nor a badge as JSON. Paste one of them."),
        ("{", "This is no badge. The document is not well-formed JSON."),
        ('{"@context": "x"}', None),
        (b"\xff\xfe\x00", "This file is neither a PNG or SVG with a badge in it nor a badge as text."),
        (png(), "This PNG carries no badge."),
        ("https://gone.example.org/", "https://gone.example.org/ could not be reached."),
        (
            '{"@context": "https://w3id.org/openbadges/v2", "type": "Issuer", "name": "A", "id": "https://a.example"}',
            None,
        ),
        ('{"@context": "https://www.w3.org/ns/credentials/v2", "type": "OpenBadgeCredential"}', None),
        ('{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "badge": 3}', None),
        ('{"@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass", "name": ["a", "b"]}', None),
        ("[" * 100_000, None),
        ('{"a":' * 3_000, None),
        ("eyJ.eyJ.a", None),
    ],
    ids=range(14),
)
def test_what_is_no_badge_is_refused_with_a_sentence(source, sentence):
    with pytest.raises(NotADescription) as refused:
        read_description(source, fetch=NOTHING)

    assert str(refused.value) == sentence if sentence else str(refused.value).endswith(".")


@pytest.mark.parametrize("value", [None, 3, [], {}, [[]], "x", "\u202e", {"id": 3}, [{"a": []}], True])
@pytest.mark.parametrize(
    "member", ["image", "criteria", "alignment", "tags", "@language", "extensions:ApplyLink", "x:y"]
)
def test_odd_values_are_left_out_and_never_crash(member, value):
    with contextlib.suppress(NotADescription):
        assert read({**SOUND, member: value}).name == "Welding"


# --- Additions ---------------------------------------------------------------------------------------------------

OFFERED = {
    "extensions:ApplyLink": {
        "@context": "https://w3id.org/openbadges/extensions/applyLinkExtension/context.json",
        "type": ["Extension", "extensions:ApplyLink"],
        "url": "https://elsewhere.example.org/apply",
    },
    "schema:license": {
        "@context": "https://w3id.org/openbadges/extensions/licenseExtension/context.json",
        "type": ["Extension", "extensions:LicenseExtension", "cc:License"],
        "id": "CC-BY",
        "name": "Attribution",
    },
    "schema:location": {
        "@context": "https://w3id.org/openbadges/extensions/geoCoordinatesExtension/context.json",
        "type": ["Extension", "extensions:GeoCoordinates", "schema:Place"],
        "description": "Quay 7",
        "geo": {"latitude": 53.5, "longitude": -9.9},
    },
}


def test_additions_that_are_offered_here_become_fields():
    found = read({**SOUND, **OFFERED})

    assert (found.apply_url, found.licence, found.place) == ("https://elsewhere.example.org/apply", "CC-BY", "Quay 7")
    assert (found.latitude, found.longitude, found.extensions) == (53.5, -9.9, {})


def test_an_addition_that_says_more_than_our_field_is_kept_whole():
    place = {**OFFERED["schema:location"], "name": "The quay"}

    found = read({**SOUND, "schema:location": place})

    assert (found.place, found.extensions) == ("", {"schema:location": place})


def test_an_incomplete_addition_is_left_out():
    found = read({**SOUND, "extensions:ApplyLink": {**OFFERED["extensions:ApplyLink"], "url": 3}})

    assert found.extensions == {}
    assert LeftOut("extensions:ApplyLink", "It is not complete, and other programs would refuse it.") in found.left_out


LEVEL = "https://terms.example.org/level"
UNKNOWN = {
    "a compact name": ({}, "extensions:Level", {"type": ["Extension", "extensions:Level"], "schema:name": "B2"}),
    "a full name": ({}, LEVEL, "B2"),
    "numbers and lists": ({}, LEVEL, [1, 2.5, True, {"schema:name": "x"}]),
    "a word of its own": ({"level": LEVEL}, "level", "B2"),
    "a typed word": ({"level": {"@id": LEVEL, "@type": "@id"}}, "level", "https://levels.example.org/b2"),
    "an object of own words": ({"level": LEVEL, "word": "https://terms.example.org/word"}, "level", {"word": "x"}),
    "a prefix of its own": ({"t": "https://terms.example.org/"}, "t:level", "B2"),
    "a context of its own": (
        {},
        "extensions:Level",
        {"@context": {"grade": "https://terms.example.org/grade"}, "type": ["Extension"], "grade": "B2"},
    ),
}


def meaning(document: dict[str, Any]) -> Any:
    context = document["@context"] if isinstance(document["@context"], list) else [document["@context"]]
    own = [dict(V2) if item == CONTEXT else item for item in context]
    return jsonld.expand({**document, "@context": own})[0]


@pytest.mark.parametrize("kind", UNKNOWN)
def test_unknown_additions_keep_their_meaning(kind):
    """OB2-HST-01: what is exported expands to what was imported."""
    own, name, value = UNKNOWN[kind]
    source = {**SOUND, "@context": [CONTEXT, own] if own else CONTEXT, name: value}
    iri = next(key for key in meaning(source) if key.startswith(("https://terms", "https://w3id.org/openbadges/ext")))

    kept = read(source).extensions

    assert meaning({"@context": CONTEXT, "type": "BadgeClass", **kept})[iri] == meaning(source)[iri]


def test_an_addition_whose_context_is_gone_is_left_out():
    """OB2-ISS-153: with it, every validator would refuse the badge."""
    gone, there = "https://gone.example.org/context", "https://there.example.org/context"
    badge = {**SOUND, LEVEL: {"@context": gone, "x": 1}, f"{LEVEL}2": {"@context": there, "x": 1}}

    found = read(badge, **{there: {"@context": {"x": LEVEL}}})

    assert found.extensions == {f"{LEVEL}2": {"@context": there, "x": 1}}
    assert [item.what for item in found.left_out] == ["issuer", "version", LEVEL]


@pytest.mark.parametrize(
    "name", ["slug", "schema:telephone", "http://schema.org/telephone", "foo:bar", "mailto:x@example.org"]
)
def test_members_without_a_meaning_of_their_own_are_not_taken(name):
    assert read({**SOUND, name: "x"}).extensions == {}


def test_additions_have_a_limit_together():
    found = read({**SOUND, LEVEL: "x" * 20_000, f"{LEVEL}2": "x" * 20_000, f"{LEVEL}3": "short"})

    assert set(found.extensions) == {LEVEL}
    assert [item.why for item in found.left_out][2:] == ["All additions together are larger than 32 kB."] * 2
