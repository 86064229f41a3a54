"""The page behind the link of an invitation."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from badgeserver.errors import UserFacingError
from issuers.actions.staff import accept_invitation
from issuers.models import Invitation
from issuers.queries import invitation_for, verified_addresses
from issuers.rules import words_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation, and accept it with the visitor's account. Whatever the link, the answer is a clear page."""
    invitation = invitation_for(token)
    refusal = ""
    if request.method == "POST" and invitation is not None:
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        try:
            member = accept_invitation(invitation=invitation, by=request.user, at=timezone.now())
        except UserFacingError as refused:
            refusal = refused.message
            invitation = invitation_for(token)
        else:
            messages.success(
                request,
                _("Welcome to %(organisation)s. You work here as %(role)s.")
                % {"organisation": member.organisation, "role": member.get_role_display()},
            )
            return redirect("assertions:overview", member.organisation.slug)
    context = _state(request, invitation, timezone.now())
    status = {"unknown": 404, "gone": 410}.get(context["state"], 422 if refusal else 200)
    response = render(request, "issuers/invitation.html", {**context, "refusal": refusal}, status=status)
    # The address is a secret: it must not travel on in the Referer header.
    response["Referrer-Policy"] = "no-referrer"
    return response


def _state(request: HttpRequest, invitation: Invitation | None, at: datetime) -> dict[str, Any]:
    """Return which of its faces the page shows, and what it needs for it."""
    if invitation is None:
        return {"state": "unknown"}
    context: dict[str, Any] = {"invitation": invitation, "organisation": invitation.organisation}
    if invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at <= at:
        return {**context, "state": "gone"}
    context["may"] = words_of(invitation.role)
    if not request.user.is_authenticated:
        return {
            **context,
            "state": "stranger",
            "signup_query": urlencode({"email": invitation.email, "next": request.path}),
            "login_query": urlencode({"next": request.path}),
        }
    user = request.user
    member = invitation.organisation.memberships.filter(user=user).first()
    if member:
        return {**context, "state": "member", "member": member}
    addresses = verified_addresses(user)
    if invitation.email not in addresses:
        return {**context, "state": "other_address"}
    return {**context, "state": "yours", "is_second_address": invitation.email != user.email}
