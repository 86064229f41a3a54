"""Who holds which version, and what they could earn next."""

from datetime import timedelta

import pytest

from assertions.actions.invitations import publish_and_invite
from assertions.insights.versions import awards_to_invite, earlier_award, upgrades_for
from assertions.models import Assertion
from badges.actions.badge_classes import archive_badge_class
from badges.actions.versions import make_next_version
from badges.models import BadgeClass
from tests.factories.assertions import AssertionFactory

RITA = "rita@mail.example.org"


@pytest.fixture
def second(assertion, badge, ed, now) -> BadgeClass:
    draft = make_next_version(badge_class=badge, by=ed, at=now)
    return publish_and_invite(badge_class=draft, change_note="New.", invites=False, by=ed, at=now)[0]


def seen(*awards: Assertion):
    return Assertion.objects.select_related("badge_class").filter(pk__in=[one.pk for one in awards])


def test_holder_of_an_earlier_version_can_earn_the_current_one(second, assertion, now):
    assert {pk: (one.version, one.is_invited) for pk, one in upgrades_for(seen(assertion), at=now).items()} == {
        assertion.pk: (second, False)
    }


def test_invited_holders_are_told_apart(assertion, badge, ed, now):
    draft = make_next_version(badge_class=badge, by=ed, at=now)
    publish_and_invite(badge_class=draft, change_note="New.", invites=True, by=ed, at=now)

    assert upgrades_for(seen(assertion), at=now)[assertion.pk].is_invited is True


def test_what_is_over_or_earned_leads_nowhere(second, badge, ed, now):
    revoked = AssertionFactory.create(badge_class=badge, revoked=True)
    expired = AssertionFactory.create(badge_class=badge, expires_at=now + timedelta(days=1))
    current = AssertionFactory.create(badge_class=second)
    earned = AssertionFactory.create(badge_class=badge, recipient_email=current.recipient_email)

    assert upgrades_for(seen(revoked, expired, current, earned), at=now + timedelta(days=2)) == {}


def test_archived_badge_leads_nowhere(second, assertion, ed, now):
    archive_badge_class(badge_class=second, by=ed, at=now)

    assert upgrades_for(seen(assertion), at=now) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_upgrades_cost_the_same_however_many(count, second, badge, now, django_assert_num_queries):
    awards = list(seen(*AssertionFactory.create_batch(count, badge_class=badge)))

    with django_assert_num_queries(3):
        assert len(upgrades_for(awards, at=now)) == count


def test_earlier_award_is_the_newest_of_another_version(second, badge, assertion, now):
    assert earlier_award(second, RITA, at=now) == assertion
    assert earlier_award(badge, RITA, at=now) is None
    assert earlier_award(second, "nobody@mail.example.org", at=now) is None


def test_nobody_is_to_be_invited_twice_a_person(second, badge, assertion, now):
    newer = AssertionFactory.create(badge_class=badge, recipient_email=RITA, issued_at=now + timedelta(days=1))

    assert awards_to_invite(second, at=now + timedelta(days=2)) == [newer.pk]
