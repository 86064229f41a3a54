"""The sidebar of pages that belong to a person and to no organisation."""

from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from badgeserver.accounts.models import User
from issuers.models import Organisation


def personal_navigation(request: HttpRequest) -> dict[str, Any]:
    """Return `nav` for `base_app.html`: the person's badges, and the organisations that they belong to."""
    mine_url, user = reverse("assertions:mine"), cast(User, request.user)
    items = [
        {"label": _("My badges"), "icon": "medal", "url": mine_url, "current": request.path.startswith(mine_url)},
        {"label": _("Verify a badge"), "icon": "badge-check", "url": reverse("assertions:verify")},
    ]
    for index, organisation in enumerate(Organisation.objects.for_member(user).by_name()):
        items.append(
            {
                "label": organisation.name,
                "icon": "building-2",
                "url": reverse("assertions:overview", args=[organisation.slug]),
                "group": "" if index else _("Your organisations"),
            }
        )
    nav: dict[str, Any] = {
        "items": items,
        "home_url": reverse("assertions:home"),
        "account_url": reverse("account-home"),
    }
    if len(items) == 2:
        nav["new_organisation_url"] = reverse("issuers:new-organisation")
        items.append({"label": _("Award badges yourself"), "icon": "plus", "url": nav["new_organisation_url"]})
    return nav
