"""The survey of a pilot, by the personal link of a mail: no account, no cookie, and once.

The signed address is the proof. Reading it changes nothing.
"""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from badges.actions.pilots import AlreadyAnswered, PilotOver, answer_survey
from badges.forms.lifecycle import SurveyForm
from badges.insights.pilots import QUESTIONS, member_by_survey
from badges.models import PilotMember
from badgeserver.api.public import bare
from badgeserver.errors import UserFacingError
from badgeserver.languages import readers_language
from issuers.branding import brand_of


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, survey_token: str) -> HttpResponse:
    """Show the three questions, or what became of them, and keep the answers."""
    member = member_by_survey(survey_token)
    beside = member.pilot.badge_class.issuer.organisation.language if member else ""
    with override(readers_language(request.headers.get("Accept-Language", ""), beside=beside)):
        response = _answered(request, member)
    patch_vary_headers(response, ["Accept-Language"])
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"  # the address is a key
    return response


def _answered(request: HttpRequest, member: PilotMember | None) -> HttpResponse:
    if member is None:
        return _page(request, {"state": "unknown"}, status=HTTPStatus.NOT_FOUND)
    if member.answered_at is not None:
        return _page(request, {"state": "answered", **_about(member)})
    if member.pilot.ended_at is not None:
        return _page(request, {"state": "ended", **_about(member)}, status=HTTPStatus.GONE)
    form = SurveyForm(request.POST if request.method == "POST" else None, part=member.part)
    if request.method == "POST" and form.is_valid():
        numbers = {question.name: form.cleaned_data[question.name] for question in QUESTIONS}
        try:
            answer_survey(member=member, **numbers, remark=form.cleaned_data["remark"], at=timezone.now())
        except (AlreadyAnswered, PilotOver):
            pass  # a second tap on the button, or too late: the page that follows says which
        except UserFacingError as refusal:
            form.add_error(None, refusal.message)
        if form.is_valid():
            response = redirect(request.path)
            response.status_code = HTTPStatus.SEE_OTHER
            return response
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return _page(request, {"state": "open", "form": form, **_about(member)}, status=status)


def _about(member: PilotMember) -> dict[str, Any]:
    badge_class = member.pilot.badge_class
    return {
        "member": member,
        "badge": badge_class,
        "organisation": badge_class.issuer.organisation,
        "brand": brand_of(badge_class.issuer),
        "is_manager": member.part == PilotMember.Part.MANAGER,
    }


def _page(request: HttpRequest, context: dict[str, Any], *, status: int = HTTPStatus.OK) -> HttpResponse:
    return HttpResponse(render_to_string("badges/survey.html", context, request=bare(request)), status=status)
