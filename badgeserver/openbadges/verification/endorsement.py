"""Verifying endorsements: who said what about an issuer, a badge or an award, and whether it holds (OB2-ISS-141)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from badgeserver.openbadges.fetching import Fetch
from badgeserver.openbadges.iris import is_http_url
from badgeserver.openbadges.moments import parse_datetime
from badgeserver.openbadges.report import Check, CheckCode, EndorsementReport, Outcome, verdict_of
from badgeserver.openbadges.verification.case import Case
from badgeserver.openbadges.verification.expiry import check_expiry
from badgeserver.openbadges.verification.hosted import check_hosted
from badgeserver.openbadges.verification.issuer import check_issuer
from badgeserver.openbadges.verification.kinds import Kind
from badgeserver.openbadges.verification.members import iri_of, items_of, object_of, text_of
from badgeserver.openbadges.verification.revocation import check_revocation
from badgeserver.openbadges.verification.signed import check_key, check_signature
from badgeserver.openbadges.verification.structure import check_structure

MOST = 6
"""How many endorsements of one badge are looked at."""

_STEPS: Mapping[CheckCode, Callable[[Case], Check]] = MappingProxyType(
    {
        CheckCode.HOSTED: check_hosted,
        CheckCode.SIGNATURE: check_signature,
        CheckCode.KEY: check_key,
        CheckCode.STRUCTURE: check_structure,
        CheckCode.ISSUER: check_issuer,
        CheckCode.REVOCATION: check_revocation,
        CheckCode.EXPIRY: check_expiry,
    }
)


def verify_endorsement(source: str | bytes, *, fetch: Fetch, now: datetime, about: str = "") -> EndorsementReport:
    """Whether an endorsement is genuine and holds; never raises, whatever is brought or fetched.

    It is an address, the JSON of a hosted Endorsement (of which only the address is believed) or a JWS. Whoever
    gave it answers for it exactly as an issuer answers for a badge. ``about`` is the ``id`` that it must endorse,
    when that is known.
    """
    case = Case(source, fetch=fetch, now=now, kind=Kind.ENDORSEMENT)
    checks = tuple(_checks(case, about))
    signature = next((check for check in checks if check.code is CheckCode.SIGNATURE), None)
    is_proven = signature is None or signature.outcome is Outcome.PASSED
    document = case.assertion.document if is_proven and case.assertion.document and not case.withdrawn else {}
    issuer, claim = case.issuer.document or {}, object_of(document, "claim")
    address = iri_of(issuer.get("url"))
    return EndorsementReport(
        checks=checks,
        verdict=verdict_of(checks),
        checked_at=now,
        id=iri_of(document.get("id"))[:2_000],
        endorsed_id=iri_of(claim.get("id"))[:2_000],
        comment=text_of(claim, "endorsementComment").strip()[:5_000],
        endorser_name=text_of(issuer, "name").strip()[:300],
        endorser_url=address if is_http_url(address) else "",
        endorser_id=iri_of(issuer.get("id"))[:2_000],
        issued_on=parse_datetime(document.get("issuedOn")),
        form=case.form if case.assertion.document is not None else None,
        fetched=case.resources.asked,
        document=case.assertion.published if is_proven else None,
    )


def endorsements_of(case: Case) -> tuple[EndorsementReport, ...]:
    """The endorsements that a badge's documents name, each of which must be about the document that names it.

    They are verified by the same answers of the network; what they turn out to be changes nothing about the badge.
    """
    found = dict.fromkeys(_named(case))
    return tuple(
        verify_endorsement(address, fetch=case.resources.fetch, now=case.now, about=about)
        for address, about in list(found)[:MOST]
    )


def _named(case: Case) -> Iterator[tuple[str, str]]:
    for loaded in case.looked_at:
        document = loaded.document or {}
        for link in items_of(document.get("endorsement")):
            address = iri_of(link)
            if is_http_url(address):
                yield address, iri_of(document.get("id"))


def _checks(case: Case, about: str) -> Iterator[Check]:
    if case.presented.problem is not None:
        yield check_structure(case)
        return
    if case.presented.credential:
        sentence = "This is a credential of Open Badges 3.0, which is no endorsement of Open Badges 2.0."
        yield Check.unknown(CheckCode.STRUCTURE, sentence)
        return
    left_out = {CheckCode.HOSTED} if case.is_signed else {CheckCode.SIGNATURE, CheckCode.KEY}
    for code, check in _STEPS.items():
        if code not in left_out:
            yield _about(check(case), case, about) if code is CheckCode.STRUCTURE else check(case)


def _about(check: Check, case: Case, about: str) -> Check:
    """The same, or that it endorses something else than what names it."""
    claimed = iri_of(object_of(case.assertion.document or {}, "claim").get("id"))
    if check.outcome is not Outcome.PASSED or not about or claimed == about:
        return check
    return Check.failed(CheckCode.STRUCTURE, "The endorsement is about something else.", claimed[:200])
