"""Documents fetched by their address, each once, with what can go wrong put into words."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from badgeserver.openbadges.errors import FetchFailed, InvalidJson
from badgeserver.openbadges.iris import is_http_url
from badgeserver.openbadges.jsontext import parse_object
from badgeserver.openbadges.verification.members import Document, iri_of, normalized, version_of
from badgeserver.openbadges.verification.report import Check, CheckCode, Outcome


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered. The caller's fetch follows redirects and guards against private addresses."""

    url: str
    """The address that answered in the end."""
    status: int
    content_type: str
    body: bytes


Fetch = Callable[[str], Fetched]
"""The network, handed in: an address to what it answers. Raises FetchFailed when nothing answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A document, or why there is none."""

    document: Document | None = None
    outcome: Outcome = Outcome.PASSED
    sentence: str = ""
    detail: str = ""
    gone: bool = False
    """The address answered 410: withdrawn, whatever else it said (OB2-VER-13)."""

    def as_check(self, code: CheckCode) -> Check:
        """The reason as a step: only for a document that could not be loaded."""
        make = Check.failed if self.outcome is Outcome.FAILED else Check.unknown
        return make(code, self.sentence, self.detail)


def failed(sentence: str, detail: str = "") -> Loaded:
    """No document, and that is the badge's fault."""
    return Loaded(outcome=Outcome.FAILED, sentence=sentence, detail=detail)


def unknown(sentence: str, detail: str = "") -> Loaded:
    """No document, and nobody's fault is proven."""
    return Loaded(outcome=Outcome.UNKNOWN, sentence=sentence, detail=detail)


class Resources:
    """The documents of one verification; an address is asked once however many steps need it."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._answers: dict[str, Fetched | FetchFailed] = {}

    def answer(self, url: str) -> Fetched:
        """What the address answers. Raises FetchFailed, the second time as the first."""
        if url not in self._answers:
            try:
                self._answers[url] = self._fetch(url)
            except FetchFailed as error:
                self._answers[url] = error
        found = self._answers[url]
        if isinstance(found, FetchFailed):
            raise found
        return found

    def load(self, url: str, what: str) -> Loaded:
        """The document at an address, which must name that address as its id, byte for byte (OB2-ISS-10)."""
        loaded = self.load_any(url, what)
        if loaded.document is not None and not loaded.gone and iri_of(loaded.document.get("id")) != url:
            return failed(f"The {what} says that its address is another one than the one it was found at.", url)
        return loaded

    def load_any(self, url: str, what: str) -> Loaded:
        """The same, whatever the document names as its id."""
        if not is_http_url(url):
            return failed(f"The address of the {what} is not a web address.", url[:200])
        try:
            answer = self.answer(url)
        except FetchFailed as error:
            return unknown(f"The {what} could not be fetched: its server did not answer.", f"{url}: {error}")
        if answer.status == HTTPStatus.GONE:
            return _gone(answer)
        if answer.status == HTTPStatus.NOT_FOUND:
            return failed(f"There is no {what} at the address that is given for it.", f"{url}: 404")
        if answer.status != HTTPStatus.OK:
            return unknown(f"The {what} could not be fetched: its server has a problem.", f"{url}: {answer.status}")
        return _parsed(answer.body, what, url)


def parsed_document(text: str | bytes, what: str) -> Loaded:
    """A document from text, in the version of the standard that is understood here."""
    return _parsed(text, what, "")


def _parsed(text: str | bytes, what: str, detail: str) -> Loaded:
    try:
        document = normalized(parse_object(text))
    except InvalidJson as error:
        return failed(f"The {what} cannot be read.", f"{error} {detail}".strip())
    version = version_of(document)
    if version != "2.0":
        named = f"Open Badges {version}" if version else "another standard than Open Badges 2.0"
        return unknown(f"The {what} follows {named}, which cannot be checked here yet.", detail)
    return Loaded(document=document)


def _gone(answer: Fetched) -> Loaded:
    """A body under 410 may give the reason; a missing or broken one changes nothing."""
    try:
        document = normalized(parse_object(answer.body))
    except InvalidJson:
        document = {}
    return Loaded(document=document, gone=True)
