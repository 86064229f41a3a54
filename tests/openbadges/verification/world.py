"""A little web of badges to verify in: documents at their addresses, and a fetch that knows no others."""

import json
from datetime import UTC, datetime
from pathlib import Path

from badgeserver.openbadges import keys
from badgeserver.openbadges.documents import (
    Assertion,
    BadgeClass,
    Criteria,
    CryptographicKey,
    HostedVerification,
    Profile,
    Related,
    RevocationList,
    RevokedEntry,
    SignedVerification,
)
from badgeserver.openbadges.errors import FetchFailed
from badgeserver.openbadges.identity import hashed_email
from badgeserver.openbadges.jws import sign
from badgeserver.openbadges.verification import Fetched

SAMPLES = Path(__file__).parent.parent.parent / "samples"
PNG = (SAMPLES / "ob2/baked/unbaked.png").read_bytes()
SVG = (SAMPLES / "ob2/baked/unbaked.svg").read_bytes()
SITE = "https://badges.example.org/public"
ISSUER = f"{SITE}/issuers/1"
KEY = f"{ISSUER}/keys/1"
REVOCATIONS = f"{ISSUER}/revocations"
BADGE = f"{SITE}/badges/1"
PICTURE = f"{BADGE}/image.png"
HOSTED = f"{SITE}/assertions/1"
SIGNED = "urn:uuid:a953081a-4bbd-4927-9653-7219bca00e3b"
OTHERS = ("urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418", "urn:uuid:3c574c87-b96f-4f06-8eb5-68a29335b60e")
ISSUED = datetime(2024, 5, 1, 12, tzinfo=UTC)
EXPIRES = datetime(2027, 5, 1, 12, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class World:
    """Everything that an issuer publishes, by address. Change ``documents`` to break it."""

    def __init__(self, private_key: keys.PrivateKey) -> None:
        self.private_key = private_key
        recipient = hashed_email("rita@example.org", "salt")
        dates = {"issued_on": ISSUED, "expires": EXPIRES}
        self.documents: dict[str, object] = {
            ISSUER: Profile(
                id=ISSUER,
                name="Acme Academy",
                url="https://badges.example.org/",
                email="badges@example.org",
                public_key=KEY,
                revocation_list=REVOCATIONS,
            ).to_json(),
            KEY: CryptographicKey(id=KEY, owner=ISSUER, public_key_pem=keys.public_key_pem(private_key)).to_json(),
            REVOCATIONS: RevocationList(
                id=REVOCATIONS, issuer=ISSUER, revoked=[RevokedEntry(id=other) for other in OTHERS]
            ).to_json(),
            BADGE: BadgeClass(
                id=BADGE,
                name="Robotics",
                description="For robots.",
                image=PICTURE,
                criteria=Criteria(narrative="Build one."),
                issuer=ISSUER,
            ).to_json(),
            HOSTED: Assertion(
                id=HOSTED,
                recipient=recipient,
                badge=BADGE,
                verification=HostedVerification(),
                related=[Related(id=SIGNED)],
                **dates,
            ).to_json(),
        }
        self.documents[PICTURE] = PNG
        self.signed = Assertion(
            id=SIGNED,
            recipient=recipient,
            badge=BADGE,
            verification=SignedVerification(creator=KEY),
            related=[Related(id=HOSTED)],
            **dates,
        ).to_json()
        self.statuses: dict[str, int] = {}
        self.fetched: list[str] = []

    @property
    def jws(self) -> str:
        return sign(json.dumps(self.signed).encode(), self.private_key)

    def fetch(self, url: str) -> Fetched:
        self.fetched.append(url)
        if url not in self.documents:
            raise FetchFailed("connection refused")
        document = self.documents[url]
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return Fetched(url=url, status=self.statuses.get(url, 200), content_type="application/ld+json", body=body)
