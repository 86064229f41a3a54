"""Passkeys: added, used instead of and after the password, renamed, removed; forged answers are sentences."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse

from tests.badgeserver.accounts.soft_passkey import SoftPasskey
from tests.badgeserver.accounts.steps import confirm_it_is_me, errors, is_signed_in, sign_in, subjects_to, toasts
from tests.factories.accounts import UserFactory

ADD, LOGIN, AUTHENTICATE, REAUTHENTICATE = (
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/webauthn/login/",
    "/accounts/2fa/authenticate/",
    "/accounts/2fa/webauthn/reauthenticate/",
)
NOT_UNDERSTOOD = "The passkey's answer was not understood. Try once more, or sign in another way."
WRONG = "This is not the code. Wait until your app shows the next one, and type that."


@pytest.fixture(autouse=True)
def _over_https(settings):
    """Passkeys work over HTTPS only; the embedded mode alone makes an exception."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False


def add(client, passkey: SoftPasskey, name: str = "My phone"):
    options = client.get(ADD).context["js_data"]["creation_options"]
    return client.post(ADD, {"name": name, "credential": passkey.register(options), "passwordless": "on"})


@pytest.fixture
def passkey(as_rita, rita) -> SoftPasskey:
    confirm_it_is_me(as_rita)
    made = SoftPasskey(rita)
    add(as_rita, made)
    return made


def question(client) -> dict:
    return client.get(LOGIN, headers={"accept": "application/json"}).json()["request_options"]


def test_passkey_is_added_and_recovery_codes_come_with_it(as_rita, rita):
    confirm_it_is_me(as_rita)

    response = add(as_rita, SoftPasskey(rita))

    assert response["Location"] == "/accounts/2fa/recovery-codes/"
    kept = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).wrap()
    assert (kept.name, kept.is_passwordless) == ("My phone", True)
    assert subjects_to(rita.email) == ["A passkey was added"]
    assert "My phone" in as_rita.get("/accounts/2fa/webauthn/").content.decode()


def test_first_passkey_of_an_account_without_a_password_shows_the_recovery_codes_at_once(client, db):
    user = UserFactory.create()
    user.set_unusable_password()
    user.save()
    client.force_login(user)

    response = add(client, SoftPasskey(user))

    assert client.get(response["Location"]).status_code == 200


def test_adding_asks_who_is_there_first(as_rita):
    assert as_rita.get(ADD)["Location"] == f"/accounts/reauthenticate/?next={ADD.replace('/', '%2F')}"


def test_passkey_without_a_name_gets_one(as_rita, rita):
    confirm_it_is_me(as_rita)

    add(as_rita, SoftPasskey(rita), name="")
    add(as_rita, SoftPasskey(rita), name="")

    names = [one.wrap().name for one in Authenticator.objects.filter(type="webauthn").order_by("pk")]
    assert names == ["My passkey", "Passkey 2"]


def test_passkey_that_does_not_look_who_is_there_is_refused(as_rita, rita):
    confirm_it_is_me(as_rita)

    response = add(as_rita, SoftPasskey(rita, verifies=False))

    assert (response.status_code, Authenticator.objects.count()) == (200, 0)


def test_passkey_signs_in_alone_and_keeps_where_one_wanted_to_go(passkey, anonymous):
    answer = passkey.sign(question(anonymous))

    response = anonymous.post(LOGIN, {"credential": answer, "next": "/accounts/profile/"})

    assert (response["Location"], is_signed_in(anonymous)) == ("/accounts/profile/", True)


def test_passkey_answers_each_question_once(passkey, anonymous, client):
    answer = passkey.sign(question(anonymous))
    anonymous.post(LOGIN, {"credential": answer})
    question(client)

    client.post(LOGIN, {"credential": answer})

    assert (is_signed_in(anonymous), is_signed_in(client)) == (True, False)


def test_passkey_of_another_site_is_refused(passkey, anonymous):
    passkey.origin = "https://evil.example.net"

    response = anonymous.post(
        LOGIN, {"credential": passkey.sign(question(anonymous)), "next": "/accounts/profile/"}, follow=True
    )

    assert (is_signed_in(anonymous), response.redirect_chain) == (
        False,
        [("/accounts/login/?next=%2Faccounts%2Fprofile%2F", 302)],
    )
    assert len(toasts(response)) == 1


def test_stranger_with_a_key_of_their_own_does_not_get_in(passkey, rita, anonymous):
    forged = SoftPasskey(rita)
    forged.id = passkey.id

    anonymous.post(LOGIN, {"credential": forged.sign(question(anonymous))})

    assert not is_signed_in(anonymous)


def test_passkey_of_a_closed_account_does_not_open_it(passkey, rita, anonymous):
    rita.is_active = False
    rita.save()

    response = anonymous.post(LOGIN, {"credential": passkey.sign(question(anonymous))})

    assert (response["Location"], is_signed_in(anonymous)) == ("/accounts/inactive/", False)


def test_passkey_is_the_second_step_after_a_password(passkey, anonymous, rita):
    asked = sign_in(anonymous, rita, next_url="/accounts/profile/")
    page = anonymous.get(asked["Location"])
    assert (asked["Location"], "Use your passkey" in page.content.decode()) == (AUTHENTICATE, True)

    response = anonymous.post(AUTHENTICATE, {"credential": passkey.sign(page.context["js_data"]["request_options"])})

    assert (response["Location"], is_signed_in(anonymous)) == ("/accounts/profile/", True)


def test_passkey_confirms_who_is_there(passkey, anonymous, rita):
    anonymous.post(LOGIN, {"credential": passkey.sign(question(anonymous))})
    asked = anonymous.get("/accounts/2fa/recovery-codes/")
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    page = anonymous.get(f"{REAUTHENTICATE}?next=/accounts/2fa/recovery-codes/")

    response = anonymous.post(
        REAUTHENTICATE,
        {
            "credential": passkey.sign(page.context["js_data"]["request_options"]),
            "next": "/accounts/2fa/recovery-codes/",
        },
    )

    assert response["Location"] == "/accounts/2fa/recovery-codes/"
    assert anonymous.get("/accounts/2fa/recovery-codes/").status_code == 200


def test_wrong_passkey_is_asked_again_in_the_same_place(passkey, as_rita, rita):
    as_rita.get(REAUTHENTICATE)

    response = as_rita.post(REAUTHENTICATE, {"credential": "{}", "next": "/accounts/2fa/recovery-codes/"})

    assert response["Location"] == f"{REAUTHENTICATE}?next=%2Faccounts%2F2fa%2Frecovery-codes%2F"


def test_passkey_is_renamed(passkey, as_rita):
    kept = Authenticator.objects.get(type="webauthn")
    path = reverse("mfa_edit_webauthn", args=[kept.pk])

    refused = as_rita.post(path, {"name": "My\x00phone"})
    response = as_rita.post(path, {"name": "Blue phone"})

    kept.refresh_from_db()
    assert errors(refused)["name"][0] == "This contains an invisible character. Type it anew instead of pasting it."
    assert (response["Location"], kept.wrap().name) == ("/accounts/2fa/webauthn/", "Blue phone")


def test_passkey_is_removed_and_recovery_codes_end_with_the_last_one(passkey, as_rita, rita):
    kept = Authenticator.objects.get(type="webauthn")
    path = reverse("mfa_remove_webauthn", args=[kept.pk])
    assert "Remove this passkey?" in as_rita.get(path).content.decode()

    response = as_rita.post(path)

    assert (response["Location"], Authenticator.objects.count()) == ("/accounts/2fa/webauthn/", 0)
    assert subjects_to(rita.email)[-1] == "A passkey was removed"


@pytest.mark.parametrize("name", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
def test_passkeys_of_others_are_not_there(passkey, as_mallory, name):
    kept = Authenticator.objects.get(type="webauthn")
    confirm_it_is_me(as_mallory)
    path = reverse(name, args=[kept.pk])

    assert [as_mallory.get(path).status_code, as_mallory.post(path, {"name": "Mine"}).status_code] == [404, 404]
    assert Authenticator.objects.get(pk=kept.pk).wrap().name == "My phone"


# --- Forged answers --------------------------------------------------------------------------------------------


def forgeries(answer: str) -> dict[str, str]:
    """What may arrive instead of an honest answer."""
    honest = json.loads(answer)

    def with_response(**changes: object) -> str:
        return json.dumps({**honest, "response": {**honest["response"], **changes}})

    bare = {key: value for key, value in honest.items() if key != "response"}
    return {
        "nothing": "",
        "no json": "{",
        "null": "null",
        "number": "7",
        "text": '"text"',
        "list": "[]",
        "empty": "{}",
        "deep": "[" * 50_000,
        "null byte": '{"id": "\x00"}',
        "escaped null": '{"id": "\\u0000"}',
        "lone surrogate": '{"id": "\\ud800", "type": "public-key"}',
        "letters of the world": '{"id": "Ā", "type": "public-key"}',
        "huge": json.dumps({**honest, "id": "A" * 200_000}),
        "ten megabytes": "A" * 10_000_000,
        "no response": json.dumps(bare),
        "response is a list": json.dumps({**honest, "response": []}),
        "response is text": json.dumps({**honest, "response": "AAAA"}),
        "id is a number": json.dumps({**honest, "id": 5, "rawId": 5}),
        "id is another": json.dumps({**honest, "id": "AAAA", "rawId": "AAAA"}),
        "no type": json.dumps({**honest, "type": None}),
        "other type": json.dumps({**honest, "type": "password"}),
        "client data is no json": with_response(clientDataJSON="AAAA"),
        "client data is a list": with_response(clientDataJSON="W10"),
        "client data is a number": with_response(clientDataJSON=5),
        "client data is not base64": with_response(clientDataJSON="!!!!!"),
        "authenticator data is short": with_response(authenticatorData="AAAA", attestationObject="AAAA"),
        "authenticator data is empty": with_response(authenticatorData="", attestationObject=""),
        "authenticator data is an object": with_response(authenticatorData={}, attestationObject={}),
        "attestation is an empty map": with_response(attestationObject="oA"),
        "attestation is deep": with_response(attestationObject="gYGBgYGBgYGB" * 400),
        "signature is short": with_response(signature="AAAA"),
        "signature is missing": with_response(signature=None),
        "nobody's handle": with_response(userHandle="bm9ib2R5"),
        "handle is missing": with_response(userHandle=None),
        "handle is a number": with_response(userHandle=5),
        "handle is not utf-8": with_response(userHandle="_w"),
        "handle is not base64": with_response(userHandle="!!!"),
        "extensions are text": json.dumps({**honest, "clientExtensionResults": "text"}),
        "extensions are a list": json.dumps({**honest, "clientExtensionResults": [1]}),
    }


def test_forged_answers_do_not_sign_in_and_never_break(passkey, anonymous):
    broken = []
    for what, answer in forgeries(passkey.sign(question(anonymous))).items():
        if what.startswith("extensions"):
            continue  # nobody reads them when signing in
        question(anonymous)
        response = anonymous.post(LOGIN, {"credential": answer})
        if response.status_code not in {302, 429} or is_signed_in(anonymous):
            broken.append((what, response.status_code))
        anonymous.session.flush()
        cache.clear()  # rate limits

    assert broken == []


def test_forged_answers_do_not_pass_the_second_step_and_never_break(passkey, anonymous, rita):
    sign_in(anonymous, rita)
    options = anonymous.get(AUTHENTICATE).context["js_data"]["request_options"]
    broken = []
    for what, answer in forgeries(passkey.sign(options)).items():
        if what.startswith(("extensions", "handle", "nobody")):
            continue  # who it is has been said by the password
        anonymous.get(AUTHENTICATE)
        response = anonymous.post(AUTHENTICATE, {"credential": answer})
        if response.status_code != 200 or is_signed_in(anonymous):
            broken.append((what, response.status_code))
        cache.clear()  # rate limits

    assert broken == []


def test_forged_passkeys_are_not_kept_and_never_break(as_rita, rita):
    confirm_it_is_me(as_rita)
    options = as_rita.get(ADD).context["js_data"]["creation_options"]
    broken = []
    for what, answer in forgeries(SoftPasskey(rita).register(options)).items():
        if what.startswith(("signature", "handle", "nobody", "no type")):
            continue  # an answer that adds a passkey has none of these
        as_rita.get(ADD)
        response = as_rita.post(ADD, {"name": "Forged", "credential": answer, "passwordless": "on"})
        if response.status_code != 200 or Authenticator.objects.exists():
            broken.append((what, response.status_code))
            Authenticator.objects.all().delete()

    assert broken == []


def test_forged_answer_is_told_in_words(anonymous, db):
    question(anonymous)

    response = anonymous.post(LOGIN, {"credential": "[]"}, follow=True)

    assert toasts(response) == [NOT_UNDERSTOOD]


def test_questions_are_different_each_time(anonymous, db):
    challenges = {question(anonymous)["publicKey"]["challenge"] for _again in range(3)}

    assert len(challenges) == 3


def test_passkey_cannot_be_added_to_an_unconfirmed_account(client, db):
    """Else somebody could lock the owner of an address out for ever."""
    unconfirmed = UserFactory.create(address__verified=False)
    client.force_login(unconfirmed)

    response = client.get(ADD, follow=True)

    assert toasts(response) == ["Confirm your e-mail address first."]
