"""Whole verifications as JSON, so that what is brought and what the world answers can be mutated like any document.

A case is `{"bring": …, "recipient": …, "answers": {address: {"status": …, "body": …}}}`. A text is brought, or
answered, as it is; an object as its JSON, unless it is one of these: `{"$sign": payload}` (with `"$header"` and
`"$by": "other"`) becomes a JWS, `{"$bake": "png", "text": …}` a picture, `{"$bytes": base64}` those bytes. `$PEM` and
`$N` stand for the public key of this run.
"""

import base64
import binascii
import json
from collections.abc import Iterator
from typing import Any

import jwt

from badgeserver.openbadges import baking
from badgeserver.openbadges.errors import BakingError, FetchFailed
from badgeserver.openbadges.fetching import Fetched
from badgeserver.openbadges.identity import hashed_email
from badgeserver.openbadges.v3.status_list import encode_bits
from tests.fuzz import seeds
from tests.fuzz.mutators import encode_part

MAX_BYTES = 1024 * 1024
V1, V2 = "https://w3id.org/openbadges/v1", "https://w3id.org/openbadges/v2"
SITE = "https://badges.example.org/public"
AWARD, BADGE, ISSUER = f"{SITE}/assertions/1", f"{SITE}/badges/1", f"{SITE}/issuers/1"
KEY, REVOCATIONS, PICTURE = f"{ISSUER}/keys/1", f"{ISSUER}/revocations", f"{BADGE}/image.png"
SIGNED_ID = "urn:uuid:a953081a-4bbd-4927-9653-7219bca00e3b"
RITA = "rita@mail.example.org"
CREDENTIAL_ISSUER = "https://badges.example.org/ob3/issuers/1"
_N, _OTHER_KEY = seeds.modulus(), seeds.other_key()
_ALGORITHM = jwt.get_algorithm_by_name("RS256")


class World:
    """What a case says that the world answers; counts how often it is asked."""

    def __init__(self, answers: object) -> None:
        self._answers = answers if isinstance(answers, dict) else {}
        self.asked: list[str] = []

    def fetch(self, url: str) -> Fetched:
        self.asked.append(url)
        answer = self._answers.get(url)
        if not isinstance(answer, dict):
            raise FetchFailed("nobody there")
        status = answer.get("status", 200)
        return Fetched(
            url=url,
            status=status if isinstance(status, int) and 100 <= status < 600 else 200,
            content_type=str(answer.get("type", "application/ld+json")),
            body=as_bytes(answer.get("body"))[:MAX_BYTES],
        )


def as_bytes(value: Any, *, depth: int = 0) -> bytes:
    """Return what stands for a value in a case."""
    if isinstance(value, str):
        return value.replace("$PEM", seeds.PUBLIC_KEY).encode("utf-8", "surrogatepass")
    if isinstance(value, dict) and depth < 4:
        if "$sign" in value:
            return _signed(value, depth)
        if "$bake" in value:
            return _baked(value, depth)
        if "$bytes" in value:
            return _decoded(value["$bytes"])
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("$PEM", json.dumps(seeds.PUBLIC_KEY)[1:-1]).replace("$N", _N).encode("utf-8", "surrogatepass")


def _signed(value: dict[str, Any], depth: int) -> bytes:
    header = value.get("$header", {"alg": "RS256"})
    first = encode_part(as_bytes(header, depth=9)) + b"." + encode_part(as_bytes(value["$sign"], depth=depth + 1))
    if value.get("$by") == "nobody":
        return first + b"."
    key = _OTHER_KEY if value.get("$by") == "other" else seeds.private_key()
    return first + b"." + encode_part(_ALGORITHM.sign(first, key))


def _baked(value: dict[str, Any], depth: int) -> bytes:
    picture = next(seeds.svg_files()) if value["$bake"] == "svg" else next(seeds.png_files())
    for name, bake in (("text", baking.bake), ("credential", baking.bake_credential)):
        if name in value:
            try:
                picture = bake(picture, as_bytes(value[name], depth=depth + 1).decode("utf-8", "replace"))
            except BakingError:
                continue
    return picture


def _decoded(text: object) -> bytes:
    try:
        return base64.b64decode(text if isinstance(text, str) else "", validate=False)
    except (binascii.Error, ValueError):
        return b""


# --- Badges of 2.0 ----------------------------------------------------------------------------------------------


def badge_cases() -> Iterator[bytes]:
    """Badges of 0.5 to 2.0, sound and otherwise."""
    return (json.dumps(case).encode() for case in _badge_cases())


def _badge_cases() -> Iterator[dict[str, Any]]:
    answers, award, signed = _answers(), _award(), _signed_award()
    yield _case(AWARD, answers)
    yield _case(award, answers, recipient=RITA)
    yield _case({"$sign": signed}, answers, recipient=RITA)
    yield _case({"$sign": signed, "$by": "other"}, answers)
    yield _case({"$bake": "png", "text": award}, answers)
    yield _case({"$bake": "svg", "text": {"$sign": signed}}, answers)
    yield _case(AWARD, {**answers, AWARD: {"status": 410, "body": {"@context": V2, "id": AWARD, "revoked": True}}})
    yield _case(AWARD, {**answers, AWARD: {"body": {"$bake": "png", "text": award}}})
    revoked = {**answers[REVOCATIONS]["body"], "revokedAssertions": [{"id": SIGNED_ID, "revocationReason": "Error"}]}
    yield _case({"$sign": signed}, {**answers, REVOCATIONS: {"body": revoked}})
    yield _case(AWARD, {**answers, BADGE: {"body": {**answers[BADGE]["body"], **_extras()}}})
    yield _endorsed(answers, award)
    yield from _old_cases()


def _case(bring: object, answers: dict[str, Any], *, recipient: str | None = None) -> dict[str, Any]:
    return {"bring": bring, "recipient": recipient, "answers": answers}


def _award() -> dict[str, Any]:
    return {
        "@context": V2,
        "type": "Assertion",
        "id": AWARD,
        "recipient": {"type": "email", "hashed": True, "salt": "s", "identity": hashed_email(RITA, "s").identity},
        "badge": BADGE,
        "verification": {"type": "HostedBadge"},
        "issuedOn": "2024-05-01T12:00:00Z",
        "expires": "2090-01-01T00:00:00Z",
        "evidence": [{"id": "https://evidence.example.org/1", "name": "Photos"}, {"narrative": "Words"}],
    }


def _signed_award() -> dict[str, Any]:
    return {**_award(), "id": SIGNED_ID, "verification": {"type": "SignedBadge", "creator": KEY}}


def _answers() -> dict[str, Any]:
    picture = base64.b64encode(next(seeds.png_files())).decode()
    documents = {
        AWARD: _award(),
        BADGE: {
            "@context": V2,
            "type": "BadgeClass",
            "id": BADGE,
            "name": "Robotics",
            "description": "For robots.",
            "image": PICTURE,
            "criteria": {"narrative": "Build one."},
            "tags": ["robots"],
            "alignment": [{"targetName": "Counting", "targetUrl": "https://frameworks.example.org/1"}],
            "issuer": ISSUER,
        },
        ISSUER: {
            "@context": V2,
            "type": "Issuer",
            "id": ISSUER,
            "name": "Acme Academy",
            "url": "https://badges.example.org/",
            "email": "badges@badges.example.org",
            "publicKey": KEY,
            "revocationList": REVOCATIONS,
            "verification": {"type": "VerificationObject", "allowedOrigins": ["badges.example.org"]},
        },
        KEY: {"@context": V2, "type": "CryptographicKey", "id": KEY, "owner": ISSUER, "publicKeyPem": "$PEM"},
        REVOCATIONS: {
            "@context": V2,
            "type": "RevocationList",
            "id": REVOCATIONS,
            "issuer": ISSUER,
            "revokedAssertions": ["urn:uuid:e79a6c18-787e-4868-8e65-e6a4530fb418", {"id": "https://x.example.org/1"}],
        },
    }
    answers: dict[str, Any] = {address: {"body": document} for address, document in documents.items()}
    return {**answers, PICTURE: {"type": "image/png", "body": {"$bytes": picture}}}


def _extras() -> dict[str, Any]:
    return {
        "@context": [V2, {"schema": "http://schema.org/", "place": {"@id": "schema:location", "@type": "@id"}}],
        "extensions:ApplyLink": {
            "@context": "https://openbadgespec.org/extensions/applyLinkExtension/context.json",
            "type": ["Extension", "extensions:ApplyLink"],
            "url": "https://badges.example.org/apply",
        },
        "schema:location": {
            "@context": "https://openbadgespec.org/extensions/geoCoordinatesExtension/context.json",
            "type": ["Extension", "extensions:GeoCoordinates"],
            "geo": {"latitude": 1.5, "longitude": -2},
        },
        "place": "https://places.example.org/1",
    }


def _endorsed(answers: dict[str, Any], award: dict[str, Any]) -> dict[str, Any]:
    endorsement = f"{SITE}/endorsements/1"
    says = {
        "@context": V2,
        "type": "Endorsement",
        "id": endorsement,
        "claim": {"id": AWARD, "endorsementComment": "Seen it."},
        "issuer": ISSUER,
        "issuedOn": "2024-06-01T00:00:00Z",
        "verification": {"type": "HostedBadge"},
    }
    whole = {**award, "endorsement": [endorsement, says]}
    return _case(AWARD, {**answers, AWARD: {"body": whole}, endorsement: {"body": says}})


def _old_cases() -> Iterator[dict[str, Any]]:
    site = "https://old.example.org"
    badge = {
        "name": "Robotics",
        "description": "For robots.",
        "image": f"{site}/robotics.png",
        "criteria": f"{site}/robotics.html",
        "issuer": f"{site}/issuer.json",
        "alignment": [{"name": "CCSS.1", "url": "https://frameworks.example.org/1"}],
    }
    award = {
        "uid": "abc-1",
        "recipient": {"type": "email", "hashed": False, "identity": RITA},
        "badge": f"{site}/badge.json",
        "issuedOn": 1359217910,
        "verify": {"type": "hosted", "url": f"{site}/award.json"},
    }
    issuer = {"name": "Old Academy", "url": site, "revocationList": f"{site}/revoked.json"}
    picture = base64.b64encode(next(seeds.png_files())).decode()
    for more in ({}, {"@context": V1}):
        typed = [("Assertion", "award"), ("BadgeClass", "badge"), ("Issuer", "issuer")]
        documents = [
            {**document, **more, **({"type": kind, "id": f"{site}/{name}.json"} if more else {})}
            for document, (kind, name) in zip((award, badge, issuer), typed, strict=True)
        ]
        answers: dict[str, Any] = {
            f"{site}/award.json": {"body": documents[0]},
            f"{site}/badge.json": {"body": documents[1]},
            f"{site}/issuer.json": {"body": documents[2]},
            f"{site}/revoked.json": {"body": {"abc-2": "Error"}},
            f"{site}/key.pem": {"body": "$PEM"},
            f"{site}/robotics.png": {"body": {"$bytes": picture}},
        }
        yield _case(f"{site}/award.json", answers, recipient=RITA)
        signed = {**documents[0], "verify": {"type": "signed", "url": f"{site}/key.pem"}}
        yield _case({"$sign": signed}, answers)
    first = {
        "recipient": RITA,
        "issued_on": "2011-06-01",
        "expires": "2090-06-01",
        "evidence": "/evidence/1",
        "badge": {**badge, "version": "0.5.0", "image": "/robotics.png", "criteria": "/robotics.html"}
        | {"issuer": {"origin": site, "name": "Old", "org": "Workshops", "contact": "old@example.org"}},
    }
    yield _case(f"{site}/award.json", {**answers, f"{site}/award.json": {"body": first}})


# --- Credentials of 3.0 -------------------------------------------------------------------------------------------


def credential_cases() -> Iterator[bytes]:
    """Credentials of 3.0 with their keys and status lists."""
    return (json.dumps(case).encode() for case in _credential_cases())


def _credential_cases() -> Iterator[dict[str, Any]]:
    claims = json.loads((seeds.SAMPLES / "ob3" / "credential.jwt-payload.json").read_bytes())
    answers = _credential_answers()
    kid = f"{CREDENTIAL_ISSUER}/keys/1"
    did = "did:web:badges.example.org:ob3:issuers:1"
    jwk = {"kty": "RSA", "n": "$N", "e": "AQAB", "alg": "RS256"}
    by_kid = {"$sign": claims, "$header": {"alg": "RS256", "typ": "JWT", "kid": kid}}
    yield _case(by_kid, answers, recipient=RITA)
    yield _case({**by_kid, "$by": "other"}, answers)
    yield _case({**by_kid, "$by": "nobody"}, answers)
    yield _case({"$bake": "png", "credential": by_kid, "text": _award()}, {**answers, **_answers()})
    yield _case({"$bake": "svg", "credential": by_kid}, answers)
    yield _case("https://badges.example.org/1.jwt", {**answers, "https://badges.example.org/1.jwt": {"body": by_kid}})
    yield _case({**by_kid, "$header": {"alg": "RS256", "jwk": jwk}}, answers)
    yield _case({**by_kid, "$header": {"alg": "RS256"}}, answers)
    by_did = {**claims, "issuer": {**claims["issuer"], "id": did}, "iss": did}
    yield _case({"$sign": by_did, "$header": {"alg": "RS256", "kid": f"{did}#key-1"}}, answers)
    inside = {key: value for key, value in claims.items() if key not in {"iss", "jti", "sub", "nbf", "exp"}}
    registered = {key: value for key, value in claims.items() if key not in inside}
    yield _case({**by_kid, "$sign": {**registered, "vc": inside}}, answers)
    for status in (
        {"id": f"{CREDENTIAL_ISSUER}/revocations", "type": "1EdTechRevocationList"},
        {
            "id": "https://badges.example.org/ob3/status/1#9",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "9",
            "statusListCredential": "https://badges.example.org/ob3/status/1",
        },
    ):
        yield _case({**by_kid, "$sign": {**claims, "credentialStatus": status}}, answers)
    yield _case(claims, answers)
    revoked = json.loads((seeds.SAMPLES / "ob3" / "revocations.revoked.json").read_bytes())
    yield _case(by_kid, {**answers, f"{CREDENTIAL_ISSUER}/revocations": {"body": revoked}})


def _credential_answers() -> dict[str, Any]:
    samples = seeds.SAMPLES / "ob3"

    def document(name: str) -> dict[str, Any]:
        found = json.loads((samples / name).read_bytes())
        text = json.dumps(found)
        for number in {key["n"] for key in json.loads((samples / "jwks.json").read_bytes())["keys"]}:
            text = text.replace(number, "$N")
        return dict(json.loads(text))

    listed = document("bitstring-status-list.unsigned.json")
    listed["credentialSubject"]["encodedList"] = encode_bits([3])
    kid = f"{CREDENTIAL_ISSUER}/keys/1"
    return {
        kid: {"body": document("jwk.json")},
        f"{CREDENTIAL_ISSUER}/jwks.json": {"body": document("jwks.json")},
        f"{CREDENTIAL_ISSUER}/did.json": {"body": document("did.json")},
        f"{CREDENTIAL_ISSUER}/revocations": {"body": document("revocations.empty.json")},
        PICTURE: {"type": "image/png", "body": {"$bytes": base64.b64encode(next(seeds.png_files())).decode()}},
        "https://badges.example.org/ob3/status/1": {
            "body": {"$sign": listed, "$header": {"alg": "RS256", "typ": "JWT", "kid": kid}}
        },
    }


def linked_documents() -> Iterator[bytes]:
    """Single documents in every spelling that linked data allows."""
    for case in _badge_cases():
        for answer in case["answers"].values():
            if isinstance(answer["body"], dict) and "@context" in answer["body"]:
                yield json.dumps(answer["body"]).encode()
    award = _award()
    yield json.dumps({**award, "@context": [V2, {"@vocab": "https://words.example.org/"}]}).encode()
    yield json.dumps({"@context": V2, "@graph": [award]}).encode()
    yield json.dumps({**award, "@context": [V2, "https://nobody.example.org/context"], "x:y": {"@value": 1}}).encode()
    yield json.dumps({**award, "badge": {"@id": BADGE}, "obi:tags": {"@list": ["a"]}, "@language": "en"}).encode()
