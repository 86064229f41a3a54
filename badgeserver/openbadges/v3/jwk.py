"""Public keys as JSON Web Keys, and the did:web documents that list them."""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from badgeserver.openbadges.errors import InvalidDocument, InvalidKey
from badgeserver.openbadges.iris import is_http_url
from badgeserver.openbadges.keys import KEY_BITS, MAX_KEY_BITS, load_public_key

VerificationKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
"""What a credential may be signed with: RSA for RS256, P-256 for ES256."""

DID_CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1")

_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_DID_WEB = re.compile(r"did:web:[A-Za-z0-9.-]+(?:%3[Aa]\d{1,5})?(?::[A-Za-z0-9._%-]+)*", re.ASCII)
_MAX_NUMBER = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedKey:
    """An issuer's RSA key as it is published."""

    id: str
    """The address that answers with it: the ``kid`` of what it signs (section 5)."""
    public_key_pem: str

    def to_jwk(self, *, issuer: str = "") -> dict[str, object]:
        """The bare JWK; with ``issuer``, as in a set of several issuers' keys. Raises InvalidKey."""
        numbers = load_public_key(self.public_key_pem).public_numbers()
        jwk: dict[str, object] = {
            "kty": "RSA",
            "n": _encoded(numbers.n),
            "e": _encoded(numbers.e),
            "alg": "RS256",
            "use": "sig",
            "kid": self.id,
        }
        return {**jwk, "iss": issuer} if issuer else jwk


def jwks(keys: Iterable[tuple[PublishedKey, str]]) -> dict[str, object]:
    """The set of keys, each with the issuer that owns it (``iss``, section 5)."""
    return {"keys": [key.to_jwk(issuer=issuer) for key, issuer in keys]}


def did_web(url: str) -> str:
    """The did:web whose document is served at ``<url>/did.json``. Raises InvalidDocument."""
    if not is_http_url(url):
        raise InvalidDocument("A did:web is made from a web address.")
    parts = urlsplit(url)
    if parts.query or parts.fragment or (parts.hostname or "").startswith("["):
        raise InvalidDocument("A did:web is made from a plain web address, without query or fragment.")
    segments = [quote(segment, safe="") for segment in parts.path.split("/") if segment]
    return ":".join(["did:web", quote(parts.netloc.lower(), safe=""), *segments])


def did_web_url(did: str) -> str:
    """The address of a did:web's document; "" for what is no did:web. A fragment is left out."""
    bare = did.partition("#")[0]
    if not _DID_WEB.fullmatch(bare):
        return ""
    host, *segments = [unquote(part) for part in bare.removeprefix("did:web:").split(":")]
    if any(segment in (".", "..") or "/" in segment for segment in segments):
        return ""
    path = "/".join(quote(segment, safe="") for segment in segments) if segments else ".well-known"
    address = f"https://{host}/{path}/did.json"
    return address if is_http_url(address) else ""


def did_document(did: str, keys: Sequence[PublishedKey], *, also_known_as: Sequence[str] = ()) -> dict[str, object]:
    """The document of an issuer's did:web: its keys, all for signing credentials (section 5).

    ``assertionMethod`` holds texts, and the ids are absolute: validators accept nothing else.
    """
    names = [f"{did}#{key.id.rstrip('/').rpartition('/')[2]}" for key in keys]
    methods = [
        {"id": name, "type": "JsonWebKey2020", "controller": did, "publicKeyJwk": key.to_jwk()}
        for name, key in zip(names, keys, strict=True)
    ]
    document: dict[str, object] = {"@context": list(DID_CONTEXTS), "id": did}
    if also_known_as:
        document["alsoKnownAs"] = list(also_known_as)
    return {**document, "verificationMethod": methods, "assertionMethod": names}


def load_jwk(jwk: object) -> VerificationKey:
    """A key that somebody published: RSA of 2048 to 8192 bits, or P-256. Raises InvalidKey.

    Private keys, keys for encryption and keys for other algorithms are refused.
    """
    if not isinstance(jwk, Mapping):
        raise InvalidKey("The public key is not a JSON object.")
    if jwk.keys() & _PRIVATE_MEMBERS:
        raise InvalidKey("What is published as a public key is a private key: nothing signed with it can be believed.")
    if jwk.get("use", "sig") != "sig":
        raise InvalidKey("The public key is not meant for signatures.")
    kind, algorithm = jwk.get("kty"), jwk.get("alg")
    if kind == "RSA" and algorithm in (None, "RS256"):
        return _rsa_key(jwk)
    if kind == "EC" and jwk.get("crv") == "P-256" and algorithm in (None, "ES256"):
        return _curve_key(jwk)
    raise InvalidKey("The public key is neither an RSA key for RS256 nor a P-256 key for ES256.")


def same_key(one: VerificationKey, other: VerificationKey) -> bool:
    """Whether two published keys are the same key."""
    return one.public_numbers() == other.public_numbers()


def _rsa_key(jwk: Mapping[str, object]) -> rsa.RSAPublicKey:
    modulus, exponent = _decoded(jwk.get("n")), _decoded(jwk.get("e"))
    if not KEY_BITS <= modulus.bit_length() <= MAX_KEY_BITS:
        raise InvalidKey(f"The public key has {modulus.bit_length()} bits; 2048 to 8192 are accepted.")
    if not 3 <= exponent < 2**32:
        raise InvalidKey("The public key has an exponent that no key has.")
    try:
        return rsa.RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError as error:
        raise InvalidKey("The public key cannot be used: its numbers do not make a key.") from error


def _curve_key(jwk: Mapping[str, object]) -> ec.EllipticCurvePublicKey:
    numbers = ec.EllipticCurvePublicNumbers(_decoded(jwk.get("x")), _decoded(jwk.get("y")), ec.SECP256R1())
    try:
        return numbers.public_key()
    except ValueError as error:
        raise InvalidKey("The public key cannot be used: it is no point on its curve.") from error


def _encoded(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decoded(text: object) -> int:
    if not isinstance(text, str) or len(text) > _MAX_NUMBER or not _BASE64URL.fullmatch(text):
        raise InvalidKey("The public key cannot be read: a number of it is missing.")
    try:
        return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")
    except binascii.Error as error:
        raise InvalidKey("The public key cannot be read: a number of it is damaged.") from error
