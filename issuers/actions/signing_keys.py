"""Make, replace and give up the keys that sign an issuer's badges (docs/adr/0007, docs/adr/0012)."""

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


class NoSigningKey(UserFacingError):
    """The issuer signs with no key that could be replaced."""

    code = "no_signing_key"


class KeyAlreadyCompromised(UserFacingError):
    """The key was reported before; its first note stands."""

    code = "key_already_compromised"


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
        key = _new_key(issuer, material, at=at)
        _record("issuer.key.created", key, by=by, at=at)
    return key


def rotate_signing_key(
    *, issuer: Issuer, by: audit.Actor | None, at: datetime, material: KeyMaterial | None = None
) -> SigningKey:
    """Replace the key that the issuer signs with, and return the new one.

    Awards made from now on are signed with it. What earlier keys signed stays valid: each key stays listed in the
    profile of its own generation (docs/adr/0012). Raises `NoSigningKey`.
    """
    material = material or generate_key_material()
    with transaction.atomic():
        locked = Issuer.objects.select_for_update().get(pk=issuer.pk)
        before = _retire_active(locked, at=at)
        key = _new_key(locked, material, at=at)
        _record("issuer.key.replaced", key, by=by, at=at, before=before.kid)
    return key


def compromise_signing_key(
    *,
    key: SigningKey,
    note: str,
    tell_holders: bool,
    by: audit.Actor | None,
    at: datetime,
    material: KeyMaterial | None = None,
) -> SigningKey:
    """Withdraw a key that others may have: nothing that it signed is believed from now on; return it.

    Its profile lists no key any more and its address answers 410. When it was the key that the issuer signs with,
    another one takes its place. The awards that it signed get their new copies from the room above, which calls this
    (`assertions.actions.keys.report_key_compromised`). `note` is for the own people; the world is told only that the
    key was withdrawn. Raises `KeyAlreadyCompromised`.
    """
    if key.retired_at is None:
        material = material or generate_key_material()
    with transaction.atomic():
        issuer = Issuer.objects.select_for_update().get(pk=key.issuer_id)
        locked = SigningKey.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=key.pk)
        if locked.compromised_at is not None:
            raise KeyAlreadyCompromised(
                _("This key was reported already. Nothing that it signed is believed any more.")
            )
        successor = None
        if locked.retired_at is None:
            _retire_active(issuer, at=at)
            successor = _new_key(issuer, material or generate_key_material(), at=at)
            locked.retired_at = at
        locked.compromised_at, locked.compromise_note, locked.holders_told = at, note, tell_holders
        locked.save(update_fields=["retired_at", "compromised_at", "compromise_note", "holders_told"])
        _record("issuer.key.compromised", locked, by=by, at=at, note=note, holders_told=tell_holders)
        if successor is not None:
            _record("issuer.key.replaced", successor, by=by, at=at, before=locked.kid)
    return locked


def _retire_active(issuer: Issuer, *, at: datetime) -> SigningKey:
    key = issuer.signing_keys.filter(retired_at=None).first()
    if key is None:
        raise NoSigningKey(_("This issuer has no signing key that could be replaced."))
    key.retired_at = at
    key.save(update_fields=["retired_at"])
    return key


def _new_key(issuer: Issuer, material: KeyMaterial, *, at: datetime) -> SigningKey:
    return SigningKey.objects.create(
        issuer=issuer,
        kid=material.kid,
        public_key_pem=material.public_key_pem,
        encrypted_private_key=material.encrypted_private_key,
        generation=issuer.signing_keys.count() + 1,  # keys are never deleted
        active_from=at,
    )


def _record(event: str, key: SigningKey, *, by: audit.Actor | None, at: datetime, **details: object) -> None:
    audit.record(
        event,
        by=by,
        at=at,
        subject=key,
        organisation_id=key.issuer.organisation_id,
        issuer_id=key.issuer_id,
        details={"issuer": key.issuer.name, **details},
    )
