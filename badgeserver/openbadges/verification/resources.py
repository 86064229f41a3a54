"""Documents fetched by their address, each once, with what can go wrong put into words."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlsplit

from badgeserver.openbadges.errors import FetchFailed, InvalidJson
from badgeserver.openbadges.fetching import Answers, Fetched
from badgeserver.openbadges.iris import is_http_url
from badgeserver.openbadges.jsontext import parse_object
from badgeserver.openbadges.obstacles import Obstacle, could_not_fetch, obstacle_of_status
from badgeserver.openbadges.report import Check, CheckCode, Outcome
from badgeserver.openbadges.verification.kinds import Kind
from badgeserver.openbadges.verification.legacy import OtherStandard, understood
from badgeserver.openbadges.verification.linked_data import TooMuch
from badgeserver.openbadges.verification.members import Document, iri_of, says_revoked, types_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A document, or why there is none."""

    document: Document | None = None
    """In the words of 2.0."""
    outcome: Outcome = Outcome.PASSED
    sentence: str = ""
    detail: str = ""
    obstacle: Obstacle | None = None
    """What stood in the way of it."""
    gone: bool = False
    """Its address said that it is revoked, by status 410 or in words (OB2-VER-13)."""
    version: str = ""
    """The version it was written in."""
    published: Document | None = None
    """As it was written."""
    extensions: tuple[Document, ...] = ()
    left_out: tuple[str, ...] = ()

    def as_check(self, code: CheckCode) -> Check:
        """The reason as a step: only for a document that could not be loaded."""
        make = Check.failed if self.outcome is Outcome.FAILED else Check.unknown
        return make(code, self.sentence, self.detail, obstacle=self.obstacle)


def failed(sentence: str, detail: str = "", *, obstacle: Obstacle | None = None) -> Loaded:
    """No document, and that is the badge's fault."""
    return Loaded(outcome=Outcome.FAILED, sentence=sentence, detail=detail, obstacle=obstacle)


def unknown(sentence: str, detail: str = "", *, obstacle: Obstacle | None = None) -> Loaded:
    """No document, and nobody's fault is proven."""
    return Loaded(outcome=Outcome.UNKNOWN, sentence=sentence, detail=detail, obstacle=obstacle)


class Resources(Answers):
    """The documents of one verification."""

    def load(self, url: str, kind: Kind) -> Loaded:
        """The document at an address, which must name that address as its id, byte for byte (OB2-ISS-10)."""
        loaded = self.load_any(url, kind)
        if loaded.gone and kind not in _REVOCABLE:
            sentence = f"The {kind.words} is no longer there: whoever published it has taken it away."
            return failed(sentence, f"{url}: 410", obstacle=Obstacle.TAKEN_AWAY)
        if loaded.document is None or loaded.gone:
            return loaded
        if iri_of(loaded.document.get("id")) != url:
            return failed(f"The {kind.words} says that its address is another one than the one it was found at.", url)
        return of_kind(loaded, kind)

    def load_any(self, url: str, kind: Kind) -> Loaded:
        """The same, whatever the document names as its id and type."""
        if not is_http_url(url):
            return failed(f"The address of the {kind.words} is not a web address.", url[:200])
        try:
            answer = self.fetch(url)
        except FetchFailed as error:
            sentence = could_not_fetch(kind.words, error.obstacle, error.host or host_of(url))
            return unknown(sentence, f"{url}: {error}", obstacle=error.obstacle)
        loaded = understood_text(answer.body, kind, url)
        if answer.status == HTTPStatus.GONE or (kind in _REVOCABLE and _is_revocation(loaded, answer)):
            return replace(loaded, document=loaded.document or _plain(answer.body), gone=True)
        obstacle = obstacle_of_status(answer.status)
        if obstacle is None:
            return _explained(loaded, answer, kind)
        if obstacle is Obstacle.NOT_FOUND:
            sentence = f"There is no {kind.words} at the address that is given for it."
            return failed(sentence, f"{url}: 404", obstacle=obstacle)
        sentence = could_not_fetch(kind.words, obstacle, host_of(answer.url))
        return unknown(sentence, f"{url}: {answer.status}", obstacle=obstacle)


_REVOCABLE = (Kind.AWARD, Kind.ENDORSEMENT)


def understood_text(text: str | bytes, kind: Kind, address: str = "") -> Loaded:
    """A document from text, of any version of the standard."""
    try:
        published = parse_object(text)
        found = understood(published, kind, address)
    except InvalidJson as error:
        obstacle = Obstacle.NOT_A_DOCUMENT if address else None
        return failed(f"The {kind.words} cannot be read.", f"{error} {address}".strip(), obstacle=obstacle)
    except OtherStandard as error:
        return replace(unknown(f"The {kind.words} {error}", address), version=error.version)
    except TooMuch as error:
        return unknown(f"The {kind.words} could not be examined.", f"{error} {address}".strip())
    return Loaded(
        document=found.analysed.document,
        version=found.version,
        published=published,
        extensions=found.analysed.extensions,
        left_out=found.analysed.left_out,
    )


def host_of(url: str) -> str:
    """Whose server it is, for a sentence; "" when that cannot be told."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _explained(loaded: Loaded, answer: Fetched, kind: Kind) -> Loaded:
    """The same; of what is no document, in plain words what it is instead."""
    if loaded.obstacle is not Obstacle.NOT_A_DOCUMENT:
        return loaded
    start = answer.body[:_SNIFFED].lstrip().lower()
    if start.startswith(_PAGE):
        sentence = f"At the address of the {kind.words} is a page for people, and not the {kind.words} itself."
        return replace(loaded, sentence=sentence)
    if not start:
        return replace(loaded, sentence=f"At the address of the {kind.words} is nothing at all: the answer is empty.")
    return loaded


_SNIFFED = 1_000
_PAGE = (b"<!doctype html", b"<html")


def of_kind(loaded: Loaded, kind: Kind) -> Loaded:
    """The same, or why it is none when its type says that it is something else."""
    if loaded.document is None or loaded.gone or types_of(loaded.document) & kind.types:
        return loaded
    found = ", ".join(sorted(types_of(loaded.document))) or "nothing"
    return failed(f"What was found instead of the {kind.words} is something else.", f"type: {found[:200]}")


def _is_revocation(loaded: Loaded, answer: Fetched) -> bool:
    """Whether a body says ``revoked``, complete or not, under whatever status (OB2-VER-13)."""
    if loaded.document is not None:
        # Under 200 this is an award like any other, which says so itself.
        return answer.status != HTTPStatus.OK and says_revoked(loaded.document)
    return says_revoked(_plain(answer.body))


def _plain(body: bytes) -> Document:
    """What a body says that is no badge document; it may give a reason, and a broken or missing one says nothing."""
    try:
        return parse_object(body)
    except InvalidJson:
        return {}
