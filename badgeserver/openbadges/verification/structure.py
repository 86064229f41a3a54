"""Whether the documents are complete and well-formed (OB2-VER-11), each by the rules of its own version."""

import re

from badgeserver.openbadges.iris import is_badge_iri, is_data_image, is_http_url
from badgeserver.openbadges.moments import parse_datetime
from badgeserver.openbadges.report import Check, CheckCode
from badgeserver.openbadges.verification.case import Case
from badgeserver.openbadges.verification.kinds import Kind
from badgeserver.openbadges.verification.members import (
    Document,
    iri_of,
    items_of,
    object_of,
    text_of,
    verification_type,
)
from badgeserver.openbadges.vocabulary import RecipientType

_IDENTITY_HASH = re.compile(r"sha256\$[0-9a-fA-F]{64}|md5\$[0-9a-fA-F]{32}")
_LEGACY_HASH = re.compile(r"sha1\$[0-9a-fA-F]{40}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_TELEPHONE = re.compile(r"\+?[1-9]\d{1,14}(?:;ext=\d+)?", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?", re.ASCII)

_Findings = list[tuple[bool, str]]


def check_structure(case: Case) -> Check:
    """Award, badge description and issuer's profile have everything that the standard requires."""
    code = CheckCode.STRUCTURE
    if case.presented.problem is not None:
        return case.presented.problem.as_check(code)
    if case.assertion.document is None:
        return Check.unknown(code, f"Not checked, because the {case.kind.words} itself could not be read.")
    if case.withdrawn:
        return Check.unknown(code, f"Not checked: of a revoked {case.noun} nothing else needs to be shown.")
    problems = _problems(case)
    for loaded in case.looked_at:
        if loaded.document is None and not problems:
            return loaded.as_check(code)
    if problems:
        return Check.failed(code, problems[0], " ".join(problems[1:]))
    left_out = [address for loaded in case.looked_at for address in loaded.left_out]
    detail = f"Not known here, and therefore left out: {', '.join(dict.fromkeys(left_out))}" if left_out else ""
    belongs = "a badge" if case.kind is Kind.AWARD else "an endorsement"
    return Check.passed(code, f"Everything that belongs to {belongs} is there.", detail[:1_000])


def _problems(case: Case) -> list[str]:
    document = case.assertion.document or {}
    if case.kind is Kind.ENDORSEMENT:
        problems = endorsement_problems(document)
    else:
        problems = assertion_problems(document, case.assertion.version)
        problems += badge_problems(case.badge.document, case.badge.version) if case.badge.document is not None else []
    if case.issuer.document is not None:
        problems += issuer_problems(case.issuer.document, case.issuer.version)
    return problems


def assertion_problems(document: Document, version: str = "2.0") -> list[str]:
    """What an Assertion lacks (Spec §Assertion)."""
    legacy = _is_legacy(version)
    identifier = document.get("id")
    undated = version == "0.5" and document.get("issuedOn") is None
    return _sentences(
        [
            (is_badge_iri(identifier) or (legacy and _is_text(identifier)), "The award has no proper identifier."),
            (
                _is_recipient(object_of(document, "recipient"), legacy=legacy),
                "The award does not properly say who received it.",
            ),
            (_is_link(document.get("badge")), "The award does not say for which badge it is."),
            *_findings_of_dates(document, undated=undated),
            (
                _is_image(document.get("image"), required=False, data_uri=legacy),
                "The award’s image is not given properly.",
            ),
            (_are_evidence(document.get("evidence")), "The award’s evidence is not given properly."),
            (_are_texts(document, "narrative"), "The award’s story is not one text."),
            *_findings_of_any(document, "award"),
        ]
    )


def endorsement_problems(document: Document) -> list[str]:
    """What an Endorsement lacks (Spec §Endorsement, OB2-ISS-140)."""
    claim = object_of(document, "claim")
    findings: _Findings = [
        (is_badge_iri(document.get("id")), "The endorsement has no proper identifier."),
        (is_badge_iri(claim.get("id")), "The endorsement does not say what it endorses."),
        (_are_texts(claim, "endorsementComment"), "The endorsement’s comment is not one text."),
        (_is_link(document.get("issuer")), "The endorsement does not say who gives it."),
        *_findings_of_dates(document, undated=False),
        *_findings_of_any(document, "endorsement"),
    ]
    return _sentences([(fine, sentence.replace("award", "endorsement")) for fine, sentence in findings])


def badge_problems(document: Document, version: str = "2.0") -> list[str]:
    """What a BadgeClass lacks (Spec §BadgeClass)."""
    legacy = _is_legacy(version)
    return _sentences(
        [
            (is_badge_iri(document.get("id")), "The badge has no proper identifier."),
            (_is_text(document.get("name")), "The badge has no name."),
            (_is_text(document.get("description")), "The badge has no description."),
            (_is_image(document.get("image"), required=True), "The badge has no proper image."),
            (_is_criteria(document.get("criteria")), "The badge does not say what it takes to earn it."),
            (_is_link(document.get("issuer")), "The badge does not say who issues it."),
            (
                _are_alignments(document.get("alignment"), legacy=legacy),
                "The badge is aligned to something without name or address.",
            ),
            (all(isinstance(tag, str) for tag in items_of(document.get("tags"))), "The badge’s tags are not words."),
            *_findings_of_any(document, "badge"),
        ]
    )


def issuer_problems(document: Document, version: str = "2.0") -> list[str]:
    """What an issuer's Profile lacks (Spec §Profile, OB2-ISS-62)."""
    email, telephone = document.get("email"), document.get("telephone")
    policy = object_of(document, "verification")
    return _sentences(
        [
            (is_badge_iri(document.get("id")), "The issuer has no proper identifier."),
            (_is_text(document.get("name")), "The issuer has no name."),
            (is_http_url(document.get("url")), "The issuer has no website."),
            (
                (isinstance(email, str) and _EMAIL.fullmatch(email) is not None)
                or (_is_legacy(version) and email is None),
                "The issuer has no e-mail address.",
            ),
            (
                telephone is None or (isinstance(telephone, str) and _TELEPHONE.fullmatch(telephone) is not None),
                "The issuer’s telephone number is not given properly.",
            ),
            (_are_texts(document, "description"), "The issuer’s description is not one text."),
            (_is_image(document.get("image"), required=False), "The issuer’s image is not given properly."),
            (_are_links(document.get("publicKey")), "The issuer’s key is not given properly."),
            (
                all(is_http_url(item) for item in items_of(policy.get("startsWith")))
                and all(
                    isinstance(item, str) and _HOST.fullmatch(item) for item in items_of(policy.get("allowedOrigins"))
                ),
                "The issuer does not properly say where its badges lie.",
            ),
            *_findings_of_any(document, "issuer"),
        ]
    )


def _sentences(findings: _Findings) -> list[str]:
    return [sentence for fine, sentence in findings if not fine]


def _findings_of_dates(document: Document, *, undated: bool) -> _Findings:
    issued, expires = parse_datetime(document.get("issuedOn")), document.get("expires")
    ends = parse_datetime(expires)
    return [
        (verification_type(document) is not None, "The award does not say how it can be verified."),
        (issued is not None or undated, "The award has no proper date of issue."),
        (expires is None or ends is not None, "The award’s expiry date is not a proper date."),
        (issued is None or ends is None or ends > issued, "The award expires before it was issued."),
    ]


def _findings_of_any(document: Document, noun: str) -> _Findings:
    """What every kind of document may carry (OB2-ISS-119 to 123)."""
    language, version = document.get("@language"), document.get("version")
    return [
        (
            language is None or (isinstance(language, str) and _LANGUAGE.fullmatch(language) is not None),
            f"The {noun}’s language is not given properly.",
        ),
        (
            version is None or (isinstance(version, (str, int, float)) and not isinstance(version, bool)),
            f"The {noun}’s version is neither a text nor a number.",
        ),
        (
            _are_links(document.get("related")) and _are_links(document.get("endorsement")),
            f"The {noun} names something that has no address.",
        ),
    ]


def _is_legacy(version: str) -> bool:
    return version in {"0.5", "1.0", "1.1"}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_texts(document: Document, *names: str) -> bool:
    return all(isinstance(document.get(name, ""), (str, type(None))) for name in names)


def _is_link(value: object) -> bool:
    """One IRI, or one object with an IRI and, when more is said than that, a type (OB2-ISS-35)."""
    found = items_of(value)
    embedded = bool(found) and isinstance(found[0], dict) and len(found[0]) > 1
    return bool(iri_of(value)) and (not embedded or "type" in found[0] or "@type" in found[0])  # type: ignore[operator]


def _are_links(value: object) -> bool:
    return all(is_badge_iri(iri_of(item)) for item in items_of(value))


def _is_recipient(recipient: Document, *, legacy: bool) -> bool:
    identity, hashed = recipient.get("identity"), recipient.get("hashed")
    if not isinstance(identity, str) or not identity or not isinstance(hashed, bool):
        return False
    types = [item for item in items_of(recipient.get("type")) if item in tuple(RecipientType)]
    if len(types) != 1 or not isinstance(recipient.get("salt", ""), str):
        return False
    if hashed or _IDENTITY_HASH.fullmatch(identity):
        is_hash = _IDENTITY_HASH.fullmatch(identity) or (legacy and _LEGACY_HASH.fullmatch(identity))
        return hashed and bool(is_hash)
    return types[0] != RecipientType.EMAIL or _EMAIL.fullmatch(identity) is not None


def _is_image(image: object, *, required: bool, data_uri: bool = True) -> bool:
    if image is None:
        return not required
    address, words = iri_of(image), items_of(image)[0] if items_of(image) else None
    if isinstance(words, dict) and not (
        _are_texts(words, "caption") and (words.get("author") is None or _is_link(words.get("author")))
    ):
        return False
    return is_http_url(address) or (data_uri and is_data_image(address))


def _is_criteria(criteria: object) -> bool:
    """One address or one object; whether it says anything is asked by a step of its own."""
    found = items_of(criteria)
    if len(found) != 1:
        return False
    if isinstance(found[0], dict):
        return _are_texts(found[0], "narrative") and (found[0].get("id") is None or is_badge_iri(iri_of(found[0])))
    return is_http_url(found[0])


def _are_evidence(evidence: object) -> bool:
    texts = ("name", "description", "narrative", "genre", "audience")
    return all(
        (isinstance(item, dict) and item.get("id") is None) or is_badge_iri(iri_of(item)) for item in items_of(evidence)
    ) and all(_are_texts(item, *texts) for item in items_of(evidence) if isinstance(item, dict))


def _are_alignments(alignment: object, *, legacy: bool) -> bool:
    return all(
        isinstance(item, dict)
        and (_is_text(item.get("targetName")) or (legacy and item.get("targetName") is None))
        and is_http_url(item.get("targetUrl"))
        and _are_texts(item, "targetDescription", "targetFramework", "targetCode")
        for item in items_of(alignment)
    )


def criteria_of(badge: Document) -> tuple[str, str]:
    """Text and address of the criteria, each "" when there is none."""
    criteria = items_of(badge.get("criteria"))
    if len(criteria) != 1:
        return "", ""
    address = iri_of(criteria[0])
    narrative = text_of(criteria[0], "narrative") if isinstance(criteria[0], dict) else ""
    return narrative.strip(), address if is_http_url(address) else ""
