"""What happens to a request before its view."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import resolve

Answer = Callable[[HttpRequest], HttpResponseBase]

WORLD = ("/public/", "/.well-known/")


def world_first(get_response: Answer) -> Answer:
    """Answer the world before sessions, accounts and messages wake up.

    What lies under /public/ is read by machines that keep no cookie (OB2-ISS-162). Ending here makes it impossible by
    construction that a public page starts a session, sets a cookie or depends on who asks; and it saves half the time
    of the documents that are asked for most.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(WORLD):
            return get_response(request)
        match = resolve(request.path_info)
        request.resolver_match = match
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response

    return answer
