"""What people do in front of the sign-in page, step by step."""

import html
import re
from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse

from badgeserver.accounts.models import User
from tests.factories.accounts import PASSWORD


def newest_code(to: str) -> str:
    """The code of the newest mail to this address."""
    message = mails_to(to)[-1]
    found = re.match(r"(\d{4}) (\d{4}) is your code", message.subject)
    assert found, message.subject
    return "".join(found.groups())


def mails_to(to: str) -> list[Any]:
    return [message for message in mail.outbox if message.to == [to]]


def subjects_to(to: str) -> list[str]:
    return [re.sub(r"\d{4} \d{4}", "0000 0000", message.subject) for message in mails_to(to)]


def sign_in(client: Client, user: User, *, next_url: str = "") -> Any:
    data = {"login": user.email, "password": PASSWORD, **({"next": next_url} if next_url else {})}
    return client.post(reverse("account_login"), data)


def confirm_it_is_me(client: Client) -> None:
    """Type the password once more: what follows within five minutes is not asked again."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": "/accounts/"})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def toasts(response: Any) -> list[str]:
    """The messages that the page of this answer shows."""
    found = re.findall(r'<div class="toast-text">(.*?)</div>', response.content.decode(), re.DOTALL)
    return [html.unescape(text.strip()) for text in found]


def errors(response: Any) -> dict[str, list[str]]:
    """What the form of this page complains about, field by field."""
    form = response.context.get("verify_form") or response.context["form"]
    return {field: [str(error) for error in found] for field, found in form.errors.items()}
