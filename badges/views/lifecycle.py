"""The life of a badge in the workspace: archive it, name its successor, look at it again, make and use templates."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from badges import queries
from badges.actions.successors import archive_with_successor, confirm_badge_still_fits, name_successor
from badges.actions.templates import make_badge_from_starting_template, make_badge_from_template
from badges.actions.templates import make_template as make_template_of
from badges.forms.lifecycle import SuccessorForm
from badges.insights.starting_templates import STARTING_TEMPLATES, starting_template
from badges.models import BadgeClass
from badges.views.badge_classes import crumbs_to, go_to, load_badge
from badgeserver.errors import UserFacingError
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace


@require_safe
@workspace(Permission.EDIT_BADGES)
def confirm_archive(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Ask which badge takes the place of this one; the act itself is `archive_badge` or `successor`."""
    found = load_badge(request, badge)
    form = SuccessorForm(
        badge_class=found,
        organisation=request.workspace.organisation,
        initial={"successor": found.successor_id},
    )
    return _archive_page(request, found, form)


@require_POST
@workspace(Permission.EDIT_BADGES)
def archive_badge(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Archive a badge, with a successor if one was chosen."""
    found = load_badge(request, badge)
    form = SuccessorForm(request.POST, badge_class=found, organisation=request.workspace.organisation)
    if not form.is_valid():
        return _archive_page(request, found, form)
    successor = form.cleaned_data["successor"]
    try:
        archive_with_successor(badge_class=found, successor=successor, by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _archive_page(request, found, form)
    undo = reverse("badges:restore", args=[request.workspace.organisation.slug, found.pk])
    said = _("Badge archived. It is no longer awarded; awards of it stay valid.")
    messages.success(request, said, extra_tags=f"undo:{undo}")
    return go_to("badges:detail", request, found)


@require_POST
@workspace(Permission.EDIT_BADGES)
def successor(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Say which badge takes the place of an archived one, or that none does."""
    found = load_badge(request, badge)
    form = SuccessorForm(request.POST, badge_class=found, organisation=request.workspace.organisation)
    if not form.is_valid():
        return _archive_page(request, found, form)
    chosen = form.cleaned_data["successor"]
    try:
        name_successor(badge_class=found, successor=chosen, by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _archive_page(request, found, form)
    said = _("“%(badge)s” takes its place.") % {"badge": chosen} if chosen else _("No badge takes its place.")
    messages.success(request, said)
    return go_to("badges:detail", request, found)


@require_POST
@workspace(Permission.EDIT_BADGES)
def still_fits(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    found = load_badge(request, badge)
    try:
        confirm_badge_still_fits(badge_class=found, by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("Noted. You will be reminded in 12 months."))
    return go_to("badges:detail", request, found)


def _archive_page(request: WorkspaceRequest, found: BadgeClass, form: SuccessorForm) -> HttpResponse:
    context = {"badge": found, "form": form, "crumbs": crumbs_to(request, found)}
    return render(request, "badges/badge_archive.html", context, status=422 if form.errors else 200)


# --- Templates -----------------------------------------------------------------------------------------------


@require_safe
@workspace(Permission.SEE_BADGES)
def templates(request: WorkspaceRequest) -> HttpResponse:
    """Show the organisation's own templates, and those that come along."""
    organisation = request.workspace.organisation
    own = BadgeClass.objects.of_organisation(organisation).templates().select_related("issuer").by_name()
    context = {
        "own": [(template, queries.thumbnail_url(template, organisation)) for template in own],
        "starting": STARTING_TEMPLATES,
        "crumbs": crumbs_to(request),
    }
    return render(request, "badges/template_list.html", context)


@require_POST
@workspace(Permission.EDIT_BADGES)
def make_template(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    made = make_template_of(badge_class=load_badge(request, badge), by=request.user, at=timezone.now())
    messages.success(request, _("Template made. The badge itself stays as it is."))
    return go_to("badges:detail", request, made)


@require_POST
@workspace(Permission.EDIT_BADGES)
def use_template(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Make a draft from one of the organisation's templates, and lead to its form."""
    found = load_badge(request, badge)
    try:
        made = make_badge_from_template(template=found, by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        messages.warning(request, refusal.message)
        return go_to("badges:detail", request, found)
    return go_to("badges:edit", request, made)


@require_POST
@workspace(Permission.EDIT_BADGES)
def use_starting_template(request: WorkspaceRequest, template: str) -> HttpResponse:
    """Make a draft from one of the templates that come along, and lead to its form."""
    found = starting_template(template)
    issuer = request.workspace.organisation.issuers.order_by("created_at", "pk").first()
    if found is None:
        raise Http404
    if issuer is None:
        messages.warning(request, _("A badge belongs to an issuer. Create one first."))
        return HttpResponseRedirect(reverse("badges:templates", args=[request.workspace.organisation.slug]))
    made = make_badge_from_starting_template(issuer=issuer, template=found, by=request.user, at=timezone.now())
    return go_to("badges:edit", request, made)
