from datetime import UTC, datetime

import pytest

from assertions.sharing.report_words import step_title
from assertions.sharing.shown_report import shown_report
from assertions.sharing.stored_report import Conclusion, clean, clean_url, conclusion_of, gave_up_report
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
