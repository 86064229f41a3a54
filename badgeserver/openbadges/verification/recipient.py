"""Whether the badge was awarded to the person who shows it (OB2-VER-17)."""

import hashlib
import hmac
import re

from badgeserver.openbadges.identity import matches, normalize_email
from badgeserver.openbadges.report import Check, CheckCode
from badgeserver.openbadges.verification.case import Case
from badgeserver.openbadges.verification.members import Document, object_of, text_of

_SHA1 = re.compile(r"sha1\$([0-9a-fA-F]{40})")


def check_recipient(case: Case) -> Check:
    """The identity that was given is the recipient's. It is never repeated in the answer."""
    code = CheckCode.RECIPIENT
    if case.assertion.document is None or case.withdrawn:
        return Check.unknown(code, "Not checked, because the award itself is not shown.")
    recipient, identity = object_of(case.assertion.document, "recipient"), case.recipient or ""
    if matches(recipient, identity) or (case.is_legacy and _matches_sha1(recipient, identity)):
        return Check.passed(code, "The badge was awarded to the person you named.")
    return Check.failed(code, "The badge was awarded to somebody else than the person you named.")


def _matches_sha1(recipient: Document, identity: str) -> bool:
    """Before 2.0 an identity might be hashed with SHA-1 as well."""
    match = _SHA1.fullmatch(text_of(recipient, "identity"))
    if match is None:
        return False
    salt = text_of(recipient, "salt")
    found = [
        hashlib.sha1((candidate + salt).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
        for candidate in (identity, identity.strip(), normalize_email(identity))
    ]
    compared = [hmac.compare_digest(match[1].lower(), digest) for digest in found]
    return any(compared)
