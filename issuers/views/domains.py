"""Domains that confirm an issuer, and the one under which its public addresses lie."""

import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from badgeserver.errors import UserFacingError
from badgeserver.openbadges.domains import DomainProof, domain_proof, speaks_for
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
    domains = list(domains_of(found))
    form = DomainForm(request.POST if request.method == "POST" else None, initial=_likely(found, domains))
    if request.method == "POST" and form.is_valid():
        try:
            domain = add_domain(issuer=found, name=form.cleaned_data["name"], by=request.user, at=timezone.now())
        except UserFacingError as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            return redirect(_url("domain", request, domain))
    context = {
        "issuer": found,
        "domains": domains,
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
    proof = domain_proof(found.name, issuer_id(found.issuer))
    subject, body = _passed_on(found, proof)
    context = {
        "issuer": found.issuer,
        "domain": found,
        "proof": proof,
        # There is something to publish: what to pass on stands first, and looking is the main act.
        "is_wanted": found.proved_at is None or found.failing_since is not None,
        "request_text": body,
        "request_subject": subject,
        "request_body": body.replace("\n", "\r\n"),
        "is_said": speaks_for(found.name, found.issuer.url),
        "not_said": _("The website of the issuer, %(url)s, is not under it. Links to badges can still begin with it.")
        % {"url": found.issuer.url},
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
    """Forget the domain, and offer to take that back."""
    found = _domain(request, issuer, domain)
    try:
        remove_domain(domain=found, by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        messages.error(request, refusal.message)
        return redirect(_url("domain", request, found))
    undo = reverse("issuers:add-domain-again", args=[request.workspace.organisation.slug, found.issuer_id, found.name])
    messages.success(request, _("%(domain)s is removed.") % {"domain": found.name}, extra_tags=f"undo:{undo}")
    return redirect("issuers:domains", request.workspace.organisation.slug, found.issuer_id)


@require_POST
@workspace(Permission.MANAGE_DOMAINS)
def add_again(request: WorkspaceRequest, issuer: uuid.UUID, name: str) -> HttpResponse:
    """Take a removal back: add the domain, and look at once whether its proof still stands where it did."""
    found = _issuer(request, issuer)
    try:
        domain = add_domain(issuer=found, name=name, by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        messages.error(request, refusal.message)
        return redirect("issuers:domains", request.workspace.organisation.slug, found.pk)
    checked = check_domain(domain=domain, by=request.user, at=timezone.now())
    messages.success(request, _("%(domain)s is in the list again.") % {"domain": checked.name})
    return redirect(_url("domain", request, checked))


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


def _likely(issuer: Issuer, domains: list[Domain]) -> dict[str, str]:
    """Return what is most likely typed as the first domain: that of the issuer's website."""
    host = urlsplit(issuer.url).hostname or ""
    return {} if domains else {"name": host.removeprefix("www.")}


def _passed_on(domain: Domain, proof: DomainProof) -> tuple[str, str]:
    """Return subject and text for whoever looks after the domain, who knows nothing of badges."""
    subject = _("Please publish one text for %(domain)s") % {"domain": domain.name}
    text = _(
        "Our digital badges name %(issuer)s as their issuer. So that everybody can see that this is really us, please"
        " publish ONE of these two for %(domain)s.\n\n"
        "EITHER a TXT record in DNS\n"
        "Name:  %(record_name)s\n"
        "Value: %(record_value)s\n\n"
        "OR a plain text file on the website\n"
        "Address: %(file_url)s\n"
        "Content: %(file_line)s\n\n"
        "Please leave it there: it is looked up every day. Tell me when it is done. Thank you!"
    )
    return subject, text % {
        "issuer": domain.issuer.name,
        "domain": domain.name,
        "record_name": proof.record_name,
        "record_value": proof.record_value,
        "file_url": proof.file_url,
        "file_line": proof.file_line,
    }


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
