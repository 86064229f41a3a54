"""Recipients: hashing, normalising, matching."""

import json
from pathlib import Path

import pytest

from badgeserver.openbadges import identity
from badgeserver.openbadges.vocabulary import RecipientType

VECTORS = json.loads((Path(__file__).parent.parent / "samples/identity-hash-vectors.json").read_text())["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["identity"] for vector in VECTORS])
def test_hash_identity_gives_the_published_vectors(vector):
    assert identity.hash_identity(vector["identity"], vector["salt"]) == vector["sha256"]


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
@pytest.mark.parametrize("vector", VECTORS, ids=[vector["identity"] for vector in VECTORS])
def test_matches_knows_both_algorithms_and_either_case_of_hex(vector, algorithm):
    name, digest = vector[algorithm].split("$")
    recipient = {"identity": vector[algorithm], "hashed": True, "salt": vector["salt"], "type": "email"}

    assert identity.matches(recipient, vector["identity"]) is True
    assert identity.matches({**recipient, "identity": f"{name}${digest.upper()}"}, vector["identity"]) is True
    assert identity.matches(recipient, vector["identity"] + "x") is False


def test_matches_takes_a_missing_salt_for_none():
    assert identity.matches({"identity": VECTORS[1]["sha256"], "hashed": True}, "mayze") is True


def test_issued_to_mixed_case_is_proven_in_lower_case():
    recipient = identity.hashed_email(" Ada@Example.ORG ", "salt").to_json()

    assert identity.matches(recipient, "ada@example.org") is True
    assert identity.matches(recipient, " ADA@example.org") is True
    assert recipient["identity"] == identity.hash_identity("ada@example.org", "salt")


def test_matches_tries_the_exact_spelling_first():
    recipient = {"identity": identity.hash_identity("Ada@Example.org", "s"), "hashed": True, "salt": "s"}

    assert identity.matches(recipient, "Ada@Example.org") is True
    assert identity.matches(recipient, "ada@example.org") is False


def test_matches_compares_plain_identities():
    recipient = {"identity": "Ada@example.org", "hashed": False, "type": "email"}

    assert identity.matches(recipient, "ada@EXAMPLE.org") is True
    assert identity.matches(recipient, "eve@example.org") is False


@pytest.mark.parametrize(
    "recipient",
    [
        {},
        {"identity": 3, "hashed": True},
        {"identity": "sha256$00", "hashed": True},
        {"identity": VECTORS[0]["sha256"], "hashed": "true", "salt": "deadsea"},
        {"identity": VECTORS[0]["sha256"], "hashed": True, "salt": ["deadsea"]},
        {"identity": "sha512$" + "0" * 128, "hashed": True},
        {"identity": VECTORS[0]["sha256"], "hashed": False, "salt": "deadsea"},
    ],
)
def test_matches_answers_no_to_malformed_recipients(recipient):
    assert identity.matches(recipient, "nobody@example.org") is False


def test_normalize_email_composes_trims_and_lowers_but_keeps_tags_and_dots():
    assert identity.normalize_email("  Ju\u0308rgen.X+Tag@Example.DE\n") == "j\u00fcrgen.x+tag@example.de"


def test_new_salt_is_sixteen_fresh_random_bytes():
    salts = {identity.new_salt() for _ in range(50)}

    assert len(salts) == 50
    assert {len(bytes.fromhex(salt)) for salt in salts} == {16}


def test_hashed_email_publishes_no_address():
    recipient = identity.hashed_email("ada@example.org", "salt")

    assert (recipient.type, recipient.hashed, recipient.salt) == (RecipientType.EMAIL, True, "salt")
    assert "ada" not in repr(recipient)
