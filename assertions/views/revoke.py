"""Revoke an award: the exemplar of a view that changes something. To add another, copy every aspect of this one."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from assertions.actions.revoke import revoke_assertion, unrevoke_assertion
from assertions.forms import RevokeForm
from assertions.views.awards import award_of
from badges.queries import thumbnail_url
from badgeserver.errors import UserFacingError
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

COMMON_REASONS = [
    gettext_lazy("Awarded to the wrong person."),
    gettext_lazy("Awarded by mistake: the criteria were not met."),
    gettext_lazy("Returned at the recipient’s own request."),
]


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.REVOKE_AWARDS)
def revoke(request: WorkspaceRequest, assertion: uuid.UUID) -> HttpResponse:
    """Say what revoking does and ask why; then revoke."""
    found = award_of(request, assertion)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            revoke_assertion(assertion=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except UserFacingError as refusal:
            form.add_error(None, refusal.message)
        else:
            undo = reverse("assertions:restore", args=[request.workspace.organisation.slug, found.pk])
            messages.success(
                request,
                _("Badge revoked. It no longer verifies, and the recipient is told why."),
                extra_tags=f"undo:{undo}",
            )
            return redirect("assertions:detail", request.workspace.organisation.slug, found.pk)
    context = {
        "assertion": found,
        "badge_class": found.badge_class,
        "picture_url": thumbnail_url(found.badge_class, request.workspace.organisation),
        "form": form,
        "common_reasons": COMMON_REASONS,
    }
    return render(request, "assertions/award_revoke.html", context, status=422 if form.errors else 200)


@require_POST
@workspace(Permission.REVOKE_AWARDS)
def restore(request: WorkspaceRequest, assertion: uuid.UUID) -> HttpResponse:
    """Take a revocation back that was a mistake."""
    found = award_of(request, assertion)
    try:
        unrevoke_assertion(assertion=found, by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The badge holds again, as if it had never been revoked."))
    return redirect("assertions:detail", request.workspace.organisation.slug, found.pk)
