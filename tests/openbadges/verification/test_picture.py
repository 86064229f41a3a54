"""The picture of a badge is there, and really is one."""

import base64
from urllib.parse import quote

import pytest

from badgeserver.openbadges.verification import CheckCode, Outcome, Verdict
from badgeserver.openbadges.verification.picture import MAX_BYTES
from tests.openbadges.verification.world import BADGE, HOSTED, PICTURE, PNG, SVG

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
PNG_URI = "data:image/png;base64," + base64.b64encode(PNG).decode()


def picture(verified):
    report = verified(HOSTED)
    check = report.check(CheckCode.PICTURE)
    return check.outcome.value, report.verdict.value, report.facts.image_type


@pytest.mark.parametrize(
    ("image", "media_type"),
    [
        (PICTURE, "image/png"),
        ({"id": PICTURE, "caption": "A robot"}, "image/png"),
        (PNG_URI, "image/png"),
        ({"id": PNG_URI}, "image/png"),
        ("data:image/svg+xml," + quote(SVG.decode()), "image/svg+xml"),
        ("data:image/svg+xml;charset=utf-8;base64," + base64.b64encode(SVG).decode(), "image/svg+xml"),
        # What it is, not what it says it is.
        ("data:image/svg+xml;base64," + base64.b64encode(PNG).decode(), "image/png"),
    ],
)
def test_a_picture_is_found_wherever_it_is(image, media_type, world, verified):
    world.documents[BADGE]["image"] = image

    assert picture(verified) == ("PASSED", "VALID", media_type)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (SVG, ("PASSED", "VALID", "image/svg+xml")),
        (JPEG, ("FAILED", "INVALID", "")),
        (b"<html><body>Not found</body></html>", ("FAILED", "INVALID", "")),
        (b"\x89PNG\r\n\x1a\nand no more", ("FAILED", "INVALID", "")),
        (b"", ("FAILED", "INVALID", "")),
        (PNG + b"\0" * MAX_BYTES, ("UNKNOWN", "UNKNOWN", "")),
    ],
)
def test_the_bytes_tell_what_a_picture_is(body, expected, world, verified):
    world.documents[PICTURE] = body

    assert picture(verified) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (404, ("FAILED", "INVALID", "")),
        (410, ("FAILED", "INVALID", "")),
        (403, ("UNKNOWN", "UNKNOWN", "")),
        (500, ("UNKNOWN", "UNKNOWN", "")),
    ],
)
def test_a_picture_that_is_not_there_and_one_that_cannot_be_had(status, expected, world, verified):
    world.statuses[PICTURE] = status

    assert picture(verified) == expected


def test_a_picture_whose_server_is_away_proves_nothing(world, verified):
    del world.documents[PICTURE]

    assert picture(verified) == ("UNKNOWN", "UNKNOWN", "")


@pytest.mark.parametrize(
    "image", ["data:image/png;base64,AAA", "data:image/png,", "data:image/png;base64,AAAA", "words"]
)
def test_a_broken_picture_is_none(image, world, verified):
    world.documents[BADGE]["image"] = image

    assert picture(verified) == ("FAILED", "INVALID", "")


def test_the_picture_of_the_award_is_looked_at_as_well(world, verified):
    own = f"{HOSTED}/image.png"
    world.documents[HOSTED]["image"] = own
    assert picture(verified)[0] == "UNKNOWN"

    world.documents[own] = PNG
    assert picture(verified)[0] == "PASSED"

    world.statuses[own] = 404
    report = verified(HOSTED)
    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.PICTURE).sentence == "There is no picture at the address that the award gives."
    # What the page shows is the picture of the badge all the same.
    assert report.facts.image == PNG


def test_a_picture_of_a_badge_that_is_away_is_not_looked_for(world, verified):
    del world.documents[BADGE]
    check = verified(HOSTED).check(CheckCode.PICTURE)

    assert check.outcome is Outcome.UNKNOWN
    assert PICTURE not in world.fetched
