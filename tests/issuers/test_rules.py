import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from issuers.models import Role
from issuers.rules import (
    PERMISSION_WORDS,
    ROLE_PERMISSIONS,
    Permission,
    can,
    organisation_for,
    permissions_in,
    require,
    words_of,
)


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


def test_require_says_who_can_help(acme, nora):
    with pytest.raises(PermissionDenied, match="An owner can change your role under Staff"):
        require(nora, Permission.AWARD_BADGES, acme)


def test_organisation_for_hides_what_is_not_yours(acme, ada, mallory, nora):
    assert organisation_for(ada, "acme", Permission.MANAGE_STAFF) == acme
    with pytest.raises(Http404):
        organisation_for(mallory, "acme", Permission.SEE_NUMBERS)
    with pytest.raises(PermissionDenied):
        organisation_for(nora, "acme", Permission.MANAGE_STAFF)


def test_permissions_in_follow_the_role_at_once(acme, ed):
    assert Permission.EDIT_BADGES in permissions_in(ed, acme)
    ed.memberships.all().delete()
    assert permissions_in(ed, acme) == set()
