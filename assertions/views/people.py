"""The organisation's people and what they hold."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assertions import queries
from assertions.forms import PeopleFilterForm
from issuers.models import Person
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

PER_PAGE = 40


@require_safe
@workspace(Permission.SEE_AWARDS)
def people(request: WorkspaceRequest) -> HttpResponse:
    """List the people by department, with how many badges each holds."""
    organisation = request.workspace.organisation
    form = PeopleFilterForm(request.GET, organisation=organisation)
    chosen = form.chosen()
    page = Paginator(queries.people_of(organisation, **chosen), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "is_filtered": bool(chosen["search"] or chosen["department"]),
        "search": chosen["search"],
        "page": page,
        "lines": queries.person_lines(page.object_list, organisation, at=timezone.now()),
    }
    return render(request, "assertions/people.html", context)


@require_safe
@workspace(Permission.SEE_AWARDS)
def person(request: WorkspaceRequest, person: uuid.UUID) -> HttpResponse:
    """Show one person and all their awards."""
    organisation, at = request.workspace.organisation, timezone.now()
    found = get_object_or_404(Person.objects.select_related("department"), pk=person, organisation=organisation)
    awards = queries.awards_of(organisation).of_recipient([found.email]).newest_first()
    context = {"person": found, "lines": queries.award_lines(awards, at=at)}
    return render(request, "assertions/person.html", context)
