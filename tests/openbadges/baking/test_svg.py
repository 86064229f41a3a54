"""Badges in SVG images."""

from contextlib import suppress
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgeserver.openbadges import bake, serialize, unbake
from badgeserver.openbadges.errors import BakingError, NotBakeable, NothingBaked, OpenBadgesError

ADDRESS = "https://badges.example.org/public/assertions/1"
TEXT = serialize({"id": ADDRESS, "narrative": "Zoë ]]> </script> 🤖"})
WORDS = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20)
JWS = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"
NS = 'xmlns:openbadges="http://openbadges.org"'
ROOT = '<svg xmlns="http://www.w3.org/2000/svg"'
HOSTED = f'<openbadges:assertion verify="{ADDRESS}"><![CDATA[{TEXT}]]></openbadges:assertion>'
SIGNED = f'<openbadges:assertion verify="{JWS}"/>'


def assertions(data: bytes) -> list[ET.Element]:
    return ET.fromstring(data).findall(".//{http://openbadges.org}assertion")  # noqa: S314 -- our own bytes


@pytest.mark.parametrize(("text", "element"), [(TEXT, HOSTED), (JWS, SIGNED)], ids=["hosted", "signed"])
def test_bake_puts_one_element_directly_after_the_opening_tag(text, element, sample):
    bare = sample("ob2/baked/unbaked.svg").decode()
    expected = bare.replace("<svg ", f"<svg {NS} ", 1).replace('viewBox="0 0 16 16">', f'viewBox="0 0 16 16">{element}')
    baked = bake(bare.encode(), text)

    assert baked.decode() == expected
    assert unbake(baked) == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{ROOT}/>", f'<svg {NS} xmlns="http://www.w3.org/2000/svg">{SIGNED}</svg>'),
        (f"{ROOT} />", f'<svg {NS} xmlns="http://www.w3.org/2000/svg" >{SIGNED}</svg>'),
        ("<svg><g/></svg>", f"<svg {NS}>{SIGNED}<g/></svg>"),
        (f"{ROOT} {NS}></svg>", f"{ROOT} {NS}>{SIGNED}</svg>"),
        (
            '<s:svg xmlns:s="http://www.w3.org/2000/svg"/>',
            f'<s:svg {NS} xmlns:s="http://www.w3.org/2000/svg">{SIGNED}</s:svg>',
        ),
        (
            f'{ROOT} a="1>2/" b=\'"/>\'>x</svg>',
            f'<svg {NS} xmlns="http://www.w3.org/2000/svg" a="1>2/" b=\'"/>\'>{SIGNED}x</svg>',
        ),
        (
            f"<!-- <svg> -->\n{ROOT}>x</svg>",
            f'<!-- <svg> -->\n<svg {NS} xmlns="http://www.w3.org/2000/svg">{SIGNED}x</svg>',
        ),
        (f"\ufeff{ROOT}>x</svg>", f'<svg {NS} xmlns="http://www.w3.org/2000/svg">{SIGNED}x</svg>'),
        (
            f"{ROOT}>x</svg>\n<!-- end -->\n",
            f'<svg {NS} xmlns="http://www.w3.org/2000/svg">{SIGNED}x</svg>\n<!-- end -->\n',
        ),
    ],
    ids=["empty", "empty-blank", "no-namespace", "bound", "prefixed", "quotes", "comment", "bom", "epilog"],
)
def test_bake_handles_every_way_to_write_a_root(before, after):
    assert bake(before.encode(), JWS).decode() == after


@pytest.mark.parametrize(
    "earlier",
    [
        HOSTED,
        SIGNED,
        "<openbadges:assertion></openbadges:assertion>",
        "<openbadges:assertion\n/>",
        f"{SIGNED}{HOSTED}",
        f"<openbadges:assertion><g>{SIGNED}</g></openbadges:assertion >",
        '<ob:assertion xmlns:ob="http://openbadges.org" verify="x">old</ob:assertion>',
        '<assertion xmlns="http://openbadges.org"/>',
        '<ob:assertion xmlns:ob="http://open&#98;adges.org" verify="x"/>',
    ],
)
def test_bake_replaces_any_earlier_badge(earlier):
    baked = bake(f"{ROOT} {NS}>{earlier}<g>{earlier}</g></svg>".encode(), TEXT)

    assert baked.decode() == f"{ROOT} {NS}>{HOSTED}<g></g></svg>"


def test_bake_finds_a_badge_whose_namespace_is_spelled_in_numbers():
    spelled = "<ob:assertion xmlns:ob='http://&#111;penbadges.&#111;rg'/>"

    assert len(assertions(bake(f"{ROOT}>{spelled}</svg>".encode(), JWS))) == 1


def test_baking_again_gives_the_same_bytes():
    once = bake(f"{ROOT}><g/></svg>".encode(), TEXT)

    assert bake(once, TEXT) == once


def test_bake_keeps_another_meaning_of_our_prefix(sample):
    baked = bake(sample("ob3/baked/jwt.svg"), JWS)

    assert unbake(baked) == JWS
    assert len(assertions(baked)) == 1
    assert ET.fromstring(baked).find(".//{https://purl.imsglobal.org/ob/v3p0}credential") is not None  # noqa: S314


def test_bake_keeps_the_root_where_validators_look():
    start = f'<?xml version="1.0"?>\n<!-- {"Made by an editor. " * 40}-->\n<?style x?>\n<!-- {"long " * 60} -->\n'
    baked = bake(f"{start}{ROOT}/>".encode(), JWS)

    assert baked.index(b"<svg") < 252
    assert baked.startswith(b'<?xml version="1.0"?>\n<?style x?>\n<svg ')


def test_bake_quotes_what_stands_in_an_attribute():
    baked = bake(f"{ROOT}/>".encode(), TEXT, verify_url="https://badges.example.org/a?b=1&c='2'")

    assert b"verify=\"https://badges.example.org/a?b=1&amp;c='2'\"" in baked
    assert assertions(baked)[0].get("verify") == "https://badges.example.org/a?b=1&c='2'"


def test_bake_carries_the_end_of_cdata():
    text = f'{{"id": "{ADDRESS}", "narrative": "tricky ]]> text"}}'

    assert unbake(bake(f"{ROOT}/>".encode(), text)) == text


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16"])
def test_bake_turns_other_encodings_into_utf_8(encoding):
    drawing = f'<?xml version="1.0" encoding="{encoding}"?>\n{ROOT}><title>Café</title></svg>'
    baked = bake(drawing.encode(encoding), TEXT)

    assert unbake(baked) == TEXT
    assert baked.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<svg ')
    assert ET.fromstring(baked).findtext("{http://www.w3.org/2000/svg}title") == "Café"  # noqa: S314


@pytest.mark.parametrize(
    "drawing",
    [
        f'<?xml version="1.0" encoding="utf-7"?>{ROOT}/>'.encode(),
        f'<?xml version="1.0" encoding="us-ascii"?>{ROOT}>é</svg>'.encode(),
        "<!--".encode("utf-16-le") + b"<svg  " + f"-->{ROOT}/>".encode("utf-16-le"),
    ],
)
def test_bake_refuses_encodings_that_it_cannot_read(drawing):
    with pytest.raises(NotBakeable, match="encod"):
        bake(drawing, TEXT)


@pytest.mark.parametrize("name", ["hosted", "EDGE-hosted-cdata-end", "EDGE-other-prefix"])
def test_unbake_reads_the_hosted_award_of_the_samples(name, sample):
    text = unbake(sample(f"ob2/baked/{name}.svg"))

    assert text.startswith('{"@context"')
    assert text.endswith("}")
    assert ("]]>" in text) is (name == "EDGE-hosted-cdata-end")


def test_unbake_reads_the_signed_award_of_the_samples(sample):
    assert unbake(sample("ob2/baked/signed.svg")) == sample("ob2/assertion-signed.jws").decode().strip()


def test_unbake_takes_the_first_of_two(sample):
    assert unbake(sample("ob2/baked/BAD-two-tags.svg")) == ADDRESS


def test_baking_over_two_leaves_one(sample):
    assert len(assertions(bake(sample("ob2/baked/BAD-two-tags.svg"), JWS))) == 1


def test_unbake_reads_a_drawing_in_utf_16():
    baked = f'{ROOT} {NS}><openbadges:assertion verify="{JWS}"/></svg>'

    assert unbake(baked.encode("utf-16")) == JWS


@pytest.mark.parametrize(
    "drawing",
    [
        f"{ROOT}/>",
        f"{ROOT} {NS}><openbadges:assertion/></svg>",
        f"{ROOT} {NS}><openbadges:assertion> </openbadges:assertion></svg>",
    ],
)
def test_unbake_says_when_there_is_no_badge(drawing):
    with pytest.raises(NothingBaked):
        unbake(drawing.encode())


def test_hostile_entities_are_refused(sample):
    hostile = sample("ob2/baked/HOSTILE-entity-expansion.svg")

    with pytest.raises(NotBakeable, match="document type"):
        unbake(hostile)
    with pytest.raises(NotBakeable, match="document type"):
        bake(hostile, TEXT)


def test_scripts_are_not_the_bakers_business_but_carry_no_badge(sample):
    with pytest.raises(NothingBaked):
        unbake(sample("ob2/baked/HOSTILE-script.svg"))


@pytest.mark.parametrize(
    "drawing",
    [
        f"{ROOT}>",
        f"{ROOT}><g></svg>",
        f"{ROOT}>&nbsp;</svg>",
        f"<html>{ROOT}/></html>",
        '<svg xmlns="http://example.org/other"/>',
        f"{ROOT}>\0</svg>",
        f"<!DOCTYPE svg [<!ENTITY a 'b'>]>{ROOT}/>",
        f'<?xml version="1.0" encoding="nonsense"?>{ROOT}/>',
        f'<?xml version="1.0" encoding="shift_jis"?>{ROOT}/>',
    ],
)
def test_what_is_no_sound_svg_is_refused(drawing):
    with pytest.raises(NotBakeable):
        unbake(drawing.encode())
    with pytest.raises(NotBakeable):
        bake(drawing.encode(), JWS)


def test_a_bare_doctype_is_read_as_drawing_programs_write_it_but_never_baked():
    doctype = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    drawing = f"{doctype}{ROOT} {NS}><openbadges:assertion verify='{ADDRESS}'/></svg>".encode()

    assert unbake(drawing) == ADDRESS
    with pytest.raises(NotBakeable):
        bake(drawing, JWS)


def test_unbake_refuses_huge_badges():
    many = "<![CDATA[" + "x" * 100_000 + "]]><g/>"
    drawing = f"{ROOT} {NS}><openbadges:assertion>{many * 11}</openbadges:assertion></svg>"

    with pytest.raises(BakingError, match="1 MB"):
        unbake(drawing.encode())


@pytest.mark.parametrize("character", ["\x7f", "\u0085", "\u2028", "\u00a0"])
def test_bake_carries_unusual_characters(character):
    text = f'{{"id":"{ADDRESS}","narrative":"{character}"}}'

    assert unbake(bake(f"{ROOT}/>".encode(), text)) == text


@pytest.mark.parametrize("text", [f'{{"id":"{ADDRESS}",\r"a":"b"}}', f'{{"id":"{ADDRESS}","a":"\ufffe"}}'])
def test_bake_refuses_what_xml_would_change(text):
    with pytest.raises(BakingError, match="cannot carry"):
        bake(f"{ROOT}/>".encode(), text)


@given(st.dictionaries(WORDS, WORDS, max_size=4))
def test_every_document_survives_baking(document):
    text = serialize({**document, "id": ADDRESS})
    baked = bake(f"{ROOT}><g/></svg>".encode(), text)

    assert unbake(baked) == text
    assert bake(baked, text) == baked


PIECES = [
    "<svg",
    " xmlns='http://www.w3.org/2000/svg'",
    NS,
    ">",
    "/>",
    "<openbadges:assertion",
    "</svg>",
    "<![CDATA[",
    "]]>",
    "verify='x'",
    "<!--",
    "-->",
    "<?xml version='1.0'?>",
    "é",
    " ",
    "&#98;",
    "<!DOCTYPE svg>",
]


@given(st.lists(st.sampled_from(PIECES), max_size=15).map("".join), st.binary(max_size=20))
def test_nothing_else_is_ever_raised(drawing, noise):
    for data in (drawing.encode(), b"<svg>" + noise, f"{ROOT} {NS}>".encode() + drawing.encode() + b"</svg>"):
        for act in (unbake, lambda bad: bake(bad, TEXT)):
            with suppress(OpenBadgesError):
                act(data)
