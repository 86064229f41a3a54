"""The pages that check a badge. They are public: no session, no cookie, no CSRF token; they change nothing."""

from http import HTTPStatus
from math import ceil
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from rest_framework.throttling import SimpleRateThrottle

from assertions.actions import verify as actions
from assertions.actions.verify import AWARD_STEPS, Answer, NothingToCompare
from assertions.documents import assertion_url
from assertions.models import Assertion
from assertions.sharing.award import shown_name
from badgeserver.openbadges.verification import CheckCode

MAX_MEGABYTES = actions.MAX_BYTES // 1024 // 1024


class VerifyThrottle(SimpleRateThrottle):
    """How often one visitor may bring something to be checked."""

    scope = "verify"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"throttle_{self.scope}_{self.get_ident(request)}"


class RecipientCheckThrottle(SimpleRateThrottle):
    """How often one visitor may try addresses on one award: nobody can guess whose it is by trying a list."""

    scope = "recipient-check"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"throttle_{self.scope}_{self.get_ident(request)}_{view}"


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
        "steps": [{"code": code, "title": actions.step_title(code)} for code in AWARD_STEPS],
    }
    if _is_htmx(request):
        return _answer(request, "assertions/verify_award.html#run", context)
    context["findings"] = actions.check_award(assertion_id=found.pk, at=timezone.now())
    return _answer(request, "assertions/verify_award.html", context)


@require_GET
def step(request: HttpRequest, assertion: UUID, code: str) -> HttpResponse:
    """Run one step; answer with its line and with the next one, which asks for itself. The last brings the verdict."""
    codes = [known.value for known in AWARD_STEPS]
    if code not in codes:
        raise Http404
    if not _is_htmx(request):
        return redirect("assertions:verify-award", assertion)
    found = _award_or_404(assertion)
    at = timezone.now()
    following = AWARD_STEPS[codes.index(code) + 1 :]
    context = {
        "assertion": found,
        "step": actions.check_award_step(assertion_id=found.pk, code=CheckCode(code), at=at),
        "next": {"code": following[0], "title": actions.step_title(following[0])} if following else None,
        "findings": None if following else actions.check_award(assertion_id=found.pk, at=at),
    }
    return _answer(request, "assertions/verify_award.html#step", context)


@csrf_exempt
@require_POST
@sensitive_post_parameters("email")
def recipient(request: HttpRequest, assertion: UUID) -> HttpResponse:
    """Say yes or no to “does it belong to this address?”. The address is compared, never kept, logged or repeated."""
    found = _award_or_404(assertion)
    throttle = RecipientCheckThrottle()
    context: dict[str, Any] = {
        "assertion": found,
        "badge": found.badge_class,
        "issuer": found.issuer,
        "url": assertion_url(found),
    }
    status = HTTPStatus.OK
    if not throttle.allow_request(request, assertion):  # type: ignore[arg-type]
        status = HTTPStatus.TOO_MANY_REQUESTS
        context["problem"] = _too_many(throttle)
    else:
        try:
            context["belongs"] = actions.belongs_to(assertion=found, email=request.POST.get("email", ""))
        except NothingToCompare as refusal:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            context["problem"] = refusal.message
    name = "assertions/verify_recipient.html"
    if _is_htmx(request):
        return _answer(request, f"{name}#answer", context, status=status)
    return _answer(request, name, context, status=status)


def _award_or_404(pk: UUID) -> Assertion:
    found = Assertion.objects.select_related("badge_class", "issuer").defer("signed_json", "jws").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


# --- Whatever somebody brings --------------------------------------------------------------------------------


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Take a link, a signature, JSON or a picture, and say what it is worth."""
    context: dict[str, Any] = {"max_megabytes": MAX_MEGABYTES, "max_bytes": actions.MAX_BYTES}
    if request.method != "POST":
        return _answer(request, "assertions/verify.html", context)
    throttle = VerifyThrottle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]
        context["problem"] = _too_many(throttle)
        return _answer(request, "assertions/verify.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    file = request.FILES.get("file")
    text = request.POST.get("badge", "")
    if file is None and not text.strip():
        context["problem"] = _("Paste a link or a badge, or choose a picture.")
        return _answer(request, "assertions/verify.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if file is not None and (file.size or 0) > actions.MAX_BYTES:
        context["file_problem"] = _(
            "This file is larger than %(size)d MB. A picture with a badge inside is smaller."
        ) % {"size": MAX_MEGABYTES}
        return _answer(request, "assertions/verify.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    answer = actions.check_presented(source=file.read() if file else text, at=timezone.now())
    context |= _answer_context(answer)
    return _answer(request, "assertions/verify.html", context)


def _answer_context(answer: Answer) -> dict[str, Any]:
    found = answer.assertion
    context: dict[str, Any] = {"answer": answer, "findings": answer.findings}
    if found is not None:
        context |= {
            "assertion": found,
            "badge": found.badge_class,
            "issuer": found.issuer,
            "holder": "" if found.revoked_at else shown_name(found),
            "url": assertion_url(found),
        }
    return context


# --- Answering -----------------------------------------------------------------------------------------------


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _too_many(throttle: SimpleRateThrottle) -> str:
    seconds = max(1, ceil(throttle.wait() or 60))
    return _("That was often in a short time. Wait %(seconds)d seconds, then try again.") % {"seconds": seconds}


def _answer(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    response = HttpResponse(render_to_string(template, context, request=request), status=status)
    # A check is worth something only at the moment at which it was made.
    response["Cache-Control"] = "no-store"
    response["Vary"] = "HX-Request"
    return response
