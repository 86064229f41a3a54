"""Competency frameworks in the workspace: the list, one framework, one competency, and the search of the badge form."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from badges.actions.frameworks import (
    add_competency,
    archive_framework,
    edit_competency,
    edit_framework,
    make_badge_for,
    make_framework,
    refresh_drafts,
    restore_framework,
    retire_competency,
    set_levels,
    unretire_competency,
)
from badges.forms.frameworks import CompetencyForm, FrameworkForm
from badges.insights import frameworks as insights
from badges.models import Competency, Framework
from badges.queries import thumbnail_url
from badges.views.catalogue import state_of
from badgeserver.errors import UserFacingError
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

PER_PAGE = 100


@require_safe
@workspace(Permission.SEE_BADGES)
def framework_list(request: WorkspaceRequest) -> HttpResponse:
    organisation = request.workspace.organisation
    every = Framework.objects.of_organisation(organisation).by_name()
    shows_archived = request.GET.get("archived") == "1"
    archived = every.exclude(archived_at=None)
    page = Paginator(archived if shows_archived else every.offered(), 24).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": insights.framework_lines(page.object_list),
        "shows_archived": shows_archived,
        "archived_count": archived.count(),
    }
    return render(request, "badges/framework_list.html", context)


@require_safe
@workspace(Permission.SEE_BADGES)
def framework(request: WorkspaceRequest, framework: uuid.UUID) -> HttpResponse:
    return _framework_page(request, _load(request, framework))


def _framework_page(
    request: WorkspaceRequest, found: Framework, *, problem: UserFacingError | None = None
) -> HttpResponse:
    search = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    shows_retired = request.GET.get("retired") == "1"
    shown = found.competencies.filter(retired_at__isnull=not shows_retired).select_related("parent")
    line = insights.framework_lines([found])[0]
    under = None
    depths: dict[uuid.UUID, int] = {}
    is_tree = False
    if search:
        shown = insights.ranked(insights.matching(shown, search), search, request.workspace.organisation)
    elif shows_retired:
        shown = shown.order_by("-retired_at", "name", "pk")
    elif line.competencies <= insights.WHOLE_TREE:
        rows, depths = insights.in_tree_order(list(shown))
        is_tree = len(set(depths.values())) > 1
    else:
        under = _branch(request, found)
        # Below a parent that was retired stands what belongs nowhere now: it is shown at the top.
        at_top = shown.filter(parent=None) | shown.filter(parent__retired_at__isnull=False)
        shown = (shown.filter(parent=under) if under else at_top).order_by("position", "name", "pk")
    page = Paginator(rows if depths else shown, insights.WHOLE_TREE if depths else PER_PAGE).get_page(
        request.GET.get("page")
    )
    may_edit = request.workspace.may(Permission.EDIT_BADGES)
    context = {
        "framework": found,
        "line": line,
        "levels": found.levels.all(),
        "page": page,
        "rows": insights.competency_lines(list(page.object_list), depths=depths),
        "is_tree": is_tree,
        "search": search,
        "under": under,
        "path": [*insights.path_to(under), under] if under else [],
        "shows_retired": shows_retired,
        "retired_count": found.competencies.exclude(retired_at=None).count(),
        "older": insights.drafts_with_older_words(found) if may_edit else [],
        "problem": problem,
        "crumbs": _crumbs(request),
    }
    return render(request, "badges/framework_detail.html", context, status=409 if problem else 200)


def _branch(request: WorkspaceRequest, found: Framework) -> Competency | None:
    said = request.GET.get("under", "")
    if not said:
        return None
    try:
        return found.competencies.select_related("parent").get(pk=uuid.UUID(said[:50]))
    except (ValueError, Competency.DoesNotExist) as error:
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def create_framework(request: WorkspaceRequest) -> HttpResponse:
    """Begin a framework of one's own."""
    return _framework_form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def change_framework(request: WorkspaceRequest, framework: uuid.UUID) -> HttpResponse:
    return _framework_form(request, _load(request, framework))


def _framework_form(request: WorkspaceRequest, found: Framework | None) -> HttpResponse:
    organisation = request.workspace.organisation
    is_sent = request.method == "POST"
    form = FrameworkForm(request.POST if is_sent else None, framework=found, organisation=organisation)
    if is_sent and form.is_valid():
        acts: dict[str, Any] = {"fields": form.framework_fields, "by": request.user, "at": timezone.now()}
        try:
            made = (
                edit_framework(framework=found, **acts) if found else make_framework(organisation=organisation, **acts)
            )
            set_levels(framework=made, levels=form.cleaned_data["levels"], by=request.user, at=timezone.now())
        except UserFacingError as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        else:
            messages.success(request, _("Changes saved.") if found else _("Framework made. Now add its skills."))
            return redirect("badges:framework", organisation.slug, made.pk)
    context = {"form": form, "framework": found, "crumbs": _crumbs(request, found)}
    return render(request, "badges/framework_form.html", context, status=422 if is_sent else 200)


@require_POST
@workspace(Permission.EDIT_BADGES)
def put_away(request: WorkspaceRequest, framework: uuid.UUID) -> HttpResponse:
    """Archive a framework."""
    found = _load(request, framework)
    archive_framework(framework=found, by=request.user, at=timezone.now())
    undo = reverse("badges:restore-framework", args=[request.workspace.organisation.slug, found.pk])
    messages.success(
        request,
        _("“%(framework)s” archived. It is no longer offered; badges keep its skills.") % {"framework": found},
        extra_tags=f"undo:{undo}",
    )
    return redirect("badges:frameworks", request.workspace.organisation.slug)


@require_POST
@workspace(Permission.EDIT_BADGES)
def bring_back(request: WorkspaceRequest, framework: uuid.UUID) -> HttpResponse:
    """Take a framework out of the archive."""
    found = _load(request, framework)
    restore_framework(framework=found, by=request.user, at=timezone.now())
    messages.success(request, _("“%(framework)s” is offered again.") % {"framework": found})
    return redirect("badges:framework", request.workspace.organisation.slug, found.pk)


@require_POST
@workspace(Permission.EDIT_BADGES)
def update_drafts(request: WorkspaceRequest, framework: uuid.UUID) -> HttpResponse:
    """Give drafts the framework's present words."""
    found = _load(request, framework)
    changed = refresh_drafts(framework=found, by=request.user, at=timezone.now())
    messages.success(
        request,
        ngettext("%(n)d draft says it in the new words.", "%(n)d drafts say it in the new words.", changed)
        % {"n": changed}
        if changed
        else _("Every draft says it in the new words already."),
    )
    return redirect("badges:framework", request.workspace.organisation.slug, found.pk)


# --- Competencies ------------------------------------------------------------------------------------------------


@require_safe
@workspace(Permission.SEE_BADGES)
def competency(request: WorkspaceRequest, competency: uuid.UUID) -> HttpResponse:
    return _competency_page(request, _load_competency(request, competency))


def _competency_page(
    request: WorkspaceRequest, found: Competency, *, problem: UserFacingError | None = None
) -> HttpResponse:
    below = found.children.filter(retired_at=None).order_by("position", "name", "pk")
    page = Paginator(below, PER_PAGE).get_page(request.GET.get("page"))
    issuers = list(request.workspace.organisation.issuers.by_name())
    context = {
        "competency": found,
        "framework": found.framework,
        "path": insights.path_to(found),
        "levels": found.framework.levels.all(),
        "named": [
            (one, thumbnail_url(one.badge_class, request.workspace.organisation), state_of(one.badge_class))
            for one in insights.badges_naming(found)
        ],
        "page": page,
        "rows": insights.competency_lines(list(page.object_list)),
        "address": insights.competency_url(found),
        "is_public": insights.is_public(found),
        "issuers": issuers,
        "problem": problem,
        "crumbs": _crumbs(request, found.framework),
    }
    return render(request, "badges/competency_detail.html", context, status=409 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def create_competency(request: WorkspaceRequest, framework: uuid.UUID) -> HttpResponse:
    """Add a skill to a framework of one's own; `?under=` names what it belongs to."""
    return _competency_form(request, _load(request, framework), None)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def change_competency(request: WorkspaceRequest, competency: uuid.UUID) -> HttpResponse:
    found = _load_competency(request, competency)
    return _competency_form(request, found.framework, found)


def _competency_form(request: WorkspaceRequest, within: Framework, found: Competency | None) -> HttpResponse:
    slug = request.workspace.organisation.slug
    if not within.is_written_here:
        return render(
            request,
            "badges/competency_not_ours.html",
            {"framework": within, "competency": found, "crumbs": _crumbs(request, within)},
            status=409,
        )
    is_sent = request.method == "POST"
    under = _branch(request, within) if found is None and not is_sent else None
    initial = {"parent": under.pk} if under else None
    form = CompetencyForm(request.POST if is_sent else None, framework=within, competency=found, initial=initial)
    if is_sent and form.is_valid():
        acts: dict[str, Any] = {"fields": form.competency_fields, "by": request.user, "at": timezone.now()}
        try:
            made = edit_competency(competency=found, **acts) if found else add_competency(framework=within, **acts)
        except UserFacingError as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        else:
            if found:
                messages.success(request, _("Changes saved."))
                return redirect("badges:competency", slug, made.pk)
            messages.success(request, _("“%(skill)s” added.") % {"skill": made})
            if request.POST.get("act") == "another":
                parent = f"?under={made.parent_id}" if made.parent_id else ""
                return redirect(f"{reverse('badges:add-competency', args=[slug, within.pk])}{parent}")
            return redirect("badges:framework", slug, within.pk)
    context = {"form": form, "framework": within, "competency": found, "crumbs": _crumbs(request, within)}
    return render(request, "badges/competency_form.html", context, status=422 if is_sent else 200)


@require_POST
@workspace(Permission.EDIT_BADGES)
def retire(request: WorkspaceRequest, competency: uuid.UUID) -> HttpResponse:
    """Offer a competency no longer."""
    found = _load_competency(request, competency)
    slug = request.workspace.organisation.slug
    try:
        retire_competency(competency=found, by=request.user, at=timezone.now())
    except UserFacingError as problem:
        return _competency_page(request, found, problem=problem)
    messages.success(
        request,
        _("“%(skill)s” retired. It is no longer offered; badges keep it.") % {"skill": found},
        extra_tags=f"undo:{reverse('badges:unretire-competency', args=[slug, found.pk])}",
    )
    return redirect("badges:framework", slug, found.framework_id)


@require_POST
@workspace(Permission.EDIT_BADGES)
def unretire(request: WorkspaceRequest, competency: uuid.UUID) -> HttpResponse:
    """Offer a retired competency again."""
    found = _load_competency(request, competency)
    try:
        unretire_competency(competency=found, by=request.user, at=timezone.now())
    except UserFacingError as problem:
        return _competency_page(request, found, problem=problem)
    messages.success(request, _("“%(skill)s” is offered again.") % {"skill": found})
    return redirect("badges:competency", request.workspace.organisation.slug, found.pk)


@require_POST
@workspace(Permission.EDIT_BADGES)
def make_badge(request: WorkspaceRequest, competency: uuid.UUID) -> HttpResponse:
    """Begin a badge for a competency, as a draft in its words."""
    found = _load_competency(request, competency)
    issuers = request.workspace.organisation.issuers.by_name()
    chosen = request.POST.get("issuer", "")
    issuer = next((one for one in issuers if str(one.pk) == chosen), issuers.first())
    if issuer is None:
        raise Http404
    try:
        made = make_badge_for(competency=found, issuer=issuer, by=request.user, at=timezone.now())
    except UserFacingError as problem:
        return _competency_page(request, found, problem=problem)
    messages.success(request, _("Draft begun. Say what one must show, and give it a picture."))
    return redirect("badges:edit", request.workspace.organisation.slug, made.pk)


@require_safe
@workspace(Permission.EDIT_BADGES)
def search_competencies(request: WorkspaceRequest) -> HttpResponse:
    """Answer what is being typed with the skills that may be meant, as options of a list."""
    typed = request.GET.get("q", "").replace("\x00", "")[:200]
    organisation = request.workspace.organisation
    found = insights.found_while_typing(organisation, typed)
    options = [
        {
            "competency": one,
            "words": insights.alignment_words(one),
            "levels": getattr(one, "level_pairs", []),
            "is_used": getattr(one, "is_unused", 1) == 0,
        }
        for one in found
    ]
    context = {"options": options, "typed": typed.strip(), "row": request.GET.get("row", "")[:30]}
    return render(request, "badges/_competency_options.html", context)


# --- Parts -------------------------------------------------------------------------------------------------------


def _load(request: WorkspaceRequest, pk: uuid.UUID) -> Framework:
    found = Framework.objects.of_organisation(request.workspace.organisation).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _load_competency(request: WorkspaceRequest, pk: uuid.UUID) -> Competency:
    mine = Competency.objects.filter(framework__organisation=request.workspace.organisation)
    found = mine.select_related("framework", "parent", "successor").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _crumbs(request: WorkspaceRequest, found: Framework | None = None) -> list[dict[str, str]]:
    slug = request.workspace.organisation.slug
    crumbs = [{"label": _("Frameworks"), "url": reverse("badges:frameworks", args=[slug])}]
    if found is not None:
        crumbs.append({"label": found.name, "url": reverse("badges:framework", args=[slug, found.pk])})
    return crumbs
