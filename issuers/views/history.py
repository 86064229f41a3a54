"""Who did what, when: the audit trail in words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from badgeserver.audit.describe import Description, describe
from badgeserver.audit.models import AuditEvent
from issuers.forms import HistoryFilterForm
from issuers.models import ApiToken, Issuer, Organisation
from issuers.queries import actors_of, history_of
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class HistoryRow:
    event: AuditEvent
    said: Description
    url: str


@require_safe
@workspace(Permission.SEE_HISTORY)
def history(request: WorkspaceRequest) -> HttpResponse:
    organisation = request.workspace.organisation
    form = HistoryFilterForm(request.GET, actors=actors_of(organisation))
    chosen = form.chosen()
    page = Paginator(history_of(organisation, **chosen), PAGE_SIZE).get_page(request.GET.get("page"))
    events = list(page.object_list)
    links = _links(organisation, events)
    rows = [HistoryRow(event, describe(event), links.get(event.subject_id, "")) for event in events]
    context = {"form": form, "page": page, "rows": rows, "is_filtered": any(chosen.values())}
    return render(request, "issuers/history.html", context)


def _links(organisation: Organisation, events: Sequence[AuditEvent]) -> dict[str, str]:
    """Return the page of each subject that still has one: one query for each kind of subject."""
    subjects: defaultdict[str, set[str]] = defaultdict(set)
    for event in events:
        subjects[event.subject_type].add(event.subject_id)
    slug, issuers = organisation.slug, Issuer.objects.filter(organisation=organisation)
    links: dict[str, str] = {}

    def link(subject_type: str, name: str, relation: str) -> None:
        if subjects[subject_type]:
            found = issuers.filter(**{f"{relation}__in": subjects[subject_type]}).values_list(relation, flat=True)
            links.update({str(pk): reverse(name, args=[slug, pk]) for pk in found})

    link("issuers.issuer", "issuers:detail", "pk")
    link("badges.badgeclass", "badges:detail", "badge_classes")
    link("assertions.assertion", "assertions:detail", "assertions")
    if subjects["issuers.apitoken"]:
        tokens = ApiToken.objects.filter(issuer__organisation=organisation, pk__in=subjects["issuers.apitoken"])
        links.update({str(token.pk): reverse("issuers:tokens", args=[slug, token.issuer_id]) for token in tokens})
    return links
