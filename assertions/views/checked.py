"""How pages without a session answer, about checks and links in mails: never stored by anybody, whole or in parts."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def answer(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    """Answer with a page or, as `page.html#part`, with a part of one."""
    response = HttpResponse(render_to_string(template, context, request=request), status=status)
    # A check is worth something only at the moment at which it was made.
    response["Cache-Control"] = "no-store"
    response["Vary"] = "HX-Request"
    return response


def see_other(to: str, *args: Any) -> HttpResponse:
    """Lead to a page, by its address or name, that shows what a POST has done: loading that again repeats nothing."""
    response = redirect(to, *args)
    response.status_code = HTTPStatus.SEE_OTHER
    response["Cache-Control"] = "no-store"
    return response
