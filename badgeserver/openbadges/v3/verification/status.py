"""Whether a credential is revoked, by the list that it names (section 6)."""

from datetime import datetime
from urllib.parse import urlsplit

from badgeserver.openbadges.errors import FetchFailed, InvalidDocument, InvalidJson, InvalidSignature
from badgeserver.openbadges.fetching import Answers, Fetched
from badgeserver.openbadges.iris import is_http_url
from badgeserver.openbadges.jsontext import parse_object
from badgeserver.openbadges.jws import looks_like_jws
from badgeserver.openbadges.moments import parse_datetime
from badgeserver.openbadges.obstacles import Obstacle, could_not_fetch, obstacle_of_status
from badgeserver.openbadges.report import Check, CheckCode, Outcome, Verdict
from badgeserver.openbadges.v3.proof import read_credential, verify_signature
from badgeserver.openbadges.v3.status_list import decode_bits, is_set
from badgeserver.openbadges.v3.verification.keys import KeyFinder
from badgeserver.openbadges.v3.verification.reading import Document, id_of, items_of, object_of, text_of, types_of
from badgeserver.openbadges.v3.verification.structure import dates_of
from badgeserver.openbadges.v3.vocabulary import StatusType

_WITHDRAWING = frozenset({"revocation", "suspension"})
_LIST = "issuer’s list of revoked badges"
_UNREAD = "The issuer’s list of revoked badges cannot be read."


def check_status(document: Document, *, answers: Answers, now: datetime) -> Check:
    """The list names the credential, or its bit is set; a list that cannot be believed proves nothing."""
    statuses = items_of(document.get("credentialStatus"))
    if not statuses:
        return Check.passed(CheckCode.REVOCATION, "The issuer keeps no list of revoked badges.")
    if len(statuses) > 1 or not isinstance(statuses[0], dict):
        return _unknown("The badge does not properly say how it is revoked.")
    status = statuses[0]
    if StatusType.BITSTRING in types_of(status):
        return _bitstring(document, status, answers=answers, now=now)
    if StatusType.REVOCATION_LIST in types_of(status):
        return _listed(document, status, answers=answers)
    kinds = ", ".join(sorted(types_of(status)))
    return _unknown("The badge is revoked in a way that cannot be checked here.", kinds[:200])


def _bitstring(document: Document, status: Document, *, answers: Answers, now: datetime) -> Check:  # noqa: PLR0911 -- one return for each finding
    purpose, address = text_of(status, "statusPurpose"), text_of(status, "statusListCredential")
    index = _index(status.get("statusListIndex"))
    if index is None or not is_http_url(address) or status.get("statusSize", 1) != 1:
        return _unknown("The badge does not properly say how it is revoked.", address[:200])
    if purpose not in _WITHDRAWING:
        return Check.passed(
            CheckCode.REVOCATION, "The badge names no list of revoked badges.", f"statusPurpose: {purpose}"
        )
    answer = _answer(address, answers)
    if isinstance(answer, Check):
        return answer
    text = answer.body.decode("utf-8", "replace").strip()
    try:
        listed = read_credential(text).document if looks_like_jws(text) else parse_object(text)
        subject = object_of(listed, "credentialSubject")
        revoked = is_set(decode_bits(subject.get("encodedList")), index)
    except (InvalidDocument, InvalidJson, InvalidSignature) as error:
        return _unknown(_UNREAD, f"{address}: {error}")
    if "BitstringStatusList" not in types_of(subject) or purpose not in items_of(subject.get("statusPurpose")):
        return _unknown("The list that the badge names is for something else.", address)
    doubt = _doubt(text, listed, document, answers=answers, now=now)
    if doubt:
        # Not even a list without proof is overlooked when it speaks against the badge.
        return _revoked(doubt) if revoked else _unknown(doubt, address)
    if revoked:
        return _revoked(f"{address}#{index}", suspended=purpose == "suspension")
    return Check.passed(CheckCode.REVOCATION, "The badge is not on the issuer’s list of revoked badges.", address)


def _doubt(text: str, listed: Document, document: Document, *, answers: Answers, now: datetime) -> str:
    """Why the list may not be the issuer's own word of today; "" when it is."""
    issuer = id_of(document.get("issuer"))
    if id_of(listed.get("issuer")) != issuer:
        return "The list of revoked badges is not by the issuer of this badge."
    if not looks_like_jws(text):
        return "The issuer’s list of revoked badges is sealed in a way that cannot be checked here."
    ends = parse_datetime(dates_of(listed)[1])
    if ends is not None and ends < now:
        return "The issuer’s list of revoked badges is out of date."
    credential = read_credential(text)
    found = KeyFinder(answers).find(credential, issuer)
    if found.key is None or found.check.outcome is not Outcome.PASSED:
        return "The issuer’s list of revoked badges is signed with a key that could not be checked."
    try:
        verify_signature(credential, found.key)
    except InvalidSignature:
        return "The issuer’s list of revoked badges was changed after it was signed."
    return ""


def _listed(document: Document, status: Document, *, answers: Answers) -> Check:  # noqa: PLR0911 -- one return for each finding
    address = text_of(status, "id")
    if not is_http_url(address):
        return _unknown("The badge does not properly say how it is revoked.", address[:200])
    answer = _answer(address, answers)
    if isinstance(answer, Check):
        return answer
    try:
        listed = parse_object(answer.body)
    except InvalidJson as error:
        return _unknown(_UNREAD, f"{address}: {error}")
    if "revokedCredential" not in listed:
        return _unknown(_UNREAD, address)
    if id_of(listed.get("issuer")) != id_of(document.get("issuer")):
        return _unknown("The list of revoked badges is not by the issuer of this badge.", address)
    for entry in items_of(listed.get("revokedCredential")):
        # `revoked` left out means true.
        if id_of(entry) == document.get("id") and not (isinstance(entry, dict) and entry.get("revoked") is False):
            return _revoked(text_of(entry, "revocationReason") if isinstance(entry, dict) else "")
    return Check.passed(CheckCode.REVOCATION, "The badge is not on the issuer’s list of revoked badges.", address)


def _answer(address: str, answers: Answers) -> Fetched | Check:
    try:
        answer = answers.fetch(address)
    except FetchFailed as error:
        sentence = could_not_fetch(_LIST, error.obstacle, error.host or urlsplit(address).hostname or "")
        return _unknown(sentence, f"{address}: {error}", error.obstacle)
    obstacle = obstacle_of_status(answer.status)
    if obstacle is not None:
        sentence = could_not_fetch(_LIST, obstacle, urlsplit(answer.url).hostname or "")
        return _unknown(sentence, f"{address}: {answer.status}", obstacle)
    return answer


def _index(value: object) -> int | None:
    """The place in the list: a text of digits, or, against the standard, a number."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 12 else None


def _revoked(detail: str, *, suspended: bool = False) -> Check:
    sentence = "The issuer has suspended this badge." if suspended else "The issuer has revoked this badge."
    return Check.failed(CheckCode.REVOCATION, sentence, detail, Verdict.REVOKED)


def _unknown(sentence: str, detail: str = "", obstacle: Obstacle | None = None) -> Check:
    return Check.unknown(CheckCode.REVOCATION, sentence, detail, obstacle=obstacle)
