"""Issuer, SigningKey and revocations as the documents of Open Badges, and the private key for signing."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils.translation import gettext as _

from badgeserver.addresses import public_url
from badgeserver.openbadges.documents import (
    CryptographicKey,
    Image,
    Profile,
    Related,
    RevocationList,
    RevokedEntry,
    serialize,
)
from badgeserver.openbadges.domains import DomainProof, domain_proof, may_be_an_origin, nearest
from badgeserver.openbadges.extensions import PLACE, OfferedExtension, place
from badgeserver.openbadges.keys import PrivateKey, decrypt_private_key, load_private_key
from badgeserver.openbadges.v3.vocabulary import PROFILE_3, VERSION_3
from badgeserver.openbadges.vocabulary import CONTEXT_V2, ObjectType
from issuers.models import Issuer, SigningKey


def current_origin(issuer: Issuer) -> str:
    """Return the base of addresses that are made now: the issuer's own host when it has one, else `SITE_URL`."""
    host = issuer.domains.hosting().filter(hosted_until=None).values_list("name", flat=True).first()
    return f"https://{host}" if host else settings.SITE_URL


def issuer_id(issuer: Issuer) -> str:
    """Return the `id` of the Profile, which is where it is served (OB2-ISS-50)."""
    return public_url("public:issuer", issuer.pk, origin=issuer.origin)


def generation_id(key: SigningKey) -> str:
    """Return the `id` of the Profile that lists this key: the issuer's own for its first (docs/adr/0012).

    `key.issuer` is read.
    """
    if key.generation == 1:
        return issuer_id(key.issuer)
    return public_url("public:issuer-generation", key.issuer_id, key.generation, origin=key.issuer.origin)


def key_id(key: SigningKey) -> str:
    """Return the `id` of the CryptographicKey, which is where it is served (OB2-ISS-135). `key.issuer` is read."""
    return public_url("public:key", key.issuer_id, key.kid, origin=key.issuer.origin)


def revocation_list_id(issuer: Issuer) -> str:
    return public_url("public:revocations", issuer.pk, origin=issuer.origin)


def profile_json(issuer: Issuer) -> str:
    """Return the Profile document (OB2-ISS-50 to 61).

    It names one key for ever, the issuer's first (OB2-ISS-61), and none when that was compromised; later keys have
    a Profile of their own. From the first day on it names the revocation list (OB2-ISS-118). Raises
    `InvalidDocument` when the row holds what the standard refuses.
    """
    first = issuer.signing_keys.filter(generation=1, compromised_at=None).first()
    return serialize(_profile(issuer, id=issuer_id(issuer), key=first).to_json())


def generation_json(key: SigningKey) -> str:
    """Return the Profile of a later generation: the same issuer, with this key alone (docs/adr/0012)."""
    listed = None if key.compromised_at else key
    return serialize(_profile(key.issuer, id=generation_id(key), key=listed).to_json())


def _profile(
    issuer: Issuer,
    *,
    id: str,  # noqa: A002 -- the word of the standard
    key: SigningKey | None,
) -> Profile:
    main = issuer_id(issuer)
    # An endorsement is of the main id: under another one, verifiers would read it as one of something else.
    endorsements = issuer.endorsements.linked().newest_first() if id == main else []
    image_url = public_url("public:issuer-image", issuer.pk, origin=issuer.origin)
    return Profile(
        id=id,
        name=issuer.name,
        url=issuer.url,
        email=issuer.email,
        description=issuer.description,
        telephone=issuer.telephone,
        image=Image(id=image_url, caption=issuer.image_alt) if issuer.image else None,
        public_key=key_id(key) if key else None,
        revocation_list=revocation_list_id(issuer),
        allowed_origins=allowed_origins(issuer),
        language=issuer.language,
        related=[_credential_profile(issuer)] if id == main else [Related(id=main)],
        endorsement=[endorsement.public_id for endorsement in endorsements],
        extensions={**issuer.extensions, **_place(issuer)},
    )


def extension_context(extension: OfferedExtension, *, origin: str) -> str:
    """Return the address of our context of an extension, where it can be fetched for ever (OB2-ISS-153)."""
    return public_url("public:extension-context", extension.name, origin=origin)


def _place(issuer: Issuer) -> dict[str, object]:
    """Return where the issuer is as an extension, if that is known."""
    if issuer.latitude is None or issuer.longitude is None:
        return {}
    context = extension_context(PLACE, origin=issuer.origin)
    latitude, longitude = float(issuer.latitude), float(issuer.longitude)
    return {PLACE.property: place(issuer.place, latitude=latitude, longitude=longitude, context=context)}


def _credential_profile(issuer: Issuer) -> Related:
    """Link the same issuer in the words of Open Badges 3.0."""
    address = public_url("public:v3-issuer", issuer.pk, origin=issuer.origin)
    return Related(id=address, type=PROFILE_3, version=VERSION_3)


def allowed_origins(issuer: Issuer) -> list[str]:
    """Return the hosts where the issuer's badges may lie; nothing while they can lie on its own host alone.

    The rule allows bare host names only (OB2-ISS-90), so a laptop's `localhost:8000` has none.
    """
    hosting = issuer.domains.hosting().values_list("name", flat=True).order_by("hosting_since")
    bases = [issuer.origin, settings.SITE_URL, *settings.FORMER_SITE_URLS, *(f"https://{name}" for name in hosting)]
    own, *others = dict.fromkeys(urlsplit(base).netloc for base in bases)
    others = [host for host in others if may_be_an_origin(host)]
    # Where validators refuse the issuer's own host as a value, the policy could only take away what holds without it.
    return [own, *others] if others and may_be_an_origin(own) else []


def may_hold(issuer: Issuer, origin: str) -> bool:
    """Whether validators believe badges of this issuer that lie under this base (OB2-ISS-83, 90)."""
    return urlsplit(origin).netloc in (allowed_origins(issuer) or [urlsplit(issuer.origin).netloc])


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A domain that may speak for an issuer and does; and where everybody can look (docs/adr/0015)."""

    domain: str
    proof: DomainProof


def confirmation_of(issuer: Issuer) -> Confirmation | None:
    """Return the proved domain that public pages name: the website's own host, or the nearest above it.

    Others prove who owns them, and nothing about the issuer: nobody is impressed with a domain bought yesterday.
    """
    proved = issuer.domains.confirming().values_list("name", flat=True)
    domain = nearest(list(proved), issuer.url)
    return Confirmation(domain, domain_proof(domain, issuer_id(issuer))) if domain else None


def key_json(key: SigningKey) -> str:
    """Return the CryptographicKey document: the public half and its owner (OB2-ISS-135)."""
    document = CryptographicKey(id=key_id(key), owner=generation_id(key), public_key_pem=key.public_key_pem)
    return serialize(document.to_json())


def withdrawn_key_json(key: SigningKey) -> str:
    """Return what is left of a compromised key: without the key itself nothing verifies. `key.issuer` is read.

    `revocationReason` is a term of awards; a reader who knows the context finds it here too.
    """
    reason = _("This key was withdrawn: others may have had it. What it signed is not to be believed.")
    return serialize(
        {
            "@context": CONTEXT_V2,
            "id": key_id(key),
            "type": ObjectType.CRYPTOGRAPHIC_KEY.value,
            "revoked": True,
            "revocationReason": reason,
        }
    )


def revocation_list_json(issuer: Issuer) -> str:
    """Return the RevocationList: for each revoked award its `urn:uuid` and its hosted URL (OB2-ISS-115).

    Signed copies whose key was compromised stand in it too. The list has no entry or at least two: the official
    validators overlook a single one (OB2-ISS-116), so a second one that was never issued goes with it.
    """
    revoked = issuer.assertions.revoked().order_by("revoked_at", "pk")
    entries = [
        RevokedEntry(id=entry_id, reason=reason)
        for pk, origin, signed_uuid, reason in revoked.values_list("pk", "origin", "signed_uuid", "revocation_reason")
        for entry_id in (f"urn:uuid:{signed_uuid}", public_url("public:assertion", pk, origin=origin))
    ]
    withdrawn = issuer.assertions.exclude(withdrawn_copies=None).order_by(
        "withdrawn_copies__withdrawn_at", "withdrawn_copies__pk"
    )
    entries += [
        RevokedEntry(id=f"urn:uuid:{signed_uuid}", reason=reason)
        for signed_uuid, reason in withdrawn.values_list("withdrawn_copies__signed_uuid", "withdrawn_copies__reason")
    ]
    if len(entries) == 1:
        entries.append(RevokedEntry(id=f"urn:uuid:{uuid5(NAMESPACE_URL, revocation_list_id(issuer))}"))
    document = RevocationList(id=revocation_list_id(issuer), issuer=issuer_id(issuer), revoked=entries)
    return serialize(document.to_json())


def private_key(key: SigningKey) -> PrivateKey:
    """Return the key to sign with, decrypted once per process. Raises `KeyUnreadable` when no secret opens it."""
    return _opened(key.encrypted_private_key, tuple(settings.KEY_ENCRYPTION_KEYS))


@lru_cache(maxsize=256)
def _opened(encrypted: str, secrets: tuple[str, ...]) -> PrivateKey:
    return load_private_key(decrypt_private_key(encrypted, secrets))
