"""Good badges with one thing changed each: what the validators are asked about, and our own verifier."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from badgeserver.openbadges import bake, keys, serialize
from badgeserver.openbadges.jws import sign
from badgeserver.openbadges.moments import format_datetime
from badgeserver.openbadges.verification import Verdict
from tests.conformance.street import Moved
from tests.openbadges.verification.world import (
    BADGE,
    HOSTED,
    ISSUER,
    KEY,
    OTHERS,
    PICTURE,
    PNG,
    REVOCATIONS,
    SIGNED,
    SITE,
    SVG,
    World,
)

V2 = "https://w3id.org/openbadges/v2"
FAMOUS = "https://famous.example.com/issuer"
EXTENSION = f"{SITE}/extension"
ENDORSEMENT = f"{SITE}/endorsements/1"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"

EVERYBODY = ("official", "badgecheck")

Source = str | bytes
Change = Callable[[World], Source | None]
"""Changes a world; what it returns is brought to be verified, instead of the address of the hosted badge."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One change, and what everybody says then."""

    change: Change
    refused_by: tuple[str, ...]
    """The validators that refuse the badge; the others accept it."""
    ours: Verdict
    recipient: str = ""


TRIALS: dict[str, Trial] = {}


def fine(name: str, change: Change, *, recipient: str = "") -> None:
    """Everybody accepts it."""
    TRIALS[name] = Trial(change, (), Verdict.VALID, recipient)


def broken(name: str, change: Change, ours: Verdict = Verdict.INVALID, *, recipient: str = "") -> None:
    """Everybody refuses it."""
    TRIALS[name] = Trial(change, EVERYBODY, ours, recipient)


def overlooked(name: str, change: Change, ours: Verdict = Verdict.INVALID, *, but_by: tuple[str, ...] = ()) -> None:
    """The standard is against it, and a validator does not notice. `docs/standard.md` lists them."""
    TRIALS[name] = Trial(change, but_by, ours)


def forgiven(name: str, change: Change, *, refused_by: tuple[str, ...] = EVERYBODY, recipient: str = "") -> None:
    """A validator refuses what the standard allows. `docs/standard.md` lists them, with the reason."""
    TRIALS[name] = Trial(change, refused_by, Verdict.VALID, recipient)


def forgiven_names() -> set[str]:
    """What a validator refuses and our own verifier calls valid."""
    return {name for name, one in TRIALS.items() if one.refused_by and one.ours is Verdict.VALID}


def overlooked_names() -> set[str]:
    """What a validator accepts and our own verifier does not call valid."""
    return {name for name, one in TRIALS.items() if one.refused_by != EVERYBODY and one.ours is not Verdict.VALID}


def at(address: str, **members: object) -> Callable[[World], None]:
    """Change members of the document at an address; None takes a member away."""

    def change(world: World) -> None:
        _set(world.documents[address], members)

    return change


def signed(**members: object) -> Callable[[World], Source]:
    """Change members of the signed badge before it is signed, and bring that."""

    def change(world: World) -> Source:
        _set(world.signed, members)
        return world.jws

    return change


def jws_with(change: Callable[[World], object]) -> Callable[[World], Source]:
    """The signed badge after a change of the world."""

    def bring(world: World) -> Source:
        change(world)
        return world.jws

    return bring


def status(address: str, code: int) -> Callable[[World], None]:
    return lambda world: world.statuses.__setitem__(address, code)


def both(*changes: Change) -> Change:
    def change(world: World) -> Source | None:
        return [one(world) for one in changes][-1]

    return change


def _set(document: dict, members: dict) -> None:
    for name, value in members.items():
        member = {"context": "@context", "language": "@language"}.get(name, name)
        if value is None:
            document.pop(member, None)
        else:
            document[member] = value


def _encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _recipient(**members: object) -> dict[str, object]:
    digest = hashlib.sha256(b"rita@example.orgsalt").hexdigest()
    whole = {"type": "email", "hashed": True, "salt": "salt", "identity": f"sha256${digest}", **members}
    return {name: value for name, value in whole.items() if value is not None}


def _signed_as(algorithm: str) -> Callable[[World], Source]:
    return lambda world: jwt.api_jws.encode(
        json.dumps(world.signed).encode(), world.private_key, algorithm=algorithm, headers={"typ": None}
    )


def _forged(header: dict[str, object]) -> Callable[[World], Source]:
    return lambda world: f"{_encoded(header)}.{_encoded(world.signed)}.{world.jws.split('.')[2]}"


def _tampered(world: World) -> Source:
    header, _payload, signature = world.jws.split(".")
    return f"{header}.{_encoded({**world.signed, 'narrative': 'With honours.'})}.{signature}"


def _weak(world: World) -> Source:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 -- weak on purpose
    world.documents[KEY]["publicKeyPem"] = keys.public_key_pem(weak)
    text = f"{_encoded({'alg': 'RS256'})}.{_encoded(world.signed)}"
    signature = weak.sign(text.encode("ascii"), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _by_another_key(world: World) -> Source:
    return sign(json.dumps(world.signed).encode(), keys.generate_private_key())


def _revoked(*entries: object) -> Callable[[World], Source]:
    return jws_with(at(REVOCATIONS, revokedAssertions=list(entries)))


def _moved_away(world: World) -> None:
    """The badge class lies with somebody else, but names our issuer as its own."""
    elsewhere = "https://famous.example.com/badge"
    world.documents[elsewhere] = {**world.documents[BADGE], "id": elsewhere}
    world.documents[HOSTED]["badge"] = world.signed["badge"] = elsewhere


def _borrowed(world: World) -> None:
    """The badge class names a famous issuer, who knows nothing of it; so does the award."""
    world.documents[FAMOUS] = {**world.documents[ISSUER], "id": FAMOUS, "name": "Famous University"}
    world.documents[BADGE]["issuer"] = FAMOUS


def _declares(world: World) -> None:
    world.documents[HOSTED]["id"] = f"{HOSTED}/2"


def _redirected(world: World) -> Source:
    world.documents[f"{SITE}/short"] = Moved(HOSTED)
    return f"{SITE}/short"


def _served_from_elsewhere(world: World) -> None:
    world.documents["https://cdn.example.net/1"] = world.documents[HOSTED]
    world.documents[HOSTED] = Moved("https://cdn.example.net/1")


def _served_as_text(world: World) -> Source:
    world.documents[f"{HOSTED}.jws"] = world.jws.encode()
    return f"{HOSTED}.jws"


def _with_mark(world: World) -> None:
    world.documents[HOSTED] = b"\xef\xbb\xbf" + json.dumps(world.documents[HOSTED]).encode()


def _extended(
    types: list[str], *, validates: str = "extensions:ApplyLink", schema: dict | None = None, **members: object
) -> Callable[[World], None]:
    def change(world: World) -> None:
        world.documents[EXTENSION] = {
            "@context": {
                "obi": "https://w3id.org/openbadges#",
                "extensions": "https://w3id.org/openbadges/extensions#",
                "url": "extensions:applyLink",
            },
            "obi:validation": [{"obi:validatesType": validates, "obi:validationSchema": f"{EXTENSION}/schema"}],
        }
        world.documents[f"{EXTENSION}/schema"] = schema or {
            "$schema": "http://json-schema.org/draft-04/schema#",
            "type": "object",
            "properties": {"url": {"type": "string"}},
            "required": ["url"],
        }
        name = next(one for one in types if one != "Extension")
        world.documents[BADGE][name] = {"@context": EXTENSION, "type": types, **members}

    return change


def _endorsed(claim: dict[str, object] | None = None, *, code: int = 200) -> Callable[[World], None]:
    def change(world: World) -> None:
        world.documents[BADGE]["endorsement"] = ENDORSEMENT
        world.documents[ENDORSEMENT] = {
            "@context": V2,
            "id": ENDORSEMENT,
            "type": "Endorsement",
            "claim": claim or {"id": BADGE, "endorsementComment": "We hire for this."},
            "issuer": ISSUER,
            "issuedOn": "2024-05-01T12:00:00Z",
            "verification": {"type": "HostedBadge"},
        }
        world.statuses[ENDORSEMENT] = code

    return change


def _two_keys(world: World) -> None:
    other = f"{ISSUER}/keys/2"
    world.documents[other] = {**world.documents[KEY], "id": other}
    world.documents[ISSUER]["publicKey"] = [KEY, other]


def _policy(**members: object) -> Callable[[World], None]:
    return at(ISSUER, verification={"type": "VerificationObject", **members})


def _look_alike(world: World) -> Source:
    """An award on a host whose name begins with the issuer's own, which is all that a plain prefix looks at."""
    evil = "https://badges.example.org.evil.example/award"
    world.documents[evil] = {**world.documents[HOSTED], "id": evil}
    world.documents[ISSUER]["verification"] = {
        "type": "VerificationObject",
        "startsWith": "https://badges.example.org",
        "allowedOrigins": ["badges.example.org", "badges.example.org.evil.example"],
    }
    return evil


def _on(world: World, host: str) -> Source:
    address = f"https://{host}/award"
    world.documents[address] = {**world.documents[HOSTED], "id": address}
    return address


def nothing(world: World) -> None:
    """Leave everything as it is."""


# --- Everybody accepts it -----------------------------------------------------------------------------------------

fine("hosted", nothing, recipient="rita@example.org")
fine("hosted, as JSON", lambda world: serialize(world.documents[HOSTED]))
fine("hosted, in a PNG", lambda world: bake(PNG, serialize(world.documents[HOSTED])))
fine("signed", lambda world: world.jws, recipient="rita@example.org")
fine("signed, in a PNG", lambda world: bake(PNG, world.jws))
fine("signed, in an SVG", lambda world: bake(SVG, world.jws))
fine("redirected from the address that was asked", _served_from_elsewhere)
fine(
    "allowed on another host",
    both(
        _policy(allowedOrigins=["badges.example.org", "cdn.example.net"]), lambda world: _on(world, "cdn.example.net")
    ),
)
fine("beginning as the issuer says", _policy(startsWith=f"{SITE}/assertions/"))
fine("with an extension", _extended(["Extension", "extensions:ApplyLink"], url="https://example.org/apply"))
fine("with an endorsement", _endorsed())
fine(
    "hash in upper case",
    at(HOSTED, recipient=_recipient(identity="sha256$" + hashlib.sha256(b"rita@example.orgsalt").hexdigest().upper())),
    recipient="rita@example.org",
)
fine("list without entries", _revoked())
fine("hosted, in an SVG", lambda world: bake(SVG, serialize(world.documents[HOSTED])))
fine("endorsement not there", _endorsed(code=404))
fine("endorsement of something else", _endorsed({"id": ISSUER, "endorsementComment": "Well."}))
fine("short address that redirects", _redirected)
fine("several contexts", at(HOSTED, context=[V2, {"slug": "https://example.org/slug"}]))
fine("never ending", both(at(HOSTED, expires=None), signed(expires=None)))

# --- Everybody refuses it -----------------------------------------------------------------------------------------

broken("somebody else's", nothing, recipient="mallory@example.org")
broken("expired", at(HOSTED, expires="2025-05-01T12:00:00Z"), Verdict.EXPIRED)
broken("expired, signed", signed(expires="2025-05-01T12:00:00Z"), Verdict.EXPIRED)
broken("from the future", at(HOSTED, issuedOn="2099-01-01T00:00:00Z"))
broken("ends before it begins", at(HOSTED, issuedOn="2024-05-01T12:00:00Z", expires="2024-04-01T12:00:00Z"))
broken(
    "gone, nothing but a note",
    both(
        lambda world: world.documents.__setitem__(
            HOSTED, {"@context": V2, "id": HOSTED, "type": "Assertion", "revoked": True}
        ),
        status(HOSTED, 410),
    ),
    Verdict.REVOKED,
)
broken("not there", lambda world: world.documents.__delitem__(HOSTED))
broken("badge class not there", lambda world: world.documents.__delitem__(BADGE))
broken("issuer not there", lambda world: world.documents.__delitem__(ISSUER))
broken("names an address where nothing is", _declares)
broken("names a relative address", at(HOSTED, id="/public/assertions/1"))
broken("on another host", lambda world: _on(world, "cdn.example.net"))
broken(
    "on a host that is not allowed",
    both(_policy(allowedOrigins=["badges.example.org"]), lambda world: _on(world, "cdn.example.net")),
)
broken("beginning otherwise", _policy(startsWith=f"{SITE}/other/"))
broken("badge class of a famous issuer", _borrowed)
broken("without context", at(HOSTED, context=None))
broken("recipient says hashed and is not", at(HOSTED, recipient=_recipient(identity="rita@example.org")))
broken("recipient says plain and is hashed", at(HOSTED, recipient=_recipient(hashed=False)))
broken("recipient does not say whether hashed", at(HOSTED, recipient=_recipient(hashed=None)))
broken("recipient says hashed in words", at(HOSTED, recipient=_recipient(hashed="true")))
broken("recipient is a text", at(HOSTED, recipient="rita@example.org"))
broken("no date", at(HOSTED, issuedOn=None))
broken("date without zone", at(HOSTED, issuedOn="2024-05-01T12:00:00"))
broken("date without time", at(HOSTED, issuedOn="2024-05-01"))
broken("date in seconds", at(HOSTED, issuedOn=1714564800))
broken("two narratives", at(HOSTED, narrative=["a", "b"]))
broken("evidence in plain words", at(HOSTED, evidence="He did it."))
broken("award with its picture inside", at(HOSTED, image="data:image/png;base64," + base64.b64encode(PNG).decode()))
broken("no verification", at(HOSTED, verification=None))
broken("no badge", at(HOSTED, badge=None))
broken("badge class without name", at(BADGE, name=None))
broken("name is a number", at(BADGE, name=3))
broken("name in a language map", at(BADGE, name={"en": "Robotics"}))
broken("badge class without picture", at(BADGE, image=None))
broken("picture is a JPEG inside", at(BADGE, image="data:image/jpeg;base64," + base64.b64encode(JPEG).decode()))
broken("criteria in plain words", at(BADGE, criteria="Build one."))
broken("two criteria", at(BADGE, criteria=[{"narrative": "a"}, {"narrative": "b"}]))
broken("no criteria", at(BADGE, criteria=None))
broken("alignment in the words of 1.1", at(BADGE, alignment=[{"name": "x", "url": "https://example.org/x"}]))
broken("alignment with a URN", at(BADGE, alignment=[{"targetName": "x", "targetUrl": "urn:x:1"}]))
broken("language that is none", at(BADGE, language="english"))
broken("issuer without website", at(ISSUER, url=None))
broken("telephone with blanks", at(ISSUER, telephone="+1 617 555 1212"))
broken("origin with a scheme", _policy(allowedOrigins=["https://badges.example.org"]))
broken("extension that is not complete", _extended(["Extension", "extensions:ApplyLink"]))
broken("signed, tampered", _tampered)
broken("signed by another key", _by_another_key)
broken("signed by nobody", _forged({"alg": "none"}))
broken(
    "sealed with the public key",
    lambda world: jwt.api_jws.encode(
        json.dumps(world.signed).encode(), hashlib.sha256(b"x").digest(), algorithm="HS256"
    ),
)
broken("signed with PS256", _signed_as("PS256"))
broken("signed, key not listed", jws_with(at(ISSUER, publicKey=None)))
broken("signed, key not there", jws_with(lambda world: world.documents.__delitem__(KEY)))
broken("signed, list not there", jws_with(lambda world: world.documents.__delitem__(REVOCATIONS)), Verdict.UNKNOWN)
broken(
    "signed, revoked among others",
    _revoked({"id": SIGNED, "revocationReason": "Mistake"}, {"id": OTHERS[0]}),
    Verdict.REVOKED,
)
broken("signed, revoked among others, as text", _revoked(SIGNED, OTHERS[0]), Verdict.REVOKED)
broken(
    "signed, entry that says it is not revoked",
    _revoked({"id": SIGNED, "revoked": False}, {"id": OTHERS[0]}),
    Verdict.REVOKED,
)
broken("signed, as a UUID of version 7", signed(id="urn:uuid:018f3c1e-7b1a-7cde-8f00-0123456789ab"))
broken("signed, with an unheard-of URN", signed(id="urn:example:1"))
broken("award without type", at(HOSTED, type=None))
broken("badge class without context", at(BADGE, context=None))

# --- What a validator overlooks -----------------------------------------------------------------------------------

overlooked("verified in an unknown way", at(HOSTED, verification={"type": "Trust"}))
overlooked("signed, revoked alone", _revoked({"id": SIGNED}), Verdict.REVOKED)
overlooked("signed, revoked alone, as text", _revoked(SIGNED), Verdict.REVOKED)
overlooked(
    "signed, revoked by its old uid",
    both(lambda world: world.signed.__setitem__("uid", "abc"), _revoked({"uid": "abc"}, {"id": OTHERS[0]})),
    Verdict.REVOKED,
)
overlooked("complete, but says revoked", at(HOSTED, revoked=True), Verdict.REVOKED)
overlooked("complete, but gone", status(HOSTED, 410), Verdict.REVOKED)
overlooked("complete, but not found", status(HOSTED, 404))
overlooked("complete, but the server is broken", status(HOSTED, 500), Verdict.UNKNOWN)
overlooked("badge class gone", status(BADGE, 410))
overlooked("issuer gone", status(ISSUER, 410))
overlooked("signed, key gone", jws_with(status(KEY, 410)))
overlooked("signed, key of another owner", jws_with(at(KEY, owner=FAMOUS)))
overlooked("signed, key without owner", jws_with(at(KEY, owner=None)))
overlooked("badge class on another host", _moved_away)
overlooked("signed, badge class on another host", jws_with(_moved_away))
overlooked("signed, badge class of a famous issuer", jws_with(_borrowed))
overlooked("signed with RS512", _signed_as("RS512"))
overlooked("signed with a key of 1024 bits", _weak)
overlooked("look-alike host", _look_alike)
overlooked("prefix within a word", _policy(startsWith=f"{SITE}/assert"))
overlooked("badge class without type", at(BADGE, type=None))
overlooked("issuer without type", at(ISSUER, type=None))
overlooked("issuer without e-mail", at(ISSUER, email=None))
overlooked("badge class without id", at(BADGE, id=None))
overlooked("recipient without type", at(HOSTED, recipient=_recipient(type=None)))
overlooked("criteria that say nothing", at(BADGE, criteria={}))
overlooked("name of blanks", at(BADGE, name="  "))
overlooked("picture not there", lambda world: world.documents.__delitem__(PICTURE), but_by=("badgecheck",))
overlooked("picture is a JPEG", lambda world: world.documents.__setitem__(PICTURE, JPEG), but_by=("badgecheck",))
overlooked(
    "a member said twice",
    lambda world: world.documents.__setitem__(
        HOSTED, serialize(world.documents[HOSTED]).replace('"hashed":true', '"hashed":false,"hashed":true').encode()
    ),
)
overlooked(
    "signed, with demands in its header",
    lambda world: jwt.api_jws.encode(
        json.dumps(world.signed).encode(), world.private_key, algorithm="RS256", headers={"crit": ["exp"], "exp": 1}
    ),
)

# --- What a validator refuses, and the standard does not ----------------------------------------------------------

forgiven("two keys", _two_keys)
forgiven("signed, two keys", jws_with(_two_keys))
forgiven("two beginnings", _policy(startsWith=[f"{SITE}/assertions/", f"{SITE}/other/"]))
forgiven("origin with a port", _policy(allowedOrigins=["badges.example.org", "localhost:8000"]))
forgiven("hosted, key not there", lambda world: world.documents.__delitem__(KEY))
forgiven("signed, without creator", signed(verification={"type": "SignedBadge"}))
forgiven("two types", at(HOSTED, type=["Assertion", "extensions:Example"]))
forgiven("endorsement lost", both(_endorsed(), lambda world: world.documents.__delitem__(ENDORSEMENT)))
forgiven(
    "extension that cannot be reached",
    both(
        _extended(["Extension", "extensions:ApplyLink"], url="https://example.org/"),
        lambda world: world.documents.__delitem__(EXTENSION),
    ),
)
forgiven("extension of an unknown type", _extended(["Extension", "extensions:Unheard"], url="https://example.org/"))
forgiven(
    "extension Accessibility as published",
    _extended(
        ["Extension", "extensions:Accessibility"],
        validates="extensions#accessibility",
        url="https://example.org/",
        accessibilityFeature="captions",
    ),
)
forgiven(
    "extension OriginalCreator as published",
    _extended(
        ["Extension", "extensions:OriginalCreator"], validates="extensions:originalCreator", url="https://example.org/"
    ),
)
forgiven("address in another case", at(HOSTED, recipient=_recipient()), recipient="Rita@Example.org")
forgiven("mark before the text", _with_mark, refused_by=("official",))
forgiven("address of a signed badge", _served_as_text)
forgiven("embedded key", jws_with(lambda world: world.documents[ISSUER].__setitem__("publicKey", world.documents[KEY])))
forgiven(
    "a clock four minutes fast",
    lambda world: _set(
        world.documents[HOSTED], {"issuedOn": format_datetime(datetime.now(tz=UTC) + timedelta(minutes=4))}
    ),
)
