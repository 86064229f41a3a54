"""What an independent library, the published contexts and the published JSON Schema say about our credentials."""

import base64
import copy
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest

from assertions.actions.award import AwardFields, EvidenceFields, award_badge
from assertions.actions.keys import report_key_compromised
from assertions.actions.revoke import revoke_assertion, unrevoke_assertion
from assertions.models import Assertion
from badges.models import BadgeClass
from issuers.actions.signing_keys import rotate_signing_key
from issuers.credentials import key_json
from tests.conformance.judge import Opinion, credential_schema, judge_credential
from tests.factories.badges import AlignmentFactory, EarningStepFactory

pytestmark = [pytest.mark.conformance, pytest.mark.django_db(transaction=True)]

NOW = datetime.now(tz=UTC).replace(microsecond=0)  # the library asks the clock itself


@pytest.fixture
def world(live_server, settings) -> str:
    """The product served on this machine, where its ids say it is."""
    settings.SITE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def make_award(world, ada) -> Callable[..., Assertion]:
    """Award with everything an award can have; its work is done when this returns."""

    def award(badge_class: BadgeClass, **changes: object) -> Assertion:
        # The cast was made before the server was there: what it says it is must be what answers.
        BadgeClass.objects.update(origin=world)
        type(badge_class.issuer).objects.update(origin=world)
        fields = {
            "badge_class": BadgeClass.objects.get(pk=badge_class.pk),
            "email": "rita@mail.example.org",
            "name": "Rita Castle",
            "issued_at": NOW - timedelta(days=3),
            "narrative": "Passed with *94* of 100 points.",
            "evidence": [
                EvidenceFields(url="https://work.example.org/7", name="Report", genre="Prose", audience="Assessors"),
                EvidenceFields(narrative="Observed on shift by two assessors.", description="Notes"),
            ],
            **changes,
        }
        made = award_badge(fields=AwardFields(**fields), by=ada, at=NOW)
        return Assertion.objects.get(pk=made.pk)

    return award


@pytest.fixture(params=["badge", "svg_badge"])
def any_badge(request) -> BadgeClass:
    """A badge drawn as PNG, and one drawn as SVG, each with skills and steps."""
    badge_class: BadgeClass = request.getfixturevalue(request.param)
    AlignmentFactory.create(badge_class=badge_class, target_code="S1.8.2", target_framework="ESCO")
    EarningStepFactory.create(badge_class=badge_class)
    return badge_class


def served(world: str, assertion: Assertion, tail: str) -> bytes:
    with urllib.request.urlopen(f"{world}/public/assertions/{assertion.pk}{tail}", timeout=20) as answer:  # noqa: S310 -- this machine's own server
        return bytes(answer.read())


def payload_of(token: str) -> dict[str, object]:
    body = token.split(".")[1]
    document: dict[str, object] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return document


def complaints(document: object) -> list[str]:
    """What the published schema says, dates included."""
    checker = jsonschema.FormatChecker(["date-time"])
    validator = jsonschema.Draft201909Validator(credential_schema(), format_checker=checker)
    return [error.message for error in validator.iter_errors(document)]


def said(opinion: Opinion) -> tuple[bool, list[str], list[str]]:
    return opinion.valid, opinion.errors, opinion.warnings


def test_credential_is_accepted_as_text_and_baked(world, make_award, any_badge):
    assertion = make_award(any_badge)
    tails = [".vc.jwt", "/image.png"]
    if any_badge.image_media_type == "image/svg+xml":
        tails.append("/image-v3.svg")

    for tail in tails:
        opinion = judge_credential(served(world, assertion, tail))
        assert said(opinion) == (True, [], [])
        assert [(item["status"], item["type"]) for item in opinion.fetched] == [
            (200, "application/jwk+json"),
            (200, "application/vc+jwt"),
        ]


def test_credential_with_an_end_is_accepted_until_then(make_award, badge):
    holds = make_award(badge, overrides_expiry=True, expires_at=NOW + timedelta(days=30))
    ended = make_award(badge, email="ed@mail.example.org", overrides_expiry=True, expires_at=NOW - timedelta(days=1))

    assert said(judge_credential(holds.credential_jwt)) == (True, [], [])
    assert "expired" in judge_credential(ended.credential_jwt).errors[0]


def test_tampered_credential_is_refused(make_award, badge):
    head, _payload, signature = make_award(badge).credential_jwt.split(".")
    document = payload_of(f"{head}.{_payload}.{signature}")
    document["name"] = "Something else"
    forged = base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()

    opinion = judge_credential(f"{head}.{forged}.{signature}")

    assert (opinion.valid, "Invalid signature" in opinion.errors[0]) == (False, True)


def test_revoked_credential_is_refused_until_it_is_restored(make_award, badge, ada):
    assertion = make_award(badge)
    other = make_award(badge, email="ed@mail.example.org")
    revoked = revoke_assertion(assertion=assertion, reason="Awarded by mistake", by=ada, at=NOW)

    opinion = judge_credential(assertion.credential_jwt)
    assert (opinion.valid, "'revocation' is set" in opinion.errors[0]) == (False, True)
    assert judge_credential(other.credential_jwt).valid

    unrevoke_assertion(assertion=revoked, by=ada, at=NOW + timedelta(minutes=5))
    assert said(judge_credential(assertion.credential_jwt)) == (True, [], [])


def test_credentials_of_both_keys_are_accepted_after_a_rotation(world, make_award, badge, ada):
    before = make_award(badge)
    rotate_signing_key(issuer=badge.issuer, by=ada, at=NOW)
    after = make_award(badge, email="ed@mail.example.org")

    for assertion in (before, after):
        assert said(judge_credential(assertion.credential_jwt)) == (True, [], [])


def test_credential_of_a_compromised_key_is_refused_and_its_successor_accepted(make_award, badge, ada):
    assertion = make_award(badge)
    old = assertion.credential_jwt
    report_key_compromised(key=assertion.signing_key, note="On a lost laptop.", tell_holders=False, by=ada, at=NOW)
    assertion.refresh_from_db()

    assert (judge_credential(old).valid, said(judge_credential(assertion.credential_jwt))) == (False, (True, [], []))


def test_stolen_copy_is_refused_by_its_status_alone(make_award, badge, ada):
    """Also by those who kept the key, and so do not notice that its address is gone."""
    assertion = make_award(badge)
    other = make_award(badge, email="ed@mail.example.org")
    old, kept = assertion.credential_jwt, key_json(assertion.signing_key)
    assert said(judge_credential(old, key=kept)) == (True, [], [])

    report_key_compromised(key=assertion.signing_key, note="On a lost laptop.", tell_holders=False, by=ada, at=NOW)
    assertion.refresh_from_db()

    refused = judge_credential(old, key=kept)
    assert (refused.valid, "Credential status 'revocation' is set" in refused.errors[0]) == (False, True)
    assert not judge_credential(other.credential_jwt, key=kept).valid
    assert said(judge_credential(assertion.credential_jwt)) == (True, [], [])
    assert said(judge_credential(assertion.credential_jwt, key=key_json(assertion.signing_key))) == (True, [], [])


def test_credential_conforms_to_the_published_schema(make_award, any_badge):
    assertion = make_award(any_badge, overrides_expiry=True, expires_at=NOW + timedelta(days=30))

    assert complaints(payload_of(assertion.credential_jwt)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("credentialSubject.identifier.0.identityType", "email"),
        ("credentialSubject.achievement.image", "https://badges.example.org/1.png"),
        ("credentialSubject.achievement.criteria", "https://badges.example.org/1"),
        ("credentialSubject.achievement.version", 2),
        ("credentialSubject.achievement.description", None),
        ("@context", ["https://www.w3.org/ns/credentials/v2"]),
        ("credentialStatus", [{"id": "https://badges.example.org/1", "type": "1EdTechRevocationList"}]),
        ("validFrom", "2026-03-02T09:00:00"),
    ],
)
def test_schema_refuses_what_our_classes_refuse(make_award, badge, path, value):
    document = copy.deepcopy(payload_of(make_award(badge).credential_jwt))
    *parents, last = path.split(".")
    place: object = document
    for name in parents:
        place = place[int(name)] if isinstance(place, list) else place[name]  # type: ignore[index]
    place[last] = value  # type: ignore[index]

    assert complaints(document) != []


def test_key_address_of_a_stranger_answers_nothing(world):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{world}/public/ob3/issuers/00000000-0000-4000-8000-000000000000/keys/1", timeout=20)  # noqa: S310 -- this machine's own server
