import json
import uuid
from datetime import UTC, datetime

import pytest

from assertions import documents
from assertions.models import Evidence
from badgeserver.openbadges.identity import matches
from tests.factories.assertions import AssertionFactory

SITE = "http://badges.example.org"


@pytest.fixture
def awarded(badge):
    """An award with evidence, in fixed words."""
    return AssertionFactory.create(
        id=uuid.UUID("11111111-1111-4111-8111-111111111111"),
        signed_uuid=uuid.UUID("22222222-2222-4222-8222-222222222222"),
        badge_class=badge,
        recipient_email="Rita@Mail.example.org",
        issued_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        expires_at=datetime(2028, 3, 2, 23, 59, 59, tzinfo=UTC),
        narrative="**Well** done",
    )


@pytest.fixture
def evidence(awarded):
    return [
        Evidence(assertion=awarded, position=0, url="https://work.example.org/1", name="Log"),
        Evidence(assertion=awarded, position=1, narrative="Seen by *two*."),
    ]


def test_hosted_form_says_everything(awarded, evidence):
    document = json.loads(documents.hosted_json(awarded, evidence))
    recipient = document.pop("recipient")

    assert matches(recipient, "rita@mail.example.org")
    assert document == {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": f"{SITE}/public/assertions/11111111-1111-4111-8111-111111111111",
        "badge": f"{SITE}/public/badges/{awarded.badge_class_id}",
        "verification": {"type": "HostedBadge"},
        "issuedOn": "2026-03-02T09:00:00Z",
        "expires": "2028-03-02T23:59:59Z",
        "image": {
            "id": f"{SITE}/public/assertions/11111111-1111-4111-8111-111111111111/image",
            "caption": "A forklift in a yellow hexagon",
        },
        "evidence": [{"id": "https://work.example.org/1", "name": "Log"}, {"narrative": "Seen by *two*."}],
        "narrative": "**Well** done",
        "related": [{"type": "Assertion", "id": "urn:uuid:22222222-2222-4222-8222-222222222222"}],
    }


def test_signed_form_differs_in_id_verification_and_twin_alone(awarded, evidence):
    hosted = json.loads(documents.hosted_json(awarded, evidence))
    signed = json.loads(documents.signed_json(awarded, evidence))

    assert {name for name in hosted if hosted[name] != signed[name]} == {"id", "verification", "related"}
    assert signed["id"] == "urn:uuid:22222222-2222-4222-8222-222222222222"
    assert signed["verification"] == {
        "type": "SignedBadge",
        "creator": f"{SITE}/public/issuers/{awarded.issuer_id}/keys/{awarded.signing_key.kid}",
    }
    assert [item["id"] for item in signed["related"]] == [hosted["id"]]


def test_no_form_holds_the_address(awarded, evidence):
    texts = documents.hosted_json(awarded, evidence) + documents.signed_json(awarded, evidence)

    assert "mail.example.org" not in texts.lower()


def test_what_is_empty_is_left_out(badge):
    awarded = AssertionFactory.create(badge_class=badge)

    document = json.loads(documents.hosted_json(awarded, []))

    assert not {"narrative", "evidence", "expires"} & set(document)


def test_revoked_form_says_no_more_than_it_must(badge):
    awarded = AssertionFactory.create(badge_class=badge, revoked=True)

    assert json.loads(documents.revoked_json(awarded)) == {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": documents.assertion_url(awarded),
        "revoked": True,
        "revocationReason": "Awarded by mistake",
    }
