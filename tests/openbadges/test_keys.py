"""Keys: made, stored, loaded, named."""

from contextlib import suppress

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from badgeserver.openbadges import keys
from badgeserver.openbadges.errors import InvalidKey, KeyUnreadable, OpenBadgesError


def _spki(key):
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def test_generate_private_key_has_2048_bits_and_a_silent_repr(private_key):
    numbers = private_key.private_numbers()

    assert private_key.key_size == 2048
    assert numbers.public_numbers.e == 65537
    assert str(numbers.d) not in repr(private_key)


def test_private_key_survives_being_stored(private_key):
    text = keys.encrypt_private_key(keys.private_key_to_pem(private_key), ["secret"])
    loaded = keys.load_private_key(keys.decrypt_private_key(text, ["secret"]))

    assert loaded.private_numbers() == private_key.private_numbers()
    assert "PRIVATE" not in text


def test_first_secret_encrypts_and_all_decrypt():
    written_before = keys.encrypt_private_key(b"pem", ["old"])
    written_now = keys.encrypt_private_key(b"pem", ["new", "old"])

    assert keys.decrypt_private_key(written_before, ["new", "old"]) == b"pem"
    assert keys.decrypt_private_key(written_now, ["new"]) == b"pem"
    with pytest.raises(KeyUnreadable):
        keys.decrypt_private_key(written_now, ["old"])


@pytest.mark.parametrize("text", ["", "gAAAA", "no base64 \ud800", "é" * 200])
def test_decrypt_names_the_setting_and_no_secret(text):
    with pytest.raises(KeyUnreadable) as refused:
        keys.decrypt_private_key(text, ["hush-hush"])

    assert "KEY_ENCRYPTION_KEY" in str(refused.value)
    assert "hush" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("secrets", [[], [""]])
def test_no_secret_at_all_is_refused(secrets):
    with pytest.raises(KeyUnreadable, match="KEY_ENCRYPTION_KEY is empty"):
        keys.encrypt_private_key(b"pem", secrets)


def test_public_key_pem_is_the_same_from_either_half(private_key):
    pem = keys.public_key_pem(private_key)

    assert pem == keys.public_key_pem(keys.load_public_key(pem))
    assert pem.startswith("-----BEGIN PUBLIC KEY-----\n")
    assert "PRIVATE" not in pem


def test_load_public_key_reads_pkcs1_too(private_key):
    pem = private_key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.PKCS1).decode()

    assert keys.public_key_pem(keys.load_public_key(pem)) == keys.public_key_pem(private_key)


def test_load_public_key_refuses_short_keys():
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 -- too short on purpose

    with pytest.raises(InvalidKey, match="1024 bits"):
        keys.load_public_key(_spki(weak))


def test_load_public_key_refuses_keys_that_keep_verifiers_busy():
    vast = rsa.RSAPublicNumbers(65537, (1 << 9_000) + 1).public_key()
    pem = vast.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()

    with pytest.raises(InvalidKey, match="9001 bits"):
        keys.load_public_key(pem)


def test_keys_of_other_kinds_are_refused():
    curve = ec.generate_private_key(ec.SECP256R1())
    pem = curve.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

    with pytest.raises(InvalidKey, match="not an RSA key"):
        keys.load_public_key(_spki(curve))
    with pytest.raises(InvalidKey, match="not an RSA key"):
        keys.load_private_key(pem)


def test_load_private_key_does_not_quote_what_it_read():
    with pytest.raises(InvalidKey) as refused:
        keys.load_private_key(b"-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n")

    assert str(refused.value) == "The private key cannot be read."
    assert refused.value.__cause__ is None


def test_load_public_key_refuses_a_private_key(private_key):
    with pytest.raises(InvalidKey):
        keys.load_public_key(keys.private_key_to_pem(private_key).decode())


@given(st.text() | st.text().map(lambda text: f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----"))
def test_load_public_key_never_raises_anything_else(pem):
    with suppress(OpenBadgesError):
        keys.load_public_key(pem)


def test_load_public_key_refuses_huge_texts():
    with pytest.raises(InvalidKey, match="larger"):
        keys.load_public_key("x" * 20_000)


def test_key_id_is_the_thumbprint_of_the_sample_key(sample):
    # Recomputed with openssl and sha256sum over {"e":"AQAB","kty":"RSA","n":...} (RFC 7638).
    assert keys.key_id(sample("keys/rsa2048-public.pem").decode()) == "d16cf0e68cf16ff4"


def test_key_id_differs_by_key(private_key, other_key):
    ids = {keys.key_id(keys.public_key_pem(key)) for key in (private_key, other_key)}

    assert len(ids) == 2
    assert all(len(key_id) == 16 and int(key_id, 16) >= 0 for key_id in ids)
