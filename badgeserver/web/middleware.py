"""What happens to a request before its view."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers
from django.utils.translation import override
from django.views.defaults import page_not_found

from badgeserver.languages import preferred_language, readers_language

Answer = Callable[[HttpRequest], HttpResponseBase]

PROGRAMS = ("/api/", "/healthz")
#: Pages that are the same for everybody, signed in or not: they follow the browser alone, and may be kept.
FOR_EVERYBODY = ("/verify/", "/brand/")

WORLD = ("/public/", "/.well-known/", "/brand/")


def world_first(get_response: Answer) -> Answer:
    """Answer the world before sessions, accounts and messages wake up.

    What lies under /public/ is read by machines that keep no cookie (OB2-ISS-162). Ending here makes it impossible by
    construction that a public page starts a session, sets a cookie or depends on who asks; and it saves half the time
    of the documents that are asked for most.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(WORLD):
            return get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404 as missing:
            return _nothing_there(request, missing)
        request.resolver_match = match
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response

    return answer


def speak_readers_language(get_response: Answer) -> Answer:
    """Speak on every page of the workspace the language that its reader chose, else one that their browser asks for.

    Only languages in which every page is complete are spoken. Programs are answered in English, whatever they send.
    """
    spoken = [tag for tag, _name in settings.WORKSPACE_LANGUAGES]

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(PROGRAMS):
            return get_response(request)
        chosen = _chosen_language(request)
        wished = preferred_language(request.headers.get("Accept-Language", ""), spoken)
        language = chosen if chosen in spoken else wished or settings.LANGUAGE_CODE
        with override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return answer


def _chosen_language(request: HttpRequest) -> str:
    """Return what was chosen in the account. Who brings no session is not asked for one."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.path_info.startswith(FOR_EVERYBODY):
        return ""
    return str(getattr(request.user, "language", ""))


def _nothing_there(request: HttpRequest, missing: Resolver404) -> HttpResponse:
    with override(readers_language(request.headers.get("Accept-Language", ""))):
        response: HttpResponse = page_not_found(request, missing)
    patch_vary_headers(response, ["Accept-Language"])
    return response
