"""Pilots in the workspace: choose the test group, ask, end, and the report."""

import csv
import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from badges import queries, rules
from badges.actions.approval import NeedsApproval
from badges.actions.pilots import change_pilot, end_pilot, remind_members, send_survey, start_pilot
from badges.forms.lifecycle import EndForm, PilotForm
from badges.insights.pilots import PilotReport, days_left, last_pilot, members_of, people_to_choose, pilot_report
from badges.models import BadgeClass, Pilot, PilotMember
from badges.views.badge_classes import crumbs_to, go_to, load_badge
from badgeserver.errors import UserFacingError
from badgeserver.web.tables import cell
from issuers.models import Department, JobRole, Person
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

#: More names are found by a search.
PEOPLE_SHOWN = 60
USUAL_LENGTH = timedelta(days=28)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def start(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Choose a test group and a last day, and start; the same page changes a pilot that runs.

    HTMX (and, without it, the button “Search”) asks for other people; whoever is chosen stays chosen.
    """
    found = load_badge(request, badge)
    running = _running(found)
    today = timezone.localdate()
    is_sent = request.method == "POST"
    first = {
        "goal": running.goal if running else "",
        "ends_on": running.ends_on if running else today + USUAL_LENGTH,
    }
    organisation = request.workspace.organisation
    form = PilotForm(request.POST if is_sent else None, organisation=organisation, today=today, initial=first)
    problem: UserFacingError | None = None
    if is_sent and request.POST.get("act") != "search" and form.is_valid():
        testers, managers = form.people()
        said = {
            "members": testers,
            "managers": managers,
            "goal": form.cleaned_data["goal"],
            "ends_on": form.cleaned_data["ends_on"],
            "by": request.user,
            "at": timezone.now(),
        }
        try:
            if running:
                change_pilot(pilot=running, **said)
            else:
                start_pilot(badge_class=found, **said)
        except UserFacingError as refusal:
            problem = refusal
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            done = _("Pilot changed.") if running else _("The pilot runs. Award the badge to its test group.")
            messages.success(request, done)
            return go_to("badges:pilot", request, found)
    return _start_page(request, found, form, running=running, problem=problem)


@require_safe
@workspace(Permission.SEE_AWARDS)
def pilot(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Show the pilot: who takes part, what was answered, and what can be done."""
    return _pilot_page(request, *_loaded(request, badge), EndForm())


@require_POST
@workspace(Permission.EDIT_BADGES)
def survey(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Send the survey to everybody of the pilot who was not asked yet."""
    found, shown = _loaded(request, badge)
    try:
        asked = send_survey(pilot=shown, by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        messages.warning(request, refusal.message)
    else:
        said = ngettext("%(n)d person gets the survey by mail.", "%(n)d people get the survey by mail.", asked)
        messages.success(request, said % {"n": asked} if asked else _("Everybody was asked already."))
    return go_to("badges:pilot", request, found)


@require_POST
@workspace(Permission.EDIT_BADGES)
def remind(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Remind those who have not answered, once."""
    found, shown = _loaded(request, badge)
    try:
        reminded = remind_members(pilot=shown, by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        messages.warning(request, refusal.message)
    else:
        said = ngettext("%(n)d person is reminded by mail.", "%(n)d people are reminded by mail.", reminded)
        messages.success(
            request, said % {"n": reminded} if reminded else _("Everybody has answered, or was reminded already.")
        )
    return go_to("badges:pilot", request, found)


@require_POST
@workspace(Permission.EDIT_BADGES)
def end(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """End the pilot: publish the badge, change it first, or drop it."""
    found, shown = _loaded(request, badge)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _pilot_page(request, found, shown, form)
    decision = form.cleaned_data["decision"]
    try:
        ended = end_pilot(
            pilot=shown, decision=decision, note=form.cleaned_data["note"], by=request.user, at=timezone.now()
        )
    except UserFacingError as refusal:
        form.add_error(None, refusal.message)
        return _pilot_page(request, found, shown, form)
    successor = ended.badge_class.successor
    if decision == Pilot.Decision.PUBLISH:
        messages.success(request, _("Published for everybody. The report of the pilot stays."))
        return go_to("badges:detail", request, found)
    if decision == Pilot.Decision.CHANGE:
        messages.success(request, _("Change it here. What the test group was awarded stays valid."))
        return go_to("badges:edit", request, successor or found)
    messages.success(request, _("Dropped: the badge is archived. What the test group was awarded stays valid."))
    return go_to("badges:pilot", request, found)


@require_safe
@workspace(Permission.SEE_AWARDS)
def report_csv(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """The answers in numbers, for a spreadsheet; nobody's name is in it."""
    found, shown = _loaded(request, badge)
    report = pilot_report(shown)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="pilot-{found.pk}.csv"'
    response["Cache-Control"] = "private, no-store"
    response.write("\ufeff")
    rows = csv.writer(response)
    rows.writerow([_("Question"), _("Who"), _("Answers"), _("Mean"), *(str(number) for number in range(1, 6))])
    for result in report.results:
        for side in result.sides:
            rows.writerow([result.title, side.label, side.count, side.mean, *(bar.count for bar in side.bars)])
    if report.remarks:
        rows.writerow([])
        rows.writerow([_("Remark"), _("Who")])
        rows.writerows([cell(remark), who] for who, remark in report.remarks)
    return response


def _loaded(request: WorkspaceRequest, badge: uuid.UUID) -> tuple[BadgeClass, Pilot]:
    found = load_badge(request, badge)
    shown = last_pilot(found)
    if shown is None:
        raise Http404
    return found, shown


def _running(badge_class: BadgeClass) -> Pilot | None:
    shown = last_pilot(badge_class)
    return shown if shown is not None and shown.ended_at is None else None


def _pilot_page(request: WorkspaceRequest, found: BadgeClass, shown: Pilot, form: EndForm) -> HttpResponse:
    at = timezone.now()
    report: PilotReport = pilot_report(shown)
    context = {
        "badge": found,
        "pilot": shown,
        "is_running": shown.ended_at is None,
        "days_left": days_left(shown, at=at),
        "report": report,
        "members": members_of(shown),
        "silent": report.asked - report.answered,
        "form": form,
        "picture_url": queries.thumbnail_url(found, request.workspace.organisation),
        "crumbs": crumbs_to(request, found),
    }
    return render(request, "badges/pilot.html", context, status=422 if form.errors else 200)


def _start_page(
    request: WorkspaceRequest,
    found: BadgeClass,
    form: PilotForm,
    *,
    running: Pilot | None,
    problem: UserFacingError | None,
) -> HttpResponse:
    is_search = request.POST.get("act") == "search"
    missing = (
        rules.missing_for_publishing(
            found,
            has_picture=bool(found.image),
            has_steps=bool(found.earning_steps.all()),
            today=timezone.localdate(),
        )
        if found.status == BadgeClass.Status.DRAFT
        else []
    )
    context = {
        "badge": found,
        "form": form,
        "running": running,
        "missing": missing,
        "needs_approval": isinstance(problem, NeedsApproval),
        **_people(request, form, running),
        "crumbs": crumbs_to(request, found),
    }
    if is_search and request.htmx:
        return render(request, "badges/pilot_start.html#people", context)
    status = 422 if form.is_bound and not is_search and form.errors else 200
    return render(request, "badges/pilot_start.html", context, status=status)


def _people(request: WorkspaceRequest, form: PilotForm, running: Pilot | None) -> dict[str, Any]:
    """Return whom the page offers: everybody who is chosen first, then whoever the search finds."""
    organisation, sent = request.workspace.organisation, request.POST
    search = sent.get("q", "").replace("\x00", "").strip()[:100]
    departments = list(Department.objects.filter(organisation=organisation).order_by("name"))
    roles = list(JobRole.objects.filter(organisation=organisation).order_by("name"))
    department = next((one for one in departments if str(one.pk) == sent.get("department")), None)
    role = next((one for one in roles if str(one.pk) == sent.get("job_role")), None)
    parts = dict(form.chosen)
    if not form.is_bound and running is not None:
        parts = {str(pk): part for pk, part in running.members.values_list("person_id", "part")}
    chosen = _persons(request, parts)
    known = {one.pk for one in chosen}
    found = people_to_choose(
        organisation,
        search=search,
        department=str(department.pk) if department else "",
        job_role=str(role.pk) if role else "",
        limit=PEOPLE_SHOWN + len(known) + 1,
    )
    offered = [one for one in found if one.pk not in known]
    return {
        "lines": [(one, parts.get(str(one.pk), "")) for one in [*chosen, *offered[:PEOPLE_SHOWN]]],
        "has_more": len(offered) > PEOPLE_SHOWN,
        "chosen_count": len(chosen),
        "search": search,
        "departments": departments,
        "job_roles": roles,
        "department": department,
        "job_role": role,
        "parts": PilotMember.Part,
    }


def _persons(request: WorkspaceRequest, parts: dict[str, str]) -> list[Person]:
    ids = set()
    for sent in parts:
        try:
            ids.add(uuid.UUID(sent))
        except ValueError:
            continue
    found = Person.objects.filter(organisation=request.workspace.organisation, pk__in=ids)
    return list(found.select_related("department", "job_role").order_by("name", "pk"))
