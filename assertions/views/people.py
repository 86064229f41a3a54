"""The organisation's people and what they hold."""

import uuid
from functools import partial

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from assertions import queries
from assertions.forms import PeopleFilterForm
from assertions.queries import PersonLine
from badgeserver.web.tables import Column, Table
from issuers.models import Person
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

PEOPLE = Table(
    "people",
    sort="department",
    tie="key",
    per_page=40,
    columns=(
        Column("name", _("Person"), lambda line: line.name, order=("shown_name",), is_always_shown=True),
        Column("email", _("E-mail address"), lambda line: line.email, order=("key",), is_shown_at_first=False),
        # Whoever has no department comes after those who have one, and who is not on the list last of all.
        Column(
            "department",
            _("Department"),
            lambda line: line.department,
            order=("place", "unit", "shown_name"),
            is_shown_at_first=False,
        ),
        Column("role", _("Job role"), lambda line: line.job_role, order=("job", "shown_name"), is_shown_at_first=False),
        Column("title", _("Job title"), lambda line: line.job_title, order=("title", "shown_name")),
        Column("valid", _("Valid badges"), lambda line: line.valid, is_number=True),
        Column("expired", _("Expired"), lambda line: line.expired, is_number=True),
    ),
)


@require_safe
@workspace(Permission.SEE_AWARDS)
def people(request: WorkspaceRequest) -> HttpResponseBase:
    """List the people by department, with how many badges each holds."""
    organisation = request.workspace.organisation
    form = PeopleFilterForm(request.GET, organisation=organisation)
    chosen = form.chosen()
    rows = queries.people_of(organisation, **chosen)
    lines = partial(queries.person_lines, organisation=organisation, at=timezone.now())
    if PEOPLE.is_export(request):
        return PEOPLE.export(request, rows, lines=lines)
    table = PEOPLE.page(request, rows, lines=lines)
    is_by_department = table.sort == "department"
    context = {
        "form": form,
        "is_filtered": bool(chosen["search"] or chosen["department"] or chosen["job_role"])
        or chosen["has_badges"] is not None,
        "search": chosen["search"],
        "table": table,
        "groups": _by_department(table.lines) if is_by_department else [("", table.lines)],
        "is_by_department": is_by_department,
    }
    return render(request, "assertions/people.html", context)


def _by_department(lines: list[PersonLine]) -> list[tuple[str, list[PersonLine]]]:
    groups: list[tuple[str, list[PersonLine]]] = []
    for line in lines:
        if not groups or groups[-1][0] != line.department:
            groups.append((line.department, []))
        groups[-1][1].append(line)
    return groups


@require_safe
@workspace(Permission.SEE_AWARDS)
def person(request: WorkspaceRequest, person: uuid.UUID) -> HttpResponseBase:
    """Show one person and all their awards."""
    organisation, at = request.workspace.organisation, timezone.now()
    people = Person.objects.select_related("department", "job_role")
    found = get_object_or_404(people, pk=person, organisation=organisation)
    awards = queries.awards_of(organisation).of_recipient([found.email]).newest_first()
    context = {"person": found, "lines": queries.award_lines(awards, at=at)}
    return render(request, "assertions/person.html", context)
