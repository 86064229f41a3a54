"""Keys as JSON Web Keys, and where did:web documents lie."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from badgeserver.openbadges import InvalidDocument, InvalidKey, load_public_key, public_key_pem
from badgeserver.openbadges.v3 import PublishedKey, did_document, did_web, did_web_url, jwks, load_jwk
from badgeserver.openbadges.v3.jwk import same_key

ISSUER = "https://badges.example.org/ob3/issuers/1"
KID = f"{ISSUER}/keys/1"


@pytest.fixture
def published(sample):
    return PublishedKey(id=KID, public_key_pem=sample("keys/rsa2048-public.pem").decode())


def curve_jwk(**changes: object) -> dict[str, object]:
    numbers = ec.derive_private_key(7, ec.SECP256R1()).public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": url64(numbers.x), "y": url64(numbers.y), **changes}


def url64(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


def test_documents_are_the_samples(published, sample):
    did = json.loads(sample("ob3/did.json"))
    method = did["verificationMethod"][0]
    name = f"{did['id']}#1"
    method["id"], did["assertionMethod"] = name, [name]
    method["publicKeyJwk"] |= {"use": "sig", "kid": KID}

    assert published.to_jwk() == json.loads(sample("ob3/jwk.json"))
    assert jwks([(published, ISSUER)]) == json.loads(sample("ob3/jwks.json"))
    assert did_document(did["id"], [published], also_known_as=did["alsoKnownAs"]) == did


def test_a_did_document_without_other_names_does_not_list_any(published):
    assert "alsoKnownAs" not in did_document("did:web:example.org", [published])


def test_a_key_comes_back_as_it_was(published):
    key = load_jwk(published.to_jwk())

    assert same_key(key, load_public_key(published.public_key_pem))


def test_a_key_on_the_curve_is_understood():
    key = load_jwk(curve_jwk(alg="ES256"))

    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert not same_key(key, rsa.generate_private_key(65537, 2048).public_key())


@pytest.mark.parametrize(
    "changes",
    [
        {"d": "AQAB"},
        {"k": "AQAB"},
        {"use": "enc"},
        {"kty": "oct"},
        {"kty": "OKP", "crv": "Ed25519"},
        {"alg": "HS256"},
        {"n": "AQAB"},
        {"n": "A" * 2001},
        {"n": 3},
        {"n": "!"},
        {"n": "QQQQQ"},
        {"e": "AQ"},
        {"e": "AQAAAAAAAA"},
        {"e": "BA"},
    ],
)
def test_keys_that_prove_nothing_are_refused(published, changes):
    with pytest.raises(InvalidKey):
        load_jwk({**published.to_jwk(), **changes})


@pytest.mark.parametrize(
    "jwk", [None, "key", [], {}, curve_jwk(crv="P-384"), curve_jwk(x="AQAB"), curve_jwk(alg="RS256")]
)
def test_what_is_no_key_is_refused(jwk):
    with pytest.raises(InvalidKey):
        load_jwk(jwk)


def test_a_key_that_is_too_short_is_not_published():
    short = rsa.generate_private_key(65537, 1024)  # noqa: S505 -- that is the point
    with pytest.raises(InvalidKey):
        PublishedKey(id=KID, public_key_pem=public_key_pem(short)).to_jwk()


@pytest.mark.parametrize(
    ("url", "did", "document"),
    [
        ("https://example.org", "did:web:example.org", "https://example.org/.well-known/did.json"),
        (ISSUER, "did:web:badges.example.org:ob3:issuers:1", f"{ISSUER}/did.json"),
        ("https://Example.org:8443/a b", None, None),
        (
            "https://Example.org:8443/%C3%BC/",
            "did:web:example.org%3A8443:%25C3%25BC",
            "https://example.org:8443/%25C3%25BC/did.json",
        ),
        ("https://example.org/?q=1", None, None),
        ("https://example.org/#1", None, None),
        ("example.org", None, None),
    ],
)
def test_a_did_leads_back_to_its_address(url, did, document):
    if did is None:
        with pytest.raises(InvalidDocument):
            did_web(url)
    else:
        assert (did_web(url), did_web_url(f"{did}#key-1")) == (did, document)


@pytest.mark.parametrize(
    "did",
    [
        "",
        "did:key:z6Mk",
        "did:web:",
        "did:web:example.org/x",
        "did:web:example.org:..:x",
        "did:web:a:b%2Fc",
        "did:web:.:x%20",
    ],
)
def test_what_is_no_did_web_has_no_address(did):
    assert did_web_url(did).startswith("https://.") or did_web_url(did) == ""
