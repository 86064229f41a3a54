"""What people type to come in and about themselves: allauth's forms, with our words and our limits."""

import struct
import unicodedata
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.fields import EmailField
from allauth.account.models import EmailAddress
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount import forms as company
from cryptography.exceptions import UnsupportedAlgorithm
from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ADDRESS_MAX = 254
NAME_MAX = 120
PASSKEY_NAME_MAX = 60
PASSWORD_MAX = 1000
CREDENTIAL_MAX = 64 * 1024

INVISIBLE = _("This contains an invisible character. Type it anew instead of pasting it.")
#: They turn the reading direction round, so that a name could look like another one.
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: What a made-up answer of a passkey turns into while it is taken apart.
_WRONG_CREDENTIAL = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    struct.error,
    UnsupportedAlgorithm,
)


# --- Fields --------------------------------------------------------------------------------------------------


def _readable(value: str) -> None:
    """Refuse names that could not be read beside other people's names."""
    if any(unicodedata.category(char) in {"Cc", "Cs", "Co"} or char in _DIRECTION_MARKS for char in value):
        raise ValidationError(INVISIBLE, code="invisible")


class NameField(forms.CharField):
    """A name in one line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", NAME_MAX)
        super().__init__(**kwargs)
        self.error_messages["null_characters_not_allowed"] = INVISIBLE
        self.validators = [_without_null, _readable, *self.validators]


class AddressField(EmailField):
    """An e-mail address, in the form in which addresses are kept and compared: NFC, lower case."""

    def __init__(self, *, autocomplete: str = "email", **kwargs: Any) -> None:
        kwargs.setdefault("label", _("E-mail address"))
        attrs = {"type": "email", "autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
        super().__init__(
            max_length=ADDRESS_MAX,
            widget=forms.TextInput(attrs=attrs),
            error_messages={
                "required": _("Write your e-mail address."),
                "invalid": _("This is not a whole e-mail address. It looks like name@example.org."),
                "null_characters_not_allowed": INVISIBLE,
            },
            **kwargs,
        )
        self.validators: list[Any] = [_without_null, *self.validators, _mailable]

    def to_python(self, value: Any) -> str:
        # Before the validators run, so that what they measured is what is kept.
        return unicodedata.normalize("NFC", super().to_python(value) or "").strip().lower()


class CodeField(forms.CharField):
    """A code that a mail or an app shows; blanks and dashes in it do not matter."""

    def __init__(self, *, label: Any = None, required_message: Any = None, **kwargs: Any) -> None:
        attrs = {
            "class": "code",
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "autocapitalize": "none",
            "spellcheck": "false",
            "autofocus": True,
        }
        super().__init__(
            label=label or _("Code"),
            max_length=40,
            widget=forms.TextInput(attrs=attrs),
            error_messages={
                "required": required_message or _("Type the code from the mail."),
                "max_length": _("This is too long for a code. Type only the digits."),
                "null_characters_not_allowed": INVISIBLE,
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        # NFKC: digits that were pasted in full width are digits too.
        text = unicodedata.normalize("NFKC", super().to_python(value) or "")
        return "".join(char for char in text if not char.isspace() and char not in "-\u2010\u2011\u2012\u2013")


class CredentialField(forms.JSONField):
    """What a passkey answered, as the page's script wrote it: plain ASCII, a few kilobytes at most."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and (len(value) > CREDENTIAL_MAX or not value.isascii() or "\\u" in value):
            raise get_adapter().validation_error("passkey_not_understood")
        try:
            parsed = super().to_python(value)
        except (ValidationError, RecursionError) as refused:
            raise get_adapter().validation_error("passkey_not_understood") from refused
        if parsed is not None and not isinstance(parsed, dict):
            raise get_adapter().validation_error("passkey_not_understood")
        return parsed

    def bound_data(self, data: Any, initial: Any) -> str:
        # An answer fits one question: a page that asks again never brings the old answer along.
        return ""

    def prepare_value(self, value: Any) -> str:
        return ""


def _without_null(value: str) -> None:
    # In front: the other validators may put the value into a sentence, or measure it first.
    if "\x00" in value:
        raise ValidationError(INVISIBLE, code="invisible")


def _mailable(address: str) -> None:
    """Refuse domains that cannot be written on an envelope, though they look like domains."""
    try:
        address.rpartition("@")[2].encode("idna")
    except UnicodeError as refused:
        raise ValidationError("", code="invalid") from refused


def _password(field: forms.Field, *, label: Any, autocomplete: str, help_text: Any = "") -> None:
    """Put a password field of allauth into our words."""
    field.label = label
    field.help_text = help_text
    field.error_messages["required"] = _("Type the password.")
    field.error_messages["null_characters_not_allowed"] = INVISIBLE
    field.validators = [*field.validators, _short_enough]
    field.widget.attrs = {
        "autocomplete": autocomplete,
        "data-show": _("Show"),
        "data-show-password": _("Show the password"),
        "data-hide": _("Hide"),
        "data-hide-password": _("Hide the password"),
    }


def _short_enough(value: str) -> None:
    if len(value) > PASSWORD_MAX:
        raise ValidationError(
            _("This is too long. A password has at most %(max)d characters."), params={"max": PASSWORD_MAX}
        )


_NEW_PASSWORD_HELP = _("At least 10 characters. A few words that you remember are best.")


# --- Coming in -----------------------------------------------------------------------------------------------


class SignInForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # “webauthn”: browsers offer the passkeys of this site right in the field.
        self.fields["login"] = AddressField(autocomplete="username webauthn")
        _password(self.fields["password"], label=_("Password"), autocomplete="current-password")
        self.fields["password"].error_messages["required"] = _("Type your password, or have a code mailed to you.")
        self.order_fields(["login", "password"])
        if not self.is_bound:
            first = "password" if self.initial.get("login") else "login"
            self.fields[first].widget.attrs["autofocus"] = True


class SignUpForm(account.SignupForm):
    """Name and address; a password only for those who want one, because a mailed code opens the account as well."""

    email = AddressField()
    name = NameField(
        label=_("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name.")},
        help_text=_("As colleagues know you. Strangers see it on a badge only if you agree there."),
    )
    field_order = ["email", "name", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        _password(
            self.fields["password1"],
            label=_("Password"),
            autocomplete="new-password",
            help_text=_("At least 10 characters. Leave it empty to sign in by codes that we mail to you."),
        )

    def signup(self, request: Any, user: AbstractBaseUser) -> None:
        """Called by allauth after the account was made; the adapter has kept the name."""


class CompanySignUpForm(company.SignupForm):
    """Asked only when the company's server did not say who somebody is."""

    email = AddressField()
    name = NameField(
        label=_("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name.")},
    )
    field_order = ["email", "name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")

    def signup(self, request: Any, user: AbstractBaseUser) -> None:
        """Called by allauth after the account was made; the adapter has kept the name."""


class RequestCodeForm(account.RequestLoginCodeForm):
    email = AddressField(autocomplete="username")


class MailedCodeForm(account.ConfirmLoginCodeForm):
    code = CodeField()


class ConfirmAddressForm(account.ConfirmEmailVerificationCodeForm):
    code = CodeField()


class ResetCodeForm(account.ConfirmPasswordResetCodeForm):
    code = CodeField()


class AppCodeForm(mfa.AuthenticateForm):
    code = CodeField(
        label=_("Code from your app, or a recovery code"),
        required_message=_("Type the code that your app shows now, or one of your recovery codes."),
    )


class ReauthenticateAppCodeForm(mfa.ReauthenticateForm):
    code = CodeField(
        label=_("Code from your app, or a recovery code"),
        required_message=_("Type the code that your app shows now, or one of your recovery codes."),
    )


class ReauthenticateForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _password(self.fields["password"], label=_("Password"), autocomplete="current-password")


# --- Passwords -----------------------------------------------------------------------------------------------


class ForgottenPasswordForm(account.ResetPasswordForm):
    email = AddressField(autocomplete="username")


class NewPasswordForm(account.ResetPasswordKeyForm):
    """The new password, once: who mistypes it has another code mailed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        _password(
            self.fields["password1"],
            label=_("New password"),
            autocomplete="new-password",
            help_text=_NEW_PASSWORD_HELP,
        )


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        _password(self.fields["oldpassword"], label=_("Password so far"), autocomplete="current-password")
        _password(
            self.fields["password1"],
            label=_("New password"),
            autocomplete="new-password",
            help_text=_NEW_PASSWORD_HELP,
        )


class SetPasswordForm(account.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        _password(
            self.fields["password1"], label=_("Password"), autocomplete="new-password", help_text=_NEW_PASSWORD_HELP
        )


# --- Addresses, name -----------------------------------------------------------------------------------------


class AddAddressForm(account.AddEmailForm):
    email = AddressField()


class ProfileForm(forms.Form):
    name = NameField(
        label=_("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name.")},
        help_text=_("Colleagues see it beside what you do here. Badges that you have already keep the name they have."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("As the browser asks for")), *settings.WORKSPACE_LANGUAGES],
        help_text=_("Of these pages, and of the mails that you get."),
        error_messages={"invalid_choice": _("Choose a language of the list.")},
    )


# --- Passkeys and one-time codes -------------------------------------------------------------------------------


class ActivateAppForm(totp.ActivateTOTPForm):
    code = CodeField(
        label=_("Code that the app shows now"), required_message=_("Type the six digits that your app shows now.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            # The picture to scan comes first; on phones the keyboard would cover it.
            del self.fields["code"].widget.attrs["autofocus"]


class _Answer(forms.Form):
    """Turns a made-up answer of a passkey into a sentence."""

    def clean_credential(self) -> Any:
        clean = getattr(super(), "clean_credential", None)
        if clean is None:
            return self.cleaned_data["credential"]
        try:
            return clean()
        except ValidationError:
            raise
        except _WRONG_CREDENTIAL as wrong:
            raise get_adapter().validation_error("passkey_not_understood") from wrong


class PasskeySignInForm(_Answer, webauthn.LoginWebAuthnForm):
    credential = CredentialField()


class PasskeyStepForm(_Answer, webauthn.AuthenticateWebAuthnForm):
    credential = CredentialField()


class ReauthenticatePasskeyForm(_Answer, webauthn.ReauthenticateWebAuthnForm):
    credential = CredentialField()


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    """A passkey that opens the account alone: it is kept on the device and asks for finger, face or PIN."""

    credential = CredentialField()
    name = NameField(
        label=_("Name of this passkey"),
        required=False,
        max_length=PASSKEY_NAME_MAX,
        help_text=_("So that you know later which device it is on, such as “My phone”."),
    )
    # Hidden and always on: allauth's script looks whether it is checked.
    passwordless = forms.BooleanField(
        required=False, initial=True, widget=forms.CheckboxInput(attrs={"hidden": True, "checked": True})
    )

    def clean(self) -> dict[str, Any]:
        try:
            return dict(super().clean())
        except ValidationError:
            raise
        except _WRONG_CREDENTIAL as wrong:
            raise get_adapter().validation_error("passkey_not_understood") from wrong


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    name = NameField(
        label=_("Name of this passkey"),
        max_length=PASSKEY_NAME_MAX,
        error_messages={"required": _("Write a name, such as “My phone”.")},
    )


# --- The company account ---------------------------------------------------------------------------------------


class DisconnectForm(company.DisconnectForm):
    """Takes the connection to the company account away from people who can still come in without it."""

    def clean(self) -> dict[str, Any]:
        # Not allauth's own rule, which asks for a password: a code mailed to a confirmed address opens the account.
        cleaned: dict[str, Any] = forms.Form.clean(self) or {}
        taken = cleaned.get("account")
        if taken and not EmailAddress.objects.filter(user_id=taken.user_id, verified=True).exists():
            raise ValidationError(_("Confirm an e-mail address first, so that you can still sign in without it."))
        return cleaned
