"""The shelf of badges: as tiles or as a table, searched and filtered, and as a file."""

from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from badges import queries
from badges.forms.catalogue import CatalogueForm
from badges.insights.rarity import Rarity, rarity_of
from badges.models import BadgeClass, Level
from badgeserver.web.tables import Column, Table
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

TILES_A_PAGE = 24

STATUS_TONES = {
    BadgeClass.Status.DRAFT: "neutral",
    BadgeClass.Status.PILOT: "info",
    BadgeClass.Status.PUBLISHED: "good",
    BadgeClass.Status.ARCHIVED: "warn",
    BadgeClass.Status.SUPERSEDED: "neutral",
}

BADGES = Table(
    "badges",
    sort="name",
    columns=(
        Column("name", _lazy("Badge"), lambda badge: badge.name, order=("name",), is_always_shown=True),
        Column(
            "category",
            _lazy("Category"),
            lambda badge: badge.get_category_display(),
            order=("category", "name"),
        ),
        Column("purpose", _lazy("Purpose"), lambda badge: badge.get_purpose_display(), order=("purpose", "name")),
        Column("level", _lazy("Level"), lambda badge: badge.level, order=("level", "name"), has_gaps=True),
        Column(
            "issuer",
            _lazy("Issuer"),
            lambda badge: badge.issuer.name,
            order=("issuer__name", "name"),
            is_shown_at_first=False,
        ),
        Column(
            "version",
            _lazy("Version"),
            lambda badge: badge.version,
            order=("version", "name"),
            is_number=True,
            is_shown_at_first=False,
        ),
        Column(
            "visibility",
            _lazy("Seen by"),
            lambda badge: badge.get_visibility_display(),
            order=("visibility", "name"),
            is_shown_at_first=False,
        ),
        Column("held", _lazy("Holders"), lambda badge: badge.held, order=("held", "name"), is_number=True),
        Column(
            "awarded",
            _lazy("Awards"),
            lambda badge: badge.awarded,
            order=("awarded", "name"),
            is_number=True,
            is_shown_at_first=False,
        ),
        Column(
            "published",
            _lazy("Published"),
            lambda badge: badge.published_at,
            order=("published_at",),
            has_gaps=True,
            is_shown_at_first=False,
        ),
        Column("changed", _lazy("Last change"), lambda badge: badge.updated_at, order=("updated_at",)),
        Column("state", _lazy("State"), lambda badge: state_of(badge)["label"]),
    ),
)


@require_safe
@workspace(Permission.SEE_BADGES)
def badge_list(request: WorkspaceRequest) -> HttpResponseBase:
    """Show the badges as tiles, or with `?view=table` as a table; `?format=csv` answers everything that was found."""
    organisation, at = request.workspace.organisation, timezone.now()
    form = CatalogueForm(request.GET, organisation=organisation)
    chosen = form.chosen()
    found = queries.badges_of(organisation, **chosen)
    is_table = request.GET.get("view") == "table"
    if BADGES.is_export(request):
        return BADGES.export(request, queries.with_numbers(found, at=at))
    counts = queries.status_counts(organisation, **{name: value for name, value in chosen.items() if name != "status"})
    narrowed = form.narrowed()
    context: dict[str, Any] = {
        "form": form,
        "narrowed": narrowed,
        "tabs": _tabs(request, counts, chosen["status"]),
        "search": chosen["search"],
        "status": chosen["status"],
        "is_table": is_table,
        "is_filtered": bool(chosen["search"] or narrowed),
        "is_empty": not counts[""] and not chosen["search"] and not narrowed,
    }
    if is_table:
        table = BADGES.page(request, queries.with_numbers(found, at=at))
        rows = [(badge, queries.thumbnail_url(badge, organisation), state_of(badge)) for badge in table.lines]
        context |= {"table": table, "rows": rows, "levels": dict(Level.choices)}
    else:
        page = Paginator(found, TILES_A_PAGE).get_page(request.GET.get("page"))
        rarity = rarity_of(page.object_list, at=at)
        context |= {"page": page, "tiles": [_tile(request, badge, rarity[badge.pk]) for badge in page.object_list]}
    return render(request, "badges/badge_list.html", context)


def state_of(badge: BadgeClass) -> dict[str, str]:
    """Say where a badge of `queries.badges_of` is; a version that is being prepared comes first."""
    if draft := getattr(badge, "draft_version", None):
        return {"label": _("Version %(version)d in draft") % {"version": draft}, "tone": "info"}
    return {"label": badge.get_status_display(), "tone": STATUS_TONES[BadgeClass.Status(badge.status)]}


def _tile(request: WorkspaceRequest, badge: BadgeClass, rarity: Rarity) -> dict[str, Any]:
    organisation = request.workspace.organisation
    is_draft = badge.status == BadgeClass.Status.DRAFT
    level = _("Level %(level)d") % {"level": badge.level} if badge.level else ""
    return {
        "url": reverse("badges:detail", args=[organisation.slug, badge.pk]),
        "image_url": queries.thumbnail_url(badge, organisation),
        "name": badge.name,
        "line": ", ".join(part for part in (badge.get_category_display(), level) if part),
        "count": "" if is_draft else _held(badge, rarity),
        **state_of(badge),
        "gone": badge.status == BadgeClass.Status.ARCHIVED,
    }


def _held(badge: BadgeClass, rarity: Rarity) -> str:
    """Say how many hold it, and of how many where that is known; a pilot is for its test group alone."""
    if not rarity.held:
        return _("Held by nobody")
    if rarity.people and badge.status != BadgeClass.Status.PILOT:
        words = {"held": intcomma(rarity.held), "people": intcomma(rarity.people)}
        return _("Held by %(held)s of %(people)s") % words
    return ngettext("%(n)s holder", "%(n)s holders", rarity.held) % {"n": intcomma(rarity.held)}


def _tabs(request: WorkspaceRequest, counts: dict[str, int], status: str) -> list[dict[str, Any]]:
    labels = [
        ("", _("All")),
        (BadgeClass.Status.PUBLISHED, _("Published")),
        (BadgeClass.Status.DRAFT, _("Drafts")),
        (BadgeClass.Status.ARCHIVED, _("Archived")),
    ]
    # Most organisations try nothing out at the moment.
    if counts[BadgeClass.Status.PILOT] or status == BadgeClass.Status.PILOT:
        labels.insert(2, (BadgeClass.Status.PILOT, _("In pilot")))
    tabs = []
    for value, label in labels:
        query = request.GET.copy()
        query.pop("page", None)
        query.pop("status", None)
        if value:
            query["status"] = value
        url = f"{request.path}?{query.urlencode()}" if query else request.path
        tabs.append({"label": label, "url": url, "current": value == status, "count": counts[value]})
    return tabs
