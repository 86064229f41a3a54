"""The one door for HTTP out: what strangers make us fetch can reach public addresses only, quickly and in small bites.

`requests-hardened` resolves a name once, refuses private, loopback and reserved addresses, and connects to the very
address that it checked, so that a name which changes its mind (DNS rebinding) gains nothing. Redirects are followed
here, one by one, each through the same check.
"""

import time
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests_hardened import Config, Manager

from badgeserver.openbadges.errors import FetchFailed
from badgeserver.openbadges.verification import Fetched

MAX_BYTES = 1024 * 1024
MAX_REDIRECTS = 3
CONNECT_SECONDS, READ_SECONDS = 4.0, 6.0
TOTAL_SECONDS = 12.0
# What the official validator sends: whoever answers it answers us (OB2-ISS-160).
ACCEPT = "application/ld+json, application/json, image/png, image/svg+xml"
_REDIRECTS = {301, 302, 303, 307, 308}
_PORTS = {None, 80, 443, 8000, 8080, 8443}


def fetch(url: str, *, allow_loopback: bool = False) -> Fetched:
    """GET a public address; return status, type and body of the last answer, and the address that gave it.

    Raises `FetchFailed`, whose message tells a person why: not a web address, not public, no answer in time, too many
    redirects, too large. `allow_loopback` is for tests that start their own server.
    """
    manager = Manager(
        Config(
            default_timeout=(CONNECT_SECONDS, READ_SECONDS),
            never_redirect=True,
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=allow_loopback,
            user_agent_override="badgeserver (Open Badges verifier)",
        )
    )
    deadline = time.monotonic() + TOTAL_SECONDS
    address = url
    with manager.get_session() as session:
        session.trust_env = False  # no proxy and no .netrc of this machine
        for _hop in range(MAX_REDIRECTS + 1):
            _refuse_strange(address, any_port=allow_loopback)
            try:
                with session.get(address, headers={"Accept": ACCEPT}, stream=True) as response:
                    if response.status_code not in _REDIRECTS or "Location" not in response.headers:
                        body = _body(response, deadline)
                        return Fetched(
                            url=address,
                            status=response.status_code,
                            content_type=response.headers.get("Content-Type", ""),
                            body=body,
                        )
                    address = urljoin(address, response.headers["Location"])
            except (requests.RequestException, ValueError, OSError) as problem:
                raise FetchFailed(_why(problem, address)) from problem
    raise FetchFailed(f"{_host(url)} sends from one address to the next without end.")


def _refuse_strange(address: str, *, any_port: bool) -> None:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise FetchFailed("This is not a web address.") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
        raise FetchFailed("This is not a public web address.")
    if port not in _PORTS and not any_port:
        raise FetchFailed(f"{parts.hostname} is asked for on port {port}, where no web pages are.")


def _body(response: Any, deadline: float) -> bytes:
    """Read up to the limits: of bytes, because a stream may never end, and of time, because it may drip."""
    found = bytearray()
    for chunk in response.iter_content(16 * 1024):
        found += chunk
        if len(found) > MAX_BYTES:
            raise FetchFailed(f"{_host(response.url)} answers with more than 1 MB, which no badge document is.")
        if time.monotonic() > deadline:
            raise FetchFailed(f"{_host(response.url)} takes too long to answer.")
    return bytes(found)


def _why(problem: Exception, address: str) -> str:
    host = _host(address)
    if type(problem).__name__ == "InvalidIPAddress":
        return f"{host} is not a public address."
    if isinstance(problem, requests.Timeout):
        return f"{host} did not answer in time."
    if isinstance(problem, requests.exceptions.SSLError):
        return f"{host} has no valid certificate."
    return f"{host} could not be reached."


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or "This address"
    except ValueError:
        return "This address"
