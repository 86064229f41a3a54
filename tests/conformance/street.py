"""Many little worlds of badges on one server of this machine, each of which believes to be badges.example.org.

The worlds are those that the tests of the pure verifier break; here strangers can visit them too.
"""

import http.client
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urljoin, urlsplit

from badgeserver.openbadges import keys
from badgeserver.openbadges.errors import FetchFailed
from badgeserver.openbadges.fetching import Fetched
from tests.openbadges.verification.world import HOSTED, World

#: Every host that the worlds speak of; all lead to the server.
HOSTS = ("badges.example.org", "badges.example.org.evil.example", "famous.example.com", "cdn.example.net")
FAR_AWAY = "2099-12-31T23:59:59Z"
MAX_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Moved:
    """An address that sends everybody to another one."""

    to: str


@dataclass(frozen=True, slots=True)
class House:
    """One world and how strangers get there."""

    world: World
    public: Mapping[str, str]
    """What `judge` needs to find its addresses."""

    def fetch(self, url: str) -> Fetched:
        """Fetch over HTTP as our own server fetches: following redirects, whatever the status. Raises `FetchFailed`."""
        here = url
        for _step in range(MAX_REDIRECTS):
            parts = urlsplit(here)
            goal = self.public.get(f"{parts.scheme}://{parts.netloc}")
            if goal is None:
                raise FetchFailed("no such host")
            server = urlsplit(goal)
            connection = http.client.HTTPConnection(server.hostname or "", server.port, timeout=20)
            try:
                connection.request("GET", server.path + here.removeprefix(f"{parts.scheme}://{parts.netloc}"))
                answer = connection.getresponse()
                body = answer.read()
            finally:
                connection.close()
            if answer.status not in {301, 302, 303, 307, 308}:
                return Fetched(here, answer.status, answer.headers.get("Content-Type", ""), body)
            here = urljoin(here, answer.headers["Location"])
        raise FetchFailed("redirected without end")


class Street:
    """The worlds, by name."""

    def __init__(self, port: int, private_key: keys.PrivateKey) -> None:
        self.server = f"http://127.0.0.1:{port}"
        self.private_key = private_key
        self.worlds: dict[str, World] = {}

    def build(self, name: str) -> House:
        """Make a good world, whose badges last long enough for the clocks of strangers."""
        world = self.worlds[name] = World(self.private_key)
        world.documents[HOSTED]["expires"] = world.signed["expires"] = FAR_AWAY
        return House(world, {f"https://{host}": f"{self.server}/{name}/{host}" for host in HOSTS})

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        name, host, rest = path.lstrip("/").split("/", 2)
        world, url = self.worlds[name], f"https://{host}/{rest}"
        found = world.documents.get(url)
        status = world.statuses.get(url, 404 if found is None else 200)
        if isinstance(found, Moved):
            return 302, {"Location": found.to}, b""
        if isinstance(found, bytes):
            return status, {"Content-Type": _media_type(found)}, found
        return status, {"Content-Type": "application/ld+json"}, json.dumps(found or {}).encode()


def _media_type(body: bytes) -> str:
    if body.startswith(b"\x89PNG"):
        return "image/png"
    return "image/svg+xml" if b"<svg" in body[:300] else "application/ld+json"


@contextmanager
def street(private_key: keys.PrivateKey) -> Iterator[Street]:
    """Serve worlds while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = worlds.answer(self.path)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the server's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    worlds = Street(server.server_port, private_key)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield worlds
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
