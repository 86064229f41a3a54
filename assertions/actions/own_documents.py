"""The network that ends at our own door: own badges are judged by the very documents that the world gets."""

from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve

from badgeserver.openbadges.fetching import Fetched
from issuers.queries import own_origins


def fetch_own(url: str) -> Fetched | None:
    """Answer as this server would answer the world, without a network; None for addresses of other servers.

    The pages of people are nobody's documents: there is nothing at their addresses.
    """
    if not is_own(url):
        return None
    match = own_route(url)
    if match is None or "public" not in match.namespaces:
        return Fetched(url=url, status=HTTPStatus.NOT_FOUND, content_type="", body=b"")
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = urlsplit(url).path
    request.META = {
        "REQUEST_METHOD": "GET",
        "SERVER_NAME": settings.SITE_HOST,
        "SERVER_PORT": "443",
        "HTTP_ACCEPT": "application/ld+json, application/json;q=0.9, */*;q=0.1",
    }
    response = match.func(request, *match.args, **match.kwargs)
    content_type = response.headers.get("Content-Type", "")
    return Fetched(url=url, status=response.status_code, content_type=content_type, body=bytes(response.content))


def own_route(url: str) -> ResolverMatch | None:
    """Return where an address of this server leads, or None when it leads nowhere or elsewhere."""
    try:
        return resolve(urlsplit(url).path) if is_own(url) else None
    except (Resolver404, ValueError):
        return None


def is_own(url: str) -> bool:
    """Whether an address lies under one of the bases that this server answers for."""
    return any(url.startswith(f"{origin}/") for origin in own_origins())
