"""Whether this issuer may speak for this badge (OB2-VER-14, OB2-VER-19)."""

from badgeserver.openbadges.iris import authority
from badgeserver.openbadges.report import Check, CheckCode
from badgeserver.openbadges.verification.case import Case
from badgeserver.openbadges.verification.kinds import Kind
from badgeserver.openbadges.verification.members import Document, iri_of, items_of, object_of


def check_issuer(case: Case) -> Check:
    """Award and badge lie where the issuer says its badges lie."""
    code = CheckCode.ISSUER
    if case.assertion.document is None or case.withdrawn:
        return Check.unknown(code, "Not checked, because the award itself is not shown.")
    for loaded in case.looked_at:
        if loaded.document is None:
            return loaded.as_check(code)
    issuer, name = case.issuer.document or {}, case.issuer_name
    issuer_id = iri_of(issuer.get("id"))
    if case.kind is Kind.AWARD:
        badge = iri_of((case.badge.document or {}).get("id"))
        if not is_within_policy(issuer, badge, prefixes=False):
            return Check.failed(
                code,
                f"The badge does not come from the website of {name}, which it names as its issuer.",
                f"{badge} / {issuer_id}",
            )
    award = iri_of(case.assertion.document.get("id"))
    if not case.is_signed and not is_within_policy(issuer, award):
        return Check.failed(
            code,
            f"The {case.kind.words} does not come from the website of {name}, which it names as its issuer.",
            f"{award} / {issuer_id}",
        )
    found = "Badge and award come" if case.kind is Kind.AWARD else "The endorsement comes"
    return Check.passed(code, f"{found} from {name}, at {authority(issuer_id)}.", issuer_id)


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
