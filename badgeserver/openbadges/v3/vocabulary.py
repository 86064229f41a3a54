"""The words of Open Badges 3.0: contexts, media types, types and enumerations."""

import re
from enum import StrEnum

CONTEXT_CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
"""Always the first context (OB3-01)."""

CONTEXT_OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
"""Always the second context (OB3-01)."""

CONTEXT_EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
"""Wherever a type of 1EdTech appears that the second context does not know (OB3-02)."""

CREDENTIAL_SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
"""The published JSON Schema of a credential."""

BADGE_CLASS_2 = "https://w3id.org/openbadges#BadgeClass"
"""Marks the link from an Achievement to its Open Badges 2.0 twin."""

ASSERTION_2 = "https://w3id.org/openbadges#Assertion"
"""Marks the evidence that is the Open Badges 2.0 twin of the credential."""

VERSION_2 = "Open Badges v2p0"
"""``version`` of a link to a 2.0 document."""

VERSION_3 = "Open Badges v3p0"
"""``version`` of a link from a 2.0 document."""

ACHIEVEMENT_3 = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Achievement"
"""Marks the link from a 2.0 BadgeClass to its Achievement."""

PROFILE_3 = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Profile"
"""Marks the link from a 2.0 Profile to its 3.0 twin."""

MEDIA_TYPE_JWT = "text/plain"
"""How a credential that is a JWT is served (OB 3.0 section 5.2)."""

MEDIA_TYPE_VC_JWT = "application/vc+jwt"
"""How W3C calls a credential that is a JWT; status lists are served so."""

MEDIA_TYPE_JWK = "application/jwk+json"
MEDIA_TYPE_JWKS = "application/jwk-set+json"
MEDIA_TYPE_DID = "application/did+json"

CREDENTIAL_TYPES = ("VerifiableCredential", "OpenBadgeCredential")
"""OB3-03, as we write it."""

BADGE_TYPES = frozenset({"OpenBadgeCredential", "AchievementCredential"})
"""OB3-03, as we read it: the second is an alias."""

CONTEXT_OB_PATTERN = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(?:-3\.\d\.\d)*\.json", re.ASCII)
"""Every published form of the second context (OB3-01)."""


class IdentityType(StrEnum):
    """Kinds of identity that a badge here is ever awarded to; ``email`` would fail the published schema."""

    EMAIL = "emailAddress"
    TELEPHONE = "ext:telephone"
    URL = "ext:url"
    IDENTIFIER = "identifier"


class StatusType(StrEnum):
    """How a credential says where to look whether it still holds."""

    BITSTRING = "BitstringStatusListEntry"
    REVOCATION_LIST = "1EdTechRevocationList"
