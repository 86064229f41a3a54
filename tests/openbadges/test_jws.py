"""Signatures: RS256 and nothing else."""

import base64
from contextlib import suppress

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgeserver.openbadges import jws, keys
from badgeserver.openbadges.errors import InvalidSignature, OpenBadgesError

PAYLOAD = '{"name":"Zoë"}'.encode()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.fixture
def public_key(private_key):
    return private_key.public_key()


@pytest.fixture
def sample_key(sample):
    return keys.load_public_key(sample("keys/rsa2048-public.pem").decode())


def test_sign_carries_the_exact_bytes_and_the_smallest_header(private_key, public_key):
    signed = jws.sign(PAYLOAD, private_key)
    header, payload, _signature = signed.split(".")

    assert header == _encoded(b'{"alg":"RS256"}')
    assert payload == _encoded(PAYLOAD)
    assert jws.verify(signed, public_key) == PAYLOAD
    assert jws.peek(signed) == ({"alg": "RS256"}, PAYLOAD)


def test_the_sample_verifies_to_its_payload(sample, sample_key):
    signed = sample("ob2/assertion-signed.jws").decode().strip()

    assert jws.verify(signed, sample_key) == jws.peek(signed)[1]


@pytest.mark.parametrize("name", ["TAMPERED", "ALG-NONE", "ALG-HS256-with-public-pem"])
def test_bad_samples_do_not_verify(name, sample, sample_key):
    with pytest.raises(InvalidSignature):
        jws.verify(sample(f"ob2/assertion-signed.{name}.jws").decode().strip(), sample_key)


def test_verify_refuses_another_key(private_key, other_key):
    with pytest.raises(InvalidSignature, match="does not match"):
        jws.verify(jws.sign(PAYLOAD, private_key), other_key.public_key())


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_verify_is_pinned_to_rs256(algorithm, private_key, public_key):
    signed = jwt.PyJWS().encode(PAYLOAD, private_key, algorithm=algorithm)

    with pytest.raises(InvalidSignature, match="another method"):
        jws.verify(signed, public_key)


@pytest.mark.parametrize("header", [{"crit": ["b64"], "b64": True}, {"crit": ["exp"]}, {"b64": True}])
def test_verify_refuses_extensions(header, private_key, public_key):
    head = str({"alg": "RS256", **header}).replace("'", '"').replace("True", "true")
    signing_input = f"{_encoded(head.encode())}.{_encoded(PAYLOAD)}"
    signature = jwt.PyJWS().get_algorithm_by_name("RS256").sign(signing_input.encode(), private_key)

    with pytest.raises(InvalidSignature, match="extensions"):
        jws.verify(f"{signing_input}.{_encoded(signature)}", public_key)


def test_extra_header_members_do_not_hurt(private_key, public_key):
    signed = jwt.PyJWS().encode(PAYLOAD, private_key, algorithm="RS256", headers={"kid": "k"})

    assert jws.verify(signed, public_key) == PAYLOAD


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b",
        "a.b.c.d",
        "{}",
        "a..c",
        "eyJhbGciOiJSUzI1NiJ9.e30=.c2ln",
        "eyJhbGciOiJSUzI1NiJ9.e30.c2ln\n",
        " eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
        "eyJhbGciOiJSUzI1NiJ9.e31.c2ln",
        "eyJhbGciOiJSUzI1NiJ9.e.c2ln",
        "W10.e30.c2ln",
        "bm8.e30.c2ln",
        "eyJhbGciOiJSUzI1NiJ9.é.c2ln",
        f"{_encoded(b'{' + b' ' * 5_000 + b'}')}.e30.c2ln",
        "a." + "b" * 300_000 + ".c",
    ],
    ids=lambda text: repr(text)[:40],
)
def test_malformed_texts_are_refused_by_name(text, public_key):
    with pytest.raises(InvalidSignature):
        jws.peek(text)
    with pytest.raises(InvalidSignature):
        jws.verify(text, public_key)


def test_a_second_spelling_of_the_signature_is_refused(private_key, public_key):
    signed = jws.sign(PAYLOAD, private_key)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    respelled = signed[:-1] + alphabet[alphabet.index(signed[-1]) ^ 1]

    with pytest.raises(InvalidSignature):
        jws.verify(respelled, public_key)


@given(st.text() | st.from_regex(r"[A-Za-z0-9_-]{1,40}\.[A-Za-z0-9_-]{1,40}\.[A-Za-z0-9_-]{0,40}", fullmatch=True))
def test_nothing_else_is_ever_raised(private_key, text):
    for look in (jws.peek, lambda signed: jws.verify(signed, private_key.public_key())):
        with suppress(OpenBadgesError):
            look(text)
    assert jws.looks_like_jws(text) in {True, False}


@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_survive_signing(private_key, payload):
    assert jws.verify(jws.sign(payload, private_key), private_key.public_key()) == payload
