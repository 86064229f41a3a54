"""One badge under verification: its documents, fetched when a step first needs them."""

from datetime import datetime
from functools import cached_property
from http import HTTPStatus

from badgeserver.openbadges import baking
from badgeserver.openbadges.errors import FetchFailed
from badgeserver.openbadges.iris import is_http_url
from badgeserver.openbadges.jws import looks_like_jws
from badgeserver.openbadges.verification.members import (
    Document,
    iri_of,
    items_of,
    object_of,
    types_of,
    verification_type,
)
from badgeserver.openbadges.verification.resources import Fetch, Loaded, Resources, failed, unknown
from badgeserver.openbadges.verification.source import Presented, read_source
from badgeserver.openbadges.vocabulary import ObjectType, VerificationType


class Case:
    """What the steps look at. Everything is computed once, on first use, so a page may run step by step."""

    def __init__(self, source: str | bytes, *, fetch: Fetch, now: datetime, recipient: str | None = None) -> None:
        self.now = now
        self.recipient = recipient
        self.resources = Resources(fetch)
        self._source = source

    @cached_property
    def presented(self) -> Presented:
        """What was brought. An address may itself answer with an image or a signed badge."""
        presented = read_source(self._source)
        return self._behind(presented.url) if presented.url and self._is_address() else presented

    @cached_property
    def is_signed(self) -> bool:
        """Whether the badge is proven by a signature instead of by its address."""
        return bool(self.presented.jws) or self.presented.unsigned or self._served_as_signed

    @cached_property
    def assertion(self) -> Loaded:
        """The Assertion: from its address, or the payload of the signature (which its own step checks)."""
        if self.presented.problem is not None:
            return self.presented.problem
        if self.presented.payload is not None:
            return _of_type(Loaded(document=self.presented.payload), {ObjectType.ASSERTION}, "award")
        return _of_type(self._hosted(self.presented.url), {ObjectType.ASSERTION}, "award")

    @cached_property
    def withdrawn(self) -> bool:
        """Whether the award itself says that it is revoked, by status 410 or in words (OB2-VER-13)."""
        document = self.assertion.document
        return self.assertion.gone or (document is not None and document.get("revoked") is True)

    @cached_property
    def badge(self) -> Loaded:
        """The BadgeClass from its own address; an embedded copy is not looked at (OB2-VER-12)."""
        return self._linked(self.assertion, "badge", {ObjectType.BADGE_CLASS}, "badge description")

    @cached_property
    def issuer(self) -> Loaded:
        """The Profile that the BadgeClass names, from its own address."""
        types = {ObjectType.ISSUER, ObjectType.PROFILE}
        return self._linked(self.badge, "issuer", types, "issuer’s profile")

    @cached_property
    def key(self) -> Loaded:
        """The CryptographicKey of a signed badge: ``creator``, else the issuer's first key (OB2-VER-15)."""
        keys = self.key_ids
        if not keys:
            return failed("The badge does not say which key signed it.")
        return self.resources.load(keys[0], "issuer’s key")

    @cached_property
    def key_ids(self) -> list[str]:
        """Keys that may have signed, the likeliest first."""
        creator = iri_of(object_of(self.assertion.document or {}, "verification").get("creator"))
        return [creator] if creator else self.listed_key_ids

    @cached_property
    def listed_key_ids(self) -> list[str]:
        """The keys that the issuer's own Profile lists."""
        listed = self.issuer.document.get("publicKey") if self.issuer.document else None
        return [iri for iri in map(iri_of, items_of(listed)) if iri]

    def _is_address(self) -> bool:
        source = self._source.decode("utf-8", "replace") if isinstance(self._source, bytes) else self._source
        return is_http_url(source.strip())

    def _behind(self, url: str) -> Presented:
        try:
            answer = self.resources.answer(url)
        except FetchFailed:
            return Presented(url=url)
        if answer.status != HTTPStatus.OK:
            return Presented(url=url)
        if baking.sniff(answer.body) is not None or looks_like_jws(answer.body.decode("utf-8", "replace").strip()):
            return read_source(answer.body)
        return Presented(url=url)

    def _hosted(self, url: str) -> Loaded:
        """The Assertion at its address; if it names another address, the one that is there (OB2-ISS-10)."""
        loaded = self.resources.load_any(url, "award")
        declared = iri_of(loaded.document.get("id")) if loaded.document is not None else url
        if loaded.gone or loaded.document is None or declared == url:
            return loaded
        return self.resources.load(declared, "award")

    @cached_property
    def _served_as_signed(self) -> bool:
        document = self.assertion.document
        return document is not None and verification_type(document) is VerificationType.SIGNED

    def _linked(self, parent: Loaded, key: str, types: set[ObjectType], what: str) -> Loaded:
        if parent.document is None or parent.gone:
            return unknown(f"The {what} was not looked up.")
        address = iri_of(parent.document.get(key))
        if not address:
            return failed(f"The badge does not say where its {what} is.")
        return _of_type(self.resources.load(address, what), types, what)


def _of_type(loaded: Loaded, types: set[ObjectType], what: str) -> Loaded:
    document: Document | None = loaded.document
    if document is None or loaded.gone or types_of(document) & types:
        return loaded
    found = ", ".join(sorted(types_of(document))) or "nothing"
    return failed(f"What was found instead of the {what} is something else.", f"type: {found[:200]}")
