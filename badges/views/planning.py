"""Planning a badge, and all ladders of an organisation."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from badges import queries
from badges.actions.badge_classes import ChangedMeanwhile
from badges.actions.planning import fingerprint, plan_badge_class, plan_of
from badges.forms.planning import PlanningForm
from badges.insights.ladders import draw, ladder_of, ladders_of
from badges.insights.rarity import rarity_of
from badges.views.badge_classes import crumbs_to, go_to, load_badge
from badgeserver.errors import UserFacingError
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def plan_badge(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Show and change what may change while people hold the badge."""
    found, at = load_badge(request, badge), timezone.localtime()
    is_sent = request.method == "POST"
    form = PlanningForm(request.POST if is_sent else None, badge_class=found, at=at)
    seen = form["seen"].value() or ""
    if is_sent and form.is_valid():
        try:
            plan_badge_class(
                badge_class=found, fields=form.plan, seen=form.cleaned_data["seen"], by=request.user, at=at
            )
        except UserFacingError as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            if isinstance(problem, ChangedMeanwhile):
                seen = fingerprint(plan_of(found))  # they were told: the same again replaces it
        else:
            messages.success(request, _("Planning saved."))
            return go_to("badges:detail", request, found)
    organisation = request.workspace.organisation
    context = {
        "badge": found,
        "form": form,
        "seen": seen,
        "rungs": draw(ladder_of(found), organisation),
        "rarity": rarity_of([found], at=at)[found.pk],
        "was_awarded": queries.is_awarded(found),
        "crumbs": crumbs_to(request, found),
    }
    return render(request, "badges/planning.html", context, status=422 if is_sent else 200)


@require_safe
@workspace(Permission.SEE_BADGES)
def ladders(request: WorkspaceRequest) -> HttpResponse:
    """Show every ladder of the organisation, with the levels that no badge stands for."""
    organisation = request.workspace.organisation
    found = [(one, draw(one, organisation)) for one in ladders_of(organisation)]
    return render(request, "badges/ladders.html", {"ladders": found, "crumbs": crumbs_to(request)})
