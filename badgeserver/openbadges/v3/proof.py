"""Credentials as JSON Web Tokens: VC-JWT of Open Badges 3.0, section 8.2."""

from collections.abc import Mapping
from dataclasses import dataclass

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.api_jws import PyJWS

from badgeserver.openbadges import jws
from badgeserver.openbadges.errors import InvalidDocument, InvalidJson, InvalidSignature
from badgeserver.openbadges.jsontext import parse_object, serialize
from badgeserver.openbadges.keys import PrivateKey
from badgeserver.openbadges.moments import parse_datetime
from badgeserver.openbadges.v3.jwk import VerificationKey

ALGORITHMS = ("RS256", "ES256")
"""Pinned: the standard's own, and the one other that its validator accepts. ``none`` and HMAC never."""

HEADER_MEMBERS = frozenset({"alg", "kid", "jwk", "typ"})
"""Nothing else may stand in the header (section 5)."""

CLAIMS = ("iss", "jti", "sub", "nbf", "exp")

_JWS = PyJWS(algorithms=list(ALGORITHMS))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCredential:
    """A JWT taken apart. Nothing in it is proven before ``verify_signature``."""

    text: str
    header: Mapping[str, object]
    claims: Mapping[str, object]
    """The registered claims, whatever else the payload says."""
    document: Mapping[str, object]
    """The credential itself: the payload without the claims, or what an older token wraps in ``vc``."""
    wrapped: bool
    """Whether it stood in ``vc``, as before version 2.0 of the data model."""

    @property
    def kid(self) -> str:
        """The key's address by the header, "" without one."""
        kid = self.header.get("kid")
        return kid if isinstance(kid, str) else ""


def sign_credential(document: Mapping[str, object], private_key: PrivateKey, *, kid: str) -> str:
    """The compact JWT of a credential, or of a status list, with RS256 and the claims that mirror it.

    Header ``alg``, ``kid``, ``typ`` and no more; payload the credential itself, no ``vc`` around it. Raises
    InvalidDocument when the credential lacks issuer, id, subject or ``validFrom``.
    """
    payload = serialize({**document, **claims_of(document)}).encode()
    return _JWS.encode(payload, private_key, algorithm="RS256", headers={"kid": kid, "typ": "JWT"})


def claims_of(document: Mapping[str, object]) -> dict[str, object]:
    """``iss``, ``jti``, ``sub``, ``nbf`` and, where it expires, ``exp``, as the credential says the same."""
    claims: dict[str, object] = {
        "iss": _id_of(document.get("issuer")),
        "jti": document.get("id"),
        "sub": _id_of(document.get("credentialSubject")),
        "nbf": _epoch(document.get("validFrom", document.get("issuanceDate"))),
    }
    if not all(isinstance(claims[name], str) for name in ("iss", "jti", "sub")) or claims["nbf"] is None:
        raise InvalidDocument("A credential cannot be signed without id, issuer, subject and the date it holds from.")
    ends = document.get("validUntil", document.get("expirationDate"))
    return claims if ends is None else {**claims, "exp": _epoch(ends)}


def read_credential(text: str) -> SignedCredential:
    """Take a JWT apart without any check of its signature. Raises InvalidSignature when it is no JWT of an object."""
    header, payload = jws.peek(text)
    try:
        body = parse_object(payload)
    except InvalidJson as error:
        raise InvalidSignature("What was signed cannot be read.") from error
    claims = {name: body[name] for name in CLAIMS if name in body}
    inside = body.get("vc")
    if isinstance(inside, dict) and "credentialSubject" not in body:
        return SignedCredential(text=text, header=header, claims=claims, document=inside, wrapped=True)
    document = {name: value for name, value in body.items() if name not in CLAIMS}
    return SignedCredential(text=text, header=header, claims=claims, document=document, wrapped=False)


def verify_signature(credential: SignedCredential, key: VerificationKey) -> None:
    """Raises InvalidSignature unless this key made the signature, with the algorithm that belongs to the key."""
    wanted = "ES256" if isinstance(key, ec.EllipticCurvePublicKey) else "RS256"
    if credential.header.get("alg") != wanted:
        raise InvalidSignature("The badge is signed with another method than its key is for, or not at all.")
    if credential.header.keys() & {"crit", "b64"}:
        raise InvalidSignature("The signature asks for extensions that badges do not use.")
    try:
        _JWS.decode(credential.text, key, algorithms=[wanted])
    except jwt.PyJWTError as error:
        raise InvalidSignature(
            "The signature does not match: the badge was changed, or another key signed it."
        ) from error


def claim_problems(credential: SignedCredential) -> list[str]:
    """Where the claims say something else than the credential that they stand beside (section 5)."""
    document, claims = credential.document, credential.claims
    ends = document.get("validUntil", document.get("expirationDate"))
    subject = _id_of(document.get("credentialSubject"))
    pairs = [
        ("iss", _id_of(document.get("issuer")), True),
        ("jti", document.get("id"), True),
        # A subject known by identifiers alone has no id that `sub` could be equal to (section 4).
        ("sub", subject, subject is not None),
        ("nbf", _epoch(document.get("validFrom", document.get("issuanceDate"))), True),
        ("exp", None if ends is None else _epoch(ends), False),
    ]
    problems = []
    for name, expected, required in pairs:
        if name not in claims:
            if required and not (credential.wrapped and expected is None):
                problems.append(f"The signed token lacks its claim “{name}”.")
        elif not _same(claims[name], expected, name) and not (credential.wrapped and expected is None):
            problems.append(f"The signed token says one thing in “{name}” and another in the badge.")
    return problems


def _same(claim: object, expected: object, name: str) -> bool:
    if name in ("nbf", "exp"):
        is_number = isinstance(claim, (int, float)) and not isinstance(claim, bool)
        return is_number and expected is not None and claim == expected
    return isinstance(claim, str) and claim == expected


def _id_of(value: object) -> object:
    found = value[0] if isinstance(value, list) and len(value) == 1 else value
    return found.get("id") if isinstance(found, dict) else found if isinstance(found, str) else None


def _epoch(moment: object) -> int | None:
    parsed = parse_datetime(moment)
    return None if parsed is None else int(parsed.timestamp())
