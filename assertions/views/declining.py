"""Decline an award: by its recipient who is signed in, or by whoever holds the link of the award mail (OB2-HST-15).

The link's page looks at no cookie and sets none: its signed address is the proof. Reading it changes nothing.
"""

import uuid
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from assertions import queries, rules
from assertions.actions.decline import decline_assertion, undo_decline
from assertions.forms import DeclineForm
from assertions.models import Assertion
from assertions.rules import LinkFor, award_of_token
from assertions.views.checked import answer, see_other
from assertions.views.personal import personal_navigation
from badgeserver.accounts.models import User
from badgeserver.api.public import in_readers_language
from badgeserver.errors import UserFacingError

# --- Signed in -----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def decline(request: HttpRequest, assertion: uuid.UUID) -> HttpResponse:
    """Say what declining does, and that it can be undone; then decline."""
    found = _own(request, assertion)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = cast(User, request.user)
        try:
            decline_assertion(assertion=found, note=form.cleaned_data["note"], by=user, at=timezone.now())
        except UserFacingError as refusal:
            form.add_error(None, refusal.message)
        else:
            undo = reverse("assertions:undo-decline", args=[found.pk])
            messages.success(request, _("Badge declined. Nobody sees it as yours any more."), extra_tags=f"undo:{undo}")
            return redirect("assertions:my-badge", found.pk)
    context = {**decline_context(found, at=timezone.now()), "form": form, "nav": personal_navigation(request)}
    return render(request, "assertions/decline.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def undo(request: HttpRequest, assertion: uuid.UUID) -> HttpResponse:
    """Take the badge after all."""
    found = _own(request, assertion)
    try:
        undo_decline(assertion=found, by=cast(User, request.user), at=timezone.now())
    except UserFacingError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The badge is yours, as if you had never declined it."))
    return redirect("assertions:my-badge", found.pk)


def _own(request: HttpRequest, assertion: uuid.UUID) -> Assertion:
    """Load one of the person's own awards: 404 for everybody else's."""
    return get_object_or_404(queries.awards_to(cast(User, request.user)), pk=assertion)


# --- By the link of the mail ---------------------------------------------------------------------------------


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def decline_by_link(request: HttpRequest, decline_token: str) -> HttpResponse:
    """The same for whoever holds the link: decline, and on the same page `act=undo`."""
    found = award_by_link(decline_token, LinkFor.DECLINE)
    with in_readers_language(request):
        form = DeclineForm(request.POST if request.method == "POST" else None)
        problem = ""
        if request.method == "POST" and request.POST.get("act") == "undo":
            problem = _undone(found)
        elif request.method == "POST" and form.is_valid():
            problem = _declined(found, form.cleaned_data["note"])
        if request.method == "POST" and not problem and not form.errors:
            return see_other(request.path)
        context = {**decline_context(_fresh(found), at=timezone.now()), "form": form, "problem": problem}
        status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
        response = answer(request, "assertions/decline_by_link.html", context, status=status)
    patch_vary_headers(response, ["Accept-Language"])
    return response


def award_by_link(token: str, purpose: LinkFor) -> Assertion:
    """Load the award of a signed link: 404 for whatever was not signed here for this purpose."""
    pk = award_of_token(token, purpose)
    if pk is None:
        raise Http404
    return get_object_or_404(_awards(), pk=pk)


def _awards() -> Any:
    found = Assertion.objects.select_related("badge_class", "issuer")
    return found.defer("hosted_json", "signed_json", "jws", "credential_jwt")


def _fresh(assertion: Assertion) -> Assertion:
    return cast(Assertion, _awards().get(pk=assertion.pk))


def _declined(assertion: Assertion, note: str) -> str:
    """Decline; return why that was not possible, or nothing."""
    try:
        decline_assertion(assertion=assertion, note=note, by=None, at=timezone.now())
    except UserFacingError as refusal:
        return refusal.message
    return ""


def _undone(assertion: Assertion) -> str:
    try:
        undo_decline(assertion=assertion, by=None, at=timezone.now())
    except UserFacingError as refusal:
        return refusal.message
    return ""


# --- Both ----------------------------------------------------------------------------------------------------


def decline_context(assertion: Assertion, *, at: datetime) -> dict[str, Any]:
    """Return what pages say about a declined award, or about declining one."""
    return {
        "assertion": assertion,
        "badge_class": assertion.badge_class,
        "issuer": assertion.issuer,
        "minutes_to_undo": rules.minutes_to_undo(assertion, at=at),
    }
