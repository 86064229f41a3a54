"""The pages of one's own account, and that every page of the way in is ours."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse

from badgeserver.audit.models import AuditEvent
from tests.badgeserver.accounts.steps import confirm_it_is_me, errors, newest_code, sign_in, toasts
from tests.factories.accounts import UserFactory

HOME, PROFILE = "/accounts/", "/accounts/profile/"


def states(page: str) -> dict[str, str]:
    """What the account's overview says, entry by entry."""
    rows = re.findall(r'<a class="row-link"[^>]*>(.*?)</a><small>(.*?)</small>', page, re.DOTALL)
    return {name: " ".join(state.split()) for name, state in rows}


def test_overview_says_the_state_of_everything(as_rita, rita):
    assert states(as_rita.get(HOME).content.decode()) == {
        "Name and language": "Rita Castle",
        "E-mail addresses": "rita@mail.example.org",
        "Password": "You have one. Codes by mail work as well.",
        "Passkeys": "None. With one you sign in with your finger, face or PIN.",
        "One-time codes": "Off. An app on your phone can guard the account with a second step.",
    }


def test_overview_of_a_full_account(client, db, settings):
    user = UserFactory.create(name="", password=None)
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email="more@mail.example.org")
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [{"provider_id": "company"}]}}
    client.force_login(user)

    assert states(client.get(HOME).content.decode()) == {
        "Name and language": "None yet",
        "E-mail addresses": f"{user.email} and 1 more",
        "Password": "None. You sign in with codes that we mail to you.",
        "Passkeys": "None. With one you sign in with your finger, face or PIN.",
        "One-time codes": "An app on your phone shows the code for the second step. 10 recovery codes left.",
        "Company account": "Not connected.",
    }


def test_overview_asks_the_database_equally_often(as_rita, rita, django_assert_num_queries):
    as_rita.get(HOME)
    with django_assert_num_queries(4):
        as_rita.get(HOME)
    for number in range(3):
        EmailAddress.objects.create(user=rita, email=f"r{number}@mail.example.org")

    with django_assert_num_queries(4):
        as_rita.get(HOME)


@pytest.mark.parametrize("path", [HOME, PROFILE])
def test_strangers_are_sent_to_sign_in(anonymous, path):
    assert anonymous.get(path)["Location"] == f"/accounts/login/?next={path}"
    assert anonymous.post(path)["Location"] == f"/accounts/login/?next={path}"


def test_overview_refuses_post(as_rita):
    assert as_rita.post(HOME).status_code == 405


def test_name_is_saved(as_rita, rita):
    response = as_rita.post(PROFILE, {"name": "  Rita Castle-Moore "}, follow=True)

    rita.refresh_from_db()
    assert (rita.name, response.redirect_chain, toasts(response)) == (
        "Rita Castle-Moore",
        [(HOME, 302)],
        ["Name and language saved."],
    )
    assert [event.type for event in AuditEvent.objects.about(rita.pk)] == ["account.renamed"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Write your name."),
        ("   ", "Write your name."),
        ("a\x00b", "This contains an invisible character. Type it anew instead of pasting it."),
        ("a\nb", "This contains an invisible character. Type it anew instead of pasting it."),
        ("a\u202eb", "This contains an invisible character. Type it anew instead of pasting it."),
        ("x" * 121, "Ensure this value has at most 120 characters (it has 121)."),
    ],
)
def test_name_that_cannot_be_kept_is_refused_with_a_reason(as_rita, rita, typed, sentence):
    response = as_rita.post(PROFILE, {"name": typed})

    rita.refresh_from_db()
    assert (response.status_code, errors(response)["name"][0], rita.name) == (422, sentence, "Rita Castle")
    assert AuditEvent.objects.count() == 0


def test_getting_the_form_changes_nothing(as_rita, rita):
    as_rita.get(PROFILE, {"name": "Other"})

    rita.refresh_from_db()
    assert rita.name == "Rita Castle"


# --- Every page of the way in is ours ---------------------------------------------------------------------------

ALLAUTH = Path(allauth.__file__).parent / "templates"
#: Parts of allauth that are not installed, layouts that only allauth's own pages extend, and what extends our pages.
NOT_OURS = re.compile(
    r"^(idp|openid|usersessions)/"
    r"|/email/|/base_(entrance|manage\w*)\.html$|phone"
    r"|^mfa/(totp|webauthn|recovery_codes)/base\.html$"
)


def test_every_template_of_allauth_is_replaced():
    pages = [str(path.relative_to(ALLAUTH)) for path in sorted(ALLAUTH.rglob("*.*"))]
    theirs = [
        page
        for page in pages
        if not NOT_OURS.search(page)
        and not Path(get_template(page).origin.name).is_relative_to(settings.BASE_DIR / "templates")
    ]

    assert theirs == []


ANONYMOUS_PAGES = [
    "account_login",
    "account_signup",
    "account_request_login_code",
    "account_reset_password",
    "account_password_reset_completed",
    "account_inactive",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
]
SIGNED_IN_PAGES = [
    "account-home",
    "account-profile",
    "account_email",
    "account_change_password",
    "account_logout",
    "account_reset_password",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_generate_recovery_codes",
    "socialaccount_connections",
    "account_reauthenticate",
]


def broken_rules(page: str) -> list[str]:
    """What every page of ours keeps: our look, one heading, nothing inline."""
    rules = {
        "our style": '<link rel="stylesheet" href="/static/css/tokens.css">' in page,
        "one heading": page.count("<h1") == 1,
        "a title": re.search(r"<title>\s*\S", page) is not None,
        "no inline style": ' style="' not in page,
        "no inline script": re.search(r'<script(?![^>]*(src=|type="application/json"))', page) is None,
        "no empty heading": re.search(r"<h1>\s*</h1>", page) is None,
        "one main button": len(re.findall(r'class="[^"]*\bmain\b[^"]*"', page.partition("<main")[2])) <= 1,
        "never “successfully”": "uccessful" not in page,
    }
    return [rule for rule, kept in rules.items() if not kept]


@pytest.mark.parametrize("name", ANONYMOUS_PAGES)
def test_pages_of_the_way_in_are_ours(anonymous, db, name):
    response = anonymous.get(reverse(name))

    assert response.status_code == (401 if name == "socialaccount_login_error" else 200)
    assert broken_rules(response.content.decode()) == []


@pytest.mark.parametrize("name", SIGNED_IN_PAGES)
def test_pages_of_the_account_are_ours(as_rita, name):
    confirm_it_is_me(as_rita)

    response = as_rita.get(reverse(name))

    assert response.status_code == 200
    assert broken_rules(response.content.decode()) == []


def test_pages_between_are_ours(anonymous, client, rita):
    """Those that only somebody halfway in sees."""
    pages = {}
    anonymous.post("/accounts/login/code/", {"email": rita.email})
    pages["code"] = anonymous.get("/accounts/login/code/confirm/")
    client.post("/accounts/password/reset/", {"email": rita.email})
    pages["reset code"] = client.get("/accounts/password/reset/confirm/")
    client.post("/accounts/password/reset/confirm/", {"code": newest_code(rita.email)})
    pages["new password"] = client.get("/accounts/password/reset/complete/")
    new = Client()
    new.post("/accounts/signup/", {"email": "new@mail.example.org", "name": "Nia"})
    pages["confirm address"] = new.get("/accounts/confirm-email/")
    TOTP.activate(rita, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(rita)
    halfway = Client()
    sign_in(halfway, rita)
    pages["second step"] = halfway.get("/accounts/2fa/authenticate/")
    signed_in = Client()
    signed_in.force_login(rita)
    pages["by app"] = signed_in.get("/accounts/2fa/reauthenticate/")
    confirm_it_is_me(signed_in)
    pages["recovery codes"] = signed_in.get("/accounts/2fa/recovery-codes/")
    pages["app off"] = signed_in.get("/accounts/2fa/totp/deactivate/")

    wrong = {what: broken_rules(page.content.decode()) for what, page in pages.items()}
    assert {what: page.status_code for what, page in pages.items()} == dict.fromkeys(pages, 200)
    assert wrong == {what: [] for what in pages}


def test_account_pages_find_one_another(as_rita):
    page = as_rita.get("/accounts/2fa/webauthn/").content.decode()

    main = re.search(r'<nav aria-label="Main">(.*?)</nav>', page, re.DOTALL).group(1)
    assert re.findall(r"<span>(.*?)</span>", main) == [
        "Account",
        "Name and language",
        "E-mail addresses",
        "Password",
        "Passkeys",
        "One-time codes",
    ]
    assert re.findall(r'href="([^"]*)" aria-current="page"', main) == ["/accounts/2fa/webauthn/"]


@pytest.mark.parametrize("path", ["/accounts/password/change/", "/accounts/email/", "/accounts/2fa/", HOME])
def test_account_pages_say_where_one_is(as_rita, path):
    page = as_rita.get(path).content.decode()

    assert re.findall(r'href="([^"]*)" aria-current="page"', page) == [path]


def test_nothing_of_the_way_in_is_kept_by_caches(anonymous, as_rita):
    kept = [
        path
        for client, path in [(anonymous, "/accounts/login/"), (anonymous, "/accounts/signup/"), (as_rita, HOME)]
        if "no-store" not in client.get(path).headers.get("Cache-Control", "")
    ]

    assert kept == []
