"""The door to the world: hosted documents, negotiated by `Accept`, without cookie or session.

The table of OB2-ISS-160 is `preferred_form`; everything else the standard and browsers ask of a public document
(CORS, Vary, ETag, HEAD, OPTIONS, caching) is `PublicView`.
"""

import hashlib
import json
import re
from functools import lru_cache
from typing import Any, Final, Literal

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.http.request import MediaType
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import override
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.views import APIView

from badgeserver.languages import readers_language

JSON_LD: Final = "application/ld+json"
JSON: Final = "application/json"
HTML: Final = "text/html"

Form = Literal["application/ld+json", "application/json", "text/html"]

# A live document may change to “revoked” at any moment: what is cached must be asked for again soon (OB2-ISS-112).
LIVE = "public, max-age=60"
# Who opens a page again, having just hidden their name or heard of a revocation, must see how it is now.
CURRENT = "public, no-cache"
NEVER = "no-store"
FOREVER = "public, max-age=31536000, immutable"

ALLOWED = ["GET", "HEAD", "OPTIONS"]


# Programs that fetch a shared link to draw its preview. They accept anything (`*/*`), which in Open Badges means JSON.
_PREVIEWS = re.compile(
    r"bot\b|bot/|facebookexternalhit|facebookcatalog|whatsapp|skypeuripreview|slack|embedly|mastodon|pleroma|misskey"
    r"|iframely|viber|vkshare|pinterest|link.?preview|signal-desktop|snapchat|xing",
    re.IGNORECASE,
)


def is_link_preview(user_agent: str) -> bool:
    """Whether a program announces itself as one that shows previews of links, or indexes pages."""
    return _PREVIEWS.search(user_agent) is not None


def wanted_form(request: Request | HttpRequest) -> Form:
    """Return what to answer this request with: `preferred_form`, but a page for those who draw previews of links.

    They ask for anything, and must find the page with its OpenGraph tags; who names JSON or HTML gets what it names.
    """
    accept = request.headers.get("Accept", "")
    if not _names_a_form(accept) and is_link_preview(request.headers.get("User-Agent", "")):
        return HTML
    return preferred_form(accept)


def _names_a_form(accept: str) -> bool:
    return "json" in accept or "html" in accept


def _varies_by(request: Request | HttpRequest) -> list[str]:
    return ["Accept"] if _names_a_form(request.headers.get("Accept", "")) else ["Accept", "User-Agent"]


@lru_cache(maxsize=512)  # browsers and libraries send few different headers
def preferred_form(accept: str) -> Form:
    """Return what to answer with: JSON-LD unless a page is asked for above every kind of JSON (OB2-ISS-160).

    No header and `*/*` mean JSON-LD, and so does an Accept that names neither: a machine that asks for a picture
    at a document's address gets the document. Plain JSON is for those who prefer it to JSON-LD, or name it alone.
    """
    ranges = [MediaType(part) for part in (accept or "*/*").split(",") if part.strip()]
    json_ld, ld_named = _quality(ranges, JSON_LD)
    plain_json, json_named = _quality(ranges, JSON)
    html, _html_named = _quality(ranges, HTML)
    if html > max(json_ld, plain_json):
        return HTML
    if plain_json > json_ld or (plain_json == json_ld and json_named and not ld_named):
        return JSON
    return JSON_LD


def _quality(ranges: list[MediaType], media_type: str) -> tuple[float, bool]:
    """Return how much a type is wanted, by the most specific range that covers it, and whether by its name."""
    best = max((item for item in ranges if item.match(media_type)), key=lambda item: item.specificity, default=None)
    return (best.quality, best.specificity >= 2) if best else (0.0, False)


class PublicView(APIView):
    """Base of everything under /public/. Subclasses define `get`; HEAD, OPTIONS and every header follow."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    throttle_classes: list[Any] = []
    http_method_names = ["get", "head", "options"]
    schema = None

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[Any, str]:
        """Leave `Accept` to the view: DRF knows JSON alone, and would answer 406 to a browser."""
        return (self.get_renderers()[0], JSON)

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """Answer a browser's preflight; the headers are added below, as to every answer."""
        return HttpResponse(status=204, headers={"Allow": ", ".join(ALLOWED)})

    def http_method_not_allowed(  # type: ignore[override]
        self, request: Request, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        return HttpResponseNotAllowed(ALLOWED)

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]
        if isinstance(exc, Http404):
            if wanted_form(self.request) != HTML:
                return self.not_found(str(exc.args[0]) if exc.args else "")
            with in_readers_language(self.request):
                return self.not_found(str(exc.args[0]) if exc.args else "")
        if isinstance(exc, APIException):  # asked too often, a body that is none
            return HttpResponse(str(exc.detail), status=exc.status_code, content_type="text/plain; charset=utf-8")
        raise exc

    def not_found(self, sentence: str) -> HttpResponse:
        """Answer 404 in the form that was asked for: a page that helps, or `{"message", "code", "fields"}`.

        `sentence` says what there is not, for people; it is the `heading` of the page `public/not_found.html`. A page
        speaks the reader's language, which is active here: raise `Http404` with a lazy sentence.
        """
        sentence = sentence or _("There is nothing at this address")
        if wanted_form(self.request) == HTML:
            html = render_to_string("public/not_found.html", {"heading": sentence}, request=bare(self.request))
            response = HttpResponse(html, status=404)
            patch_vary_headers(response, ["Accept-Language"])
        else:
            body = json.dumps({"message": sentence, "code": "not_found", "fields": {}}, ensure_ascii=False)
            response = HttpResponse(body, status=404, content_type=JSON)
        patch_vary_headers(response, _varies_by(self.request))
        return response

    def finalize_response(  # type: ignore[override]
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Allow-Methods"] = ", ".join(ALLOWED)
        response["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
        response["Access-Control-Expose-Headers"] = "ETag"
        response["Access-Control-Max-Age"] = "86400"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        response["X-Content-Type-Options"] = "nosniff"
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = LIVE if response.status_code == 200 else NEVER
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            # WSGI servers may send whatever body they are given: the length is told, the body stays here.
            length = len(response.content)
            response.content = b""
            response["Content-Length"] = str(length)
        return response


def bare(request: Request | HttpRequest) -> HttpRequest:
    """Return Django's own request, for templates: a public page must not find DRF's lazily signed-in user in it."""
    return request._request if isinstance(request, Request) else request  # noqa: SLF001 -- DRF has no public name for it


def document(
    request: Request, text: str, *, form: str = JSON_LD, status: int = 200, cache: str = LIVE, varies: bool = True
) -> HttpResponse:
    """Answer with a Badge Object document as stored, or 304 when the asker has it already."""
    body = text.encode()
    return _answer(request, body, content_type=form, status=status, cache=cache, varies=varies)


def picture(request: Request, data: bytes, *, media_type: str, cache: str = LIVE, filename: str = "") -> HttpResponse:
    """Answer with a picture. An SVG may hold script whatever we did: it is served into a sandbox (OB2-ISS-103)."""
    response = _answer(request, data, content_type=media_type, status=200, cache=cache, varies=False)
    if media_type == "image/svg+xml":
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    if filename:
        response["Content-Disposition"] = f'inline; filename="{filename}"'
    return response


def in_readers_language(request: Request | HttpRequest, *, beside: str = "") -> override:
    """Return what makes a page speak the reader's language; `beside` is that of `languages.readers_language`.

    Documents are never made within it: they are the same for everybody.
    """
    return override(readers_language(request.headers.get("Accept-Language", ""), beside=beside))


def page(request: Request, html: str, *, status: int = 200, cache: str = CURRENT) -> HttpResponse:
    """Answer with the page for people, which depends on the reader's language."""
    response = _answer(
        request, html.encode(), content_type=f"{HTML}; charset=utf-8", status=status, cache=cache, varies=True
    )
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _answer(request: Request, body: bytes, *, content_type: str, status: int, cache: str, varies: bool) -> HttpResponse:
    response = HttpResponse(body, status=status, content_type=content_type)
    response["Cache-Control"] = cache
    if varies:
        patch_vary_headers(response, _varies_by(request))
    if status == 200:
        etag = f'"{hashlib.sha256(content_type.encode() + body).hexdigest()[:32]}"'
        response["ETag"] = etag
        conditional = get_conditional_response(bare(request), etag=etag, response=response)
        if isinstance(conditional, HttpResponse):
            return conditional
    return response
