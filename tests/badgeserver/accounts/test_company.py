"""Company sign-in over OpenID Connect, from the button to the account, against a provider of our own."""

import json
import logging
import re
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core import mail

from badgeserver.accounts.models import User
from tests.badgeserver.accounts.company import CLIENT_ID, CLIENT_SECRET, Company
from tests.badgeserver.accounts.steps import (
    confirm_it_is_me,
    errors,
    is_signed_in,
    newest_code,
    subjects_to,
    toasts,
)
from tests.factories.accounts import PASSWORD, UserFactory

LOGIN = "/accounts/oidc/company/login/"


@pytest.fixture
def company(loopback, settings):
    provider = Company().start()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "company",
                    "name": "Acme",
                    "client_id": CLIENT_ID,
                    "secret": CLIENT_SECRET,
                    "settings": {"server_url": provider.url, "token_auth_method": "client_secret_post"},
                }
            ],
        }
    }
    yield provider
    provider.stop()


def leads_to(response) -> str:
    """Where the page that goes on by itself leads."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', response.content.decode())
    assert found, response.content.decode()[:500]
    return unescape(found.group(1))


def come_in(client, company, *, query: str = "?process=login", follow: bool = False):
    """Press the button, sign in at the company, come back."""
    redirect = leads_to(client.post(f"{LOGIN}{query}"))
    return client.get(company.sign_in(redirect), follow=follow)


def connected() -> list[tuple[str, str]]:
    return [(one.user.email, one.uid) for one in SocialAccount.objects.order_by("pk")]


def test_button_is_there_only_with_a_company_server(anonymous, db):
    assert "Continue with" not in anonymous.get("/accounts/login/").content.decode()


def test_button_carries_where_one_wanted_to_go(anonymous, db, company):
    page = anonymous.get("/accounts/login/?next=/accounts/profile/").content.decode()

    assert "Continue with Acme" in page
    assert 'action="/accounts/oidc/company/login/?process=login&amp;next=%2Faccounts%2Fprofile%2F"' in page


def test_button_needs_a_post(anonymous, db, company):
    response = anonymous.get(LOGIN)

    assert (response.status_code, 'http-equiv="refresh"' in response.content.decode()) == (200, False)
    assert "Continue with Acme" in response.content.decode()


def test_new_person_gets_an_account_with_a_confirmed_address(anonymous, db, company):
    response = come_in(anonymous, company, query="?process=login&next=/accounts/profile/")

    user = User.objects.get()
    assert (response["Location"], is_signed_in(anonymous)) == ("/accounts/profile/", True)
    assert (user.email, user.name, user.has_usable_password()) == ("rita@mail.example.org", "Rita Castle", False)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(user.email, True, True)]
    assert connected() == [(user.email, "4711")]


def test_only_what_is_needed_of_a_person_is_kept(anonymous, db, company):
    company.person |= {
        "picture": "https://company.example.org/rita.jpg",
        "groups": ["staff"],
        "birthdate": "1990-01-01",
    }

    come_in(anonymous, company)

    assert SocialAccount.objects.get().extra_data == {
        "userinfo": {"name": "Rita Castle", "email": "rita@mail.example.org"}
    }
    assert SocialToken.objects.count() == 0


def test_same_confirmed_address_is_the_same_person(anonymous, rita, company):
    company.person["email"] = "Rita@Mail.Example.Org"

    come_in(anonymous, company)

    assert (anonymous.session["_auth_user_id"], User.objects.count()) == (str(rita.pk), 1)
    assert connected() == [(rita.email, "4711")]
    assert rita.check_password(PASSWORD)
    assert subjects_to(rita.email) == ["Your company account was connected"]


@pytest.mark.parametrize("doubt", [False, "false", "False", "no", "", None, 0, 1, "yes", [True]])
def test_address_that_the_company_does_not_vouch_for_opens_nobodys_account(anonymous, rita, company, doubt):
    company.person |= {"email_verified": doubt, "sub": "mallory"}

    response = come_in(anonymous, company, follow=True)

    assert (is_signed_in(anonymous), User.objects.count(), connected()) == (False, 1, [])
    assert response.redirect_chain[-1][0] == "/accounts/confirm-email/"
    assert subjects_to(rita.email) == ["You already have an account"]


def test_address_that_the_company_says_nothing_about_opens_nobodys_account(anonymous, rita, company):
    del company.person["email_verified"]

    come_in(anonymous, company)

    assert (is_signed_in(anonymous), connected()) == (False, [])


def test_new_address_that_the_company_does_not_vouch_for_is_confirmed_by_a_code(anonymous, db, company):
    company.person |= {"email": "new@mail.example.org", "email_verified": False}
    come_in(anonymous, company, query="?process=login&next=/accounts/profile/")
    assert not is_signed_in(anonymous)

    response = anonymous.post("/accounts/confirm-email/", {"code": newest_code("new@mail.example.org")})

    assert (response["Location"], is_signed_in(anonymous)) == ("/accounts/profile/", True)


@pytest.mark.parametrize("word", ["true", "True"])
def test_company_may_say_true_as_a_word(anonymous, rita, company, word):
    company.person["email_verified"] = word

    come_in(anonymous, company)

    assert is_signed_in(anonymous)


def test_unconfirmed_account_is_freed_of_a_strangers_password(anonymous, db, company):
    squatted = UserFactory.create(email="rita@mail.example.org", address__verified=False)

    asked = come_in(anonymous, company)
    anonymous.post("/accounts/confirm-email/", {"code": newest_code(squatted.email)})

    squatted.refresh_from_db()
    assert (asked["Location"], anonymous.session["_auth_user_id"]) == ("/accounts/confirm-email/", str(squatted.pk))
    assert not squatted.has_usable_password()


def test_second_visit_finds_the_same_account_under_another_address(anonymous, rita, company):
    come_in(anonymous, company)
    anonymous.post("/accounts/logout/")
    company.person["email"] = "rita.castle-married@mail.example.org"

    come_in(anonymous, company)

    assert (anonymous.session["_auth_user_id"], User.objects.count()) == (str(rita.pk), 1)


def test_person_without_an_address_is_asked_for_one(anonymous, db, company):
    del company.person["email"]
    page = come_in(anonymous, company, follow=True)
    assert "Almost there" in page.content.decode()
    assert page.context["form"].initial["name"] == "Rita Castle"

    refused = anonymous.post("/accounts/3rdparty/signup/", {"email": "new@mail\x00.example.org", "name": "R\x00"})
    again = errors(refused)
    come_in(anonymous, company)
    anonymous.post("/accounts/3rdparty/signup/", {"email": "new@mail.example.org", "name": "Rita"})
    anonymous.post("/accounts/confirm-email/", {"code": newest_code("new@mail.example.org")})

    assert sorted(again) == ["email", "name"]
    assert (is_signed_in(anonymous), connected()) == (True, [("new@mail.example.org", "4711")])


def test_name_that_cannot_be_kept_is_cut(anonymous, db, company):
    company.person["name"] = "Rita\x00\u202e" + "a" * 300

    come_in(anonymous, company)

    assert User.objects.get().name == "Rita" + "a" * 116


# --- Connecting to one's account ------------------------------------------------------------------------------


def test_company_account_is_connected_and_disconnected(as_rita, rita, company):
    company.person |= {"email": "castle@company.example.org"}
    confirm_it_is_me(as_rita)
    assert "Connect Acme" in as_rita.get("/accounts/3rdparty/").content.decode()

    made = come_in(as_rita, company, query="?process=connect", follow=True)
    assert toasts(made) == ["Your company account is connected."]
    assert connected() == [(rita.email, "4711")]

    gone = as_rita.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk}, follow=True)
    assert (connected(), toasts(gone)) == ([], ["Your company account is disconnected."])
    assert subjects_to(rita.email) == ["Your company account was connected", "Your company account was disconnected"]


def test_account_without_a_password_can_be_disconnected(anonymous, db, company):
    """Codes by mail open it, so nobody is locked out."""
    come_in(anonymous, company)

    anonymous.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})

    assert connected() == []


def test_account_without_a_confirmed_address_stays_connected(anonymous, db, company):
    come_in(anonymous, company)
    EmailAddress.objects.update(verified=False)

    response = anonymous.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})

    assert errors(response) == {
        "__all__": ["Confirm an e-mail address first, so that you can still sign in without it."]
    }
    assert len(connected()) == 1


@pytest.mark.parametrize("account", ["", "abc", "1\x00", "9" * 40, "-1"])
def test_disconnecting_something_else_is_refused(as_rita, company, account):
    assert as_rita.post("/accounts/3rdparty/", {"account": account}).status_code == 200


def test_company_account_of_somebody_else_cannot_be_taken(anonymous, as_mallory, mallory, company):
    come_in(anonymous, company)
    confirm_it_is_me(as_mallory)

    response = come_in(as_mallory, company, query="?process=connect", follow=True)

    assert connected() == [("rita@mail.example.org", "4711")]
    assert toasts(response)[0].startswith("This company account is connected to another account here.")


# --- When it goes wrong -----------------------------------------------------------------------------------------

GARBAGE = {
    "no json": "<html>",
    "list": "[]",
    "null": "null",
    "number": "7",
    "empty": "{}",
    "nulls": json.dumps({"sub": "a\x00b", "email": "a\x00@mail.example.org", "email_verified": True}),
    "long sub": json.dumps({"sub": "s" * 5000, "email": "new@mail.example.org", "email_verified": True}),
    "sub is null": json.dumps({"sub": None, "email": "new@mail.example.org", "email_verified": True}),
    "types": json.dumps({"sub": ["x"], "email": {"a": 1}, "email_verified": {}, "name": 5}),
}


@pytest.mark.parametrize("endpoint", ["/.well-known/openid-configuration", "/token", "/userinfo"])
@pytest.mark.parametrize("what", GARBAGE)
def test_garbage_of_the_company_is_a_page_that_says_what_to_do(anonymous, rita, company, endpoint, what):
    redirect = leads_to(anonymous.post(LOGIN)) if endpoint != "/.well-known/openid-configuration" else ""
    company.broken[endpoint] = (200, GARBAGE[what])

    response = anonymous.get(company.sign_in(redirect)) if redirect else anonymous.post(LOGIN)

    assert response.status_code in {302, 401}
    if response.status_code == 401:
        assert "Signing in with your company did not work" in response.content.decode()
        assert not is_signed_in(anonymous)


@pytest.mark.parametrize("endpoint", ["/.well-known/openid-configuration", "/token", "/userinfo"])
def test_company_server_that_is_down_is_a_page_that_says_what_to_do(anonymous, db, company, endpoint):
    redirect = leads_to(anonymous.post(LOGIN)) if endpoint != "/.well-known/openid-configuration" else ""
    company.broken[endpoint] = (503, "down")

    response = anonymous.get(company.sign_in(redirect)) if redirect else anonymous.post(LOGIN)

    assert (response.status_code, User.objects.count()) == (401, 0)
    assert "Signing in with your company did not work" in response.content.decode()


def test_company_server_that_is_not_there_is_a_page_that_says_what_to_do(anonymous, db, company):
    company.stop()

    response = anonymous.post(LOGIN)

    assert response.status_code == 401


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?state=x", "?code=x&state=x", "?code=%00&state=%00", "?error=server_error"]
)
def test_answer_that_nobody_asked_for_is_refused(anonymous, db, company, query):
    response = anonymous.get(f"{LOGIN}callback/{query}")

    assert (response.status_code, is_signed_in(anonymous)) == (401, False)


def test_answer_for_another_browser_is_refused(anonymous, client, db, company):
    back = company.sign_in(leads_to(anonymous.post(LOGIN)))

    response = client.get(back)

    assert (response.status_code, is_signed_in(client)) == (401, False)


def test_stopping_at_the_company_says_so(anonymous, db, company):
    redirect = leads_to(anonymous.post(LOGIN))
    state = re.search(r"state=([^&]+)", redirect).group(1)

    response = anonymous.get(f"{LOGIN}callback/?error=access_denied&state={state}", follow=True)

    assert "You stopped signing in" in response.content.decode()


@pytest.mark.parametrize("provider", ["nobody", "company%00", "x" * 500])
def test_unknown_company_is_not_there(anonymous, db, company, provider):
    for path in (f"/accounts/oidc/{provider}/login/", f"/accounts/oidc/{provider}/login/callback/"):
        assert anonymous.get(path).status_code == 404


def test_tokens_and_secrets_are_never_logged(anonymous, db, company, caplog):
    caplog.set_level(logging.INFO)
    come_in(anonymous, company)
    anonymous.post("/accounts/logout/")
    company.broken["/userinfo"] = (500, "access-token-of-4711")
    come_in(anonymous, company)

    secrets = ["access-token", CLIENT_SECRET, *(form["code"] for form in company.told)]
    assert [secret for secret in secrets if secret in caplog.text] == []
    assert "Company sign-in did not work (HTTPError)." in caplog.text
    assert mail.outbox == []
