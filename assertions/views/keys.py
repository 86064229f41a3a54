"""Report a signing key as stolen, and see how far the new copies of its awards are."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assertions.actions.keys import report_key_compromised
from assertions.forms import StolenKeyForm
from assertions.queries import copies_of, copy_progress
from badgeserver.errors import UserFacingError
from issuers.models import SigningKey
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.MANAGE_KEYS)
def report_stolen(request: WorkspaceRequest, issuer: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """Say what giving up the key does, to how many awards; then do it. It cannot be undone."""
    found = _key(request, issuer, key)
    slug = request.workspace.organisation.slug
    at = timezone.now()
    form = StolenKeyForm(request.POST if request.method == "POST" else None, issuer=found.issuer)
    if request.method == "POST" and form.is_valid():
        try:
            report_key_compromised(
                key=found,
                note=form.cleaned_data["note"],
                tell_holders=form.cleaned_data["tell_holders"],
                by=request.user,
                at=at,
            )
        except UserFacingError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request, _("Key %(number)d is withdrawn: nothing it sealed is believed.") % {"number": found.generation}
            )
            return redirect("assertions:key-copies", slug, found.issuer_id, found.pk)
    context = {
        "issuer": found.issuer,
        "key": found,
        "copies": copies_of(found, at=at),
        "form": form,
        "crumbs": _crumbs(request, found),
    }
    return render(request, "assertions/key_stolen.html", context, status=422 if form.errors else 200)


@require_safe
@workspace(Permission.MANAGE_KEYS)
def copies(request: WorkspaceRequest, issuer: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """Show how many awards of a stolen key have their new copy. HTMX asks for the bar alone."""
    found = _key(request, issuer, key)
    context = {
        "issuer": found.issuer,
        "key": found,
        "progress": copy_progress(found),
        "url": request.path,
        "crumbs": _crumbs(request, found),
    }
    template = "assertions/key_copies.html"
    return render(request, f"{template}#bar" if request.headers.get("HX-Request") else template, context)


def _key(request: WorkspaceRequest, issuer: uuid.UUID, pk: uuid.UUID) -> SigningKey:
    found = get_object_or_404(request.workspace.organisation.issuers, pk=issuer)
    key: SigningKey = get_object_or_404(found.signing_keys.select_related("issuer"), pk=pk)
    return key


def _crumbs(request: WorkspaceRequest, key: SigningKey) -> list[dict[str, str]]:
    slug, issuer = request.workspace.organisation.slug, key.issuer
    return [
        {"label": _("Issuers"), "url": reverse("issuers:list", args=[slug])},
        {"label": issuer.name, "url": reverse("issuers:detail", args=[slug, issuer.pk])},
        {"label": _("Signing keys"), "url": reverse("issuers:keys", args=[slug, issuer.pk])},
    ]
