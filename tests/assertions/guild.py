"""Another server, as far as endorsements need it: the Guild, its profile, what it says, and how it answers."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from badgeserver.openbadges import fetching, jws, keys
from badgeserver.openbadges.errors import FetchFailed
from badgeserver.openbadges.fetching import Fetched

BASE = "https://guild.example.org"
CONTEXT = "https://w3id.org/openbadges/v2"


class Guild:
    """Answers addresses of `pages`; whoever asks for another hears 404, and nothing at all while it is `away`."""

    def __init__(self, endorsed: str, *, base: str = BASE) -> None:
        self.base = base
        self.away = False
        self.gone: set[str] = set()
        self.address = f"{base}/endorsements/7"
        self.pages: dict[str, dict[str, Any]] = {
            f"{base}/profile": {
                "@context": CONTEXT,
                "type": "Issuer",
                "id": f"{base}/profile",
                "name": "Guild of Drivers",
                "url": f"{base}/",
                "email": "office@guild.example.org",
            },
            self.address: {
                "@context": CONTEXT,
                "type": "Endorsement",
                "id": self.address,
                "issuer": f"{base}/profile",
                "issuedOn": "2026-02-02T08:00:00Z",
                "claim": {"id": endorsed, "endorsementComment": "Our **members** learn by it."},
                "verification": {"type": "HostedBadge"},
                "note": "kept",
            },
        }

    @property
    def endorsement(self) -> dict[str, Any]:
        return self.pages[self.address]

    @property
    def profile(self) -> dict[str, Any]:
        return self.pages[f"{self.base}/profile"]

    @property
    def fetch(self) -> Callable[[str], Fetched]:
        def fetch(url: str) -> Fetched:
            if self.away:
                raise FetchFailed("guild.example.org did not answer in time.")
            if url in self.gone:
                return fetching.Fetched(url=url, status=410, content_type="application/ld+json", body=b"")
            if url not in self.pages:
                return fetching.Fetched(url=url, status=404, content_type="text/plain", body=b"")
            body = json.dumps(self.pages[url]).encode()
            return fetching.Fetched(url=url, status=200, content_type="application/ld+json", body=body)

        return fetch

    def sign(self) -> str:
        """Return the endorsement as a JWS, with a `urn:uuid` as its id; the Guild lists the key from now on."""
        private_key = keys.generate_private_key()
        key_address = f"{self.base}/key"
        self.profile["publicKey"] = key_address
        self.pages[key_address] = {
            "@context": CONTEXT,
            "type": "CryptographicKey",
            "id": key_address,
            "owner": f"{self.base}/profile",
            "publicKeyPem": keys.public_key_pem(private_key),
        }
        signed = {
            **self.endorsement,
            "id": "urn:uuid:4e0f9d0a-6f0f-4c57-9d0e-2f4f7f3c1a11",
            "verification": {"type": "SignedBadge", "creator": key_address},
        }
        return jws.sign(json.dumps(signed).encode(), private_key)


@contextmanager
def guild_on_this_machine(endorsed: str) -> Iterator[Guild]:
    """Serve the Guild's documents at a port of this machine."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = guild.fetch(f"{guild.base}{self.path}")
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        guild = Guild(endorsed, base=f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield guild
        server.shutdown()
