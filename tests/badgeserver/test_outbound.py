"""The door out: real sockets on this machine, and nothing else reached."""

import contextlib
import errno
import gzip
import ipaddress
import socket
import socketserver
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core import checks

from badgeserver import outbound
from badgeserver.openbadges.errors import FetchFailed
from badgeserver.openbadges.fetching import Fetched
from badgeserver.openbadges.obstacles import Obstacle
from tests.fuzz.hostile import bomb

DOCUMENT = b'{"type":"Assertion"}'
MB = 1024 * 1024
DEAD_LINE = 0.6
# A slow machine is not a failure: what must end after 0.6 seconds would otherwise last for ever.
SOON = 20.0

Answer = Callable[[socket.socket, str], None]


class Site(socketserver.ThreadingTCPServer):
    """Answers each path with a function that writes to the socket as it likes."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.requests: list[str] = []
        self.answers: dict[str, Answer] = {}
        self.context = context
        self.greeting = b""
        self.closing = threading.Event()
        scheme = "https" if context else "http"
        self.url = f"{scheme}://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *args: object) -> None:
        """Whoever asks hangs up in the middle; that is the point."""


class Visit(socketserver.BaseRequestHandler):
    server: Site

    def handle(self) -> None:
        if not self.server.context:
            self.serve(self.request)
            return
        with self.server.context.wrap_socket(self.request, server_side=True) as connection:
            self.serve(connection)

    def serve(self, connection: socket.socket) -> None:
        if self.server.greeting:
            connection.sendall(self.server.greeting)
            return
        asked = b""
        while b"\r\n\r\n" not in asked:
            piece = connection.recv(4096)
            if not piece:
                return
            asked += piece
        self.server.requests.append(asked.decode())
        path = asked.split()[1].decode()
        self.server.answers.get(path, answer())(connection, path)
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_WR)


def answer(body: bytes = DOCUMENT, *, status: int = 200, **headers: str) -> Answer:
    """Return an answer as a proper server gives it; headers are named with underscores."""
    shown = {"Content-Type": "application/ld+json", "Content-Length": str(len(body))}
    shown |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in shown.items() if value)
    whole = f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode("latin-1") + body
    return lambda connection, _path: connection.sendall(whole)


def moved(location: str, status: int = 302) -> Answer:
    return answer(b"", status=status, Location=location)


def forever(beginning: bytes, piece: bytes, *, pause: float = 0.05) -> Answer:
    """Return an answer that does not end before the other side hangs up."""

    def drip(connection: socket.socket, _path: str) -> None:
        connection.sendall(beginning)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            connection.sendall(piece)
            if pause:
                time.sleep(pause)

    return drip


@contextlib.contextmanager
def running(site: Site) -> Iterator[Site]:
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        thread.join()
        site.server_close()


@pytest.fixture
def site(loopback, settings) -> Iterator[Site]:
    settings.OUTBOUND_ALLOW_LOOPBACK = True
    with running(Site()) as started:
        yield started


@pytest.fixture
def names(monkeypatch) -> dict[str, list[str]]:
    """Names that resolve to these addresses; all others resolve as ever."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def look_up(host: str, port: int, **kind: object) -> list[object]:
        if host not in known:
            return real(host, port, **kind)
        return [
            (socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))
            for ip in known[host]
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


def refusal(url: str, *, kind: type[FetchFailed] = FetchFailed, budget: outbound.Budget | None = None) -> str:
    with pytest.raises(FetchFailed) as caught:
        outbound.fetcher(budget or outbound.Budget())(url)
    assert type(caught.value) is kind
    return str(caught.value)


# --- What is answered ---------------------------------------------------------------------------------------


def test_fetch_returns_what_was_answered(site):
    assert outbound.fetch_any(f"{site.url}/a?b=c") == Fetched(
        url=f"{site.url}/a?b=c", status=200, content_type="application/ld+json", body=DOCUMENT
    )


def test_fetch_returns_a_status_that_is_not_200(site):
    site.answers["/gone"] = answer(b'{"revoked":true}', status=410)

    found = outbound.fetch_any(f"{site.url}/gone")

    assert (found.status, found.body) == (410, b'{"revoked":true}')


def test_fetch_reads_an_answer_in_chunks(site):
    site.answers["/"] = lambda connection, _path: connection.sendall(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n"
    )

    assert outbound.fetch_any(site.url).body == b"hello!"


def test_fetch_reads_an_answer_that_ends_with_the_connection(site):
    site.answers["/"] = answer(b"all of it", Content_Length="")

    assert outbound.fetch_any(site.url).body == b"all of it"


def test_fetch_tells_nothing_about_us_or_about_earlier_answers(site):
    site.answers["/first"] = answer(b"", status=302, Location="/second", Set_Cookie="who=you")

    outbound.fetch_any(f"{site.url}/first#part")

    rest = (
        f"HTTP/1.1\r\nHost: {site.url.removeprefix('http://')}\r\n"
        "Accept: application/ld+json, application/json, image/png, image/svg+xml\r\n"
        "Accept-Encoding: identity\r\nUser-Agent: badgeserver (Open Badges verifier)\r\nConnection: close\r\n\r\n"
    )
    assert site.requests == [f"GET /first {rest}", f"GET /second {rest}"]


def test_fetch_asks_no_proxy_and_reads_no_passwords_of_this_machine(site, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ada password secret\n", encoding="ascii")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1/")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1/")

    assert outbound.fetch_any(site.url).body == DOCUMENT
    assert "Authorization" not in site.requests[0]


def test_fetch_encodes_what_an_address_may_not_hold(site):
    outbound.fetch_any(f'{site.url}/é/"a"/%20?q=ü&r=<b>')

    assert site.requests[0].splitlines()[0] == "GET /%C3%A9/%22a%22/%20?q=%C3%BC&r=%3Cb%3E HTTP/1.1"


# --- Redirects ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_fetch_follows_a_redirect(site, status):
    site.answers["/moved"] = moved("/document", status)

    assert outbound.fetch_any(f"{site.url}/moved").url == f"{site.url}/document"


def test_fetch_follows_three_redirects_and_no_more(site):
    site.answers |= {f"/{n}": moved(f"/{n - 1}") for n in range(1, 5)}

    assert outbound.fetch_any(f"{site.url}/3").url == f"{site.url}/0"
    assert refusal(f"{site.url}/4", kind=outbound.TooManyRedirects) == (
        "127.0.0.1 sends from one address to the next without end."
    )


def test_fetch_does_not_run_in_circles(site):
    site.answers["/loop"] = moved("/loop")

    refusal(f"{site.url}/loop", kind=outbound.TooManyRedirects)

    assert len(site.requests) == 4


def test_fetch_does_not_read_the_body_of_a_redirect(site):
    site.answers["/moved"] = forever(b"HTTP/1.1 302 Found\r\nLocation: /document\r\n\r\n", b"x")

    assert outbound.fetch_any(f"{site.url}/moved").body == DOCUMENT


def test_fetch_reads_a_location_in_utf_8(site):
    site.answers["/moved"] = moved("/é".encode().decode("latin-1"))

    outbound.fetch_any(f"{site.url}/moved")

    assert site.requests[1].startswith("GET /%C3%A9 ")


def test_fetch_takes_a_redirect_without_location_as_an_answer(site):
    site.answers["/"] = answer(b"choose", status=302)

    assert outbound.fetch_any(site.url).status == 302


@pytest.mark.parametrize(
    ("location", "kind", "sentence"),
    [
        ("http://10.0.0.1/secret", outbound.NotPublic, "10.0.0.1 is not a public address."),
        ("//169.254.169.254/latest/", outbound.NotPublic, "169.254.169.254 is not a public address."),
        ("http://[::ffff:10.0.0.1]/", outbound.NotPublic, "::ffff:a00:1 is not a public address."),
        ("http://192.0.2.1:22/", outbound.NotPublic, "192.0.2.1 is not a public address."),
        ("file:///etc/passwd", outbound.NotAWebAddress, "This is not a public web address."),
        ("javascript:alert(1)", outbound.NotAWebAddress, "This is not a public web address."),
        ("http://ada:secret@127.0.0.1/", outbound.NotAWebAddress, "This is not a public web address."),
        ("http://127.0.0.1 /", outbound.NotAWebAddress, "This is not a web address."),
        ("http://[", outbound.NotAWebAddress, "This is not a web address."),
        ("/" + "x" * 3000, outbound.NotAWebAddress, "This is not a web address."),
    ],
)
def test_fetch_judges_each_redirect(site, location, kind, sentence):
    site.answers["/moved"] = moved(location)

    assert refusal(f"{site.url}/moved", kind=kind) == sentence


def test_fetch_is_not_led_from_the_world_to_this_machine(site, settings, names, monkeypatch):
    """The first server looks public; it is this site, which only the connection knows."""
    settings.OUTBOUND_ALLOW_LOOPBACK = False
    names["badges.example.org"] = ["127.0.0.1"]
    real = outbound.is_public
    seen = []

    def public_once(ip: outbound.IpAddress) -> bool:
        seen.append(str(ip))
        return len(seen) == 1 or real(ip)

    monkeypatch.setattr(outbound, "is_public", public_once)
    monkeypatch.setattr(outbound, "_PORTS", {site.server_address[1]})
    site.answers["/moved"] = moved(f"{site.url}/secret")

    sentence = refusal(f"http://badges.example.org:{site.server_address[1]}/moved", kind=outbound.NotPublic)

    assert sentence == "127.0.0.1 is not a public address."
    assert [request.split()[1] for request in site.requests] == ["/moved"]


# --- Where it does not go -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://localhost/",
        "http://localhost./",
        "http://LOCALHOST/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://172.16.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://100.100.100.200/",
        "http://0.0.0.0/",
        "http://0/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://240.0.0.1/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://0x7f.0.0.0x1/",
        "http://１２７.０.０.１/",
        "http://127。0。0。1/",
        "http://[::]/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::127.0.0.1]/",
        "http://[64:ff9b:1::a00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[2001:0:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://[fd00:ec2::254]/",
        "http://[fec0::1]/",
        "http://[ff02::1]/",
    ],
)
def test_fetch_refuses_private_addresses_in_every_spelling(loopback, address):
    assert refusal(address, kind=outbound.NotPublic).endswith(" is not a public address.")


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        ("93.184.216.34", True),
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("2a00:1450:4001::1", True),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("203.0.113.1", False),
        ("192.88.99.1", False),
        ("192.0.0.10", False),
        ("100.127.255.255", False),
        ("2001:db8::1", False),
        ("2001:20::1", False),
        ("2002:808:808::1", False),
        ("3fff::1", False),
        ("5f00::1", False),
        ("100::1", False),
        ("64:ff9b::808:808", False),
        ("fe80::1%1", False),
        ("2606:4700::1111%1", False),
    ],
)
def test_is_public(ip, public):
    assert outbound.is_public(ipaddress.ip_address(ip)) is public


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org",
        "http://user:pass@example.org/",
        "http://@example.org/",
        "http://user@example.org/",
        "//example.org/",
        "example.org",
        "http://",
        "http://./",
        "",
        "http://[",
        "http://[::1%25lo]/",
        "http://[::1",
        "http://exam ple.org/",
        "http://example.org/\r\nHost: evil.example.org",
        "http://example.org\\@127.0.0.1/",
        "http://example.org\t/",
        "http://example.org:port/",
        "http://example.org:99999/",
        "http://exa$mple.org/",
        "http://a..b/",
        "http://-a.example.org/",
        "http://" + "a" * 300 + ".example.org/",
        "http://" + "a" * 64 + ".example.org/",
        "http://\ud800.example.org/",
        "x" * 5000,
        "http://example.org/" + "x" * 2000,
    ],
)
def test_fetch_refuses_what_is_no_web_address(address):
    assert refusal(address, kind=outbound.NotAWebAddress) in {
        "This is not a web address.",
        "This is not a public web address.",
    }


def test_fetch_refuses_ports_without_web_pages():
    assert refusal("http://example.org:22/", kind=outbound.NotAWebAddress) == (
        "example.org is asked for on port 22, where no web pages are."
    )
    refusal("http://example.org:0/", kind=outbound.NotAWebAddress)


def test_loopback_opens_other_ports_on_this_machine_only(loopback, settings, names):
    settings.OUTBOUND_ALLOW_LOOPBACK = True
    names["badges.example.org"] = ["93.184.216.34"]

    assert refusal("http://badges.example.org:22/", kind=outbound.NotAWebAddress) == (
        "badges.example.org is asked for on port 22, where no web pages are."
    )


def test_fetch_connects_to_the_address_that_was_judged(loopback, names, monkeypatch):
    """A resolver that says a public address first and this machine afterwards (DNS rebinding) is asked once."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]])
    asked, reached = [], []

    def look_up(host: str, port: int, **_kind: object) -> list[object]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in next(answers)]

    class Watched(socket.socket):
        def connect(self, address: tuple[str, int]) -> None:
            reached.append(address)
            raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "socket", Watched)

    assert refusal("http://rebind.example.org/", kind=outbound.Refused) == "rebind.example.org refused the connection."
    assert (asked, reached) == (["rebind.example.org"], [("93.184.216.34", 80)])


def test_fetch_passes_over_private_addresses_of_a_public_name(loopback, names, monkeypatch):
    reached = []

    class Watched(socket.socket):
        def connect(self, address: tuple[str, int]) -> None:
            reached.append(address[0])
            raise ConnectionRefusedError

    monkeypatch.setattr(socket, "socket", Watched)
    names["mixed.example.org"] = ["10.0.0.1", "93.184.216.34", "::1", "2606:4700::1111", "::ffff:8.8.8.8"]

    refusal("http://mixed.example.org/", kind=outbound.Refused)

    assert reached == ["93.184.216.34", "2606:4700::1111", "8.8.8.8"]


def test_fetch_tries_the_next_address_of_a_name(site, names):
    names["two.example.org"] = ["::1", "127.0.0.1"]

    assert outbound.fetch_any(site.url.replace("127.0.0.1", "two.example.org")).body == DOCUMENT


def test_fetch_takes_a_name_with_a_final_dot_for_the_same(site, names):
    names["badges.example.org"] = ["127.0.0.1"]

    outbound.fetch_any(site.url.replace("127.0.0.1", "Badges.Example.org."))

    assert f"Host: badges.example.org:{site.server_address[1]}\r\n" in site.requests[0]


def test_fetch_writes_names_beyond_ascii_as_the_network_does(site, names):
    names["xn--bcher-kva.example.org"] = ["127.0.0.1"]

    assert outbound.fetch_any(site.url.replace("127.0.0.1", "bücher.example.org")).body == DOCUMENT


# --- Time ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "slow",
    [
        forever(b"", b""),
        forever(b"HTTP/1.1 200 OK\r\n", b"X-Drip: drop\r\n"),
        forever(b"HTTP/1.1 200 OK\r\nX-Drip: ", b"d"),
        forever(b"HTTP", b" "),
        forever(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        forever(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x"),
        forever(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        forever(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x"),
        forever(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"Trailer: x\r\n"),
        forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["silence", "headers", "a header", "status", "body", "length", "chunks", "a chunk", "trailers", "continue"],
)
def test_fetch_ends_in_time_whatever_drips(site, slow):
    site.answers["/"] = slow
    began = time.monotonic()

    sentence = refusal(site.url, kind=outbound.TooSlow, budget=outbound.Budget(seconds=DEAD_LINE))

    assert sentence == "127.0.0.1 did not answer in time."
    assert DEAD_LINE - 0.1 < time.monotonic() - began < SOON


def test_fetch_counts_redirects_into_the_same_time(site):
    def late(connection: socket.socket, path: str) -> None:
        time.sleep(0.25)
        moved(f"{path}x")(connection, path)

    site.answers |= {f"/{'x' * n}": late for n in range(5)}
    began = time.monotonic()

    refusal(f"{site.url}/", kind=outbound.TooSlow, budget=outbound.Budget(seconds=DEAD_LINE))

    assert time.monotonic() - began < SOON
    assert len(site.requests) < 4


def test_fetch_does_not_wait_for_a_slow_name_server(loopback, monkeypatch):
    stop = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kind: stop.wait(30) or [])
    began = time.monotonic()

    sentence = refusal("https://slow.example.org/", kind=outbound.TooSlow, budget=outbound.Budget(seconds=DEAD_LINE))
    stop.set()

    assert sentence == "slow.example.org did not answer in time."
    assert time.monotonic() - began < SOON


def test_slow_name_servers_do_not_pile_up_threads(loopback, monkeypatch):
    stop = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kind: stop.wait(30) or [])
    monkeypatch.setattr(outbound, "_LOOKUPS", threading.BoundedSemaphore(2))

    said = [
        refusal("https://slow.example.org/", kind=kind, budget=outbound.Budget(seconds=0.05))
        for kind in (outbound.TooSlow, outbound.TooSlow, outbound.NotLookedUp)
    ]
    stop.set()

    assert said == [
        "slow.example.org did not answer in time.",
        "slow.example.org did not answer in time.",
        "slow.example.org could not be looked up: too many names are being looked up.",
    ]


# --- Size ---------------------------------------------------------------------------------------------------


def test_fetch_takes_a_megabyte_and_not_more(site):
    site.answers["/most"] = answer(b"x" * MB)
    site.answers["/more"] = answer(b"x" * (MB + 1))

    assert len(outbound.fetch_any(f"{site.url}/most").body) == MB
    assert refusal(f"{site.url}/more", kind=outbound.TooLarge) == (
        "127.0.0.1 answers with more than 1 MB, which no badge document is."
    )


def test_fetch_takes_larger_pictures(site):
    site.answers["/most"] = answer(b"x" * 4 * MB, Content_Type="image/png")
    site.answers["/more"] = answer(b"x" * (4 * MB + 1), Content_Type="image/png")

    assert len(outbound.fetch_any(f"{site.url}/most").body) == 4 * MB
    refusal(f"{site.url}/more", kind=outbound.TooLarge)


@pytest.mark.parametrize(
    "endless",
    [
        forever(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536, pause=0),
        forever(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n", pause=0),
        forever(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n", b"x" * 65_536, pause=0),
        forever(b"", b"HTTP/1.1 100 Continue\r\nX: " + b"y" * 60_000 + b"\r\n\r\n", pause=0),
    ],
    ids=["body", "chunks", "length", "continue"],
)
def test_fetch_ends_what_never_ends(site, endless):
    site.answers["/"] = endless

    refusal(site.url, kind=outbound.TooLarge)


@pytest.mark.parametrize(
    "packed",
    [
        ("gzip", gzip.compress(DOCUMENT, mtime=0)),
        ("GZIP", gzip.compress(DOCUMENT, mtime=0)),
        ("x-gzip", gzip.compress(DOCUMENT, mtime=0)),
        ("deflate", zlib.compress(DOCUMENT)),
    ],
    ids=lambda packed: packed[0],
)
def test_fetch_unpacks_what_nobody_asked_to_be_packed(site, packed):
    site.answers["/"] = answer(packed[1], Content_Encoding=packed[0])

    assert outbound.fetch_any(site.url).body == DOCUMENT


def test_fetch_is_not_filled_by_a_bomb(site):
    site.answers["/"] = answer(bomb(), Content_Encoding="deflate")

    refusal(site.url, kind=outbound.TooLarge)


@pytest.mark.parametrize(
    ("encoding", "body", "kind", "sentence"),
    [
        ("br", b"x", outbound.Garbled, "127.0.0.1 packs its answer in a way that was not asked for."),
        ("gzip, gzip", b"x", outbound.Garbled, "127.0.0.1 packs its answer in a way that was not asked for."),
        ("gzip", b"not packed at all", outbound.Garbled, "127.0.0.1 does not answer as a web server does."),
        (
            "gzip",
            gzip.compress(DOCUMENT, mtime=0)[:-9],
            outbound.BrokenOff,
            "127.0.0.1 broke off in the middle of its answer.",
        ),
    ],
)
def test_fetch_refuses_other_packings(site, encoding, body, kind, sentence):
    site.answers["/"] = answer(body, Content_Encoding=encoding)

    assert refusal(site.url, kind=kind) == sentence


# --- Nonsense -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "nonsense",
    [
        b"",
        b"<html>hello</html>",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 -20 OK\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 70_000,
    ],
)
def test_fetch_refuses_what_is_no_answer(site, nonsense):
    site.answers["/"] = lambda connection, _path: connection.sendall(nonsense)

    assert refusal(site.url, kind=outbound.Garbled) == "127.0.0.1 does not answer as a web server does."


@pytest.mark.parametrize(
    ("cut", "kind"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", outbound.BrokenOff),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhello", outbound.Garbled),
    ],
    ids=["length", "chunk"],
)
def test_fetch_does_not_take_a_part_for_the_whole(site, cut, kind):
    site.answers["/"] = lambda connection, _path: connection.sendall(cut)

    refusal(site.url, kind=kind)


def test_fetch_says_when_nobody_listens(loopback, settings):
    settings.OUTBOUND_ALLOW_LOOPBACK = True

    assert refusal("http://127.0.0.1:1/", kind=outbound.Refused) == "127.0.0.1 refused the connection."


def test_fetch_says_when_there_is_no_such_name(loopback, monkeypatch):
    def nobody(*_args: object, **_kind: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)

    assert refusal("http://nobody.example.org/", kind=outbound.NoSuchHost) == (
        "There is no server called nobody.example.org."
    )


def test_fetch_says_when_the_name_server_has_a_problem(loopback, monkeypatch):
    def busy(*_args: object, **_kind: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", busy)

    assert refusal("http://slow.example.org/", kind=outbound.NotLookedUp) == "slow.example.org could not be looked up."


def test_fetch_says_when_no_way_leads_there(loopback, names, monkeypatch):
    class Lost(socket.socket):
        def connect(self, _address: tuple[str, int]) -> None:
            raise OSError(errno.EHOSTUNREACH, "No route to host")

    monkeypatch.setattr(socket, "socket", Lost)
    names["far.example.org"] = ["93.184.216.34"]

    assert refusal("http://far.example.org/", kind=outbound.NoAnswer) == "far.example.org could not be reached."


def test_every_refusal_has_an_obstacle_of_its_own():
    kinds = [kind for kind in vars(outbound).values() if isinstance(kind, type) and issubclass(kind, FetchFailed)]
    obstacles = [kind.obstacle for kind in kinds if kind is not FetchFailed]

    assert len(set(obstacles)) == len(obstacles) == 15


def test_refusal_names_the_host_at_the_end_of_a_redirect(site):
    site.answers["/"] = moved("http://10.0.0.1/")
    with pytest.raises(outbound.NotPublic) as caught:
        outbound.fetch_any(site.url)

    assert (caught.value.host, caught.value.obstacle) == ("10.0.0.1", Obstacle.NOT_PUBLIC)


# --- Certificates -------------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path, monkeypatch) -> Iterator[Callable[..., ssl.SSLContext]]:
    """Make certificates for names, by an authority that this machine trusts unless told otherwise."""
    now = datetime.now(UTC)

    def build(name: str, *, days: int = 2, trusted: bool = True) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=5))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        whole = tmp_path / "server.pem"
        public = made.public_bytes(serialization.Encoding.PEM)
        whole.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + public
        )
        if trusted:
            (tmp_path / "trusted.pem").write_bytes(public)
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(whole)
        return context

    outbound._tls.cache_clear()
    yield build
    outbound._tls.cache_clear()


@pytest.fixture
def at_home(loopback, settings, names) -> None:
    settings.OUTBOUND_ALLOW_LOOPBACK = True
    names["badges.example.org"] = ["127.0.0.1"]


def secure(site: Site, path: str = "/") -> str:
    return f"https://badges.example.org:{site.server_address[1]}{path}"


def test_fetch_takes_a_certificate_for_the_name_that_was_asked_for(at_home, certificate):
    with running(Site(context=certificate("badges.example.org"))) as site:
        assert outbound.fetch_any(secure(site)).body == DOCUMENT


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "badges.example.org", "trusted": False},
        {"name": "other.example.org"},
        {"name": "badges.example.org", "days": -1},
    ],
    ids=["by nobody", "for another name", "expired"],
)
def test_fetch_refuses_other_certificates(at_home, certificate, wrong):
    with running(Site(context=certificate(**wrong))) as site:
        assert refusal(secure(site), kind=outbound.BadCertificate) == "badges.example.org has no valid certificate."
        assert site.requests == []


def test_fetch_refuses_plain_words_at_a_secure_address(at_home):
    with running(Site()) as site:
        site.greeting = b"HTTP/1.1 200 OK\r\n\r\n"

        assert refusal(secure(site), kind=outbound.NotSecure) == (
            "badges.example.org has no secure connection, which its address promises."
        )


def test_fetch_does_not_wait_for_a_handshake_that_does_not_come(at_home):
    with running(Site()) as site:
        sentence = refusal(secure(site), kind=outbound.TooSlow, budget=outbound.Budget(seconds=DEAD_LINE))

    assert sentence == "badges.example.org did not answer in time."


def test_fetch_is_not_led_from_a_secure_address_to_an_insecure_one(at_home, certificate):
    with running(Site(context=certificate("badges.example.org"))) as site:
        site.answers["/moved"] = moved("http://badges.example.org/")

        assert refusal(secure(site, "/moved"), kind=outbound.NotSecure) == (
            "badges.example.org sends from its secure address to one that is not secure."
        )


def test_fetch_ends_in_time_within_a_secure_connection(at_home, certificate):
    with running(Site(context=certificate("badges.example.org"))) as site:
        site.answers["/"] = forever(b"HTTP/1.1 200 OK\r\nX: ", b"y")
        began = time.monotonic()

        refusal(secure(site), kind=outbound.TooSlow, budget=outbound.Budget(seconds=DEAD_LINE))

        assert time.monotonic() - began < SOON


# --- The budget of a verification ---------------------------------------------------------------------------


def test_budget_counts_requests_redirects_too(site):
    site.answers["/moved"] = moved("/document")
    fetch = outbound.fetcher(outbound.Budget(requests=3))

    fetch(f"{site.url}/moved")
    fetch(f"{site.url}/document")
    with pytest.raises(outbound.BudgetSpent) as caught:
        fetch(f"{site.url}/document")

    assert str(caught.value) == "This badge refers to more documents than can be looked up at once."
    assert len(site.requests) == 3


def test_budget_counts_bytes(site):
    site.answers["/"] = answer(b"x" * 900_000)
    fetch = outbound.fetcher(outbound.Budget(bytes=1_500_000))

    fetch(site.url)
    with pytest.raises(outbound.TooLarge):
        fetch(site.url)
    with pytest.raises(outbound.BudgetSpent):
        fetch(site.url)


def test_budget_counts_time(site, monkeypatch):
    clock = SimpleNamespace(monotonic=lambda: 0.0)
    monkeypatch.setattr(outbound, "time", clock)
    fetch = outbound.fetcher(outbound.Budget(seconds=20))

    fetch(f"{site.url}/document")
    clock.monotonic = lambda: 20.0
    with pytest.raises(outbound.BudgetSpent) as caught:
        fetch(f"{site.url}/document")

    assert str(caught.value) == "Looking everything up takes too long; this was not asked for any more."
    assert caught.value.obstacle is Obstacle.OUT_OF_TIME
    assert len(site.requests) == 1


def test_hanging_servers_hold_few_threads(site, monkeypatch):
    monkeypatch.setattr(outbound, "WAIT_FOR_PLACE_SECONDS", 0.05)
    asked = threading.Barrier(outbound.MAX_AT_ONCE + 1)
    go_on = threading.Event()

    def hang(connection: socket.socket, path: str) -> None:
        asked.wait(20)
        go_on.wait(20)
        answer()(connection, path)

    site.answers["/hang"] = hang
    found: list[Fetched] = []
    waiting = [
        threading.Thread(target=lambda: found.append(outbound.fetch_any(f"{site.url}/hang")))
        for _ in range(outbound.MAX_AT_ONCE)
    ]
    for thread in waiting:
        thread.start()
    asked.wait(20)
    budget = outbound.Budget()

    said = refusal(f"{site.url}/document", kind=outbound.Busy, budget=budget)
    refusal(f"{site.url}/document", kind=outbound.BudgetSpent, budget=budget)
    go_on.set()
    for thread in waiting:
        thread.join()

    assert said == "Many badges are being looked up at this moment. Try again in a minute."
    assert [one.body for one in found] == [DOCUMENT] * outbound.MAX_AT_ONCE
    assert outbound.fetch_any(f"{site.url}/document").body == DOCUMENT


# --- Our own documents --------------------------------------------------------------------------------------


def ours(url: str) -> Fetched | None:
    if not url.startswith("http://badges.example.org/"):
        return None
    return Fetched(url=url, status=200, content_type="application/ld+json", body=b"ours")


def test_own_addresses_need_no_network_and_cost_nothing():
    fetch = outbound.fetcher(outbound.Budget(requests=0), own=ours)

    assert fetch("http://badges.example.org/public/assertions/1").body == b"ours"


def test_own_addresses_are_found_behind_a_redirect(site):
    site.answers["/short"] = moved("http://badges.example.org/public/assertions/1")

    found = outbound.fetcher(outbound.Budget(), own=ours)(f"{site.url}/short")

    assert (found.url, found.body) == ("http://badges.example.org/public/assertions/1", b"ours")


# --- The setting --------------------------------------------------------------------------------------------


def test_this_machine_is_refused_unless_the_setting_says_otherwise(site, settings):
    settings.OUTBOUND_ALLOW_LOOPBACK = False

    refusal(site.url, kind=outbound.NotAWebAddress)
    refusal("http://127.0.0.1/", kind=outbound.NotPublic)

    assert site.requests == []


def test_the_setting_opens_this_machine_only(loopback, settings):
    settings.OUTBOUND_ALLOW_LOOPBACK = True

    for address in ("http://10.0.0.1/", "http://169.254.169.254/", "http://0.0.0.0/", "http://[fe80::1]/"):
        refusal(address, kind=outbound.NotPublic)


@pytest.mark.parametrize(("allowed", "warnings"), [(False, []), (True, ["badgeserver.W001"])])
def test_deployment_check_warns_of_the_setting(settings, allowed, warnings):
    settings.OUTBOUND_ALLOW_LOOPBACK = allowed

    found = checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True)

    assert [message.id for message in found if message.id.startswith("badgeserver.")] == warnings
