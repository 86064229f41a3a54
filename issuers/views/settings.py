"""The organisation's own settings: its name, its look, its rules; and the style sheet that its colour becomes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from badgeserver.colours import contrast, parse_colour
from badgeserver.errors import UserFacingError
from badgeserver.uploads import takes_files
from issuers import branding
from issuers.actions.organisations import edit_organisation
from issuers.forms import MAX_LOGO_BYTES, OrganisationSettingsForm
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

_FOREVER = "public, max-age=31536000, immutable"


@takes_files(MAX_LOGO_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.MANAGE_ORGANISATION)
def organisation_settings(request: WorkspaceRequest) -> HttpResponse:
    organisation = request.workspace.organisation
    if request.method != "POST":
        return _page(request, OrganisationSettingsForm(organisation=organisation))
    form = OrganisationSettingsForm(request.POST, request.FILES, organisation=organisation)
    if form.is_valid():
        try:
            edit_organisation(organisation=organisation, fields=form.fields_said(), by=request.user, at=timezone.now())
        except UserFacingError as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("Settings saved. Public pages show them now, mails from the next one on."))
            return redirect("issuers:settings", organisation.slug)
    return _page(request, form)


@require_POST
@workspace(Permission.MANAGE_ORGANISATION)
def preview_look(request: WorkspaceRequest) -> HttpResponse:
    """Draw a page in the colour that is being chosen. Nothing is kept."""
    return render(request, "issuers/organisation_settings.html#preview", _look(request, request.POST.get("accent", "")))


@require_safe
def brand_style(request: HttpRequest, accent: str) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Send the style sheet of a colour. It says nothing of an organisation, and is the same for ever."""
    try:
        colour = parse_colour(accent)
    except ValueError:
        raise Http404 from None
    if colour != f"#{accent}":
        raise Http404  # one address for one colour
    answer = HttpResponse(branding.style_sheet(colour), content_type="text/css; charset=utf-8")
    answer["Cache-Control"] = _FOREVER
    return answer


@require_safe
@workspace(Permission.MANAGE_ORGANISATION)
def organisation_logo(request: WorkspaceRequest) -> HttpResponse:
    """Show the logo to those who may change it."""
    organisation = request.workspace.organisation
    if not organisation.logo_png:
        raise Http404
    try:
        with organisation.logo_png.open("rb") as file:
            data = file.read()
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(data, content_type="image/png", headers={"Cache-Control": "private, no-cache"})


def _page(request: WorkspaceRequest, form: OrganisationSettingsForm) -> HttpResponse:
    context = {
        "form": form,
        "suggested": branding.suggested_accents(),
        **_look(request, form["accent"].value() or ""),
    }
    return render(request, "issuers/organisation_settings.html", context, status=422 if form.errors else 200)


def _look(request: WorkspaceRequest, written: Any) -> dict[str, Any]:
    """Return what the preview draws: both themes, and in words how well the colour can be read."""
    try:
        accent = parse_colour(str(written)[:20]) if str(written).strip() else ""
    except ValueError:
        accent = ""
    light, dark = branding.tones_of(accent or branding.PRODUCT_ACCENT)
    return {
        "organisation": request.workspace.organisation,
        "accent": accent,
        "themes": [
            {
                "name": _("Light"),
                "paper": "#fbfaf8",
                "surface": "#ffffff",
                "ink": "#1c1b19",
                "line": "#e7e3dc",
                "tones": light,
            },
            {
                "name": _("Dark"),
                "paper": "#121316",
                "surface": "#1a1c20",
                "ink": "#f1f0ed",
                "line": "#2b2e34",
                "tones": dark,
            },
        ],
        "contrast_on_white": round(contrast(accent, "#ffffff"), 1) if accent else None,
        "was_adjusted": bool(accent) and branding.was_adjusted(accent),
        "light_tone": light.accent,
    }
