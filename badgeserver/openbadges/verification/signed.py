"""Whether the badge is as it was signed, and whether its issuer's own key signed it (OB2-VER-15, OB2-VER-16)."""

from badgeserver.openbadges import jws
from badgeserver.openbadges.errors import InvalidKey, InvalidSignature, WeakKey
from badgeserver.openbadges.iris import authority
from badgeserver.openbadges.keys import load_public_key
from badgeserver.openbadges.report import Check, CheckCode
from badgeserver.openbadges.verification.case import Case
from badgeserver.openbadges.verification.members import iri_of, text_of

_NO_SIGNATURE = (
    "This is the text of a signed {noun} without its signature, so anybody could have changed it. "
    "Bring the signed file or image."
)


def check_signature(case: Case) -> Check:  # noqa: PLR0911 -- one return for each finding
    """The signature, RS256 only, matches the key that the badge names. Whose key that is, check_key says."""
    code = CheckCode.SIGNATURE
    if case.assertion.document is None:
        return case.assertion.as_check(code)
    if not case.presented.jws:
        return Check.unknown(code, _NO_SIGNATURE.format(noun=case.noun))
    try:
        header, _payload = jws.peek(case.presented.jws)
        algorithm = header.get("alg")
        if algorithm != jws.ALGORITHM:
            return Check.failed(code, _refusal(algorithm, case.noun), f"alg: {str(algorithm)[:40]}")
        if case.key.document is None:
            return case.key.as_check(code)
        jws.verify(case.presented.jws, load_public_key(text_of(case.key.document, "publicKeyPem")))
    except InvalidKey as error:
        return Check.unknown(code, "Not checked, because the key that it names cannot be used.", str(error))
    except InvalidSignature as error:
        return Check.failed(
            code, f"The signature does not match: the {case.noun} was changed, or another key signed it.", str(error)
        )
    return Check.passed(code, "The signature matches: nothing was changed since it was signed.")


def check_key(case: Case) -> Check:  # noqa: PLR0911 -- one return for each finding
    """The key is there, long enough, listed by the issuer's fetched Profile, and names the issuer as its owner."""
    code = CheckCode.KEY
    if case.assertion.document is None or not case.presented.jws:
        return Check.unknown(code, "Not checked, because there is no signature to look at.")
    for loaded in (case.key, case.issuer):
        if loaded.document is None:
            return loaded.as_check(code)
    key, issuer, name = case.key.document or {}, case.issuer.document or {}, case.issuer_name
    address = case.key_ids[0]
    if case.is_legacy:
        # Before 2.0 a Profile listed no keys: the key had to lie on the website of its issuer.
        if authority(address) != authority(iri_of(issuer.get("id"))):
            return Check.failed(code, f"The key that signed this {case.noun} does not lie with {name}.", address)
    elif address not in case.listed_key_ids:
        return Check.failed(
            code, f"The key that signed this {case.noun} is not one that {name} names as its own.", address
        )
    elif iri_of(key.get("owner")) != iri_of(issuer.get("id")):
        return Check.failed(code, f"The key that signed this {case.noun} does not belong to {name}.", address)
    try:
        bits = load_public_key(text_of(key, "publicKeyPem")).key_size
    except WeakKey as error:
        return Check.failed(code, "The issuer’s key is so short that others could sign in its name.", str(error))
    except InvalidKey as error:
        return Check.unknown(code, "The key that it names cannot be used.", str(error))
    return Check.passed(code, f"The key is one of {name}.", f"RSA, {bits} bits: {address}")


def _refusal(algorithm: object, noun: str) -> str:
    name = algorithm.upper() if isinstance(algorithm, str) else ""
    if name == "NONE":
        return f"This {noun} says itself that nobody signed it, so anybody could have written it."
    if name.startswith("HS"):
        return (
            f"This {noun} is not signed with the issuer’s key but sealed with a shared password, "
            "so anybody who knows that could have written it."
        )
    return f"This {noun} is signed in another way than badges are (RS256), so the signature does not count."
