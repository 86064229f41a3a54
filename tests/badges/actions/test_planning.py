from datetime import date, timedelta

import pytest

from badges.actions.badge_classes import ChangedMeanwhile, copy_badge_class
from badges.actions.planning import (
    AudienceRefused,
    CapTooLow,
    LadderRefused,
    PlanFields,
    RelatedRefused,
    ReviewPassed,
    VisibilityRefused,
    fingerprint,
    plan_badge_class,
    plan_of,
)
from badges.actions.versions import make_next_version
from badges.models import Visibility
from badgeserver.audit.describe import describe
from badgeserver.audit.models import AuditEvent
from issuers.models import JobRole
from tests.factories.assertions import AssertionFactory, EndorsementFactory
from tests.factories.badges import BadgeClassFactory
from tests.factories.issuers import DepartmentFactory, IssuerFactory


@pytest.fixture
def terminal(acme):
    return DepartmentFactory.create(organisation=acme, name="Terminal Operations")


@pytest.fixture
def crane(acme):
    return JobRole.objects.create(organisation=acme, name="Crane Operator")


def test_everything_may_change_while_people_hold_it(badge, svg_badge, assertion, terminal, crane, ed, now):
    plan = PlanFields(
        departments=[terminal],
        job_roles=[crane],
        award_cap=10,
        next_level=svg_badge,
        related=[svg_badge],
        review_by=date(2027, 1, 1),
    )

    planned = plan_badge_class(badge_class=badge, fields=plan, by=ed, at=now)

    badge.refresh_from_db()
    assert planned == badge
    kept = plan_of(badge)
    assert (kept.departments, kept.job_roles, kept.award_cap) == ((terminal,), (crane,), 10)
    assert (kept.next_level, kept.related, kept.review_by) == (svg_badge, (svg_badge,), date(2027, 1, 1))
    event = AuditEvent.objects.latest("pk")
    assert (event.type, event.subject_name) == ("badge_class.planned", "Forklift Safety")
    assert event.details["changed"] == ["departments", "job_roles", "award_cap", "next_level", "related", "review_by"]
    assert describe(event).sentence == "Changed the planning of “Forklift Safety”"


def test_the_same_again_leaves_no_trace(badge, ed, now):
    before = AuditEvent.objects.count()

    plan_badge_class(badge_class=badge, fields=plan_of(badge), by=ed, at=now)

    assert AuditEvent.objects.count() == before


def test_all_versions_are_planned_alike_and_new_ones_take_it_along(badge, assertion, terminal, ed, now):
    draft = make_next_version(badge_class=badge, by=ed, at=now)
    plan_badge_class(badge_class=badge, fields=PlanFields(departments=[terminal], award_cap=3), by=ed, at=now)

    draft.refresh_from_db()
    assert (draft.award_cap, list(draft.departments.all())) == (3, [terminal])
    draft.delete()
    again = make_next_version(badge_class=badge, by=ed, at=now)
    assert (again.award_cap, list(again.departments.all())) == (3, [terminal])


def test_a_copy_is_for_the_same_people_and_as_visible(badge, terminal, ed, now):
    fields = PlanFields(visibility=Visibility.INTERNAL, departments=[terminal], award_cap=3)
    planned = plan_badge_class(badge_class=badge, fields=fields, by=ed, at=now)

    copy = copy_badge_class(badge_class=planned, by=ed, at=now)

    assert (copy.visibility, list(copy.departments.all()), copy.award_cap) == ("INTERNAL", [terminal], None)


def test_a_cap_is_never_below_those_who_hold_it(badge, ed, now):
    for name in ["one", "two", "two"]:
        AssertionFactory.create(badge_class=badge, recipient_email=f"{name}@mail.example.org", issued_at=now)

    with pytest.raises(CapTooLow) as refused:
        plan_badge_class(badge_class=badge, fields=PlanFields(award_cap=1), by=ed, at=now)
    plan_badge_class(badge_class=badge, fields=PlanFields(award_cap=2), by=ed, at=now)

    assert refused.value.message == "2 people hold this badge already. Allow at least 2, or set no limit."
    assert refused.value.field == "award_cap"
    badge.refresh_from_db()
    assert badge.award_cap == 2


@pytest.mark.parametrize("cap", [0, -3])
def test_a_cap_is_at_least_somebody(badge, ed, now, cap):
    with pytest.raises(CapTooLow):
        plan_badge_class(badge_class=badge, fields=PlanFields(award_cap=cap), by=ed, at=now)


def test_what_was_awarded_publicly_stays_public(badge, assertion, ed, now):
    with pytest.raises(VisibilityRefused) as refused:
        plan_badge_class(badge_class=badge, fields=PlanFields(visibility=Visibility.INTERNAL), by=ed, at=now)

    assert "It stays public" in refused.value.message
    badge.refresh_from_db()
    assert badge.visibility == Visibility.PUBLIC


def test_what_is_endorsed_publicly_stays_public(badge, ed, now):
    EndorsementFactory.create(badge_class=badge, accepted=True)

    with pytest.raises(VisibilityRefused):
        plan_badge_class(badge_class=badge, fields=PlanFields(visibility=Visibility.INTERNAL), by=ed, at=now)


def test_internal_opens_at_any_time(badge, ed, now):
    plan_badge_class(badge_class=badge, fields=PlanFields(visibility=Visibility.INTERNAL), by=ed, at=now)
    AssertionFactory.create(badge_class=badge, issued_at=now)

    plan_badge_class(badge_class=badge, fields=PlanFields(visibility=Visibility.PUBLIC), by=ed, at=now)

    badge.refresh_from_db()
    assert badge.visibility == Visibility.PUBLIC


def test_a_ladder_has_no_circle(badge, svg_badge, academy, ed, now):
    third = BadgeClassFactory.create(issuer=academy, name="Third")
    plan_badge_class(badge_class=badge, fields=PlanFields(next_level=svg_badge), by=ed, at=now)
    plan_badge_class(badge_class=svg_badge, fields=PlanFields(next_level=third), by=ed, at=now)

    with pytest.raises(LadderRefused) as around:
        plan_badge_class(badge_class=third, fields=PlanFields(next_level=badge), by=ed, at=now)
    with pytest.raises(LadderRefused) as itself:
        plan_badge_class(badge_class=badge, fields=PlanFields(next_level=badge), by=ed, at=now)

    assert "circle" in around.value.message
    assert itself.value.message == "A badge cannot be its own next level. Choose another one."


def test_nothing_of_other_organisations(badge, ed, now):
    foreign = BadgeClassFactory.create(issuer=IssuerFactory.create())
    department = DepartmentFactory.create()

    for fields, refusal in [
        (PlanFields(next_level=foreign), LadderRefused),
        (PlanFields(related=[foreign]), RelatedRefused),
        (PlanFields(related=[badge]), RelatedRefused),
        (PlanFields(departments=[department]), AudienceRefused),
    ]:
        with pytest.raises(refusal):
            plan_badge_class(badge_class=badge, fields=fields, by=ed, at=now)


def test_a_review_lies_ahead_but_one_that_has_passed_may_stay(badge, ed, now):
    yesterday = now.date() - timedelta(days=1)
    with pytest.raises(ReviewPassed):
        plan_badge_class(badge_class=badge, fields=PlanFields(review_by=yesterday), by=ed, at=now)
    badge.review_by = yesterday
    badge.save()

    plan_badge_class(badge_class=badge, fields=PlanFields(review_by=yesterday, award_cap=5), by=ed, at=now)

    badge.refresh_from_db()
    assert badge.award_cap == 5


def test_two_planners_do_not_write_over_each_other(badge, ed, ada, now):
    seen = fingerprint(plan_of(badge))
    plan_badge_class(badge_class=badge, fields=PlanFields(award_cap=5), seen=seen, by=ed, at=now)

    with pytest.raises(ChangedMeanwhile):
        plan_badge_class(badge_class=badge, fields=PlanFields(award_cap=7), seen=seen, by=ada, at=now)

    badge.refresh_from_db()
    assert badge.award_cap == 5
