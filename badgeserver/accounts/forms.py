"""What people type about themselves."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from badgeserver.accounts.models import User


class SignupForm(forms.Form):
    """The fields that allauth's sign-up form has beyond address and password."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As colleagues know you. Strangers see it on a badge only if you agree there."),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth after the account was made; the adapter has kept the name."""
