"""JSON Web Signatures in the compact form, RS256 only."""

import base64
import binascii
import re

import jwt
from jwt.api_jws import PyJWS

from badgeserver.openbadges.errors import InvalidJson, InvalidSignature
from badgeserver.openbadges.jsontext import parse_object
from badgeserver.openbadges.keys import PrivateKey, PublicKey

ALGORITHM = "RS256"
"""Pinned (OB2-ISS-130, OB2-VER-16): what the header asks for never decides how a signature is checked."""

MAX_BYTES = 256_000
MAX_HEADER_BYTES = 4_000

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*", re.ASCII)
_JWS = PyJWS(algorithms=[ALGORITHM])


def sign(payload: bytes, private_key: PrivateKey) -> str:
    """The compact JWS of exactly these bytes (OB2-ISS-131, OB2-ISS-133).

    The header is ``{"alg":"RS256"}`` and nothing more (OB2-ISS-132): the usual ``typ`` of JWT would be
    untrue, since the payload is an Assertion and not a set of claims.
    """
    return _JWS.encode(payload, private_key, algorithm=ALGORITHM, headers={"typ": None})


def verify(jws: str, public_key: PublicKey) -> bytes:
    """The signed bytes. Raises InvalidSignature unless the key made this signature with RS256.

    ``none``, HMAC and every other algorithm, padded or otherwise altered base64, critical extensions and
    texts of more than 256 kB are refused.
    """
    header, _payload = peek(jws)
    if header.get("alg") != ALGORITHM:
        raise InvalidSignature("The badge is signed with another method than RS256, or not at all.")
    if header.keys() & {"crit", "b64"}:
        raise InvalidSignature("The signature asks for extensions that badges do not use.")
    try:
        return bytes(_JWS.decode(jws, public_key, algorithms=[ALGORITHM]))
    except jwt.PyJWTError as error:
        raise InvalidSignature(
            "The signature does not match: the badge was changed, or another key signed it."
        ) from error


def peek(jws: str) -> tuple[dict[str, object], bytes]:
    """Header and payload without any check of the signature: nothing in them may be trusted yet.

    Raises InvalidSignature when the text is not a compact JWS of at most 256 kB with a JSON header.
    """
    if len(jws) > MAX_BYTES:
        raise InvalidSignature("The signed badge is larger than 256 kB, which no badge needs.")
    if not _COMPACT.fullmatch(jws):
        raise InvalidSignature("This is not a signed badge: it does not have the three parts of one.")
    head, payload, _signature = jws.split(".")
    if len(head) > MAX_HEADER_BYTES:
        raise InvalidSignature("The header of the signed badge is larger than any badge needs.")
    try:
        return parse_object(_decode(head)), _decode(payload)
    except InvalidJson as error:
        raise InvalidSignature("The header of the signed badge cannot be read.") from error


def looks_like_jws(text: str) -> bool:
    """Whether a text has the form of a compact JWS; says nothing about its signature."""
    return len(text) <= MAX_BYTES and _COMPACT.fullmatch(text) is not None


def _decode(segment: str) -> bytes:
    try:
        decoded = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except binascii.Error as error:
        raise InvalidSignature("The signed badge is damaged: a part of it is not base64.") from error
    # One spelling only: base64 has unused bits at the end, in which a second spelling of the same bytes could
    # hide.
    if base64.urlsafe_b64encode(decoded).rstrip(b"=") != segment.encode("ascii"):
        raise InvalidSignature("The signed badge is damaged: a part of it is not base64.")
    return decoded
