"""Credentials as JWT: what is signed, what is read, what is refused."""

import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from badgeserver.openbadges import InvalidDocument, InvalidSignature, public_key_pem
from badgeserver.openbadges.v3 import read_credential, sign_credential, verify_signature
from badgeserver.openbadges.v3.proof import claim_problems, claims_of

KID = "https://badges.example.org/ob3/issuers/1/keys/1"


@pytest.fixture
def unsigned(sample):
    return json.loads(sample("ob3/credential.unsigned.json"))


def token(payload, key, *, algorithm="RS256", headers=None):
    return jwt.encode(payload, key, algorithm=algorithm, headers=headers)


def test_payload_and_header_are_the_samples(sample, unsigned, private_key):
    signed = sign_credential(unsigned, private_key, kid=KID)

    assert jwt.get_unverified_header(signed) == {"alg": "RS256", "kid": KID, "typ": "JWT"}
    payload = jwt.decode(signed, private_key.public_key(), algorithms=["RS256"])
    assert payload == json.loads(sample("ob3/credential.jwt-payload.json"))
    assert isinstance(payload["nbf"], int)


def test_signing_the_same_again_gives_the_same(unsigned, private_key):
    assert sign_credential(unsigned, private_key, kid=KID) == sign_credential(unsigned, private_key, kid=KID)


def test_a_credential_without_end_has_no_exp(unsigned):
    del unsigned["validUntil"]

    assert claims_of(unsigned) == {
        "iss": "https://badges.example.org/ob3/issuers/1",
        "jti": "urn:uuid:5c1b2f0e-6c0b-4a0e-9a1e-1d8a0b7c9e11",
        "sub": "urn:uuid:0d6f0f5e-0f6d-4c5d-8f31-6b1a2d3c4e5f",
        "nbf": 1714564800,
    }


@pytest.mark.parametrize("missing", ["id", "issuer", "credentialSubject", "validFrom"])
def test_a_credential_that_lacks_what_the_claims_say_is_not_signed(unsigned, private_key, missing):
    del unsigned[missing]

    with pytest.raises(InvalidDocument):
        sign_credential(unsigned, private_key, kid=KID)


def test_what_was_signed_is_read_back(unsigned, private_key):
    read = read_credential(sign_credential(unsigned, private_key, kid=KID))

    verify_signature(read, private_key.public_key())
    assert (read.document, read.kid, read.wrapped, claim_problems(read)) == (unsigned, KID, False, [])


def test_the_samples_are_read(sample, unsigned):
    for name in ("kid", "jwk"):
        read = read_credential(sample(f"ob3/credential.{name}.jws").decode().strip())
        assert (read.document, claim_problems(read)) == (unsigned, [])


def test_an_older_wrapped_credential_is_read(unsigned, private_key):
    claims = claims_of(unsigned)
    for name in ("id", "issuer"):
        del unsigned[name]
    read = read_credential(token({**claims, "vc": unsigned}, private_key))

    assert (read.document, read.wrapped, read.kid, claim_problems(read)) == (unsigned, True, "", [])


def test_a_key_on_the_curve_may_sign(unsigned):
    key = ec.generate_private_key(ec.SECP256R1())
    read = read_credential(token({**unsigned, **claims_of(unsigned)}, key, algorithm="ES256"))

    verify_signature(read, key.public_key())


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS384", "PS256", "ES256"])
def test_another_method_than_the_keys_own_is_refused(unsigned, private_key, algorithm):
    keys = {
        "none": None,
        "HS256": public_key_pem(private_key).encode()[27:-26],
        "ES256": ec.generate_private_key(ec.SECP256R1()),
    }
    read = read_credential(token(unsigned, keys.get(algorithm, private_key), algorithm=algorithm))

    with pytest.raises(InvalidSignature):
        verify_signature(read, private_key.public_key())


def test_another_key_is_refused(unsigned, private_key, other_key):
    read = read_credential(sign_credential(unsigned, other_key, kid=KID))

    with pytest.raises(InvalidSignature, match="does not match"):
        verify_signature(read, private_key.public_key())


def test_critical_extensions_are_refused(unsigned, private_key):
    read = read_credential(token(unsigned, private_key, headers={"crit": ["b64"], "b64": True}))

    with pytest.raises(InvalidSignature, match="extensions"):
        verify_signature(read, private_key.public_key())


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "https://evil.example"),
        ("jti", "urn:uuid:00000000-0000-4000-8000-000000000000"),
        ("sub", "mailto:somebody@example.org"),
        ("nbf", 1),
        ("nbf", True),
        ("nbf", "1714564800"),
        ("exp", 1),
        ("iss", ...),
        ("jti", ...),
        ("sub", ...),
        ("nbf", ...),
    ],
)
def test_claims_mirror_the_credential(unsigned, private_key, claim, value):
    payload = {**unsigned, **claims_of(unsigned), claim: value}
    if value is ...:
        del payload[claim]
    read = read_credential(token(payload, private_key))

    problems = claim_problems(read)

    assert len(problems) == 1
    assert f"“{claim}”" in problems[0]


def test_a_credential_without_end_must_not_end_by_its_claims(unsigned, private_key):
    del unsigned["validUntil"]
    read = read_credential(token({**unsigned, **claims_of(unsigned), "exp": 3786912000}, private_key))

    assert len(claim_problems(read)) == 1


def test_a_subject_without_id_needs_no_claim(unsigned, private_key):
    claims = claims_of(unsigned)
    del claims["sub"]
    del unsigned["credentialSubject"]["id"]

    assert claim_problems(read_credential(token({**unsigned, **claims}, private_key))) == []


@pytest.mark.parametrize("text", ["", "a.b.c", "words", "e30.W10.x", "e30.e.x"])
def test_what_is_no_token_is_refused(text):
    with pytest.raises(InvalidSignature):
        read_credential(text)


@given(st.text(max_size=200))
def test_nothing_else_is_ever_raised(text):
    try:
        read_credential(text)
    except InvalidSignature:
        return
    raise AssertionError(text)
