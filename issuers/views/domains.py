"""Domains that confirm an issuer, and the one under which its public addresses lie."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from badgeserver.errors import UserFacingError
from badgeserver.openbadges.domains import domain_proof, speaks_for
from issuers.actions.domains import add_domain, check_domain, remove_domain, start_hosting, stop_hosting
from issuers.documents import confirmation_of, issuer_id
from issuers.forms import DomainForm
from issuers.models import Domain, Issuer
from issuers.queries import domains_of
from issuers.rules import PROOF_OUTLIVES, Permission
from issuers.views.workspace import WorkspaceRequest, workspace


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.MANAGE_DOMAINS)
def domain_list(request: WorkspaceRequest, issuer: uuid.UUID) -> HttpResponse:
    """Show the issuer's domains, and take another one."""
    found = _issuer(request, issuer)
    form = DomainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            domain = add_domain(issuer=found, name=form.cleaned_data["name"], by=request.user, at=timezone.now())
        except UserFacingError as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            return redirect(_url("domain", request, domain))
    context = {
        "issuer": found,
        "domains": domains_of(found),
        "confirmation": confirmation_of(found),
        "site": settings.SITE_HOST,
        "form": form,
        "crumbs": _crumbs(request, found),
    }
    return render(request, "issuers/domain_list.html", context, status=422 if form.errors else 200)


@require_safe
@workspace(Permission.MANAGE_DOMAINS)
def domain_detail(request: WorkspaceRequest, issuer: uuid.UUID, domain: uuid.UUID) -> HttpResponse:
    """Say what to publish for the proof, what was found when, and where public addresses lie."""
    found = _domain(request, issuer, domain)
    lapses_at = found.failing_since + PROOF_OUTLIVES if found.failing_since else None
    context = {
        "issuer": found.issuer,
        "domain": found,
        "proof": domain_proof(found.name, issuer_id(found.issuer)),
        "is_said": speaks_for(found.name, found.issuer.url),
        "lapses_at": lapses_at,
        "site": settings.SITE_HOST,
        "crumbs": [*_crumbs(request, found.issuer), _list_crumb(request, found.issuer)],
    }
    return render(request, "issuers/domain_detail.html", context)


@require_POST
@workspace(Permission.MANAGE_DOMAINS)
def check(request: WorkspaceRequest, issuer: uuid.UUID, domain: uuid.UUID) -> HttpResponse:
    """Look for the proof now."""
    found = check_domain(domain=_domain(request, issuer, domain), by=request.user, at=timezone.now())
    if not found.problem:
        messages.success(request, _("%(domain)s confirms this issuer.") % {"domain": found.name})
    else:
        messages.error(request, _("The proof was not found. What was seen stands on this page."))
    return redirect(_url("domain", request, found))


@require_POST
@workspace(Permission.MANAGE_DOMAINS)
def remove(request: WorkspaceRequest, issuer: uuid.UUID, domain: uuid.UUID) -> HttpResponse:
    found = _domain(request, issuer, domain)
    try:
        remove_domain(domain=found, by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        messages.error(request, refusal.message)
        return redirect(_url("domain", request, found))
    messages.success(request, _("%(domain)s was removed. It can be added again.") % {"domain": found.name})
    return redirect("issuers:domains", request.workspace.organisation.slug, found.issuer_id)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.MANAGE_DOMAINS)
def addresses(request: WorkspaceRequest, issuer: uuid.UUID, domain: uuid.UUID) -> HttpResponse:
    """Say what using the domain for public addresses means; then look whether it leads here, and use it."""
    found = _domain(request, issuer, domain)
    refusal = ""
    if request.method == "POST":
        try:
            start_hosting(domain=found, by=request.user, at=timezone.now())
        except UserFacingError as refused:
            refusal = refused.message
        else:
            messages.success(
                request, _("New badges and awards get addresses under %(domain)s.") % {"domain": found.name}
            )
            return redirect(_url("domain", request, found))
    context = {
        "issuer": found.issuer,
        "domain": found,
        "other": found.issuer.domains.hosting().filter(hosted_until=None).exclude(pk=found.pk).first(),
        "site": settings.SITE_HOST,
        "example": f"https://{found.name}{reverse('public:issuer', args=[found.issuer_id])}",
        "refusal": refusal,
        "crumbs": [
            *_crumbs(request, found.issuer),
            _list_crumb(request, found.issuer),
            {"label": found.name, "url": _url("domain", request, found)},
        ],
    }
    return render(request, "issuers/domain_addresses.html", context, status=422 if refusal else 200)


@require_POST
@workspace(Permission.MANAGE_DOMAINS)
def stop_addresses(request: WorkspaceRequest, issuer: uuid.UUID, domain: uuid.UUID) -> HttpResponse:
    found = stop_hosting(domain=_domain(request, issuer, domain), by=request.user, at=timezone.now())
    messages.success(
        request,
        _("New badges and awards get addresses under %(site)s. Those under %(domain)s go on working.")
        % {"site": settings.SITE_HOST, "domain": found.name},
    )
    return redirect(_url("domain", request, found))


def _issuer(request: WorkspaceRequest, pk: uuid.UUID) -> Issuer:
    return get_object_or_404(request.workspace.organisation.issuers, pk=pk)


def _domain(request: WorkspaceRequest, issuer: uuid.UUID, pk: uuid.UUID) -> Domain:
    domain: Domain = get_object_or_404(_issuer(request, issuer).domains.select_related("issuer"), pk=pk)
    return domain


def _url(name: str, request: WorkspaceRequest, domain: Domain) -> str:
    return reverse(f"issuers:{name}", args=[request.workspace.organisation.slug, domain.issuer_id, domain.pk])


def _crumbs(request: WorkspaceRequest, issuer: Issuer) -> list[dict[str, str]]:
    slug = request.workspace.organisation.slug
    return [
        {"label": _("Issuers"), "url": reverse("issuers:list", args=[slug])},
        {"label": issuer.name, "url": reverse("issuers:detail", args=[slug, issuer.pk])},
    ]


def _list_crumb(request: WorkspaceRequest, issuer: Issuer) -> dict[str, str]:
    url = reverse("issuers:domains", args=[request.workspace.organisation.slug, issuer.pk])
    return {"label": _("Domains"), "url": url}
