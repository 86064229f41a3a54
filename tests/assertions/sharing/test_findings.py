import pytest
from django.utils.translation import override

from assertions.sharing.findings import FINDINGS, say_finding
from assertions.sharing.report_words import what_holds
from badgeserver.openbadges.report import CHECKS
from tests.messages import ROOT

SAMPLES = {"name": "Harbour Safety Board", "host": "academy.example.org", "day": "1 February 2028"}


@pytest.mark.parametrize("text", FINDINGS)
def test_every_finding_is_recognised_and_said_in_german(text):
    said = text % SAMPLES

    assert say_finding(said) == said
    with override("de"):
        assert say_finding(said) != said


@pytest.mark.parametrize(
    ("said", "german"),
    [
        ("The badge is valid until 11 March 2028.", "Das Badge gilt bis 11. März 2028."),
        (
            "Badge and award come from Fish, at Work, at example.org.",
            "Badge und Verleihung stammen von Fish, at Work, unter example.org.",
        ),
        ("The badge expired on the day before.", "Das Badge ist am the day before abgelaufen."),
        ("The key is one of 100 % (name)s.", "Der Schlüssel gehört 100 % (name)s."),
        ("Nobody ever said this %(name)s.", "Nobody ever said this %(name)s."),
        ("", ""),
    ],
)
def test_what_a_sentence_names_stays_in_it(said, german):
    with override("de"):
        assert say_finding(said) == german


def test_the_verifier_still_says_what_is_recognised():
    folder = ROOT / "badgeserver" / "openbadges"
    spoken = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py")))
    # The longest piece of each without its names, and without what the code calls a badge or an endorsement.
    pieces = {text: max(_pieces(text.replace("Badge and award come", "")), key=len) for text in FINDINGS}

    assert [text for text, piece in pieces.items() if piece not in spoken] == []


def _pieces(text: str) -> list[str]:
    for part in (
        "%(name)s",
        "%(host)s",
        "%(day)s",
        "a badge",
        "this badge",
        "revoked badge ",
        "the badge",
        "The badge",
    ):
        text = text.replace(part, "|")
    return [piece for sentence in text.split("|") for piece in sentence.split(". ")]


def test_steps_that_passed_have_the_headlines_of_the_verifier():
    assert {code: what_holds(code) for code in CHECKS} == dict(CHECKS)
