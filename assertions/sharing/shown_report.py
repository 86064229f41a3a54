"""A stored report in the words and pieces of a page: what it means within seconds, and what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from assertions.sharing.report_words import ReportWords, ShownCheck, day_of
from assertions.sharing.stored_report import Conclusion
from badgeserver.markdown import render_markdown
from badgeserver.openbadges.iris import authority
from badgeserver.openbadges.obstacles import Obstacle, why
from badgeserver.openbadges.report import CheckCode

#: What stands below a badge's picture; the picture itself is grey then.
_STAMPS = {Conclusion.EXPIRED: "expired", Conclusion.REVOKED: "revoked"}
_TONES = {
    Conclusion.VALID: "good",
    Conclusion.EXPIRED: "warn",
    Conclusion.SOMEBODY_ELSES: "warn",
    Conclusion.DIFFERS: "warn",
    Conclusion.FAULTY: "warn",
    Conclusion.REVOKED: "bad",
    Conclusion.FORGED: "bad",
    Conclusion.NOT_FOUND: "bad",
}
_ICONS = {
    Conclusion.VALID: "circle-check",
    Conclusion.EXPIRED: "clock-alert",
    Conclusion.SOMEBODY_ELSES: "user-x",
    Conclusion.DIFFERS: "triangle-alert",
    Conclusion.FAULTY: "triangle-alert",
    Conclusion.REVOKED: "ban",
    Conclusion.FORGED: "shield-x",
    Conclusion.NOT_FOUND: "search-x",
    Conclusion.NO_BADGE: "image-off",
}
#: Of the others nothing is shown but the verdict and its reasons: what a forgery says is not repeated.
_ABOUT_A_BADGE = set(Conclusion) - {
    Conclusion.FORGED,
    Conclusion.NO_BADGE,
    Conclusion.NOT_FOUND,
    Conclusion.GAVE_UP,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEndorsement:
    """Who else says something about it; that they said it is what was checked, not whether it is true."""

    name: str
    host: str
    url: str
    comment: SafeString
    summary: str
    tone: str
    issued_on: datetime | None
    checks: list[ShownCheck]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEvidence:
    title: str
    url: str
    text: SafeString


@dataclass(frozen=True, slots=True)
class ShownAsked:
    """An address that was asked, and what came of it in words for experts."""

    url: str
    came: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReport:
    """Everything that the page of a report says."""

    conclusion: Conclusion
    title: str
    text: str
    next_step: str
    checks: list[ShownCheck]
    badge: Mapping[str, Any]
    issuer: Mapping[str, Any]
    issued_on: datetime | None
    expires: datetime | None
    checked_at: datetime
    standard: str
    facts: list[dict[str, str]]
    criteria: SafeString
    narrative: SafeString
    evidence: list[ShownEvidence]
    endorsements: list[ShownEndorsement]
    differences: list[dict[str, str]]
    asked: list[ShownAsked]
    again: str
    differs: bool
    is_ours: bool
    refusal: str
    stored: Mapping[str, Any] = field(repr=False)

    @property
    def tone(self) -> str:
        return _TONES.get(self.conclusion, "neutral")

    @property
    def icon(self) -> str:
        return _ICONS.get(self.conclusion, "circle-question-mark")

    @property
    def stamp(self) -> str:
        return _STAMPS.get(self.conclusion, "")

    @property
    def is_gone(self) -> bool:
        """Whether the picture must not look like one of a badge that holds."""
        return self.conclusion not in {Conclusion.VALID, Conclusion.DIFFERS, Conclusion.SOMEBODY_ELSES}

    @property
    def is_about_a_badge(self) -> bool:
        return self.conclusion in _ABOUT_A_BADGE and bool(self.badge["name"])

    @property
    def was_compared(self) -> bool:
        """Whether somebody asked whose it is."""
        return any(check.code == CheckCode.RECIPIENT for check in self.checks)

    @property
    def may_be_compared(self) -> bool:
        """Whether it is worth asking whose it is, and can be asked without what was brought."""
        holds = self.conclusion in {Conclusion.VALID, Conclusion.EXPIRED}
        return holds and not self.was_compared and bool(self.again)

    @property
    def made_checks(self) -> list[ShownCheck]:
        return [check for check in self.checks if not check.is_left_out]

    @property
    def left_out_checks(self) -> list[ShownCheck]:
        return [check for check in self.checks if check.is_left_out]

    @property
    def label(self) -> str:
        """One or two words for a list."""
        return {
            Conclusion.VALID: _("Valid"),
            Conclusion.EXPIRED: _("Expired"),
            Conclusion.REVOKED: _("Revoked"),
            Conclusion.FORGED: _("Not genuine"),
            Conclusion.FAULTY: _("Not in order"),
            Conclusion.SOMEBODY_ELSES: _("Not yours"),
            Conclusion.DIFFERS: _("Changed since"),
            Conclusion.NOT_FOUND: _("Taken away"),
            Conclusion.NO_BADGE: _("No badge"),
        }.get(self.conclusion, _("Not checked yet"))


def shown_report(stored: Mapping[str, Any], *, holder: str = "") -> ShownReport:
    """Return a stored report for a page; `holder` is the recipient's name, when they agreed to show it."""
    checks = [ShownCheck.of(check) for check in stored["checks"]]
    conclusion = Conclusion(stored["conclusion"])
    award = stored["award"]
    words = ReportWords(stored, checks)
    return ShownReport(
        conclusion=conclusion,
        title=words.title(conclusion),
        text=words.text(conclusion),
        next_step=words.next_step(conclusion),
        checks=checks,
        badge=stored["badge"],
        issuer=stored["issuer"],
        issued_on=words.issued_on,
        expires=words.expires,
        checked_at=parse_datetime(stored["checked_at"]) or timezone.now(),
        standard=_standard(stored),
        facts=_facts(stored, words, checks, holder),
        criteria=_html(stored["badge"]["criteria_text"]),
        narrative=_html(award["narrative"]),
        evidence=[
            ShownEvidence(
                title=item["name"] or item["url"] or _("Evidence"),
                url=item["url"],
                text=_html(item["narrative"] or item["description"]),
            )
            for item in award["evidence"]
        ],
        endorsements=[_endorsement(item) for item in stored["endorsements"]],
        differences=stored["differences"],
        asked=[ShownAsked(one["url"], _what_came(one)) for one in stored["asked"]],
        again=stored["again"],
        differs=stored["differs"],
        is_ours=stored["ours"],
        refusal=stored.get("refusal", ""),
        stored=stored,
    )


def _facts(
    stored: Mapping[str, Any], words: ReportWords, checks: list[ShownCheck], holder: str
) -> list[dict[str, str]]:
    """Return the facts for `templates/components/facts.html`."""
    issuer, award = stored["issuer"], stored["award"]
    recipient = next((check.state for check in checks if check.code == CheckCode.RECIPIENT), "")
    whose, note, tone = holder, "", ""
    if recipient == "passed":
        whose, note, tone = holder or _("The address that you typed"), _("Compared just now"), "good"
    elif recipient == "failed":
        whose, note, tone = _("Somebody else"), _("Not the address that you typed"), "warn"
    elif not holder and award["recipient_type"]:
        whose = _("Not shown")
        note = (
            _("It is bound to an e-mail address, which is kept secret.") if award["recipient_type"] == "email" else ""
        )
    ended = words.expires is not None and words.expires <= (parse_datetime(stored["checked_at"]) or timezone.now())
    confirmed = _("%(domain)s confirms this issuer") % {"domain": issuer["confirmed_by"]}
    return [
        {"label": _("Earned by"), "value": whose, "note": note, "tone": tone},
        {
            "label": _("Issued by"),
            "value": issuer["name"],
            "note": confirmed if issuer["confirmed_by"] else issuer["host"],
            "tone": "good" if issuer["confirmed_by"] else "",
        },
        {"label": _("Earned on"), "value": day_of(words.issued_on)},
        {"label": _("Expired on") if ended else _("Valid until"), "value": day_of(words.expires)},
        # A badge that never changed says "1", which tells nobody anything.
        {"label": _("Version"), "value": stored["badge"]["version"] if stored["badge"]["version"] != "1" else ""},
    ]


def _endorsement(item: Mapping[str, Any]) -> ShownEndorsement:
    tone = {"VALID": "good", "EXPIRED": "warn", "REVOKED": "bad", "INVALID": "bad"}.get(item["verdict"], "neutral")
    return ShownEndorsement(
        name=item["name"] or item["host"] or _("Somebody"),
        host=item["host"],
        # Anybody can write down somebody else's website: only that of the host which was asked is a link.
        url=item["url"] if authority(item["url"]) == item["host"] else "",
        comment=_html(item["comment"]),
        summary=item["summary"],
        tone=tone,
        issued_on=parse_datetime(item["issued_on"] or ""),
        checks=[ShownCheck.of(check) for check in item["checks"]],
    )


def _what_came(one: Mapping[str, Any]) -> str:
    """Reports of earlier days name no obstacles."""
    if one["status"]:
        return _("answered %(status)s") % {"status": one["status"]}
    obstacle = one.get("obstacle", "")
    return why(Obstacle(obstacle), authority(one["url"])) if obstacle in set(Obstacle) else _("did not answer")


def _standard(stored: Mapping[str, Any]) -> str:
    """Return what kind of badge it is, such as “Open Badges 2.0, hosted”."""
    if not stored["version"]:
        return ""
    form = {"hosted": _("proven by its address"), "signed": _("proven by a signature")}.get(stored["form"], "")
    return ", ".join(filter(None, [f"Open Badges {stored['version']}", form]))


def _html(markdown: str) -> SafeString:
    return mark_safe(render_markdown(markdown)) if markdown.strip() else SafeString("")
