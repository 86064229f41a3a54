"""A small internet in which one issuer publishes everything of one credential, for each test to break."""

import copy
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from badgeserver.openbadges import public_key_pem
from badgeserver.openbadges.errors import FetchFailed
from badgeserver.openbadges.fetching import Fetched
from badgeserver.openbadges.keys import PrivateKey
from badgeserver.openbadges.report import CheckCode, Outcome, Report
from badgeserver.openbadges.v3 import (
    CredentialRevocationList,
    PublishedKey,
    RevokedCredential,
    StatusListCredential,
    did_document,
    did_web,
    jwks,
    sign_credential,
    verify_credential,
)

SAMPLES = Path(__file__).parent.parent.parent / "samples"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOST = "https://badges.example.org"
ISSUER = f"{HOST}/ob3/issuers/1"
KID = f"{ISSUER}/keys/1"
DID = did_web(ISSUER)
STATUS = f"{ISSUER}/status/1"
REVOCATIONS = f"{ISSUER}/revocations"
PICTURE = f"{HOST}/public/badges/1/image.png"
INDEX = 94_567

Document = dict[str, object]


class World:
    """Addresses and what they answer; the credential as a document that a test may change before it is signed."""

    def __init__(self, private_key: PrivateKey) -> None:
        self.private_key = private_key
        self.key = PublishedKey(id=KID, public_key_pem=public_key_pem(private_key))
        self.credential: Document = json.loads((SAMPLES / "ob3/credential.unsigned.json").read_bytes())
        self.credential["credentialStatus"] = {
            "id": f"{STATUS}#{INDEX}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(INDEX),
            "statusListCredential": STATUS,
        }
        self.pages: dict[str, Fetched] = {}
        self.dead: set[str] = set()
        self.asked: list[str] = []
        self.serve(KID, self.key.to_jwk())
        self.serve(f"{ISSUER}/jwks.json", jwks([(self.key, ISSUER)]))
        self.serve(f"{ISSUER}/did.json", did_document(DID, [self.key], also_known_as=[ISSUER]))
        self.serve(PICTURE, (SAMPLES / "ob2/baked/unbaked.png").read_bytes())
        self.publish_status()
        self.serve(REVOCATIONS, CredentialRevocationList(id=REVOCATIONS, issuer=ISSUER).to_json())

    def serve(self, url: str, body: Mapping[str, object] | str | bytes, status: int = 200) -> None:
        raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.pages[url] = Fetched(url, status, "", raw)

    def publish_status(self, *revoked: int, key: PrivateKey | None = None, **changes: object) -> None:
        listed = StatusListCredential(id=STATUS, issuer=ISSUER, valid_from=NOW, revoked=revoked).to_json()
        self.serve(STATUS, sign_credential({**listed, **changes}, key or self.private_key, kid=KID))

    def publish_revocations(self, *entries: RevokedCredential) -> None:
        self.serve(REVOCATIONS, CredentialRevocationList(id=REVOCATIONS, issuer=ISSUER, revoked=entries).to_json())

    def fetch(self, url: str) -> Fetched:
        self.asked.append(url)
        if url in self.dead:
            raise FetchFailed("no answer")
        return self.pages.get(url) or Fetched(url, 404, "", b"")

    def changed(self, path: str, value: object) -> Document:
        """The credential with one member set, or taken out when ``value`` is ``...``; the path is dotted."""
        document = copy.deepcopy(self.credential)
        *parents, last = path.split(".")
        place: object = document
        for name in parents:
            place = place[int(name)] if isinstance(place, list) else place[name]  # type: ignore[index]
        if value is ...:
            del place[last]  # type: ignore[attr-defined]
        else:
            place[last] = value  # type: ignore[index]
        return document

    def signed(self, document: Document | None = None, *, kid: str = KID) -> str:
        return sign_credential(document or self.credential, self.private_key, kid=kid)

    def verify(self, source: str | bytes, *, recipient: str | None = None, now: datetime = NOW) -> Report:
        return verify_credential(source, fetch=self.fetch, now=now, recipient=recipient)

    def outcome(self, source: str | bytes, code: str, **changes: object) -> Outcome:
        check = self.verify(source, **changes).check(CheckCode(code))  # type: ignore[arg-type]
        assert check is not None
        return check.outcome
