"""The gallery of designs, and families of badges that look alike."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from badges import queries
from badges.actions.badge_classes import ChangedMeanwhile
from badges.actions.designs import (
    FamilyChange,
    Member,
    badges_to_gather,
    delete_family,
    edit_family,
    first_design,
    join_family,
    leave_family,
    make_family,
    make_next_versions,
    members_of,
    row_of,
    undo_family_change,
)
from badges.designer.legibility import findings
from badges.designer.spec import Design, in_style_of, read_design
from badges.designer.starting import STARTING_DESIGNS
from badges.forms.design import FamilyForm
from badges.forms.versions import seen_moment
from badges.models import BadgeClass, DesignFamily, PlanRow
from badges.models import Design as DesignRow
from badges.views.badge_classes import load_badge
from badges.views.designs import (
    beside,
    data_address,
    drawn_or_blank,
    finding_line,
    palettes,
    picture_address,
    starts,
)
from badgeserver.errors import UserFacingError
from issuers.models import Issuer
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

#: So many badges are drawn while somebody tries colours; the others follow when it is saved.
SHOWN = 12
#: So many badges are taken into a family by one press.
MOST_AT_ONCE = 24
PER_FAMILY = 6


@require_safe
@workspace(Permission.EDIT_BADGES)
def designs(request: WorkspaceRequest) -> HttpResponse:
    """Show the families with their badges, and the designs to start from."""
    organisation = request.workspace.organisation
    families = list(organisation.design_families.by_name())
    rows = (
        DesignRow.objects.filter(family__in=families, badge_class__is_template=False)
        .exclude(badge_class__status=BadgeClass.Status.SUPERSEDED)
        .select_related("badge_class")
        .order_by("badge_class__name", "badge_class__pk")
    )
    gathered: dict[uuid.UUID, list[BadgeClass]] = {family.pk: [] for family in families}
    for row in rows:
        if row.family_id is not None:
            gathered[row.family_id].append(row.badge_class)
    context = {
        "families": [
            {
                "family": family,
                "url": reverse("badges:family", args=[organisation.slug, family.pk]),
                "count": len(gathered[family.pk]),
                "more": max(0, len(gathered[family.pk]) - PER_FAMILY),
                "pictures": [
                    {"name": badge.name, "url": queries.picture_url(badge, organisation)}
                    for badge in gathered[family.pk][:PER_FAMILY]
                ],
                "sample_url": picture_address(request, read_design(family.spec)),
            }
            for family in families
        ],
        "starts": starts(request),
    }
    return render(request, "designs/designs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def new_family(request: WorkspaceRequest) -> HttpResponse:
    """Begin a family: choose a look and the badges that are to have it."""
    form = _form(request, None)
    if request.method != "POST" or request.POST.get("act") != "save":
        return _page(request, form, None)
    chosen = _chosen(request, badges_to_gather(request.workspace.organisation))
    if len(chosen) > MOST_AT_ONCE:
        form.add_error(
            None, _("Choose at most %(most)d badges at once. Others can join afterwards.") % {"most": MOST_AT_ONCE}
        )
    if not form.is_valid():
        return _page(request, form, None, status=422)
    try:
        made = make_family(
            organisation=request.workspace.organisation,
            name=form.cleaned_data["name"],
            design=form.design,
            decides=form.parts,
            badges=chosen,
            by=request.user,
            at=timezone.now(),
        )
    except UserFacingError as problem:
        form.refuse(problem)
        return _page(request, form, None, status=422)
    messages.success(request, _("Family “%(family)s” made.") % {"family": made})
    return _to(request, made)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def family(request: WorkspaceRequest, family: uuid.UUID) -> HttpResponse:
    """Show a family with all its badges; restyle it, and they follow."""
    found = _load(request, family)
    form = _form(request, found)
    if request.method != "POST" or request.POST.get("act") != "save":
        return _page(request, form, found)
    if not form.is_valid():
        return _page(request, form, found, status=422)
    try:
        change = edit_family(
            family=found,
            name=form.cleaned_data["name"],
            design=form.design,
            decides=form.parts,
            seen=seen_moment(request.POST.get("seen", "")),
            by=request.user,
            at=timezone.now(),
        )
    except UserFacingError as problem:
        form.refuse(problem)
        return _page(request, form, found, problem=problem, status=422)
    _tell(request, change)
    return _to(request, found)


@require_POST
@workspace(Permission.EDIT_BADGES)
def preview_family(request: WorkspaceRequest) -> HttpResponse:
    """Draw the badges of a family, or those that are to be one, in the look that was chosen so far."""
    try:
        named = _load(request, uuid.UUID(request.POST.get("family", "")))
    except ValueError:
        named = None
    form = _form(request, named)
    return render(request, "designs/family.html#preview", {**_preview(request, form, named), "is_preview": True})


@require_POST
@workspace(Permission.EDIT_BADGES)
def undo_family(request: WorkspaceRequest, family: uuid.UUID) -> HttpResponse:
    found = _load(request, family)
    try:
        change = undo_family_change(family=found, by=request.user, at=timezone.now())
    except UserFacingError as problem:
        messages.error(request, problem.message)
        return _to(request, found)
    if change.waiting:
        messages.success(request, _("The family gets back the look that it had before."))
    else:
        messages.success(request, _("The family looks as it did before."))
    return _to(request, found)


@require_POST
@workspace(Permission.EDIT_BADGES)
def join(request: WorkspaceRequest, family: uuid.UUID) -> HttpResponse:
    """Take badges into a family, drawing each."""
    found = _load(request, family)
    chosen = _chosen(request, badges_to_gather(request.workspace.organisation))[:MOST_AT_ONCE]
    if not chosen:
        messages.error(request, _("Choose the badges that should join."))
        return _to(request, found)
    joined, problems = 0, []
    for badge in chosen:
        try:
            join_family(family=found, badge_class=badge, by=request.user, at=timezone.now())
            joined += 1
        except UserFacingError as problem:
            problems.append(problem.message)
    if joined:
        said = ngettext("%(n)d badge joined the family.", "%(n)d badges joined the family.", joined) % {"n": joined}
        messages.success(request, said)
    for sentence in problems[:3]:
        messages.error(request, sentence)
    return _to(request, found)


@require_POST
@workspace(Permission.EDIT_BADGES)
def leave(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Let a badge go its own way."""
    found = load_badge(request, badge)
    row = row_of(found)
    leave_family(badge_class=found, by=request.user, at=timezone.now())
    if row is None or row.family is None:
        return HttpResponseRedirect(reverse("badges:designs", args=[request.workspace.organisation.slug]))
    messages.success(request, _("“%(badge)s” goes its own way now. It looks as it did.") % {"badge": found})
    return _to(request, row.family)


@require_POST
@workspace(Permission.EDIT_BADGES)
def next_versions(request: WorkspaceRequest, family: uuid.UUID) -> HttpResponse:
    """Begin the next version of each badge that people hold and that looks otherwise."""
    found = _load(request, family)
    try:
        made = make_next_versions(family=found, by=request.user, at=timezone.now())
    except UserFacingError as problem:
        messages.error(request, problem.message)
        return _to(request, found)
    if made:
        said = ngettext(
            "%(n)d next version begun, as a draft. Publish it when you are ready.",
            "%(n)d next versions begun, as drafts. Publish them when you are ready.",
            len(made),
        )
        messages.success(request, said % {"n": len(made)})
    else:
        messages.info(request, _("Nothing to begin: each of these badges has a draft of its next version already."))
    return _to(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def part_family(request: WorkspaceRequest, family: uuid.UUID) -> HttpResponse:
    """Ask once more, and part a family."""
    found = _load(request, family)
    if request.method == "POST":
        delete_family(family=found, by=request.user, at=timezone.now())
        messages.success(
            request, _("The family “%(family)s” was parted. Its badges look as they did.") % {"family": found}
        )
        return HttpResponseRedirect(reverse("badges:designs", args=[request.workspace.organisation.slug]))
    return render(request, "designs/family_part.html", {"family": found, "crumbs": _crumbs(request, found)})


@require_safe
@workspace(Permission.EDIT_BADGES)
def family_progress(request: WorkspaceRequest, family: uuid.UUID) -> HttpResponse:
    """Say how many badges follow already."""
    found = _load(request, family)
    return render(request, "designs/_progress.html", _progress(request, found, _members(found)))


# --- Parts ---------------------------------------------------------------------------------------------------


def _load(request: WorkspaceRequest, family: uuid.UUID) -> DesignFamily:
    found = request.workspace.organisation.design_families.filter(pk=family).first()
    if found is None:
        raise Http404
    return found


def _to(request: WorkspaceRequest, family: DesignFamily) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("badges:family", args=[request.workspace.organisation.slug, family.pk]))


def _crumbs(request: WorkspaceRequest, family: DesignFamily | None) -> list[dict[str, str]]:
    slug = request.workspace.organisation.slug
    crumbs = [{"label": _("Designs"), "url": reverse("badges:designs", args=[slug])}]
    if family is not None:
        crumbs.append({"label": family.name, "url": reverse("badges:family", args=[slug, family.pk])})
    return crumbs


def _form(request: WorkspaceRequest, family: DesignFamily | None) -> FamilyForm:
    organisation = request.workspace.organisation
    if family is not None:
        design, name, decides = read_design(family.spec), family.name, list(family.decides)
    else:
        key = request.GET.get("start", "")
        design = next((one.design for one in STARTING_DESIGNS if one.key == key), STARTING_DESIGNS[0].design)
        name, decides = "", None
    return FamilyForm(
        request.POST if request.method == "POST" else None,
        organisation=organisation,
        design=design,
        name=name,
        decides=decides,
        picture_path=reverse("badges:design-picture", args=[organisation.slug]),
    )


def _chosen(request: WorkspaceRequest, badges: Sequence[BadgeClass]) -> list[BadgeClass]:
    """Return which of these badges are ticked; others, also those of others, are not there."""
    ticked = set(request.POST.getlist("badges"))
    return [badge for badge in badges if str(badge.pk) in ticked]


def _suggested(request: WorkspaceRequest, badges: Sequence[BadgeClass]) -> Sequence[BadgeClass]:
    """Return which are ticked to begin with: the drafts of the plan that one comes from, else the first ones."""
    asked = request.GET.get("plan", "")
    try:
        rows = PlanRow.objects.filter(plan_id=uuid.UUID(asked), plan__organisation=request.workspace.organisation)
    except ValueError:
        return badges[:SHOWN]
    planned = set(rows.values_list("badge_class_id", flat=True))
    return [badge for badge in badges if badge.pk in planned][:MOST_AT_ONCE]


def _members(family: DesignFamily) -> list[Member]:
    """Return the badges of a family; a template has its look too, and is nobody's badge."""
    return [member for member in members_of(family) if not member.badge.is_template]


def _own(badge: BadgeClass) -> Design:
    row = getattr(badge, "design", None)
    return read_design(row.spec) if row else first_design(badge)


def _preview(request: WorkspaceRequest, form: FamilyForm, family: DesignFamily | None) -> dict[str, Any]:
    members = _members(family) if family else []
    if family is None:
        gathered = badges_to_gather(request.workspace.organisation)
        chosen = _chosen(request, gathered) if form.is_bound else _suggested(request, gathered)
        ticked = {str(badge.pk) for badge in chosen}
        shown: list[tuple[BadgeClass, Design, Member | None]] = [
            (badge, _own(badge), None) for badge in gathered if str(badge.pk) in ticked
        ]
    else:
        gathered, ticked = [], set()
        shown = [(member.badge, read_design(member.row.spec), member) for member in members]
    issuer = request.workspace.organisation.issuers.select_related("organisation").by_name().first()
    if issuer is None:
        raise Http404
    tiles = [_tile(request, form, *one) for one in shown[:SHOWN]]
    said: list[tuple[str, Any]] = [
        (name, {"tone": "bad", "sentence": " ".join(str(one) for one in sentences)})
        for name, sentences in form.errors.items()
        if name not in {"__all__", "name", "decides"}
    ]
    said += [(one.field, finding_line(one, form.design)) for one in findings(form.design)]
    return {
        "form": form,
        "family": family,
        "tiles": tiles,
        "more": max(0, len(shown) - SHOWN),
        "sample": "" if tiles else data_address(drawn_or_blank(form.design, issuer)[0]),
        "beside": beside(said),
        "gathered": gathered,
        "ticked": ticked,
        "members": members,
    }


def _tile(
    request: WorkspaceRequest, form: FamilyForm, badge: BadgeClass, own: Design, member: Member | None
) -> dict[str, Any]:
    slug = request.workspace.organisation.slug
    is_left = member is not None and not member.may_follow
    issuer: Issuer = badge.issuer
    if is_left:
        url, problem = queries.picture_url(badge, request.workspace.organisation), ""
    else:
        svg, problems = drawn_or_blank(in_style_of(own, form.design, form.parts), issuer)
        url, problem = data_address(svg), " ".join(problems.values())
    return {
        "badge": badge,
        "url": url,
        "problem": problem,
        "note": member.why_not if member is not None else "",
        "design_url": reverse("badges:detail" if is_left else "badges:design", args=[slug, badge.pk]),
        "leave_url": reverse("badges:leave-family", args=[slug, badge.pk]),
    }


def _progress(request: WorkspaceRequest, family: DesignFamily, members: Sequence[Member]) -> dict[str, Any]:
    follow = [member for member in members if member.may_follow and not member.is_refused]
    done = [member for member in follow if member.is_current]
    slug = request.workspace.organisation.slug
    return {
        "family": family,
        "progress_url": reverse("badges:family-progress", args=[slug, family.pk]),
        "value": len(done),
        "total": len(follow),
        "is_done": len(done) == len(follow),
    }


def _page(
    request: WorkspaceRequest,
    form: FamilyForm,
    family: DesignFamily | None,
    *,
    problem: UserFacingError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **_preview(request, form, family),
        "palettes": palettes(),
        "starts": starts(request),
        "seen": "" if isinstance(problem, ChangedMeanwhile) else request.POST.get("seen", "")[:64],
        "crumbs": _crumbs(request, None),
    }
    if family is not None:
        members: list[Member] = context["members"]
        context |= _progress(request, family, members)
        held = [one for one in members if not one.may_follow and not one.is_current]
        context |= {"held": held, "may_version": any(one.may_have_version for one in held)}
        context["refused"] = [one for one in members if one.is_refused]
        context["to_join"] = badges_to_gather(request.workspace.organisation)
    if request.htmx and request.method == "POST":
        return render(request, "designs/family.html#family", context, status=status)
    return render(request, "designs/family.html", context, status=status)


def _tell(request: WorkspaceRequest, change: FamilyChange) -> None:
    undo = reverse("badges:undo-family", args=[request.workspace.organisation.slug, change.family.pk])
    redrawn = sum(not badge.is_template for badge in change.redrawn)
    if change.waiting:
        said = ngettext("%(n)d badge is being drawn anew.", "%(n)d badges are being drawn anew.", change.waiting) % {
            "n": change.waiting
        }
        messages.success(request, said, extra_tags=f"undo:{undo}")
    elif redrawn:
        said = ngettext("%(n)d badge has the new look.", "%(n)d badges have the new look.", redrawn) % {"n": redrawn}
        messages.success(request, said, extra_tags=f"undo:{undo}")
    else:
        messages.success(request, _("Family saved."), extra_tags=f"undo:{undo}" if change.redrawn else "")
