"""A new account: name and address, a password only for those who want one, and nothing for those who guess."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher

from badgeserver.accounts.models import User
from tests.badgeserver.accounts.steps import errors, is_signed_in, mails_to, newest_code, subjects_to, toasts

SIGNUP, CONFIRM = "/accounts/signup/", "/accounts/confirm-email/"
NEW = "new@mail.example.org"


def test_sign_up_with_address_and_code_only(anonymous, db):
    asked = anonymous.post(SIGNUP, {"email": NEW, "name": "Nia New", "next": "/accounts/profile/"})
    assert asked["Location"] == CONFIRM
    assert not is_signed_in(anonymous)

    response = anonymous.post(CONFIRM, {"code": newest_code(NEW)})

    user = User.objects.get(email=NEW)
    assert (response["Location"], is_signed_in(anonymous)) == ("/accounts/profile/", True)
    assert (user.name, user.has_usable_password()) == ("Nia New", False)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(NEW, True, True)]


def test_sign_up_with_a_password(anonymous, db):
    anonymous.post(SIGNUP, {"email": NEW, "name": "Nia", "password1": "correct horse battery"})
    anonymous.post(CONFIRM, {"code": newest_code(NEW)})

    assert User.objects.get(email=NEW).check_password("correct horse battery")


def test_sign_up_does_not_open_the_account_before_the_address_is_confirmed(anonymous, client, db):
    anonymous.post(SIGNUP, {"email": NEW, "name": "Nia", "password1": "correct horse battery"})

    client.post("/accounts/login/", {"login": NEW, "password": "correct horse battery"})

    assert not is_signed_in(client)


def test_sign_up_keeps_addresses_in_one_form(anonymous, db):
    anonymous.post(SIGNUP, {"email": " New@Mail.Example.ORG ", "name": "Nia"})

    assert [user.email for user in User.objects.all()] == [NEW]


def test_sign_up_takes_the_address_of_the_invitation(anonymous, db):
    page = anonymous.get(f"{SIGNUP}?email={NEW}&next=/invitations/abc/")

    text = page.content.decode()
    assert f'value="{NEW}"' in text
    assert '<input type="hidden" name="next" value="/invitations/abc/">' in text
    assert "/accounts/login/?next=%2Finvitations%2Fabc%2F&amp;email=new%40mail.example.org" in text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("email", "", "Write your e-mail address."),
        ("email", "no address", "This is not a whole e-mail address. It looks like name@example.org."),
        ("email", f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.org", None),
        ("name", "", "Write your name."),
        ("name", "N\x00ia", "This contains an invisible character. Type it anew instead of pasting it."),
        ("name", "Nia\u202eadA", "This contains an invisible character. Type it anew instead of pasting it."),
        ("name", "n" * 121, "Ensure this value has at most 120 characters (it has 121)."),
        ("password1", "short", "This password is too short. It must contain at least 10 characters."),
        ("password1", "x" * 1001, "This is too long. A password has at most 1000 characters."),
    ],
)
def test_sign_up_says_what_is_wrong_and_keeps_nothing(anonymous, db, field, typed, sentence):
    data = {"email": NEW, "name": "Nia", "password1": "correct horse battery", field: typed}

    response = anonymous.post(SIGNUP, data)

    assert list(errors(response)) == [field]
    assert sentence is None or errors(response)[field][0] == sentence
    assert User.objects.count() == 0


def test_sign_up_with_a_taken_address_tells_nobody_but_its_owner(anonymous, client, rita):
    ours = anonymous.post(SIGNUP, {"email": rita.email, "name": "Mallory"}, follow=True)
    new = client.post(SIGNUP, {"email": NEW, "name": "Mallory"}, follow=True)

    assert ours.redirect_chain == new.redirect_chain
    assert len(ours.content.decode().replace(rita.email, "")) == len(new.content.decode().replace(NEW, ""))
    assert subjects_to(rita.email) == ["You already have an account"]
    assert f"http://badges.example.org/accounts/login/?email={rita.email.replace('@', '%40')}" in (
        mails_to(rita.email)[0].body
    )
    wrong = [errors(one.post(CONFIRM, {"code": "00000000"})) for one in (anonymous, client)]
    assert wrong[0] == wrong[1]
    assert User.objects.filter(email=rita.email).count() == 1


def test_sign_up_with_a_taken_address_takes_as_long(anonymous, rita, monkeypatch):
    """Hashing the password is most of the time that making an account takes."""
    hashed = []
    encode = MD5PasswordHasher.encode  # the hash of the tests
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args))

    anonymous.post(SIGNUP, {"email": rita.email, "name": "Mallory", "password1": "correct horse battery"})
    for_taken = len(hashed)
    hashed.clear()
    anonymous.session.flush()
    anonymous.post(SIGNUP, {"email": NEW, "name": "Mallory", "password1": "correct horse battery"})

    assert (for_taken, len(hashed)) == (1, 1)


def test_confirming_too_late_says_what_to_do(anonymous, db, frozen):
    anonymous.post(SIGNUP, {"email": NEW, "name": "Nia"})
    frozen.shift(timedelta(minutes=14, seconds=59))
    assert anonymous.get(CONFIRM).status_code == 200
    frozen.shift(timedelta(minutes=2))

    response = anonymous.post(CONFIRM, {"code": newest_code(NEW)}, follow=True)

    assert toasts(response) == ["That code is no longer valid. Sign in, and we mail you a new one."]
    assert not is_signed_in(anonymous)


def test_new_code_can_be_asked_for(anonymous, db, frozen):
    anonymous.post(SIGNUP, {"email": NEW, "name": "Nia"})
    frozen.shift(timedelta(seconds=30))

    response = anonymous.post(CONFIRM, {"action": "resend"}, follow=True)
    assert toasts(response) == [f"A new code is on its way to {NEW}. The one before no longer works."]
    anonymous.post(CONFIRM, {"code": newest_code(NEW)})

    assert is_signed_in(anonymous)


def test_name_may_be_written_as_people_are_called(anonymous, db):
    for number, name in enumerate(["Łukasz Żółć", "李小龍", "O'Brien-Müller 3rd", "नेहा", "علی‌رضا"]):
        anonymous.session.flush()
        anonymous.post(SIGNUP, {"email": f"p{number}@mail.example.org", "name": name})

    assert sorted(User.objects.values_list("name", flat=True)) == sorted(
        ["Łukasz Żółć", "李小龍", "O'Brien-Müller 3rd", "नेहा", "علی‌رضا"]
    )
