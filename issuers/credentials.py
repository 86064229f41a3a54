"""Issuer, keys and revocations in the words of Open Badges 3.0, beside the 2.0 documents and never mixed with them."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from badgeserver.addresses import public_url
from badgeserver.openbadges import v3
from badgeserver.openbadges.documents import serialize
from issuers import documents
from issuers.models import Issuer, SigningKey


def issuer_id(issuer: Issuer) -> str:
    """Return the `id` of the 3.0 Profile: the word of who signs credentials, for ever."""
    return public_url("public:v3-issuer", issuer.pk, origin=issuer.origin)


def key_id(key: SigningKey) -> str:
    """Return the address that answers with the bare JWK: the `kid` of what the key signs. `key.issuer` is read."""
    return public_url("public:v3-key", key.issuer_id, key.kid, origin=key.issuer.origin)


def revocations_id(issuer: Issuer) -> str:
    return public_url("public:v3-revocations", issuer.pk, origin=issuer.origin)


def status_list_id(issuer: Issuer, number: int) -> str:
    """Return the address of one Bitstring Status List; the issuer's first is number 1."""
    return public_url("public:v3-status", issuer.pk, number, origin=issuer.origin)


def profile(issuer: Issuer) -> v3.Profile:
    """Return the Profile as it stands in credentials, linked with its 2.0 twin."""
    image_url = public_url("public:issuer-image", issuer.pk, origin=issuer.origin)
    return v3.Profile(
        id=issuer_id(issuer),
        name=issuer.name,
        url=issuer.url,
        email=issuer.email,
        description=issuer.description,
        phone=issuer.telephone,
        image=v3.Image(id=image_url, caption=issuer.image_alt) if issuer.image else None,
        other_identifiers=[v3.IdentifierEntry(identifier=documents.issuer_id(issuer))],
    )


def profile_json(issuer: Issuer) -> str:
    return serialize(profile(issuer).to_document())


def key_json(key: SigningKey) -> str:
    """Return the bare JWK: validators that ask for a `kid` understand nothing else."""
    return serialize(_published(key).to_jwk())


def jwks_json(issuer: Issuer) -> str:
    """Return every key that may still be believed, retired ones too."""
    return _jwks(issuer.signing_keys.select_related("issuer"))


def site_jwks_json() -> str:
    """Return the keys of all issuers here, each with its issuer."""
    return _jwks(SigningKey.objects.select_related("issuer").order_by("issuer", "generation"))


def did_json(issuer: Issuer) -> str:
    """Return the did:web document of the issuer's address, for wallets that know issuers by DID."""
    keys = issuer.signing_keys.filter(compromised_at=None).select_related("issuer").order_by("generation")
    document = v3.did_document(
        v3.did_web(issuer_id(issuer)),
        [_published(key) for key in keys],
        also_known_as=[issuer_id(issuer), documents.issuer_id(issuer)],
    )
    return serialize(document)


def revocations_json(issuer: Issuer) -> str:
    """Return the 1EdTech list: the revoked credentials by their ids, withdrawn copies among them."""
    revoked = issuer.assertions.revoked().order_by("revoked_at", "pk")
    withdrawn = issuer.assertions.filter(withdrawn_copies__credential_uuid__isnull=False).order_by(
        "withdrawn_copies__withdrawn_at", "withdrawn_copies__pk"
    )
    names = [
        *revoked.values_list("credential_uuid", "revocation_reason"),
        # Of a compromised key; the award has another copy since.
        *withdrawn.values_list("withdrawn_copies__credential_uuid", "withdrawn_copies__reason"),
    ]
    entries = [v3.RevokedCredential(id=f"urn:uuid:{name}", reason=reason) for name, reason in names]
    listed = v3.CredentialRevocationList(id=revocations_id(issuer), issuer=issuer_id(issuer), revoked=entries)
    return serialize(listed.to_json())


def status_list_jwt(issuer: Issuer, number: int) -> str | None:
    """Return one Bitstring Status List, signed with the key of the awards in it; None for an issuer without key.

    Its bits are set for revoked awards, and for ever for copies that a compromised key signed. The same ones always
    give the same text, so that it may be cached.
    """
    first = (number - 1) * v3.ENTRIES
    listed_here = issuer.assertions.filter(status_index__gte=first, status_index__lt=first + v3.ENTRIES)
    keys = issuer.signing_keys.filter(compromised_at=None).select_related("issuer").order_by("generation")
    # Some validators check the list with the key of the award that names it; an empty list has the key of today.
    key = keys.filter(Exists(listed_here.filter(signing_key=OuterRef("pk")))).first() or keys.last()
    if key is None:
        return None
    withdrawn = issuer.assertions.filter(
        withdrawn_copies__status_index__gte=first, withdrawn_copies__status_index__lt=first + v3.ENTRIES
    )
    # Whatever a compromised key signed is not believed from that moment on, before the worker has replaced it.
    waiting = listed_here.filter(revoked_at=None, signing_key__compromised_at__isnull=False)
    places = [
        *listed_here.revoked().values_list("status_index", "revoked_at"),
        *withdrawn.values_list("withdrawn_copies__status_index", "withdrawn_copies__withdrawn_at"),
        *waiting.values_list("status_index", "signing_key__compromised_at"),
    ]
    listed = v3.StatusListCredential(
        id=status_list_id(issuer, number),
        issuer=issuer_id(issuer),
        valid_from=max([key.active_from, *(at for _place, at in places if at)]),
        revoked=sorted(place - first for place, _at in places if place is not None),
    )
    return v3.sign_credential(listed.to_json(), documents.private_key(key), kid=key_id(key))


def _published(key: SigningKey) -> v3.PublishedKey:
    return v3.PublishedKey(id=key_id(key), public_key_pem=key.public_key_pem)


def _jwks(keys: Iterable[SigningKey]) -> str:
    trusted = [key for key in keys if key.compromised_at is None]
    return serialize(v3.jwks([(_published(key), issuer_id(key.issuer)) for key in trusted]))
