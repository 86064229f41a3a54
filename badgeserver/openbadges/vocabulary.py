"""The words of Open Badges 2.0: context, media types, types and enumerations."""

from enum import StrEnum

CONTEXT_V2 = "https://w3id.org/openbadges/v2"
"""The exact string of OB2-ISS-01: https, no trailing slash."""

CONTEXT_V1 = "https://w3id.org/openbadges/v1"
"""Marks Open Badges 1.1 documents (OB2-ISS-04)."""

MEDIA_TYPE_JSON_LD = "application/ld+json"
MEDIA_TYPE_JSON = "application/json"
MEDIA_TYPE_PNG = "image/png"
MEDIA_TYPE_SVG = "image/svg+xml"

BAKING_KEYWORD = "openbadges"
"""Keyword of the PNG chunk, and prefix of the SVG element (OB2-BAK-01, OB2-BAK-14)."""

BAKING_NAMESPACE = "http://openbadges.org"
"""Namespace of the SVG element (OB2-BAK-10)."""

BAKING_KEYWORD_V3 = "openbadgecredential"
"""Keyword of the PNG chunk of Open Badges 3.0, which may stand beside the other one."""

BAKING_NAMESPACE_V3 = "https://purl.imsglobal.org/ob/v3p0"
"""Namespace of the SVG element of Open Badges 3.0, whose prefix is the same as in 2.0."""

OBI_NAMESPACE = "https://w3id.org/openbadges#"
"""What ``obi:`` stands for in the context; types may be spelled with it (OB2-ISS-80)."""


EXTENSIONS_NAMESPACE = "https://w3id.org/openbadges/extensions#"
"""What ``extensions:`` stands for; community extensions have their types and words there (OB2-ISS-151)."""


class ObjectType(StrEnum):
    """The ``type`` of each Badge Object that we emit, always a single string (OB2-ISS-06)."""

    ASSERTION = "Assertion"
    BADGE_CLASS = "BadgeClass"
    ISSUER = "Issuer"
    PROFILE = "Profile"
    CRYPTOGRAPHIC_KEY = "CryptographicKey"
    REVOCATION_LIST = "RevocationList"
    ENDORSEMENT = "Endorsement"


class Standard(StrEnum):
    """The Open Badges versions that a picture can carry; each has a place of its own in it."""

    V2 = "2.0"
    V3 = "3.0"


class RecipientType(StrEnum):
    """Which Profile property the recipient's identity is (OB2-ISS-70)."""

    EMAIL = "email"
    URL = "url"
    TELEPHONE = "telephone"
    ID = "id"


class VerificationType(StrEnum):
    """How an Assertion is verified (OB2-ISS-80)."""

    HOSTED = "HostedBadge"
    SIGNED = "SignedBadge"
