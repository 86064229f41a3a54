"""One's addresses: badges follow them."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from badgeserver.accounts.models import User
from tests.badgeserver.accounts.steps import confirm_it_is_me, errors, mails_to, newest_code, subjects_to, toasts
from tests.factories.accounts import PASSWORD, UserFactory

ADDRESSES, CONFIRM = "/accounts/email/", "/accounts/confirm-email/"
SECOND = "rita@private.example.org"


@pytest.fixture
def second(rita) -> EmailAddress:
    return EmailAddress.objects.create(user=rita, email=SECOND, verified=True)


def addresses_of(user: User) -> list[tuple[str, bool, bool]]:
    rows = EmailAddress.objects.filter(user=user).order_by("email")
    return [(row.email, row.verified, row.primary) for row in rows]


def test_address_is_added_once_its_code_came_back(as_rita, rita):
    confirm_it_is_me(as_rita)
    asked = as_rita.post(ADDRESSES, {"action_add": "", "email": SECOND.upper()})
    assert asked["Location"] == CONFIRM
    assert addresses_of(rita) == [(rita.email, True, True)]

    response = as_rita.post(CONFIRM, {"code": newest_code(SECOND)}, follow=True)

    assert addresses_of(rita) == [(rita.email, True, True), (SECOND, True, False)]
    assert (response.redirect_chain, toasts(response)) == ([(ADDRESSES, 302)], [f"{SECOND} is confirmed."])


def test_address_of_an_invitation_leads_back_to_it(as_rita, rita):
    page = as_rita.get(f"{ADDRESSES}?email={SECOND}&next=/invitations/abc/").content.decode()
    assert f'value="{SECOND}"' in page
    assert '<input type="hidden" name="next" value="/invitations/abc/">' in page
    confirm_it_is_me(as_rita)

    asked = as_rita.post(ADDRESSES, {"action_add": "", "email": SECOND, "next": "/invitations/abc/"})
    response = as_rita.post(asked["Location"], {"code": newest_code(SECOND), "next": "/invitations/abc/"})

    assert (asked["Location"], response["Location"]) == (f"{CONFIRM}?next=%2Finvitations%2Fabc%2F", "/invitations/abc/")


def test_adding_asks_for_the_password_and_goes_on_by_itself(as_rita, rita):
    asked = as_rita.post(ADDRESSES, {"action_add": "", "email": SECOND})
    assert asked["Location"].startswith("/accounts/reauthenticate/?next=")

    response = as_rita.post(asked["Location"], {"password": PASSWORD, "next": ADDRESSES})

    assert (response["Location"], subjects_to(SECOND)) == (CONFIRM, ["0000 0000 is your code to confirm your address"])


def test_wrong_password_is_asked_again(as_rita):
    response = as_rita.post("/accounts/reauthenticate/", {"password": "wrong wrong wrong", "next": ADDRESSES})

    assert errors(response) == {"password": ["This is not your password. Try again."]}


def test_address_of_somebody_else_looks_as_if_it_could_be_added(as_rita, ada, rita):
    confirm_it_is_me(as_rita)

    as_rita.post(ADDRESSES, {"action_add": "", "email": ada.email})
    page = as_rita.get(CONFIRM)

    assert page.status_code == 200
    response = as_rita.post(CONFIRM, {"code": newest_code(ada.email)})
    assert errors(response) == {
        "code": ["This address belongs to another account. Sign in to that account, or use another address."]
    }
    assert addresses_of(rita) == [(rita.email, True, True)]


def test_address_that_one_has_is_refused(as_rita, rita):
    confirm_it_is_me(as_rita)

    response = as_rita.post(ADDRESSES, {"action_add": "", "email": rita.email})

    assert errors(response) == {"email": ["You have this address already."]}


def test_nine_addresses_are_too_many(as_rita, rita):
    for number in range(7):
        EmailAddress.objects.create(user=rita, email=f"r{number}@mail.example.org", verified=True)
    confirm_it_is_me(as_rita)

    response = as_rita.post(ADDRESSES, {"action_add": "", "email": SECOND})

    assert errors(response) == {"email": ["An account has at most 8 addresses. Remove one first."]}


def test_another_address_becomes_the_main_one(as_rita, rita, second):
    confirm_it_is_me(as_rita)

    response = as_rita.post(ADDRESSES, {"action_primary": "", "email": SECOND}, follow=True)

    rita.refresh_from_db()
    assert (rita.email, toasts(response)) == (SECOND, ["Your main address was changed."])
    assert addresses_of(rita) == [("rita@mail.example.org", True, False), (SECOND, True, True)]
    told = mails_to("rita@mail.example.org")[-1]
    assert told.subject == "Your main address was changed"
    assert f"The main address of your account is now {SECOND} instead of rita@mail.example.org." in told.body


def test_removing_asks_first_and_says_what_it_means_for_badges(as_rita, second):
    page = as_rita.get(reverse("account-remove-address", args=[second.pk])).content.decode()

    assert "Badges awarded to it stay valid" in page
    assert f'name="email" value="{SECOND}"' in page
    assert EmailAddress.objects.filter(pk=second.pk).exists()


def test_address_is_removed(as_rita, rita, second):
    confirm_it_is_me(as_rita)

    response = as_rita.post(ADDRESSES, {"action_remove": "", "email": SECOND}, follow=True)

    assert addresses_of(rita) == [(rita.email, True, True)]
    assert toasts(response) == [f"{SECOND} was removed from your account."]
    assert subjects_to(rita.email) == ["An address was removed"]


def test_main_address_stays(as_rita, rita, second):
    confirm_it_is_me(as_rita)

    response = as_rita.post(ADDRESSES, {"action_remove": "", "email": rita.email}, follow=True)

    assert toasts(response) == [f"{rita.email} is your main address. Make another one the main address first."]
    assert addresses_of(rita) == [(rita.email, True, True), (SECOND, True, False)]
    page = as_rita.get(reverse("account-remove-address", args=[rita.emailaddress_set.get(primary=True).pk]))
    assert 'name="action_remove"' not in page.content.decode()


@pytest.mark.parametrize("action", ["action_remove", "action_primary", "action_send"])
def test_addresses_of_others_cannot_be_touched(as_mallory, rita, second, action):
    confirm_it_is_me(as_mallory)

    response = as_mallory.post(ADDRESSES, {action: "", "email": SECOND})

    assert response.status_code == 302
    assert addresses_of(rita) == [(rita.email, True, True), (SECOND, True, False)]
    assert mails_to(SECOND) == []
    assert as_mallory.get(reverse("account-remove-address", args=[second.pk])).status_code == 404


def test_strangers_are_sent_to_sign_in(anonymous, second):
    paths = [ADDRESSES, reverse("account-remove-address", args=[second.pk])]

    assert [anonymous.get(path)["Location"] for path in paths] == [f"/accounts/login/?next={path}" for path in paths]


def test_unconfirmed_address_of_another_account_does_not_stop_its_owner_for_ever(client, as_rita, rita):
    """Who signs up with a stranger's address and never confirms it gets nothing; its owner comes in by a code."""
    client.post("/accounts/signup/", {"email": SECOND, "name": "Mallory"})
    client.session.flush()

    client.post("/accounts/login/code/", {"email": SECOND})
    client.post("/accounts/login/code/confirm/", {"code": newest_code(SECOND)})

    assert addresses_of(User.objects.get(email=SECOND)) == [(SECOND, True, True)]


def test_lists_ask_the_database_equally_often(as_rita, rita, second, django_assert_num_queries):
    as_rita.get(ADDRESSES)
    with django_assert_num_queries(5):
        as_rita.get(ADDRESSES)
    for number in range(3):
        EmailAddress.objects.create(user=rita, email=f"r{number}@mail.example.org", verified=True)

    with django_assert_num_queries(5):
        as_rita.get(ADDRESSES)


def test_account_without_rows_of_addresses_gets_its_own(client, db):
    """Accounts that were made without allauth have an address, but no row for it."""
    bare = UserFactory.create(address=None)
    client.force_login(bare)

    client.get(ADDRESSES)

    assert addresses_of(bare) == [(bare.email, False, False)]
