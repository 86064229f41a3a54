"""Whether this issuer may speak for this badge (OB2-VER-14, OB2-VER-16, OB2-VER-19)."""

from badgeserver.openbadges.iris import authority
from badgeserver.openbadges.verification.case import Case
from badgeserver.openbadges.verification.members import Document, iri_of, items_of, object_of, text_of
from badgeserver.openbadges.verification.report import Check, CheckCode


def check_issuer(case: Case) -> Check:  # noqa: PLR0911 -- one return for each finding
    """Award and badge lie where the issuer says its badges lie; a signing key belongs to the issuer."""
    code = CheckCode.ISSUER
    if case.assertion.document is None or case.withdrawn:
        return Check.unknown(code, "Not checked, because the award itself is not shown.")
    for loaded in (case.badge, case.issuer):
        if loaded.document is None:
            return loaded.as_check(code)
    issuer, badge = case.issuer.document or {}, case.badge.document or {}
    name = text_of(issuer, "name")
    if not is_within_policy(issuer, iri_of(badge.get("id")), prefixes=False):
        return Check.failed(code, f"The badge does not come from the website of {name}, which it names as its issuer.")
    if not case.is_signed and not is_within_policy(issuer, iri_of(case.assertion.document.get("id"))):
        return Check.failed(code, f"The award does not come from the website of {name}, which it names as its issuer.")
    if case.is_signed:
        if case.key.document is None:
            return case.key.as_check(code)
        if iri_of(case.key.document.get("owner")) != iri_of(issuer.get("id")):
            return Check.failed(code, f"The key that signed this badge does not belong to {name}.")
    return Check.passed(code, f"Badge and award come from {name}.", iri_of(issuer.get("id")))


def is_within_policy(issuer: Document, address: str, *, prefixes: bool = True) -> bool:
    """Whether an issuer answers for an address (OB2-ISS-83 to 91).

    Its authority must be an allowed origin, by default that of the issuer itself, and, for awards, it must
    begin with ``startsWith`` where the issuer has one, ending at a boundary of the path.
    """
    policy = object_of(issuer, "verification")
    origins = [item for item in items_of(policy.get("allowedOrigins")) if isinstance(item, str)]
    allowed = {origin.lower() for origin in origins} or {authority(iri_of(issuer.get("id")))}
    if not authority(address) or authority(address) not in allowed:
        return False
    starts = [item for item in items_of(policy.get("startsWith")) if isinstance(item, str)]
    return not prefixes or not starts or any(_begins(address, start) for start in starts)


def _begins(address: str, start: str) -> bool:
    """Prefix up to a boundary: ``https://example.org`` is none of ``https://example.org.evil.example/``."""
    rest = address[len(start) :]
    return address.startswith(start) and (start.endswith(("/", "?", "#", "=")) or rest[:1] in ("", "/", "?", "#"))
