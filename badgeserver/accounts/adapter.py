"""Where allauth asks us: how addresses and secrets are kept, what is said, who people of the company are."""

import logging
import smtplib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_next_redirect_url
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import clean_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from badgeserver.accounts.emails import is_notice, send_account_mail
from badgeserver.accounts.forms import NAME_MAX
from badgeserver.accounts.models import User

logger = logging.getLogger(__name__)

#: Where somebody wanted to go, kept over the steps that do not carry it on themselves.
NEXT_SESSION_KEY = "accounts.next"

_WRONG_CODE = _("This is not the code. Look at the newest mail and type its code, or have a new one sent.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account was closed. Write to the people who run this site."),
        "cannot_remove_primary_email": _("This is your main address. Make another one the main address first."),
        "duplicate_email": _("You have this address already."),
        "email_password_mismatch": _(
            "Address and password do not belong together. Try again, or have a code mailed to you."
        ),
        "email_taken": _("This address belongs to another account. Sign in to that account, or use another address."),
        "enter_current_password": _("This is not your password so far. Try again."),
        "incorrect_code": _WRONG_CODE,
        "incorrect_password": _("This is not your password. Try again."),
        "invalid_login": _("Write your e-mail address."),
        "invalid_password_reset": _("This link is no longer valid. Ask for a new code."),
        "max_email_addresses": _("An account has at most %d addresses. Remove one first."),
        "passkey_not_understood": _("The passkey's answer was not understood. Try once more, or sign in another way."),
        "rate_limited": _("That was a little fast. Wait half a minute and try again."),
        "too_many_login_attempts": _(
            "That was wrong too often. Have a code mailed to you, or wait five minutes and try again."
        ),
        "unverified_primary_email": _("Confirm this address first, then make it your main address."),
    }

    def clean_email(self, email: str) -> str:
        return str(super().clean_email(email)).strip().lower()

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.name = form.cleaned_data.get("name", "")
        saved: User = super().save_user(request, user, form, commit=commit)
        return saved

    # --- Mail ---

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send through the house's door. Raises `ImmediateHttpResponse` when somebody waits in vain for the mail."""
        try:
            send_account_mail(template_prefix, to=email, context=context)
        except (OSError, smtplib.SMTPException) as failed:
            # The kind of fault only: the server's own words may name the person.
            logger.warning("A mail about an account could not be sent (%s).", type(failed).__name__)
            if not is_notice(template_prefix):
                raise ImmediateHttpResponse(_mail_failed()) from failed

    def send_account_already_exists_mail(self, email: str) -> None:
        # Making the account would have taken this long: the time of the answer must not tell that there is one.
        make_password(_posted_password())
        super().send_account_already_exists_mail(email)

    # --- Where to go ---

    def is_safe_url(self, url: str | None) -> bool:
        try:
            return bool(super().is_safe_url(url))
        except ValueError:  # an address that cannot be taken apart, such as `http://[::1`
            return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        wanted = kwargs.get("redirect_url") or get_next_redirect_url(request)
        request.session.pop(NEXT_SESSION_KEY, None)  # of a sign-in that was begun and left
        if wanted:
            request.session[NEXT_SESSION_KEY] = wanted
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        request.session.pop(NEXT_SESSION_KEY, None)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        wanted = request.session.get(NEXT_SESSION_KEY, "")
        if wanted and self.is_safe_url(wanted):
            return str(wanted)
        return str(super().get_login_redirect_url(request))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        if self.request.user.is_authenticated:
            return reverse("account_email")
        return str(super().get_email_verification_redirect_url(email_address))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account-home")

    # --- Who asks ---

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the visitor's address as the trusted proxies name it, or what is nearest to it: never refuses."""
        named = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        count = settings.ALLAUTH_TRUSTED_PROXY_COUNT
        # Fewer names than proxies: somebody inside asked past them. The first name is then the furthest known one.
        asked = named[-min(count, len(named))] if count and named else request.META.get("REMOTE_ADDR", "")
        return clean_client_ip(asked) or clean_client_ip(request.META.get("REMOTE_ADDR", "")) or "0.0.0.0"  # noqa: S104 -- a name, nothing listens

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code from your app, or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use your passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": words.get(method["id"], method["description"])} for method in methods]


class MFAAdapter(DefaultMFAAdapter):
    """Keeps the secrets of one-time codes encrypted, so that a copy of the database opens no account."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This is not the code. Wait until your app shows the next one, and type that."),
        "unverified_email": _("Confirm your e-mail address first."),
        "cannot_generate_recovery_codes": _("Recovery codes belong to a passkey or an app. Add one of them first."),
    }

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002 -- allauth's
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return str(_("Passkey %(number)d") % {"number": count + 1} if count else _("My passkey"))


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "connected_other": _("This company account is connected to another account here."),
    }

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """Take over who the company's server says somebody is, as far as it can be kept here.

        An address counts as confirmed only when the server says so without doubt: some write the text “false”.
        """
        for address in sociallogin.email_addresses:
            address.verified = address.verified is True or address.verified in ("true", "True")
            address.email = address.email.strip().lower()
        user: User = super().populate_user(request, sociallogin, data)
        user.email = user.email.strip().lower()
        parts = [data.get("first_name"), data.get("last_name")]
        name = data.get("name") or " ".join(part for part in parts if isinstance(part, str))
        user.name = _plain(name)[:NAME_MAX]
        # What the server tells beyond that (photos, groups, telephone numbers) is not ours to keep.
        sociallogin.account.extra_data = {"userinfo": {"name": user.name, "email": user.email}}
        return user

    def get_signup_form_initial_data(self, sociallogin: Any) -> dict[str, Any]:
        return {**super().get_signup_form_initial_data(sociallogin), "name": sociallogin.user.name}

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        # Only the kind of fault: what the server said may carry a token.
        kind = type(exception).__name__ if exception else error
        logger.warning("Company sign-in did not work (%s).", kind)


def _plain(text: object) -> str:
    """Return a name from elsewhere without what could not be kept or shown."""
    return "".join(char for char in str(text or "") if char.isprintable()).strip()


def _posted_password() -> str:
    return str(context.request.POST.get("password1", "") or "-")[:1000]


def _mail_failed() -> HttpResponse:
    return render(context.request, "accounts/mail_failed.html", status=503)


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.KEY_ENCRYPTION_KEYS])
