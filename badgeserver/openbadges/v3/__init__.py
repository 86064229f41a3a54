"""Open Badges 3.0: the same award as a Verifiable Credential, beside the documents of 2.0 and never mixed with them.

Documents, keys, signatures, lists of the revoked, and verification. Baking is in ``badgeserver.openbadges.baking``.
"""

from badgeserver.openbadges.v3.credential import (
    Achievement,
    AchievementSubject,
    Alignment,
    BitstringStatus,
    Criteria,
    Evidence,
    IdentifierEntry,
    IdentityObject,
    Image,
    OpenBadgeCredential,
    Profile,
    Related,
    RevocationListStatus,
)
from badgeserver.openbadges.v3.jwk import PublishedKey, did_document, did_web, did_web_url, jwks, load_jwk
from badgeserver.openbadges.v3.proof import SignedCredential, read_credential, sign_credential, verify_signature
from badgeserver.openbadges.v3.status_list import (
    ENTRIES,
    CredentialRevocationList,
    RevokedCredential,
    StatusListCredential,
)
from badgeserver.openbadges.v3.verification import CredentialVerification, is_credential, verify_credential

__all__ = [
    "ENTRIES",
    "Achievement",
    "AchievementSubject",
    "Alignment",
    "BitstringStatus",
    "CredentialRevocationList",
    "CredentialVerification",
    "Criteria",
    "Evidence",
    "IdentifierEntry",
    "IdentityObject",
    "Image",
    "OpenBadgeCredential",
    "Profile",
    "PublishedKey",
    "Related",
    "RevocationListStatus",
    "RevokedCredential",
    "SignedCredential",
    "StatusListCredential",
    "did_document",
    "did_web",
    "did_web_url",
    "is_credential",
    "jwks",
    "load_jwk",
    "read_credential",
    "sign_credential",
    "verify_credential",
    "verify_signature",
]
