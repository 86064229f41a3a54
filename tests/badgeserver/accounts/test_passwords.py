"""Passwords: forgotten, changed, set for the first time."""

from datetime import timedelta

import pytest

from tests.badgeserver.accounts.steps import (
    errors,
    is_signed_in,
    newest_code,
    sign_in,
    subjects_to,
    toasts,
)
from tests.factories.accounts import PASSWORD, UserFactory

RESET, CONFIRM, COMPLETE = (
    "/accounts/password/reset/",
    "/accounts/password/reset/confirm/",
    "/accounts/password/reset/complete/",
)
NEW = "another four word phrase"


def test_forgotten_password_is_replaced_by_a_code_and_one_is_in(anonymous, rita):
    asked = anonymous.post(RESET, {"email": rita.email, "next": "/accounts/profile/"})
    assert asked["Location"] == f"{CONFIRM}?next=%2Faccounts%2Fprofile%2F"
    confirmed = anonymous.post(CONFIRM, {"code": newest_code(rita.email), "next": "/accounts/profile/"})
    assert confirmed["Location"] == f"{COMPLETE}?next=%2Faccounts%2Fprofile%2F"

    response = anonymous.post(COMPLETE, {"password1": NEW, "next": "/accounts/profile/"})

    rita.refresh_from_db()
    assert (response["Location"], is_signed_in(anonymous), rita.check_password(NEW)) == (
        "/accounts/profile/",
        True,
        True,
    )
    assert subjects_to(rita.email) == ["0000 0000 is your code to choose a new password", "Your password was changed"]


def test_forgotten_password_of_an_unknown_address_looks_the_same(anonymous, client, rita):
    ours = anonymous.post(RESET, {"email": rita.email}, follow=True)
    nobodys = client.post(RESET, {"email": "nobody@mail.example.org"}, follow=True)

    assert ours.redirect_chain == nobodys.redirect_chain
    assert errors(anonymous.post(CONFIRM, {"code": "00000000"})) == errors(client.post(CONFIRM, {"code": "00000000"}))
    assert subjects_to("nobody@mail.example.org") == ["There is no account with this address yet"]


def test_new_password_cannot_be_chosen_without_the_code(anonymous, rita):
    anonymous.post(RESET, {"email": rita.email})

    response = anonymous.post(COMPLETE, {"password1": NEW})

    rita.refresh_from_db()
    assert (response["Location"], rita.check_password(PASSWORD)) == (CONFIRM, True)


def test_code_for_a_new_password_that_is_too_old_says_so(anonymous, rita, frozen):
    anonymous.post(RESET, {"email": rita.email})
    frozen.shift(timedelta(minutes=16))

    response = anonymous.post(CONFIRM, {"code": newest_code(rita.email)}, follow=True)

    assert (toasts(response), response.redirect_chain[-1][0]) == (
        ["That code is no longer valid. Ask for a new one."],
        RESET,
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("short", "This password is too short. It must contain at least 10 characters."),
        ("password1234", "This password is too common."),
        ("null\x00null\x00null", "This contains an invisible character. Type it anew instead of pasting it."),
        ("", "Type the password."),
    ],
)
def test_weak_password_is_refused_with_a_reason(as_rita, rita, typed, sentence):
    response = as_rita.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": typed})

    rita.refresh_from_db()
    assert (errors(response)["password1"][0], rita.check_password(PASSWORD)) == (sentence, True)


def test_password_is_changed_and_one_stays_signed_in(as_rita, rita):
    response = as_rita.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW}, follow=True)

    rita.refresh_from_db()
    assert (rita.check_password(NEW), is_signed_in(as_rita)) == (True, True)
    assert (response.redirect_chain, toasts(response)) == (
        [("/accounts/", 302)],
        ["Your new password works from now on."],
    )
    assert subjects_to(rita.email) == ["Your password was changed"]


def test_other_sessions_end_when_the_password_changes(as_rita, client, rita):
    sign_in(client, rita)

    as_rita.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW})

    assert client.get("/accounts/")["Location"] == "/accounts/login/?next=/accounts/"


def test_password_so_far_must_be_right(as_rita, rita):
    response = as_rita.post("/accounts/password/change/", {"oldpassword": "wrong wrong", "password1": NEW})

    assert errors(response) == {"oldpassword": ["This is not your password so far. Try again."]}


def test_account_without_a_password_gets_one(client, db):
    user = UserFactory.create(password=None)
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    assert client.get("/accounts/password/change/")["Location"] == "/accounts/password/set/"

    client.post("/accounts/password/set/", {"password1": NEW})

    user.refresh_from_db()
    assert (user.check_password(NEW), subjects_to(user.email)) == (True, ["Your account has a password now"])


def test_failed_tries_are_forgotten_with_the_new_password(anonymous, rita):
    for _again in range(5):
        anonymous.post("/accounts/login/", {"login": rita.email, "password": "wrong wrong wrong"})
    anonymous.post(RESET, {"email": rita.email})
    anonymous.post(CONFIRM, {"code": newest_code(rita.email)})
    anonymous.post(COMPLETE, {"password1": NEW})
    anonymous.post("/accounts/logout/")

    anonymous.post("/accounts/login/", {"login": rita.email, "password": NEW})

    assert is_signed_in(anonymous)
