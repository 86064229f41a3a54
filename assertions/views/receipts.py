"""The receipt of a check: its progress, what it found, its picture. Public for whoever has the link; no session."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assertions.documents import assertion_url
from assertions.models import Receipt
from assertions.sharing.award import shown_name
from assertions.sharing.shown_report import shown_report
from assertions.views.checked import answer, is_htmx
from assertions.views.progress import progress_of
from badgeserver.addresses import absolute


@require_safe
def receipt(request: HttpRequest, receipt: UUID) -> HttpResponse:
    """Show how far a check is, and then what it found."""
    found = get_object_or_404(
        Receipt.objects.for_everybody().defer("source").select_related("assertion__badge_class", "assertion__issuer"),
        pk=receipt,
    )
    if found.finished_at is None:
        context = {"progress": progress_of(found, at=timezone.now())}
        if is_htmx(request):
            return answer(request, "assertions/receipt_progress.html#progress", context)
        return answer(request, "assertions/receipt_progress.html", context)
    if is_htmx(request):
        # The page that waited is loaded anew: it looks like the one that a link leads to, and begins at its top.
        return HttpResponse(headers={"HX-Refresh": "true", "Cache-Control": "no-store"})
    return answer(request, "assertions/receipt.html", _context(found))


@require_safe
def picture(request: HttpRequest, receipt: UUID) -> HttpResponse:  # noqa: ARG001 -- what Django hands over
    """Send the picture of a badge from elsewhere, as it was drawn here."""
    found = get_object_or_404(Receipt.objects.for_everybody().exclude(picture=""), pk=receipt)
    with found.picture.open("rb") as file:
        response = HttpResponse(file.read(), content_type="image/png")
    response["Cache-Control"] = "private, max-age=600"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _context(found: Receipt) -> dict[str, Any]:
    award = found.assertion
    is_ours = bool(award) and found.report["ours"]
    holder = shown_name(award) if award and is_ours and award.revoked_at is None else ""
    picture_url = ""
    if award and is_ours:
        picture_url = reverse("public:badge-image", args=[award.badge_class_id])
    elif found.picture:
        picture_url = reverse("assertions:receipt-picture", args=[found.pk])
    return {
        "receipt": found,
        "report": shown_report(found.report, holder=holder),
        "picture_url": picture_url,
        "award": award,
        "award_url": assertion_url(award) if award else "",
        "url": absolute(reverse("assertions:receipt", args=[found.pk])),
    }
