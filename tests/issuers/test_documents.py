import json
from pathlib import Path
from uuid import UUID

import jsonschema
import pytest

from assertions.models import WithdrawnCopy
from badgeserver.openbadges.errors import KeyUnreadable
from issuers import documents
from issuers.actions.signing_keys import compromise_signing_key, rotate_signing_key
from tests.factories.assertions import AssertionFactory, EndorsementFactory
from tests.factories.badges import BadgeClassFactory
from tests.factories.issuers import DomainFactory

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
        (
            "related",
            [
                {
                    "type": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Profile",
                    "id": f"{SITE}/public/ob3/issuers/{full.pk}",
                    "version": "Open Badges v3p0",
                }
            ],
        ),
    ]


def test_profile_json_leaves_out_what_is_not_known(academy):
    document = conform(documents.profile_json(academy), "issuer")

    assert sorted(document) == sorted(
        ["@context", "id", "type", "name", "url", "email", "publicKey", "revocationList", "@language", "related"]
    )


def test_profile_json_lists_the_first_key_for_ever(academy, ada, now):
    """OB2-ISS-61: the official validators refuse two, and what the first one signed must stay valid."""
    first = academy.signing_keys.get()
    second = rotate_signing_key(issuer=academy, by=ada, at=now)

    main = conform(documents.profile_json(academy), "issuer")
    later = conform(documents.generation_json(second), "issuer")

    assert main["publicKey"] == documents.key_id(first)
    assert (later["id"], later["publicKey"]) == (f"{main['id']}/generations/2", documents.key_id(second))
    assert later["related"] == [{"type": "Issuer", "id": main["id"]}]
    assert json.loads(documents.key_json(second))["owner"] == later["id"]
    same = {"@context", "type", "name", "url", "email", "revocationList", "@language"}
    assert {name: main[name] for name in same} == {name: later[name] for name in same}


def test_profile_json_of_a_later_generation_names_no_endorsement(academy, ada, now):
    """They are of the main id: named by another one, verifiers read them as endorsements of something else."""
    given = EndorsementFactory.create(badge_class=None, issuer=academy, accepted=True)
    second = rotate_signing_key(issuer=academy, by=ada, at=now)

    assert json.loads(documents.profile_json(academy))["endorsement"] == [given.public_id]
    assert "endorsement" not in json.loads(documents.generation_json(second))


def test_profile_json_of_a_compromised_generation_lists_no_key(academy, ada, now):
    first = academy.signing_keys.get()
    second = rotate_signing_key(issuer=academy, by=ada, at=now)
    for key in (first, second):
        compromise_signing_key(key=key, note="On a lost laptop.", tell_holders=False, by=ada, at=now)
    second.refresh_from_db()

    assert "publicKey" not in json.loads(documents.profile_json(academy))
    assert "publicKey" not in json.loads(documents.generation_json(second))


def test_withdrawn_key_json_says_that_and_nothing_that_verifies(academy):
    key = academy.signing_keys.get()

    assert json.loads(documents.withdrawn_key_json(key)) == {
        "@context": "https://w3id.org/openbadges/v2",
        "id": f"{SITE}/public/issuers/{academy.pk}/keys/{key.kid}",
        "type": "CryptographicKey",
        "revoked": True,
        "revocationReason": "This key was withdrawn: others may have had it. What it signed is not to be believed.",
    }


def test_revocation_list_json_names_withdrawn_copies_and_never_one_entry(academy, badge, now):
    """OB2-ISS-116: a copy has one id alone, so the smallest list needs a second entry."""
    uuid = UUID("9b1f9c58-7a0e-4f0e-9c9e-0d6f9a3c2b11")
    WithdrawnCopy.objects.create(
        assertion=AssertionFactory.create(badge_class=badge),
        signing_key=academy.signing_keys.get(),
        signed_uuid=uuid,
        reason="Its key was withdrawn.",
        withdrawn_at=now,
    )

    revoked = conform(documents.revocation_list_json(academy), "revocationlist")["revokedAssertions"]

    assert revoked[0] == {"id": f"urn:uuid:{uuid}", "revocationReason": "Its key was withdrawn."}
    assert (len(revoked), sorted(revoked[1])) == (2, ["id"])


# --- Origins ------------------------------------------------------------------------------------------------


def test_profile_json_names_the_hosts_where_badges_may_lie(academy, settings, now):
    settings.SITE_URL = "https://new.example.org"
    settings.FORMER_SITE_URLS = ["http://badges.example.org", "http://localhost:8000"]
    DomainFactory.create(issuer=academy, name="badges.academy.example.org", hosting_since=now)
    DomainFactory.create(issuer=academy, name="academy.example.org")

    assert conform(documents.profile_json(academy), "issuer")["verification"] == {
        "type": "VerificationObject",
        "allowedOrigins": ["badges.example.org", "new.example.org", "badges.academy.example.org"],
    }


@pytest.mark.parametrize("origin", ["http://localhost:8000", "https://badges.example.org:8443", "https://192.0.2.1"])
def test_profile_json_names_no_hosts_where_validators_refuse_its_own(academy, settings, origin):
    """OB2-ISS-90: with an unusable value nothing at all would verify."""
    academy.origin = origin
    settings.SITE_URL = "https://new.example.org"

    assert "verification" not in json.loads(documents.profile_json(academy))


def test_current_origin_is_the_issuers_own_host_while_it_is_used(academy, now):
    domain = DomainFactory.create(issuer=academy, name="badges.academy.example.org", hosting_since=now)
    assert documents.current_origin(academy) == "https://badges.academy.example.org"

    domain.hosted_until = now
    domain.save()
    assert documents.current_origin(academy) == SITE


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
