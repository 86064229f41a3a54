"""Departments and job roles: who is in them, their names, two that become one."""

import uuid
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from badgeserver.errors import UserFacingError
from issuers.actions.workforce import Group, add_group, merge_groups, remove_group, rename_group, restore_group
from issuers.forms import GroupForm, MergeForm
from issuers.models import Department, JobRole
from issuers.queries import groups_of
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

UNDO_SECONDS = 15 * 60
_UNDO_SALT = "issuers.groups.restore"

#: The two kinds by what their addresses say.
_MODELS: dict[str, type[Department | JobRole]] = {"departments": Department, "job-roles": JobRole}
_NEW = {"departments": _lazy("New department"), "job-roles": _lazy("New job role")}


@require_safe
@workspace(Permission.EDIT_PEOPLE)
def groups(request: WorkspaceRequest) -> HttpResponse:
    return _page(request)


@require_POST
@workspace(Permission.EDIT_PEOPLE)
def add(request: WorkspaceRequest, kind: str) -> HttpResponse:
    model = _model(kind)
    form = GroupForm(request.POST, auto_id=f"{kind}-%s", new=_NEW[kind])
    if form.is_valid():
        try:
            group = add_group(
                model=model,
                organisation=request.workspace.organisation,
                name=form.cleaned_data["name"],
                by=request.user,
                at=timezone.now(),
            )
        except UserFacingError as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("“%(name)s” is there now.") % {"name": group.name})
            return _to_groups(request)
    return _page(request, refused={kind: form})


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_PEOPLE)
def group(request: WorkspaceRequest, kind: str, group: uuid.UUID) -> HttpResponse:
    """Show one department (or role) with its acts; a POST renames it."""
    found = _found(request, kind, group)
    form = GroupForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            rename_group(group=found, name=form.cleaned_data["name"], by=request.user, at=timezone.now())
        except UserFacingError as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return _to_groups(request)
    return _group_page(request, kind, _found(request, kind, group), form=form)


@require_POST
@workspace(Permission.EDIT_PEOPLE)
def merge(request: WorkspaceRequest, kind: str, group: uuid.UUID) -> HttpResponse:
    found = _found(request, kind, group)
    form = MergeForm(request.POST, others=_others(request, kind, found))
    if form.is_valid():
        into = form.cleaned_data["into"]
        try:
            moved = merge_groups(group=found, into=into, by=request.user, at=timezone.now())
        except UserFacingError as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            sentence = ngettext(
                "“%(name)s” is part of “%(into)s” now, with %(count)s person.",
                "“%(name)s” is part of “%(into)s” now, with %(count)s people.",
                moved,
            )
            messages.success(request, sentence % {"name": found.name, "into": into.name, "count": moved})
            return _to_groups(request)
    return _group_page(request, kind, found, merge_form=form)


@require_POST
@workspace(Permission.EDIT_PEOPLE)
def remove(request: WorkspaceRequest, kind: str, group: uuid.UUID) -> HttpResponse:
    found = _found(request, kind, group)
    try:
        removed = remove_group(group=found, by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        messages.error(request, refusal.message)
        return redirect("issuers:group", request.workspace.organisation.slug, kind, group)
    token = signing.dumps(
        {"organisation": str(removed.organisation_id), "pk": str(removed.pk), "name": removed.name}, salt=_UNDO_SALT
    )
    undo = reverse("issuers:restore-group", args=[request.workspace.organisation.slug, kind, token])
    messages.success(request, _("“%(name)s” is removed.") % {"name": removed.name}, extra_tags=f"undo:{undo}")
    return _to_groups(request)


@require_POST
@workspace(Permission.EDIT_PEOPLE)
def restore(request: WorkspaceRequest, kind: str, token: str) -> HttpResponse:
    """Take a removal back; the token was signed here when it was removed."""
    organisation, model = request.workspace.organisation, _model(kind)
    try:
        removed = signing.loads(token, salt=_UNDO_SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        removed = {}
    if removed.get("organisation") != str(organisation.pk):
        messages.error(request, _("It is too late to undo this. Add it again instead."))
        return _to_groups(request)
    try:
        group = restore_group(
            model=model,
            organisation=organisation,
            pk=uuid.UUID(removed["pk"]),
            name=removed["name"],
            by=request.user,
            at=timezone.now(),
        )
    except UserFacingError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("“%(name)s” is there again.") % {"name": group.name})
    return _to_groups(request)


def _model(kind: str) -> type[Department | JobRole]:
    if kind not in _MODELS:
        raise Http404
    return _MODELS[kind]


def _found(request: WorkspaceRequest, kind: str, group: uuid.UUID) -> Group:
    found: Group = get_object_or_404(groups_of(_model(kind), request.workspace.organisation), pk=group)
    return found


def _others(request: WorkspaceRequest, kind: str, group: Group) -> Any:
    return groups_of(_model(kind), request.workspace.organisation).exclude(pk=group.pk)


def _to_groups(request: WorkspaceRequest) -> HttpResponse:
    return redirect("issuers:groups", request.workspace.organisation.slug)


def _page(request: WorkspaceRequest, *, refused: dict[str, GroupForm] | None = None) -> HttpResponse:
    refused = refused or {}
    organisation = request.workspace.organisation
    context = {
        "kinds": [
            {
                "kind": kind,
                "rows": groups_of(model, organisation),
                "form": refused.get(kind) or GroupForm(auto_id=f"{kind}-%s", new=_NEW[kind]),
            }
            for kind, model in _MODELS.items()
        ]
    }
    return render(request, "issuers/groups.html", context, status=422 if refused else 200)


def _group_page(
    request: WorkspaceRequest,
    kind: str,
    group: Group,
    *,
    form: GroupForm | None = None,
    merge_form: MergeForm | None = None,
) -> HttpResponse:
    forms = {
        "form": form or GroupForm(initial={"name": group.name}),
        "merge_form": merge_form or MergeForm(others=_others(request, kind, group)),
    }
    status = 422 if any(one.errors for one in forms.values()) else 200
    context = {**forms, "kind": kind, "group": group, "has_others": _others(request, kind, group).exists()}
    return render(request, "issuers/group.html", context, status=status)
