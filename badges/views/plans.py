"""Plans: a programme that was planned as a table is brought, looked over, and becomes drafts."""

import uuid
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from badges import queries, rules
from badges.actions.forgotten_plans import forget_plan, restore_plan
from badges.actions.plans import (
    bring_plan,
    change_plan_row,
    leave_out_plan_row,
    make_drafts,
    read_plan_as,
    undo_drafts,
)
from badges.forms.catalogue import CatalogueForm
from badges.forms.plans import BringPlanForm, PlanRowForm
from badges.models import BadgeClass, EarningStep, Plan
from badges.plans.columns import FIELDS, RECOGNISED, SURE, guess_layout
from badges.plans.drafts import MAKE_ANYWAY, PlannedRow
from badges.plans.known import ReadPlan, headings_of, read_plan, rows_of
from badges.plans.reading import MAX_BYTES
from badges.plans.writing import MEDIA_TYPES, file_name, said_by_badge, said_by_row, write_table, write_template
from badges.views.coaching import coachings_of
from badgeserver.errors import UserFacingError
from badgeserver.uploads import takes_files
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

PER_PAGE = 50
_TEXT_ROWS = 5  # of the table, to choose where the headings end


# --- The list, and bringing ----------------------------------------------------------------------------------


@require_safe
@workspace(Permission.EDIT_BADGES)
def plans(request: WorkspaceRequest) -> HttpResponse:
    found = (
        Plan.objects.filter(organisation=request.workspace.organisation)
        .defer("tables", "columns", "remarks")
        .select_related("created_by")
        .annotate(drafts=Count("rows__badge_class"))
        .newest_first()
    )
    page = Paginator(found, 25).get_page(request.GET.get("page"))
    has_badges = BadgeClass.objects.of_organisation(request.workspace.organisation).exists()
    return render(request, "badges/plan_list.html", {"page": page, "has_badges": has_badges})


@takes_files(MAX_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def new_plan(request: WorkspaceRequest) -> HttpResponse:
    """Take a file or a pasted table."""
    organisation = request.workspace.organisation
    if request.method != "POST":
        return _new_plan_page(request, BringPlanForm(organisation=organisation), status=200)
    form = BringPlanForm(request.POST, request.FILES, organisation=organisation)
    if form.is_valid() and form.brought is not None:
        plan = bring_plan(
            organisation=organisation,
            issuer=form.cleaned_data["issuer"],
            name=form.plan_name,
            brought=form.brought,
            by=request.user,
            at=timezone.now(),
        )
        return redirect("badges:plan", organisation.slug, plan.pk)
    return _new_plan_page(request, form, status=422)


def _new_plan_page(request: WorkspaceRequest, form: BringPlanForm, *, status: int) -> HttpResponse:
    context = {"form": form, "fields": FIELDS.values(), "crumbs": _crumbs(request)}
    return render(request, "badges/plan_new.html", context, status=status)


# --- One plan ------------------------------------------------------------------------------------------------


@require_safe
@workspace(Permission.EDIT_BADGES)
def plan_page(request: WorkspaceRequest, plan: uuid.UUID) -> HttpResponse:
    """Show how the table is read, and every row as the badge that it becomes."""
    return _plan_page(request, load_plan(request, plan))


@require_POST
@workspace(Permission.EDIT_BADGES)
def plan_columns(request: WorkspaceRequest, plan: uuid.UUID) -> HttpResponse:
    """Read the plan in another way: another table, turned, other headings, other columns."""
    found = load_plan(request, plan)
    said = request.POST
    try:
        read_plan_as(
            plan=found,
            table=_number(said.get("table")),
            header_rows=_number(said.get("header_rows")),
            columns=[key[:40] for key in said.getlist("column")] or None,
            turn="turn" in said,
            by=request.user,
            at=timezone.now(),
        )
    except UserFacingError as refusal:
        return _plan_page(request, load_plan(request, plan), refusal=refusal, opens_columns=True)
    if request.htmx:
        return _plan_page(request, load_plan(request, plan), opens_columns=True)
    return redirect("badges:plan", request.workspace.organisation.slug, plan)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def plan_row(request: WorkspaceRequest, plan: uuid.UUID, row: int) -> HttpResponse:
    """Show one row to be edited, and take what was decided about it."""
    found, at = load_plan(request, plan), timezone.now()
    planned = read_plan(found, today=at.date()).row(row)
    if planned is None:
        raise Http404
    if request.method != "POST":
        return _row_form(request, found, planned, PlanRowForm(row=planned))
    form = PlanRowForm(request.POST if request.POST.get("act") == "save" else None, row=planned)
    if form.is_bound and not form.is_valid():
        return _row_form(request, found, planned, form, status=422)
    try:
        _decide(request, found, row, form, at=at)
    except UserFacingError as refusal:
        return _plan_page(request, load_plan(request, plan), refusal=refusal)
    if request.htmx:
        return _plan_page(request, load_plan(request, plan))
    return HttpResponseRedirect(f"{_plan_url(request, found)}#row-{row}")


def _decide(request: WorkspaceRequest, plan: Plan, position: int, form: PlanRowForm, *, at: datetime) -> None:
    said = request.POST
    match said.get("act", ""):
        case "leave-out" | "take-in" as act:
            leave_out_plan_row(plan=plan, position=position, is_left_out=act == "leave-out", by=request.user, at=at)
        case "make-anyway":
            change_plan_row(plan=plan, position=position, changes={MAKE_ANYWAY: "1"}, by=request.user, at=at)
        case "set":
            changes = {said.get("field", "")[:40]: said.get("text", "")}
            change_plan_row(plan=plan, position=position, changes=changes, by=request.user, at=at)
        case "save":
            change_plan_row(plan=plan, position=position, changes=form.changes, by=request.user, at=at)


@require_POST
@workspace(Permission.EDIT_BADGES)
def plan_drafts(request: WorkspaceRequest, plan: uuid.UUID) -> HttpResponse:
    """Make the drafts of all rows that are ready."""
    found = load_plan(request, plan)
    try:
        made = make_drafts(plan=found, make_missing="make_missing" in request.POST, by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        return _plan_page(request, load_plan(request, plan), refusal=refusal)
    slug = request.workspace.organisation.slug
    if made:
        sentence = ngettext("%(n)d draft made.", "%(n)d drafts made.", len(made)) % {"n": len(made)}
        messages.success(request, sentence, extra_tags=f"undo:{reverse('badges:undo-plan', args=[slug, plan])}")
    return redirect("badges:plan-done", slug, plan)


@require_safe
@workspace(Permission.EDIT_BADGES)
def plan_done(request: WorkspaceRequest, plan: uuid.UUID) -> HttpResponse:
    """List the drafts that came of the plan, with what each still lacks."""
    found, today = load_plan(request, plan), timezone.localdate()
    drafts = (
        BadgeClass.objects.filter(plan_rows__plan=found)
        .order_by("plan_rows__position")
        .select_related("issuer__organisation", "next_level")
        .prefetch_related(Prefetch("earning_steps", queryset=EarningStep.objects.order_by("position")))
    )
    page = Paginator(drafts, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    coached = {one.badge.pk: one for one in coachings_of(shown, organisation=found.organisation)}
    lines = [
        {
            "badge": badge,
            "picture_url": queries.thumbnail_url(badge, found.organisation),
            "coach": coached[badge.pk],
            "missing": _still_missing(badge, today=today) if badge.status == BadgeClass.Status.DRAFT else [],
        }
        for badge in shown
    ]
    context = {
        "plan": found,
        "page": page,
        "lines": lines,
        "without_picture": drafts.filter(image="").exists(),
        "left": len(read_plan(found, today=today).rows) - page.paginator.count,
        "crumbs": [*_crumbs(request), {"label": found.name, "url": _plan_url(request, found)}],
    }
    return render(request, "badges/plan_done.html", context)


def _still_missing(badge: BadgeClass, *, today: date) -> list[str]:
    """Name what a draft lacks; with the picture, the words for it are made."""
    missing = rules.missing_for_publishing(
        badge, has_picture=bool(badge.image), has_steps=bool(badge.earning_steps.all()), today=today
    )
    names = {
        "picture": _("a picture"),
        "description": _("a description"),
        "criteria_narrative": _("how to earn it"),
        "image_alt": _("the picture in words"),
        "validity_until": _("a later last day"),
    }
    fields = [item.field for item in missing]
    return [names.get(field, field) for field in fields if not (field == "image_alt" and "picture" in fields)]


@require_POST
@workspace(Permission.EDIT_BADGES)
def undo_plan(request: WorkspaceRequest, plan: uuid.UUID) -> HttpResponse:
    """Delete the drafts that nobody has touched since, so that the plan can be corrected."""
    gone, kept = undo_drafts(plan=load_plan(request, plan), by=request.user, at=timezone.now())
    if gone:
        messages.success(request, ngettext("%(n)d draft deleted.", "%(n)d drafts deleted.", gone) % {"n": gone})
    if kept:
        messages.warning(
            request,
            ngettext(
                "%(n)d draft stays: somebody has worked on it since.",
                "%(n)d drafts stay: somebody has worked on them since.",
                kept,
            )
            % {"n": kept},
        )
    return redirect("badges:plan", request.workspace.organisation.slug, plan)


@require_POST
@workspace(Permission.EDIT_BADGES)
def remove_plan(request: WorkspaceRequest, plan: uuid.UUID) -> HttpResponse:
    """Forget the table; its drafts stay."""
    forget_plan(plan=load_plan(request, plan), by=request.user, at=timezone.now())
    slug = request.workspace.organisation.slug
    undo = reverse("badges:restore-plan", args=[slug, plan])
    messages.success(request, _("Plan forgotten. Drafts that were made of it stay."), extra_tags=f"undo:{undo}")
    return redirect("badges:plans", slug)


@require_POST
@workspace(Permission.EDIT_BADGES)
def bring_back_plan(request: WorkspaceRequest, plan: uuid.UUID) -> HttpResponse:
    """Undo forgetting, as long as that can be."""
    organisation = request.workspace.organisation
    if Plan.objects.filter(pk=plan).exclude(organisation=organisation).exists():
        raise Http404
    try:
        restored = restore_plan(organisation=organisation, plan=plan, by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        messages.error(request, refusal.message)
        return redirect("badges:plans", organisation.slug)
    messages.success(request, _("“%(plan)s” is back, with what you corrected in it.") % {"plan": restored})
    return redirect("badges:plan", organisation.slug, restored.pk)


# --- Taking away ---------------------------------------------------------------------------------------------


@require_safe
@workspace(Permission.EDIT_BADGES)
def plan_table(request: WorkspaceRequest, plan: uuid.UUID) -> HttpResponse:
    """The plan as a table, with what was corrected: `?as=docx`, `xlsx` or `csv`."""
    found = load_plan(request, plan)
    read = read_plan(found, today=timezone.localdate())
    kind = _kind(request)
    title = found.name.rsplit(".", 1)[0]
    return _file(kind, title, write_table(kind, title=title, rows=[said_by_row(row) for row in read.rows]))


@require_safe
@workspace(Permission.EDIT_BADGES)
def programme_table(request: WorkspaceRequest) -> HttpResponse:
    """The badges of the organisation as a plan: all, or those that the filters of their list leave (`?status=` …)."""
    organisation = request.workspace.organisation
    badges = queries.badges_of(organisation, **CatalogueForm(request.GET, organisation=organisation).chosen())
    badges = badges.select_related("issuer", "next_level")
    badges = badges.prefetch_related(*queries.parts(), "departments", "job_roles")
    kind, title = _kind(request), _("%(organisation)s badges") % {"organisation": organisation.name}
    return _file(kind, title, write_table(kind, title=title, rows=[said_by_badge(badge) for badge in badges]))


@require_safe
@workspace(Permission.EDIT_BADGES)
def plan_template(request: WorkspaceRequest) -> HttpResponse:
    """A table to begin with: headings, what they mean, three examples."""
    kind = _kind(request)
    return _file(kind, _("Badge plan"), write_template(kind))


def _kind(request: WorkspaceRequest) -> str:
    kind = request.GET.get("as", "docx")
    if kind not in MEDIA_TYPES:
        raise Http404
    return kind


def _file(kind: str, title: str, data: bytes) -> HttpResponse:
    answer = HttpResponse(data, content_type=MEDIA_TYPES[kind])
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="{_ascii(file_name(title, kind, at=timezone.now()))}"'
    )
    return answer


def _ascii(name: str) -> str:
    return name.encode("ascii", "ignore").decode().strip("-") or "plan"


# --- Pieces --------------------------------------------------------------------------------------------------


def load_plan(request: WorkspaceRequest, plan: uuid.UUID) -> Plan:
    """Return the plan of this workspace's organisation, or answer 404."""
    found: Plan | None = (
        Plan.objects.filter(organisation=request.workspace.organisation, pk=plan)
        .select_related("organisation", "issuer", "created_by")
        .prefetch_related("rows")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _plan_page(
    request: WorkspaceRequest,
    plan: Plan,
    *,
    refusal: UserFacingError | None = None,
    opens_columns: bool = False,
) -> HttpResponse:
    read = read_plan(plan, today=timezone.localdate())
    page = Paginator(read.rows, PER_PAGE).get_page(request.GET.get("page"))
    columns = _columns(plan)
    guesses = sum(1 for column in columns if column["is_guess"])
    uncertain = any(column["is_wild"] for column in columns) or "name" not in plan.columns
    done = sum(1 for row in read.rows if row.is_done)
    context = {
        "plan": plan,
        "page": page,
        "query": urlencode({"page": page.number}) if page.number > 1 else "",
        "columns": columns,
        "guesses": guesses,
        "field_choices": [(field.key, field.label) for field in FIELDS.values()],
        "tables": _tables(plan),
        "is_turned": bool(plan.tables[plan.table].get("turned")),
        "first_rows": _first_rows(plan),
        "opens_columns": opens_columns or (not done and uncertain),
        "ready": len(read.ready),
        "total": len(read.rows),
        "held": sum(1 for row in read.rows if row.is_held),
        "left_out": sum(1 for row in read.rows if row.is_left_out),
        "done": done,
        "asks": sum(1 for row in read.rows if row.is_ready and any(one.tone == "warn" for one in row.problems)),
        "refusal": refusal,
        "labels": {key: field.label for key, field in FIELDS.items()},
        "crumbs": _crumbs(request),
        **_missing(read),
    }
    return render(request, "badges/plan_detail.html", context, status=422 if refusal else 200)


def _missing(read: ReadPlan) -> dict[str, list[str]]:
    return {"new_departments": read.new_departments, "new_job_roles": read.new_job_roles}


def _columns(plan: Plan) -> list[dict[str, Any]]:
    """What is shown of each column: its heading, two of its cells, the field it fills, and how sure that was."""
    rows, names = rows_of(plan), headings_of(plan)
    guessed = guess_layout(rows)
    shown = []
    for at, name in enumerate(names):
        key = plan.columns[at] if at < len(plan.columns) else ""
        was_guessed = at < len(guessed.columns) and guessed.columns[at] == key
        texts = [row[at] for row in rows[plan.header_rows :] if at < len(row) and row[at]]
        if not texts and not name:
            continue
        shown.append(
            {
                "at": at,
                "heading": name or _("Column %(n)d") % {"n": at + 1},
                "examples": [text[:90] for text in dict.fromkeys(texts)][:2],
                "key": key,
                "is_guess": bool(key) and was_guessed and guessed.sureness[at] < SURE,
                "is_wild": bool(key) and was_guessed and guessed.sureness[at] < RECOGNISED,
            }
        )
    return shown


def _tables(plan: Plan) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "label": table["title"] or _("Table %(n)d") % {"n": number + 1},
            "rows": len(table["rows"]),
            "current": number == plan.table,
        }
        for number, table in enumerate(plan.tables)
    ]


def _first_rows(plan: Plan) -> list[dict[str, Any]]:
    """Return the first rows, to choose with which of them the badges begin."""
    rows = rows_of(plan)
    most = min(len(rows) - 1, max(_TEXT_ROWS, plan.header_rows))
    return [
        {
            "number": number,
            "text": _("Row %(n)d: %(text)s")
            % {"n": number + 1, "text": " · ".join(cell[:30] for cell in rows[number] if cell)[:80]},
            "current": number == plan.header_rows,
        }
        for number in range(most + 1)
    ]


def _row_form(
    request: WorkspaceRequest, plan: Plan, row: PlannedRow, form: PlanRowForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "plan": plan,
        "row": row,
        "form": form,
        "query": urlencode({"page": request.GET["page"][:10]}) if request.GET.get("page") else "",
        "crumbs": [*_crumbs(request), {"label": plan.name, "url": _plan_url(request, plan)}],
    }
    name = "badges/_plan_row_form.html" if request.htmx else "badges/plan_row.html"
    return render(request, name, context, status=status)


def _plan_url(request: WorkspaceRequest, plan: Plan) -> str:
    url = reverse("badges:plan", args=[request.workspace.organisation.slug, plan.pk])
    page = request.GET.get("page", "")
    return f"{url}?{urlencode({'page': page})}" if page.isdecimal() and page != "1" else url


def _crumbs(request: WorkspaceRequest) -> list[dict[str, Any]]:
    return [{"label": _("Plans"), "url": reverse("badges:plans", args=[request.workspace.organisation.slug])}]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 6 else None
