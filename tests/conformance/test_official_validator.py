"""What the official validator and its stricter fork say about everything we serve, sign and bake."""

import json
import urllib.request
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from assertions.actions.award import AwardFields, EvidenceFields, award_badge
from assertions.actions.revoke import revoke_assertion
from assertions.models import Assertion
from badges.models import BadgeClass
from badgeserver.openbadges.baking import bake, unbake
from tests.factories.badges import AlignmentFactory, EarningStepFactory

pytestmark = [pytest.mark.conformance, pytest.mark.django_db(transaction=True)]

RECIPIENT = "Rita.Castle@Mail.Example.org"  # as typed; hashed in lower case
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def world(live_server, settings) -> str:
    """The product served on this machine, where its ids say it is."""
    settings.SITE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def make_award(world, ada) -> Callable[..., Assertion]:
    """Award with everything an award can have; its work is done when this returns."""

    def award(badge_class: BadgeClass, **changes: object) -> Assertion:
        fields = {
            "badge_class": badge_class,
            "email": RECIPIENT,
            "name": "Rita Castle",
            "issued_at": NOW - timedelta(days=3),
            "narrative": "Passed with *94* of 100 points.",
            "evidence": [
                EvidenceFields(url="https://work.example.org/7", name="Report", narrative="The **report** itself."),
                EvidenceFields(narrative="Observed on shift by two assessors."),
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


def address(world: str, assertion: Assertion, tail: str = "") -> str:
    return f"{world}/public/assertions/{assertion.pk}{tail}"


def served(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 -- this machine's own server
        return bytes(answer.read())


def test_hosted_assertion_is_valid(judge, world, make_award, any_badge):
    assertion = make_award(any_badge)

    verdict = judge(address(world, assertion), recipient=RECIPIENT.lower())

    assert (verdict.valid, verdict.complaints) == (True, [])


def test_hosted_assertion_with_expiry_is_valid(judge, world, make_award, badge):
    assertion = make_award(badge, overrides_expiry=True, expires_at=datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC))

    verdict = judge(address(world, assertion))

    assert (verdict.valid, verdict.complaints) == (True, [])


def test_hosted_assertion_is_valid_before_it_is_signed_and_baked(judge, world, make_award, badge, monkeypatch):
    monkeypatch.setattr("assertions.tasks.finish_assertion.delay", lambda **_: None)
    assertion = make_award(badge)

    assert assertion.jws == ""
    assert judge(address(world, assertion)).complaints == []


def test_jws_is_valid(judge, world, make_award, any_badge):
    assertion = make_award(any_badge)

    verdict = judge(served(address(world, assertion, ".jws")).decode(), recipient=RECIPIENT.lower())

    assert (verdict.valid, verdict.complaints) == (True, [])


@pytest.mark.parametrize("form", ["png", "svg"])
def test_baked_picture_is_valid(judge, world, make_award, svg_badge, form):
    assertion = make_award(svg_badge)

    picture = served(address(world, assertion, f"/image.{form}"))

    assert unbake(picture) == assertion.jws
    assert judge(picture, recipient=RECIPIENT.lower()).complaints == []


def test_picture_baked_into_an_uploaded_png_is_valid(judge, world, make_award, badge):
    assertion = make_award(badge)

    assert judge(served(address(world, assertion, "/image.png"))).complaints == []


def test_png_with_the_hosted_form_is_valid(judge, world, make_award, badge):
    assertion = make_award(badge)
    with badge.image_png.open() as file:
        picture = bake(file.read(), assertion.hosted_json)

    assert judge(picture).complaints == []


def test_badge_class_is_valid(judge, world, make_award, any_badge):
    assert judge(f"{world}/public/badges/{any_badge.pk}").complaints == []


def test_issuer_is_valid(judge, world, academy):
    assert judge(f"{world}/public/issuers/{academy.pk}").complaints == []


def test_expired_assertion_is_refused(judge, world, make_award, badge):
    assertion = make_award(badge, overrides_expiry=True, expires_at=NOW - timedelta(days=1))

    verdict = judge(address(world, assertion))

    assert verdict.refused
    assert all("expired" in error for error in verdict.errors)


def test_expired_jws_is_refused(judge, world, make_award, badge):
    assertion = make_award(badge, overrides_expiry=True, expires_at=NOW - timedelta(days=1))

    assert judge(assertion.jws).refused


def test_revoked_hosted_assertion_is_refused(judge, world, make_award, badge, ada):
    assertion = make_award(badge)
    revoke_assertion(assertion=assertion, reason="Awarded by mistake.", by=ada, at=NOW)

    assert judge(address(world, assertion)).refused


def test_revoked_jws_and_picture_are_refused(judge, world, make_award, badge, ada):
    """One revocation alone: the list then has two entries, because the validator overlooks a single one."""
    assertion = make_award(badge)
    picture = served(address(world, assertion, "/image.png"))
    revoke_assertion(assertion=assertion, reason="Awarded by mistake.", by=ada, at=NOW)

    assert judge(assertion.jws).refused
    assert judge(picture).refused


def test_other_badges_stay_valid_when_one_is_revoked(judge, world, make_award, badge, ada):
    kept, gone = make_award(badge), make_award(badge, email="ben@mail.example.org")
    revoke_assertion(assertion=gone, reason="Awarded by mistake.", by=ada, at=NOW)

    assert judge(kept.jws).complaints == []


def test_tampered_jws_is_refused(judge, world, make_award, badge):
    header, payload, signature = make_award(badge).jws.split(".")
    document = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    document["narrative"] = "Passed with 100 of 100 points."
    forged = urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()

    assert judge(f"{header}.{forged}.{signature}").refused


@pytest.mark.parametrize("form", ["hosted", "signed"])
def test_somebody_elses_badge_is_refused(judge, world, make_award, badge, form):
    assertion = make_award(badge)
    target = address(world, assertion) if form == "hosted" else assertion.jws

    assert judge(target, recipient="mallory@mail.example.org").refused
