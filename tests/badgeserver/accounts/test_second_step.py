"""One-time codes of an app, and recovery codes for the day the phone is lost."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import Fernet
from django.urls import reverse

from tests.badgeserver.accounts.steps import (
    confirm_it_is_me,
    errors,
    is_signed_in,
    newest_code,
    sign_in,
    subjects_to,
    toasts,
)

ACTIVATE, AUTHENTICATE = "/accounts/2fa/totp/activate/", "/accounts/2fa/authenticate/"
SECRET = "JBSWY3DPEHPK3PXP"


def code_of(secret: str) -> str:
    """What the app shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


@pytest.fixture
def app(rita) -> Authenticator:
    """Rita uses an app, and has recovery codes."""
    RecoveryCodes.activate(rita)
    return TOTP.activate(rita, SECRET).instance


@pytest.mark.django_db(transaction=True)  # what is said afterwards is said after the commit
def test_app_is_set_up_and_recovery_codes_are_shown(as_rita, rita):
    confirm_it_is_me(as_rita)
    page = as_rita.get(ACTIVATE)
    secret = page.context["form"].secret
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()

    response = as_rita.post(ACTIVATE, {"code": code_of(secret)}, follow=True)

    text = response.content.decode()
    assert response.redirect_chain == [("/accounts/2fa/recovery-codes/", 302)]
    assert len(re.findall(r"<code>\d{8}</code>", text)) == 10
    assert toasts(response) == ["One-time codes are on.", "Your recovery codes are ready. Keep them safe."]
    assert subjects_to(rita.email) == ["One-time codes are on"]


def test_setting_up_with_a_wrong_code_says_what_to_do(as_rita, rita):
    confirm_it_is_me(as_rita)
    as_rita.get(ACTIVATE)

    response = as_rita.post(ACTIVATE, {"code": "000000"})

    assert errors(response) == {
        "code": ["This is not the code. Wait until your app shows the next one, and type that."]
    }
    assert Authenticator.objects.count() == 0


def test_secrets_are_kept_encrypted(app, rita, settings):
    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    codes = RecoveryCodes(Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES))

    assert SECRET not in kept
    fernet = Fernet(settings.KEY_ENCRYPTION_KEYS[0])
    seed = fernet.decrypt(codes.instance.data["seed"].encode()).decode()
    assert (fernet.decrypt(app.data["secret"].encode()).decode(), seed in kept) == (SECRET, False)


def test_secrets_survive_a_new_key(app, rita, settings, anonymous):
    settings.KEY_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.KEY_ENCRYPTION_KEYS]
    sign_in(anonymous, rita)

    anonymous.post(AUTHENTICATE, {"code": code_of(SECRET)})

    assert is_signed_in(anonymous)


def test_second_step_is_asked_after_the_password_and_keeps_where_one_wanted_to_go(app, anonymous, rita):
    asked = sign_in(anonymous, rita, next_url="/accounts/profile/")
    assert (asked["Location"], is_signed_in(anonymous)) == (AUTHENTICATE, False)

    response = anonymous.post(AUTHENTICATE, {"code": code_of(SECRET)})

    assert (response["Location"], is_signed_in(anonymous)) == ("/accounts/profile/", True)


def test_destination_of_a_sign_in_that_was_left_is_forgotten(app, anonymous, rita):
    sign_in(anonymous, rita, next_url="/accounts/profile/")
    anonymous.post("/accounts/logout/")
    sign_in(anonymous, rita)

    response = anonymous.post(AUTHENTICATE, {"code": code_of(SECRET)})

    assert response["Location"] == reverse("assertions:home")


def test_second_step_is_asked_after_a_mailed_code(app, anonymous, rita):
    anonymous.post("/accounts/login/code/", {"email": rita.email})
    asked = anonymous.post(
        "/accounts/login/code/confirm/", {"code": newest_code(rita.email), "next": "/accounts/profile/"}
    )
    assert (asked["Location"], is_signed_in(anonymous)) == (AUTHENTICATE, False)

    assert anonymous.post(AUTHENTICATE, {"code": code_of(SECRET)})["Location"] == "/accounts/profile/"


def test_second_step_is_asked_after_a_new_password_and_keeps_where_one_wanted_to_go(app, anonymous, rita):
    anonymous.post("/accounts/password/reset/", {"email": rita.email, "next": "/accounts/profile/"})
    anonymous.post("/accounts/password/reset/confirm/", {"code": newest_code(rita.email), "next": "/accounts/profile/"})
    asked = anonymous.post(
        "/accounts/password/reset/complete/",
        {"password1": "another four word phrase", "next": "/accounts/profile/"},
    )
    assert (asked["Location"], is_signed_in(anonymous)) == (AUTHENTICATE, False)

    assert anonymous.post(AUTHENTICATE, {"code": code_of(SECRET)})["Location"] == "/accounts/profile/"


def test_second_step_offers_a_passkey_only_to_those_who_have_one(app, anonymous, rita):
    sign_in(anonymous, rita)

    assert "Use your passkey" not in anonymous.get(AUTHENTICATE).content.decode()


def test_recovery_code_opens_once(app, anonymous, rita):
    code = RecoveryCodes(Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)).get_unused_codes()[0]
    sign_in(anonymous, rita)
    anonymous.post(AUTHENTICATE, {"code": f"{code[:4]} {code[4:]}"})
    assert is_signed_in(anonymous)
    anonymous.post("/accounts/logout/")
    sign_in(anonymous, rita)

    response = anonymous.post(AUTHENTICATE, {"code": code})

    assert errors(response) == {
        "code": ["This is not the code. Wait until your app shows the next one, and type that."]
    }


def test_second_step_is_guessed_five_times_at_most(app, anonymous, rita):
    sign_in(anonymous, rita)
    for _again in range(5):
        anonymous.post(AUTHENTICATE, {"code": "000000"})

    response = anonymous.post(AUTHENTICATE, {"code": code_of(SECRET)})

    assert (errors(response)["code"], is_signed_in(anonymous)) == (
        ["That was wrong too often. Have a code mailed to you, or wait five minutes and try again."],
        False,
    )


def test_recovery_codes_are_shown_only_to_whoever_confirms(app, as_rita):
    assert as_rita.get("/accounts/2fa/recovery-codes/")["Location"].startswith("/accounts/reauthenticate/")
    confirm_it_is_me(as_rita)

    page = as_rita.get("/accounts/2fa/recovery-codes/").content.decode()
    file = as_rita.get("/accounts/2fa/recovery-codes/download/")

    shown = re.findall(r"<code>(\d{8})</code>", page)
    assert re.findall(r"^\d{8}$", file.content.decode(), re.MULTILINE) == shown
    assert file.content.decode().startswith("Recovery codes for badges.example.org, rita@mail.example.org\n")


def test_new_recovery_codes_replace_the_old_ones(app, as_rita, rita):
    codes = Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES)
    before = codes.get().wrap().get_unused_codes()
    confirm_it_is_me(as_rita)

    as_rita.post("/accounts/2fa/recovery-codes/generate/")

    after = codes.get().wrap().get_unused_codes()
    assert (len(after), set(after) & set(before)) == (10, set())


def test_app_is_turned_off_and_recovery_codes_end(app, as_rita, rita):
    confirm_it_is_me(as_rita)
    assert "Turn one-time codes off?" in as_rita.get("/accounts/2fa/totp/deactivate/").content.decode()

    response = as_rita.post("/accounts/2fa/totp/deactivate/", follow=True)

    assert (Authenticator.objects.count(), toasts(response)) == (0, ["One-time codes are off."])
    assert subjects_to(rita.email)[-1] == "One-time codes are off"


def test_account_says_how_many_recovery_codes_are_left(app, as_rita):
    page = as_rita.get("/accounts/").content.decode()

    assert "An app on your phone shows the code for the second step. 10 recovery codes left." in page
