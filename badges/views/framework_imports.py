"""Bringing a framework as a file: choose it, look at what it would change, take it over."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from badges.actions.framework_imports import apply_import, bring_framework_file, discard_import, read_again
from badges.forms.frameworks import FrameworkFileForm
from badges.frameworks.items import MAX_BYTES
from badges.frameworks.own_table import ROLES
from badges.models import FrameworkImport
from badgeserver.errors import UserFacingError
from badgeserver.uploads import takes_files
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

State = FrameworkImport.State
MAX_COLUMNS = 200


@takes_files(MAX_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def import_framework(request: WorkspaceRequest) -> HttpResponse:
    """Take a file; `?framework=` chooses which framework it is a newer version of."""
    organisation = request.workspace.organisation
    is_sent = request.method == "POST"
    form = FrameworkFileForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        organisation=organisation,
        initial={"framework": request.GET.get("framework", "")[:50]},
    )
    if is_sent and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = bring_framework_file(
                organisation=organisation,
                framework=form.cleaned_data["framework"],
                file_name=file.name or "",
                data=file.read(),
                name=form.cleaned_data["name"],
                by=request.user,
                at=timezone.now(),
            )
        except UserFacingError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return redirect("badges:framework-import", organisation.slug, made.pk)
    context = {"form": form, "crumbs": _crumbs(request)}
    return render(request, "badges/framework_import_new.html", context, status=422 if is_sent else 200)


@require_safe
@workspace(Permission.EDIT_BADGES)
def framework_import(request: WorkspaceRequest, framework_import: uuid.UUID) -> HttpResponse:
    """Show how far an import is, what it would change, or why it cannot be."""
    return _page(request, _load(request, framework_import))


def _page(
    request: WorkspaceRequest,
    found: FrameworkImport,
    *,
    problem: UserFacingError | None = None,
    columns: Sequence[str] | None = None,
) -> HttpResponse:
    """Show an import; with a `problem`, `columns` are those that were chosen and refused."""
    is_working = found.state in {State.WAITING, State.APPLYING}
    if request.htmx and not is_working and problem is None:
        return HttpResponseClientRefresh()
    changes: dict[str, Any] = dict(found.changes)
    if columns:
        chosen, table = dict(enumerate(columns)), changes.get("table", [])
        changes["table"] = [{**column, "role": chosen.get(at, "")} for at, column in enumerate(table)]
    lost, kept = changes.get("retired", 0), changes.get("unchanged", 0) + changes.get("changed", 0)
    context = {
        "framework_import": found,
        "is_working": is_working,
        "changes": changes,
        "roles": ROLES,
        "opens_columns": columns is not None,
        "loses_most": lost > max(5, kept),
        "nothing_new": found.state == State.READ
        and found.framework is not None
        and not (changes.get("new") or changes.get("changed") or lost),
        "progress_url": reverse("badges:framework-import", args=[request.workspace.organisation.slug, found.pk]),
        "problem": problem,
        "crumbs": _crumbs(request),
    }
    template = "badges/framework_import.html"
    part = f"{template}#progress" if request.htmx and is_working else template
    return render(request, part, context, status=409 if problem else 200)


@require_POST
@workspace(Permission.EDIT_BADGES)
def apply_framework_import(request: WorkspaceRequest, framework_import: uuid.UUID) -> HttpResponse:
    """Take over what was compared."""
    found = _load(request, framework_import)
    try:
        done = apply_import(framework_import=found, by=request.user, at=timezone.now())
    except UserFacingError as problem:
        return _page(request, found, problem=problem)
    slug = request.workspace.organisation.slug
    if done.state == State.DONE and done.framework is not None:
        messages.success(request, _("“%(framework)s” taken over.") % {"framework": done.framework})
        return redirect("badges:framework", slug, done.framework.pk)
    return redirect("badges:framework-import", slug, found.pk)


@require_POST
@workspace(Permission.EDIT_BADGES)
def reread_framework_import(request: WorkspaceRequest, framework_import: uuid.UUID) -> HttpResponse:
    """Read the file once more: without its hierarchy, or with its columns understood in another way."""
    found = _load(request, framework_import)
    columns = [role[:40] for role in request.POST.getlist("column")[:MAX_COLUMNS]] or None
    try:
        read_again(framework_import=found, flat=request.POST.get("flat") == "1", columns=columns, at=timezone.now())
    except UserFacingError as problem:
        return _page(request, found, problem=problem, columns=columns)
    return redirect("badges:framework-import", request.workspace.organisation.slug, found.pk)


@require_POST
@workspace(Permission.EDIT_BADGES)
def discard_framework_import(request: WorkspaceRequest, framework_import: uuid.UUID) -> HttpResponse:
    """Forget a file that was not taken over."""
    found = _load(request, framework_import)
    try:
        discard_import(framework_import=found)
    except UserFacingError as problem:
        return _page(request, found, problem=problem)
    messages.success(request, _("Nothing was taken over from “%(file)s”.") % {"file": found.file_name})
    return redirect("badges:frameworks", request.workspace.organisation.slug)


def _load(request: WorkspaceRequest, pk: uuid.UUID) -> FrameworkImport:
    mine = FrameworkImport.objects.filter(organisation=request.workspace.organisation)
    found = mine.select_related("framework").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _crumbs(request: WorkspaceRequest) -> list[dict[str, str]]:
    slug = request.workspace.organisation.slug
    return [{"label": _("Frameworks"), "url": reverse("badges:frameworks", args=[slug])}]
