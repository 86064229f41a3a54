"""Look into one badge of any issuer: what is asked of the network, what comes of it, and what may be kept."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import UUID

from assertions.actions.brought import Brought
from assertions.actions.own_documents import fetch_own, is_own, own_route
from assertions.documents import assertion_url
from assertions.models import Assertion
from assertions.sharing.award import award_of_any_id
from assertions.sharing.stored_report import Stored, clean, stored_report
from badgeserver.addresses import public_url
from badgeserver.dns import LookupFailed, lookup_txt
from badgeserver.openbadges.domains import confirmed_by_file, confirmed_by_record, confirming_records
from badgeserver.openbadges.errors import FetchFailed, InvalidSignature
from badgeserver.openbadges.fetching import Answers, Fetch, Fetched
from badgeserver.openbadges.iris import authority, is_http_url
from badgeserver.openbadges.jws import looks_like_jws, peek
from badgeserver.openbadges.report import CheckCode, Form, Outcome, Report, Verdict
from badgeserver.openbadges.verification import Verification
from badgeserver.openbadges.verification.members import iri_of, object_of
from badgeserver.openbadges.verification.source import Presented, read_source
from badgeserver.outbound import Budget, fetcher
from badgeserver.pictures import Limits, PictureRefused, accept_picture, thumbnail_png
from issuers.documents import confirmation_of

#: What one check of a stranger's badge may take altogether.
TOTAL_SECONDS = 20.0
#: After this many seconds nobody is asked any more whether a domain confirms the issuer: it is a courtesy.
COURTESY_SECONDS = 12.0
PICTURE_SIZE = 640
#: Other issuers' pictures may be small or long; they are drawn anew here before anybody sees them.
_LIMITS = Limits(max_png_bytes=4 * 1024 * 1024, max_svg_bytes=1024 * 1024, min_side=1, max_ratio=20.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """The documents of a badge, letter for letter as they were published or signed."""

    assertion: str = ""
    badge: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came of looking into a badge."""

    report: Report
    stored: Stored
    picture: bytes = field(default=b"", repr=False)
    """PNG, drawn here."""
    assertion: Assertion | None = None
    """The award of this server that is meant, whether what was brought is worth anything or not."""
    documents: Documents = Documents()
    belongs: bool | None = None
    """Whether it was awarded to one of the addresses that were given; None when that is not known."""


class NeedsNetwork(Exception):
    """Other servers must be asked, which is not done while somebody waits for a page."""


def examine_here(*, brought: Brought, at: datetime, addresses: Sequence[str] = ()) -> Found:
    """Look into a badge of our own, or into what is none. Raises `NeedsNetwork` when other servers must be asked."""
    asked: list[str] = []

    def fetch(url: str) -> Fetched:
        answer = fetch_own(url)
        if answer is None:
            asked.append(url)
            raise FetchFailed("")
        return answer

    found = _Examination(brought, fetch, at=at, addresses=addresses)
    report = found.verification.report()
    if any(is_http_url(url) for url in asked):
        raise NeedsNetwork
    return found.result(report)


def examine_badge(
    *, brought: Brought, at: datetime, addresses: Sequence[str] = (), tell: Callable[[str, int], None] | None = None
) -> Found:
    """Look into any badge, asking whichever servers it names, within `TOTAL_SECONDS`.

    `tell` hears the host of each address before it is asked, and how many were asked before.
    """
    asked = 0
    get = fetcher(Budget(seconds=TOTAL_SECONDS), own=fetch_own)

    def fetch(url: str) -> Fetched:
        nonlocal asked
        if tell is not None:
            tell(_host(url), asked)
        asked += 1
        return get(url)

    started = time.monotonic()
    found = _Examination(brought, fetch, at=at, addresses=addresses)
    report = found.verification.report()
    return found.result(report, confirms=lambda: time.monotonic() - started < COURTESY_SECONDS)


class _Examination:
    """One badge, its verification, and everything the network said."""

    def __init__(self, brought: Brought, fetch: Fetch, *, at: datetime, addresses: Sequence[str]) -> None:
        self.brought = brought
        self.source = _meant(brought.source)
        # The JSON of a signed badge of ours without its signature: the award that it names is looked at instead.
        self.unsigned = _unsigned_of_ours(self.source)
        if self.unsigned is not None:
            self.source = assertion_url(self.unsigned.award)
        self.addresses = addresses
        self.answers = Answers(fetch)
        self.at = at
        self.verification = self._verification(brought.recipient or None)

    def _verification(self, recipient: str | None) -> Verification:
        return Verification(self.source, fetch=self.answers.fetch, now=self.at, recipient=recipient)

    def result(self, report: Report, *, confirms: Callable[[], bool] = lambda: False) -> Found:
        presented = read_source(self.source)
        if self.unsigned is not None and self.unsigned.brought != self.unsigned.published:
            report = replace(report, differs=True, assertion=self.unsigned.published)
        award = _award_meant(presented, report)
        issuer_id = report.facts.issuer_id
        ours = is_own(issuer_id) or (not issuer_id and is_own(presented.url))
        confirmed_by = ""
        if ours and award is not None:
            confirmation = confirmation_of(award.issuer)
            confirmed_by = confirmation.domain if confirmation else ""
        elif report.verdict in {Verdict.VALID, Verdict.EXPIRED}:
            confirmed_by = _confirming_domain(report, self.answers.fetch, confirms)
        stored = stored_report(
            report,
            brought=self._brought_document(presented),
            again=_again(presented, report, award if ours else None),
            asked=self.answers.asked,
            ours=ours,
            confirmed_by=confirmed_by,
        )
        if ours and award is not None:
            _fill(stored, award)
        return Found(
            report=report,
            stored=stored,
            picture=b"" if ours and award is not None else drawn(report.facts.image),
            assertion=award,
            documents=self._documents(presented, report),
            belongs=self._belongs(report),
        )

    def _brought_document(self, presented: Presented) -> Mapping[str, object] | None:
        if self.unsigned is not None:
            return self.unsigned.brought
        return presented.brought.document if presented.brought else None

    def _belongs(self, report: Report) -> bool | None:
        """Whether one of the addresses is the recipient's; every answer of the network is known by now."""
        if not self.addresses or report.assertion is None:
            return None
        outcomes = {self._verification(one).check(CheckCode.RECIPIENT).outcome for one in self.addresses}
        if Outcome.PASSED in outcomes:
            return True
        return False if Outcome.FAILED in outcomes else None

    def _documents(self, presented: Presented, report: Report) -> Documents:
        published = report.published
        texts = {name: self._text_at(iri_of(document.get("id"))) for name, document in published.items()}
        if presented.credential:
            texts["assertion"] = _payload(presented.credential)
        elif presented.jws:
            texts["assertion"] = _payload(presented.jws)
        elif presented.unsigned and isinstance(self.source, str):
            texts["assertion"] = self.source
        return Documents(
            assertion=texts.get("assertion", "") or _json(published.get("assertion")),
            badge=texts.get("badge", "") or _json(published.get("badge")),
            issuer=texts.get("issuer", "") or _json(published.get("issuer")),
        )

    def _text_at(self, address: str) -> str:
        """Return what an address answered; nothing when it was not asked."""
        if address not in {one.url for one in self.answers.asked}:
            return ""
        try:
            return self.answers.fetch(address).body.decode("utf-8-sig", "replace").replace("\x00", "")
        except FetchFailed:
            return ""


# --- What is meant -------------------------------------------------------------------------------------------


def _meant(source: str | bytes) -> str | bytes:
    """Return the address of an award's document for whatever names an award here: its number, page or picture."""
    if isinstance(source, bytes):
        return source
    name = _uuid_of(source) or _award_named_by(source)
    if name is None:
        return source
    award = award_of_any_id(name)
    return assertion_url(award) if award else public_url("public:assertion", name)


@dataclass(frozen=True, slots=True)
class _Unsigned:
    """The payload of a signed award of ours, as it was brought and as it was signed."""

    award: Assertion
    brought: Mapping[str, object]
    published: Mapping[str, object]


def _unsigned_of_ours(source: str | bytes) -> _Unsigned | None:
    presented = read_source(source)
    payload = presented.payload or {}
    if not presented.unsigned or not is_own(iri_of(object_of(payload, "verification").get("creator"))):
        return None
    name = _uuid_of(iri_of(payload.get("id")))
    award = award_of_any_id(name) if name else None
    # Of one that its recipient declined nothing is left to compare with.
    published = read_source(award.signed_json).payload if award and award.signed_json else None
    return _Unsigned(award, payload, published) if award and published else None


def _uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text.lower().removeprefix("urn:uuid:")) if len(text) in {36, 45} else None
    except ValueError:
        return None


def _award_named_by(url: str) -> UUID | None:
    match = own_route(url)
    named = match.kwargs.get("assertion") if match else None
    return named if isinstance(named, UUID) else None


def _award_meant(presented: Presented, report: Report) -> Assertion | None:
    payload, document = presented.payload or {}, report.assertion or {}
    for name in (presented.url, iri_of(payload.get("id")), iri_of(document.get("id"))):
        if (found := _uuid_of(name) or _award_named_by(name)) and (award := award_of_any_id(found)):
            return award
    return None


def _again(presented: Presented, report: Report, award: Assertion | None) -> str:
    """Return the address at which the badge can be checked once more, without what was brought."""
    if award is not None:
        return assertion_url(award)
    if report.form is Form.SIGNED or presented.credential:
        return ""
    return presented.url


def _fill(stored: Stored, award: Assertion) -> None:
    """Say what everybody may know of a revoked award, whose documents do not say it any more."""
    badge, issuer = stored["badge"], stored["issuer"]
    badge["name"] = badge["name"] or clean(award.badge_class.name, 300)
    issuer["name"] = issuer["name"] or clean(award.issuer.name, 300)
    issuer["host"] = issuer["host"] or authority(assertion_url(award))
    stored["award"]["issued_on"] = stored["award"]["issued_on"] or award.issued_at.isoformat()


def _payload(credential: str) -> str:
    """Return the signed text of a JWS or JWT; of JSON the text itself."""
    if not looks_like_jws(credential.strip()):
        return credential
    try:
        return peek(credential.strip())[1].decode("utf-8", "replace").replace("\x00", "")
    except InvalidSignature:
        return ""


def _json(document: Mapping[str, object] | None) -> str:
    return "" if document is None else json.dumps(document, ensure_ascii=False, indent=2)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


# --- More than the standard asks -----------------------------------------------------------------------------


def _confirming_domain(report: Report, fetch: Fetch, confirms: Callable[[], bool]) -> str:
    """Return the domain whose owner says that the issuer is theirs (docs/adr/0013); nothing when none does."""
    facts = report.facts
    for proof in confirming_records(facts.issuer_id, website=facts.issuer_url)[:2]:
        if not confirms():
            return ""
        try:
            answer = fetch(proof.file_url)
            if answer.status == HTTPStatus.OK and confirmed_by_file(answer.body, proof.file_line):
                return proof.domain
        except FetchFailed:
            pass
        try:
            if confirmed_by_record(lookup_txt(proof.record_name), proof.file_line):
                return proof.domain
        except LookupFailed:
            continue
    return ""


def drawn(picture: bytes) -> bytes:
    """Return a stranger's picture as a PNG that was drawn here, or nothing when it is no sound picture."""
    if not picture:
        return b""
    try:
        return thumbnail_png(accept_picture(picture, limits=_LIMITS).data, size=PICTURE_SIZE)
    except PictureRefused:
        return b""
