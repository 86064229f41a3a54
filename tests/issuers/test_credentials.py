"""The issuer in the words of Open Badges 3.0, as rows and as what the world gets."""

import json
from datetime import timedelta

import pytest

from assertions.actions.revoke import revoke_assertion
from badgeserver.openbadges.v3 import did_web, load_jwk, read_credential, verify_signature
from badgeserver.openbadges.v3.status_list import decode_bits, is_set
from issuers import credentials
from issuers.actions.signing_keys import rotate_signing_key
from issuers.models import SigningKey
from tests.factories.assertions import AssertionFactory

SITE = "http://badges.example.org"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def start(academy) -> str:
    return f"/public/ob3/issuers/{academy.pk}"


@pytest.fixture
def key(academy) -> SigningKey:
    return academy.signing_keys.get(retired_at=None)


@pytest.fixture
def rotated(academy, key, ada, now) -> SigningKey:
    """A key that was retired, before the one that signs now."""
    rotate_signing_key(issuer=academy, by=ada, at=now)
    key.refresh_from_db()
    return key


def test_profile_names_its_twin(academy, anonymous, start):
    answer = anonymous.get(start)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/ld+json")
    assert answer.json() == {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": f"{SITE}{start}",
        "type": ["Profile"],
        "name": "Acme Academy",
        "url": "https://academy.example.org",
        "email": "badges@academy.example.org",
        "otherIdentifier": [
            {
                "type": "IdentifierEntry",
                "identifier": f"{SITE}/public/issuers/{academy.pk}",
                "identifierType": "identifier",
            }
        ],
    }


def test_profile_names_its_logo(academy):
    academy.image.name, academy.image_alt = "issuers/logo.png", "A wave"

    assert json.loads(credentials.profile_json(academy))["image"] == {
        "id": f"{SITE}/public/issuers/{academy.pk}/image",
        "type": "Image",
        "caption": "A wave",
    }


def test_people_are_led_to_the_page_of_the_issuer(academy, anonymous, start):
    answer = anonymous.get(start, headers={"Accept": BROWSER})

    assert (answer.status_code, answer["Location"]) == (302, f"/public/issuers/{academy.pk}")


def test_the_kid_answers_with_one_bare_key(key, anonymous, start):
    answer = anonymous.get(f"{start}/keys/{key.kid}")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/jwk+json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer.json()["kid"] == f"{SITE}{start}/keys/{key.kid}"
    assert sorted(answer.json()) == ["alg", "e", "kid", "kty", "n", "use"]
    load_jwk(answer.json())


def test_a_retired_key_stays_a_compromised_one_is_gone(rotated, anonymous, start, now):
    address = f"{start}/keys/{rotated.kid}"
    assert anonymous.get(address).status_code == 200

    SigningKey.objects.filter(pk=rotated.pk).update(compromised_at=now)
    assert anonymous.get(address).status_code == 410


@pytest.mark.parametrize("kid", ["none", "a%00b", "0" * 16])
def test_a_key_of_nobody_is_not_there(anonymous, start, kid):
    assert anonymous.get(f"{start}/keys/{kid}").status_code == 404


@pytest.mark.parametrize("tail", ["jwks.json", "did.json"])
def test_lists_hold_every_key_that_may_be_believed(rotated, academy, anonymous, start, tail, now):
    def kids() -> list[str]:
        found = anonymous.get(f"{start}/{tail}").json()
        keys = found.get("keys") or [method["publicKeyJwk"] for method in found["verificationMethod"]]
        return [key["kid"].rpartition("/")[2] for key in keys]

    both = list(academy.signing_keys.order_by("generation").values_list("kid", flat=True))
    assert kids() == both
    SigningKey.objects.filter(pk=rotated.pk).update(compromised_at=now)
    assert kids() == both[1:]


def test_the_sets_of_keys_name_their_issuers(academy, elsewhere_issuer, anonymous, start):
    own = anonymous.get(f"{start}/jwks.json")
    every = anonymous.get("/.well-known/jwks.json")

    assert {own["Content-Type"], every["Content-Type"]} == {"application/jwk-set+json"}
    assert [key["iss"] for key in own.json()["keys"]] == [f"{SITE}{start}"]
    assert {key["iss"] for key in every.json()["keys"]} == {
        credentials.issuer_id(academy),
        credentials.issuer_id(elsewhere_issuer),
    }
    assert every.cookies == {}


def test_the_did_document_is_about_the_address_that_it_lies_at(academy, key, anonymous, start):
    answer = anonymous.get(f"{start}/did.json")
    did = did_web(f"{SITE}{start}")

    assert (answer["Content-Type"], answer.json()["id"]) == ("application/did+json", did)
    assert answer.json()["assertionMethod"] == [f"{did}#{key.kid}"]
    assert answer.json()["alsoKnownAs"] == [f"{SITE}{start}", f"{SITE}/public/issuers/{academy.pk}"]


def test_both_lists_tell_what_is_revoked(academy, badge, anonymous, start, key, sam, now):
    held = AssertionFactory.create(badge_class=badge, status_index=8)
    revoked = AssertionFactory.create(badge_class=badge, status_index=131_072 + 8)
    AssertionFactory.create(badge_class=badge, status_index=None, revoked=True)
    reason = "Awarded by mistake"

    def states(number: int) -> list[bool]:
        answer = anonymous.get(f"{start}/status/{number}")
        assert answer["Content-Type"] == "application/vc+jwt"
        read = read_credential(answer.content.decode())
        verify_signature(read, load_jwk(json.loads(credentials.key_json(key))))
        assert read.document["id"] == f"{SITE}{start}/status/{number}"
        bits = decode_bits(read.document["credentialSubject"]["encodedList"])
        return [is_set(bits, 8), any(bits)]

    assert [states(1), states(2)] == [[False, False], [False, False]]
    revoke_assertion(assertion=revoked, reason=reason, by=sam, at=now + timedelta(days=1))

    assert [states(1), states(2)] == [[False, False], [True, True]]
    listed = anonymous.get(f"{start}/revocations").json()
    assert listed["issuer"] == f"{SITE}{start}"
    assert {"id": revoked.credential_id, "revoked": True, "revocationReason": reason} in listed["revokedCredential"]
    assert held.credential_id not in str(listed)


def test_the_same_list_is_the_same_text(academy, key):
    first = credentials.status_list_jwt(academy, 1)

    assert first == credentials.status_list_jwt(academy, 1)
    assert read_credential(first or "").document["validFrom"] == "2026-03-02T09:00:00Z"


def test_a_list_is_signed_with_the_key_of_the_awards_in_it(rotated, academy, badge, anonymous, start, now):
    newer = academy.signing_keys.get(retired_at=None)
    AssertionFactory.create(badge_class=badge, signing_key=rotated, status_index=1)
    AssertionFactory.create(badge_class=badge, signing_key=newer, status_index=131_072 + 1)

    def kids() -> list[str]:
        lists = [anonymous.get(f"{start}/status/{number}").content.decode() for number in (1, 2, 3)]
        return [read_credential(text).kid.rpartition("/")[2] for text in lists]

    assert kids() == [rotated.kid, newer.kid, newer.kid]
    SigningKey.objects.filter(pk=rotated.pk).update(compromised_at=now)
    assert kids() == [newer.kid] * 3


def test_a_status_list_is_known_again(anonymous, start, key):
    first = anonymous.get(f"{start}/status/1")

    assert anonymous.get(f"{start}/status/1", headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("number", [0, 1001, 99999999999999999999])
def test_there_are_only_so_many_status_lists(anonymous, start, number):
    assert anonymous.get(f"{start}/status/{number}").status_code == 404


def test_an_issuer_without_key_has_no_status_list(academy, anonymous, start):
    academy.signing_keys.all().delete()

    assert anonymous.get(f"{start}/status/1").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("tail", ["", "/jwks.json", "/did.json", "/revocations", "/status/1", "/keys/1"])
def test_nobody_is_not_there(anonymous, tail):
    assert anonymous.get(f"/public/ob3/issuers/00000000-0000-4000-8000-000000000000{tail}").status_code == 404
