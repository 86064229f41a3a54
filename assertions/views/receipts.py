"""The receipt of a check: its progress, what it found, its picture. Public for whoever has the link; no session."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assertions.documents import assertion_url
from assertions.models import Assertion, Receipt
from assertions.sharing.award import shown_name
from assertions.sharing.shown_report import ShownReport, shown_report
from assertions.sharing.stored_report import Conclusion
from assertions.views.checked import answer, is_htmx
from assertions.views.progress import progress_of
from badgeserver.addresses import absolute

#: After this long a receipt says first that it is of an earlier day.
FRESH_FOR: Final = timedelta(days=1)
#: Where the link itself may be the mistake, or the moment: it is shown again, to be corrected and tried.
_TRIED_AGAIN: Final = {Conclusion.UNKNOWN, Conclusion.GAVE_UP, Conclusion.NOT_FOUND, Conclusion.NO_BADGE}


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


def _since(report: ShownReport, award: Assertion | None, *, at: datetime) -> str:
    """Return what is known to have become of a badge after its check: revoked, expired or nothing."""
    if report.conclusion is Conclusion.REVOKED:
        return ""
    if award is not None and award.revoked_at is not None and award.revoked_at > report.checked_at:
        return "revoked"
    has_expired = report.expires is not None and report.checked_at < report.expires <= at
    return "expired" if has_expired and report.is_about_a_badge else ""


def _context(found: Receipt) -> dict[str, Any]:
    award = found.assertion
    is_ours = bool(award) and found.report["ours"]
    holder = shown_name(award) if award and is_ours and award.revoked_at is None else ""
    picture_url = ""
    if award and is_ours:
        picture_url = reverse("public:badge-image", args=[award.badge_class_id])
    elif found.picture:
        picture_url = reverse("assertions:receipt-picture", args=[found.pk])
    report = shown_report(found.report, holder=holder)
    now = timezone.now()
    return {
        "receipt": found,
        "report": report,
        "since": _since(report, award if is_ours else None, at=now),
        "is_old": report.checked_at < now - FRESH_FOR,
        "may_be_corrected": report.conclusion in _TRIED_AGAIN,
        "picture_url": picture_url,
        "award": award,
        "award_url": assertion_url(award) if award else "",
        "url": absolute(reverse("assertions:receipt", args=[found.pk])),
    }
