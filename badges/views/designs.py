"""The designer of badges' pictures: the page, its live preview, its drawings, and the way back into the badge form."""

import base64
import json
import uuid
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import retarget, trigger_client_event

from badges import queries, rules
from badges.actions.badge_classes import ChangedMeanwhile
from badges.actions.designs import (
    department_of,
    draw,
    draw_badge,
    first_design,
    is_drawn,
    logo_of,
    row_of,
)
from badges.actions.pictures import keep_picture
from badges.designer.compose import draw_svg
from badges.designer.icons import icon_names, search_icons
from badges.designer.legibility import Finding, findings
from badges.designer.palettes import PALETTES
from badges.designer.raster import draw_png
from badges.designer.spec import Design, DesignRefused, read_design
from badges.designer.starting import STARTING_DESIGNS
from badges.designer.wording import describe
from badges.forms import BadgeForms
from badges.forms.badge import MAX_TOKEN
from badges.forms.design import DesignForm
from badges.forms.versions import seen_moment
from badges.insights.versions import version_story
from badges.models import BadgeClass, Level
from badges.views.badge_classes import crumbs_to, go_to, load_badge
from badgeserver.errors import UserFacingError
from issuers.models import Issuer
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

ICONS_SHOWN = 60
#: What is offered before anybody searched: signs of work, learning and care.
COMMON_ICONS = [
    "award", "medal", "trophy", "star", "sparkles", "rocket", "target", "flag", "mountain", "compass", "lightbulb",
    "brain", "graduation-cap", "book-open", "hard-hat", "shield", "shield-check", "flame", "heart-pulse", "siren",
    "forklift", "truck", "wrench", "hammer", "cog", "factory", "users", "handshake", "message-circle", "megaphone",
    "ear", "presentation", "languages", "globe", "scale", "code", "bug", "database", "cloud", "lock", "key-round",
    "bot", "cpu", "leaf", "recycle", "sprout", "heart", "smile", "coffee", "music", "palette", "camera", "chef-hat",
]  # fmt: skip

#: What the small drawings of a choice have in common, so that one sees what is different.
_PLAIN = {
    "shape": "circle",
    "frame": "none",
    "fill": "plain",
    "colour": "#5b6b8c",
    "colour_two": "#3f4d6b",
    "frame_colour": "#c3cbdd",
    "icon": "",
    "banner_style": "none",
    "banner_colour": "#c3cbdd",
    "banner_text_colour": "#26304a",
}
_SWATCHES: dict[str, dict[str, str]] = {
    "shape": {},
    "frame": {},
    "fill": {},
    "banner_style": {"banner": "Abc"},
}
#: Which findings stand beside which group of controls.
GROUPS = {
    "shape": ["shape", "frame", "fill"],
    "colours": [
        "colour",
        "colour_two",
        "frame_colour",
        "icon_colour",
        "text_colour",
        "banner_colour",
        "banner_text_colour",
        "stars_colour",
        "ribbon_colour",
    ],
    "icon": ["icon", "icon_size", "centre"],
    "words": ["top", "bottom", "banner", "banner_style"],
    "level": ["stars", "ribbon"],
    "logo": ["logo"],
}


# --- The designer ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def design_badge(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Show the designer of one badge; take what it drew. A badge that people hold is offered its next version."""
    found = load_badge(request, badge)
    is_awarded = queries.use_of(found).was_awarded
    if request.method != "POST" and not rules.may_change(found, is_awarded=is_awarded):
        context = {
            "badge": found,
            "is_awarded": is_awarded,
            "versions": version_story(found),
            "crumbs": crumbs_to(request, found),
        }
        return render(request, "badges/badge_frozen.html", context, status=409)
    form = _form(request, badge=found)
    if request.method != "POST" or request.POST.get("act") != "save":
        return _page(request, form, badge=found)
    if not form.is_valid():
        return _page(request, form, badge=found, status=422)
    seen = seen_moment(request.POST.get("seen", ""))
    try:
        draw_badge(
            badge_class=found, design=form.design, family=form.family, seen=seen, by=request.user, at=timezone.now()
        )
    except UserFacingError as problem:
        form.refuse(problem)
        return _page(request, form, badge=found, problem=problem, status=422)
    messages.success(request, _("Picture drawn."))
    return go_to("badges:detail", request, found)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def new_design(request: WorkspaceRequest) -> HttpResponse:
    """Draw a picture before there is a badge: it waits for the badge form, in the page below or on the next page."""
    form = _form(request, badge=_badge_named(request))
    if request.method != "POST" or request.POST.get("act") != "save":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        drawing = draw(form.shown, issuer=_issuer(request))
    except UserFacingError as problem:
        form.refuse(problem)
        return _page(request, form, problem=problem, status=422)
    family = str(form.family.pk) if form.family else ""
    said = {"spec": form.design.as_json(), "shown": drawing.design.as_json(), "family": family}
    token = keep_picture(picture=drawing.picture, design=said, by=request.user, at=timezone.now())
    slug = request.workspace.organisation.slug
    if not request.htmx:
        return HttpResponseRedirect(f"{reverse('badges:create', args=[slug])}?{urlencode({'drawn': token})}")
    # The picture's own part of the badge form takes the designer's place in the answer.
    forms = BadgeForms(organisation=request.workspace.organisation, by=request.user, at=timezone.now())
    forms.kept_token = token
    response = retarget(render(request, "badges/badge_form.html#picture", {"forms": forms}), "#picture")
    trigger_client_event(response, "design-kept", {"alt": describe(drawing.design)}, after="settle")
    return trigger_client_event(response, "badge-picture", after="settle")


@require_POST
@workspace(Permission.EDIT_BADGES)
def preview_design(request: WorkspaceRequest) -> HttpResponse:
    """Draw what was chosen so far, and say what is hard to read. Nothing is kept."""
    badge = _badge_named(request)
    form = _form(request, badge=badge)
    return render(
        request, "designs/designer.html#preview", {**_preview(request, form, badge=badge), "is_preview": True}
    )


@require_safe
@workspace(Permission.EDIT_BADGES)
def design_icons(request: WorkspaceRequest) -> HttpResponse:
    """Show the icons that words bring to mind."""
    context = _icons(request.GET.get("q", ""), request.GET.get("icon", ""))
    return render(request, "designs/_icons.html", context)


@require_safe
@workspace(Permission.EDIT_BADGES)
def design_picture(request: WorkspaceRequest) -> HttpResponse:
    """Draw what the address says: an SVG, or with `size` a PNG; `name` makes it a file to keep."""
    said: dict[str, Any] = request.GET.dict()
    field = said.get("swatch", "")
    if field in _SWATCHES:
        said = {**_PLAIN, **_SWATCHES[field], field: said.get(field, "")}
    try:
        design = read_design(said)
        logo = logo_of(_issuer(request)) if design.logo else None
        svg = draw_svg(design, logo=logo)
    except DesignRefused as refused:
        raise Http404 from refused
    size = {"600": 600, "1200": 1200}.get(said.get("size", ""))
    if size is None:
        response = HttpResponse(svg, content_type="image/svg+xml")
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    else:
        response = HttpResponse(draw_png(svg, size=size), content_type="image/png")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=604800, immutable"
    if "name" in said:
        name = slugify(said["name"])[:60] or "badge"
        response["Content-Disposition"] = f'attachment; filename="{name}.{"svg" if size is None else "png"}"'
    return response


# --- Parts ---------------------------------------------------------------------------------------------------


def picture_address(request: WorkspaceRequest, design: Design, *, issuer: Issuer | None = None, **more: object) -> str:
    """Return where a design is drawn: the address says all of it, so that it never shows anything else."""
    plain = Design().as_json()
    said: dict[str, object] = {name: value for name, value in design.as_json().items() if value != plain[name]}
    if issuer is not None and design.logo:
        said["issuer"] = issuer.pk
    path = reverse("badges:design-picture", args=[request.workspace.organisation.slug])
    query = urlencode({**said, **more})
    return f"{path}?{query}" if query else path


def data_address(svg: str) -> str:
    """Return a drawing as an address in itself: it is there at once, and runs nothing."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def drawn_or_blank(design: Design, issuer: Issuer) -> tuple[str, dict[str, str]]:
    """Return a drawing, without what cannot be drawn, and why not, field by field."""
    logo = logo_of(issuer) if design.logo else None
    try:
        return draw_svg(design, logo=logo), {}
    except DesignRefused as refused:
        problems = dict(refused.problems)
        blank = {name: "" for name in problems if isinstance(getattr(design, name, None), str)}
        try:
            return draw_svg(read_design({**design.as_json(), **blank, "logo": False})), problems
        except DesignRefused:
            return draw_svg(Design()), problems


def beside(sentences: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    """Return what is to be said, by the group of controls that it stands beside."""
    found: dict[str, list[Any]] = {group: [] for group in GROUPS}
    for field, said in sentences:
        group = next((name for name, fields in GROUPS.items() if field in fields), "shape")
        found[group].append(said)
    return found


def _form(request: WorkspaceRequest, *, badge: BadgeClass | None = None) -> DesignForm:
    row = row_of(badge) if badge else None
    organisation = request.workspace.organisation
    family = row.family if row else None
    kept = queries.kept_design(request.GET.get("kept_picture", "")[:MAX_TOKEN], by=request.user)
    if kept is not None:
        design = read_design(kept["spec"])
        family = organisation.design_families.filter(pk=kept["family"]).first() if kept["family"] else None
    elif row is not None:
        design = read_design(row.spec)
    elif badge is not None:
        design = first_design(badge)
    else:
        key = request.GET.get("start", "")
        started = next((one.design for one in STARTING_DESIGNS if one.key == key), STARTING_DESIGNS[0].design)
        design = _begun(request, started)
    return DesignForm(
        request.POST if request.method == "POST" else None,
        organisation=organisation,
        design=design,
        family=family,
        picture_path=reverse("badges:design-picture", args=[organisation.slug]),
    )


def _begun(request: WorkspaceRequest, design: Design) -> Design:
    """Return a design with what the badge form says already: its level, and its department."""
    said: dict[str, object] = {}
    level = request.GET.get("level", "")
    if level in {str(one.value) for one in Level}:
        said["stars"] = int(level)
    try:
        return read_design({**design.as_json(), **said})
    except DesignRefused:
        return design


def _badge_named(request: WorkspaceRequest) -> BadgeClass | None:
    try:
        return load_badge(request, uuid.UUID(request.POST.get("badge", "") or request.GET.get("badge", "")))
    except ValueError:
        return None


def _issuer(request: WorkspaceRequest) -> Issuer:
    """Return the issuer that the address or the form names, if it is one of the organisation's; else its first."""
    issuers = request.workspace.organisation.issuers.select_related("organisation").by_name()
    try:
        named = uuid.UUID(request.GET.get("issuer", "") or request.POST.get("issuer", ""))
    except ValueError:
        named = None
    found = issuers.filter(pk=named).first() if named else None
    found = found or issuers.first()
    if found is None:
        raise Http404
    return found


def _preview(request: WorkspaceRequest, form: DesignForm, *, badge: BadgeClass | None) -> dict[str, Any]:
    issuer = badge.issuer if badge else _issuer(request)
    shown = form.shown
    svg, problems = drawn_or_blank(shown, issuer)
    logo = logo_of(issuer) if shown.logo else None
    problems = {
        **{name: " ".join(str(one) for one in sentences) for name, sentences in form.errors.items()},
        **problems,
    }
    said: list[tuple[str, Any]] = [
        (name, {"tone": "bad", "sentence": sentence}) for name, sentence in problems.items() if name != "__all__"
    ]
    if shown.logo and logo is None:
        sentence = _("%(issuer)s has no logo yet. Add one to the issuer, or leave it out.") % {"issuer": issuer.name}
        said.append(("logo", {"tone": "warn", "sentence": sentence}))
    said += [(one.field, finding_line(one, form.design)) for one in findings(shown, logo=logo)]
    return {
        "form": form,
        "badge": badge,
        "picture": data_address(svg),
        "small_url": picture_address(request, shown, issuer=issuer),
        "words": describe(shown),
        "beside": beside(said),
        "has_findings": bool(said),
        "downloads": [
            (label, picture_address(request, shown, issuer=issuer, name=badge.name if badge else "badge", **more))
            for label, more in [
                (_("SVG, sharp at every size"), {}),
                (_("PNG, 600 pixels"), {"size": 600}),
                (_("PNG, 1200 pixels"), {"size": 1200}),
            ]
        ],
    }


def finding_line(finding: Finding, now: Design) -> dict[str, Any]:
    """Return what the page says about what is hard to read, and what one press would change."""
    line: dict[str, Any] = {"tone": finding.tone, "sentence": finding.sentence, "why": finding.why}
    if finding.fix is not None:
        before = now.as_json()
        changes = {name: value for name, value in finding.fix.as_json().items() if value != before[name]}
        line["become"] = json.dumps(changes, ensure_ascii=False)
        line["press"] = _pressing(changes)
    return line


def _pressing(changes: dict[str, object]) -> str:
    """Return what the button says that makes the change."""
    inks = {"#ffffff": _("white"), "#111317": _("black")}
    if len(changes) == 1:
        (name, value), *_rest = changes.items()
        ink = inks.get(str(value))
        if name.endswith("colour") and ink:
            return {
                "icon_colour": _("Make the icon %(ink)s"),
                "text_colour": _("Make the words %(ink)s"),
                "banner_text_colour": _("Make these words %(ink)s"),
                "stars_colour": _("Make the stars %(ink)s"),
            }.get(name, _("Make it %(ink)s")) % {"ink": ink}
    return _("Mend this")


def _icons(words: str, chosen: str) -> dict[str, Any]:
    words = words.replace("\x00", "").strip()[:60]
    known = set(icon_names())
    found = search_icons(words, limit=ICONS_SHOWN) if words else [name for name in COMMON_ICONS if name in known]
    if chosen in known:
        found = [chosen, *(name for name in found if name != chosen)]
    return {"icons": found, "chosen": chosen, "searched": words}


def _page(
    request: WorkspaceRequest,
    form: DesignForm,
    *,
    badge: BadgeClass | None = None,
    problem: UserFacingError | None = None,
    status: int = 200,
) -> HttpResponse:
    issuer = badge.issuer if badge else _issuer(request)
    # The dialog of the badge form asks for its form once, and says later on that it is one.
    is_dialog = bool(request.htmx) and badge is None and (request.method == "GET" or "in_dialog" in request.POST)
    row = row_of(badge) if badge else None
    design = form.design
    ribbon = department_of(badge) if badge else ""
    slug = request.workspace.organisation.slug
    context = {
        **_preview(request, form, badge=badge),
        **_icons(request.POST.get("q", ""), design.icon),
        "issuer": issuer,
        "has_logo": logo_of(issuer) is not None,
        "palettes": palettes(),
        "starts": starts(request),
        "suggested_ribbon": ribbon if ribbon != design.ribbon else "",
        "ribbon_json": json.dumps({"ribbon": ribbon}, ensure_ascii=False),
        "suggested_stars": badge.level if badge and badge.level and badge.level != design.stars else None,
        "was_uploaded": bool(badge and badge.image and not is_drawn(badge, row)),
        "is_dialog": is_dialog,
        "seen": "" if isinstance(problem, ChangedMeanwhile) else request.POST.get("seen", "")[:64],
        "crumbs": crumbs_to(request, badge)
        if badge
        else [{"label": _("Designs"), "url": reverse("badges:designs", args=[slug])}],
    }
    name = "designs/designer.html"
    if request.htmx:
        name = "designs/_dialog.html" if request.method != "POST" else "designs/designer.html#designer"
    return render(request, name, context, status=status)


def palettes() -> list[dict[str, Any]]:
    """Return the palettes with what each would change."""
    return [{"palette": one, "become": json.dumps(one.colours)} for one in PALETTES]


def starts(request: WorkspaceRequest) -> list[dict[str, Any]]:
    """Return the designs to start from, with where each is drawn and what it would change."""
    return [
        {
            "key": one.key,
            "name": one.name,
            "url": picture_address(request, one.design),
            "become": json.dumps(one.design.as_json(), ensure_ascii=False),
        }
        for one in STARTING_DESIGNS
    ]
