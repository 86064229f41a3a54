"""What stands in the way of a check, in words for people, and what they can do about it."""

import json

import pytest

from badgeserver.openbadges.errors import FetchFailed
from badgeserver.openbadges.fetching import Fetched
from badgeserver.openbadges.obstacles import ADVICE, Obstacle, Remedy, could_not_fetch, obstacle_of_status
from badgeserver.openbadges.verification import CheckCode, Outcome, Verdict, verify
from tests.openbadges.verification.world import BADGE, HOSTED, ISSUER, KEY, NOW, PICTURE, REVOCATIONS

HOST = "badges.example.org"
AGAIN = "Try again in a few minutes."
ASK = "Trying again will not help: ask the issuer of the badge, who alone can put this right."
LOOK = "Look whether the link is complete. If it is, ask the issuer of the badge."
NETWORK = [
    (Obstacle.NO_SUCH_HOST, f"there is no server called {HOST}", LOOK),
    (Obstacle.NOT_LOOKED_UP, f"it could not be found out where {HOST} is", AGAIN),
    (Obstacle.TOO_SLOW, f"{HOST} did not answer in time", AGAIN),
    (Obstacle.REFUSED, f"{HOST} refuses the connection", AGAIN),
    (Obstacle.UNREACHABLE, f"{HOST} could not be reached", AGAIN),
    (
        Obstacle.BAD_CERTIFICATE,
        f"the certificate of {HOST} is not valid, so anybody could be answering in its name",
        ASK,
    ),
    (Obstacle.NOT_SECURE, f"{HOST} does not keep the connection secure, as its address promises", ASK),
    (Obstacle.NOT_PUBLIC, f"{HOST} is not on the public Internet, so it is never asked from here", ASK),
    (Obstacle.NOT_A_WEB_ADDRESS, "its address is not one at which public web pages are", LOOK),
    (Obstacle.TOO_LARGE, f"{HOST} answers with more than any badge has", ASK),
    (Obstacle.TOO_MANY_REDIRECTS, f"{HOST} sends from one address to the next without end", ASK),
    (Obstacle.BROKEN_OFF, f"{HOST} broke off in the middle of its answer", AGAIN),
    (Obstacle.GARBLED, f"{HOST} does not answer as a web server does", ASK),
    (Obstacle.BUSY, "many badges are being checked at this moment", AGAIN),
    (Obstacle.OUT_OF_TIME, f"the time for one check was over before {HOST} could be asked", AGAIN),
    (Obstacle.TOO_MANY_DOCUMENTS, "this badge refers to more than is looked up in one check", ASK),
    (Obstacle.NOT_ASKED, "other servers are not asked here", ""),
]
STATUSES = [
    (401, Obstacle.NOT_ALLOWED, f"{HOST} does not show it to everybody", ASK),
    (403, Obstacle.NOT_ALLOWED, f"{HOST} does not show it to everybody", ASK),
    (429, Obstacle.TOO_OFTEN, f"{HOST} is asked too often at this moment", AGAIN),
    (500, Obstacle.SERVER_FAULT, f"{HOST} has a problem of its own at this moment", AGAIN),
    (503, Obstacle.SERVER_FAULT, f"{HOST} has a problem of its own at this moment", AGAIN),
    (204, Obstacle.ODD_ANSWER, f"{HOST} answers something that was not to be expected", ASK),
    (302, Obstacle.ODD_ANSWER, f"{HOST} answers something that was not to be expected", ASK),
    (418, Obstacle.ODD_ANSWER, f"{HOST} answers something that was not to be expected", ASK),
]
PLACES = [
    (HOSTED, CheckCode.HOSTED, "award"),
    (BADGE, CheckCode.STRUCTURE, "badge description"),
    (ISSUER, CheckCode.ISSUER, "issuer’s profile"),
    (PICTURE, CheckCode.PICTURE, "picture of the badge"),
    (KEY, CheckCode.KEY, "issuer’s key"),
    (REVOCATIONS, CheckCode.REVOCATION, "issuer’s list of revoked badges"),
]


def source_of(world, address):
    return world.jws if address in {KEY, REVOCATIONS} else HOSTED


@pytest.mark.parametrize(("address", "code", "what"), PLACES)
@pytest.mark.parametrize(("obstacle", "why", "advice"), NETWORK)
def test_what_the_network_refuses_is_told_and_proves_nothing(address, code, what, obstacle, why, advice, world):
    def fetch(url):
        if url == address:
            raise FetchFailed("Whatever it says here.", host=HOST, obstacle=obstacle)
        return world.fetch(url)

    report = verify(source_of(world, address), fetch=fetch, now=NOW)
    check = report.check(code)

    assert (check.outcome, check.obstacle) == (Outcome.UNKNOWN, obstacle)
    assert check.sentence == f"The {what} could not be fetched: {why}."
    assert check.advice == advice
    assert report.verdict is Verdict.UNKNOWN
    assert Outcome.FAILED not in {one.outcome for one in report.checks}
    assert [one.obstacle for one in report.fetched if one.status is None] == [obstacle]


@pytest.mark.parametrize(("address", "code", "what"), PLACES)
@pytest.mark.parametrize(("status", "obstacle", "why", "advice"), STATUSES)
def test_what_a_server_refuses_is_told_and_proves_nothing(
    address, code, what, status, obstacle, why, advice, world, verified
):
    world.statuses[address] = status
    report = verified(source_of(world, address))
    check = report.check(code)

    assert (check.outcome, check.obstacle) == (Outcome.UNKNOWN, obstacle)
    assert check.sentence == f"The {what} could not be fetched: {why}."
    assert check.advice == advice
    assert check.detail == f"{address}: {status}"
    assert report.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("status", "address", "code", "obstacle", "verdict", "sentence"),
    [
        (404, HOSTED, "HOSTED", "NOT_FOUND", "INVALID", "There is no award at the address that is given for it."),
        (
            404,
            BADGE,
            "STRUCTURE",
            "NOT_FOUND",
            "INVALID",
            "There is no badge description at the address that is given for it.",
        ),
        (404, PICTURE, "PICTURE", "NOT_FOUND", "INVALID", "There is no picture at the address that the badge gives."),
        (
            410,
            PICTURE,
            "PICTURE",
            "TAKEN_AWAY",
            "INVALID",
            "The picture of the badge is no longer there: whoever published it has taken it away.",
        ),
        (
            410,
            BADGE,
            "STRUCTURE",
            "TAKEN_AWAY",
            "INVALID",
            "The badge description is no longer there: whoever published it has taken it away.",
        ),
    ],
)
def test_what_is_not_there_speaks_against_a_badge(status, address, code, obstacle, verdict, sentence, world, verified):
    world.statuses[address] = status
    report = verified(HOSTED)
    check = report.check(CheckCode(code))

    assert (check.outcome, check.obstacle, report.verdict) == (Outcome.FAILED, obstacle, verdict)
    assert check.sentence == sentence


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            b" <!DOCTYPE html><html>Sign in",
            "At the address of the award is a page for people, and not the award itself.",
        ),
        (b"<html lang=en>", "At the address of the award is a page for people, and not the award itself."),
        (b"", "At the address of the award is nothing at all: the answer is empty."),
        (b"Hello", "The award cannot be read."),
        (b'{"a": ', "The award cannot be read."),
    ],
)
def test_what_is_something_else_is_called_by_its_name(body, sentence, world, verified):
    world.documents[HOSTED] = body
    check = verified(HOSTED).check(CheckCode.HOSTED)

    assert (check.outcome, check.obstacle) == (Outcome.FAILED, Obstacle.NOT_A_DOCUMENT)
    assert check.sentence == sentence


def test_what_is_no_picture_is_called_so(world, verified):
    world.documents[PICTURE] = b"<html>"
    check = verified(HOSTED).check(CheckCode.PICTURE)

    assert (check.outcome, check.obstacle) == (Outcome.FAILED, Obstacle.NOT_A_PICTURE)
    assert check.sentence == "What the badge names as its picture is neither a PNG nor an SVG image."


def test_host_is_the_one_that_answered_in_the_end(world):
    def fetch(url):
        if url == BADGE:
            return Fetched("https://cdn.example.net/1", 503, "", b"")
        if url == PICTURE:
            raise FetchFailed("", host="10.0.0.1", obstacle=Obstacle.NOT_PUBLIC)
        return world.fetch(url)

    report = verify(HOSTED, fetch=fetch, now=NOW)
    assert "cdn.example.net has a problem" in report.check(CheckCode.STRUCTURE).sentence


def test_revoked_outweighs_what_follows_from_it(world, verified):
    """A signed award was revoked, and its picture, its key or both were taken away with it."""
    world.documents[REVOCATIONS]["revokedAssertions"] = [world.signed["id"]]
    for gone in ([PICTURE], [KEY], [PICTURE, KEY]):
        world.statuses = dict.fromkeys(gone, 410)

        assert verified(world.jws).verdict is Verdict.REVOKED


def test_revoked_does_not_outweigh_a_forgery(world, verified, other_key):
    world.documents[REVOCATIONS]["revokedAssertions"] = [world.signed["id"]]
    world.private_key = other_key

    assert verified(world.jws).verdict is Verdict.INVALID


def test_nobody_calls_genuine_what_is_not_proven(world, verified):
    """The text of a signed award without its signature, expired as it claims."""
    world.signed["expires"] = "2025-01-01T00:00:00Z"
    report = verified(json.dumps(world.signed))

    assert report.check(CheckCode.EXPIRY).verdict is Verdict.EXPIRED
    assert report.verdict is Verdict.UNKNOWN


def test_every_obstacle_has_words_and_a_remedy():
    for obstacle in Obstacle:
        sentence = could_not_fetch("award", obstacle, HOST)
        assert sentence.startswith("The award could not be fetched: ")
        assert sentence.endswith(".")
        assert obstacle.remedy in ADVICE
    assert set(ADVICE) == set(Remedy)


def test_a_host_that_is_not_known_is_called_its_server():
    assert could_not_fetch("award", Obstacle.TOO_SLOW, "") == (
        "The award could not be fetched: its server did not answer in time."
    )


@pytest.mark.parametrize(
    ("status", "obstacle"), [(200, None), (404, "NOT_FOUND"), (410, "TAKEN_AWAY"), (0, "ODD_ANSWER")]
)
def test_statuses_are_obstacles(status, obstacle):
    assert obstacle_of_status(status) == obstacle
