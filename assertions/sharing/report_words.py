"""What a report means, in sentences for people who have never seen a badge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assertions.sharing.findings import say_finding
from assertions.sharing.stored_report import Conclusion
from badgeserver.openbadges.obstacles import Obstacle, Remedy
from badgeserver.openbadges.report import CheckCode, Outcome


def step_title(code: CheckCode) -> str:
    """Return what a step looks at, in a word that holds however it went."""
    return {
        CheckCode.HOSTED: _("Its own address"),
        CheckCode.SIGNATURE: _("Signature"),
        CheckCode.KEY: _("Key"),
        CheckCode.STRUCTURE: _("Completeness"),
        CheckCode.CRITERIA: _("Criteria"),
        CheckCode.PICTURE: _("Picture"),
        CheckCode.ISSUER: _("Issuer"),
        CheckCode.EXTENSIONS: _("Additions"),
        CheckCode.REVOCATION: _("Revocation"),
        CheckCode.EXPIRY: _("Dates"),
        CheckCode.RECIPIENT: _("Recipient"),
    }[code]


def what_holds(code: CheckCode) -> str:
    """Return what a step that passed has shown, as the headline of it."""
    return {
        CheckCode.HOSTED: _("Found where it says it is"),
        CheckCode.SIGNATURE: _("Unchanged since it was signed"),
        CheckCode.KEY: _("Signed with the issuer’s own key"),
        CheckCode.STRUCTURE: _("Complete and well-formed"),
        CheckCode.CRITERIA: _("Says what had to be done"),
        CheckCode.PICTURE: _("Its picture is there"),
        CheckCode.ISSUER: _("The issuer controls this address"),
        CheckCode.EXTENSIONS: _("Additions are in order"),
        CheckCode.REVOCATION: _("Not revoked"),
        CheckCode.EXPIRY: _("Not expired"),
        CheckCode.RECIPIENT: _("Awarded to this person"),
    }[code]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCheck:
    """One line of the checks: passed steps say what holds, the others what was looked at."""

    code: str
    title: str
    state: str
    """passed, failed, unknown or skipped (templates/components/check_step.html)."""
    sentence: str
    """What was found, and, where something could not be had, what to do about it."""
    detail: str
    finding: str = ""
    """What was found alone."""
    remedy: Remedy | None = None

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "ShownCheck":
        code, outcome = CheckCode(stored["code"]), Outcome(stored["outcome"])
        sentence, detail = say_finding(stored["sentence"]), stored["detail"]
        if code is CheckCode.REVOCATION and outcome is Outcome.FAILED and detail:
            sentence, detail = _("The issuer has revoked it. The reason given: “%(reason)s”") % {"reason": detail}, ""
        remedy = _remedy_of(stored)
        advice = advice_of(remedy) if remedy else ""
        return cls(
            code=code.value,
            title=what_holds(code) if outcome is Outcome.PASSED else step_title(code),
            state=outcome.value.lower(),
            sentence=f"{sentence} {advice}".strip(),
            detail=detail,
            finding=sentence,
            remedy=remedy,
        )

    @property
    def is_left_out(self) -> bool:
        """Not made because another one had not been possible; that one says why."""
        return self.state == "unknown" and not self.detail


def advice_of(remedy: Remedy) -> str:
    """Return what somebody who wants a badge checked can do next about an obstacle; nothing when there is nothing."""
    return {
        Remedy.TRY_AGAIN: _("Try again in a few minutes."),
        Remedy.LOOK_AT_LINK: _("Look whether the link is complete. If it is, ask the issuer of the badge."),
        Remedy.ASK_ISSUER: _("Trying again will not help: ask the issuer of the badge, who alone can put this right."),
        Remedy.NOTHING: "",
    }[remedy]


def _remedy_of(stored: Mapping[str, Any]) -> Remedy | None:
    """Reports of earlier days name no obstacles."""
    name = stored.get("obstacle", "")
    return Obstacle(name).remedy if name in set(Obstacle) else None


class ReportWords:
    """The sentences of a verdict, with the names and days of this badge in them."""

    def __init__(self, stored: Mapping[str, Any], checks: list[ShownCheck]) -> None:
        self.stored = stored
        self.checks = checks
        self.issuer = stored["issuer"]["name"] or _("Its issuer")
        self.issued_on = parse_datetime(stored["award"]["issued_on"] or "")
        self.expires = parse_datetime(stored["award"]["expires"] or "")
        self.host = stored["issuer"]["host"]

    def title(self, conclusion: Conclusion) -> str:
        return {
            Conclusion.VALID: _("This badge is genuine and valid."),
            Conclusion.EXPIRED: _("This badge is genuine, but it has expired."),
            Conclusion.REVOKED: _("This badge has been revoked."),
            Conclusion.FORGED: _("This is not a genuine badge."),
            Conclusion.FAULTY: _("This badge is not in order."),
            Conclusion.SOMEBODY_ELSES: _("This badge is genuine, but it was awarded to somebody else."),
            Conclusion.DIFFERS: _("What you brought is not what was issued."),
            Conclusion.UNKNOWN: _("This badge could not be checked now."),
            Conclusion.NOT_FOUND: _("There is no such badge."),
            Conclusion.NO_BADGE: _("There is no badge in it."),
            Conclusion.GAVE_UP: _("This badge could not be checked."),
        }[conclusion]

    def text(self, conclusion: Conclusion) -> str:
        """What this rests on, in a sentence or two."""
        issuer = {"issuer": self.issuer}
        said = {
            Conclusion.VALID: lambda: f"{self._awarded()} {self._holds()}",
            Conclusion.EXPIRED: lambda: f"{self._awarded()} {self._held()}",
            Conclusion.REVOKED: self._revoked,
            Conclusion.SOMEBODY_ELSES: lambda: (
                _("%(issuer)s did not award it to the e-mail address that you typed.") % issuer
            ),
            Conclusion.DIFFERS: lambda: _("%(issuer)s shows this badge with other content. Only that counts.") % issuer,
            Conclusion.NOT_FOUND: lambda: _(
                "Its server knows no badge at this address: none was awarded under it, or it was taken away."
            ),
            Conclusion.GAVE_UP: lambda: str(self.stored["summary"]),
        }
        return said.get(conclusion, self._cause)()

    def next_step(self, conclusion: Conclusion) -> str:
        """What a person who has never seen a badge does now."""
        return {
            Conclusion.VALID: self._next_of_valid,
            Conclusion.EXPIRED: lambda: _(
                "It still shows what was learned then. If you need it to be current, ask its holder for a renewed one."
            ),
            Conclusion.REVOKED: lambda: (
                _("Do not rely on it, also when its picture looks genuine. %(issuer)s can say more.")
                % {"issuer": self.issuer}
            ),
            Conclusion.FORGED: lambda: _(
                "Do not rely on it. Ask its holder for the link that they got from the issuer, and verify that."
            ),
            Conclusion.FAULTY: lambda: _(
                "This is likely its issuer’s mistake and not its holder’s. Treat it as not confirmed until it is "
                "corrected."
            ),
            Conclusion.SOMEBODY_ELSES: lambda: _(
                "People often have several addresses. Ask which one they earned it with, and verify it again."
            ),
            Conclusion.DIFFERS: lambda: _("Read it here and not there, and ask its holder why theirs differs."),
            Conclusion.UNKNOWN: self._next_of_unknown,
            Conclusion.NOT_FOUND: lambda: _(
                "Look whether the link is complete. If it is, treat the badge as not genuine."
            ),
            Conclusion.NO_BADGE: lambda: _(
                "Ask its holder for the link, or for the picture as it was downloaded: screenshots, photos and most "
                "messengers lose the badge inside."
            ),
            Conclusion.GAVE_UP: lambda: _("Nothing is proven either way. Verify it again."),
        }[conclusion]()

    def _next_of_valid(self) -> str:
        if any(check.code == CheckCode.RECIPIENT and check.state == "passed" for check in self.checks):
            return _("It was awarded to the e-mail address that you typed. There is nothing more to do.")
        if self.stored["again"]:
            return _(
                "Anybody can show a genuine badge. Ask its holder for their e-mail address and compare it, to be sure "
                "that it is theirs."
            )
        return _(
            "Anybody can show a genuine badge. To be sure that it is theirs, ask its holder for their e-mail address, "
            "and verify the badge again with it."
        )

    def _next_of_unknown(self) -> str:
        remedy = next((check.remedy for check in self.checks if check.state == "unknown" and check.remedy), None)
        if remedy not in {None, Remedy.TRY_AGAIN, Remedy.NOTHING}:
            return _("Nothing is proven either way. %(advice)s") % {"advice": advice_of(remedy)}
        if remedy or any(one["status"] is None or one["status"] >= 500 for one in self.stored["asked"]):
            return _("Nothing is proven either way. Try again in a few minutes; often a server is only busy.")
        return _("Nothing is proven either way. Ask its holder for the link, or the picture as it was downloaded.")

    def _awarded(self) -> str:
        if self.issued_on is None:
            return _("%(issuer)s awarded it, and nothing in it was changed.") % {"issuer": self.issuer}
        return _("%(issuer)s awarded it on %(day)s, and nothing in it was changed.") % {
            "issuer": self.issuer,
            "day": day_of(self.issued_on),
        }

    def _holds(self) -> str:
        if self.expires is None:
            return _("It does not expire.")
        return _("It is valid until %(day)s.") % {"day": day_of(self.expires)}

    def _held(self) -> str:
        return _("It was valid until %(day)s.") % {"day": day_of(self.expires)}

    def _revoked(self) -> str:
        revoked = next((check for check in self.checks if check.code == CheckCode.REVOCATION), None)
        if revoked is not None and "“" in revoked.sentence:
            return revoked.sentence
        return _("%(issuer)s took it back.") % {"issuer": self.issuer}

    def _cause(self) -> str:
        return self._first("failed") or self._first("unknown") or str(self.stored["summary"])

    def _first(self, state: str) -> str:
        return next((check.finding for check in self.checks if check.state == state), "")


def day_of(moment: datetime | None) -> str:
    """Return a day as people write it; nothing for none."""
    return date_format(timezone.localtime(moment), _("j F Y")) if moment else ""
