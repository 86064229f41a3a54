"""What is internal is on no public page: every address of the world is walked for an internal badge and its award."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from assertions.actions.award import AwardFields, award_badge
from assertions.actions.finish import finish_assertion
from assertions.emails import send_award_notice
from assertions.models import Endorsement
from badges.actions.planning import PlanFields, plan_badge_class
from badges.models import StepKind, Visibility
from tests.factories.assertions import EndorsementFactory
from tests.factories.badges import BadgeTranslationFactory, EarningStepFactory, SvgBadgeClassFactory
from tests.house.routes import all_routes

FORMS = ["text/html", "application/ld+json", "application/json"]
#: Parts of an address that lead to the badge or to its award.
ABOUT = re.compile(r"<uuid:(badge|assertion|endorsement)>")


@pytest.fixture
def internal(academy, ed, now):
    badge = SvgBadgeClassFactory.create(issuer=academy, name="Coffee Machine Whisperer", created_at=now)
    BadgeTranslationFactory.create(badge_class=badge, language="de")
    return plan_badge_class(badge_class=badge, fields=PlanFields(visibility=Visibility.INTERNAL), by=ed, at=now)


@pytest.fixture
def internal_award(internal, sam, now):
    award = award_badge(
        fields=AwardFields(badge_class=internal, email="rita@mail.example.org", issued_at=now), by=sam, at=now
    )
    finish_assertion(assertion=award, at=now)
    award.refresh_from_db()
    assert award.finished_at is not None
    return award


@pytest.fixture
def endorsement(internal_award):
    return EndorsementFactory.create(badge_class=internal_award.badge_class, accepted=True)


def _urls(award, endorsement: Endorsement | None = None) -> list[str]:
    ids: dict[str, object] = {
        "badge": award.badge_class_id,
        "assertion": award.pk,
        "endorsement": endorsement.pk if endorsement else award.pk,
        "generation": 1,
        "language": "de",
        "issuer": award.issuer_id,
        "code": "hosted",
    }
    prefixes = ("public/", "verify/", "report/")
    return [
        route.url(ids) for route in all_routes() if route.pattern.startswith(prefixes) and ABOUT.search(route.pattern)
    ]


def test_no_address_of_the_world_knows_them(internal_award, endorsement):
    urls = _urls(internal_award, endorsement)
    answers = {(url, form): Client().get(url, headers={"Accept": form}).status_code for url in urls for form in FORMS}

    assert len(urls) > 15
    assert {key: status for key, status in answers.items() if status not in {404, 405}} == {}


def test_what_links_to_badges_leaves_them_out(internal_award, badge, academy):
    EarningStepFactory.create(
        badge_class=badge, kind=StepKind.BADGE, text="Hold the other one", required_badge=internal_award.badge_class
    )
    name, pk = "Coffee Machine Whisperer", str(internal_award.badge_class_id)

    for url in [
        reverse("public:issuer", args=[academy.pk]),
        reverse("public:badge", args=[badge.pk]),
        reverse("public:badge-changes", args=[badge.pk]),
        reverse("public:revocations", args=[academy.pk]),
    ]:
        for form in FORMS:
            text = Client().get(url, headers={"Accept": form}).text
            assert (name in text, pk in text) == (False, False), (url, form)


def test_a_public_badge_that_it_leads_to_says_nothing_of_it(internal_award, badge):
    EarningStepFactory.create(
        badge_class=internal_award.badge_class, kind=StepKind.BADGE, text="Hold it", required_badge=badge
    )

    text = Client().get(reverse("public:badge", args=[badge.pk])).text

    assert "Coffee Machine Whisperer" not in text


def test_its_mail_leads_behind_the_sign_in(internal_award):
    send_award_notice(internal_award)
    sent = mail.outbox[-1]
    page = reverse("assertions:my-badge", args=[internal_award.pk])

    assert f"{settings.SITE_URL}{page}" in sent.body
    for text in [sent.body, sent.alternatives[0][0]]:
        assert "/public/" not in text
        assert "LinkedIn" not in text
        assert "only seen inside Acme" in text


def test_its_holder_sees_it_after_signing_in(client, internal_award, rita):
    page = reverse("assertions:my-badge", args=[internal_award.pk])
    assert client.get(page).status_code == 302
    client.force_login(rita)

    text = client.get(page).text
    picture = client.get(reverse("assertions:my-picture", args=[internal_award.pk]))
    shelf = client.get(reverse("assertions:mine")).text

    assert "Only inside Acme" in text
    assert [word for word in ("/public/assertions/", "/public/badges/", "LinkedIn") if word in text] == []
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/png")
    assert "Coffee Machine Whisperer" in shelf
    assert "/public/badges/" not in shelf


def test_its_picture_is_for_its_holder_alone(client, internal_award, ada):
    client.force_login(ada)

    assert client.get(reverse("assertions:my-picture", args=[internal_award.pk])).status_code == 404


def test_members_are_offered_nothing_public(as_ada, internal_award, acme):
    for name, pk in [("badges:detail", internal_award.badge_class_id), ("assertions:detail", internal_award.pk)]:
        text = as_ada.get(reverse(name, args=[acme.slug, pk])).text
        assert [word for word in ("/public/assertions/", "/public/badges/") if word in text] == [], name


def test_opening_it_opens_everything(internal_award, ed, now):
    badge = internal_award.badge_class
    plan_badge_class(badge_class=badge, fields=PlanFields(visibility=Visibility.PUBLIC), by=ed, at=now)

    urls = [url for url in _urls(internal_award) if "endorsements" not in url and "image-v3" not in url]
    answers = {url: Client().get(url).status_code for url in urls}

    # Asking for a step of a check, or to compare a recipient, takes more than a GET.
    assert {url: status for url, status in answers.items() if status not in {200, 302, 404, 405}} == {}
    assert answers[reverse("public:badge", args=[badge.pk])] == 200
    assert answers[reverse("public:assertion-jws", args=[internal_award.pk])] == 200
    assert answers[reverse("public:assertion-png", args=[internal_award.pk])] == 200
