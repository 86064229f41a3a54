"""Badges from elsewhere among a person's own: bring one, see how its check goes, look at it, take it out again."""

import json
from http import HTTPStatus
from typing import Any, Final, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assertions import queries
from assertions.actions import backpack as actions
from assertions.actions.backpack import BackpackFull, NotKept, RemovedForGood
from assertions.actions.brought import MAX_BYTES, NoAddress, NothingBrought, bring
from assertions.actions.mistakes import NoBadgeInIt
from assertions.actions.receipts import open_receipt
from assertions.models import ImportedBadge, Receipt
from assertions.sharing.shown_report import shown_report
from assertions.views.bringing import FORM_CONTEXT, brought_by, refused
from assertions.views.checked import is_htmx
from assertions.views.personal import personal_navigation
from assertions.views.progress import progress_of
from badgeserver.accounts.models import User
from badgeserver.api.throttling import BackpackThrottle
from badgeserver.errors import UserFacingError
from badgeserver.uploads import takes_files

#: What of an imported badge can be had: what it is called on disk, and its kind.
_ORIGINALS: Final = {
    "png": ("png", "image/png"),
    "svg": ("svg", "image/svg+xml"),
    "jws": ("jws", "application/jose"),
    "json": ("json", "application/ld+json"),
    "url": ("txt", "text/plain; charset=utf-8"),
}
_DOCUMENTS: Final = {"assertion": "assertion_json", "badge": "badge_json", "issuer": "issuer_json"}


@takes_files(MAX_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Take a badge from elsewhere; it is checked first, and the page of its check says what becomes of it."""
    user = cast(User, request.user)
    context = {**FORM_CONTEXT, "addresses": queries.addresses_of(user), "nav": personal_navigation(request)}
    if request.method != "POST":
        return render(request, "assertions/imported_add.html", context)
    throttle = BackpackThrottle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]
        context |= refused(request, UserFacingError(throttle.sentence))
        return render(request, "assertions/imported_add.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    try:
        receipt = open_receipt(brought=brought_by(request), at=timezone.now(), keeper=user)
    except (NothingBrought, NoAddress, NoBadgeInIt, BackpackFull, NotKept) as refusal:
        context |= refused(request, refusal)
        return render(request, "assertions/imported_add.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("assertions:import-receipt", receipt.pk)


@require_safe
@login_required
def check_of(request: HttpRequest, own_receipt: UUID) -> HttpResponse:
    """Show how far the check of a person's own badge is; then lead to the badge, or say why it is not kept."""
    found = get_object_or_404(
        Receipt.objects.defer("source").select_related("assertion").filter(keeper=cast(User, request.user)),
        pk=own_receipt,
    )
    if found.finished_at is None:
        context = {"progress": progress_of(found, at=timezone.now()), "nav": personal_navigation(request)}
        page = "assertions/imported_progress.html"
        return render(request, f"{page}#progress" if is_htmx(request) else page, context)
    refusal = found.report.get("refusal", "")
    if found.imported_id is not None and not refusal:
        leads_to = f"{reverse('assertions:imported', args=[found.imported_id])}?checked={found.pk}"
        return HttpResponse(headers={"HX-Redirect": leads_to}) if is_htmx(request) else redirect(leads_to)
    if is_htmx(request):
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {
        "report": shown_report(found.report),
        "refusal": refusal,
        "own_award": found.assertion if found.report.get("ours") else None,
        "nav": personal_navigation(request),
    }
    return render(request, "assertions/imported_refused.html", context)


@require_safe
@login_required
def detail(request: HttpRequest, imported: UUID) -> HttpResponse:
    """Show a badge from elsewhere with what its last check found."""
    found = _own_or_404(request, imported)
    context = {
        "imported": found,
        "report": shown_report(found.report, holder=_("You") if found.report["award"]["recipient_type"] else ""),
        "picture_url": reverse("assertions:imported-file", args=[found.pk, "picture"]) if found.picture else "",
        "documents": [part for part, column in _DOCUMENTS.items() if getattr(found, column)],
        "was_just_checked": "checked" in request.GET,
        "nav": personal_navigation(request),
    }
    return render(request, "assertions/imported.html", context)


@require_POST
@login_required
def check_again(request: HttpRequest, imported: UUID) -> HttpResponse:
    """Have a kept badge checked once more, from the very bytes that were brought."""
    found = _own_or_404(request, imported)
    throttle = BackpackThrottle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]
        messages.warning(request, throttle.sentence)
        return redirect("assertions:imported", found.pk)
    data = _bytes_of(found)
    is_text = found.original_form in {"url", "json", "jws"}
    brought = bring(text=data.decode("utf-8", "surrogatepass")) if is_text else bring(file=data)
    receipt = open_receipt(brought=brought, at=timezone.now(), keeper=cast(User, request.user), imported=found)
    return redirect("assertions:import-receipt", receipt.pk)


@require_POST
@login_required
def remove(request: HttpRequest, imported: UUID) -> HttpResponse:
    """Take a badge out of the person's badges; the toast can have it back."""
    found = _own_or_404(request, imported)
    actions.remove_badge(imported=found, by=cast(User, request.user), at=timezone.now())
    undo = reverse("assertions:restore-imported", args=[found.pk])
    messages.success(request, _("Badge removed from your badges."), extra_tags=f"undo:{undo}")
    return redirect("assertions:mine")


@require_POST
@login_required
def restore(request: HttpRequest, imported: UUID) -> HttpResponse:
    """Have a removed badge back."""
    user = cast(User, request.user)
    found = get_object_or_404(user.imported_badges, pk=imported)
    try:
        actions.restore_badge(imported=found, by=user, at=timezone.now())
    except RemovedForGood as refusal:
        messages.error(request, refusal.message)
        return redirect("assertions:mine")
    messages.success(request, _("The badge is among your badges again."))
    return redirect("assertions:imported", found.pk)


@require_safe
@login_required
def file(request: HttpRequest, imported: UUID, part: str) -> HttpResponse:
    """Send a part of a kept badge: its bytes as they came, one of its documents, or its picture."""
    found = _own_or_404(request, imported)
    name = slugify(found.report["badge"]["name"])[:60] or "badge"
    if part == "original":
        extension, media_type = _ORIGINALS[found.original_form]
        return _download(_bytes_of(found), media_type, f"{name}.{extension}")
    if part == "picture" and found.picture:
        with found.picture.open("rb") as picture:
            response = HttpResponse(picture.read(), content_type="image/png")
        response["Cache-Control"] = "private, max-age=600"
        return response
    text = getattr(found, _DOCUMENTS.get(part, ""), "") if part in _DOCUMENTS else ""
    if not text:
        raise Http404
    return _download(text.encode("utf-8", "surrogatepass"), _media_type_of(text), f"{name}-{part}.json")


def _own_or_404(request: HttpRequest, imported: UUID) -> ImportedBadge:
    """Load one of the person's own imported badges: 404 for everybody else's, and for removed ones."""
    return get_object_or_404(cast(User, request.user).imported_badges.kept(), pk=imported)


def _bytes_of(found: ImportedBadge) -> bytes:
    with found.original.open("rb") as original:
        return bytes(original.read())


def _media_type_of(text: str) -> str:
    try:
        return "application/ld+json" if "@context" in json.loads(text) else "application/json"
    except (ValueError, TypeError, RecursionError):
        return "text/plain; charset=utf-8"


def _download(data: bytes, media_type: str, filename: str) -> HttpResponse:
    """Send a stranger's bytes as a download and never as a page: they may hold anything."""
    headers: dict[str, Any] = {
        "Content-Disposition": f'attachment; filename="{filename}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(data, content_type=media_type, headers=headers)
