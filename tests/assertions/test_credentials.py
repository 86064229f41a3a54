"""One award as a 3.0 credential: what it says, how it is served, and that our own verifier believes it."""

import uuid
from datetime import timedelta

import jwt
import pytest
from django.test import Client
from django.urls import reverse

from assertions.actions.award import AwardFields, EvidenceFields, award_badge
from assertions.actions.keys import report_key_compromised
from assertions.actions.revoke import revoke_assertion
from assertions.models import Assertion
from assertions.sharing.award import award_of_any_id
from badgeserver.openbadges.fetching import Fetched
from badgeserver.openbadges.report import CheckCode, Outcome, Verdict
from badgeserver.openbadges.v3 import read_credential, verify_credential
from issuers.actions.signing_keys import rotate_signing_key

SITE = "http://badges.example.org"


def fetch(url: str) -> Fetched:
    """Ask the product itself, as the world would."""
    answer = Client().get(url.removeprefix(SITE))
    return Fetched(url, answer.status_code, answer.headers.get("Content-Type", ""), answer.content)


def address(assertion, name="assertion-vc-jwt") -> str:
    return reverse(f"public:{name}", args=[assertion.pk])


@pytest.fixture
def awarded(svg_badge, sam, now, django_capture_on_commit_callbacks) -> Assertion:
    fields = AwardFields(
        badge_class=svg_badge,
        email="Rita@Mail.example.org",
        name="Rita Castle",
        issued_at=now,
        narrative="Well *done*",
        evidence=[EvidenceFields(url="https://work.example.org/1", name="Log", genre="Prose", audience="Assessors")],
        overrides_expiry=True,
        expires_at=now + timedelta(days=365),
    )
    with django_capture_on_commit_callbacks(execute=True):
        made = award_badge(fields=fields, by=sam, at=now)
    made.refresh_from_db()
    return made


def test_the_credential_says_what_the_award_says(awarded, academy):
    read = read_credential(awarded.credential_jwt)
    document = read.document

    key = awarded.signing_key
    assert read.header == {
        "alg": "RS256",
        "kid": f"{SITE}/public/ob3/issuers/{academy.pk}/keys/{key.kid}",
        "typ": "JWT",
    }
    assert (document["id"], document["name"]) == (awarded.credential_id, "First Aid")
    assert (document["validFrom"], document["awardedDate"], document["validUntil"]) == (
        "2026-03-02T09:00:00Z",
        "2026-03-02T09:00:00Z",
        "2027-03-02T09:00:00Z",
    )
    subject = document["credentialSubject"]
    assert subject["id"] == f"urn:uuid:{awarded.subject_uuid}"
    assert subject["narrative"] == "Well *done*"
    assert [identity["identityType"] for identity in subject["identifier"]] == ["emailAddress"]
    assert document["evidence"] == [
        {
            "id": "https://work.example.org/1",
            "type": ["Evidence"],
            "name": "Log",
            "genre": "Prose",
            "audience": "Assessors",
        },
        {
            "id": f"{SITE}/public/assertions/{awarded.pk}",
            "type": ["Evidence", "https://w3id.org/openbadges#Assertion"],
            "name": "The same award as an Open Badges 2.0 Assertion",
        },
    ]
    status = f"{SITE}/public/ob3/issuers/{academy.pk}/status/1"
    assert document["credentialStatus"] == {
        "id": f"{status}#{awarded.status_index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(awarded.status_index),
        "statusListCredential": status,
    }


def test_nothing_in_it_tells_who_the_person_is(awarded):
    payload = str(jwt.decode(awarded.credential_jwt, options={"verify_signature": False}))

    assert [word for word in ("rita", "Rita", "Castle", "mail.example.org") if word in payload] == []


def test_our_own_verifier_believes_it_through_what_the_world_gets(awarded, now):
    pictures = [Client().get(address(awarded, name)).content for name in ("assertion-png", "assertion-svg-v3")]

    for source in (awarded.credential_jwt, f"{SITE}{address(awarded)}", *pictures):
        report = verify_credential(source, fetch=fetch, now=now, recipient="rita@mail.example.org")
        assert (report.verdict, {check.outcome for check in report.checks}) == (Verdict.VALID, {Outcome.PASSED})


def test_revoking_flips_both_lists(awarded, sam, now):
    revoke_assertion(assertion=awarded, reason="Awarded by mistake", by=sam, at=now)

    report = verify_credential(awarded.credential_jwt, fetch=fetch, now=now)

    assert (report.verdict, report.check(CheckCode.REVOCATION).outcome) == (Verdict.REVOKED, Outcome.FAILED)
    listed = Client().get(reverse("public:v3-revocations", args=[awarded.issuer_id])).json()["revokedCredential"]
    assert [entry["id"] for entry in listed] == [awarded.credential_id]


def test_rotation_changes_nothing(awarded, academy, ada, now):
    rotate_signing_key(issuer=academy, by=ada, at=now)

    assert verify_credential(awarded.credential_jwt, fetch=fetch, now=now).verdict is Verdict.VALID


def test_a_compromised_key_gives_the_award_a_new_credential(awarded, ada, now, django_capture_on_commit_callbacks):
    before = awarded.credential_jwt, awarded.credential_id
    with django_capture_on_commit_callbacks(execute=True):
        report_key_compromised(key=awarded.signing_key, note="On a lost laptop.", tell_holders=False, by=ada, at=now)
    awarded.refresh_from_db()

    old, new = (verify_credential(text, fetch=fetch, now=now) for text in (before[0], awarded.credential_jwt))
    assert (old.verdict, new.verdict) == (Verdict.REVOKED, Verdict.VALID)
    assert [old.check(code).outcome for code in (CheckCode.KEY, CheckCode.REVOCATION)] == [Outcome.FAILED] * 2
    listed = Client().get(reverse("public:v3-revocations", args=[awarded.issuer_id])).json()["revokedCredential"]
    assert [entry["id"] for entry in listed] == [before[1]] != [awarded.credential_id]


def test_it_is_served_as_plain_text(awarded, anonymous):
    answer = anonymous.get(address(awarded))

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain")
    assert (answer.content.decode(), answer["Access-Control-Allow-Origin"]) == (awarded.credential_jwt, "*")
    assert answer["Content-Disposition"] == f'inline; filename="{awarded.pk}.jwt"'
    assert answer.cookies == {}


def test_it_is_gone_when_revoked(awarded, anonymous, sam, now):
    revoke_assertion(assertion=awarded, reason="Awarded by mistake", by=sam, at=now)

    for name in ("assertion-vc-jwt", "assertion-svg-v3"):
        answer = anonymous.get(address(awarded, name))
        assert (answer.status_code, answer["Cache-Control"]) == (410, "no-store")
        assert "Awarded by mistake" in answer.content.decode()


def test_who_comes_too_early_is_told_to_come_again(awarded, anonymous):
    Assertion.objects.update(credential_jwt="")
    awarded.baked_images.all().delete()

    assert [anonymous.get(address(awarded, name)).status_code for name in ("assertion-vc-jwt", "assertion-svg-v3")] == [
        404,
        503,
    ]
    assert anonymous.get(address(awarded))["Retry-After"] == "5"


@pytest.mark.django_db
def test_nothing_is_there_for_nobody(anonymous):
    nobody = "00000000-0000-4000-8000-000000000000"

    for tail in (".vc.jwt", "/image-v3.svg"):
        assert anonymous.get(f"/public/assertions/{nobody}{tail}").status_code == 404


def test_the_svg_is_a_drawing_in_a_sandbox(awarded, assertion, anonymous):
    answer = anonymous.get(address(awarded, "assertion-svg-v3"))

    assert (answer["Content-Type"], "sandbox" in answer["Content-Security-Policy"]) == ("image/svg+xml", True)
    assert answer["Content-Disposition"] == 'inline; filename="first-aid.svg"'
    assert anonymous.get(address(assertion, "assertion-svg-v3")).status_code == 404  # drawn as PNG alone


def test_an_award_is_found_by_each_of_its_names(awarded):
    for name in (awarded.pk, awarded.signed_uuid, awarded.credential_uuid):
        assert award_of_any_id(name) == awarded
    assert award_of_any_id(uuid.uuid4()) is None


def test_my_badge_and_the_award_offer_it(awarded, acme, as_rita, as_ada):
    mine = as_rita.get(reverse("assertions:my-badge", args=[awarded.pk])).content.decode()
    award = as_ada.get(reverse("assertions:detail", args=[acme.slug, awarded.pk])).content.decode()

    assert all(f'href="{address(awarded, name)}"' in mine for name in ("assertion-vc-jwt", "assertion-svg-v3"))
    assert f'href="{address(awarded)}"' in award


def test_the_page_offers_it(awarded, anonymous):
    page = anonymous.get(
        reverse("public:assertion", args=[awarded.pk]), headers={"Accept": "text/html"}
    ).content.decode()

    assert [
        name for name in ("assertion-vc-jwt", "assertion-svg-v3") if f'href="{address(awarded, name)}"' not in page
    ] == []
