"""Hand-made hostile files: each gets the right answer, and in time."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from badgeserver.openbadges import Outcome, Verdict, bake, jws, load_public_key, verify
from badgeserver.openbadges.baking import unbake
from badgeserver.openbadges.errors import (
    BakingError,
    FetchFailed,
    InvalidJson,
    InvalidSignature,
    NotBakeable,
    NothingBaked,
)
from badgeserver.openbadges.jsontext import parse_object
from badgeserver.pictures import PictureRefused, accept_picture
from tests.fuzz import hostile
from tests.fuzz.promises import NOW, accept_png, scrub_svg
from tests.fuzz.seeds import HOSTED_TEXT, PUBLIC_KEY
from tests.fuzz.targets import MAX_SECONDS

HOSTED = hostile.HOSTED.decode()
SAFE = hostile.png()

# For each PNG: what is unbaked (a text, or the refusal), and whether it is taken as an upload.
PNGS: dict[str, tuple[object, bool]] = {
    "chunk-of-2-gb": (NotBakeable, False),
    "chunk-of-4-gb": (NotBakeable, False),
    "100k-chunks": (NotBakeable, True),
    "100k-text-chunks": (NothingBaked, True),
    "ztxt-bomb": (BakingError, True),
    "itxt-bomb": (BakingError, True),
    "idat-bomb": (NothingBaked, False),
    "profile-bomb": (NothingBaked, False),
    "wrong-checksum": (NotBakeable, False),
    "end-first": (NotBakeable, False),
    "no-end": (NotBakeable, False),
    "only-signature": (NotBakeable, False),
    "header-twice": (NotBakeable, False),
    "animated": (NothingBaked, False),
    "65k-by-65k": (NothingBaked, False),
    "2g-by-1": (NothingBaked, False),
    "0-by-0": (NothingBaked, False),
    "svg-behind": (NothingBaked, True),
    "page-in-text": (NothingBaked, True),
    "page-behind": (NothingBaked, True),
    "badge-behind-end": (NothingBaked, True),
    "keyword-without-end": (NothingBaked, True),
    "keyword-alone": (BakingError, True),
    "language-without-end": (BakingError, True),
    "not-utf-8": (BakingError, True),
    "badge-of-2-mb": (BakingError, False),
    "not-zlib": (BakingError, True),
    "zlib-cut": (BakingError, True),
    "two-badges": (HOSTED, True),
}
SVGS: dict[str, tuple[object, bool]] = {
    "billion-laughs": (NotBakeable, False),
    "quadratic-entity": (NotBakeable, False),
    "external-entity": (NotBakeable, False),
    "parameter-entity": (NotBakeable, False),
    "external-dtd": (NothingBaked, True),
    "entity-of-an-external-dtd": (NotBakeable, False),
    "attribute-default": (NotBakeable, False),
    "xinclude": (NothingBaked, True),
    "10k-groups": (NothingBaked, False),
    "100k-groups-unclosed": (NotBakeable, False),
    "20k-elements": (NothingBaked, False),
    "attribute-of-1-mb": (NothingBaked, False),
    "10k-attributes": (NothingBaked, True),
    "name-of-100-kb": (NothingBaked, True),
    "utf-16": (NothingBaked, False),
    "utf-16-without-mark": (NotBakeable, False),
    "utf-32": (NotBakeable, False),
    "utf-7": (NotBakeable, False),
    "ebcdic": (NotBakeable, False),
    "declared-utf-16": (NotBakeable, False),
    "unknown-encoding": (NotBakeable, False),
    "not-an-encoding": (NotBakeable, False),
    "root-after-300-bytes": (HOSTED, True),
    "cdata-end-inside": ('{"a":"]]>"}', True),
    "cdata-left-open": (NotBakeable, False),
    "text-without-cdata": (HOSTED, True),
    "elements-in-badge": (HOSTED, True),
    "two-assertions": (HOSTED, True),
    "badge-in-comment": (NothingBaked, True),
    "badge-in-other-namespace": (NothingBaked, True),
    "prefix-bound-again": (hostile.ADDRESS, True),
    "5k-badges": (hostile.ADDRESS, False),
    "badge-of-2-mb": (BakingError, False),
    "script": (NothingBaked, False),
    "script-in-namespace": (NothingBaked, False),
    "page-inside": (NothingBaked, False),
    "handler": (NothingBaked, False),
    "use-itself": (NothingBaked, False),
    "use-in-circle": (NothingBaked, False),
    "use-bomb": (NothingBaked, False),
    "css-import": (NothingBaked, False),
    "css-escaped-url": (NothingBaked, True),
    "css-comment-url": (NothingBaked, True),
    "data-page": (NothingBaked, False),
    "data-svg": (NothingBaked, False),
    "javascript-link": (NothingBaked, False),
    "base-moved": (NothingBaked, True),
    "style-sheet-instruction": (NothingBaked, True),
    "null": (NotBakeable, False),
    "control-characters": (NotBakeable, False),
    "only-comment": (NotBakeable, False),
    "not-svg": (NotBakeable, False),
    "page-with-svg": (NotBakeable, False),
}
FILES = {f"{name}.png": data for name, data in hostile.pngs().items()} | {
    f"{name}.svg": data for name, data in hostile.svgs().items()
}
EXPECTED = {f"{name}.png": what for name, what in PNGS.items()} | {f"{name}.svg": what for name, what in SVGS.items()}


def in_time(function: Callable[..., Any], *arguments: Any) -> object:
    """Return what comes out, or the class of what is raised; fail when it takes long."""
    began = time.process_time()
    try:
        found = function(*arguments)
    except (BakingError, InvalidJson, InvalidSignature, PictureRefused) as refusal:
        found = type(refusal)
    assert time.process_time() - began < MAX_SECONDS
    return found


def nobody(url: str) -> None:
    raise FetchFailed(url)


def test_every_hostile_file_has_an_expected_answer():
    assert EXPECTED.keys() == FILES.keys()


@pytest.mark.parametrize("name", FILES)
def test_unbake_answers_a_hostile_file(name):
    assert in_time(unbake, FILES[name]) == EXPECTED[name][0]


@pytest.mark.parametrize("name", FILES)
def test_accept_answers_a_hostile_file(name):
    assert (in_time(accept_picture, FILES[name]) is not PictureRefused) is EXPECTED[name][1]


@pytest.mark.parametrize("name", FILES)
def test_what_is_accepted_of_a_hostile_file_is_harmless(name):
    accept_png(FILES[name])
    scrub_svg(FILES[name])


@pytest.mark.parametrize("name", FILES)
def test_bake_into_a_hostile_file_gives_our_badge_or_none(name):
    baked = in_time(bake, FILES[name], HOSTED_TEXT)

    assert baked is NotBakeable or unbake(baked) == HOSTED_TEXT


@pytest.mark.parametrize("name", FILES)
def test_no_hostile_file_is_a_valid_badge(name):
    report = in_time(lambda: verify(FILES[name], fetch=nobody, now=NOW))

    assert report.verdict in {Verdict.INVALID, Verdict.UNKNOWN}
    assert not any(check.outcome is Outcome.PASSED and check.code == "HOSTED" for check in report.checks)


def test_a_picture_with_a_page_behind_it_leaves_the_page():
    for name in ("svg-behind", "page-in-text", "page-behind", "badge-behind-end", "ztxt-bomb", "100k-chunks"):
        assert accept_picture(hostile.pngs()[name]).data == SAFE


@pytest.mark.parametrize("name", hostile.signatures())
def test_no_hostile_signature_is_believed(name):
    text = hostile.signatures()[name]

    assert in_time(jws.verify, text, load_public_key(PUBLIC_KEY)) is InvalidSignature
    assert in_time(lambda: verify(text, fetch=nobody, now=NOW)).verdict in {Verdict.INVALID, Verdict.UNKNOWN}


@pytest.mark.parametrize("name", hostile.json_texts())
def test_hostile_json_is_refused(name):
    text = hostile.json_texts()[name]

    assert in_time(parse_object, text) is InvalidJson
    assert in_time(lambda: verify(text, fetch=nobody, now=NOW)).verdict in {Verdict.INVALID, Verdict.UNKNOWN}


def test_what_is_large_but_not_too_large_is_read():
    assert parse_object(b'{"a":' * 39 + b"9" * 40 + b"}" * 39)
