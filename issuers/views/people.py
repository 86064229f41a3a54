"""Somebody on the people list: put them there, change what is said of them, take them off."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from badgeserver.errors import UserFacingError
from issuers.actions.workforce import add_person, edit_person, remove_person, restore_person
from issuers.forms import PersonForm
from issuers.models import Department, JobRole, Person
from issuers.queries import groups_of
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

#: Where a removal waits to be taken back: in the session, because it is personal data and belongs into no address.
_REMOVED = "removed-people"
_KEPT = 5


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_PEOPLE)
def add(request: WorkspaceRequest) -> HttpResponse:
    organisation = request.workspace.organisation
    form = PersonForm(request.POST or None) if request.method == "POST" else PersonForm()
    if request.method == "POST" and form.is_valid():
        try:
            person = add_person(
                organisation=organisation, fields=form.fields_said(), by=request.user, at=timezone.now()
            )
        except UserFacingError as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("%(person)s is on the people list.") % {"person": person.name})
            if "another" in request.POST:
                return redirect("issuers:add-person", organisation.slug)
            return redirect("assertions:person", organisation.slug, person.pk)
    return _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_PEOPLE)
def edit(request: WorkspaceRequest, person: uuid.UUID) -> HttpResponse:
    organisation = request.workspace.organisation
    people = Person.objects.select_related("department", "job_role", "organisation")
    found = get_object_or_404(people, pk=person, organisation=organisation)
    form = PersonForm(request.POST, person=found) if request.method == "POST" else PersonForm(person=found)
    if request.method == "POST" and form.is_valid():
        try:
            edit_person(person=found, fields=form.fields_said(), by=request.user, at=timezone.now())
        except UserFacingError as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("assertions:person", organisation.slug, found.pk)
    return _page(request, form, found)


@require_POST
@workspace(Permission.EDIT_PEOPLE)
def remove(request: WorkspaceRequest, person: uuid.UUID) -> HttpResponse:
    organisation = request.workspace.organisation
    found = get_object_or_404(Person.objects.select_related("organisation"), pk=person, organisation=organisation)
    rows = remove_person(person=found, by=request.user, at=timezone.now())
    kept = dict(list(request.session.get(_REMOVED, {}).items())[1 - _KEPT :])
    request.session[_REMOVED] = {**kept, str(person): rows}
    undo = reverse("issuers:restore-person", args=[organisation.slug, person])
    messages.success(
        request,
        _("%(person)s is off the people list. Their badges stay theirs.") % {"person": found.name},
        extra_tags=f"undo:{undo}",
    )
    return redirect("assertions:people", organisation.slug)


@require_POST
@workspace(Permission.EDIT_PEOPLE)
def restore(request: WorkspaceRequest, removed: uuid.UUID) -> HttpResponse:
    """Take a removal of this session back."""
    organisation = request.workspace.organisation
    kept = request.session.get(_REMOVED, {})
    try:
        person = restore_person(
            organisation=organisation, rows=kept.get(str(removed), "[]"), by=request.user, at=timezone.now()
        )
    except UserFacingError as refusal:
        messages.error(request, refusal.message)
        return redirect("assertions:people", organisation.slug)
    request.session[_REMOVED] = {pk: rows for pk, rows in kept.items() if pk != str(removed)}
    messages.success(request, _("%(person)s is back on the people list.") % {"person": person.name})
    return redirect("assertions:person", organisation.slug, person.pk)


def _page(request: WorkspaceRequest, form: PersonForm, person: Person | None = None) -> HttpResponse:
    organisation = request.workspace.organisation
    context = {
        "form": form,
        "person": person,
        "departments": groups_of(Department, organisation),
        "job_roles": groups_of(JobRole, organisation),
    }
    return render(request, "issuers/person_form.html", context, status=422 if form.errors else 200)
