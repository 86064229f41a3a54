"""Who asks, and what happens when the mail server does not answer."""

import logging

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.test import RequestFactory

from badgeserver.accounts.adapter import AccountAdapter
from badgeserver.accounts.models import User
from tests.badgeserver.accounts.steps import errors, is_signed_in
from tests.factories.accounts import PASSWORD

LOGIN = "/accounts/login/"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, None, "10.0.0.9"),
        (0, "203.0.113.7", "10.0.0.9"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "203.0.113.7"),
        (1, None, "10.0.0.9"),
        (1, "not an address", "10.0.0.9"),
        (1, "203.0.113.7:4711", "203.0.113.7"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, " , ", "10.0.0.9"),
    ],
)
def test_visitor_is_named_by_the_trusted_proxies_only(settings, proxies, forwarded, expected):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded is not None else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.9")

    assert AccountAdapter(request).get_client_ip(request) == expected


def test_visitor_without_an_address_is_nobody_in_particular():
    """Behind a Unix socket there is none."""
    request = RequestFactory().get("/", REMOTE_ADDR="")

    assert AccountAdapter(request).get_client_ip(request) == "0.0.0.0"  # noqa: S104 -- a name, nothing listens


def test_rate_limits_count_each_visitor_behind_the_proxies(anonymous, rita, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def tries(visitor: str) -> list[int]:
        return [
            anonymous.post(
                LOGIN,
                {"login": f"p{number}@mail.example.org", "password": "x"},
                headers={"x-forwarded-for": f"6.6.6.{number}, {visitor}"},
            ).status_code
            for number in range(31)
        ]

    assert tries("203.0.113.7") == [200] * 30 + [429]
    assert tries("203.0.113.8")[0] == 200


def test_too_many_requests_are_a_page_that_says_what_to_do(anonymous, db):
    for _again in range(31):
        response = anonymous.post(LOGIN, {"login": "a@mail.example.org", "password": "x"})

    assert (response.status_code, "That was a little fast" in response.content.decode()) == (429, True)


class RefusingBackend(BaseEmailBackend):
    """A mail server that is not there."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError(f"refused {email_messages[0].to}")


@pytest.fixture
def no_mail(settings):
    settings.EMAIL_BACKEND = "tests.badgeserver.accounts.test_adapter.RefusingBackend"


def test_code_that_cannot_be_mailed_says_so(anonymous, rita, no_mail, caplog):
    response = anonymous.post("/accounts/login/code/", {"email": rita.email})

    assert (response.status_code, "The mail did not go out" in response.content.decode()) == (503, True)
    assert rita.email not in caplog.text
    assert "A mail about an account could not be sent (ConnectionRefusedError)." in caplog.text


def test_sign_up_that_cannot_be_mailed_says_so_and_can_be_tried_again(anonymous, db, no_mail, settings):
    data = {"email": "new@mail.example.org", "name": "Nia"}

    assert anonymous.post("/accounts/signup/", data).status_code == 503
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    anonymous.session.flush()

    again = anonymous.post("/accounts/login/code/", {"email": "new@mail.example.org"})
    assert (again.status_code, User.objects.count()) == (302, 1)


def test_notice_that_cannot_be_mailed_does_not_undo_the_act(as_rita, rita, no_mail, caplog):
    caplog.set_level(logging.WARNING)

    response = as_rita.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "another four word phrase"}
    )

    rita.refresh_from_db()
    assert (response.status_code, rita.check_password("another four word phrase")) == (302, True)
    assert "could not be sent" in caplog.text


def test_same_questions_are_not_asked_of_signed_in_people(as_rita):
    response = as_rita.post("/accounts/reauthenticate/", {"password": ""})

    assert errors(response) == {"password": ["Type the password."]}
    assert is_signed_in(as_rita)
