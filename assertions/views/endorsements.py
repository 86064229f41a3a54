"""Endorse others, answer their endorsements, and bring in those from elsewhere."""

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assertions.actions.endorsements import (
    accept_endorsement,
    decline_endorsement,
    give_endorsement,
    hide_endorsement,
    import_endorsement,
    network,
    recheck_endorsement,
    reopen_endorsement,
    revoke_endorsement,
    show_endorsement,
)
from assertions.forms import EndorsementForm, ImportEndorsementForm, SubjectForm, TakeBackForm
from assertions.models import Endorsement
from assertions.sharing.endorsements import (
    GIVEN,
    NOT_SHOWN,
    SHOWN,
    WAITING,
    endorsement_line,
    endorsement_lines,
    endorsements_of,
    subject_card,
    with_parts,
)
from badgeserver.errors import UserFacingError
from issuers.documents import issuer_id
from issuers.models import Issuer, Organisation
from issuers.rules import ROLE_PERMISSIONS, Permission
from issuers.views.workspace import WorkspaceRequest, workspace

PER_PAGE = 20


# --- Look ----------------------------------------------------------------------------------------------------


@require_safe
@workspace(Permission.ENDORSE)
def endorsement_list(request: WorkspaceRequest) -> HttpResponse:
    """Show what others say of us, by what became of it, and what we say of others."""
    organisation = request.workspace.organisation
    counts = {view: endorsements_of(organisation, view).count() for view in (WAITING, SHOWN, NOT_SHOWN, GIVEN)}
    view = request.GET.get("view", "")
    if view not in counts:
        view = WAITING if counts[WAITING] else SHOWN
    page = Paginator(endorsements_of(organisation, view), PER_PAGE).get_page(request.GET.get("page"))
    labels = {WAITING: _("Waiting"), SHOWN: _("Shown"), NOT_SHOWN: _("Not shown"), GIVEN: _("Given")}
    context = {
        "view": view,
        "tabs": [
            {"label": labels[name], "url": f"?view={name}", "current": name == view, "count": count}
            for name, count in counts.items()
        ],
        "page": page,
        "lines": endorsement_lines(page.object_list),
        "is_empty": not any(counts.values()),
        "links_to_ask": _links_to_ask(organisation) if view == SHOWN else [],
    }
    return render(request, "assertions/endorsement_list.html", context)


def _links_to_ask(organisation: Organisation) -> list[tuple[Issuer, str]]:
    """Return for each issuer the address under which others can endorse it."""
    base = f"{settings.SITE_URL}{reverse('assertions:endorse-this')}"
    return [
        (issuer, f"{base}?{urlencode({'subject': issuer_id(issuer)})}") for issuer in organisation.issuers.by_name()
    ]


# --- Give ----------------------------------------------------------------------------------------------------


@require_safe
@login_required
def endorse_this(request: HttpRequest) -> HttpResponse:
    """Lead from a public page to the workspace of whoever may endorse; where there are several, ask which."""
    roles = [role for role, may in ROLE_PERMISSIONS.items() if Permission.ENDORSE in may]
    organisations = list(
        Organisation.objects.filter(memberships__user=request.user, memberships__role__in=roles).by_name()  # type: ignore[misc]  # login_required
    )
    query = urlencode({"subject": request.GET.get("subject", "")[:2_000]})
    choices = [(one, f"{reverse('assertions:endorse', args=[one.slug])}?{query}") for one in organisations]
    if len(choices) == 1:
        return redirect(choices[0][1])
    return render(request, "assertions/endorse_this.html", {"choices": choices})


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.ENDORSE)
def endorse(request: WorkspaceRequest) -> HttpResponse:
    """Ask what is endorsed; then who endorses it, and what they say."""
    organisation = request.workspace.organisation
    asked = SubjectForm(request.POST if request.method == "POST" else request.GET or None)
    if not asked.is_valid():
        return render(request, "assertions/endorse_subject.html", {"form": asked}, status=_status(request))
    subject = asked.cleaned_data["subject"]
    form = EndorsementForm(request.POST or None, organisation=organisation, subject=subject)
    if not form.issuers:
        asked.add_error("subject", _("You stand behind this already. An endorsement comes from another issuer."))
        return render(request, "assertions/endorse_subject.html", {"form": asked}, status=_status(request))
    if request.method == "POST" and form.is_valid():
        try:
            endorsement = give_endorsement(
                endorser=form.cleaned_data["endorser"],
                subject=subject,
                comment=form.cleaned_data["comment"],
                by=request.user,
                at=timezone.now(),
            )
        except UserFacingError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _told(endorsement))
            return _to_list(request, GIVEN)
    context = {"form": form, "card": subject_card(subject), "address": asked.data["subject"], **_preview(form)}
    return render(request, "assertions/endorse.html", context, status=_status(request))


def _told(endorsement: Endorsement) -> str:
    if endorsement.status == Endorsement.Status.ACCEPTED:
        return _("Endorsed. It is shown on its public page now.")
    return _("Endorsed. The other side is asked by mail; as soon as they accept, it is shown on its public page.")


@require_POST  # changes nothing, but long texts belong into no address
@workspace(Permission.ENDORSE)
def preview(request: WorkspaceRequest) -> HttpResponse:
    """Show how the endorsement will look: a part of the form."""
    form = EndorsementForm(request.POST, organisation=request.workspace.organisation)
    return render(request, "assertions/endorse.html#preview", _preview(form))


def _preview(form: EndorsementForm) -> dict[str, Any]:
    if form.is_bound:
        form.is_valid()
        endorser = form.cleaned_data.get("endorser")
        comment = form.cleaned_data.get("comment", "")
    else:
        endorser, comment = form.issuers.first(), ""
    return {"preview_endorser": endorser, "preview_comment": comment, "today": timezone.now()}


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.ENDORSE)
def take_back(request: WorkspaceRequest, endorsement: uuid.UUID) -> HttpResponse:
    """Say what taking back does and ask why; then take back."""
    given = with_parts(Endorsement.objects.given_by(request.workspace.organisation))
    found = get_object_or_404(given, pk=endorsement)
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            revoke_endorsement(
                endorsement=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
            )
        except UserFacingError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Taken back. Its address says so, with your reason."))
            return _to_list(request, GIVEN)
    context = {"form": form, "line": endorsement_line(found)}
    return render(request, "assertions/endorsement_take_back.html", context, status=_status(request, form.errors))


# --- Answer --------------------------------------------------------------------------------------------------


def _answered(
    act: Callable[..., Endorsement], sentence: Callable[[], str], *, then: str, undo: str = ""
) -> Callable[..., HttpResponseBase]:
    """Make the door of one answer: load what was received, act, say so, and offer to undo it."""

    @require_POST
    @workspace(Permission.ENDORSE)
    def answer(request: WorkspaceRequest, endorsement: uuid.UUID) -> HttpResponse:
        organisation = request.workspace.organisation
        found = get_object_or_404(Endorsement.objects.received_by(organisation), pk=endorsement)
        try:
            act(endorsement=found, by=request.user, at=timezone.now())
        except UserFacingError as refusal:
            messages.error(request, refusal.message)
        else:
            path = reverse(f"assertions:{undo}-endorsement", args=[organisation.slug, found.pk]) if undo else ""
            messages.success(request, sentence(), extra_tags=f"undo:{path}" if path else "")
        return _to_list(request, then)

    return answer


ANSWERS: dict[str, Callable[..., HttpResponseBase]] = {
    "accept": _answered(accept_endorsement, lambda: _("Accepted. It is shown now."), then=WAITING, undo="reopen"),
    "decline": _answered(decline_endorsement, lambda: _("Declined. It is not shown."), then=WAITING, undo="reopen"),
    "reopen": _answered(reopen_endorsement, lambda: _("It waits for your answer again."), then=WAITING),
    "hide": _answered(hide_endorsement, lambda: _("It is not shown any more."), then=SHOWN, undo="show"),
    "show": _answered(show_endorsement, lambda: _("It is shown now."), then=SHOWN, undo="hide"),
}


# --- From elsewhere ------------------------------------------------------------------------------------------


@require_POST
@workspace(Permission.ENDORSE)
def look_again(request: WorkspaceRequest, endorsement: uuid.UUID) -> HttpResponse:
    """Look now whether an endorsement from elsewhere still holds, and say what was found."""
    received = Endorsement.objects.received_by(request.workspace.organisation).from_elsewhere()
    found = recheck_endorsement(
        endorsement=get_object_or_404(received, pk=endorsement), fetch=network(), at=timezone.now()
    )
    if not found.holds:
        messages.error(request, _("It does not hold any more, so it is not shown. %(why)s") % {"why": found.problem})
        return _to_list(request, NOT_SHOWN)
    if found.status == Endorsement.Status.PENDING:
        messages.warning(request, _("It says something else now, so it waits for your answer."))
        return _to_list(request, WAITING)
    if found.problem:
        messages.warning(
            request, _("It could not be looked at now, and stays as it is. %(why)s") % {"why": found.problem}
        )
    else:
        messages.success(request, _("It still holds."))
    return _to_list(request, SHOWN if found.status == Endorsement.Status.ACCEPTED else NOT_SHOWN)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.ENDORSE)
def import_one(request: WorkspaceRequest) -> HttpResponse:
    """Bring in an endorsement that was given elsewhere, once it is verified."""
    form = ImportEndorsementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            import_endorsement(
                organisation=request.workspace.organisation,
                source=form.cleaned_data["source"],
                fetch=network(),
                by=request.user,
                at=timezone.now(),
            )
        except UserFacingError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("Verified and imported. It is shown now; it is looked at again every day."))
            return _to_list(request, SHOWN)
    return render(request, "assertions/endorsement_import.html", {"form": form}, status=_status(request, form.errors))


def _status(request: HttpRequest, errors: object = True) -> int:
    """Return 422 for a form that was refused: HTMX swaps it."""
    return 422 if request.method == "POST" and errors else 200


def _to_list(request: WorkspaceRequest, view: str) -> HttpResponse:
    address = reverse("assertions:endorsements", args=[request.workspace.organisation.slug])
    return redirect(f"{address}?view={view}")
