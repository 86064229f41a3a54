"""Tokens by which programs act for an issuer."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from badgeserver.errors import UserFacingError
from issuers.actions.api_tokens import create_api_token, revoke_api_token
from issuers.forms import ApiTokenForm
from issuers.models import ApiToken, Issuer, TokenScope
from issuers.queries import tokens_of
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace


@dataclass(frozen=True, slots=True)
class TokenRow:
    token: ApiToken
    scopes: list[str]

    def is_live(self, at: datetime) -> bool:
        return self.token.revoked_at is None and (self.token.expires_at is None or self.token.expires_at > at)


@require_safe
@workspace(Permission.MANAGE_TOKENS)
def token_list(request: WorkspaceRequest, issuer: uuid.UUID) -> HttpResponse:
    return _token_page(request, _issuer(request, issuer), ApiTokenForm())


@never_cache
@require_POST
@workspace(Permission.MANAGE_TOKENS)
def create_token(request: WorkspaceRequest, issuer: uuid.UUID) -> HttpResponse:
    """Make a token and show its secret in the answer itself: it is kept nowhere, not even in the session.

    Loading the answer again meets `TokenNameTaken` instead of making a second token.
    """
    found, form, at = _issuer(request, issuer), ApiTokenForm(request.POST), timezone.now()
    if not form.is_valid():
        return _token_page(request, found, form, status=422)
    try:
        token, secret = create_api_token(
            issuer=found,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            expires_at=form.expires_at(at),
            by=request.user,
            at=at,
        )
    except UserFacingError as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _token_page(request, found, form, status=422)
    return _token_page(request, found, ApiTokenForm(), made=token.name, secret=secret)


@require_POST
@workspace(Permission.MANAGE_TOKENS)
def revoke_token(request: WorkspaceRequest, issuer: uuid.UUID, token: uuid.UUID) -> HttpResponse:
    found = _issuer(request, issuer)
    try:
        revoked = revoke_api_token(
            token=get_object_or_404(found.api_tokens, pk=token), by=request.user, at=timezone.now()
        )
    except UserFacingError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, _("“%(name)s” is revoked: programs that use it are refused from now on.") % {"name": revoked.name}
        )
    return redirect("issuers:tokens", request.workspace.organisation.slug, found.pk)


def _issuer(request: WorkspaceRequest, pk: uuid.UUID) -> Issuer:
    return get_object_or_404(request.workspace.organisation.issuers, pk=pk)


def _token_page(
    request: WorkspaceRequest,
    issuer: Issuer,
    form: ApiTokenForm,
    *,
    status: int = 200,
    made: str = "",
    secret: str = "",
) -> HttpResponse:
    slug = request.workspace.organisation.slug
    scope_words = {scope.value: scope.label for scope in TokenScope}
    now = timezone.now()
    rows = [TokenRow(token, [scope_words.get(scope, scope) for scope in token.scopes]) for token in tokens_of(issuer)]
    context = {
        "issuer": issuer,
        "form": form,
        "live": [row for row in rows if row.is_live(now)],
        "ended": [row for row in rows if not row.is_live(now)],
        "made": made,
        "secret": secret,
        "crumbs": [
            {"label": _("Issuers"), "url": reverse("issuers:list", args=[slug])},
            {"label": issuer.name, "url": reverse("issuers:detail", args=[slug, issuer.pk])},
        ],
    }
    return render(request, "issuers/token_list.html", context, status=status)
