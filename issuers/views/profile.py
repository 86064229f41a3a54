"""Issuers of an organisation: list, look at, create, edit."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from badgeserver.errors import UserFacingError
from badgeserver.uploads import takes_files
from issuers.actions.issuers import create_issuer, edit_issuer
from issuers.documents import confirmation_of, issuer_id, key_id
from issuers.forms import LANGUAGES, MAX_LOGO_BYTES, IssuerForm
from issuers.queries import active_signing_key, issuer_summaries
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace


@require_safe
@workspace(Permission.EDIT_ISSUERS)
def issuer_list(request: WorkspaceRequest) -> HttpResponse:
    issuers = issuer_summaries(request.workspace.organisation.issuers.all(), at=timezone.now())
    return render(request, "issuers/issuer_list.html", {"issuers": issuers})


@require_safe
@workspace(Permission.EDIT_ISSUERS)
def issuer_detail(request: WorkspaceRequest, issuer: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(request.workspace.organisation.issuers, pk=issuer)
    key = active_signing_key(found)
    context = {
        "issuer": found,
        "summary": issuer_summaries(request.workspace.organisation.issuers.filter(pk=found.pk), at=timezone.now())[0],
        "public_address": issuer_id(found),
        "key": key,
        "confirmation": confirmation_of(found),
        "key_address": key_id(key),
        "language": dict(LANGUAGES).get(found.language, found.language),
        "crumbs": [_list_crumb(request)],
    }
    return render(request, "issuers/issuer_detail.html", context)


@takes_files(MAX_LOGO_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_ISSUERS)
def new_issuer(request: WorkspaceRequest) -> HttpResponse:
    """A further issuer of the organisation, such as the board that awards its safety badges."""
    organisation = request.workspace.organisation
    form = IssuerForm(request.POST, request.FILES) if request.method == "POST" else IssuerForm()
    if form.is_valid():
        try:
            made = create_issuer(
                organisation=organisation, fields=form.issuer_fields(), by=request.user, at=timezone.now()
            )
        except UserFacingError as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("%(name)s can award badges now.") % {"name": made})
            return redirect("issuers:detail", organisation.slug, made.pk)
    context = {
        "form": form,
        "crumbs": [_list_crumb(request)],
        "back": reverse("issuers:list", args=[organisation.slug]),
    }
    return render(request, "issuers/issuer_form.html", context, status=422 if form.errors else 200)


@takes_files(MAX_LOGO_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_ISSUERS)
def edit_profile(request: WorkspaceRequest, issuer: uuid.UUID) -> HttpResponse:
    organisation = request.workspace.organisation
    found = get_object_or_404(organisation.issuers, pk=issuer)
    form = (
        IssuerForm(request.POST, request.FILES, issuer=found) if request.method == "POST" else IssuerForm(issuer=found)
    )
    if form.is_valid():
        try:
            edit_issuer(issuer=found, fields=form.issuer_fields(), by=request.user, at=timezone.now())
        except UserFacingError as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("Profile saved. Its public page shows it within a minute."))
            return redirect("issuers:detail", organisation.slug, found.pk)
    back = reverse("issuers:detail", args=[organisation.slug, found.pk])
    context = {
        "form": form,
        "issuer": found,
        "crumbs": [_list_crumb(request), {"label": found.name, "url": back}],
        "back": back,
    }
    return render(request, "issuers/issuer_form.html", context, status=422 if form.errors else 200)


def _list_crumb(request: WorkspaceRequest) -> dict[str, str]:
    return {"label": _("Issuers"), "url": reverse("issuers:list", args=[request.workspace.organisation.slug])}
