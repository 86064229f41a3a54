"""Issuer, SigningKey and revocations as the documents of Open Badges, and the private key for signing."""

from functools import lru_cache

from django.conf import settings

from badgeserver.addresses import public_url
from badgeserver.openbadges.documents import (
    CryptographicKey,
    Image,
    Profile,
    RevocationList,
    RevokedEntry,
    serialize,
)
from badgeserver.openbadges.keys import PrivateKey, decrypt_private_key, load_private_key
from issuers.models import Issuer, SigningKey


def issuer_id(issuer: Issuer) -> str:
    """Return the `id` of the Profile, which is where it is served (OB2-ISS-50)."""
    return public_url("public:issuer", issuer.pk)


def key_id(key: SigningKey) -> str:
    """Return the `id` of the CryptographicKey, which is where it is served (OB2-ISS-135)."""
    return public_url("public:key", key.issuer_id, key.kid)


def revocation_list_id(issuer: Issuer) -> str:
    return public_url("public:revocations", issuer.pk)


def profile_json(issuer: Issuer) -> str:
    """Return the Profile document (OB2-ISS-50 to 61).

    It names exactly one key (OB2-ISS-61) and, from the first day on, the revocation list (OB2-ISS-118).
    Raises `InvalidDocument` when the row holds what the standard refuses.
    """
    key = issuer.signing_keys.filter(retired_at=None).first()
    profile = Profile(
        id=issuer_id(issuer),
        name=issuer.name,
        url=issuer.url,
        email=issuer.email,
        description=issuer.description,
        telephone=issuer.telephone,
        image=Image(id=public_url("public:issuer-image", issuer.pk), caption=issuer.image_alt)
        if issuer.image
        else None,
        public_key=key_id(key) if key else None,
        revocation_list=revocation_list_id(issuer),
        language=issuer.language,
    )
    return serialize(profile.to_json())


def key_json(key: SigningKey) -> str:
    """Return the CryptographicKey document: the public half and its owner (OB2-ISS-135)."""
    owner = public_url("public:issuer", key.issuer_id)
    document = CryptographicKey(id=key_id(key), owner=owner, public_key_pem=key.public_key_pem)
    return serialize(document.to_json())


def revocation_list_json(issuer: Issuer) -> str:
    """Return the RevocationList: for each revoked award its `urn:uuid` and its hosted URL (OB2-ISS-115).

    So the list has no entry or at least two: the official validators overlook a single one (OB2-ISS-116).
    """
    revoked = issuer.assertions.revoked().order_by("revoked_at", "pk")
    entries = [
        RevokedEntry(id=entry_id, reason=reason)
        for pk, signed_uuid, reason in revoked.values_list("pk", "signed_uuid", "revocation_reason")
        for entry_id in (f"urn:uuid:{signed_uuid}", public_url("public:assertion", pk))
    ]
    document = RevocationList(id=revocation_list_id(issuer), issuer=issuer_id(issuer), revoked=entries)
    return serialize(document.to_json())


def private_key(key: SigningKey) -> PrivateKey:
    """Return the key to sign with, decrypted once per process. Raises `KeyUnreadable` when no secret opens it."""
    return _opened(key.encrypted_private_key, tuple(settings.KEY_ENCRYPTION_KEYS))


@lru_cache(maxsize=256)
def _opened(encrypted: str, secrets: tuple[str, ...]) -> PrivateKey:
    return load_private_key(decrypt_private_key(encrypted, secrets))
