"""Which host name was asked, and what is answered there: the site's own, its former ones, and those of issuers."""

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.http.request import split_domain_port, validate_host
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from issuers.queries import is_answered

Answer = Callable[[HttpRequest], HttpResponseBase]

#: What every one of our hosts answers itself: it needs no session, and its ids never come from the request.
WORLD = ("/public/", "/static/", "/brand/", "/verify/", "/.well-known/")

#: Asked by a proxy on its own network, under whatever name it knows this process.
FOR_THE_PROXY = "/domains/allowed"


def own_hosts(get_response: Answer) -> Answer:
    """Answer the world under every host name that badges were issued under; refuse strange ones in a sentence.

    The first of all middlewares. What lies under a former or an issuer's own host is answered as if it had been asked
    for under `SITE_URL`; documents keep the ids that are stored with them (docs/adr/0011). Pages for people who sign in
    are only at the site's own address, and everybody is sent there.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        site, former = _own(settings.SITE_URL, tuple(settings.FORMER_SITE_URLS))
        host = _host_of(request)
        is_former = host in former
        if not is_former and host and validate_host(host, [name for name in settings.ALLOWED_HOSTS if name]):
            return get_response(request)
        if request.path_info != FOR_THE_PROXY:
            if not is_former and not (host and is_answered(host)):
                return _said(_("This server does not answer for this host name."), status=400)
            elsewhere = _elsewhere(request, host)
            if elsewhere is not None:
                return elsewhere
        request.META["HTTP_HOST"] = site
        return get_response(request)

    return answer


def _elsewhere(request: HttpRequest, host: str) -> HttpResponse | None:
    """Return the answer to what is not answered under a former or an issuer's own host; None for the world."""
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        # Under the same name: the id that was asked for stays the id that is answered.
        return HttpResponseRedirect(f"https://{host}{request.get_full_path()}")
    if request.path_info.startswith(WORLD):
        return None
    if request.method in {"GET", "HEAD"}:
        return HttpResponseRedirect(f"{settings.SITE_URL}{request.get_full_path()}")
    return _said(_("Nothing can be sent to this address."), status=404)


@require_safe
def allowed(request: HttpRequest) -> HttpResponse:
    """Tell a proxy that gets certificates on demand whether to get one for `?domain=`: 200 or 404.

    It tells nobody more than asking that host name itself would.
    """
    host = request.GET.get("domain", "").strip().removesuffix(".").lower()
    hosts = {urlsplit(url).hostname for url in (settings.SITE_URL, *settings.FORMER_SITE_URLS)}
    if host in hosts or (host and is_answered(host)):
        return _said(_("Yes"), status=200)
    return _said(_("No"), status=404)


@lru_cache(maxsize=8)  # the settings, and those of tests
def _own(site_url: str, former_site_urls: tuple[str, ...]) -> tuple[str, frozenset[str | None]]:
    """Return the site's own host with its port, and the names of its former hosts."""
    site = urlsplit(site_url)
    return site.netloc, frozenset(urlsplit(url).hostname for url in former_site_urls) - {site.hostname}


def _host_of(request: HttpRequest) -> str:
    """Return the name in the request, without a port and in lower case; empty when it is none."""
    name, _port = split_domain_port(request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", ""))
    return name.removesuffix(".")


def _said(sentence: str, *, status: int) -> HttpResponse:
    response = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response
