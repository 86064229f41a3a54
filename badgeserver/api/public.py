"""The door to the world: hosted documents, negotiated by `Accept`, without cookie or session.

The table of OB2-ISS-160 is `preferred_form`; everything else the standard and browsers ask of a public document
(CORS, Vary, ETag, HEAD, OPTIONS, caching) is `PublicView`.
"""

import hashlib
from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.utils.cache import get_conditional_response, patch_vary_headers
from rest_framework.request import Request
from rest_framework.views import APIView

JSON_LD = "application/ld+json"
JSON = "application/json"
HTML = "text/html"

Form = Literal["application/ld+json", "application/json", "text/html"]

# A live document may change to “revoked” at any moment: what is cached must be asked for again soon (OB2-ISS-112).
LIVE = "public, max-age=60"
NEVER = "no-store"
FOREVER = "public, max-age=31536000, immutable"


def preferred_form(accept: str) -> Form:
    """Return what to answer with: JSON-LD unless a page is asked for above every kind of JSON.

    No header and `*/*` mean JSON-LD, and so does an Accept that names neither: a machine that asks for a picture
    at a document's address gets the document (OB2-ISS-160).
    """
    request = HttpRequest()
    request.META["HTTP_ACCEPT"] = accept or "*/*"
    # Django orders by quality and specificity; of equals, the first named here wins.
    chosen = request.get_preferred_type([JSON_LD, JSON, HTML])
    return chosen if chosen in {JSON, HTML} else JSON_LD  # type: ignore[return-value]


class PublicView(APIView):
    """Base of everything under /public/."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    throttle_classes: list[Any] = []
    http_method_names = ["get", "head", "options"]

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer a browser's preflight; the headers are added below, as to every answer."""
        return HttpResponse(status=204, headers={"Allow": "GET, HEAD, OPTIONS"})

    def http_method_not_allowed(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseNotAllowed(["GET", "HEAD", "OPTIONS"])

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]
        if isinstance(exc, Http404):
            return self.not_found(str(exc.args[0]) if exc.args else "")
        raise exc

    def not_found(self, sentence: str) -> HttpResponse:
        """Override to answer with a page that helps; machines get a short sentence."""
        return HttpResponse(sentence or "Not found.", status=404, content_type="text/plain; charset=utf-8")

    def finalize_response(  # type: ignore[override]
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
        response["Access-Control-Max-Age"] = "86400"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        response["X-Content-Type-Options"] = "nosniff"
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = LIVE if response.status_code == 200 else NEVER
        return response


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


def page(request: Request, html: str, *, status: int = 200, cache: str = LIVE) -> HttpResponse:
    """Answer with the page for people."""
    return _answer(request, html.encode(), content_type=f"{HTML}; charset=utf-8", status=status, cache=cache, varies=True)


def _answer(  # noqa: PLR0913 -- private, called three times above
    request: Request, body: bytes, *, content_type: str, status: int, cache: str, varies: bool
) -> HttpResponse:
    response = HttpResponse(body, status=status, content_type=content_type)
    response["Cache-Control"] = cache
    if varies:
        patch_vary_headers(response, ["Accept"])
    if status == 200:
        etag = f'"{hashlib.sha256(content_type.encode() + body).hexdigest()[:32]}"'
        response["ETag"] = etag
        conditional = get_conditional_response(request, etag=etag, response=response)
        if isinstance(conditional, HttpResponse):
            return conditional
    return response
