"""The door out: real sockets on this machine, and nothing else reached."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from badgeserver import outbound
from badgeserver.openbadges.errors import FetchFailed


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/loop":
            self.answer(302, location="/loop")
        elif self.path == "/moved":
            self.answer(302, location="/document")
        elif self.path == "/inside":
            self.answer(302, location="http://10.0.0.1/secret")
        elif self.path == "/file":
            self.answer(302, location="file:///etc/passwd")
        elif self.path == "/huge":
            self.answer(200, body=b"x" * (outbound.MAX_BYTES + 1))
        elif self.path == "/gone":
            self.answer(410, body=b'{"revoked":true}')
        else:
            self.answer(200, body=b'{"type":"Assertion"}')

    def answer(self, status: int, *, body: bytes = b"", location: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/ld+json")
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Tests are quiet."""


@pytest.fixture
def site(loopback) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_fetch_returns_what_was_answered(site):
    found = outbound.fetch(f"{site}/document", allow_loopback=True)

    assert (found.status, found.content_type, found.body) == (200, "application/ld+json", b'{"type":"Assertion"}')


def test_fetch_follows_a_redirect(site):
    assert outbound.fetch(f"{site}/moved", allow_loopback=True).url == f"{site}/document"


def test_fetch_returns_a_status_that_is_not_200(site):
    assert outbound.fetch(f"{site}/gone", allow_loopback=True).status == 410


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/loop", "127.0.0.1 sends from one address to the next without end."),
        ("/inside", "10.0.0.1 is not a public address."),
        ("/file", "This is not a public web address."),
        ("/huge", "127.0.0.1 answers with more than 1 MB, which no badge document is."),
    ],
)
def test_fetch_refuses(site, path, sentence):
    with pytest.raises(FetchFailed) as refusal:
        outbound.fetch(f"{site}{path}", allow_loopback=True)

    assert str(refusal.value) == sentence


def test_fetch_refuses_this_machine(site):
    with pytest.raises(FetchFailed) as refusal:
        outbound.fetch(site.replace("127.0.0.1:", "127.0.0.1:80/?"))

    assert str(refusal.value) == "127.0.0.1 is not a public address."


@pytest.mark.parametrize(
    "address",
    [
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
        "http://0x7f000001/",
        "http://2130706433/",
    ],
)
def test_fetch_refuses_private_addresses_in_every_spelling(loopback, address):
    with pytest.raises(FetchFailed, match="is not a public address"):
        outbound.fetch(address)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org",
        "http://user:pass@example.org/",
        "http://",
        "",
        "http://[",
        "x" * 5000,
    ],
)
def test_fetch_refuses_what_is_no_web_address(address):
    with pytest.raises(FetchFailed, match="This is not a"):
        outbound.fetch(address)


def test_fetch_refuses_ports_without_web_pages():
    with pytest.raises(FetchFailed, match="on port 22"):
        outbound.fetch("http://example.org:22/")


def test_fetch_says_when_nobody_answers(loopback):
    with pytest.raises(FetchFailed) as refusal:
        outbound.fetch("http://127.0.0.1:1/", allow_loopback=True)

    assert str(refusal.value) == "127.0.0.1 could not be reached."
