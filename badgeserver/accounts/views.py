"""The pages of one's own account, and allauth's pages where they need something of ours."""

import logging
from typing import Any
from urllib.parse import urlencode

import requests
from allauth.account import views as account
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.utils import get_next_redirect_url, has_verified_email, passthrough_next_redirect_url
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount.adapter import get_adapter as get_company_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from badgeserver.accounts.actions import choose_columns, choose_language, forget_unconfirmed_password, rename_user
from badgeserver.accounts.context_processors import has_company_sign_in
from badgeserver.accounts.forms import ProfileForm
from badgeserver.errors import UserFacingError

logger = logging.getLogger(__name__)

#: What a company server's wrong answers turn into while they are read.
_WRONG_ANSWER = (
    requests.RequestException,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    ImproperlyConfigured,
)


# --- One's own account ---------------------------------------------------------------------------------------


@never_cache
@login_required
@require_safe
def account_home(request: HttpRequest) -> HttpResponse:
    """Show all there is to the account, each with its state in words."""
    user: Any = request.user
    addresses = list(EmailAddress.objects.filter(user=user).order_by("-primary", "email"))
    authenticators = list(Authenticator.objects.filter(user=user))
    kept = {kind: [one for one in authenticators if one.type == kind] for kind in Authenticator.Type}
    codes = kept[Authenticator.Type.RECOVERY_CODES]
    context = {
        "addresses": addresses,
        "unconfirmed": sum(not address.verified for address in addresses),
        "passkeys": len(kept[Authenticator.Type.WEBAUTHN]),
        "has_app": bool(kept[Authenticator.Type.TOTP]),
        "recovery_codes": len(codes[0].wrap().get_unused_codes()) if codes else None,
        "has_company": has_company_sign_in(),
        "is_connected": has_company_sign_in() and SocialAccount.objects.filter(user=user).exists(),
    }
    return render(request, "accounts/account_home.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_profile(request: HttpRequest) -> HttpResponse:
    """Show the account's name and language, and change them."""
    user: Any = request.user
    form = ProfileForm(request.POST or None, initial={"name": user.name, "language": user.language})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["name"] != user.name:
            rename_user(user=user, name=form.cleaned_data["name"], by=user, at=timezone.now())
        choose_language(user=user, language=form.cleaned_data["language"])
        # Said in the language that was chosen just now.
        with override(user.language or get_language()):
            messages.success(request, _("Name and language saved."))
        return redirect("account-home")
    return render(request, "accounts/account_profile.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def choose_table_columns(request: HttpRequest) -> HttpResponse:
    """Keep which columns of a table are shown to this person, and go back to it."""
    user: Any = request.user
    try:
        choose_columns(user=user, table=request.POST.get("table", ""), columns=request.POST.getlist("column"))
    except UserFacingError as refusal:
        messages.error(request, refusal.message)
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and "\x00" not in back
    return redirect(back if is_ours and back.startswith("/") else "account-home")


@never_cache
@login_required
@require_safe
def remove_address(request: HttpRequest, address: int) -> HttpResponse:
    """Ask once more before an address is removed, and say what that means for badges."""
    found = get_object_or_404(EmailAddress, pk=address, user=request.user)
    return render(request, "accounts/address_remove.html", {"address": found})


# --- Coming in -----------------------------------------------------------------------------------------------


class SignIn(account.LoginView):
    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), **_address_from(self.request, "login")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        for name in ("signup_url", "request_login_code_url"):
            context[name] = _with_address(context[name], self.request)
        return context


class SignUp(account.SignupView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["login_url"] = _with_address(context["login_url"], self.request)
        return context


class RequestCode(account.RequestLoginCodeView):
    """Mails a code. Also takes the address from the sign-in page's own field, so that nobody types it twice."""

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), **_address_from(self.request, "email")}

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        if self.request.method == "POST" and "email" not in self.request.POST and "login" in self.request.POST:
            data = QueryDict(mutable=True)
            data["email"] = self.request.POST["login"]
            kwargs["data"] = data
        return kwargs

    @method_decorator(sensitive_post_parameters("password"))
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class _SaysWhenOver:
    """A page that waits for a mailed code, and says so when the waiting is over."""

    request: HttpRequest
    over_sentence: Promise
    start_again: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self._process: Any = None
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        if self._process is None and response.status_code == 302 and request.user.is_anonymous:
            messages.warning(request, str(self.over_sentence))
            return HttpResponseRedirect(
                passthrough_next_redirect_url(request, reverse(self.start_again), REDIRECT_FIELD_NAME)
            )
        return response


class ConfirmMailedCode(_SaysWhenOver, account.ConfirmLoginCodeView):
    over_sentence = _lazy("That code is no longer valid. Have a new one mailed to you.")
    start_again = "account_request_login_code"

    def _verify_form_valid(self, form: Any) -> HttpResponse:
        user = self._process.user
        if user is not None and user.has_usable_password() and not has_verified_email(user):
            forget_unconfirmed_password(user=user, at=timezone.now())
            messages.warning(
                self.request,
                _(
                    "The password that was chosen when this account was made is gone: its address had not been "
                    "confirmed. You can choose one under Account."
                ),
            )
        response: HttpResponse = super()._verify_form_valid(form)
        return response


class ConfirmAddress(_SaysWhenOver, account.ConfirmEmailVerificationCodeView):
    over_sentence = _lazy("That code is no longer valid. Sign in, and we mail you a new one.")
    start_again = "account_login"


class ConfirmResetCode(_SaysWhenOver, account.ConfirmPasswordResetCodeView):
    over_sentence = _lazy("That code is no longer valid. Ask for a new one.")
    start_again = "account_reset_password"


class Addresses(account.EmailView):
    """One's addresses. `?email=` fills in the one to add, and `?next=` is where one goes when it is confirmed."""

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), **_address_from(self.request, "email")}

    def get_success_url(self) -> str:
        url = str(super().get_success_url())
        return str(passthrough_next_redirect_url(self.request, url, REDIRECT_FIELD_NAME))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["next"] = get_next_redirect_url(self.request) or ""
        context["emailaddresses"].sort(key=lambda address: (not address.primary, address.email))
        return context


class _ShowsRecoveryCodesAtOnce:
    """Who has just set up a second step has shown who they are: the recovery codes come without asking again.

    Whoever had a password or another second step was asked for it on the way here; who had neither has now used the
    new one.
    """

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        record_authentication(self.request, authenticated_user(self.request), method="mfa", reauthenticated=True)
        return response


class AddPasskey(_ShowsRecoveryCodesAtOnce, webauthn.AddWebAuthnView):
    pass


class ActivateApp(_ShowsRecoveryCodesAtOnce, totp.ActivateTOTPView):
    pass


class PasskeySignIn(webauthn.LoginWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        return redirect(passthrough_next_redirect_url(self.request, response["Location"], REDIRECT_FIELD_NAME))


class ReauthenticateByPasskey(webauthn.ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        super().form_invalid(form)
        return redirect(passthrough_next_redirect_url(self.request, self.request.path, REDIRECT_FIELD_NAME))


def _address_from(request: HttpRequest, field: str) -> dict[str, str]:
    """Return the address that a link filled in for `field`, if it is one."""
    given = request.GET.get("email", "")
    try:
        validate_email(given)
    except ValidationError:
        return {}
    return {field: given}


def _with_address(url: str, request: HttpRequest) -> str:
    given = _address_from(request, "email")
    return f"{url}{'&' if '?' in url else '?'}{urlencode(given)}" if given else url


# --- The company's server --------------------------------------------------------------------------------------


@login_not_required
def company_sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the visitor to the company's sign-in page.

    By a page that goes on by itself, not by redirecting the form: the content security policy lets forms lead only to
    this site, and companies pass people on from one server to the next.
    """
    _require_known(provider_id)
    try:
        response: HttpResponse = openid_connect.login(request, provider_id)
    except _WRONG_ANSWER as wrong:
        return _company_failed(request, provider_id, wrong)
    if response.status_code == 302 and "://" in response["Location"]:
        context = {"redirect_to": response["Location"], "provider": _company(request, provider_id)}
        return render(request, "socialaccount/login_redirect.html", context)
    return response


@login_not_required
def company_answers(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the company's answer; one that cannot be understood becomes a page that says what to do."""
    _require_known(provider_id)
    try:
        response: HttpResponse = openid_connect.callback(request, provider_id)
    except _WRONG_ANSWER as wrong:
        return _company_failed(request, provider_id, wrong)
    return response


def _require_known(provider_id: str) -> None:
    """Raise 404 for a company that the settings do not name."""
    known: Any = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    if provider_id not in {app["provider_id"] for app in known}:
        raise Http404


def _company(request: HttpRequest, provider_id: str) -> Any:
    return get_company_adapter().get_provider(request, provider_id)


def _company_failed(request: HttpRequest, provider_id: str, wrong: Exception) -> HttpResponse:
    response: HttpResponse = render_authentication_error(request, _company(request, provider_id), exception=wrong)
    return response
