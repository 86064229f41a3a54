"""What can stand between a check and a document: a name for each obstacle, words for people, and what to do."""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType


class Obstacle(StrEnum):
    """Why something could not be had. Stable: stored reports refer to them.

    Only NOT_FOUND, TAKEN_AWAY, NOT_A_DOCUMENT and NOT_A_PICTURE may speak against a badge: there the server answered,
    and what it answered is not what the badge promises. All others prove nothing in either direction.
    """

    # Nobody was asked.
    NOT_A_WEB_ADDRESS = "NOT_A_WEB_ADDRESS"
    NOT_PUBLIC = "NOT_PUBLIC"
    BUSY = "BUSY"
    OUT_OF_TIME = "OUT_OF_TIME"
    TOO_MANY_DOCUMENTS = "TOO_MANY_DOCUMENTS"
    NOT_ASKED = "NOT_ASKED"
    # Nobody answered.
    NO_SUCH_HOST = "NO_SUCH_HOST"
    NOT_LOOKED_UP = "NOT_LOOKED_UP"
    REFUSED = "REFUSED"
    UNREACHABLE = "UNREACHABLE"
    TOO_SLOW = "TOO_SLOW"
    # Whoever answered cannot be trusted or understood.
    BAD_CERTIFICATE = "BAD_CERTIFICATE"
    NOT_SECURE = "NOT_SECURE"
    BROKEN_OFF = "BROKEN_OFF"
    GARBLED = "GARBLED"
    TOO_LARGE = "TOO_LARGE"
    TOO_MANY_REDIRECTS = "TOO_MANY_REDIRECTS"
    # The answer is no.
    NOT_FOUND = "NOT_FOUND"
    TAKEN_AWAY = "TAKEN_AWAY"
    NOT_ALLOWED = "NOT_ALLOWED"
    TOO_OFTEN = "TOO_OFTEN"
    SERVER_FAULT = "SERVER_FAULT"
    ODD_ANSWER = "ODD_ANSWER"
    # The answer is something else.
    NOT_A_DOCUMENT = "NOT_A_DOCUMENT"
    NOT_A_PICTURE = "NOT_A_PICTURE"

    @property
    def remedy(self) -> "Remedy":
        """What the reader can do next."""
        return _REMEDIES.get(self, Remedy.ASK_ISSUER)


class Remedy(StrEnum):
    """What somebody who wants a badge checked can do about an obstacle."""

    TRY_AGAIN = "TRY_AGAIN"
    LOOK_AT_LINK = "LOOK_AT_LINK"
    ASK_ISSUER = "ASK_ISSUER"
    NOTHING = "NOTHING"


ADVICE: Mapping[Remedy, str] = MappingProxyType(
    {
        Remedy.TRY_AGAIN: "Try again in a few minutes.",
        Remedy.LOOK_AT_LINK: "Look whether the link is complete. If it is, ask the issuer of the badge.",
        Remedy.ASK_ISSUER: "Trying again will not help: ask the issuer of the badge, who alone can put this right.",
        Remedy.NOTHING: "",
    }
)

_REMEDIES: Mapping[Obstacle, Remedy] = MappingProxyType(
    {
        Obstacle.NOT_ASKED: Remedy.NOTHING,
        Obstacle.NOT_A_WEB_ADDRESS: Remedy.LOOK_AT_LINK,
        Obstacle.NO_SUCH_HOST: Remedy.LOOK_AT_LINK,
        Obstacle.NOT_FOUND: Remedy.LOOK_AT_LINK,
        **dict.fromkeys(
            (
                Obstacle.BUSY,
                Obstacle.OUT_OF_TIME,
                Obstacle.NOT_LOOKED_UP,
                Obstacle.REFUSED,
                Obstacle.UNREACHABLE,
                Obstacle.TOO_SLOW,
                Obstacle.BROKEN_OFF,
                Obstacle.TOO_OFTEN,
                Obstacle.SERVER_FAULT,
            ),
            Remedy.TRY_AGAIN,
        ),
    }
)

_WHY: Mapping[Obstacle, str] = MappingProxyType(
    {
        Obstacle.NOT_A_WEB_ADDRESS: "its address is not one at which public web pages are",
        Obstacle.NOT_PUBLIC: "{host} is not on the public Internet, so it is never asked from here",
        Obstacle.BUSY: "many badges are being checked at this moment",
        Obstacle.OUT_OF_TIME: "the time for one check was over before {host} could be asked",
        Obstacle.TOO_MANY_DOCUMENTS: "this badge refers to more than is looked up in one check",
        Obstacle.NOT_ASKED: "other servers are not asked here",
        Obstacle.NO_SUCH_HOST: "there is no server called {host}",
        Obstacle.NOT_LOOKED_UP: "it could not be found out where {host} is",
        Obstacle.REFUSED: "{host} refuses the connection",
        Obstacle.UNREACHABLE: "{host} could not be reached",
        Obstacle.TOO_SLOW: "{host} did not answer in time",
        Obstacle.BAD_CERTIFICATE: "the certificate of {host} is not valid, so anybody could be answering in its name",
        Obstacle.NOT_SECURE: "{host} does not keep the connection secure, as its address promises",
        Obstacle.BROKEN_OFF: "{host} broke off in the middle of its answer",
        Obstacle.GARBLED: "{host} does not answer as a web server does",
        Obstacle.TOO_LARGE: "{host} answers with more than any badge has",
        Obstacle.TOO_MANY_REDIRECTS: "{host} sends from one address to the next without end",
        Obstacle.NOT_FOUND: "{host} says that there is nothing at its address",
        Obstacle.TAKEN_AWAY: "{host} says that it was taken away",
        Obstacle.NOT_ALLOWED: "{host} does not show it to everybody",
        Obstacle.TOO_OFTEN: "{host} is asked too often at this moment",
        Obstacle.SERVER_FAULT: "{host} has a problem of its own at this moment",
        Obstacle.ODD_ANSWER: "{host} answers something that was not to be expected",
        Obstacle.NOT_A_DOCUMENT: "{host} answers with something else",
        Obstacle.NOT_A_PICTURE: "{host} answers with something else",
    }
)


def obstacle_of_status(status: int) -> Obstacle | None:
    """What a status means for somebody who needs what is there; None for 200."""
    known = {
        HTTPStatus.OK: None,
        HTTPStatus.NOT_FOUND: Obstacle.NOT_FOUND,
        HTTPStatus.GONE: Obstacle.TAKEN_AWAY,
        HTTPStatus.UNAUTHORIZED: Obstacle.NOT_ALLOWED,
        HTTPStatus.FORBIDDEN: Obstacle.NOT_ALLOWED,
        HTTPStatus.TOO_MANY_REQUESTS: Obstacle.TOO_OFTEN,
    }
    if status in known:
        return known[HTTPStatus(status)]
    return Obstacle.SERVER_FAULT if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Obstacle.ODD_ANSWER


def why(obstacle: Obstacle, host: str) -> str:
    """What stood in the way, as the rest of a sentence: "example.org refuses the connection"."""
    return _WHY[obstacle].format(host=host or "its server")


def could_not_fetch(what: str, obstacle: Obstacle, host: str) -> str:
    """The sentence that something, such as "badge description", could not be had, and why."""
    return f"The {what} could not be fetched: {why(obstacle, host)}."
