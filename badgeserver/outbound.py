"""The one door for HTTP out: what strangers make us fetch can reach public addresses only, quickly and in small bites.

A name is looked up once, its addresses are judged, and the connection goes to the very address that was judged, so that
a name which changes its mind (DNS rebinding) gains nothing. Redirects are followed here, one by one, each through the
same judgement. Nothing is kept from one request to the next: no cookies, no connections, no referrer, no proxy.

One deadline holds for everything: each wait on the network, however it is made (looking up a name, connecting, the
handshake, every read of a header or body), is cut to what is left of it.
"""

import http.client
import io
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NoReturn
from urllib.parse import quote, urljoin, urlsplit

import certifi
from django.conf import settings
from django.utils.translation import gettext as _

from badgeserver.openbadges.errors import FetchFailed
from badgeserver.openbadges.fetching import Fetch, Fetched
from badgeserver.openbadges.obstacles import Obstacle

MAX_BYTES = 1024 * 1024
MAX_PICTURE_BYTES = 4 * 1024 * 1024
MAX_HEADER_BYTES = 128 * 1024
MAX_URL_LENGTH = 2_000
MAX_REDIRECTS = 3
# Each request that waits keeps one of the few threads of a web process (four, in the Dockerfile) from everybody else.
MAX_AT_ONCE = 2
WAIT_FOR_PLACE_SECONDS = 1.0
LOOKUP_SECONDS, CONNECT_SECONDS, READ_SECONDS = 4.0, 4.0, 6.0
TOTAL_SECONDS = 12.0
# What the official validator sends: whoever answers it answers us (OB2-ISS-160).
ACCEPT = "application/ld+json, application/json, image/png, image/svg+xml"
_HEADERS = {
    "Accept": ACCEPT,
    "Accept-Encoding": "identity",
    "User-Agent": "badgeserver (Open Badges verifier)",
    "Connection": "close",
}
_REDIRECTS = {301, 302, 303, 307, 308}
_USUAL_PORTS = {"http": 80, "https": 443}
_PORTS = {80, 443, 8000, 8080, 8443}
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_BLANK_OR_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ud800-\udfff]")
# Characters that may stand in a path or query as they are; `%` so that what is encoded is not encoded again.
_KEPT_IN_PATH = "!#$%&'()*+,/:;=?@[]~"
_MAX_ADDRESSES_TRIED = 4
_STEP = 16 * 1024

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
# Only here are public machines; everything else (loopback, private, link-local, site-local, multicast, mapped and
# translated IPv4) lies outside it.
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")
# Not global in every Python that we run on, or leading to an IPv4 address that was never judged.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "100.64.0.0/10",  # shared by carriers, and by some clouds for services of their own
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "2001::/23",  # Teredo and others
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
    )
)


# --- What can go wrong, in words --------------------------------------------------------------------------------


class NotAWebAddress(FetchFailed):
    """Not an http(s) address, with a user name in it, or on a port where no web pages are."""

    obstacle = Obstacle.NOT_A_WEB_ADDRESS


class NotPublic(FetchFailed):
    """The name leads into a private network, or to this machine."""

    obstacle = Obstacle.NOT_PUBLIC


class NoAnswer(FetchFailed):
    """Nobody there, or nothing that makes sense in time; mostly one of the kinds below."""


class NoSuchHost(NoAnswer):
    """There is no such name."""

    obstacle = Obstacle.NO_SUCH_HOST


class NotLookedUp(NoAnswer):
    """Whether there is such a name could not be found out."""

    obstacle = Obstacle.NOT_LOOKED_UP


class Refused(NoAnswer):
    """The machine is there, and nobody on it wants to talk."""

    obstacle = Obstacle.REFUSED


class TooSlow(NoAnswer):
    """No answer, or not all of it, in time."""

    obstacle = Obstacle.TOO_SLOW


class BrokenOff(NoAnswer):
    """Less came than was promised."""

    obstacle = Obstacle.BROKEN_OFF


class Garbled(NoAnswer):
    """What came is no HTTP, or packed so that nobody can read it."""

    obstacle = Obstacle.GARBLED


class NotSecure(FetchFailed):
    """There is no secure connection, or a secure address leads to one that is not."""

    obstacle = Obstacle.NOT_SECURE


class BadCertificate(NotSecure):
    """The certificate is expired, of somebody else, or vouched for by nobody."""

    obstacle = Obstacle.BAD_CERTIFICATE


class TooLarge(FetchFailed):
    """More bytes than any badge document or picture has."""

    obstacle = Obstacle.TOO_LARGE


class TooManyRedirects(FetchFailed):
    """From one address to the next without end."""

    obstacle = Obstacle.TOO_MANY_REDIRECTS


class Busy(FetchFailed):
    """Too many others are being looked up at this moment: try again soon."""

    obstacle = Obstacle.BUSY


class BudgetSpent(FetchFailed):
    """One verification asked for more than a verification may cost: for more time, or for more documents."""

    obstacle = Obstacle.TOO_MANY_DOCUMENTS


# --- The face ---------------------------------------------------------------------------------------------------


@dataclass
class Budget:
    """What all requests of one verification may cost together; the clock runs from the moment it is made."""

    seconds: float = 20.0
    requests: int = 25
    bytes: int = 8 * 1024 * 1024
    _deadline: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._deadline = time.monotonic() + self.seconds

    def begin(self) -> float:
        """Count one address that is asked for, and return its deadline. Raises `BudgetSpent`."""
        now = time.monotonic()
        if now >= self._deadline:
            sentence = _("Looking everything up takes too long; this was not asked for any more.")
            raise BudgetSpent(sentence, obstacle=Obstacle.OUT_OF_TIME)
        return min(self._deadline, now + TOTAL_SECONDS)

    def spend_request(self) -> None:
        """Count one request. Raises `BudgetSpent`."""
        if self.requests <= 0 or self.bytes <= 0:
            raise BudgetSpent(_("This badge refers to more documents than can be looked up at once."))
        self.requests -= 1

    def close(self) -> None:
        """Allow nothing more."""
        self.requests = 0

    def spend_bytes(self, count: int) -> None:
        """Count what came over the network."""
        self.bytes -= count


def fetcher(budget: Budget, *, own: Callable[[str], Fetched | None] | None = None) -> Fetch:
    """Return the `fetch` of one verification: it GETs public addresses and never costs more than the budget.

    `own` is asked first, for each address and each redirect: what it answers is taken without a network; None means
    that the address is not ours. The fetch returns status, type and body of the last answer, and the address that gave
    it. It raises `FetchFailed`, one of the kinds above, whose message tells a person why.
    """

    def fetch(url: str) -> Fetched:
        return _fetch(url, budget, own or (lambda _url: None))

    return fetch


def fetch_any(url: str) -> Fetched:
    """GET one public address, with a budget of its own; see `fetcher`."""
    return fetcher(Budget())(url)


_PLACES = threading.BoundedSemaphore(MAX_AT_ONCE)


@contextmanager
def _place(budget: Budget) -> Iterator[None]:
    """Hold one of the few places; who finds none for a second is sent away, and waits for no other address either.

    So servers that answer to nobody can hold up other verifications, but never the whole site.
    """
    places = _PLACES
    if not places.acquire(timeout=WAIT_FOR_PLACE_SECONDS):
        budget.close()
        raise Busy(_("Many badges are being looked up at this moment. Try again in a minute."))
    try:
        yield
    finally:
        places.release()


# --- One address after the other ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Target:
    """Where a request goes, taken apart and judged as far as words can be."""

    scheme: str
    host: str
    port: int
    path: str


def _fetch(url: str, budget: Budget, own: Callable[[str], Fetched | None]) -> Fetched:
    deadline = budget.begin()
    address = url
    for _hop in range(MAX_REDIRECTS + 1):
        target = _target(address)
        if (ours := own(address)) is not None:
            return ours
        if target.port not in _PORTS and not settings.OUTBOUND_ALLOW_LOOPBACK:
            _refuse_port(target)
        budget.spend_request()
        with _place(budget), _refusals(target.host):
            answer, location = _ask(target, address, deadline, budget)
        if location is None:
            return answer
        address = _next(address, location)
    host = _host_of(url)
    raise TooManyRedirects(_("%(host)s sends from one address to the next without end.") % {"host": host}, host=host)


def _next(address: str, location: str) -> str:
    try:
        following = urljoin(address, location)
        insecure = urlsplit(address).scheme == "https" and urlsplit(following).scheme == "http"
    except ValueError:
        raise NotAWebAddress(_("This is not a web address.")) from None
    if insecure:
        host = _host_of(address)
        raise NotSecure(
            _("%(host)s sends from its secure address to one that is not secure.") % {"host": host}, host=host
        )
    return following


def _target(address: str) -> _Target:
    if len(address) > MAX_URL_LENGTH or _BLANK_OR_CONTROL.search(address):
        raise NotAWebAddress(_("This is not a web address."))
    try:
        parts = urlsplit(address)
        port = parts.port
        host = _host(parts.hostname or "")
    except ValueError:
        raise NotAWebAddress(_("This is not a web address.")) from None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        raise NotAWebAddress(_("This is not a public web address."))
    if port is None:
        port = _USUAL_PORTS[parts.scheme]
    path = quote(parts.path or "/", safe=_KEPT_IN_PATH) + (
        f"?{quote(parts.query, safe=_KEPT_IN_PATH)}" if parts.query else ""
    )
    return _Target(parts.scheme, host, port, path)


def _host(name: str) -> str:
    """Return a host name in ASCII without a final dot, or an IPv6 address; raise ValueError for anything else."""
    if ":" in name and "%" not in name:
        return str(ipaddress.IPv6Address(name))
    name = name.removesuffix(".")
    if len(name) > 253:
        raise ValueError(name)
    ascii_name = (name if name.isascii() else name.encode("idna").decode("ascii")).lower()
    if name and not _HOST.fullmatch(ascii_name):
        raise ValueError(name)
    return ascii_name


def _refuse_port(target: _Target) -> NoReturn:
    raise NotAWebAddress(
        _("%(host)s is asked for on port %(port)d, where no web pages are.")
        % {"host": target.host, "port": target.port},
        host=target.host,
    )


# --- One request --------------------------------------------------------------------------------------------------


def _ask(target: _Target, address: str, deadline: float, budget: Budget) -> tuple[Fetched, str | None]:
    """Return the answer, or with a redirect where it leads; the body of a redirect is not read."""
    wire = _connect(target, deadline, most=min(MAX_PICTURE_BYTES, budget.bytes) + MAX_HEADER_BYTES)
    try:
        wire.sendall(_request(target))
        with http.client.HTTPResponse(wire, method="GET") as response:  # type: ignore[arg-type] # of a socket it asks makefile()
            response.begin()
            location = response.getheader("Location") if response.status in _REDIRECTS else None
            if location is not None:
                return Fetched(url=address, status=response.status, content_type="", body=b""), _as_text(location)
            content_type = response.getheader("Content-Type", "")
            body = _body(response, target.host, pictures=content_type.lower().lstrip().startswith("image/"))
            return Fetched(url=address, status=response.status, content_type=content_type, body=body), None
    finally:
        budget.spend_bytes(wire.count)
        wire.close()


def _request(target: _Target) -> bytes:
    """Return the text of the request; host and path are in ASCII, without blanks and control characters."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    if target.port != _USUAL_PORTS[target.scheme]:
        host = f"{host}:{target.port}"
    lines = [f"GET {target.path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in _HEADERS.items())]
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def _as_text(header: str) -> str:
    """Servers write addresses with letters beyond ASCII in UTF-8, which http.client reads as Latin-1."""
    try:
        return header.strip().encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header.strip()


def _body(response: http.client.HTTPResponse, host: str, *, pictures: bool) -> bytes:
    limit = MAX_PICTURE_BYTES if pictures else MAX_BYTES
    found = bytearray()
    for piece in _unpacked(response, host):
        found += piece
        if len(found) > limit:
            raise TooLarge(
                _("%(host)s answers with more than %(size)d MB, which no badge document is.")
                % {"host": host, "size": limit // (1024 * 1024)},
                host=host,
            )
    return bytes(found)


def _unpacked(response: http.client.HTTPResponse, host: str) -> Iterator[bytes]:
    """Yield the body in pieces. Nobody was asked to pack it; what is packed nevertheless unpacks in small steps."""
    packing = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if packing not in {"identity", "gzip", "x-gzip", "deflate"}:
        raise Garbled(_("%(host)s packs its answer in a way that was not asked for.") % {"host": host}, host=host)
    inflater = None if packing == "identity" else zlib.decompressobj(wbits=47)  # zlib or gzip, as it begins
    while piece := response.read(_STEP):
        if inflater is None:
            yield piece
            continue
        while piece and not inflater.eof:
            yield inflater.decompress(piece, _STEP)
            piece = inflater.unconsumed_tail
    if response.length or (inflater is not None and not inflater.eof):
        raise BrokenOff(_("%(host)s broke off in the middle of its answer.") % {"host": host}, host=host)


class _Wire(io.RawIOBase):
    """A connection of which every read is cut to the deadline, and which ends after so many bytes."""

    def __init__(self, connected: socket.socket, deadline: float, *, host: str, most: int) -> None:
        super().__init__()
        self._socket = connected
        self._deadline = deadline
        self._host = host
        self._most = most
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._socket.settimeout(_left(self._deadline, READ_SECONDS))
        got = self._socket.recv_into(buffer)
        self.count += got
        if self.count > self._most:
            sentence = _("%(host)s answers with more than any badge document has.") % {"host": self._host}
            raise TooLarge(sentence, host=self._host)
        return got

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self, _STEP)

    def sendall(self, data: bytes) -> None:
        self._socket.settimeout(_left(self._deadline, READ_SECONDS))
        self._socket.sendall(data)

    def close(self) -> None:
        self._socket.close()
        super().close()


def _left(deadline: float, most: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return min(left, most)


# --- Names, addresses, connections --------------------------------------------------------------------------------


def _connect(target: _Target, deadline: float, *, most: int) -> _Wire:
    problem: OSError = OSError()
    for ip in _addresses(target, deadline):
        connected = socket.socket(socket.AF_INET6 if ip.version == 6 else socket.AF_INET, socket.SOCK_STREAM)
        try:
            connected.settimeout(_left(deadline, CONNECT_SECONDS))
            connected.connect((str(ip), target.port))
            if target.scheme == "https":
                connected.settimeout(_left(deadline, READ_SECONDS))
                connected = _tls().wrap_socket(connected, server_hostname=target.host)
        except ssl.SSLError:
            connected.close()
            raise
        except OSError as failed:
            connected.close()
            problem = failed
            continue
        return _Wire(connected, deadline, host=target.host, most=most)
    raise problem


@cache
def _tls() -> ssl.SSLContext:
    """Trust whom this machine trusts, and the public authorities on machines that know none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _addresses(target: _Target, deadline: float) -> list[IpAddress]:
    """Return the public addresses of a host. Raises NotPublic when it has others only."""
    found = [_unmapped(ipaddress.ip_address(one)) for one in _looked_up(target.host, target.port, deadline)]
    listed = target.port in _PORTS
    usable = [ip for ip in found if (listed and is_public(ip)) or (settings.OUTBOUND_ALLOW_LOOPBACK and ip.is_loopback)]
    if not usable:
        if not listed and any(map(is_public, found)):
            _refuse_port(target)
        raise NotPublic(_("%(host)s is not a public address.") % {"host": target.host}, host=target.host)
    return usable[:_MAX_ADDRESSES_TRIED]


def is_public(ip: IpAddress) -> bool:
    """Whether an address belongs to the public Internet, judged without asking anybody."""
    if any(ip in network for network in _NOT_PUBLIC if network.version == ip.version):
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        return ip in _PUBLIC_V6 and ip.is_global and ip.scope_id is None
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _unmapped(ip: IpAddress) -> IpAddress:
    """An IPv4 address in the clothes of IPv6 (::ffff:127.0.0.1) is connected to, so judged, as what it is."""
    return (ip.ipv4_mapped or ip) if isinstance(ip, ipaddress.IPv6Address) else ip


# A resolver cannot be interrupted: look-ups that nobody waits for any more go on in their threads for a while. Where
# so many do, something is wrong, and no more are begun.
_LOOKUPS = threading.BoundedSemaphore(32)


def _looked_up(host: str, port: int, deadline: float) -> list[str]:
    answers: queue.SimpleQueue[list[Any] | Exception] = queue.SimpleQueue()
    places = _LOOKUPS

    def look_up() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, ValueError, RuntimeError) as problem:
            answers.put(problem)
        finally:
            places.release()

    if not places.acquire(blocking=False):
        sentence = _("%(host)s could not be looked up: too many names are being looked up.") % {"host": host}
        raise NotLookedUp(sentence, host=host)
    threading.Thread(target=look_up, name=f"look up {host}", daemon=True).start()
    try:
        answer = answers.get(timeout=_left(deadline, LOOKUP_SECONDS))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return list(dict.fromkeys(sockaddr[0] for *_kind, sockaddr in answer))


@contextmanager
def _refusals(host: str) -> Iterator[None]:
    """Turn what libraries raise into sentences."""
    words = {"host": host}
    try:
        yield
    except FetchFailed:
        raise
    except TimeoutError as problem:
        raise TooSlow(_("%(host)s did not answer in time.") % words, host=host) from problem
    except ssl.SSLCertVerificationError as problem:
        raise BadCertificate(_("%(host)s has no valid certificate.") % words, host=host) from problem
    except ssl.SSLError as problem:
        sentence = _("%(host)s has no secure connection, which its address promises.") % words
        raise NotSecure(sentence, host=host) from problem
    except socket.gaierror as problem:
        raise _unnamed(host, problem) from problem
    except (http.client.HTTPException, zlib.error, ValueError) as problem:
        raise Garbled(_("%(host)s does not answer as a web server does.") % words, host=host) from problem
    except ConnectionRefusedError as problem:
        raise Refused(_("%(host)s refused the connection.") % words, host=host) from problem
    except OSError as problem:
        raise NoAnswer(_("%(host)s could not be reached.") % words, host=host) from problem


def _unnamed(host: str, problem: socket.gaierror) -> NoAnswer:
    words = {"host": host}
    if problem.errno in _NO_SUCH_NAME:
        return NoSuchHost(_("There is no server called %(host)s.") % words, host=host)
    return NotLookedUp(_("%(host)s could not be looked up.") % words, host=host)


# What the resolver says of names that are not there; with everything else the resolver itself has a problem.
_NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or _("This address")
    except ValueError:
        return _("This address")
