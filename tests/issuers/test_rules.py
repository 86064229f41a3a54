import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from issuers.models import Role
from issuers.rules import (
    PERMISSION_WORDS,
    ROLE_PERMISSIONS,
    Permission,
    can,
    words_of,
    workspace_for,
)
from tests.factories.issuers import MembershipFactory, OrganisationFactory


def test_every_permission_has_words_and_every_role_a_line():
    assert set(PERMISSION_WORDS) == set(Permission)
    assert set(ROLE_PERMISSIONS) == set(Role)


def test_owner_may_everything():
    assert words_of(Role.OWNER) == [str(words) for words in PERMISSION_WORDS.values()]


def test_words_of_a_role_are_in_the_order_of_the_table():
    assert words_of(Role.REPORTER) == ["See the numbers, without names", "See all badges, drafts too"]


def test_can_asks_for_an_issuer_as_for_its_organisation(academy, acme, ed, rita):
    assert can(ed, Permission.EDIT_BADGES, academy)
    assert can(ed, Permission.EDIT_BADGES, acme)
    assert not can(ed, Permission.MANAGE_STAFF, academy)
    assert not can(rita, Permission.SEE_NUMBERS, academy)


def test_workspace_for_hides_what_is_not_yours(acme, ada, mallory, nora):
    assert workspace_for(ada, "acme", Permission.MANAGE_STAFF).organisation == acme
    with pytest.raises(Http404):
        workspace_for(mallory, "acme", Permission.SEE_NUMBERS)
    with pytest.raises(PermissionDenied, match="An owner can change your role under Staff"):
        workspace_for(nora, "acme", Permission.MANAGE_STAFF)


def test_workspace_for_brings_the_other_organisations_in_one_query(acme, ada, django_assert_num_queries):
    abel = OrganisationFactory.create(name="Abel")
    MembershipFactory.create(organisation=abel, user=ada, role=Role.REPORTER)

    with django_assert_num_queries(1):
        found = workspace_for(ada, "acme", Permission.SEE_NUMBERS)

    assert (found.organisation, found.organisations) == (acme, (abel, acme))


def test_workspace_for_follows_the_role_at_once(acme, ed):
    assert workspace_for(ed, "acme", Permission.SEE_BADGES).may(Permission.EDIT_BADGES)
    ed.memberships.update(role=Role.REPORTER)
    assert not workspace_for(ed, "acme", Permission.SEE_BADGES).may(Permission.EDIT_BADGES)
    ed.memberships.all().delete()
    with pytest.raises(Http404):
        workspace_for(ed, "acme", Permission.SEE_BADGES)
