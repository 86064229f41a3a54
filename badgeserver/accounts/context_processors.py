"""What the pages of one's own account need to be found from one another."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _


def account_navigation(request: HttpRequest) -> dict[str, Any]:
    """Return `nav` for the sidebar of the account pages; nothing elsewhere, and nothing for strangers."""
    match = request.resolver_match
    if match is None or match.namespaces or not request.path.startswith(reverse("account-home")):
        return {}
    if not request.user.is_authenticated:
        return {}
    return {"nav": SimpleLazyObject(lambda: _nav(request))}


def has_company_sign_in() -> bool:
    """Say whether the installation knows a company server."""
    return bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"])


def _nav(request: HttpRequest) -> dict[str, Any]:
    entries = [
        (_("Account"), "circle-user", "account-home"),
        (_("Name and language"), "user", "account-profile"),
        (_("E-mail addresses"), "mail", "account_email"),
        (_("Password"), "lock-keyhole", "account_change_password"),
        (_("Passkeys"), "fingerprint-pattern", "mfa_list_webauthn"),
        (_("One-time codes"), "smartphone", "mfa_index"),
    ]
    if has_company_sign_in():
        entries.append((_("Company account"), "building-2", "socialaccount_connections"))
    # The longest address that begins this page's own is where one is: the overview begins them all.
    urls = [reverse(name) for _label, _icon, name in entries]
    current = max((url for url in urls if _belongs(request.path, url)), key=len, default="")
    items = [
        {"label": label, "icon": icon, "url": url, "current": url == current}
        for (label, icon, _name), url in zip(entries, urls, strict=True)
    ]
    return {
        "items": items,
        "home_url": "/",
        "account_url": reverse("account-home"),
        "personal": _my_badges(),
    }


def _belongs(path: str, url: str) -> bool:
    if url == reverse("account_change_password"):
        return path in {url, reverse("account_set_password")}
    return path.startswith(url)


def _my_badges() -> list[dict[str, Any]]:
    try:
        url = reverse("assertions:mine")
    except NoReverseMatch:
        return []
    return [{"label": _("My badges"), "icon": "medal", "url": url, "current": False}]
