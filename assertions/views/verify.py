"""The pages that check a badge. They are public: no session, no cookie, no CSRF token."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assertions.actions import verify as actions
from assertions.actions.brought import MAX_BYTES, NoAddress, NothingBrought
from assertions.actions.mistakes import NoBadgeInIt
from assertions.actions.receipts import open_receipt
from assertions.actions.verify import AWARD_STEPS, NothingToCompare
from assertions.documents import assertion_url
from assertions.models import Assertion
from assertions.sharing.award import shown_name
from assertions.sharing.report_words import step_title
from assertions.views.bringing import FORM_CONTEXT, brought_by, refused
from assertions.views.checked import answer, is_htmx, see_other
from badgeserver.api.throttling import RecipientCheckThrottle, VerifyThrottle
from badgeserver.errors import UserFacingError
from badgeserver.languages import readers_language
from badgeserver.openbadges.verification import CheckCode
from badgeserver.uploads import takes_files

# --- One award -----------------------------------------------------------------------------------------------


@require_GET
def award(request: HttpRequest, assertion: UUID) -> HttpResponse:
    """Show the checks of an award. With JavaScript they run one by one, without it all at once on the server.

    The award's own page asks for the steps alone (HTMX).
    """
    found = _award_or_404(assertion)
    context = {
        "assertion": found,
        "badge": found.badge_class,
        "issuer": found.issuer,
        "holder": shown_name(found),
        "url": assertion_url(found),
        "steps": [{"code": code, "title": step_title(code)} for code in AWARD_STEPS],
    }
    if is_htmx(request):
        return answer(request, "assertions/verify_award.html#run", context)
    context["findings"] = actions.check_award(assertion=found, at=timezone.now())
    return answer(request, "assertions/verify_award.html", context)


@require_GET
def step(request: HttpRequest, assertion: UUID, code: str) -> HttpResponse:
    """Run one step; answer with its line and with the next one, which asks for itself. The last brings the verdict."""
    codes = [known.value for known in AWARD_STEPS]
    if code not in codes:
        raise Http404
    if not is_htmx(request):
        return redirect("assertions:verify-award", assertion)
    found = _award_or_404(assertion)
    at = timezone.now()
    following = AWARD_STEPS[codes.index(code) + 1 :]
    context = {
        "assertion": found,
        "step": actions.check_award_step(assertion=found, code=CheckCode(code), at=at),
        "next": {"code": following[0], "title": step_title(following[0])} if following else None,
        "findings": None if following else actions.check_award(assertion=found, at=at),
    }
    return answer(request, "assertions/verify_award.html#step", context)


@csrf_exempt
@require_POST
@sensitive_post_parameters("email")
def recipient(request: HttpRequest, assertion: UUID) -> HttpResponse:
    """Say yes or no to “does it belong to this address?”. The address is compared, never kept, logged or repeated."""
    found = _award_or_404(assertion)
    accepted = request.headers.get("Accept-Language", "")
    with override(readers_language(accepted, beside=found.badge_class.language)):
        response = _compared(request, found)
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _compared(request: HttpRequest, found: Assertion) -> HttpResponse:
    throttle = RecipientCheckThrottle()
    context: dict[str, Any] = {
        "assertion": found,
        "badge": found.badge_class,
        "issuer": found.issuer,
        "url": assertion_url(found),
    }
    status = HTTPStatus.OK
    if not throttle.allow_request(request, found.pk):  # type: ignore[arg-type]
        status = HTTPStatus.TOO_MANY_REQUESTS
        context["problem"] = throttle.sentence
    else:
        try:
            context["belongs"] = actions.belongs_to(assertion=found, email=request.POST.get("email", ""))
        except NothingToCompare as refusal:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            context["problem"] = refusal.message
    name = "assertions/verify_recipient.html"
    if is_htmx(request):
        return answer(request, f"{name}#answer", context, status=status)
    return answer(request, name, context, status=status)


def _award_or_404(pk: UUID) -> Assertion:
    awards = Assertion.objects.public().select_related("badge_class", "issuer").defer("signed_json", "jws")
    found = awards.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


# --- Whatever somebody brings --------------------------------------------------------------------------------


@takes_files(MAX_BYTES)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("recipient")
def verify(request: HttpRequest) -> HttpResponse:
    """Take a link, a signature, JSON or a picture of any issuer, and lead to the receipt of its check."""
    if request.method != "POST":
        return answer(
            request, "assertions/verify.html", {**FORM_CONTEXT, "asked_for_recipient": "whose" in request.GET}
        )
    throttle = VerifyThrottle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]
        return _refused(request, UserFacingError(throttle.sentence), HTTPStatus.TOO_MANY_REQUESTS)
    try:
        brought = brought_by(request)
    except (NothingBrought, NoAddress, NoBadgeInIt) as refusal:
        return _refused(request, refusal, HTTPStatus.UNPROCESSABLE_ENTITY)
    receipt = open_receipt(brought=brought, at=timezone.now())
    return see_other("assertions:receipt", receipt.pk)


def _refused(request: HttpRequest, refusal: UserFacingError, status: HTTPStatus) -> HttpResponse:
    context = {**FORM_CONTEXT, **refused(request, refusal)}
    return answer(request, "assertions/verify.html", context, status=status)
