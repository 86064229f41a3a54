from datetime import timedelta

import pytest

from badges import queries
from badges.models import BadgeClass
from tests.factories.assertions import AssertionFactory
from tests.factories.badges import BadgeClassFactory, EarningStepFactory


@pytest.fixture
def shelf(academy, elsewhere_issuer):
    BadgeClassFactory.create(issuer=academy, name="Alpha", description="first aid")
    BadgeClassFactory.create(issuer=academy, name="Beta", draft=True)
    BadgeClassFactory.create(issuer=academy, name="Gamma", archived=True)
    BadgeClassFactory.create(issuer=elsewhere_issuer, name="Alpha elsewhere")


def _names(badges):
    return [badge.name for badge in badges]


@pytest.mark.parametrize(
    ("status", "search", "names"),
    [
        ("", "", ["Alpha", "Beta", "Gamma"]),
        ("DRAFT", "", ["Beta"]),
        ("", "alp", ["Alpha"]),
        ("", "aid FIRST", ["Alpha"]),
        ("ARCHIVED", "alpha", []),
    ],
)
def test_list_is_by_name_of_one_organisation(shelf, acme, status, search, names):
    assert _names(queries.badges_of(acme, status=status, search=search)) == names


def test_counts_by_status(shelf, acme):
    assert queries.status_counts(acme) == {
        "": 3,
        "DRAFT": 1,
        "PILOT": 0,
        "PUBLISHED": 1,
        "ARCHIVED": 1,
        "SUPERSEDED": 0,
    }
    beta = {"": 1, "DRAFT": 1, "PILOT": 0, "PUBLISHED": 0, "ARCHIVED": 0, "SUPERSEDED": 0}
    assert queries.status_counts(acme, search="beta") == beta


def test_holders_counts_each_person_once_and_only_what_holds(badge, svg_badge, now):
    AssertionFactory.create(badge_class=badge, recipient_email="one@mail.example.org", issued_at=now)
    AssertionFactory.create(badge_class=badge, recipient_email="one@mail.example.org", issued_at=now)
    AssertionFactory.create(badge_class=badge, recipient_email="two@mail.example.org", issued_at=now)
    AssertionFactory.create(
        badge_class=badge,
        recipient_email="expired@mail.example.org",
        issued_at=now,
        expires_at=now + timedelta(days=1),
    )
    AssertionFactory.create(
        badge_class=badge,
        recipient_email="revoked@mail.example.org",
        issued_at=now,
        revoked_at=now,
        revocation_reason="Wrong person",
    )

    held = queries.holders([badge, svg_badge], at=now + timedelta(days=2))

    assert held == {badge.pk: 2, svg_badge.pk: 0}


def test_steps_may_ask_for_published_badges_and_for_those_asked_for_already(shelf, acme, academy):
    mine = BadgeClassFactory.create(issuer=academy, name="Mine")
    EarningStepFactory.create(badge_class=mine, required_badge=BadgeClass.objects.get(name="Gamma"))

    assert _names(queries.badges_to_require(acme)) == ["Alpha", "Mine"]
    assert _names(queries.badges_to_require(acme, apart_from=mine)) == ["Alpha", "Gamma"]


def test_what_a_badge_leads_to_and_who_asks_for_it(badge, svg_badge, draft_badge):
    EarningStepFactory.create(badge_class=svg_badge, required_badge=badge)
    EarningStepFactory.create(badge_class=draft_badge, required_badge=badge)

    assert queries.next_badges(badge) == [svg_badge]
    assert queries.names_requiring(badge) == ["Crane Signals", "First Aid"]


def test_awarded_once_is_awarded_for_ever(badge, now):
    assert queries.is_awarded(badge) is False
    AssertionFactory.create(badge_class=badge, issued_at=now, revoked_at=now, revocation_reason="Mistake")
    assert queries.is_awarded(badge) is True


def test_page_of_a_badge_is_safe_html(badge):
    badge.learned = "<script>alert(1)</script> *well*"
    badge.level = 2

    page = queries.badge_page(badge)

    assert page.criteria == "<p>Drive the <strong>course</strong> twice without a fault.</p>"
    assert page.learned == "<p>&lt;script&gt;alert(1)&lt;/script&gt; <em>well</em></p>"
    assert page.assessed == ""
    assert [(rung.number, rung.name, rung.reached) for rung in page.ladder] == [
        (1, "Awareness", True),
        (2, "Working", True),
        (3, "Practitioner", False),
        (4, "Advanced", False),
        (5, "Expert", False),
    ]
