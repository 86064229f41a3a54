"""The objects of an Open Badges 3.0 credential, checked when they are made.

The same award as a 2.0 Assertion in the words of the later standard, with ids of its own. Each class refuses what
the standard or its published JSON Schema refuses, with InvalidDocument; ``to_json()`` gives the members in the order
of the standard: sets as arrays, complex values as objects, nothing null or empty (OB3-05).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from badgeserver.openbadges.documents import Recipient
from badgeserver.openbadges.errors import InvalidDocument
from badgeserver.openbadges.moments import format_datetime
from badgeserver.openbadges.v3.members import (
    check_all_of,
    check_identifier,
    check_image_address,
    check_language,
    check_text,
    check_url,
    check_words,
    without_empty,
)
from badgeserver.openbadges.v3.vocabulary import (
    ASSERTION_2,
    BADGE_CLASS_2,
    CONTEXT_CREDENTIALS,
    CONTEXT_EXTENSIONS,
    CONTEXT_OB,
    CREDENTIAL_SCHEMA,
    CREDENTIAL_TYPES,
    VERSION_2,
    IdentityType,
    StatusType,
)
from badgeserver.openbadges.vocabulary import RecipientType

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_TELEPHONE = re.compile(r"\+?[1-9]\d{1,14}(?:;ext=\d+)?", re.ASCII)
_IDENTITY_HASH = re.compile(r"sha256\$[0-9a-fA-F]{64}|md5\$[0-9a-fA-F]{32}")

_IDENTITY_TYPES = {
    RecipientType.EMAIL: IdentityType.EMAIL,
    RecipientType.TELEPHONE: IdentityType.TELEPHONE,
    RecipientType.URL: IdentityType.URL,
    RecipientType.ID: IdentityType.IDENTIFIER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture; a closed object, so whoever made it cannot be named (data model, Image)."""

    id: str
    """Web address, or data URI of a PNG or SVG."""
    caption: str = ""
    """Alternative text."""

    def __post_init__(self) -> None:
        check_image_address(self.id)
        check_text(self.caption, "caption")

    def to_json(self) -> dict[str, object]:
        return without_empty({"id": self.id, "type": "Image", "caption": self.caption})


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierEntry:
    """Another name of the same thing, such as the address of a 2.0 Profile."""

    identifier: str
    identifier_type: str = "identifier"

    def __post_init__(self) -> None:
        check_words(self.identifier, "identifier")
        check_words(self.identifier_type, "identifierType")

    def to_json(self) -> dict[str, object]:
        return {
            "type": "IdentifierEntry",
            "identifier": self.identifier,
            "identifierType": self.identifier_type,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Who signs a credential, or made an Achievement; always embedded, never a bare address (section 3)."""

    id: str
    """Web address or did:web; once used, it never changes (section 5)."""
    name: str
    url: str = ""
    email: str = ""
    description: str = ""
    phone: str = ""
    image: Image | None = None
    other_identifiers: Sequence[IdentifierEntry] = ()
    """The 2.0 twin (section 1)."""

    def __post_init__(self) -> None:
        check_identifier(self.id, "id")
        check_words(self.name, "name")
        if self.url:
            check_url(self.url, "url")
        if self.email and not (isinstance(self.email, str) and _EMAIL.fullmatch(self.email)):
            raise InvalidDocument("An issuer’s e-mail address has exactly one @.")
        check_text(self.description, "description")
        if self.phone and not (isinstance(self.phone, str) and _TELEPHONE.fullmatch(self.phone)):
            raise InvalidDocument("A telephone number is written like +16175551212, without blanks.")
        if self.image is not None and not isinstance(self.image, Image):
            raise InvalidDocument("“image” must be an Image.")
        check_all_of(self.other_identifiers, IdentifierEntry, "otherIdentifier")

    def to_json(self) -> dict[str, object]:
        return without_empty(
            {
                "id": self.id,
                "type": ["Profile"],
                "name": self.name,
                "url": self.url,
                "phone": self.phone,
                "description": self.description,
                "image": None if self.image is None else self.image.to_json(),
                "email": self.email,
                "otherIdentifier": [entry.to_json() for entry in self.other_identifiers],
            }
        )

    def to_document(self) -> dict[str, object]:
        """The Profile as it is served at its own address."""
        return {"@context": [CONTEXT_CREDENTIALS, CONTEXT_OB], **self.to_json()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What somebody has to do: a page, words, or both. An empty object would pass the published schema."""

    id: str = ""
    narrative: str = ""
    """Markdown."""

    def __post_init__(self) -> None:
        check_text(self.narrative, "narrative")
        if self.id:
            check_url(self.id, "criteria")
        if not self.id and not self.narrative.strip():
            raise InvalidDocument("Criteria need an address, a text, or both.")

    def to_json(self) -> dict[str, object]:
        return without_empty({"id": self.id, "narrative": self.narrative})


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A place in a framework that an Achievement belongs to."""

    target_name: str
    target_url: str
    target_description: str = ""
    target_framework: str = ""
    target_code: str = ""

    def __post_init__(self) -> None:
        check_words(self.target_name, "targetName")
        check_url(self.target_url, "targetUrl")
        check_text(self.target_description, "targetDescription")
        check_text(self.target_framework, "targetFramework")
        check_text(self.target_code, "targetCode")

    def to_json(self) -> dict[str, object]:
        return without_empty(
            {
                "type": ["Alignment"],
                "targetCode": self.target_code,
                "targetDescription": self.target_description,
                "targetName": self.target_name,
                "targetFramework": self.target_framework,
                "targetUrl": self.target_url,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A link to another form of the same Achievement: a translation, a version, the 2.0 twin."""

    id: str
    kind: str = ""
    """The IRI of a further type."""
    language: str = ""
    version: str = ""

    def __post_init__(self) -> None:
        check_identifier(self.id, "related")
        if self.kind:
            check_url(self.kind, "type")
        check_language(self.language)
        check_text(self.version, "version")

    @classmethod
    def badge_class(cls, address: str) -> "Related":
        """The link to the Open Badges 2.0 BadgeClass (section 1)."""
        return cls(id=address, kind=BADGE_CLASS_2, version=VERSION_2)

    def to_json(self) -> dict[str, object]:
        types = ["Related", self.kind] if self.kind else ["Related"]
        return without_empty({"id": self.id, "type": types, "inLanguage": self.language, "version": self.version})


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievement:
    """What was achieved: the BadgeClass of 2.0 (OB3-04)."""

    id: str
    name: str
    description: str
    criteria: Criteria
    image: Image | None = None
    creator: Profile | None = None
    """Who made it; may be another than who signs."""
    alignment: Sequence[Alignment] = ()
    tags: Sequence[str] = ()
    """``tag``; an array even for one."""
    language: str = ""
    """``inLanguage``, BCP 47."""
    version: str = ""
    """Always a text: a number fails the published schema."""
    related: Sequence[Related] = ()
    achievement_type: str = "Badge"

    def __post_init__(self) -> None:
        check_identifier(self.id, "id")
        check_words(self.name, "name")
        check_words(self.description, "description")
        for value, kind, name in (
            (self.criteria, Criteria, "criteria"),
            (self.image, Image | None, "image"),
            (self.creator, Profile | None, "creator"),
        ):
            if not isinstance(value, kind):
                raise InvalidDocument(f"“{name}” must be an object of its own kind.")
        check_all_of(self.alignment, Alignment, "alignment")
        check_all_of(self.tags, str, "tag")
        for tag in self.tags:
            check_words(tag, "tag")
        check_language(self.language)
        check_text(self.version, "version")
        check_all_of(self.related, Related, "related")
        check_text(self.achievement_type, "achievementType")

    def to_json(self) -> dict[str, object]:
        return without_empty(
            {
                "id": self.id,
                "type": ["Achievement"],
                "alignment": [item.to_json() for item in self.alignment],
                "achievementType": self.achievement_type,
                "creator": None if self.creator is None else self.creator.to_json(),
                "criteria": self.criteria.to_json(),
                "description": self.description,
                "image": None if self.image is None else self.image.to_json(),
                "inLanguage": self.language,
                "name": self.name,
                "related": [item.to_json() for item in self.related],
                "tag": list(self.tags),
                "version": self.version,
            }
        )

    def to_document(self) -> dict[str, object]:
        """The Achievement as it is served at its own address."""
        return {"@context": [CONTEXT_CREDENTIALS, CONTEXT_OB], **self.to_json()}


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityObject:
    """One identity of the person, hashed or plain; the hash is made as in 2.0 and may be taken over (section 3)."""

    identity_hash: str
    hashed: bool = True
    identity_type: IdentityType = IdentityType.EMAIL
    salt: str = ""

    def __post_init__(self) -> None:
        check_words(self.identity_hash, "identityHash")
        check_text(self.salt, "salt")
        if not isinstance(self.hashed, bool):
            raise InvalidDocument("Whether the identity is hashed is either true or false.")
        if self.hashed is not bool(_IDENTITY_HASH.fullmatch(self.identity_hash)):
            raise InvalidDocument("An identity says hashed exactly when it is a hash.")
        if self.identity_type not in tuple(IdentityType):
            raise InvalidDocument("An identity is an emailAddress, ext:telephone, ext:url or identifier.")

    @classmethod
    def of(cls, recipient: Recipient) -> "IdentityObject":
        """The recipient of a 2.0 Assertion in the words of 3.0."""
        return cls(
            identity_hash=recipient.identity,
            hashed=recipient.hashed,
            identity_type=_IDENTITY_TYPES[recipient.type],
            salt=recipient.salt,
        )

    def to_json(self) -> dict[str, object]:
        return without_empty(
            {
                "type": "IdentityObject",
                "hashed": self.hashed,
                "identityHash": self.identity_hash,
                "identityType": str(self.identity_type),
                "salt": self.salt,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AchievementSubject:
    """Who achieved it: a pseudonym for the claim ``sub``, and the hashed identities behind it (section 4)."""

    id: str
    achievement: Achievement
    identifiers: Sequence[IdentityObject] = ()
    narrative: str = ""
    """Markdown; how it was achieved."""
    image: Image | None = None
    """The baked picture."""

    def __post_init__(self) -> None:
        check_identifier(self.id, "credentialSubject")
        if not isinstance(self.achievement, Achievement):
            raise InvalidDocument("A credential is about exactly one Achievement.")
        check_all_of(self.identifiers, IdentityObject, "identifier")
        check_text(self.narrative, "narrative")
        if self.image is not None and not isinstance(self.image, Image):
            raise InvalidDocument("“image” must be an Image.")

    def to_json(self) -> dict[str, object]:
        return without_empty(
            {
                "id": self.id,
                "type": ["AchievementSubject"],
                "achievement": self.achievement.to_json(),
                "identifier": [item.to_json() for item in self.identifiers],
                "image": None if self.image is None else self.image.to_json(),
                "narrative": self.narrative,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What shows that it was achieved; always an object, never a bare address (OB3-05)."""

    id: str = ""
    name: str = ""
    description: str = ""
    narrative: str = ""
    """Markdown."""
    genre: str = ""
    audience: str = ""
    kind: str = ""
    """The IRI of a further type."""

    def __post_init__(self) -> None:
        if self.id:
            check_identifier(self.id, "evidence")
        if self.kind:
            check_url(self.kind, "type")
        for field in ("name", "description", "narrative", "genre", "audience"):
            check_text(getattr(self, field), field)
        if not self._words():
            raise InvalidDocument("Evidence needs an address or a text.")

    @classmethod
    def assertion(cls, address: str) -> "Evidence":
        """The link to the Open Badges 2.0 Assertion of the same award (section 1)."""
        return cls(id=address, name="The same award as an Open Badges 2.0 Assertion", kind=ASSERTION_2)

    def to_json(self) -> dict[str, object]:
        return {**self._words(), "type": ["Evidence", self.kind] if self.kind else ["Evidence"]}

    def _words(self) -> dict[str, object]:
        return without_empty(
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
class BitstringStatus:
    """The place of a credential in a Bitstring Status List (section 6)."""

    status_list: str
    """Address of the list."""
    index: int
    purpose: str = "revocation"

    def __post_init__(self) -> None:
        check_url(self.status_list, "statusListCredential")
        if not isinstance(self.index, int) or isinstance(self.index, bool) or self.index < 0:
            raise InvalidDocument("The place in a status list is a number from 0 on.")
        check_words(self.purpose, "statusPurpose")

    @property
    def needs_extensions(self) -> bool:
        return False

    def to_json(self) -> dict[str, object]:
        return {
            "id": f"{self.status_list}#{self.index}",
            "type": str(StatusType.BITSTRING),
            "statusPurpose": self.purpose,
            # A text, says the standard, although it is a number.
            "statusListIndex": str(self.index),
            "statusListCredential": self.status_list,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationListStatus:
    """The 1EdTech revocation list that would name a revoked credential (section 6)."""

    revocation_list: str

    def __post_init__(self) -> None:
        check_url(self.revocation_list, "credentialStatus")

    @property
    def needs_extensions(self) -> bool:
        return True

    def to_json(self) -> dict[str, object]:
        return {"id": self.revocation_list, "type": str(StatusType.REVOCATION_LIST)}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBadgeCredential:
    """One award, before it is signed (section 2)."""

    id: str
    """A urn:uuid of its own: lists of revoked credentials name it (section 6)."""
    issuer: Profile
    """Who signs."""
    subject: AchievementSubject
    valid_from: datetime
    """Whole seconds, because the claim ``nbf`` must be equal to it."""
    awarded_on: datetime | None = None
    """``awardedDate``: stays when ``valid_from`` moves on (section 3)."""
    valid_until: datetime | None = None
    """Later than ``valid_from``."""
    name: str = ""
    description: str = ""
    evidence: Sequence[Evidence] = ()
    status: BitstringStatus | RevocationListStatus | None = None
    """One at most: an array fails the published schema."""
    names_schema: bool = True
    """Whether ``credentialSchema`` names the published JSON Schema (section 7)."""

    def __post_init__(self) -> None:
        check_identifier(self.id, "id")
        if not isinstance(self.issuer, Profile) or not isinstance(self.subject, AchievementSubject):
            raise InvalidDocument("A credential needs an issuer and a subject.")
        starts = format_datetime(self.valid_from)
        if self.awarded_on is not None:
            format_datetime(self.awarded_on)
        # Compared as written: two moments within one second would be published as the same.
        if self.valid_until is not None and format_datetime(self.valid_until) <= starts:
            raise InvalidDocument("A credential must expire later than it begins to hold.")
        check_text(self.name, "name")
        check_text(self.description, "description")
        check_all_of(self.evidence, Evidence, "evidence")
        if not isinstance(self.status, BitstringStatus | RevocationListStatus | None):
            raise InvalidDocument("A credential has one status at most.")

    def to_json(self) -> dict[str, object]:
        contexts = [CONTEXT_CREDENTIALS, CONTEXT_OB]
        if self.names_schema or (self.status is not None and self.status.needs_extensions):
            contexts.append(CONTEXT_EXTENSIONS)
        schema = {"id": CREDENTIAL_SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}
        return {
            "@context": contexts,
            **without_empty(
                {
                    "id": self.id,
                    "type": list(CREDENTIAL_TYPES),
                    "name": self.name,
                    "description": self.description,
                    "credentialSubject": self.subject.to_json(),
                    "evidence": [item.to_json() for item in self.evidence],
                    "issuer": self.issuer.to_json(),
                    "validFrom": format_datetime(self.valid_from),
                    "validUntil": None if self.valid_until is None else format_datetime(self.valid_until),
                    "awardedDate": None if self.awarded_on is None else format_datetime(self.awarded_on),
                    "credentialSchema": [schema] if self.names_schema else None,
                    "credentialStatus": None if self.status is None else self.status.to_json(),
                }
            ),
        }
