import json
from pathlib import Path
from uuid import UUID

import jsonschema
import pytest

from badgeserver.openbadges.errors import KeyUnreadable
from issuers import documents
from issuers.actions.signing_keys import create_signing_key
from tests.factories.assertions import AssertionFactory
from tests.factories.badges import BadgeClassFactory

SITE = "http://badges.example.org"
SCHEMAS = Path(__file__).parent.parent / "samples" / "schema"


def conform(text: str, schema: str) -> dict[str, object]:
    """Read a document that the schema of the standard accepts."""
    document = json.loads(text)
    jsonschema.validate(document, json.loads((SCHEMAS / f"ob2-{schema}.schema.json").read_text()))
    return document


@pytest.fixture
def full(academy):
    academy.description = "Teaches. </script>"
    academy.telephone = "+442079460018"
    academy.language = "en-GB"
    academy.image.name = "issuers/logo.png"
    academy.image_alt = "A wave"
    academy.save()
    return academy


def test_profile_json_says_everything_in_the_order_of_the_standard(full):
    kid = full.signing_keys.get().kid

    document = conform(documents.profile_json(full), "issuer")

    assert list(document.items()) == [
        ("@context", "https://w3id.org/openbadges/v2"),
        ("id", f"{SITE}/public/issuers/{full.pk}"),
        ("type", "Issuer"),
        ("name", "Acme Academy"),
        ("url", "https://academy.example.org"),
        ("email", "badges@academy.example.org"),
        ("telephone", "+442079460018"),
        ("description", "Teaches. </script>"),
        ("image", {"id": f"{SITE}/public/issuers/{full.pk}/image", "caption": "A wave"}),
        ("publicKey", f"{SITE}/public/issuers/{full.pk}/keys/{kid}"),
        ("revocationList", f"{SITE}/public/issuers/{full.pk}/revocations"),
        ("@language", "en-GB"),
    ]


def test_profile_json_leaves_out_what_is_not_known(academy):
    document = conform(documents.profile_json(academy), "issuer")

    assert sorted(document) == sorted(
        ["@context", "id", "type", "name", "url", "email", "publicKey", "revocationList", "@language"]
    )


def test_profile_json_lists_the_active_key_alone(academy, now):
    """OB2-ISS-61: the official validators refuse two."""
    academy.signing_keys.update(retired_at=now)
    fresh = create_signing_key(issuer=academy, by=None, at=now)

    assert json.loads(documents.profile_json(academy))["publicKey"].endswith(f"/keys/{fresh.kid}")


def test_key_json_is_the_public_half(academy):
    key = academy.signing_keys.get()

    document = conform(documents.key_json(key), "cryptographickey")

    assert document == {
        "@context": "https://w3id.org/openbadges/v2",
        "id": f"{SITE}/public/issuers/{academy.pk}/keys/{key.kid}",
        "type": "CryptographicKey",
        "owner": f"{SITE}/public/issuers/{academy.pk}",
        "publicKeyPem": key.public_key_pem,
    }
    assert "PRIVATE" not in documents.key_json(key)


def test_revocation_list_json_is_empty_at_first(academy):
    document = conform(documents.revocation_list_json(academy), "revocationlist")

    assert document["revokedAssertions"] == []


def test_revocation_list_json_never_has_exactly_one_entry(academy):
    """OB2-ISS-116: each award stands there by both of its ids, so the smallest list has two."""
    badge = BadgeClassFactory.create(issuer=academy)
    uuid = UUID("9b1f9c58-7a0e-4f0e-9c9e-0d6f9a3c2b11")
    revoked = AssertionFactory.create(badge_class=badge, signed_uuid=uuid, revoked=True)
    AssertionFactory.create(badge_class=badge)
    AssertionFactory.create(revoked=True)  # of another issuer

    document = conform(documents.revocation_list_json(academy), "revocationlist")

    assert document["id"] == f"{SITE}/public/issuers/{academy.pk}/revocations"
    assert document["issuer"] == f"{SITE}/public/issuers/{academy.pk}"
    assert document["revokedAssertions"] == [
        {"id": f"urn:uuid:{uuid}", "revocationReason": "Awarded by mistake"},
        {"id": f"{SITE}/public/assertions/{revoked.pk}", "revocationReason": "Awarded by mistake"},
    ]


def test_private_key_is_decrypted_once_per_process(academy):
    key = academy.signing_keys.get()

    assert documents.private_key(key) is documents.private_key(academy.signing_keys.get())


def test_private_key_under_another_secret_says_which_setting(academy, settings):
    settings.KEY_ENCRYPTION_KEYS = ["another secret"]

    with pytest.raises(KeyUnreadable, match="KEY_ENCRYPTION_KEY"):
        documents.private_key(academy.signing_keys.get())
