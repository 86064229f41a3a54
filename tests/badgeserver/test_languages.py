import gettext
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.dates import MONTHS

from badges.models import BadgeClass, Basis, Category, Level, Licence, Purpose, StepKind
from badgeserver.languages import LANGUAGES, is_right_to_left, language_name, preferred_language, spoken
from tests.messages import entries, texts

LOCALE = Path(settings.LOCALE_PATHS[0])
SPOKEN = [tag for tag, _name in settings.LANGUAGES if tag != "en"]
#: Of these the workspace speaks none.
FOR_THE_WORLD_ONLY = [tag for tag in SPOKEN if tag != "de"]


@pytest.mark.parametrize(
    ("accepted", "available", "preferred"),
    [
        ("de", ["en", "de"], "de"),
        ("de-AT,de;q=0.9,en;q=0.5", ["en", "de"], "de"),
        ("de-AT,en;q=0.9", ["en", "de", "de-AT"], "de-AT"),
        ("de;q=0.4, fr;q=0.8", ["en", "de", "fr"], "fr"),
        ("de", ["en", "de-CH"], "de-CH"),
        ("DE", ["en", "de"], "de"),
        ("de, en", ["en", "de"], "de"),
        ("pl, en;q=0.5", ["en", "de"], "en"),
        ("zh-Hant-TW", ["en", "zh-Hant"], "zh-Hant"),
        ("de;q=0", ["en", "de"], ""),
        ("pl", ["en", "de"], ""),
        ("*", ["en", "de"], ""),
        ("", ["en", "de"], ""),
        ("de;q=2", ["en", "de"], ""),
        ("den", ["en", "de"], ""),
    ],
)
def test_the_language_that_is_liked_best_wins(accepted, available, preferred):
    assert preferred_language(accepted, available) == preferred


@pytest.mark.parametrize(
    "accepted", ["," * 100_000, "de;q=nan", "\x00", "a" * 100_000, "de;q=1e999", "é", "d-" * 9_000]
)
def test_hostile_headers_wish_for_nothing(accepted):
    assert preferred_language(accepted, ["en", "de"]) == ""


def test_languages_are_called_as_their_speakers_call_them():
    assert [language_name(tag) for tag in ("de", "de-AT", "de-LI", "tlh")] == [
        "Deutsch",
        "Deutsch (Österreich)",
        "Deutsch",
        "tlh",
    ]
    assert [tag for tag, _name in LANGUAGES if is_right_to_left(tag)] == ["he", "ar", "fa"]


def test_our_own_words_are_english_beside_a_language_that_we_do_not_speak():
    assert [spoken(tag) for tag in ("de", "de-AT", "FR", "pl", "en-GB")] == ["de", "de", "fr", "en", "en"]


@pytest.mark.parametrize("tag", SPOKEN)
def test_compiled_catalogues_say_what_their_sources_say(tag):
    with (LOCALE / tag / "LC_MESSAGES/django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    read: dict[str, list[str]] = {}
    for key, text in compiled.items():
        if key:
            read.setdefault(key[0] if isinstance(key, tuple) else key, []).append(text)

    assert read == entries(tag)


def test_every_language_says_everything():
    """German says everything of ours; the others what the world reads, all of them the same, and German too."""
    said = {tag: set(entries(tag)) for tag in SPOKEN}
    with translation.override("en"):  # Django says the months, too, but in Italian with capitals
        months = {str(month) for month in MONTHS.values()}

    assert texts().keys() - said["de"] == set()
    assert {tag: said[tag] for tag in FOR_THE_WORLD_ONLY} == dict.fromkeys(FOR_THE_WORLD_ONLY, said["es"])
    assert said["es"] - said["de"] - months == set()
    assert [(tag, text) for tag in SPOKEN for text, forms in entries(tag).items() if not all(forms)] == []


@pytest.mark.parametrize("tag", SPOKEN)
def test_words_of_the_documents_are_translated(tag):
    """What a narrative is made of: who adds a level or a kind of step adds its translations."""
    own = {str(item.label) for group in (Basis, Category, Level, Licence, Purpose, StepKind) for item in group}

    assert own - set(entries(tag)) == set()
    with translation.override(tag):
        assert BadgeClass(validity="MONTHS", validity_months=24).validity_sentence != "2 years after the award"
