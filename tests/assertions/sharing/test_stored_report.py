from datetime import UTC, datetime

import pytest

from assertions.sharing.report_words import advice_of, step_title
from assertions.sharing.shown_report import ShownAsked, shown_report
from assertions.sharing.stored_report import Conclusion, clean, clean_url, conclusion_of, gave_up_report, stored_report
from badgeserver.openbadges.fetching import Asked
from badgeserver.openbadges.obstacles import ADVICE, Obstacle, Remedy, why
from badgeserver.openbadges.report import Check, CheckCode, Outcome, Report, Verdict, verdict_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ask rita@example.org, please", "Ask …, please"),
        ("https://x.example/?a=rita%40example.org&b=1", "https://x.example/?a=…&b=1"),
        ("<rita@localhost>", "<…>"),
        ("RITA@EXAMPLE.ORG", "…"),
        ("https://medium.example/@rita/story", "https://medium.example/@rita/story"),
        ("at 3 @ 5", "at 3 @ 5"),
        ("a\x00b\ud800", "ab"),
    ],
)
def test_texts_are_kept_without_addresses(text, kept):
    assert clean(text, 300) == kept


def test_long_texts_are_cut():
    assert clean("x" * 50, 10) == "xxxxxxxxx…"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://x.example/a?v=2&identity__email=r%40e.org", "https://x.example/a?v=2&identity__email=…"),
        ("https://x.example/a?recipientHash=abc", "https://x.example/a?recipientHash=…"),
        ("https://x.example/rita@example.org/a", "https://x.example/…/a"),
        ("https://x.example/a?v=2", "https://x.example/a?v=2"),
        ("http://[::1", ""),
    ],
)
def test_addresses_are_kept_without_persons(url, kept):
    assert clean_url(url) == kept


def report(**verdicts: Verdict):
    """A report of an award in which these steps did not pass."""
    checks = [
        Check.passed(code, "Fine.")
        if (verdict := verdicts.get(code.value)) is None
        else Check(code, Outcome.UNKNOWN if verdict is Verdict.UNKNOWN else Outcome.FAILED, "So.", "x", verdict)
        for code in CheckCode
    ]
    document: dict[str, object] = {"id": "https://x.example/1"}
    return Report(
        checks=tuple(checks),
        verdict=verdict_of(checks),
        checked_at=NOW,
        assertion=document,
        badge=document,
        issuer=document,
    )


@pytest.mark.parametrize(
    ("verdicts", "conclusion"),
    [
        ({}, Conclusion.VALID),
        ({"EXPIRY": Verdict.EXPIRED}, Conclusion.EXPIRED),
        ({"REVOCATION": Verdict.REVOKED, "EXPIRY": Verdict.EXPIRED}, Conclusion.REVOKED),
        ({"REVOCATION": Verdict.REVOKED, "PICTURE": Verdict.INVALID}, Conclusion.REVOKED),
        ({"REVOCATION": Verdict.REVOKED, "SIGNATURE": Verdict.INVALID}, Conclusion.FORGED),
        ({"SIGNATURE": Verdict.INVALID}, Conclusion.FORGED),
        ({"KEY": Verdict.INVALID, "RECIPIENT": Verdict.INVALID}, Conclusion.FORGED),
        ({"ISSUER": Verdict.INVALID}, Conclusion.FORGED),
        ({"STRUCTURE": Verdict.INVALID, "CRITERIA": Verdict.INVALID}, Conclusion.FAULTY),
        ({"STRUCTURE": Verdict.INVALID, "RECIPIENT": Verdict.INVALID}, Conclusion.FAULTY),
        ({"RECIPIENT": Verdict.INVALID}, Conclusion.SOMEBODY_ELSES),
        ({"RECIPIENT": Verdict.INVALID, "EXPIRY": Verdict.EXPIRED}, Conclusion.SOMEBODY_ELSES),
        ({"RECIPIENT": Verdict.INVALID, "SIGNATURE": Verdict.UNKNOWN}, Conclusion.UNKNOWN),
        ({"EXPIRY": Verdict.EXPIRED, "SIGNATURE": Verdict.UNKNOWN}, Conclusion.UNKNOWN),
        ({"REVOCATION": Verdict.REVOKED, "RECIPIENT": Verdict.INVALID}, Conclusion.REVOKED),
        ({"REVOCATION": Verdict.REVOKED, "KEY": Verdict.UNKNOWN}, Conclusion.REVOKED),
        ({"HOSTED": Verdict.UNKNOWN}, Conclusion.UNKNOWN),
    ],
)
def test_conclusion_follows_from_the_steps(verdicts, conclusion):
    assert conclusion_of(report(**verdicts)) is conclusion


def test_weighty_difference_is_the_conclusion():
    assert conclusion_of(report(), [{"member": "narrative"}]) is Conclusion.DIFFERS
    assert conclusion_of(report(), [{"member": "endorsement"}]) is Conclusion.VALID


@pytest.mark.parametrize("conclusion", list(Conclusion))
def test_every_conclusion_has_its_words(conclusion):
    shown = shown_report({**gave_up_report(at=NOW, sentence="It was given up."), "conclusion": conclusion.value})
    assert shown.title
    assert shown.text
    assert shown.next_step.endswith(".")
    assert shown.label
    assert (shown.tone, shown.icon) != ("", "")


def test_every_step_has_a_title():
    assert len({step_title(code) for code in CheckCode}) == len(CheckCode)


def hosted(obstacle, outcome=Outcome.UNKNOWN):
    """The report of an award that could not be had."""
    make = Check.unknown if outcome is Outcome.UNKNOWN else Check.failed
    check = make(CheckCode.HOSTED, "The award could not be fetched: so.", "https://x.example/404", obstacle=obstacle)
    found = Report(
        checks=(check,), verdict=verdict_of([check]), checked_at=NOW, assertion=None, badge=None, issuer=None
    )
    return stored_report(found, asked=[Asked("https://x.example/404", None, obstacle)])


@pytest.mark.parametrize(
    ("obstacle", "outcome", "conclusion"),
    [
        *((obstacle, Outcome.UNKNOWN, Conclusion.UNKNOWN) for obstacle in Obstacle),
        (Obstacle.NOT_FOUND, Outcome.FAILED, Conclusion.NOT_FOUND),
        (Obstacle.NOT_A_DOCUMENT, Outcome.FAILED, Conclusion.NO_BADGE),
        (None, Outcome.FAILED, Conclusion.NO_BADGE),
    ],
)
def test_what_is_not_there_is_told_by_the_obstacle_and_not_by_words(obstacle, outcome, conclusion):
    assert hosted(obstacle, outcome)["conclusion"] == conclusion


@pytest.mark.parametrize(
    ("obstacle", "advice", "next_step"),
    [
        (
            Obstacle.TOO_SLOW,
            " Try again in a few minutes.",
            "Nothing is proven either way. Try again in a few minutes; often a server is only busy.",
        ),
        (
            Obstacle.NO_SUCH_HOST,
            " Look whether the link is complete. If it is, ask the issuer of the badge.",
            "Nothing is proven either way. Look whether the link is complete. If it is, ask the issuer of the badge.",
        ),
        (
            Obstacle.NOT_PUBLIC,
            " Trying again will not help: ask the issuer of the badge, who alone can put this right.",
            (
                "Nothing is proven either way. Trying again will not help: ask the issuer of the badge, who alone can "
                "put this right."
            ),
        ),
    ],
)
def test_what_to_do_next_follows_from_the_obstacle(obstacle, advice, next_step):
    stored = hosted(obstacle)
    shown = shown_report(stored)

    assert stored["checks"][0]["advice"] == advice.strip()
    assert (stored["checks"][0]["obstacle"], stored["asked"][0]["obstacle"]) == (obstacle, obstacle)
    assert (shown.text, shown.next_step) == ("The award could not be fetched: so.", next_step)
    assert shown.checks[0].sentence == f"The award could not be fetched: so.{advice}"
    assert shown.asked == [ShownAsked("https://x.example/404", why(obstacle, "x.example"))]


def test_words_of_pages_are_the_words_of_the_verifier():
    assert {remedy: advice_of(remedy) for remedy in Remedy} == dict(ADVICE)


def test_reports_of_earlier_days_are_shown():
    stored = hosted(Obstacle.TOO_SLOW)
    for one in (stored["checks"][0], stored["asked"][0]):
        del one["obstacle"]
    del stored["checks"][0]["advice"]
    shown = shown_report(stored)

    assert shown.checks[0].sentence == shown.text == "The award could not be fetched: so."
    assert shown.next_step.startswith("Nothing is proven either way. Try again in a few minutes")
    assert shown.asked[0].came == "did not answer"


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://guild.example.org/about", "https://guild.example.org/about"),
        ("https://www.harvard.example/", ""),
        ("https://guild.example.org.evil.example/", ""),
        ("https://guild.example.org@evil.example/", ""),
        ("", ""),
    ],
)
def test_who_vouches_is_linked_only_with_the_host_that_was_asked(url, link):
    """Anybody can write down Harvard's name and website: the page links to nobody who was not asked."""
    stored = hosted(Obstacle.TOO_SLOW)
    stored["endorsements"] = [
        {
            "verdict": "VALID",
            "summary": "It is genuine.",
            "comment": "",
            "name": "Harvard",
            "url": url,
            "host": "guild.example.org",
            "issued_on": None,
            "checks": [],
        }
    ]

    assert [(one.name, one.host, one.url) for one in shown_report(stored).endorsements] == [
        ("Harvard", "guild.example.org", link)
    ]
