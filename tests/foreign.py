"""An issuer elsewhere: a small server of this machine that publishes badges as any issuer of the world does.

`ForeignIssuer.documents` is what it answers; tests change it to break or revoke something.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from badgeserver.openbadges import baking, keys
from badgeserver.openbadges.documents import (
    Alignment,
    Assertion,
    BadgeClass,
    Criteria,
    CryptographicKey,
    HostedVerification,
    Image,
    Profile,
    RevocationList,
    RevokedEntry,
    SignedVerification,
)
from badgeserver.openbadges.identity import hashed_email
from badgeserver.openbadges.jws import sign
from tests.factories.badges import png

OTHERS = ("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418", "urn:uuid:3c574c87-b96f-4f06-8eb5-68a29335b60e")
SIGNED = "urn:uuid:a953081a-4bbd-4927-9653-7219bca00e3b"
HOLDER = "rita@mail.example.org"
ISSUED = datetime(2024, 5, 1, 12, tzinfo=UTC)
LONG_AGO = datetime(2025, 5, 1, 12, tzinfo=UTC)


class ForeignIssuer:
    """Everything that an issuer publishes, by path: (status, media type, body)."""

    def __init__(self, origin: str, *, picture: bytes | None = None, name: str = "Harbour Institute") -> None:
        self.origin = origin
        self.key = keys.generate_private_key()
        self.picture = picture or png()
        self.answers: dict[str, tuple[int, str, bytes]] = {}
        self.asked: list[str] = []
        self.patience = threading.Event()
        self.patience.set()
        self.publish(
            "/issuer",
            Profile(
                id=f"{origin}/issuer",
                name=name,
                url=f"{origin}/",
                email="office@harbour.example.net",
                public_key=f"{origin}/key",
                revocation_list=f"{origin}/revocations",
            ).to_json()
            | {"motto": "Learning at the quay"},
        )
        self.publish(
            "/key",
            CryptographicKey(
                id=f"{origin}/key", owner=f"{origin}/issuer", public_key_pem=keys.public_key_pem(self.key)
            ).to_json(),
        )
        self.revoke()
        self.publish(
            "/badge",
            BadgeClass(
                id=f"{origin}/badge",
                name="Crane Signals",
                description="Guides a crane by hand signals without a word, also at night.",
                image=Image(id=f"{origin}/picture.png", caption="Two hands under a hook"),
                criteria=Criteria(narrative="Guide **three** lifts that an examiner watches."),
                issuer=f"{origin}/issuer",
                alignment=[
                    Alignment(target_name="Coordinate lifting", target_url=f"{origin}/skill", target_framework="ESCO")
                ],
                tags=["harbour", "safety"],
            ).to_json(),
        )
        self.answers["/picture.png"] = (200, "image/png", self.picture)
        self.publish("/valid", self.award("valid"))
        self.publish("/expired", self.award("expired", expires=LONG_AGO))
        self.publish("/revoked", {"id": f"{origin}/revoked", "revoked": True, "revocationReason": "Taken twice"}, 410)

    def award(self, name: str, *, expires: datetime | None = None, holder: str = HOLDER, **more: object) -> dict:
        return Assertion(
            id=f"{self.origin}/{name}",
            recipient=hashed_email(holder, "salt"),
            badge=f"{self.origin}/badge",
            verification=HostedVerification(),
            issued_on=ISSUED,
            expires=expires or datetime.now(tz=UTC) + timedelta(days=400),
            narrative="Three lifts on a windy day.",
        ).to_json() | {"harbourNumber": 42, **more}

    def signed(self, *, id: str = SIGNED, expires: datetime | None = None) -> str:  # noqa: A002 -- the standard's word
        document = Assertion(
            id=id,
            recipient=hashed_email(HOLDER, "salt"),
            badge=f"{self.origin}/badge",
            verification=SignedVerification(creator=f"{self.origin}/key"),
            issued_on=ISSUED,
            expires=expires,
        ).to_json()
        return sign(json.dumps(document).encode(), self.key)

    def tampered(self) -> str:
        head, _payload, signature = self.signed().split(".")
        _head, other, _signature = self.signed(id=OTHERS[0]).split(".")
        return f"{head}.{other}.{signature}"

    def baked(self, text: str | None = None) -> bytes:
        return baking.bake(self.picture, text or self.signed())

    def publish(self, path: str, document: dict, status: int = 200) -> str:
        body = json.dumps(document, ensure_ascii=False, indent=1).encode()
        self.answers[path] = (status, "application/ld+json", body)
        return f"{self.origin}{path}"

    def revoke(self, *ids: str) -> None:
        """Publish the revocation list with these in it."""
        entries = [RevokedEntry(id=one, reason="Taken twice") for one in ids]
        entries += [RevokedEntry(id=one) for one in OTHERS[:1] * bool(len(ids) == 1)]
        origin = self.origin
        document = RevocationList(id=f"{origin}/revocations", issuer=f"{origin}/issuer", revoked=entries)
        self.publish("/revocations", document.to_json())

    def url(self, name: str) -> str:
        return f"{self.origin}/{name}"


@contextmanager
def foreign_issuer(*, picture: bytes | None = None, name: str = "Harbour Institute") -> Iterator[ForeignIssuer]:
    """Run an issuer while the block runs. `patience.clear()` keeps everybody waiting who asks it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked.append(self.path)
            issuer.patience.wait(30)
            missing = (404, "text/plain", b"Not here")
            status, media_type, body = issuer.answers.get(self.path.split("?")[0], missing)
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the server's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = ForeignIssuer(f"http://127.0.0.1:{server.server_port}", picture=picture, name=name)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        issuer.patience.set()
        server.shutdown()
        server.server_close()
        thread.join()
