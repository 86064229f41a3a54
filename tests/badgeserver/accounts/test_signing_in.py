"""The way in: by password, by a mailed code; where one goes afterwards; what strangers learn."""

import logging
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from badgeserver.audit.models import AuditEvent
from tests.badgeserver.accounts.steps import (
    errors,
    is_signed_in,
    mails_to,
    newest_code,
    sign_in,
    subjects_to,
    toasts,
)
from tests.factories.accounts import PASSWORD, UserFactory

LOGIN, CODE, CONFIRM = "/accounts/login/", "/accounts/login/code/", "/accounts/login/code/confirm/"


def test_sign_in_by_password_leads_where_one_wanted_to_go(anonymous, rita):
    response = sign_in(anonymous, rita, next_url="/accounts/profile/")

    assert (response.status_code, response["Location"], is_signed_in(anonymous)) == (302, "/accounts/profile/", True)


def test_sign_in_leads_home_when_one_wanted_nothing(anonymous, rita):
    assert sign_in(anonymous, rita)["Location"] == reverse("assertions:home")


def test_where_one_wanted_to_go_is_forgotten_afterwards(anonymous, rita):
    sign_in(anonymous, rita, next_url="/accounts/profile/")

    assert anonymous.get(LOGIN)["Location"] == reverse("assertions:home")


@pytest.mark.parametrize("elsewhere", ["https://evil.example.net/", "//evil.example.net", "javascript:alert(1)"])
def test_sign_in_leads_nowhere_else(anonymous, rita, elsewhere):
    assert sign_in(anonymous, rita, next_url=elsewhere)["Location"] == reverse("assertions:home")


@pytest.mark.parametrize("typed", ["RITA@Mail.Example.ORG", "  rita@mail.example.org "])
def test_sign_in_takes_the_address_in_any_case(anonymous, rita, typed):
    anonymous.post(LOGIN, {"login": typed, "password": PASSWORD})

    assert is_signed_in(anonymous)


@pytest.mark.parametrize("address", ["rita@mail.example.org", "nobody@mail.example.org"])
def test_sign_in_refuses_with_the_same_words_whether_there_is_an_account(anonymous, rita, address):
    response = anonymous.post(LOGIN, {"login": address, "password": "wrong wrong wrong"})

    assert errors(response) == {
        "__all__": ["Address and password do not belong together. Try again, or have a code mailed to you."]
    }
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Write your e-mail address."),
        ("rita", "This is not a whole e-mail address. It looks like name@example.org."),
        ("rita@mail.example.org.", "This is not a whole e-mail address. It looks like name@example.org."),
        ("rita@mail", "This is not a whole e-mail address. It looks like name@example.org."),
        ("ri\x00ta@mail.example.org", "This contains an invisible character. Type it anew instead of pasting it."),
    ],
)
def test_sign_in_says_what_is_wrong_with_an_address(anonymous, typed, sentence):
    response = anonymous.post(LOGIN, {"login": typed, "password": PASSWORD})

    assert errors(response)["login"][0] == sentence


def test_password_is_guessed_five_times_at_most(anonymous, rita):
    for _again in range(5):
        anonymous.post(LOGIN, {"login": rita.email, "password": "wrong wrong wrong"})

    response = sign_in(anonymous, rita)

    assert errors(response) == {
        "__all__": ["That was wrong too often. Have a code mailed to you, or wait five minutes and try again."]
    }
    assert not is_signed_in(anonymous)


def test_password_is_never_logged_or_mailed(anonymous, rita, caplog, settings):
    caplog.set_level(logging.DEBUG)

    anonymous.post(LOGIN, {"login": rita.email, "password": "wrong wrong wrong"})
    sign_in(anonymous, rita)
    anonymous.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "another four word phrase"})

    said = caplog.text + "".join(str(message.message()) for message in mail.outbox)
    assert [word for word in ("wrong wrong", PASSWORD, "another four") if word in said] == []


# --- By a mailed code ------------------------------------------------------------------------------------------


def test_code_signs_in_and_keeps_where_one_wanted_to_go(anonymous, rita):
    asked = anonymous.post(CODE, {"email": rita.email, "next": "/accounts/profile/"})
    assert asked["Location"] == f"{CONFIRM}?next=%2Faccounts%2Fprofile%2F"
    page = anonymous.get(asked["Location"])
    assert '<input type="hidden" name="next" value="/accounts/profile/">' in page.content.decode()

    response = anonymous.post(CONFIRM, {"code": newest_code(rita.email), "next": "/accounts/profile/"})

    assert (response["Location"], is_signed_in(anonymous)) == ("/accounts/profile/", True)


def test_code_is_asked_for_from_the_sign_in_page_without_typing_the_address_again(anonymous, rita):
    """The button of the sign-in form sends its fields elsewhere: an address, and a password that nobody looks at."""
    anonymous.post(CODE, {"login": rita.email, "password": ""})

    assert subjects_to(rita.email) == ["0000 0000 is your code to sign in"]


def test_code_without_an_address_asks_for_one(anonymous, db):
    response = anonymous.post(CODE, {"login": "", "password": ""})

    assert errors(response) == {"email": ["Write your e-mail address."]}


@pytest.mark.parametrize("written", ["{0} {1}", " {0}-{1} ", "{0}{1}"])
def test_code_may_be_written_in_halves(anonymous, rita, written):
    anonymous.post(CODE, {"email": rita.email})
    code = newest_code(rita.email)

    anonymous.post(CONFIRM, {"code": written.format(code[:4], code[4:])})

    assert is_signed_in(anonymous)


def test_code_may_be_written_with_digits_of_full_width(anonymous, rita):
    anonymous.post(CODE, {"email": rita.email})
    wide = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in newest_code(rita.email))

    anonymous.post(CONFIRM, {"code": wide})

    assert is_signed_in(anonymous)


def test_wrong_code_says_what_to_do(anonymous, rita):
    anonymous.post(CODE, {"email": rita.email})

    response = anonymous.post(CONFIRM, {"code": "00000000"})

    assert errors(response) == {
        "code": ["This is not the code. Look at the newest mail and type its code, or have a new one sent."]
    }


def test_code_is_tried_five_times_at_most(anonymous, rita):
    anonymous.post(CODE, {"email": rita.email})
    code = newest_code(rita.email)
    for _again in range(5):
        response = anonymous.post(CONFIRM, {"code": "00000000"}, follow=True)

    assert toasts(response) == [
        "That was wrong too often. Have a code mailed to you, or wait five minutes and try again."
    ]
    anonymous.post(CONFIRM, {"code": code})
    assert not is_signed_in(anonymous)


def test_code_that_is_too_old_says_so_and_keeps_where_one_wanted_to_go(anonymous, rita, frozen):
    anonymous.post(CODE, {"email": rita.email, "next": "/accounts/profile/"})
    frozen.shift(timedelta(minutes=11))

    response = anonymous.post(CONFIRM, {"code": newest_code(rita.email), "next": "/accounts/profile/"}, follow=True)

    assert toasts(response) == ["That code is no longer valid. Have a new one mailed to you."]
    assert response.redirect_chain[-1][0] == f"{CODE}?next=%2Faccounts%2Fprofile%2F"
    assert not is_signed_in(anonymous)


def test_new_code_replaces_the_one_before(anonymous, rita):
    anonymous.post(CODE, {"email": rita.email})
    first = newest_code(rita.email)
    response = anonymous.post(CONFIRM, {"action": "resend"}, follow=True)
    assert toasts(response) == [f"A new code is on its way to {rita.email}. The one before no longer works."]

    anonymous.post(CONFIRM, {"code": first})
    assert not is_signed_in(anonymous)
    anonymous.post(CONFIRM, {"code": newest_code(rita.email)})
    assert is_signed_in(anonymous)


def test_code_for_an_unknown_address_looks_the_same_to_whoever_asks(anonymous, rita):
    pages = []
    for address in (rita.email, "nobody@mail.example.org"):
        anonymous.session.flush()
        asked = anonymous.post(CODE, {"email": address}, follow=True)
        text = asked.content.decode().replace(address, "…")
        pages.append((asked.redirect_chain, asked.status_code, len(text), "Send a new code" in text))
        wrong = anonymous.post(CONFIRM, {"code": "00000000"})
        pages[-1] += (errors(wrong),)

    assert pages[0] == pages[1]
    assert subjects_to("nobody@mail.example.org") == ["There is no account with this address yet"]
    assert "/accounts/signup/?email=nobody%40mail.example.org" in mails_to("nobody@mail.example.org")[0].body


def test_code_is_mailed_three_times_a_minute_at_most(anonymous, rita):
    for _again in range(3):
        anonymous.session.flush()
        anonymous.post(CODE, {"email": rita.email})
    anonymous.session.flush()

    response = anonymous.post(CODE, {"email": rita.email})

    assert (errors(response)["email"], len(mail.outbox)) == (
        ["That was wrong too often. Have a code mailed to you, or wait five minutes and try again."],
        3,
    )


def test_code_goes_to_any_confirmed_address(anonymous, rita):
    EmailAddress.objects.create(user=rita, email="rita@private.example.org", verified=True)

    anonymous.post(CODE, {"email": "rita@private.example.org"})
    anonymous.post(CONFIRM, {"code": newest_code("rita@private.example.org")})

    assert is_signed_in(anonymous)


def test_code_takes_away_a_password_that_a_stranger_chose_for_the_address(anonymous, client):
    """Somebody signs up with another person's address and waits for them to confirm it."""
    client.post(
        "/accounts/signup/", {"email": "victim@mail.example.org", "name": "Vic", "password1": "mallory knows this"}
    )
    anonymous.post(CODE, {"email": "victim@mail.example.org"})

    response = anonymous.post(CONFIRM, {"code": newest_code("victim@mail.example.org")}, follow=True)

    owner = EmailAddress.objects.get(email="victim@mail.example.org", verified=True).user
    assert (is_signed_in(anonymous), owner.has_usable_password()) == (True, False)
    assert toasts(response) == [
        (
            "The password that was chosen when this account was made is gone: its address had not been confirmed. "
            "You can choose one under Account."
        ),
        "victim@mail.example.org is confirmed.",
    ]
    assert [event.type for event in AuditEvent.objects.about(owner.pk)] == ["account.password.forgotten"]


def test_code_keeps_the_password_of_a_confirmed_account(anonymous, rita):
    anonymous.post(CODE, {"email": rita.email})
    anonymous.post(CONFIRM, {"code": newest_code(rita.email)})

    rita.refresh_from_db()
    assert rita.check_password(PASSWORD)


# --- Out -------------------------------------------------------------------------------------------------------


def test_sign_out_asks_first_and_needs_a_post(as_rita):
    assert (as_rita.get("/accounts/logout/").status_code, is_signed_in(as_rita)) == (200, True)

    response = as_rita.post("/accounts/logout/")

    assert (response["Location"], is_signed_in(as_rita)) == (reverse("assertions:home"), False)


def test_closed_account_cannot_be_opened(anonymous, db):
    closed = UserFactory.create(is_active=False)

    sent = sign_in(anonymous, closed)
    page = anonymous.get("/accounts/inactive/")

    assert (sent["Location"], is_signed_in(anonymous)) == ("/accounts/inactive/", False)
    assert "This account is closed" in page.content.decode()


def test_signed_in_people_go_on_from_the_sign_in_page(as_rita):
    assert as_rita.get(f"{LOGIN}?next=/accounts/profile/")["Location"] == "/accounts/profile/"


def test_sign_in_page_passes_address_and_destination_on(anonymous, db):
    page = anonymous.get(f"{LOGIN}?next=/invitations/abc/&email=new@mail.example.org").content.decode()

    assert 'value="new@mail.example.org"' in page
    assert "/accounts/signup/?next=%2Finvitations%2Fabc%2F&amp;email=new%40mail.example.org" in page
    assert "/accounts/login/code/?next=%2Finvitations%2Fabc%2F&amp;email=new%40mail.example.org" in page
    assert '<input type="hidden" name="next" value="/invitations/abc/">' in page


def test_sign_in_tells_browsers_what_the_fields_are(anonymous, db):
    form = anonymous.get(LOGIN).context["form"]

    assert [form.fields[name].widget.attrs["autocomplete"] for name in ("login", "password")] == [
        "username webauthn",
        "current-password",
    ]


def test_last_sign_in_is_kept(anonymous, rita):
    sign_in(anonymous, rita)

    rita.refresh_from_db()
    assert timezone.now() - rita.last_login < timedelta(minutes=1)
