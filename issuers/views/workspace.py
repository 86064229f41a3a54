"""The signed-in workspace: which organisation this page belongs to, and what its member may do there."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from badgeserver.accounts.models import User
from issuers.rules import Permission, Workspace, workspace_for

P = ParamSpec("P")


class WorkspaceRequest(HttpRequest):
    """A request that `workspace` has let in."""

    workspace: Workspace
    htmx: HtmxDetails  # of its middleware
    user: User  # `workspace` has sent everybody else to sign in


View = Callable[Concatenate[WorkspaceRequest, P], HttpResponseBase]


def workspace(permission: Permission) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Let members of the organisation in the address in, whose role has `permission`.

    The view gets `request.workspace`; its address has `<slug:organisation>`. Anonymous people are sent to sign in,
    strangers get 404, members whose role may not get 403.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        def guarded(request: Any, organisation: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            request.workspace = workspace_for(request.user, organisation, permission)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `nav` and `may` for the templates of the workspace (nothing on other pages)."""
    current: Workspace | None = getattr(request, "workspace", None)
    if current is None:
        return {}
    return {
        "organisation": current.organisation,
        "may": {permission.value: True for permission in current.permissions},
        "nav": SimpleLazyObject(lambda: _nav(request, current)),
    }


def _nav(request: Any, current: Workspace) -> dict[str, Any]:
    entries: list[tuple[str, str, str, str, Permission]] = [
        ("", _("Overview"), "house", "assertions:overview", Permission.SEE_NUMBERS),
        (_("Programme"), _("Badges"), "hexagon", "badges:list", Permission.SEE_BADGES),
        (_("Programme"), _("Plans"), "table-2", "badges:plans", Permission.EDIT_BADGES),
        (_("Programme"), _("Designs"), "palette", "badges:designs", Permission.EDIT_BADGES),
        # plans, designs
        (_("Programme"), _("Frameworks"), "list-tree", "badges:frameworks", Permission.SEE_BADGES),
        (_("People"), _("Awards"), "award", "assertions:list", Permission.SEE_AWARDS),
        (_("People"), _("People"), "users", "assertions:people", Permission.SEE_AWARDS),
        (_("Trust"), _("Endorsements"), "handshake", "assertions:endorsements", Permission.ENDORSE),
        (_("Trust"), _("Reports"), "flag", "assertions:reports", Permission.HANDLE_REPORTS),
        (_("Organisation"), _("Issuers"), "building-2", "issuers:list", Permission.EDIT_ISSUERS),
        (_("Organisation"), _("Staff"), "user-cog", "issuers:staff", Permission.MANAGE_STAFF),
        (_("Organisation"), _("History"), "history", "issuers:history", Permission.SEE_HISTORY),
        (_("Organisation"), _("Settings"), "sliders-horizontal", "issuers:settings", Permission.MANAGE_ORGANISATION),
    ]
    items = []
    for group, label, icon, name, permission in entries:
        if not current.may(permission):
            continue
        url = reverse(name, args=[current.organisation.slug])
        is_overview = name == "assertions:overview"
        items.append(
            {
                "group": group,
                "label": label,
                "icon": icon,
                "url": url,
                "current": request.path == url if is_overview else request.path.startswith(url),
            }
        )
    return {
        "organisation": current.organisation,
        "organisations": [
            {"name": one.name, "slug": one.slug, "url": reverse("assertions:overview", args=[one.slug])}
            for one in current.organisations
        ],
        "items": items,
        "home_url": reverse("assertions:overview", args=[current.organisation.slug]),
        "new_organisation_url": reverse("issuers:new-organisation"),
        "account_url": reverse("account-home"),
        "personal": [{"label": _("My badges"), "icon": "medal", "url": reverse("assertions:mine"), "current": False}],
    }
