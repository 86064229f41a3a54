"""RSA keys of issuers: make, store encrypted, load and name them."""

import base64
import hashlib
import json
from collections.abc import Sequence

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from badgeserver.openbadges.errors import InvalidKey, KeyUnreadable, WeakKey

# Their repr is a class name and a memory address, nothing of the key.
PrivateKey = rsa.RSAPrivateKey
PublicKey = rsa.RSAPublicKey

KEY_BITS = 2048
"""What OB2-ISS-130 asks for; 3072 bits sign three times slower and no badge asks for them."""

MAX_KEY_BITS = 8192
"""Larger keys are made to keep verifiers busy."""

MAX_PEM_BYTES = 16_000


def generate_private_key() -> PrivateKey:
    """A new RSA key of 2048 bits."""
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def private_key_to_pem(private_key: PrivateKey) -> bytes:
    """PKCS#8 in PEM, unencrypted: only ever handed on to ``encrypt_private_key``."""
    return private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def load_private_key(pem: bytes) -> PrivateKey:
    """The key in a PEM text of ours. Raises InvalidKey, without quoting the text.

    OpenSSL's full check of an RSA key tests primes again and takes longer than signing. It is skipped: these
    keys were generated here and come out of authenticated encryption, so a key that was changed never gets
    this far.
    """
    try:
        key = serialization.load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # `from None`: the library's message may quote what it read.
        raise InvalidKey("The private key cannot be read.") from None
    if not isinstance(key, PrivateKey):
        raise InvalidKey("The private key is not an RSA key.")
    return key


def public_key_pem(key: PrivateKey | PublicKey) -> str:
    """What a CryptographicKey publishes: SubjectPublicKeyInfo in PEM with its line breaks."""
    public = key.public_key() if isinstance(key, PrivateKey) else key
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode(
        "ascii"
    )


def load_public_key(pem: str) -> PublicKey:
    """A key that somebody published, for RS256: RSA of 2048 bits or more (OB2-ISS-130). Raises InvalidKey."""
    if len(pem) > MAX_PEM_BYTES:
        raise InvalidKey("The public key is larger than any RSA key.")
    try:
        key = serialization.load_pem_public_key(pem.encode("utf-8", "replace"))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise InvalidKey("The public key cannot be read.") from error
    if not isinstance(key, PublicKey):
        raise InvalidKey("The public key is not an RSA key.")
    if key.key_size < KEY_BITS:
        raise WeakKey(f"The public key has {key.key_size} bits; at least {KEY_BITS} are needed.")
    if key.key_size > MAX_KEY_BITS:
        raise InvalidKey(f"The public key has {key.key_size} bits; 2048 to 8192 are accepted.")
    return key


def key_id(public_pem: str) -> str:
    """A short name of a key, fit for an address: the first 16 hex digits of its RFC 7638 thumbprint."""
    numbers = load_public_key(public_pem).public_numbers()
    # Members in lexicographic order and no blanks: RFC 7638 section 3.
    jwk = {"e": _base64url_number(numbers.e), "kty": "RSA", "n": _base64url_number(numbers.n)}
    canonical = json.dumps(jwk, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()[:16]


def encrypt_private_key(pem: bytes, secrets: Sequence[str]) -> str:
    """The text to store. The first secret encrypts; all of them are tried when it is read again."""
    return _box(secrets).encrypt(pem).decode("ascii")


def decrypt_private_key(text: str, secrets: Sequence[str]) -> bytes:
    """The PEM of a stored key, by any of the secrets. Raises KeyUnreadable, which never quotes a secret."""
    try:
        return _box(secrets).decrypt(text.encode("utf-8", "replace"))
    except InvalidToken:
        raise KeyUnreadable(
            "An issuer's signing key cannot be read: KEY_ENCRYPTION_KEY is not the one it was stored with. "
            "Put the earlier value back, behind the new one."
        ) from None


def _box(secrets: Sequence[str]) -> MultiFernet:
    usable = [secret for secret in secrets if secret]
    if not usable:
        raise KeyUnreadable("KEY_ENCRYPTION_KEY is empty, so issuers' signing keys can be neither stored nor read.")
    return MultiFernet([Fernet(_fernet_key(secret)) for secret in usable])


def _fernet_key(secret: str) -> bytes:
    """Any long random text may be the setting; Fernet itself wants 32 bytes in base64."""
    derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"badgeserver issuer signing keys")
    return base64.urlsafe_b64encode(derivation.derive(secret.encode("utf-8", "surrogatepass")))


def _base64url_number(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
