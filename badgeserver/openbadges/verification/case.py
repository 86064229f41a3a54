"""One badge under verification: its documents, fetched when a step first needs them."""

from datetime import datetime
from functools import cached_property
from http import HTTPStatus

from badgeserver.openbadges import baking
from badgeserver.openbadges.errors import FetchFailed, InvalidJson
from badgeserver.openbadges.fetching import Fetch
from badgeserver.openbadges.iris import is_http_url
from badgeserver.openbadges.jsontext import parse_object
from badgeserver.openbadges.jws import looks_like_jws
from badgeserver.openbadges.report import Form
from badgeserver.openbadges.verification.kinds import Kind
from badgeserver.openbadges.verification.legacy import version_of
from badgeserver.openbadges.verification.members import (
    Document,
    iri_of,
    items_of,
    object_of,
    says_revoked,
    text_of,
    verification_type,
)
from badgeserver.openbadges.verification.resources import Loaded, Resources, failed, of_kind, unknown
from badgeserver.openbadges.verification.source import Presented, read_source
from badgeserver.openbadges.vocabulary import VerificationType

_PEM = b"-----BEGIN"


class Case:
    """What the steps look at. Everything is computed once, on first use, so a page may run step by step."""

    def __init__(
        self,
        source: str | bytes,
        *,
        fetch: Fetch,
        now: datetime,
        recipient: str | None = None,
        kind: Kind = Kind.AWARD,
    ) -> None:
        self.now = now
        self.recipient = recipient
        self.resources = Resources(fetch)
        self.kind = kind
        self.noun = "endorsement" if kind is Kind.ENDORSEMENT else "badge"
        """What the thing is called to people."""
        self._source = source

    @cached_property
    def presented(self) -> Presented:
        """What was brought. An address may itself answer with an image, a signed badge or a credential."""
        presented = read_source(self._source)
        return self._behind(presented.url) if presented.url and presented.brought is None else presented

    @cached_property
    def is_signed(self) -> bool:
        """Whether the badge is proven by a signature instead of by its address."""
        return self.presented.award is not None or self._served_as_signed

    @property
    def form(self) -> Form:
        return Form.SIGNED if self.is_signed else Form.HOSTED

    @cached_property
    def assertion(self) -> Loaded:
        """The Assertion or Endorsement: from its address, or from the signature (which its own step checks)."""
        if self.presented.problem is not None:
            return self.presented.problem
        if self.presented.award is not None:
            return of_kind(self.presented.award, self.kind)
        return of_kind(self._hosted(self.presented.url), self.kind)

    @cached_property
    def withdrawn(self) -> bool:
        """Whether the award itself says that it is revoked, by status 410 or in words (OB2-VER-13)."""
        document = self.assertion.document
        return self.assertion.gone or (document is not None and says_revoked(document))

    @cached_property
    def is_legacy(self) -> bool:
        """Whether the award was written before 2.0 and is judged by the rules of its own time."""
        return self.assertion.version in {"0.5", "1.0", "1.1"}

    @cached_property
    def badge(self) -> Loaded:
        """The BadgeClass from its own address; an embedded copy is not looked at (OB2-VER-12), but for 0.5."""
        return self._linked(self.assertion, "badge", Kind.BADGE)

    @cached_property
    def issuer(self) -> Loaded:
        """The Profile that the BadgeClass, or the Endorsement, names, from its own address."""
        return self._linked(self.badge if self.kind is Kind.AWARD else self.assertion, "issuer", Kind.ISSUER)

    @property
    def issuer_name(self) -> str:
        """What the issuer calls itself, short enough for a sentence."""
        return text_of(self.issuer.document or {}, "name").strip()[:100] or "its issuer"

    @cached_property
    def key(self) -> Loaded:
        """The CryptographicKey of a signed badge: ``creator``, else the issuer's first key (OB2-VER-15)."""
        keys = self.key_ids
        if not keys:
            return failed(f"The {self.noun} does not say which key signed it.")
        return self._legacy_key(keys[0]) if self.is_legacy else self.resources.load(keys[0], Kind.KEY)

    @cached_property
    def key_ids(self) -> list[str]:
        """Keys that may have signed, the likeliest first."""
        verification = object_of(self.assertion.document or {}, "verification")
        named = iri_of(verification.get("creator")) or (text_of(verification, "url") if self.is_legacy else "")
        return [named] if named else self.listed_key_ids

    @cached_property
    def listed_key_ids(self) -> list[str]:
        """The keys that the issuer's own Profile lists."""
        listed = self.issuer.document.get("publicKey") if self.issuer.document else None
        return [iri for iri in map(iri_of, items_of(listed)) if iri]

    @cached_property
    def differs(self) -> bool:
        """Whether what was brought says something else than its address (OB2-VER-12)."""
        brought, found = self.presented.brought, self.assertion
        if brought is None or found.document is None or self.withdrawn:
            return False
        return brought.document != found.document

    @property
    def looked_at(self) -> tuple[Loaded, ...]:
        """The documents that make up the badge."""
        return (self.assertion, self.badge, self.issuer) if self.kind is Kind.AWARD else (self.assertion, self.issuer)

    def _behind(self, url: str) -> Presented:
        try:
            answer = self.resources.fetch(url)
        except FetchFailed:
            return Presented(url=url)
        if answer.status != HTTPStatus.OK:
            return Presented(url=url)
        text = answer.body.decode("utf-8", "replace").strip()
        if baking.sniff(answer.body) is not None or looks_like_jws(text) or _is_credential(text):
            return read_source(answer.body)
        return Presented(url=url)

    def _hosted(self, url: str) -> Loaded:
        """The Assertion at its address; if it names another address, the one that is there (OB2-ISS-10)."""
        loaded = self.resources.load_any(url, self.kind)
        declared = iri_of(loaded.document.get("id")) if loaded.document is not None else url
        if loaded.gone or loaded.document is None or declared == url:
            return loaded
        return self.resources.load(declared, self.kind)

    @cached_property
    def _served_as_signed(self) -> bool:
        document = self.assertion.document
        return document is not None and verification_type(document) is VerificationType.SIGNED

    def _linked(self, parent: Loaded, member: str, kind: Kind) -> Loaded:
        if parent.document is None or parent.gone:
            return unknown(f"The {kind.words} was not looked up.")
        if parent.version == "0.5":
            return Loaded(document=object_of(parent.document, member), version="0.5")
        address = iri_of(parent.document.get(member))
        if not address:
            return failed(f"The {self.noun} does not say where its {kind.words} is.")
        loaded = self.resources.load(address, kind)
        if parent.version == "2.0" and loaded.version == "1.0":
            return failed(f"The {kind.words} does not say by which standard it is to be read.", "no @context")
        return loaded

    def _legacy_key(self, address: str) -> Loaded:
        """Before 2.0 a key was a text file at its address, on the issuer's own website."""
        try:
            answer = self.resources.fetch(address) if is_http_url(address) else None
        except FetchFailed:
            answer = None
        if answer is None or answer.status != HTTPStatus.OK or not answer.body.lstrip().startswith(_PEM):
            return self.resources.load(address, Kind.KEY)
        document: Document = {"id": address, "publicKeyPem": answer.body.decode("utf-8", "replace").strip()}
        return Loaded(document=document, version=self.assertion.version)


def _is_credential(text: str) -> bool:
    """Whether a text is the JSON of an Open Badges 3.0 credential."""
    if not text.startswith("{"):
        return False
    try:
        return version_of(parse_object(text)) == "3.0"
    except InvalidJson:
        return False
