"""The recipient of a badge: normalise, salt, hash and match an identity."""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Mapping

from badgeserver.openbadges.documents import Recipient
from badgeserver.openbadges.vocabulary import RecipientType

_HASH = re.compile(r"(sha256)\$([0-9a-fA-F]{64})|(md5)\$([0-9a-fA-F]{32})")


def normalize_email(email: str) -> str:
    """The form that is hashed and compared (OB2-ISS-78): NFC, trimmed, lower case. Dots and +tags stay."""
    return unicodedata.normalize("NFC", email).strip().lower()


def new_salt() -> str:
    """A fresh random salt, one for each award, so that badges of one person cannot be linked (OB2-ISS-77)."""
    return secrets.token_hex(16)


def hash_identity(identity: str, salt: str) -> str:
    """``sha256$`` and the hex digest of the identity followed by the salt, as literal text (OB2-ISS-75)."""
    return f"sha256${_digest('sha256', identity, salt)}"


def hashed_email(email: str, salt: str) -> Recipient:
    """The recipient to publish for an e-mail address; nobody can read the address from it (OB2-ISS-77)."""
    return Recipient(
        identity=hash_identity(normalize_email(email), salt),
        hashed=True,
        salt=salt,
        type=RecipientType.EMAIL,
    )


def matches(recipient: Mapping[str, object], identity: str) -> bool:
    """Whether a published recipient is this identity (OB2-ISS-74 to 78, OB2-VER-01).

    The identity is tried as it was typed, then trimmed, then lower-cased; sha256 and md5 with hex of either
    case are understood. Anything malformed simply does not match.
    """
    published = recipient.get("identity")
    salt = recipient.get("salt")
    hashed = recipient.get("hashed")
    if not isinstance(published, str) or not isinstance(salt, (str, type(None))) or not isinstance(hashed, bool):
        return False
    candidates = dict.fromkeys((identity, identity.strip(), normalize_email(identity)))
    # All candidates are compared, so that the time taken does not tell which of them matched.
    compared = [_same(published, candidate, salt or "", hashed=hashed) for candidate in candidates]
    return any(compared)


def _same(published: str, candidate: str, salt: str, *, hashed: bool) -> bool:
    if not hashed:
        return _equal(published, candidate) or _equal(normalize_email(published), candidate)
    match = _HASH.fullmatch(published)
    if match is None:
        return False
    algorithm, digest = match.group(1) or match.group(3), match.group(2) or match.group(4)
    return _equal(digest.lower(), _digest(algorithm, candidate, salt))


def _digest(algorithm: str, identity: str, salt: str) -> str:
    material = (identity + salt).encode("utf-8", "surrogatepass")
    # md5 is only ever compared with what old issuers published (OB2-ISS-77), never used to protect anything.
    return hashlib.new(algorithm, material, usedforsecurity=False).hexdigest()


def _equal(one: str, other: str) -> bool:
    """In constant time, so that an answer's delay tells nothing about a hash."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
