"""Import a badge: read a description from elsewhere, make a draft of it, say what became of it."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from badges import queries, rules
from badges.actions.imports import import_badge_class
from badges.forms.importing import MAX_FILE_BYTES, ImportForm
from badges.models import BadgeClass
from badgeserver.errors import UserFacingError
from badgeserver.outbound import Budget, fetcher
from badgeserver.uploads import takes_files
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace


@takes_files(MAX_FILE_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def import_badge(request: WorkspaceRequest) -> HttpResponse:
    """Take an address, a text or a file, and make a draft of the badge that it describes."""
    is_sent = request.method == "POST"
    form = ImportForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        organisation=request.workspace.organisation,
        fetch=fetcher(Budget()),
    )
    if is_sent and form.is_valid():
        fields, report = form.draft()
        try:
            made = import_badge_class(
                issuer=form.cleaned_data["issuer"], fields=fields, report=report, by=request.user, at=timezone.now()
            )
        except UserFacingError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("badges:imported", request.workspace.organisation.slug, made.pk)
    context = {
        "form": form,
        "crumbs": [{"label": _("Badges"), "url": reverse("badges:list", args=[request.workspace.organisation.slug])}],
    }
    return render(request, "badges/badge_import.html", context, status=422 if is_sent else 200)


@require_safe
@workspace(Permission.EDIT_BADGES)
def imported(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Say what was taken from the description that a badge was made from, and what was not."""
    organisation, at = request.workspace.organisation, timezone.now()
    found = queries.with_parts(BadgeClass.objects.of_organisation(organisation)).filter(pk=badge).first()
    report = queries.import_report(found) if found else None
    if found is None or report is None:
        raise Http404
    missing = rules.missing_for_publishing(
        found, has_picture=bool(found.image), has_steps=bool(found.earning_steps.all()), today=at.date()
    )
    context = {
        "badge": found,
        "report": report,
        "missing": missing if found.status == BadgeClass.Status.DRAFT else [],
        "picture_url": queries.picture_url(found, organisation),
        "crumbs": [
            {"label": _("Badges"), "url": reverse("badges:list", args=[organisation.slug])},
            {"label": found.name, "url": reverse("badges:detail", args=[organisation.slug, found.pk])},
        ],
    }
    return render(request, "badges/badge_imported.html", context)
