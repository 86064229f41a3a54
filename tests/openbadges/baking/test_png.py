"""Badges in PNG images."""

import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgeserver.openbadges import bake, serialize, unbake
from badgeserver.openbadges.baking import png
from badgeserver.openbadges.errors import BakingError, NotBakeable, NothingBaked, OpenBadgesError

ADDRESS = "https://badges.example.org/public/assertions/1"
TEXT = serialize({"id": ADDRESS, "narrative": "Zoë ]]> </script> 🤖"})
WORDS = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20)
JWS = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"
IHDR = bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def image(*chunks: bytes) -> bytes:
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return png.SIGNATURE + chunk(b"IHDR", IHDR) + b"".join(chunks) + pixels + chunk(b"IEND")


def kinds(data: bytes) -> list[bytes]:
    return [piece.kind for piece in png._chunks(data, memoryview(data))]


@pytest.mark.parametrize("text", [TEXT, JWS])
def test_bake_puts_one_plain_itxt_chunk_directly_after_ihdr(text, sample):
    bare = sample("ob2/baked/unbaked.png")
    baked = bake(bare, text)
    badge = chunk(b"iTXt", b"openbadges\0\0\0\0\0" + text.encode())

    assert baked == bare[:33] + badge + bare[33:]
    assert unbake(baked) == text


def test_bake_leaves_every_other_byte_alone():
    others = (
        chunk(b"pHYs", bytes(9)),
        chunk(b"tEXt", b"Author\0Ada"),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x/>"),
    )
    before = image(*others)
    baked = bake(before, TEXT)

    assert baked[:33] + baked[33 + len(chunk(b"iTXt", b"openbadges\0\0\0\0\0" + TEXT.encode())) :] == before
    assert kinds(baked) == [b"IHDR", b"iTXt", b"pHYs", b"tEXt", b"iTXt", b"IDAT", b"IEND"]


@pytest.mark.parametrize(
    "earlier",
    [
        chunk(b"iTXt", b"openbadges\0\0\0\0\0{}"),
        chunk(b"tEXt", b"openbadges\0" + ADDRESS.encode()),
        chunk(b"zTXt", b"openbadges\0\0" + zlib.compress(b"{}")),
    ],
)
def test_bake_replaces_any_earlier_badge(earlier):
    other = chunk(b"tEXt", b"Openbadges\0another keyword")

    assert bake(image(earlier, other, earlier), TEXT) == bake(image(other), TEXT)


def test_baking_again_gives_the_same_bytes():
    once = bake(image(), TEXT)

    assert bake(once, TEXT) == once


def test_bake_drops_what_follows_the_end(sample):
    bare = sample("ob2/baked/unbaked.png")

    assert bake(bare + b"PK\x03\x04 something else", TEXT) == bake(bare, TEXT)


@pytest.mark.parametrize(
    "name",
    [
        "hosted",
        "EDGE-chunk-before-IEND",
        "EDGE-language-tag",
        "EDGE-other-iTXt-first",
        "BAD-compressed",
        "BAD-two-chunks",
    ],
)
def test_unbake_reads_the_hosted_award_of_the_samples(name, sample):
    text = unbake(sample(f"ob2/baked/{name}.png"))

    assert text.startswith('{"@context"')
    assert f'"id": "{ADDRESS}"' in text


def test_unbake_reads_the_signed_award_of_the_samples(sample):
    assert unbake(sample("ob2/baked/signed.png")) == sample("ob2/assertion-signed.jws").decode().strip()


def test_unbake_reads_the_address_of_an_old_badge(sample):
    assert unbake(sample("ob2/baked/legacy-tEXt-url.png")) == ADDRESS


def test_unbake_reads_the_second_version_out_of_a_double_badge(sample):
    assert ADDRESS in unbake(sample("ob3/baked/dual-ob2-ob3.png")) or unbake(
        sample("ob3/baked/dual-ob2-ob3.png")
    ).startswith("eyJ")


def test_unbake_refuses_a_wrong_checksum(sample):
    with pytest.raises(NotBakeable, match="checksum"):
        unbake(sample("ob2/baked/BAD-crc.png"))


@pytest.mark.parametrize("name", ["ob2/baked/unbaked.png", "ob3/baked/jwt.png"])
def test_unbake_says_when_there_is_no_badge(name, sample):
    with pytest.raises(NothingBaked, match="no badge"):
        unbake(sample(name))


def test_unbake_prefers_itxt_to_what_is_older():
    old = chunk(b"tEXt", b"openbadges\0https://old.example.org/")

    assert unbake(image(old, chunk(b"iTXt", b"openbadges\0\0\0\0\0new"), old)) == "new"
    assert unbake(image(old, chunk(b"tEXt", b"openbadges\0second"))) == "https://old.example.org/"


def test_unbake_reads_compressed_text_chunks():
    assert unbake(image(chunk(b"zTXt", b"openbadges\0\0" + zlib.compress(TEXT.encode())))) == TEXT


@pytest.mark.parametrize(
    "bad",
    [
        chunk(b"iTXt", b"openbadges\0"),
        chunk(b"iTXt", b"openbadges\0\0\0"),
        chunk(b"iTXt", b"openbadges\0\0\0en\0"),
        chunk(b"iTXt", b"openbadges\0\0\0\0\0\xff"),
        chunk(b"iTXt", b"openbadges\0\1\0\0\0not zlib"),
        chunk(b"iTXt", b"openbadges\0\1\0\0\0" + zlib.compress(b" " * 30_000_000)),
        chunk(b"iTXt", b"openbadges\0\0\0\0\0" + b" " * 1_000_001),
        chunk(b"zTXt", b"openbadges\0"),
        chunk(b"tEXt", b"openbadges\0\xff"),
    ],
    ids=lambda data: repr(data[:30]),
)
def test_unbake_refuses_damaged_or_inflated_badges(bad):
    with pytest.raises(BakingError):
        unbake(image(bad))


HUGE = (2**31).to_bytes(4, "big") + b"IDAT"


@pytest.mark.parametrize(
    "data",
    [
        png.SIGNATURE,
        png.SIGNATURE + chunk(b"IHDR", IHDR),
        image()[:-1],
        image()[:-12],
        image()[:40],
        png.SIGNATURE + chunk(b"IDAT") + chunk(b"IEND"),
        png.SIGNATURE + chunk(b"IHDR", IHDR[:-1]) + chunk(b"IEND"),
        png.SIGNATURE + chunk(b"IHDR", IHDR) * 2 + chunk(b"IEND"),
        png.SIGNATURE + chunk(b"IHDR", IHDR) + HUGE + bytes(50),
        png.SIGNATURE + chunk(b"IHDR", IHDR) + chunk(b"IDAT") * png.MAX_CHUNKS + chunk(b"IEND"),
        image().replace(b"IDAT", b"IDAS"),
    ],
    ids=lambda data: f"{len(data)} bytes",
)
def test_damaged_images_are_refused(data):
    with pytest.raises(NotBakeable, match="damaged"):
        bake(data, TEXT)
    with pytest.raises(NotBakeable, match="damaged"):
        unbake(data)


@given(st.dictionaries(WORDS, WORDS, max_size=4))
def test_every_document_survives_baking(document):
    text = serialize({**document, "id": ADDRESS})

    assert unbake(bake(image(), text)) == text


@given(st.binary(max_size=200), st.integers(0, 120), st.integers(0, 60))
def test_nothing_else_is_ever_raised(noise, start, length):
    good = bake(image(), JWS)
    for data in (png.SIGNATURE + noise, good[:start] + noise + good[start + length :]):
        for act in (unbake, lambda bad: bake(bad, JWS)):
            with suppress(OpenBadgesError):
                act(data)


@given(st.binary(max_size=100))
def test_any_badge_chunk_is_read_or_refused_by_name(data):
    for kind in (b"iTXt", b"tEXt", b"zTXt"):
        with suppress(OpenBadgesError):
            assert isinstance(unbake(image(chunk(kind, b"openbadges\0" + data))), str)
