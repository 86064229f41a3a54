"""The mails about accounts: plain words, the code large, no secret beyond it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import allauth
import pytest
from django.core import mail

from badgeserver.accounts.emails import CODES, LINKS, NOTICES, UnknownMail, device_words, send_account_mail

TO = "rita@mail.example.org"
CONTEXT = {
    "code": "12345678",
    "from_email": "a@mail.example.org",
    "to_email": "b@mail.example.org",
    "deleted_email": "c@mail.example.org",
    "provider": "Acme <Co>",
    "timestamp": datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    "ip": "203.0.113.7",
    "user_agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
}
#: Links instead of codes, and telephones: not used here.
NOT_SENT = {"account/email/password_reset_key", "account/email/base"}


def html_of(message) -> str:
    return str(message.alternatives[0][0])


def test_every_mail_of_allauth_has_our_words():
    folder = Path(allauth.__file__).parent / "templates"
    found = {str(path.relative_to(folder)).removesuffix("_message.txt") for path in folder.rglob("*_message.txt")}

    assert found - NOT_SENT == {*CODES, *LINKS, *NOTICES}


@pytest.mark.parametrize("prefix", [*CODES, *LINKS, *NOTICES])
def test_mail_says_the_same_in_text_and_html(prefix):
    send_account_mail(prefix, to=TO, context=CONTEXT)

    message = mail.outbox[0]
    text, html = message.body, html_of(message)
    assert (message.to, message.subject.count("\n"), "{{" in text + html, "%(" in text + html) == (
        [TO],
        0,
        False,
        False,
    )
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "successfully" not in text + html
    assert re.search(r"<h1[^>]*>", html)
    assert 'style="' in html  # inlined: many mailboxes drop style sheets


@pytest.mark.parametrize("prefix", CODES)
def test_code_is_in_the_subject_and_large_in_the_mail(prefix):
    send_account_mail(prefix, to=TO, context=CONTEXT)

    message = mail.outbox[0]
    assert message.subject.startswith("1234 5678 is your code to ")
    assert "\n    1234 5678\n" in message.body
    assert re.search(r'class="code"[^>]*font-size: 34px[^>]*>1234 5678<', html_of(message))


@pytest.mark.parametrize(
    ("prefix", "minutes"), [("account/email/login_code", 10), ("account/email/password_reset_code", 15)]
)
def test_code_says_how_long_it_works(prefix, minutes):
    send_account_mail(prefix, to=TO, context=CONTEXT)

    assert f"It works for {minutes} minutes, once." in mail.outbox[0].body


def test_notice_says_when_with_what_and_from_where():
    send_account_mail("account/email/password_changed", to=TO, context=CONTEXT)

    body = mail.outbox[0].body
    assert "When: 2 March 2026, 09:00 (UTC)\nWith: Firefox on Windows\nFrom: 203.0.113.7\n" in body
    assert "Then act now: http://badges.example.org/accounts/password/reset/" in body


def test_what_others_chose_is_escaped():
    send_account_mail("socialaccount/email/account_connected", to=TO, context=CONTEXT)

    message = mail.outbox[0]
    assert ("Acme <Co>" in message.body, "Acme <Co>" in html_of(message), "Acme &lt;Co&gt;" in html_of(message)) == (
        True,
        False,
        True,
    )


def test_mail_without_words_is_refused():
    with pytest.raises(UnknownMail):
        send_account_mail("account/email/new_kind", to=TO, context={})


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36", "Chrome on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140", "Edge on Windows"),
        ("curl/8.5.0", "an unknown program"),
        ("", "an unknown program"),
    ],
)
def test_device_is_named_as_people_name_it(user_agent, words):
    assert device_words(user_agent) == words
