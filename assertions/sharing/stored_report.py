"""A report as it is stored: plain JSON that tells what was found and never whose address it was.

The shape (all texts are strangers' words, cut to a length and without any e-mail address):

    conclusion, summary, checked_at, version, form, differs, ours, again
    checks: [code, label, outcome, sentence, detail, obstacle, advice]
    badge: name, description, criteria_text, criteria_url, picture_caption, tags, language, version,
           alignments: [name, url, framework]
    issuer: id, name, url, host, confirmed_by
    award: issued_on, expires, narrative, recipient_type, recipient_hashed,
           evidence: [name, url, description, narrative]
    endorsements: [verdict, summary, comment, name, url, host, issued_on, checks]
    differences: [member, brought, published]
    asked: [url, status, obstacle]
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from badgeserver.openbadges.fetching import Asked
from badgeserver.openbadges.iris import authority
from badgeserver.openbadges.obstacles import Obstacle
from badgeserver.openbadges.report import (
    Check,
    CheckCode,
    EndorsementReport,
    Facts,
    Outcome,
    Report,
    Verdict,
    is_proven,
)

Stored = dict[str, Any]

HIDDEN = "…"
MAX_LINE, MAX_TEXT, MAX_URL, MAX_ITEMS = 300, 8_000, 2_000, 30

# With an @ as people and as addresses write it; also where the domain has no dot, such as rita@localhost. It begins
# where a run of letters begins: a long run without an address costs one look and not one for each of its letters.
_WORD = r"\s<>\"'=&?/;:,(){}\[\]|“”‘’"
_ADDRESS = re.compile(rf"(?<![^{_WORD}])[^{_WORD}]+(?:@|%40|%2540)[^{_WORD}]+", re.IGNORECASE)
# Parameters by which links to badges name their recipient, hashed or not.
_WHO = re.compile(r"identity|recipient|email|e-mail|mail|phone|user", re.IGNORECASE)
_UNUSABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Conclusion(StrEnum):
    """What a report comes to, for people; finer than a verdict, because what to do next differs."""

    VALID = "VALID"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"
    FORGED = "FORGED"  # changed, made up, or not from who it says
    FAULTY = "FAULTY"  # its issuer made it wrongly
    SOMEBODY_ELSES = "SOMEBODY_ELSES"  # genuine, but not awarded to the address that was given
    DIFFERS = "DIFFERS"  # genuine as published, but what was brought says something else
    UNKNOWN = "UNKNOWN"  # could not be checked now
    NOT_FOUND = "NOT_FOUND"  # nothing is at its address
    NO_BADGE = "NO_BADGE"  # nothing that could be checked
    GAVE_UP = "GAVE_UP"  # the check itself did not come to an end


#: What a badge may fail without anybody having changed it or made it up.
_CARELESS = {CheckCode.STRUCTURE, CheckCode.CRITERIA, CheckCode.PICTURE, CheckCode.EXTENSIONS, CheckCode.EXPIRY}
#: Members of an award in which a difference is no later addition of the issuer.
_WEIGHTY = {"badge", "recipient", "issuedOn", "expires", "narrative", "evidence", "revoked", "verification"}


def stored_report(
    report: Report,
    *,
    asked: Sequence[Asked] = (),
    brought: Mapping[str, object] | None = None,
    again: str = "",
    ours: bool = False,
    confirmed_by: str = "",
) -> Stored:
    """Return what is kept of a report.

    `asked` are the addresses that were asked; `brought` the document that came with the badge, to say in what it
    differs; `again` the address by which it can be checked once more; `ours` whether it was issued here;
    `confirmed_by` the domain that confirms its issuer.
    """
    differences = _differences(brought, report.assertion) if report.differs else []
    conclusion = conclusion_of(report, differences)
    # Asking the address again would judge what is published there, which is not what was brought.
    may_ask_again = clean_url(again) == again and conclusion not in {Conclusion.FORGED, Conclusion.DIFFERS}
    return {
        "conclusion": conclusion.value,
        "summary": report.summary,
        "checked_at": _moment(report.checked_at),
        "version": report.version,
        "form": report.form.value if report.form else "",
        "checks": [_check(check) for check in report.checks],
        **_facts(report.facts, confirmed_by=confirmed_by),
        "endorsements": [_endorsement(item) for item in report.endorsements[:MAX_ITEMS]],
        "asked": [
            {
                "url": clean_url(item.url),
                "status": item.status,
                "obstacle": item.obstacle.value if item.obstacle else "",
            }
            for item in asked
        ],
        "differs": report.differs,
        "differences": differences,
        "ours": ours,
        "again": again if may_ask_again else "",
    }


def gave_up_report(*, at: datetime, sentence: str) -> Stored:
    """Return the report of a check that never came to an end."""
    return {
        "conclusion": Conclusion.GAVE_UP.value,
        "summary": sentence,
        "checked_at": _moment(at),
        "version": "",
        "form": "",
        "checks": [],
        **_facts(Facts(), confirmed_by=""),
        "endorsements": [],
        "asked": [],
        "differs": False,
        "differences": [],
        "ours": False,
        "again": "",
    }


def conclusion_of(report: Report, differences: Iterable[Mapping[str, str]] = ()) -> Conclusion:
    """Return what a report comes to."""
    failed = {check.code for check in report.checks if check.outcome is Outcome.FAILED}
    if report.assertion is None and report.verdict is not Verdict.REVOKED:
        return _without_award(report, failed)
    if report.verdict is Verdict.INVALID:
        invalid = {check.code for check in report.checks if check.verdict is Verdict.INVALID}
        if invalid == {CheckCode.RECIPIENT}:
            # Of what is not proven nobody may say that it is genuine.
            return Conclusion.SOMEBODY_ELSES if is_proven(report.checks) else Conclusion.UNKNOWN
        return Conclusion.FAULTY if invalid - {CheckCode.RECIPIENT} <= _CARELESS else Conclusion.FORGED
    if report.verdict in {Verdict.VALID, Verdict.EXPIRED} and any(one["member"] in _WEIGHTY for one in differences):
        return Conclusion.DIFFERS
    return Conclusion(report.verdict.value)


def _without_award(report: Report, failed: set[CheckCode]) -> Conclusion:
    if not failed:
        return Conclusion.UNKNOWN
    hosted = report.check(CheckCode.HOSTED)
    if hosted is None or hosted.outcome is not Outcome.FAILED:
        return Conclusion.NO_BADGE if failed == {CheckCode.STRUCTURE} else Conclusion.FORGED
    # Nothing at an address means no such badge; anything else there means that the link leads to something else.
    return Conclusion.NOT_FOUND if hosted.obstacle is Obstacle.NOT_FOUND else Conclusion.NO_BADGE


# --- The parts -----------------------------------------------------------------------------------------------


def _check(check: Check) -> Stored:
    return {
        "code": check.code.value,
        "label": check.label,
        "outcome": check.outcome.value,
        "sentence": clean(check.sentence, MAX_LINE * 2),
        "detail": clean(check.detail, MAX_URL),
        "obstacle": check.obstacle.value if check.obstacle else "",
        "advice": check.advice,
    }


def _facts(facts: Facts, *, confirmed_by: str) -> Stored:
    return {
        "badge": {
            "name": clean(facts.badge_name, MAX_LINE),
            "description": clean(facts.badge_description, MAX_TEXT),
            "criteria_text": clean(facts.criteria_text, MAX_TEXT),
            "criteria_url": clean_url(facts.criteria_url),
            "picture_caption": clean(facts.image_caption, MAX_LINE),
            "tags": [clean(tag, 60) for tag in facts.tags[:MAX_ITEMS]],
            "language": clean(facts.language, 20),
            "version": clean(facts.badge_version, 40),
            "alignments": [
                {
                    "name": clean(item.name, MAX_LINE),
                    "url": clean_url(item.url),
                    "framework": clean(item.framework, MAX_LINE),
                }
                for item in facts.alignments[:MAX_ITEMS]
            ],
        },
        "issuer": {
            "id": clean_url(facts.issuer_id),
            "name": clean(facts.issuer_name, MAX_LINE),
            "url": clean_url(facts.issuer_url),
            "host": _host_of_issuer(facts.issuer_id),
            "confirmed_by": confirmed_by,
        },
        "award": {
            "issued_on": _moment(facts.issued_on),
            "expires": _moment(facts.expires),
            "narrative": clean(facts.narrative, MAX_TEXT),
            "recipient_type": facts.recipient_type,
            "recipient_hashed": facts.recipient_hashed,
            "evidence": [
                {
                    "name": clean(item.name, MAX_LINE),
                    "url": clean_url(item.url),
                    "description": clean(item.description, MAX_TEXT),
                    "narrative": clean(item.narrative, MAX_TEXT),
                }
                for item in facts.evidence[:MAX_ITEMS]
            ],
        },
    }


def _host_of_issuer(issuer_id: str) -> str:
    """Return the host that stands behind an issuer: of its address, or of its did:web."""
    if issuer_id.startswith("did:web:"):
        return issuer_id.removeprefix("did:web:").split(":")[0].replace("%3A", ":").replace("%3a", ":")[:MAX_LINE]
    return authority(issuer_id)


def _endorsement(endorsement: EndorsementReport) -> Stored:
    return {
        "verdict": endorsement.verdict.value,
        "summary": endorsement.summary,
        "comment": clean(endorsement.comment, MAX_TEXT),
        "name": clean(endorsement.endorser_name, MAX_LINE),
        "url": clean_url(endorsement.endorser_url),
        "host": authority(endorsement.endorser_id),
        "issued_on": _moment(endorsement.issued_on),
        "checks": [_check(check) for check in endorsement.checks],
    }


def _differences(brought: Mapping[str, object] | None, published: Mapping[str, object] | None) -> list[dict[str, str]]:
    """Say in which members two documents differ, and how; whose badge it is is never told."""
    if brought is None or published is None:
        return []
    members = [name for name in [*published, *brought] if name not in {"@context", "id", "type"}]
    return [
        {
            "member": name[:60],
            "brought": "" if name == "recipient" else _short(brought.get(name)),
            "published": "" if name == "recipient" else _short(published.get(name)),
        }
        for name in dict.fromkeys(members)
        if brought.get(name) != published.get(name)
    ][:MAX_ITEMS]


def _short(value: object) -> str:
    if isinstance(value, Mapping):
        value = value.get("id") or value.get("narrative") or value.get("name") or ", ".join(map(str, value.values()))
    if isinstance(value, list):
        value = ", ".join(_short(item) for item in value[:5])
    return "" if value is None else clean(str(value), MAX_LINE)


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


# --- Without addresses ---------------------------------------------------------------------------------------


def clean(text: str, limit: int) -> str:
    """Return a stranger's text without e-mail addresses and without what no database can hold, cut to a length."""
    kept = _UNUSABLE.sub("", text[: limit * 2]).strip()
    kept = _ADDRESS.sub(HIDDEN, kept)
    return kept if len(kept) <= limit else f"{kept[: limit - 1].rstrip()}…"


def clean_url(url: str) -> str:
    """Return an address without what could name a person: parameters that say whose badge it is, e-mail addresses."""
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return ""
    if any(_WHO.search(name) for name, _value in pairs):
        query = "&".join(f"{quote(name)}={HIDDEN if _WHO.search(name) else quote(value)}" for name, value in pairs)
        url = urlunsplit(parts._replace(query=query))
    return clean(url, MAX_URL)
