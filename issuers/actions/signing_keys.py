"""Make the key that signs an issuer's badges (docs/adr/0007)."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError
from badgeserver.openbadges import keys
from issuers.models import Issuer, SigningKey


class SigningKeyExists(UserFacingError):
    """The issuer signs with another key; a profile lists one only (OB2-ISS-61)."""

    code = "signing_key_exists"


@dataclass(frozen=True, slots=True)
class KeyMaterial:
    """A key pair ready to be stored: the public half, and the private half encrypted."""

    kid: str
    public_key_pem: str
    encrypted_private_key: str = field(repr=False)


def generate_key_material() -> KeyMaterial:
    """Make an RSA key of 2048 bits, encrypted under `settings.KEY_ENCRYPTION_KEYS` before it leaves this function.

    It takes some tenths of a second: callers make it before they open a transaction, which would hold others up.
    """
    private_key = keys.generate_private_key()
    public_key_pem = keys.public_key_pem(private_key)
    return KeyMaterial(
        kid=keys.key_id(public_key_pem),
        public_key_pem=public_key_pem,
        encrypted_private_key=keys.encrypt_private_key(
            keys.private_key_to_pem(private_key), settings.KEY_ENCRYPTION_KEYS
        ),
    )


def create_signing_key(
    *, issuer: Issuer, by: audit.Actor | None, at: datetime, material: KeyMaterial | None = None
) -> SigningKey:
    """Give the issuer its key, active from now on. Raises `SigningKeyExists` when it has one."""
    material = material or generate_key_material()
    with transaction.atomic():
        Issuer.objects.select_for_update().get(pk=issuer.pk)
        if issuer.signing_keys.filter(retired_at=None).exists():
            raise SigningKeyExists(_("This issuer has a signing key already."))
        key = SigningKey.objects.create(
            issuer=issuer,
            kid=material.kid,
            public_key_pem=material.public_key_pem,
            encrypted_private_key=material.encrypted_private_key,
            active_from=at,
        )
        audit.record(
            "issuer.key.created",
            by=by,
            at=at,
            subject=key,
            organisation_id=issuer.organisation_id,
            issuer_id=issuer.pk,
            details={"issuer": issuer.name},
        )
    return key
