"""Who did what, when: the audit trail in words, as a story or as a table, and as a file."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from badgeserver.audit.describe import Description, describe
from badgeserver.audit.models import AuditEvent
from badgeserver.web.tables import Column, Table
from issuers.forms import HistoryFilterForm
from issuers.models import ApiToken, Issuer, Organisation
from issuers.queries import actors_of, history_of
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace


@dataclass(frozen=True, slots=True)
class HistoryRow:
    event: AuditEvent
    said: Description
    url: str


HISTORY = Table(
    "history",
    sort="-at",
    columns=(
        Column("at", _("When"), lambda row: row.event.at, order=("at",), is_always_shown=True),
        Column("what", _("What"), lambda row: row.said.sentence, is_always_shown=True),
        Column("who", _("Who"), lambda row: row.event.acted_by, order=("actor_name", "at")),
        Column(
            "about",
            _("About"),
            lambda row: row.event.subject_name,
            order=("subject_name", "at"),
            is_shown_at_first=False,
        ),
        Column("type", _("Kind"), lambda row: row.event.type, order=("type", "at"), is_shown_at_first=False),
    ),
)


@require_safe
@workspace(Permission.SEE_HISTORY)
def history(request: WorkspaceRequest) -> HttpResponseBase:
    """Tell what happened, newest first; `?view=table` and `?format=csv` for those who look for something."""
    organisation = request.workspace.organisation
    form = HistoryFilterForm(request.GET, actors=actors_of(organisation))
    chosen = form.chosen()
    events, lines = history_of(organisation, **chosen), partial(_rows, organisation)
    if HISTORY.is_export(request):
        return HISTORY.export(request, events, lines=_said)
    is_table = request.GET.get("view") == "table"
    context = {
        "form": form,
        "table": HISTORY.page(request, events, lines=lines),
        "is_table": is_table,
        "is_story": not is_table,
        "is_filtered": any(chosen.values()),
    }
    return render(request, "issuers/history.html", context)


def _said(events: Iterable[AuditEvent]) -> list[HistoryRow]:
    return [HistoryRow(event, describe(event), "") for event in events]


def _rows(organisation: Organisation, events: Sequence[AuditEvent]) -> list[HistoryRow]:
    links = _links(organisation, events)
    return [HistoryRow(event, describe(event), links.get(event.subject_id, "")) for event in events]


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
