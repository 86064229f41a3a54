"""What the official validator and its stricter fork say about everything we serve, sign and bake."""

import json
import urllib.request
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assertions.actions.award import AwardFields, EvidenceFields, award_badge
from assertions.actions.endorsements import accept_endorsement, give_endorsement, revoke_endorsement
from assertions.actions.revoke import revoke_assertion, unrevoke_assertion
from assertions.models import Assertion, Endorsement
from badges.actions.badge_classes import fields_of
from badges.actions.corrections import correct_badge_class
from badges.actions.versions import make_next_version, publish_next_version
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


# --- A mistaken revocation -------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["hosted", "signed", "baked"])
def test_restored_assertion_is_valid_again(judge, world, make_award, badge, ada, form):
    assertion = make_award(badge)
    target = {
        "hosted": address(world, assertion),
        "signed": assertion.jws,
        "baked": served(address(world, assertion, "/image.png")),
    }[form]
    revoke_assertion(assertion=assertion, reason="Awarded by mistake.", by=ada, at=NOW)
    assert judge(target).refused

    unrevoke_assertion(assertion=assertion, by=ada, at=NOW + timedelta(minutes=5))

    assert judge(target, recipient=RECIPIENT.lower()).complaints == []
    assert served(address(world, assertion, "/image.png")) is not None


# --- Endorsements ----------------------------------------------------------------------------------------------


@pytest.fixture
def endorsed(world, make_award, academy, badge, ada, elsewhere_issuer, mallory) -> dict[str, tuple[str, Endorsement]]:
    """An issuer, a badge and an award that Elsewhere School stands up for: their addresses and endorsements."""
    award = make_award(badge)
    things = {
        "issuer": (f"{world}/public/issuers/{academy.pk}", academy),
        "badge": (f"{world}/public/badges/{badge.pk}", badge),
        "award": (address(world, award), award),
    }
    found = {}
    for kind, (url, subject) in things.items():
        given = give_endorsement(
            endorser=elsewhere_issuer, subject=subject, comment="We hire for **this**.", by=mallory, at=NOW
        )
        found[kind] = (url, accept_endorsement(endorsement=given, by=ada, at=NOW))
    return found


@pytest.mark.parametrize("kind", ["issuer", "badge", "award"])
def test_what_names_its_endorsement_is_valid(judge, endorsed, kind):
    url, endorsement = endorsed[kind]

    verdict = judge(url)

    assert (verdict.valid, verdict.complaints) == (True, [])
    for opinion in verdict.opinions.values():
        assert endorsement.public_id in [str(answer["url"]) for answer in opinion.fetched]


def test_signed_award_of_an_endorsed_badge_is_valid(judge, endorsed):
    assert judge(Assertion.objects.get().jws).complaints == []


def test_award_is_valid_when_its_endorsement_was_taken_back(judge, endorsed, mallory):
    url, endorsement = endorsed["award"]
    revoke_endorsement(endorsement=endorsement, reason="We no longer do.", by=mallory, at=NOW)

    assert judge(url).complaints == []


def test_validator_looks_into_endorsements(judge, endorsed):
    """The proof that the tests above mean something: one that is not what it should be is noticed."""
    url, endorsement = endorsed["badge"]
    Endorsement.objects.filter(pk=endorsement.pk).update(
        hosted_json=endorsement.hosted_json.replace('"issuedOn"', '"issuedWhen"')
    )

    assert judge(url).refused


# --- Versions ------------------------------------------------------------------------------------------------


@pytest.fixture
def two_versions(world, make_award, any_badge, ada) -> list[Assertion]:
    """An award under version 1, and one under version 2; version 1 was corrected since."""
    first = make_award(any_badge)
    draft = make_next_version(badge_class=any_badge, by=ada, at=NOW)
    BadgeClass.objects.filter(pk=draft.pk).update(image_alt="A hexagon")
    published = publish_next_version(badge_class=draft, change_note="Stacking at six metres.", by=ada, at=NOW)
    mended = replace(fields_of(any_badge), description=f"{any_badge.description.rstrip('.')}!")
    correct_badge_class(badge_class=any_badge, fields=mended, note="A full stop too few.", by=ada, at=NOW)
    return [first, make_award(published)]


@pytest.mark.parametrize("version", [1, 2])
def test_badge_class_of_each_version_is_valid(judge, world, two_versions, version):
    badge_class = two_versions[version - 1].badge_class
    url = f"{world}/public/badges/{badge_class.pk}"

    assert json.loads(served(url))["version"] == str(version)
    assert judge(url).complaints == []


@pytest.mark.parametrize("version", [1, 2])
def test_awards_of_each_version_are_valid_hosted_and_signed(judge, world, two_versions, version):
    assertion = two_versions[version - 1]

    assert json.loads(assertion.hosted_json)["badge"] == f"{world}/public/badges/{assertion.badge_class_id}"
    assert judge(address(world, assertion), recipient=RECIPIENT.lower()).complaints == []
    assert judge(assertion.jws, recipient=RECIPIENT.lower()).complaints == []
