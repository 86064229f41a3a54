"""Which key signed a credential, and whether it is the issuer's: a key that a badge brings along proves nothing."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from badgeserver.openbadges.errors import FetchFailed, InvalidJson, InvalidKey
from badgeserver.openbadges.fetching import Answers
from badgeserver.openbadges.iris import authority, is_http_url
from badgeserver.openbadges.jsontext import parse_object
from badgeserver.openbadges.obstacles import Obstacle, could_not_fetch, obstacle_of_status
from badgeserver.openbadges.report import Check, CheckCode, Outcome
from badgeserver.openbadges.v3.jwk import VerificationKey, did_web_url, load_jwk, same_key
from badgeserver.openbadges.v3.proof import SignedCredential
from badgeserver.openbadges.v3.verification.reading import Document, id_of, items_of, objects_of, text_of


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key, or why there is none, and what is known of its owner."""

    key: VerificationKey | None
    check: Check
    """The step KEY: whether this is a key of the issuer."""


class KeyFinder:
    """Looks for the keys of one credential's issuer."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def find(self, credential: SignedCredential, issuer: str) -> FoundKey:
        """The key that the header names, and whether the issuer publishes it."""
        kid, brought = credential.kid, credential.header.get("jwk")
        if kid.startswith("did:"):
            return self._of_did(kid, issuer)
        if is_http_url(kid):
            return self._of_address(kid, issuer)
        if brought is not None:
            return self._brought(brought, issuer)
        return self._among_the_issuers(kid, issuer)

    def _of_address(self, kid: str, issuer: str) -> FoundKey:
        """One JWK at its own address, or a set of them that names it (section 5)."""
        answer, check = self._document(kid, "issuer’s key")
        if check is not None:
            return FoundKey(None, check)
        named = [jwk for jwk in objects_of(answer, "keys") if jwk.get("kid") in (None, kid)]
        jwk: object = answer if "keys" not in answer else named[0] if len(named) == 1 else None
        key, check = _loaded(jwk, kid)
        if key is None:
            return FoundKey(None, check)
        return FoundKey(key, self._belongs(key, kid, kid.partition("#")[0], issuer))

    def _of_did(self, kid: str, issuer: str) -> FoundKey:
        """A method of a did:web document, which must be there for signing (section 5)."""
        address = did_web_url(kid)
        if not address:
            return FoundKey(
                None, _unknown("The issuer’s key is named in a way that cannot be looked up here.", kid[:200])
            )
        document, check = self._document(address, "issuer’s list of keys")
        if check is not None:
            return FoundKey(None, check)
        did = kid.partition("#")[0]
        if text_of(document, "id") != did:
            return FoundKey(None, _failed("The list of keys that the badge names belongs to somebody else.", address))
        key, check = _method_key(document, did, kid)
        if key is None:
            return FoundKey(None, check)
        if did == issuer:
            return FoundKey(key, _own(issuer, address))
        return FoundKey(key, self._belongs(key, kid, address, issuer))

    def _brought(self, brought: object, issuer: str) -> FoundKey:
        """A key in the header: good for looking at the signature, and for nothing else until the issuer has it."""
        key, check = _loaded(brought, "jwk")
        if key is None:
            return FoundKey(None, check)
        listed, unreachable = self._listed(issuer)
        if any(same_key(key, other) for other in listed):
            return FoundKey(key, _own(issuer, "The badge brought its key along; its issuer publishes the same key."))
        if unreachable:
            sentence = "The badge brought its own key, and its issuer could not be asked about it."
            return FoundKey(key, _unknown(sentence, unreachable.detail, unreachable.obstacle))
        return FoundKey(
            key, _failed("The badge brought its own key, which its issuer does not publish: anybody can do that.")
        )

    def _among_the_issuers(self, kid: str, issuer: str) -> FoundKey:
        """No address and no key: the issuer's only published key, or the one of that name."""
        listed: list[VerificationKey] = []
        missing: Check | None = None
        for address in _lists_of(issuer):
            document, check = self._document(address, "issuer’s list of keys")
            if check is not None:
                missing = missing or check
                continue
            listed += [
                key
                for name, key in _keys_in(document, issuer)
                if not kid or name == kid or name.partition("#")[2] == kid.lstrip("#")
            ]
        if listed and all(same_key(listed[0], key) for key in listed):
            return FoundKey(listed[0], _own(issuer, kid))
        sentence = "The badge does not say where the key is that signed it."
        if missing is not None:
            return FoundKey(None, _unknown(sentence, missing.detail, missing.obstacle))
        return FoundKey(None, _unknown(sentence, kid[:200]))

    def _belongs(self, key: VerificationKey, kid: str, address: str, issuer: str) -> Check:  # noqa: PLR0911 -- one return for each finding
        """Whether what was found at an address is the issuer's: by its place, or by the issuer's own word."""
        home = _home_of(issuer)
        if not home:
            return _unknown("The issuer is named in a way that cannot be looked up here.", issuer[:200])
        if authority(address) and authority(address) == authority(home) and _within(address, home):
            return _own(issuer, kid)
        listed, unreachable = self._listed(issuer)
        if any(same_key(key, other) for other in listed):
            return _own(issuer, kid)
        if authority(address) != authority(home):
            if unreachable:
                sentence = "The key lies on another website than the issuer, who could not be asked."
                return _unknown(sentence, unreachable.detail, unreachable.obstacle)
            return _failed("The key that signed this badge is not a key of its issuer.", f"{kid} — {issuer}")
        if listed:
            # Several issuers may live on one website: what its issuer publishes decides.
            return _failed("The key that signed this badge is another one than those its issuer publishes.", kid)
        return _own(issuer, kid)

    def _listed(self, issuer: str) -> tuple[list[VerificationKey], Check | None]:
        """All keys that the issuer publishes, and which of its lists could not be asked."""
        found: list[VerificationKey] = []
        unreachable: Check | None = None
        for address in _lists_of(issuer):
            document, check = self._document(address, "issuer’s list of keys")
            if check is None:
                found += [key for _name, key in _keys_in(document, issuer)]
            elif check.outcome is Outcome.UNKNOWN:
                unreachable = unreachable or check
        return found, unreachable

    def _document(self, address: str, what: str) -> tuple[Document, Check | None]:
        """The JSON at an address, or the check that says why there is none."""
        try:
            answer = self._answers.fetch(address.partition("#")[0])
        except FetchFailed as error:
            sentence = could_not_fetch(what, error.obstacle, error.host or urlsplit(address).hostname or "")
            return {}, _unknown(sentence, f"{address}: {error}", error.obstacle)
        obstacle, detail = obstacle_of_status(answer.status), f"{address}: {answer.status}"
        if obstacle is Obstacle.TAKEN_AWAY:
            return {}, _failed(f"The {what} has been withdrawn.", detail, obstacle)
        if obstacle is Obstacle.NOT_FOUND:
            return {}, _failed(f"There is no {what} at the address that is given for it.", detail, obstacle)
        if obstacle is not None:
            sentence = could_not_fetch(what, obstacle, urlsplit(answer.url).hostname or "")
            return {}, _unknown(sentence, detail, obstacle)
        try:
            return parse_object(answer.body), None
        except InvalidJson as error:
            sentence = f"The {what} cannot be read."
            return {}, _failed(sentence, f"{address}: {error}", Obstacle.NOT_A_DOCUMENT)


def _loaded(jwk: object, name: str) -> tuple[VerificationKey | None, Check]:
    try:
        return load_jwk(jwk), _unknown("")
    except InvalidKey as error:
        return None, _unknown("The key that the badge names cannot be used.", f"{name}: {error}")


def _method_key(document: Document, did: str, kid: str) -> tuple[VerificationKey | None, Check]:
    """The key of the method that a DID URL names; without a fragment, the only one."""
    fragment = kid.partition("#")[2]
    may_sign = {_absolute(id_of(item), did) for item in items_of(document.get("assertionMethod"))}
    methods = [
        method
        for method in objects_of(document, "verificationMethod")
        if not fragment or _absolute(text_of(method, "id"), did) == kid
    ]
    if len(methods) != 1:
        return None, _failed("The issuer’s list of keys does not have the key that the badge names.", kid)
    if _absolute(text_of(methods[0], "id"), did) not in may_sign:
        return None, _failed("The issuer does not use this key for badges.", kid)
    return _loaded(methods[0].get("publicKeyJwk"), kid)


def _keys_in(document: Document, issuer: str) -> list[tuple[str, VerificationKey]]:
    """The keys in a JWKS or a did:web document that are this issuer's; those that cannot be used are left out."""
    did = text_of(document, "id")
    may_sign = {_absolute(id_of(item), did) for item in items_of(document.get("assertionMethod"))}
    named = [(text_of(jwk, "kid"), jwk) for jwk in objects_of(document, "keys") if jwk.get("iss") in (None, issuer)] + [
        (name, method.get("publicKeyJwk"))
        for method in objects_of(document, "verificationMethod")
        if (name := _absolute(text_of(method, "id"), did)) in may_sign
    ]
    found: list[tuple[str, VerificationKey]] = []
    for name, jwk in named:
        key, _check = _loaded(jwk, name)
        if key is not None:
            found.append((name, key))
    return found


def _lists_of(issuer: str) -> list[str]:
    """Where an issuer may publish its keys: its did:web document, or sets beside its own address."""
    if issuer.startswith("did:"):
        address = did_web_url(issuer)
        return [address] if address else []
    if not is_http_url(issuer):
        return []
    parts = urlsplit(issuer)
    beside = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    return [
        f"{beside}/did.json",
        f"{beside}/jwks.json",
        f"{parts.scheme}://{parts.netloc}/.well-known/jwks.json",
    ]


def _home_of(issuer: str) -> str:
    """The web address that stands for an issuer."""
    return issuer if is_http_url(issuer) else did_web_url(issuer).removesuffix("/did.json").removesuffix("/.well-known")


def _within(address: str, home: str) -> bool:
    base = home.partition("#")[0].rstrip("/")
    return address == base or address.startswith(f"{base}/")


def _absolute(name: str, did: str) -> str:
    return f"{did}{name}" if name.startswith("#") else name


def _own(issuer: str, detail: str = "") -> Check:
    return Check.passed(CheckCode.KEY, "The key that signed this badge is published by its issuer.", detail or issuer)


def _failed(sentence: str, detail: str = "", obstacle: Obstacle | None = None) -> Check:
    return Check.failed(CheckCode.KEY, sentence, detail, obstacle=obstacle)


def _unknown(sentence: str, detail: str = "", obstacle: Obstacle | None = None) -> Check:
    return Check.unknown(CheckCode.KEY, sentence, detail, obstacle=obstacle)
