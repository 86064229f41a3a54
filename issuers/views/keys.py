"""The keys that sign an issuer's badges: which there are, and replacing the one in use."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from badgeserver.errors import UserFacingError
from issuers.actions.signing_keys import rotate_signing_key
from issuers.models import Issuer
from issuers.queries import key_summaries
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace


@require_safe
@workspace(Permission.MANAGE_KEYS)
def key_list(request: WorkspaceRequest, issuer: uuid.UUID) -> HttpResponse:
    found = _issuer(request, issuer)
    context = {"issuer": found, "keys": key_summaries(found), "crumbs": _crumbs(request, found)}
    return render(request, "issuers/key_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.MANAGE_KEYS)
def replace_key(request: WorkspaceRequest, issuer: uuid.UUID) -> HttpResponse:
    """Say what replacing the key does; then replace it."""
    found = _issuer(request, issuer)
    slug = request.workspace.organisation.slug
    if request.method == "POST":
        try:
            key = rotate_signing_key(issuer=found, by=request.user, at=timezone.now())
        except UserFacingError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request, _("From now on badges are signed with key %(number)d.") % {"number": key.generation}
            )
        return redirect("issuers:keys", slug, found.pk)
    active, *_retired = [summary for summary in key_summaries(found) if summary.state == "active"]
    keys = {"label": _("Signing keys"), "url": reverse("issuers:keys", args=[slug, found.pk])}
    context = {"issuer": found, "active": active, "crumbs": [*_crumbs(request, found), keys]}
    return render(request, "issuers/key_replace.html", context)


def _issuer(request: WorkspaceRequest, pk: uuid.UUID) -> Issuer:
    return get_object_or_404(request.workspace.organisation.issuers, pk=pk)


def _crumbs(request: WorkspaceRequest, issuer: Issuer) -> list[dict[str, str]]:
    slug = request.workspace.organisation.slug
    return [
        {"label": _("Issuers"), "url": reverse("issuers:list", args=[slug])},
        {"label": issuer.name, "url": reverse("issuers:detail", args=[slug, issuer.pk])},
    ]
