"""Whether a key of its issuer signed the badge (OB2-VER-15, OB2-VER-16)."""

from badgeserver.openbadges import jws
from badgeserver.openbadges.errors import InvalidKey, InvalidSignature
from badgeserver.openbadges.keys import load_public_key
from badgeserver.openbadges.verification.case import Case
from badgeserver.openbadges.verification.members import text_of
from badgeserver.openbadges.verification.report import Check, CheckCode


def check_signature(case: Case) -> Check:  # noqa: PLR0911 -- one return for each finding
    """The signature matches a key that the issuer's own, fetched Profile lists; RS256 only."""
    code = CheckCode.SIGNATURE
    if case.assertion.document is None:
        return case.assertion.as_check(code)
    if not case.presented.jws:
        return Check.unknown(
            code, "This is the text of a signed badge without its signature. Bring the signed file or image."
        )
    # The key and the signature are looked at first: a wrong signature is proven without knowing the issuer.
    if case.key.document is None:
        return case.key.as_check(code)
    try:
        key = load_public_key(text_of(case.key.document, "publicKeyPem"))
        jws.verify(case.presented.jws, key)
    except InvalidKey as error:
        return Check.unknown(code, "The key that the badge names cannot be used.", str(error))
    except InvalidSignature as error:
        return Check.failed(code, str(error))
    if case.issuer.document is None:
        return case.issuer.as_check(code)
    if case.key_ids[0] not in case.listed_key_ids:
        return Check.failed(code, "The key that signed this badge is not a key of its issuer.", case.key_ids[0])
    return Check.passed(code, "The signature matches: nothing was changed since the issuer signed it.")
