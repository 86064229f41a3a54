"""The mails about accounts: what allauth wants to say, in our words and through the house's one door for mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from badgeserver import mail
from badgeserver.addresses import absolute

Text = str | Promise


class UnknownMail(LookupError):
    """allauth asks for a mail that has no words of ours."""


@dataclass(frozen=True, slots=True)
class CodeMail:
    """A mail with a code; somebody waits for it."""

    purpose: Text  # ends the subject: “1234 5678 is your code to …”
    heading: Text
    text: Text
    seconds: str  # the setting that says how long the code works
    ignore: Text


@dataclass(frozen=True, slots=True)
class LinkMail:
    """A mail to an address that did something unexpected; the page in the browser says nothing of it."""

    subject: Text
    heading: Text
    text: Text
    action: Text
    url_name: str
    ignore: Text


@dataclass(frozen=True, slots=True)
class NoticeMail:
    """A mail that something about the account was changed."""

    subject: Text
    text: Text  # may name values of the context: %(deleted_email)s
    url_name: str = "account-home"


_NOT_YOU = _lazy(
    "Was it not you? Then somebody mistyped an address. You need not do anything; without the code nobody gets in."
)

CODES: dict[str, CodeMail] = {
    "account/email/login_code": CodeMail(
        _lazy("to sign in"),
        _lazy("Your code to sign in"),
        _lazy("Type it in the window where you asked for it."),
        "ACCOUNT_LOGIN_BY_CODE_TIMEOUT",
        _NOT_YOU,
    ),
    "account/email/email_confirmation_signup": CodeMail(
        _lazy("to confirm your address"),
        _lazy("Confirm your address"),
        _lazy("Type this code in the window where you signed up. Then your account is ready."),
        "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT",
        _NOT_YOU,
    ),
    "account/email/email_confirmation": CodeMail(
        _lazy("to confirm your address"),
        _lazy("Confirm your address"),
        _lazy(
            "Type this code in the window where you entered the address. Then badges awarded to it are in your account."
        ),
        "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT",
        _NOT_YOU,
    ),
    "account/email/password_reset_code": CodeMail(
        _lazy("to choose a new password"),
        _lazy("Choose a new password"),
        _lazy("Type this code in the window where you asked for it. Then you choose the new password."),
        "ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT",
        _lazy("Was it not you? Then leave it: your password stays as it is."),
    ),
}

LINKS: dict[str, LinkMail] = {
    "account/email/account_already_exists": LinkMail(
        _lazy("You already have an account"),
        _lazy("You already have an account"),
        _lazy(
            "Somebody, probably you, wanted to create an account with this address. There is one already: sign in to "
            "it. Without the password, have a code mailed to you."
        ),
        _lazy("Sign in"),
        "account_login",
        _lazy("Was it not you? Then you need not do anything. Nothing was changed."),
    ),
    "account/email/unknown_account": LinkMail(
        _lazy("There is no account with this address yet"),
        _lazy("No account with this address yet"),
        _lazy(
            "Somebody, probably you, wanted to sign in with this address, but no account has it. Perhaps yours has "
            "another address. If you have none yet, create one; it takes a minute."
        ),
        _lazy("Create an account"),
        "account_signup",
        _lazy("Was it not you? Then you need not do anything. Nothing was stored."),
    ),
}

NOTICES: dict[str, NoticeMail] = {
    "account/email/email_changed": NoticeMail(
        _lazy("Your main address was changed"),
        _lazy("The main address of your account is now %(to_email)s instead of %(from_email)s."),
        "account_email",
    ),
    "account/email/email_confirm": NoticeMail(
        _lazy("An address was confirmed"), _lazy("An address of your account was confirmed."), "account_email"
    ),
    "account/email/email_deleted": NoticeMail(
        _lazy("An address was removed"),
        _lazy(
            "The address %(deleted_email)s was removed from your account. Badges awarded to it stay valid, but no "
            "longer appear in your account."
        ),
        "account_email",
    ),
    "account/email/password_changed": NoticeMail(
        _lazy("Your password was changed"),
        _lazy("The password of your account was changed."),
        "account_reset_password",
    ),
    "account/email/password_reset": NoticeMail(
        _lazy("Your password was changed"),
        _lazy("A new password was chosen for your account, with a code that we mailed to you."),
        "account_reset_password",
    ),
    "account/email/password_set": NoticeMail(
        _lazy("Your account has a password now"),
        _lazy("A password was set for your account. Codes by mail still work."),
        "account_reset_password",
    ),
    "mfa/email/recovery_codes_generated": NoticeMail(
        _lazy("New recovery codes"),
        _lazy("New recovery codes were made for your account. The ones before no longer work."),
        "mfa_index",
    ),
    "mfa/email/totp_activated": NoticeMail(
        _lazy("One-time codes are on"),
        _lazy("Signing in to your account now also asks for a code from an app."),
        "mfa_index",
    ),
    "mfa/email/totp_deactivated": NoticeMail(
        _lazy("One-time codes are off"),
        _lazy("Signing in to your account no longer asks for a code from an app."),
        "mfa_index",
    ),
    "mfa/email/webauthn_added": NoticeMail(
        _lazy("A passkey was added"), _lazy("A passkey was added to your account."), "mfa_list_webauthn"
    ),
    "mfa/email/webauthn_removed": NoticeMail(
        _lazy("A passkey was removed"), _lazy("A passkey was removed from your account."), "mfa_list_webauthn"
    ),
    "socialaccount/email/account_connected": NoticeMail(
        _lazy("Your company account was connected"),
        _lazy("Your account can now be opened by %(provider)s."),
        "socialaccount_connections",
    ),
    "socialaccount/email/account_disconnected": NoticeMail(
        _lazy("Your company account was disconnected"),
        _lazy("Your account can no longer be opened by %(provider)s."),
        "socialaccount_connections",
    ),
}

#: What a program says of itself, and what people call it; the first that is found.
_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


def send_account_mail(template_prefix: str, *, to: str, context: Mapping[str, Any]) -> None:
    """Send what allauth calls `template_prefix` to one address.

    Raises `UnknownMail` for a prefix without words, and what the mail server's refusal raises.
    """
    if template_prefix in CODES:
        _send_code(CODES[template_prefix], to, str(context["code"]))
    elif template_prefix in LINKS:
        _send_link(LINKS[template_prefix], to)
    elif template_prefix in NOTICES:
        _send_notice(NOTICES[template_prefix], to, context)
    else:
        raise UnknownMail(template_prefix)


def is_notice(template_prefix: str) -> bool:
    """Say whether nobody waits for this mail: the act it tells of is done."""
    return template_prefix in NOTICES


def device_words(user_agent: str) -> str:
    """Return the browser and the system in people's words: “Firefox on Windows”."""
    browser = next((name for sign, name in _BROWSERS.items() if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS.items() if sign in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("an unknown program")


def _send_code(words: CodeMail, to: str, code: str) -> None:
    mail.send(
        "accounts/code",
        to=to,
        context={
            "code": code,
            # In two halves it is read without counting; blanks do not matter when it is typed.
            "readable_code": f"{code[:4]} {code[4:]}" if len(code) == 8 else code,
            "minutes": getattr(settings, words.seconds) // 60,
            "words": words,
            "site_host": settings.SITE_HOST,
        },
    )


def _send_link(words: LinkMail, to: str) -> None:
    url = f"{absolute(reverse(words.url_name))}?{urlencode({'email': to})}"
    mail.send(
        "accounts/link", to=to, context={"words": words, "url": url, "email": to, "site_host": settings.SITE_HOST}
    )


def _send_notice(words: NoticeMail, to: str, context: Mapping[str, Any]) -> None:
    provider = context.get("provider")
    values = {
        **{name: context.get(name, "") for name in ("from_email", "to_email", "deleted_email")},
        "provider": getattr(provider, "name", provider or ""),
    }
    at = context.get("timestamp")
    mail.send(
        "accounts/notice",
        to=to,
        context={
            "subject": words.subject,
            "text": str(words.text) % values,
            "url": absolute(reverse(words.url_name)),
            "at": at if isinstance(at, datetime) else timezone.now(),
            "ip": context.get("ip", ""),
            "device": device_words(str(context.get("user_agent", ""))),
            "site_host": settings.SITE_HOST,
        },
    )
