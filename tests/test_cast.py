"""The cast is what the other tests take it for."""

import pytest

from badgeserver.openbadges import keys
from issuers.rules import Permission, can
from tests.factories.accounts import PASSWORD


def test_cast_roles_are_told_apart(acme, ada, ed, sam, rex, nora, rita, mallory):
    told = {
        user.name.split()[0]: [
            can(user, permission, acme)
            for permission in (
                Permission.MANAGE_STAFF,
                Permission.EDIT_BADGES,
                Permission.AWARD_BADGES,
                Permission.REVIEW_APPLICATIONS,
                Permission.SEE_NUMBERS,
            )
        ]
        for user in (ada, ed, sam, rex, nora, rita, mallory)
    }

    assert told == {
        "Ada": [True, True, True, True, True],
        "Ed": [False, True, True, False, True],
        "Sam": [False, False, True, False, True],
        "Rex": [False, False, False, True, True],
        "Nora": [False, False, False, False, True],
        "Rita": [False, False, False, False, False],
        "Mallory": [False, False, False, False, False],
    }


def test_cast_signs_in_with_the_password(rita):
    assert rita.check_password(PASSWORD)
    assert [(address.email, address.verified) for address in rita.emailaddress_set.all()] == [(rita.email, True)]


def test_academy_has_one_key_that_can_be_read(academy, settings):
    key = academy.signing_keys.get()

    private = keys.load_private_key(keys.decrypt_private_key(key.encrypted_private_key, settings.KEY_ENCRYPTION_KEYS))

    assert keys.public_key_pem(private) == key.public_key_pem


def test_assertion_is_finished(assertion, badge, rita):
    assert assertion.finished_at is not None
    assert (assertion.badge_class, assertion.recipient_key) == (badge, rita.email)


@pytest.mark.usefixtures("svg_badge", "draft_badge", "elsewhere_issuer")
def test_badges_are_one_of_each(badge):
    rows = badge.issuer.badge_classes.by_name().values_list("name", "status", "image")

    assert [(name, status, image.rsplit(".", 1)[-1]) for name, status, image in rows] == [
        ("Crane Signals", "DRAFT", "png"),
        ("First Aid", "PUBLISHED", "svg"),
        ("Forklift Safety", "PUBLISHED", "png"),
    ]
