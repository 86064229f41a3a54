"""The documents of Open Badges 2.0 that an issuer publishes, checked when they are made.

Each class holds what the standard allows and refuses the rest with InvalidDocument; ``to_json()`` gives the
members in the order of the standard and leaves out what is empty (OB2-ISS-07). Only ``type``, ``evidence``,
``alignment``, ``tags``, ``related`` and ``revokedAssertions`` ever hold several values (OB2-ISS-05).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from badgeserver.openbadges.errors import InvalidDocument
from badgeserver.openbadges.iris import is_badge_iri, is_data_image, is_http_url
from badgeserver.openbadges.jsontext import serialize
from badgeserver.openbadges.moments import format_datetime
from badgeserver.openbadges.vocabulary import CONTEXT_V2, ObjectType, RecipientType, VerificationType

__all__ = [
    "Alignment",
    "Assertion",
    "BadgeClass",
    "Criteria",
    "CryptographicKey",
    "Endorsement",
    "Evidence",
    "HostedVerification",
    "Image",
    "Profile",
    "Recipient",
    "Related",
    "RevocationList",
    "RevokedAssertion",
    "RevokedEntry",
    "SignedVerification",
    "format_datetime",
    "serialize",
]

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_TELEPHONE = re.compile(r"\+?[1-9]\d{1,14}(?:;ext=\d+)?", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_IDENTITY_HASH = re.compile(r"sha256\$[0-9a-fA-F]{64}|md5\$[0-9a-fA-F]{32}")
# OB2-ISS-90: a dotted name whose last label has letters only; no scheme, no port, no path.
_ORIGIN_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
# OB2-ISS-151: a compact or full IRI; a plain word would vanish or be taken for a term of the standard.
_EXTENSION_NAME = re.compile(r"(?:extensions|schema|obi):[A-Za-z][\w.-]*|https?://[^\s\"<>]+")
_PUBLIC_KEY_HEADER = "-----BEGIN PUBLIC KEY-----"


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture with its words (OB2-ISS-102)."""

    id: str
    """URL or data URI of a PNG or SVG (Spec §Image ``id``)."""
    caption: str = ""
    """Alternative text (Spec §Image ``caption``)."""
    author: str = ""
    """IRI of who made it (Spec §Image ``author``)."""

    def __post_init__(self) -> None:
        if not (is_http_url(self.id) or is_data_image(self.id)):
            raise InvalidDocument("An image needs a web address, or a data URI of a PNG or SVG.")
        _text(self.caption, "caption")
        if self.author:
            _iri(self.author, "author")

    def to_json(self) -> dict[str, object]:
        return _without_empty({"id": self.id, "caption": self.caption, "author": self.author})


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """An issuer (Spec §Profile, OB2-ISS-50 to 62). One key only: validators refuse two (OB2-ISS-61)."""

    id: str
    """The address where this Profile is served (OB2-ISS-50)."""
    name: str
    """OB2-ISS-52."""
    url: str
    """Home page (OB2-ISS-53)."""
    email: str
    """Contact address, published (OB2-ISS-54)."""
    description: str = ""
    """OB2-ISS-56."""
    telephone: str = ""
    """E.164 without blanks (OB2-ISS-55)."""
    image: Image | str | None = None
    """OB2-ISS-57."""
    public_key: str | None = None
    """Address of the one CryptographicKey (OB2-ISS-58, OB2-ISS-61)."""
    revocation_list: str | None = None
    """Address of the RevocationList, from the first signed badge on (OB2-ISS-60, OB2-ISS-118)."""
    allowed_origins: Sequence[str] = ()
    """Bare host names where its badges may lie; empty for its own alone (OB2-ISS-86, OB2-ISS-90)."""
    language: str = ""
    """BCP 47 tag, on the object itself (OB2-ISS-119, OB2-ISS-120)."""
    related: Sequence["Related"] = ()
    """The same issuer under other addresses (OB2-ISS-123)."""
    endorsement: Sequence[str] = ()
    """Addresses of Endorsements (OB2-ISS-140)."""
    extensions: Mapping[str, object] = field(default_factory=dict)
    """Further members by compact or full IRI (OB2-ISS-150 to 154)."""

    def __post_init__(self) -> None:
        _url(self.id, "id")
        _words(self.name, "name")
        _url(self.url, "url")
        if not isinstance(self.email, str) or not _EMAIL.fullmatch(self.email):
            raise InvalidDocument("An issuer needs an e-mail address.")
        _text(self.description, "description")
        if self.telephone and not _TELEPHONE.fullmatch(self.telephone):
            raise InvalidDocument("A telephone number is written like +16175551212, without blanks.")
        _image(self.image, data_uri=True)
        if self.public_key is not None:
            _url(self.public_key, "publicKey")
        if self.revocation_list is not None:
            _url(self.revocation_list, "revocationList")
        _all_of(self.allowed_origins, str, "allowedOrigins")
        for host in self.allowed_origins:
            if not _ORIGIN_HOST.fullmatch(host):
                raise InvalidDocument("An allowed origin is a host name such as badges.example.org, nothing more.")
        _language(self.language)
        _all_of(self.related, Related, "related")
        _endorsements(self.endorsement)
        _extensions(self.extensions)

    def to_json(self) -> dict[str, object]:
        return _document(
            self.id,
            ObjectType.ISSUER,
            {
                "name": self.name,
                "url": self.url,
                "email": self.email,
                "telephone": self.telephone,
                "description": self.description,
                "image": _image_json(self.image),
                "publicKey": self.public_key,
                "revocationList": self.revocation_list,
                "verification": _policy(self.allowed_origins),
                "@language": self.language,
                "related": _related_json(self.related, ObjectType.ISSUER),
                "endorsement": list(self.endorsement),
                **self.extensions,
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What somebody has to do (Spec §Criteria, OB2-ISS-105): a page, words, or both."""

    id: str = ""
    """Address of a page for people (OB2-ISS-105)."""
    narrative: str = ""
    """Markdown (OB2-ISS-107)."""

    def __post_init__(self) -> None:
        _text(self.narrative, "narrative")
        if self.id:
            _url(self.id, "criteria")
        if not self.id and not self.narrative.strip():
            raise InvalidDocument("Criteria need an address, a text, or both.")

    def to_json(self) -> dict[str, object]:
        return _without_empty({"id": self.id, "narrative": self.narrative})


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A place in a framework that a BadgeClass belongs to (Spec §AlignmentObject, OB2-ISS-106)."""

    target_name: str
    """Name of the competency (OB2-ISS-106)."""
    target_url: str
    """Its web address; a URN is refused (OB2-ISS-106)."""
    target_description: str = ""
    """OB2-ISS-106."""
    target_framework: str = ""
    """Name of the framework (OB2-ISS-106)."""
    target_code: str = ""
    """Code within the framework (OB2-ISS-106)."""

    def __post_init__(self) -> None:
        _words(self.target_name, "targetName")
        _url(self.target_url, "targetUrl")
        _text(self.target_description, "targetDescription")
        _text(self.target_framework, "targetFramework")
        _text(self.target_code, "targetCode")

    def to_json(self) -> dict[str, object]:
        return _without_empty(
            {
                "targetName": self.target_name,
                "targetUrl": self.target_url,
                "targetDescription": self.target_description,
                "targetFramework": self.target_framework,
                "targetCode": self.target_code,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A link to an entity of the same type: translation, older version, twin (OB2-ISS-121, OB2-ISS-122)."""

    id: str
    """``id`` of the other entity (OB2-ISS-121)."""
    language: str = ""
    """Language of the other entity (OB2-ISS-121)."""
    version: str = ""
    """Version of the other entity (OB2-ISS-122)."""
    type: str = ""
    """Type of the other entity where it is not that of the document, as for a twin in Open Badges 3.0."""

    def __post_init__(self) -> None:
        _iri(self.id, "related")
        _text(self.type, "type")
        _language(self.language)
        _text(self.version, "version")

    def to_json(self) -> dict[str, object]:
        return _without_empty({"id": self.id, "@language": self.language, "version": self.version})


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeClass:
    """What can be awarded (Spec §BadgeClass, OB2-ISS-40 to 49)."""

    id: str
    """The address where it is served (OB2-ISS-40)."""
    name: str
    """OB2-ISS-42."""
    description: str
    """OB2-ISS-43."""
    image: Image | str
    """The unbaked picture (OB2-ISS-44)."""
    criteria: Criteria | str
    """OB2-ISS-45, OB2-ISS-105."""
    issuer: str
    """``id`` of the Profile, never embedded (OB2-ISS-46)."""
    alignment: Sequence[Alignment] = ()
    """OB2-ISS-47."""
    tags: Sequence[str] = ()
    """An array even for one (OB2-ISS-48)."""
    language: str = ""
    """BCP 47 tag (OB2-ISS-119)."""
    version: str = ""
    """Always a string (OB2-ISS-122)."""
    related: Sequence[Related] = ()
    """Translations and other versions (OB2-ISS-121)."""
    endorsement: Sequence[str] = ()
    """Addresses of Endorsements (OB2-ISS-140)."""
    extensions: Mapping[str, object] = field(default_factory=dict)
    """Further members by compact or full IRI (OB2-ISS-150 to 154)."""

    def __post_init__(self) -> None:
        _url(self.id, "id")
        _words(self.name, "name")
        _words(self.description, "description")
        if not self.image:
            raise InvalidDocument("A badge needs an image.")
        _image(self.image, data_uri=True)
        if not isinstance(self.criteria, Criteria):
            _url(self.criteria, "criteria")
        _url(self.issuer, "issuer")
        _all_of(self.alignment, Alignment, "alignment")
        _all_of(self.tags, str, "tags")
        for tag in self.tags:
            _words(tag, "tags")
        _language(self.language)
        _text(self.version, "version")
        _all_of(self.related, Related, "related")
        _endorsements(self.endorsement)
        _extensions(self.extensions)

    def to_json(self) -> dict[str, object]:
        criteria = self.criteria.to_json() if isinstance(self.criteria, Criteria) else self.criteria
        return _document(
            self.id,
            ObjectType.BADGE_CLASS,
            {
                "name": self.name,
                "description": self.description,
                "image": _image_json(self.image),
                "criteria": criteria,
                "issuer": self.issuer,
                "alignment": [item.to_json() for item in self.alignment],
                "tags": list(self.tags),
                "@language": self.language,
                "version": self.version,
                "related": _related_json(self.related, ObjectType.BADGE_CLASS),
                "endorsement": list(self.endorsement),
                **self.extensions,
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who a badge was awarded to (Spec §IdentityObject). Built by ``identity.hashed_email``."""

    identity: str
    """The hash, or the plain identity (OB2-ISS-72, OB2-ISS-74)."""
    hashed: bool = True
    """Whether ``identity`` is a hash (OB2-ISS-71, OB2-ISS-76)."""
    salt: str = ""
    """What was appended before hashing (OB2-ISS-73, OB2-ISS-75)."""
    type: RecipientType = RecipientType.EMAIL
    """Which property of a person the identity is (OB2-ISS-70)."""

    def __post_init__(self) -> None:
        _words(self.identity, "identity")
        _text(self.salt, "salt")
        if not isinstance(self.hashed, bool):
            raise InvalidDocument("Whether the recipient is hashed is either true or false.")
        if self.hashed is not bool(_IDENTITY_HASH.fullmatch(self.identity)):
            raise InvalidDocument("The recipient says hashed exactly when its identity is a hash.")
        if self.type not in tuple(RecipientType):
            raise InvalidDocument("A recipient is known by email, url, telephone or id.")

    def to_json(self) -> dict[str, object]:
        return _without_empty(
            {"type": str(self.type), "hashed": self.hashed, "identity": self.identity, "salt": self.salt}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What shows that a badge was earned (Spec §Evidence, OB2-ISS-100, OB2-ISS-101)."""

    id: str = ""
    """Address of a page, or a urn:uuid."""
    name: str = ""
    """Short title."""
    description: str = ""
    """In short what it is."""
    narrative: str = ""
    """Markdown, in more detail than the description (OB2-ISS-100)."""
    genre: str = ""
    """Kind, such as Film or Prose."""
    audience: str = ""
    """For whom it was made."""

    def __post_init__(self) -> None:
        if self.id:
            _iri(self.id, "evidence")
        for name in ("name", "description", "narrative", "genre", "audience"):
            _text(getattr(self, name), name)
        if not self.to_json():
            raise InvalidDocument("Evidence needs an address or a text.")

    def to_json(self) -> dict[str, object]:
        return _without_empty(
            {
                "id": self.id,
                "narrative": self.narrative,
                "name": self.name,
                "description": self.description,
                "genre": self.genre,
                "audience": self.audience,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedVerification:
    """Verified by asking its own address (OB2-ISS-81)."""

    def to_json(self) -> dict[str, object]:
        return {"type": str(VerificationType.HOSTED)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedVerification:
    """Verified by a signature (OB2-ISS-82, OB2-ISS-134)."""

    creator: str
    """``id`` of the CryptographicKey; validators need it (OB2-ISS-82)."""

    def __post_init__(self) -> None:
        _url(self.creator, "creator")

    def to_json(self) -> dict[str, object]:
        return {"type": str(VerificationType.SIGNED), "creator": self.creator}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """One award (Spec §Assertion, OB2-ISS-20 to 35)."""

    id: str
    """Hosted: the address where it is served. Signed: a urn:uuid (OB2-ISS-10, OB2-ISS-11)."""
    recipient: Recipient
    """OB2-ISS-22."""
    badge: str
    """``id`` of the BadgeClass, never embedded (OB2-ISS-23)."""
    verification: HostedVerification | SignedVerification
    """OB2-ISS-24."""
    issued_on: datetime
    """OB2-ISS-25."""
    image: Image | str | None = None
    """Address of the baked picture; no data URI (OB2-ISS-26, OB2-ISS-33)."""
    evidence: Sequence[Evidence | str] = ()
    """OB2-ISS-27."""
    narrative: str = ""
    """Markdown; connects several pieces of evidence (OB2-ISS-28)."""
    expires: datetime | None = None
    """Later than ``issued_on`` (OB2-ISS-29, OB2-ISS-34)."""
    related: Sequence[Related] = ()
    """The hosted or signed twin of the same award (OB2-ISS-121)."""
    endorsement: Sequence[str] = ()
    """Addresses of Endorsements (OB2-ISS-140)."""

    def __post_init__(self) -> None:
        if not isinstance(self.verification, (HostedVerification, SignedVerification)):
            raise InvalidDocument("An award is verified either as hosted or as signed.")
        if isinstance(self.verification, HostedVerification):
            _url(self.id, "id")
        else:
            _iri(self.id, "id")
        if not isinstance(self.recipient, Recipient):
            raise InvalidDocument("An award needs exactly one recipient.")
        _url(self.badge, "badge")
        _image(self.image, data_uri=False)
        _all_of(self.evidence, (Evidence, str), "evidence")
        for item in self.evidence:
            if isinstance(item, str):
                _iri(item, "evidence")
        _text(self.narrative, "narrative")
        # Compared as written: two moments within one second would be published as the same.
        if self.expires is not None and format_datetime(self.expires) <= format_datetime(self.issued_on):
            raise InvalidDocument("A badge must expire later than it is issued.")
        format_datetime(self.issued_on)
        _all_of(self.related, Related, "related")
        _endorsements(self.endorsement)

    def to_json(self) -> dict[str, object]:
        return _document(
            self.id,
            ObjectType.ASSERTION,
            {
                "recipient": self.recipient.to_json(),
                "badge": self.badge,
                "verification": self.verification.to_json(),
                "issuedOn": format_datetime(self.issued_on),
                "image": _image_json(self.image),
                "evidence": [item if isinstance(item, str) else item.to_json() for item in self.evidence],
                "narrative": self.narrative,
                "expires": None if self.expires is None else format_datetime(self.expires),
                "related": _related_json(self.related, ObjectType.ASSERTION),
                "endorsement": list(self.endorsement),
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokedAssertion:
    """All that the address of a withdrawn award still says, with status 410 (OB2-ISS-110, OB2-ISS-111)."""

    id: str
    """``id`` of the withdrawn award (OB2-ISS-110)."""
    reason: str = ""
    """``revocationReason`` (OB2-ISS-31)."""
    kind: ObjectType = ObjectType.ASSERTION
    """An Endorsement that was taken back is told in the same form."""

    def __post_init__(self) -> None:
        _iri(self.id, "id")
        _text(self.reason, "revocationReason")

    def to_json(self) -> dict[str, object]:
        return _document(self.id, self.kind, {"revoked": True, "revocationReason": self.reason})


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsement:
    """Somebody stands up for an issuer, a badge or an award (Spec §Endorsement, OB2-ISS-140, OB2-ISS-141)."""

    id: str
    """The address where it is served."""
    endorsed: str
    """``id`` of the Profile, BadgeClass or Assertion that it is about (``claim.id``)."""
    issuer: str
    """``id`` of the endorser's Profile."""
    issued_on: datetime
    """Validators need it."""
    comment: str = ""
    """Markdown, ``claim.endorsementComment``."""
    language: str = ""
    """BCP 47 tag (OB2-ISS-119)."""

    def __post_init__(self) -> None:
        _url(self.id, "id")
        _iri(self.endorsed, "claim")
        _url(self.issuer, "issuer")
        format_datetime(self.issued_on)
        _text(self.comment, "endorsementComment")
        _language(self.language)

    def to_json(self) -> dict[str, object]:
        # The claim is an object even without a comment: a bare address would claim nothing.
        claim = _without_empty({"id": self.endorsed, "endorsementComment": self.comment})
        return _document(
            self.id,
            ObjectType.ENDORSEMENT,
            {
                "claim": claim,
                "issuer": self.issuer,
                "issuedOn": format_datetime(self.issued_on),
                "verification": HostedVerification().to_json(),
                "@language": self.language,
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CryptographicKey:
    """The public key that an issuer signs with (Spec §CryptographicKey, OB2-ISS-135)."""

    id: str
    """The address where it is served (OB2-ISS-135)."""
    owner: str
    """``id`` of the Profile, which lists this key (OB2-ISS-135)."""
    public_key_pem: str
    """SubjectPublicKeyInfo in PEM with its line breaks."""

    def __post_init__(self) -> None:
        _url(self.id, "id")
        _url(self.owner, "owner")
        _text(self.public_key_pem, "publicKeyPem")
        if not self.public_key_pem.startswith(_PUBLIC_KEY_HEADER) or "PRIVATE" in self.public_key_pem:
            raise InvalidDocument("A published key is a public key in PEM form and nothing else.")

    def to_json(self) -> dict[str, object]:
        return _document(
            self.id,
            ObjectType.CRYPTOGRAPHIC_KEY,
            {"owner": self.owner, "publicKeyPem": self.public_key_pem},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokedEntry:
    """One line of a RevocationList (Spec §RevocationList)."""

    id: str
    """``id`` of the withdrawn signed award (OB2-ISS-115)."""
    reason: str = ""
    """``revocationReason`` (OB2-ISS-31)."""

    def __post_init__(self) -> None:
        _iri(self.id, "revokedAssertions")
        _text(self.reason, "revocationReason")

    def to_json(self) -> dict[str, object]:
        return _without_empty({"id": self.id, "revocationReason": self.reason})


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationList:
    """The signed awards that an issuer has withdrawn (Spec §RevocationList, OB2-ISS-115 to 118)."""

    id: str
    """The address where it is served."""
    issuer: str
    """``id`` of the Profile."""
    revoked: Sequence[RevokedEntry]
    """None, or two and more (OB2-ISS-116)."""

    def __post_init__(self) -> None:
        _url(self.id, "id")
        _url(self.issuer, "issuer")
        _all_of(self.revoked, RevokedEntry, "revokedAssertions")

    def to_json(self) -> dict[str, object]:
        """Raises InvalidDocument for exactly one entry, which official validators overlook (OB2-ISS-116)."""
        if len(self.revoked) == 1:
            raise InvalidDocument(
                "Validators overlook a revocation list of exactly one entry: add a permanent second one."
            )
        body = _document(self.id, ObjectType.REVOCATION_LIST, {"issuer": self.issuer})
        body["revokedAssertions"] = [entry.to_json() for entry in self.revoked]
        return body


def _document(document_id: str, kind: ObjectType, members: dict[str, object]) -> dict[str, object]:
    """A document of its own, so with the context (OB2-ISS-01) and a single type (OB2-ISS-06)."""
    return {"@context": CONTEXT_V2, "id": document_id, "type": str(kind), **_without_empty(members)}


def _without_empty(members: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in members.items() if value is not None and value not in ("", [])}


def _policy(allowed_origins: Sequence[str]) -> dict[str, object] | None:
    if not allowed_origins:
        return None
    return {"type": "VerificationObject", "allowedOrigins": list(allowed_origins)}


def _related_json(related: Sequence[Related], kind: ObjectType) -> list[dict[str, object]]:
    """Each with its type: the official validator compacts {"id": x} to x and then refuses an x that is a urn:uuid.

    An object with a second member stays an object.
    """
    return [{"type": item.type or str(kind), **item.to_json()} for item in related]


def _endorsements(values: Sequence[str]) -> None:
    _all_of(values, str, "endorsement")
    for value in values:
        _url(value, "endorsement")


def _extensions(members: Mapping[str, object]) -> None:
    if not isinstance(members, Mapping) or not all(
        isinstance(name, str) and _EXTENSION_NAME.fullmatch(name) for name in members
    ):
        raise InvalidDocument("An extension is named by a compact or full address, such as extensions:ApplyLink.")


def _image_json(image: Image | str | None) -> object:
    return image.to_json() if isinstance(image, Image) else image


def _text(value: object, name: str) -> None:
    if not isinstance(value, str):
        raise InvalidDocument(f"“{name}” must be one text.")


def _words(value: object, name: str) -> None:
    if not isinstance(value, str) or not value.strip():
        raise InvalidDocument(f"“{name}” must not be empty.")


def _url(value: object, name: str) -> None:
    if not is_http_url(value):
        raise InvalidDocument(f"“{name}” must be a web address that begins with http:// or https://.")


def _iri(value: object, name: str) -> None:
    if not is_badge_iri(value):
        raise InvalidDocument(f"“{name}” must be a web address or a urn:uuid of version 1 to 5.")


def _image(image: object, *, data_uri: bool) -> None:
    if image is None:
        return
    address = image.id if isinstance(image, Image) else image
    if not is_http_url(address) and not (data_uri and is_data_image(address)):
        raise InvalidDocument("“image” must be one web address of a PNG or SVG.")


def _language(tag: object) -> None:
    if tag != "" and (not isinstance(tag, str) or not _LANGUAGE.fullmatch(tag)):
        raise InvalidDocument("A language is written as a BCP 47 tag such as en or en-US.")


def _all_of(values: object, kinds: type | tuple[type, ...], name: str) -> None:
    if isinstance(values, str) or not isinstance(values, Sequence) or not all(isinstance(v, kinds) for v in values):
        raise InvalidDocument(f"“{name}” must be a list of the right things.")
