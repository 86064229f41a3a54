"""The list of awards: searched, filtered, sorted, in the columns that its reader wants, and as a file."""

from functools import partial

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from assertions import queries
from assertions.forms import AwardFilterForm
from badgeserver.web.tables import Column, Table
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

AWARDS = Table(
    "awards",
    sort="-issued",
    per_page=30,
    columns=(
        Column(
            "person",
            _("Person"),
            lambda line: line.assertion.recipient_name,
            order=("recipient_name", "recipient_key"),
            is_always_shown=True,
        ),
        Column(
            "address",
            _("E-mail address"),
            lambda line: line.assertion.recipient_email,
            order=("recipient_key",),
            is_shown_at_first=False,
        ),
        Column(
            "badge",
            _("Badge"),
            lambda line: line.assertion.badge_class.name,
            order=("badge_class__name", "recipient_name"),
        ),
        Column(
            "version",
            _("Version"),
            lambda line: line.assertion.badge_class.version,
            order=("badge_class__version",),
            is_number=True,
            is_shown_at_first=False,
        ),
        Column(
            "issuer",
            _("Issuer"),
            lambda line: line.assertion.issuer.name,
            order=("issuer__name", "issued_at"),
            is_shown_at_first=False,
        ),
        Column("issued", _("Awarded"), lambda line: line.assertion.issued_at, order=("issued_at", "created_at")),
        Column(
            "expires",
            _("Holds until"),
            lambda line: line.assertion.expires_at,
            order=("expires_at",),
            has_gaps=True,
        ),
        Column(
            "by",
            _("Awarded by"),
            lambda line: line.assertion.awarded_by or "",
            order=("awarded_by__name", "awarded_by__email"),
            has_gaps=True,
            is_shown_at_first=False,
        ),
        Column("state", _("State"), lambda line: line.state.label),
    ),
)


@require_safe
@workspace(Permission.SEE_AWARDS)
def award_list(request: WorkspaceRequest) -> HttpResponseBase:
    """List, search and filter the awards; `?format=csv` answers everything that was found."""
    organisation, at = request.workspace.organisation, timezone.now()
    form = AwardFilterForm(request.GET, organisation=organisation)
    chosen = form.chosen()
    rows = queries.found_awards(organisation, at=at, **chosen).select_related("awarded_by")
    lines = partial(queries.award_lines, at=at)
    if AWARDS.is_export(request):
        return AWARDS.export(request, rows, lines=lines)
    context = {
        "form": form,
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "table": AWARDS.page(request, rows, lines=lines),
    }
    return render(request, "assertions/award_list.html", context)
