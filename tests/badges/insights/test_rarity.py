from badges.insights.rarity import Rarity, rarity_of
from issuers.models import JobRole
from tests.factories.assertions import AssertionFactory
from tests.factories.badges import BadgeClassFactory
from tests.factories.issuers import DepartmentFactory, PersonFactory


def test_rarity_counts_those_whom_the_badge_is_for(badge, svg_badge, acme, now):
    unit, role = DepartmentFactory.create(organisation=acme), JobRole.objects.create(organisation=acme, name="Welder")
    PersonFactory.create_batch(3, organisation=acme, department=unit)
    PersonFactory.create(organisation=acme, department=unit, job_role=role)
    PersonFactory.create(organisation=acme, job_role=role)
    PersonFactory.create()  # works elsewhere
    badge.departments.add(unit)
    badge.job_roles.add(role)
    AssertionFactory.create(badge_class=badge, issued_at=now)

    found = rarity_of([badge, svg_badge], at=now)

    everybody = acme.people.count()
    assert found == {badge.pk: Rarity(1, 5, is_for_all=False), svg_badge.pk: Rarity(0, everybody, is_for_all=True)}
    assert (found[badge.pk].percent, found[badge.pk].public_percent) == (20, None)


def test_more_holders_than_people_have_no_share(badge, acme, now):
    PersonFactory.create(organisation=acme)
    AssertionFactory.create_batch(5, badge_class=badge, issued_at=now)

    assert rarity_of([badge], at=now)[badge.pk].people is None


def test_rarity_asks_the_same_number_of_questions(academy, acme, now, django_assert_num_queries):
    PersonFactory.create(organisation=acme)
    few, many = BadgeClassFactory.create_batch(2, issuer=academy), BadgeClassFactory.create_batch(20, issuer=academy)

    for badges in (few, many):
        with django_assert_num_queries(4):
            rarity_of(badges, at=now)
