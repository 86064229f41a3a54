"""Search, as a page and inside the command palette: what can be done, where one can go, what there is."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from assertions.queries.search import Found, Hit, Typed, address_of, badges_to_award_named, search_all
from badges.queries import thumbnail_url
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, navigation, workspace

#: What the palette's own answer is put into; its page asks for the same address.
PALETTE_TARGET = "palette-results"


@dataclass(frozen=True, slots=True)
class _Act:
    label: str | Promise
    icon: str
    name: str
    permission: Permission
    also: str | Promise = ""  # further words under which people look for it


_ACTS = [
    _Act(_lazy("New badge"), "plus", "badges:create", Permission.EDIT_BADGES, _lazy("create draft")),
    _Act(_lazy("Award a badge"), "award", "assertions:choose-badge", Permission.AWARD_BADGES, _lazy("give issue")),
    _Act(
        _lazy("Import a plan"),
        "table-properties",
        "badges:new-plan",
        Permission.EDIT_BADGES,
        _lazy("programme table Word Excel"),
    ),
    _Act(
        _lazy("Import a framework"),
        "list-tree",
        "badges:import-framework",
        Permission.EDIT_BADGES,
        _lazy("skills competencies ESCO CASE"),
    ),
    _Act(_lazy("Add a person"), "user-plus", "issuers:add-person", Permission.EDIT_PEOPLE, _lazy("new colleague")),
    _Act(_lazy("Import people"), "upload", "issuers:import-people", Permission.EDIT_PEOPLE, _lazy("table CSV Excel")),
    _Act(_lazy("Import a badge"), "import", "badges:import", Permission.EDIT_BADGES, _lazy("bring JSON")),
    _Act(_lazy("Invite a colleague"), "send", "issuers:staff", Permission.MANAGE_STAFF, _lazy("staff member role")),
    _Act(_lazy("Endorse somebody"), "handshake", "assertions:endorse", Permission.ENDORSE),
]
_PLACES = [
    _Act(
        _lazy("Departments and roles"), "network", "issuers:groups", Permission.EDIT_PEOPLE, _lazy("teams units jobs")
    ),
    _Act(
        _lazy("Ladders"),
        "chart-no-axes-column-increasing",
        "badges:ladders",
        Permission.SEE_BADGES,
        _lazy("levels next badge path"),
    ),
    _Act(
        _lazy("Templates"),
        "layout-template",
        "badges:templates",
        Permission.SEE_BADGES,
        _lazy("begin new badge sample"),
    ),
]


@require_safe
@workspace(Permission.SEE_NUMBERS)
def search(request: WorkspaceRequest) -> HttpResponse:
    """Show what was found; inside the palette, as options of its list."""
    typed = Typed.read(request.GET.get("q", ""))
    acts, places = _acts(request, typed), _places(request, typed)
    found = search_all(request.workspace.organisation, typed, request.workspace.permissions, at=timezone.now())
    groups = [group for group in ([acts, *found, places] if typed else [acts, places]) if group.hits]
    context = {
        "typed": typed,
        "groups": groups,
        "count": sum(max(group.total, len(group.hits)) for group in groups),
    }
    if request.htmx.target == PALETTE_TARGET:
        return render(request, "assertions/_palette_results.html", context)
    return render(request, "assertions/search.html", context)


def _acts(request: WorkspaceRequest, typed: Typed) -> Found:
    """Return what one may do here and now, and to award which badge, where that was typed."""
    organisation = request.workspace.organisation
    hits = [hit for act in _ACTS if (hit := _hit(request, act, typed))]
    badge = typed.after(pgettext("act", "Award"))
    if badge is not None and request.workspace.may(Permission.AWARD_BADGES):
        hits += [
            Hit(
                typed.pieces(_("Award “%(badge)s”") % {"badge": found.name}),
                reverse("assertions:award", args=[organisation.slug, found.pk]),
                "award",
                picture_url=thumbnail_url(found, organisation),
            )
            for found in badges_to_award_named(organisation, badge)
        ]
    return Found("acts", _("Acts"), hits, len(hits))


def _places(request: WorkspaceRequest, typed: Typed) -> Found:
    """Return the pages of the sidebar, and those below them that have no entry there."""
    nav: Any = navigation(request)["nav"]
    hits = [
        Hit(typed.pieces(str(item["label"])), item["url"], item["icon"])
        for item in (*nav["items"], *nav["personal"])
        if typed.finds(str(item["label"]))
    ]
    hits += [hit for place in _PLACES if (hit := _hit(request, place, typed))]
    if typed.finds(_("Account")):
        hits.append(Hit(typed.pieces(_("Your account")), nav["account_url"], "circle-user"))
    return Found("places", _("Go to"), hits, len(hits))


def _hit(request: WorkspaceRequest, act: _Act, typed: Typed) -> Hit | None:
    if not request.workspace.may(act.permission) or not typed.finds(str(act.label), str(act.also)):
        return None
    url = address_of(act.name, request.workspace.organisation.slug)
    return Hit(typed.pieces(str(act.label)), url, act.icon) if url else None
