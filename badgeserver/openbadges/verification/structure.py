"""Whether the documents are complete and well-formed (OB2-VER-11)."""

import re

from badgeserver.openbadges.iris import is_badge_iri, is_data_image, is_http_url
from badgeserver.openbadges.moments import parse_datetime
from badgeserver.openbadges.verification.case import Case
from badgeserver.openbadges.verification.members import (
    Document,
    iri_of,
    items_of,
    object_of,
    verification_type,
)
from badgeserver.openbadges.verification.report import Check, CheckCode
from badgeserver.openbadges.vocabulary import RecipientType

_IDENTITY_HASH = re.compile(r"sha256\$[0-9a-fA-F]{64}|md5\$[0-9a-fA-F]{32}")


def check_structure(case: Case) -> Check:
    """Award, badge description and issuer's profile have everything that the standard requires."""
    code = CheckCode.STRUCTURE
    if case.presented.problem is not None:
        return case.presented.problem.as_check(code)
    if case.assertion.document is None:
        return Check.unknown(code, "Not checked, because the award itself could not be read.")
    if case.withdrawn:
        return Check.unknown(code, "Not checked: of a revoked badge nothing else needs to be shown.")
    problems = assertion_problems(case.assertion.document)
    for loaded in (case.badge, case.issuer):
        if loaded.document is None and not problems:
            return loaded.as_check(code)
    problems += badge_problems(case.badge.document or {}) if case.badge.document is not None else []
    problems += issuer_problems(case.issuer.document or {}) if case.issuer.document is not None else []
    if problems:
        return Check.failed(code, problems[0], " ".join(problems[1:]))
    return Check.passed(code, "Everything that belongs to a badge is there.")


def assertion_problems(document: Document) -> list[str]:
    """What an Assertion lacks (Spec §Assertion)."""
    issued, expires = parse_datetime(document.get("issuedOn")), document.get("expires")
    ends = parse_datetime(expires)
    found = [
        (is_badge_iri(document.get("id")), "The award has no proper identifier."),
        (_is_recipient(object_of(document, "recipient")), "The award does not properly say who received it."),
        (bool(iri_of(document.get("badge"))), "The award does not say for which badge it is."),
        (verification_type(document) is not None, "The award does not say how it can be verified."),
        (issued is not None, "The award has no proper date of issue."),
        (expires is None or ends is not None, "The award’s expiry date is not a proper date."),
        (issued is None or ends is None or ends > issued, "The award expires before it was issued."),
        (_is_image(document.get("image"), required=False), "The award’s image is not given properly."),
        (_are_evidence(document.get("evidence")), "The award’s evidence is not given properly."),
    ]
    return [sentence for fine, sentence in found if not fine]


def badge_problems(document: Document) -> list[str]:
    """What a BadgeClass lacks (Spec §BadgeClass)."""
    found = [
        (is_badge_iri(document.get("id")), "The badge has no proper identifier."),
        (_is_text(document.get("name")), "The badge has no name."),
        (_is_text(document.get("description")), "The badge has no description."),
        (_is_image(document.get("image"), required=True), "The badge has no proper image."),
        (_is_criteria(document.get("criteria")), "The badge does not say what it takes to earn it."),
        (bool(iri_of(document.get("issuer"))), "The badge does not say who issues it."),
        (
            _are_alignments(document.get("alignment")),
            "The badge is aligned to something without name or address.",
        ),
        (
            all(isinstance(tag, str) for tag in items_of(document.get("tags"))),
            "The badge’s tags are not words.",
        ),
    ]
    return [sentence for fine, sentence in found if not fine]


def issuer_problems(document: Document) -> list[str]:
    """What an issuer's Profile lacks (Spec §Profile, OB2-ISS-62)."""
    found = [
        (is_badge_iri(document.get("id")), "The issuer has no proper identifier."),
        (_is_text(document.get("name")), "The issuer has no name."),
        (is_http_url(document.get("url")), "The issuer has no website."),
        (_is_text(document.get("email")), "The issuer has no e-mail address."),
        (_is_image(document.get("image"), required=False), "The issuer’s image is not given properly."),
    ]
    return [sentence for fine, sentence in found if not fine]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_recipient(recipient: Document) -> bool:
    identity, hashed = recipient.get("identity"), recipient.get("hashed")
    if not isinstance(identity, str) or not identity or not isinstance(hashed, bool):
        return False
    types = [item for item in items_of(recipient.get("type")) if item in tuple(RecipientType)]
    is_hash = _IDENTITY_HASH.fullmatch(identity) is not None
    return len(types) == 1 and hashed is is_hash and isinstance(recipient.get("salt", ""), str)


def _is_image(image: object, *, required: bool) -> bool:
    if image is None:
        return not required
    address = iri_of(image)
    return is_http_url(address) or is_data_image(address)


def _is_criteria(criteria: object) -> bool:
    found = items_of(criteria)
    if len(found) != 1:
        return False
    return is_http_url(iri_of(found[0])) or (isinstance(found[0], dict) and _is_text(found[0].get("narrative")))


def _are_evidence(evidence: object) -> bool:
    return all(
        is_badge_iri(iri_of(item)) or (isinstance(item, dict) and item.get("id") is None) for item in items_of(evidence)
    )


def _are_alignments(alignment: object) -> bool:
    return all(
        isinstance(item, dict) and _is_text(item.get("targetName")) and is_http_url(item.get("targetUrl"))
        for item in items_of(alignment)
    )
