"""Planning a badge, and all ladders of an organisation."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from badges import queries
from badges.actions.badge_classes import ChangedMeanwhile
from badges.actions.planning import fingerprint, plan_badge_class, plan_of
from badges.forms.planning import PlanningForm
from badges.insights.ladders import draw, ladder_of, ladders_of
from badges.insights.rarity import rarity_of
from badges.models import BadgeClass
from badges.views.badge_classes import crumbs_to, go_to, load_badge
from badgeserver.errors import UserFacingError
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

#: Where a session keeps what was planned before its last change.
_BEFORE = "badges.planning-before"


class GoneMeanwhile(UserFacingError):
    """What should be put back names something that is no longer there."""

    code = "planning_gone"


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
            planned = plan_badge_class(
                badge_class=found, fields=form.plan, seen=form.cleaned_data["seen"], by=request.user, at=at
            )
        except UserFacingError as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            if isinstance(problem, ChangedMeanwhile):
                seen = fingerprint(plan_of(found))  # they were told: the same again replaces it
        else:
            messages.success(request, _("Planning saved."), extra_tags=_undo(request, planned, form))
            return go_to("badges:detail", request, found)
    organisation, use = request.workspace.organisation, queries.use_of(found)
    context = {
        "badge": found,
        "form": form,
        "seen": seen,
        "rungs": draw(ladder_of(found), organisation),
        "rarity": rarity_of([found], at=at, held={found.pk: use.held})[found.pk],
        "was_awarded": use.was_awarded,
        "crumbs": crumbs_to(request, found),
    }
    return render(request, "badges/planning.html", context, status=422 if is_sent else 200)


@require_POST
@workspace(Permission.EDIT_BADGES)
def undo_planning(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Put the planning back that was replaced last in this session, unless it was changed again since."""
    found, at = load_badge(request, badge), timezone.localtime()
    kept = request.session.get(_BEFORE, {})
    if kept.get("badge") != str(found.pk):
        messages.warning(request, _("There is nothing to undo any more. The planning stays as it is."))
        return go_to("badges:detail", request, found)
    form = PlanningForm(kept["plan"], badge_class=found, at=at)
    try:
        if not form.is_valid():
            raise GoneMeanwhile(
                _("Something of what was planned before is no longer there. Open the planning instead.")
            )
        plan_badge_class(badge_class=found, fields=form.plan, seen=kept["seen"], is_undo=True, by=request.user, at=at)
    except UserFacingError as refusal:
        messages.warning(request, refusal.message)
    else:
        del request.session[_BEFORE]
        messages.success(request, _("The planning is as it was."))
    return go_to("badges:detail", request, found)


def _undo(request: WorkspaceRequest, planned: BadgeClass, form: PlanningForm) -> str:
    """Keep what was planned before for `undo_planning`, and return the tag of its button; "" where nothing changed."""
    seen, before = fingerprint(plan_of(planned)), form.initial
    if seen == before["seen"]:
        return ""
    lists = {name: [str(pk) for pk in before[name]] for name in ("departments", "job_roles", "related")}
    texts = {name: str(before[name] or "") for name in ("visibility", "award_cap", "next_level", "review_by")}
    request.session[_BEFORE] = {"badge": str(planned.pk), "seen": seen, "plan": {**lists, **texts}}
    return f"undo:{reverse('badges:undo-planning', args=[request.workspace.organisation.slug, planned.pk])}"


@require_safe
@workspace(Permission.SEE_BADGES)
def ladders(request: WorkspaceRequest) -> HttpResponse:
    """Show every ladder of the organisation, with the levels that no badge stands for."""
    organisation = request.workspace.organisation
    found = [(one, draw(one, organisation)) for one in ladders_of(organisation)]
    return render(request, "badges/ladders.html", {"ladders": found, "crumbs": crumbs_to(request)})
