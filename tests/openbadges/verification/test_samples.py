"""Every file of tests/samples, brought by somebody, gets the verdict that it deserves."""

import json

import pytest

from badgeserver.openbadges.errors import FetchFailed
from badgeserver.openbadges.verification import CheckCode, Fetched, Outcome, verify
from tests.openbadges.verification.world import NOW, SAMPLES

HOST = "https://badges.example.org"
PICTURES = {
    f"{HOST}/public/badges/1/image.png": "ob2/baked/unbaked.png",
    f"{HOST}/public/assertions/1/image.png": "ob2/baked/hosted.png",
}
CREDENTIALS = {
    f"{HOST}/ob3/issuers/1/keys/1": "ob3/jwk.json",
    f"{HOST}/ob3/issuers/1/jwks.json": "ob3/jwks.json",
    f"{HOST}/ob3/issuers/1/revocations": "ob3/revocations.empty.json",
}

#: What each file is worth.
VERDICTS = {
    "ob2/assertion-hosted.json": "VALID",
    "ob2/assertion-signed.jws": "VALID",
    "ob2/assertion-signed.payload.json": "UNKNOWN",
    "ob2/assertion-signed.TAMPERED.jws": "INVALID",
    "ob2/assertion-signed.ALG-NONE.jws": "INVALID",
    "ob2/assertion-signed.ALG-HS256-with-public-pem.jws": "INVALID",
    "ob2/assertion-revoked-410.json": "REVOKED",
    "ob2/badgeclass.json": "INVALID",
    "ob2/endorsement.json": "INVALID",
    "ob2/issuer.json": "INVALID",
    "ob2/key.json": "INVALID",
    "ob2/revocation-list.json": "INVALID",
    "ob2/baked/hosted.png": "VALID",
    "ob2/baked/hosted.svg": "VALID",
    "ob2/baked/signed.png": "VALID",
    "ob2/baked/signed.svg": "VALID",
    "ob2/baked/legacy-tEXt-url.png": "VALID",
    "ob2/baked/EDGE-chunk-before-IEND.png": "VALID",
    "ob2/baked/EDGE-hosted-cdata-end.svg": "VALID",
    "ob2/baked/EDGE-language-tag.png": "VALID",
    "ob2/baked/EDGE-other-iTXt-first.png": "VALID",
    "ob2/baked/EDGE-other-prefix.svg": "VALID",
    "ob2/baked/BAD-compressed.png": "VALID",
    "ob2/baked/BAD-two-chunks.png": "VALID",
    "ob2/baked/BAD-two-tags.svg": "VALID",
    "ob2/baked/BAD-crc.png": "INVALID",
    "ob2/baked/HOSTILE-entity-expansion.svg": "INVALID",
    "ob2/baked/HOSTILE-script.svg": "INVALID",
    "ob2/baked/unbaked.png": "INVALID",
    "ob2/baked/unbaked.svg": "INVALID",
    "ob3/credential.kid.jws": "VALID",
    "ob3/credential.jwk.jws": "VALID",
    "ob3/credential.jwt-payload.json": "UNKNOWN",
    "ob3/credential.unsigned.json": "UNKNOWN",
    "ob3/bitstring-status-entry.json": "INVALID",
    "ob3/bitstring-status-list.unsigned.json": "INVALID",
    "ob3/did.json": "UNKNOWN",
    "ob3/jwk.json": "INVALID",
    "ob3/jwks.json": "INVALID",
    "ob3/revocations.empty.json": "INVALID",
    "ob3/revocations.revoked.json": "INVALID",
    "ob3/baked/jwt.png": "VALID",
    "ob3/baked/jwt.svg": "VALID",
    "ob3/baked/dual-ob2-ob3.png": "VALID",
    "ob3/baked/dual-ob2-ob3.svg": "VALID",
    "pictures/BAD-crc.png": "INVALID",
    "pictures/BAD-two-chunks.png": "VALID",
    "pictures/BAD-two-tags.svg": "VALID",
    "pictures/EDGE-other-prefix.svg": "VALID",
    "pictures/HOSTILE-entity-expansion.svg": "INVALID",
    "pictures/HOSTILE-script.svg": "INVALID",
    "pictures/figma.svg": "INVALID",
    "pictures/hosted.png": "VALID",
    "pictures/hosted.svg": "VALID",
    "pictures/illustrator.svg": "INVALID",
    "pictures/inkscape.svg": "INVALID",
    "pictures/unbaked.png": "INVALID",
    "pictures/unbaked.svg": "INVALID",
    "pictures/README.md": "INVALID",
    "schema/ob2-assertion-revoked.schema.json": "INVALID",
    "schema/ob2-assertion.schema.json": "INVALID",
    "schema/ob2-badgeclass.schema.json": "INVALID",
    "schema/ob2-cryptographickey.schema.json": "INVALID",
    "schema/ob2-endorsement.schema.json": "INVALID",
    "schema/ob2-issuer.schema.json": "INVALID",
    "schema/ob2-revocationlist.schema.json": "INVALID",
    "keys/rsa2048-public.pem": "INVALID",
    "identity-hash-vectors.json": "INVALID",
    "README.md": "INVALID",
}


def sample_fetch(changed=None):
    """Everything of tests/samples at its own address."""
    bodies = {address: (SAMPLES / name).read_bytes() for address, name in {**PICTURES, **CREDENTIALS}.items()}
    for path in (SAMPLES / "ob2").glob("*.json"):
        if path.name != "assertion-signed.payload.json":
            bodies[json.loads(path.read_text())["id"]] = path.read_bytes()
    bodies.update(changed or {})

    def fetch(url):
        if url not in bodies:
            raise FetchFailed("unknown")
        status = 410 if url.endswith("/assertions/2") else 200
        return Fetched(url=url, status=status, content_type="application/ld+json", body=bodies[url])

    return fetch


def test_every_sample_has_a_verdict():
    """All but our own designs and the skills of frameworks, which no verifier is given."""
    files = [path.relative_to(SAMPLES) for path in SAMPLES.rglob("*") if path.is_file()]
    assert sorted(VERDICTS) == sorted(str(one) for one in files if one.parts[0] not in {"designs", "frameworks"})


@pytest.mark.parametrize(("name", "verdict"), VERDICTS.items())
def test_samples_get_their_verdict(name, verdict, sample):
    recipient = "nobody@example.org" if verdict == "VALID" else None
    report = verify(sample(name), fetch=sample_fetch(), now=NOW, recipient=recipient)

    assert report.verdict.value == verdict, report.checks
    assert all(check.sentence.endswith(".") for check in report.checks)


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("ob2/baked/hosted.png", "2.0"),
        ("ob3/baked/jwt.png", "3.0"),
        # A picture that carries both is judged by its 2.0 part.
        ("ob3/baked/dual-ob2-ob3.png", "2.0"),
        ("ob3/credential.unsigned.json", "3.0"),
        ("README.md", ""),
    ],
)
def test_samples_say_their_version(name, version, sample):
    assert verify(sample(name), fetch=sample_fetch(), now=NOW).version == version


def test_the_address_of_a_credential_is_understood(sample):
    address = "https://badges.example.org/public/assertions/1.vc.jwt"
    for name, verdict in (("ob3/credential.kid.jws", "VALID"), ("ob3/credential.unsigned.json", "UNKNOWN")):
        report = verify(address, fetch=sample_fetch({address: sample(name)}), now=NOW)

        assert (report.version, report.verdict.value) == ("3.0", verdict)


def test_a_credential_on_its_revocation_list_is_revoked(sample):
    fetch = sample_fetch({f"{HOST}/ob3/issuers/1/revocations": sample("ob3/revocations.revoked.json")})

    assert verify(sample("ob3/credential.kid.jws"), fetch=fetch, now=NOW).verdict.value == "REVOKED"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ALG-NONE", "This badge says itself that nobody signed it, so anybody could have written it."),
        ("ALG-HS256-with-public-pem", "is not signed with the issuer’s key but sealed with a shared password"),
        ("TAMPERED", "The signature does not match: the badge was changed, or another key signed it."),
    ],
)
def test_forged_signatures_are_named_for_what_they_are(name, words, sample):
    check = verify(sample(f"ob2/assertion-signed.{name}.jws"), fetch=sample_fetch(), now=NOW).check(CheckCode.SIGNATURE)

    assert check.outcome is Outcome.FAILED
    assert words in check.sentence
