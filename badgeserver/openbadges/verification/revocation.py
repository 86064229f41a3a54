"""Whether the issuer has revoked the badge (OB2-VER-13, OB2-VER-15 step 7)."""

from badgeserver.openbadges.report import Check, CheckCode, Verdict
from badgeserver.openbadges.verification.case import Case
from badgeserver.openbadges.verification.kinds import Kind
from badgeserver.openbadges.verification.members import Document, iri_of, items_of, text_of


def check_revocation(case: Case) -> Check:  # noqa: PLR0911 -- one return for each finding
    """A hosted award answers 410 or says so; a signed one stands in the issuer's list."""
    code = CheckCode.REVOCATION
    document = case.assertion.document
    if document is None:
        return Check.unknown(code, "Not checked, because the award itself could not be read.")
    if case.withdrawn:
        return _withdrawn(case, text_of(document, "revocationReason"))
    if not case.is_signed:
        return Check.passed(code, f"The issuer has not revoked this {case.noun}.")
    if case.issuer.document is None:
        return Check.unknown(code, "Not checked, because the issuer’s profile could not be read.")
    address = iri_of(case.issuer.document.get("revocationList"))
    if not address:
        return Check.passed(code, "The issuer keeps no list of revoked badges.")
    listed = case.resources.load_any(address, Kind.REVOCATIONS)
    if listed.document is None or listed.gone or "revokedAssertions" not in listed.document:
        sentence = listed.sentence or "The issuer’s list of revoked badges cannot be read."
        return Check.unknown(code, sentence, listed.detail or address, obstacle=listed.obstacle)
    reason = revocation_reason(listed.document, _names(document))
    if reason is not None:
        return _withdrawn(case, reason)
    return Check.passed(
        code, f"The {case.noun} is not on the issuer’s list of revoked badges.", _remarks(listed.document, case)
    )


def revocation_reason(revocation_list: Document, names: set[str]) -> str | None:
    """The reason when the list holds one of the names, "" without a reason; None when it holds none.

    One entry may stand there without a list around it (OB2-ISS-116). An entry counts whatever its own
    ``revoked`` says (OB2-ISS-117): whoever takes a revocation back removes the entry.
    """
    for entry in items_of(revocation_list.get("revokedAssertions")):
        legacy = entry.get("uid") if isinstance(entry, dict) else None
        if iri_of(entry) in names or (isinstance(legacy, str) and legacy in names):
            return text_of(entry, "revocationReason") if isinstance(entry, dict) else ""
    return None


def _names(assertion: Document) -> set[str]:
    return {name for name in (iri_of(assertion.get("id")), text_of(assertion, "uid")) if name}


def _remarks(revocation_list: Document, case: Case) -> str:
    """What is odd about the list without making it worthless: it may be another issuer's."""
    owner, issuer = iri_of(revocation_list.get("issuer")), iri_of((case.issuer.document or {}).get("id"))
    return f"The list names another issuer: {owner[:200]}" if owner and owner != issuer else ""


def _withdrawn(case: Case, reason: str) -> Check:
    return Check.failed(
        CheckCode.REVOCATION, f"The issuer has revoked this {case.noun}.", reason[:1_000], Verdict.REVOKED
    )
