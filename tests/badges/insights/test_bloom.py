import pytest

from badges.insights.bloom import STEPS, VERBS, examples, speech_of
from badges.models import Level


def test_every_level_has_verbs_and_a_step():
    levels = [level.value for level in Level]

    assert list(STEPS) == levels
    assert {language: list(verbs) for language, verbs in VERBS.items()} == {"en": levels, "de": levels}


@pytest.mark.parametrize("language", list(VERBS))
def test_no_verb_speaks_for_two_levels(language):
    verbs = [verb for words in VERBS[language].values() for verb in words.split()]

    assert sorted(set(verbs)) == sorted(verbs)


@pytest.mark.parametrize(
    ("text", "language", "verbs", "level"),
    [
        ("Can list the signals and name them.", "en", ["list", "name"], 1),
        ("Carries out the checks, and explains why.", "en", ["carry"], 2),
        ("Planned and compared three routes", "en", ["plan", "compare"], 3),
        ("Leads the shift; designed its handover", "en", ["lead", "design"], 5),
        ("Kann die Signale nennen und beschreiben.", "de", ["nennen", "beschreiben"], 1),
        ("Wendet die Regeln im Alltag an.", "de", ["anwenden"], 2),
        ("Analysiert Störungen und plant die Abhilfe", "de", ["analysieren", "planen"], 3),
        ("Bewertet Angebote", "de-AT", ["bewerten"], 4),
        ("Leitet die Schicht", "de", ["leiten"], 5),
        ("Lists the signals and names them.", "en", ["list", "name"], 1),
        ("Reads lists of plans", "en", [], None),
        ("A calm shift.", "en", [], None),
        ("", "en", [], None),
        ("Sait nommer les signaux", "fr", [], None),
    ],
)
def test_verbs_speak_for_a_level(text, language, verbs, level):
    speech = speech_of(text, language)

    assert (speech.telling, speech.level) == (verbs, level)


def test_german_nouns_are_no_verbs():
    assert speech_of("Die Teilnehmenden sprechen über Planen und Schulen.", "de").verbs == ()


def test_endless_texts_are_read_to_a_point():
    assert len(speech_of("list " * 100_000).verbs) == 4000


def test_examples_are_in_german_for_german_alone():
    assert examples("de")[1][0] == "nennen"
    assert examples("fr")[1] == examples("en")[1]
