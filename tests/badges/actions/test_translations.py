from dataclasses import replace
from datetime import timedelta

import pytest

from badges import queries
from badges.actions.badge_classes import (
    BadgeIsAwarded,
    ChangedMeanwhile,
    LanguageTaken,
    copy_badge_class,
    edit_badge_class,
    fields_of,
)
from badges.actions.translations import (
    LanguageRefused,
    TranslationFields,
    TranslationIncomplete,
    TranslationNoteMissing,
    remove_translation,
    save_translation,
)
from badges.actions.versions import make_next_version
from badges.insights.languages import translation_states
from badges.models import BadgeClass, BadgeCorrection, BadgeTranslation
from badges.models.wording import TRANSLATED
from badgeserver.audit.models import AuditEvent
from tests.factories.badges import BadgeTranslationFactory, EarningStepFactory

GERMAN = TranslationFields(
    name="Sicher auf dem Stapler", description="Fährt und parkt sicher.", criteria_narrative="Zweimal fehlerfrei."
)


def _trail():
    return list(AuditEvent.objects.order_by("pk").values_list("type", "actor_name", "subject_name"))


def test_a_language_is_added_also_to_a_badge_that_people_hold(badge, assertion, ed, now):
    before = AuditEvent.objects.count()

    words = save_translation(badge_class=badge, language="de", fields=GERMAN, by=ed, at=now)

    assert (words.language, words.name, words.steps) == ("de", "Sicher auf dem Stapler", [])
    assert BadgeTranslation.objects.get() == words
    assert _trail()[before:] == [("badge_class.translation.added", "Ed Novak", "Forklift Safety")]
    assert AuditEvent.objects.latest("pk").details == {"language": "de", "language_name": "Deutsch"}
    assert BadgeCorrection.objects.count() == 0


def test_words_that_nobody_was_awarded_under_change_freely(badge, ed, now):
    save_translation(badge_class=badge, language="de", fields=GERMAN, by=ed, at=now)
    better = TranslationFields(name="Staplersicherheit", description="Fährt sicher.")

    words = save_translation(badge_class=badge, language="de", fields=better, by=ed, at=now + timedelta(hours=1))

    assert (words.name, words.criteria_narrative) == ("Staplersicherheit", "")
    assert AuditEvent.objects.latest("pk").details["changed"] == ["name", "description", "criteria_narrative"]
    assert BadgeCorrection.objects.count() == 0


def test_saving_the_same_leaves_no_trace(badge, ed, now):
    first = save_translation(badge_class=badge, language="de", fields=GERMAN, by=ed, at=now)

    again = save_translation(badge_class=badge, language="de", fields=GERMAN, by=ed, at=now + timedelta(hours=1))

    assert (again, again.updated_at) == (first, now)
    assert [kind for kind, *_who in _trail()] == ["badge_class.translation.added"]


def test_what_holders_have_read_changes_with_a_note_that_everybody_can_read(badge, assertion, ed, now):
    save_translation(badge_class=badge, language="de", fields=GERMAN, by=ed, at=now)
    better = TranslationFields(name="Staplersicherheit", description=GERMAN.description, assessed="Ein Gremium.")
    later = now + timedelta(days=1)

    with pytest.raises(TranslationNoteMissing) as refused:
        save_translation(badge_class=badge, language="de", fields=better, note=" ", by=ed, at=later)
    assert refused.value.field == "note"
    assert BadgeTranslation.objects.get().name == GERMAN.name

    save_translation(badge_class=badge, language="de", fields=better, note="Better German", by=ed, at=later)

    correction = BadgeCorrection.objects.get()
    assert (correction.language, correction.note, correction.corrected_by) == ("de", "Better German", ed)
    # What was only missing is no correction.
    assert correction.changes == [
        {"field": "name", "label": "Name", "before": "Sicher auf dem Stapler", "after": "Staplersicherheit"},
        {"field": "criteria_narrative", "label": "What one must show", "before": "Zweimal fehlerfrei.", "after": ""},
    ]


def test_missing_words_are_added_without_a_note(badge, assertion, ed, now):
    EarningStepFactory.create(badge_class=badge, position=0)
    save_translation(badge_class=badge, language="de", fields=GERMAN, by=ed, at=now)
    more = TranslationFields(
        name=GERMAN.name,
        description=GERMAN.description,
        criteria_narrative=GERMAN.criteria_narrative,
        learned="Umsicht.",
        steps=["Den Kurs besuchen"],
    )

    words = save_translation(badge_class=badge, language="de", fields=more, by=ed, at=now)

    assert (words.learned, words.steps) == ("Umsicht.", ["Den Kurs besuchen"])
    assert BadgeCorrection.objects.count() == 0


@pytest.mark.parametrize(
    ("language", "fields", "refusal"),
    [
        ("en", GERMAN, LanguageRefused),
        ("tlh", GERMAN, LanguageRefused),
        ("", GERMAN, LanguageRefused),
        ("de\x00", GERMAN, LanguageRefused),
        ("de", TranslationFields(name=" ", description="x"), TranslationIncomplete),
        ("de", TranslationFields(name="x", description=""), TranslationIncomplete),
    ],
)
def test_refusals_change_nothing(badge, ed, now, language, fields, refusal):
    with pytest.raises(refusal):
        save_translation(badge_class=badge, language=language, fields=fields, by=ed, at=now)

    assert (BadgeTranslation.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_two_translators_do_not_write_over_each_other(badge, ed, now):
    first = save_translation(badge_class=badge, language="de", fields=GERMAN, by=ed, at=now)
    other = TranslationFields(name="Stapler", description="Fährt.")
    save_translation(
        badge_class=badge, language="de", fields=other, seen=first.updated_at, by=ed, at=now + timedelta(1)
    )

    with pytest.raises(ChangedMeanwhile):
        save_translation(badge_class=badge, language="de", fields=GERMAN, seen=first.updated_at, by=ed, at=now)

    assert BadgeTranslation.objects.get().name == "Stapler"


def test_a_language_is_taken_away_while_nobody_holds_the_badge(badge, ed, now):
    BadgeTranslationFactory.create(badge_class=badge)

    remove_translation(badge_class=badge, language="de", by=ed, at=now)

    assert BadgeTranslation.objects.count() == 0
    assert _trail() == [("badge_class.translation.removed", "Ed Novak", "Forklift Safety")]
    with pytest.raises(LanguageRefused):
        remove_translation(badge_class=badge, language="de", by=ed, at=now)


def test_a_language_that_holders_may_have_shown_stays(badge, assertion, ed, now):
    BadgeTranslationFactory.create(badge_class=badge)

    with pytest.raises(BadgeIsAwarded):
        remove_translation(badge_class=badge, language="de", by=ed, at=now)

    assert BadgeTranslation.objects.count() == 1


def test_steps_in_other_languages_follow_their_steps(badge, ed, now):
    for position, text in enumerate(["Read", "Drive", "Park"]):
        EarningStepFactory.create(badge_class=badge, position=position, text=text)
    BadgeTranslationFactory.create(badge_class=badge, steps=["Lesen", "Fahren", "Parken"])
    fields = fields_of(badge)
    read, drive, park = fields.steps
    changed = type(drive)(kind=drive.kind, text="Drive slowly")
    moved = type(fields)(name=fields.name, description="x", image_alt="x", steps=[park, read, changed])

    edit_badge_class(badge_class=badge, fields=moved, by=ed, at=now)

    assert BadgeTranslation.objects.get().steps == ["Parken", "Lesen", ""]


def test_a_copy_has_the_same_languages(badge, ed, now):
    BadgeTranslationFactory.create(badge_class=badge)

    made = copy_badge_class(badge_class=badge, by=ed, at=now)

    assert [words.name for words in made.translations.all()] == ["Gespräche führen"]
    assert badge.translations.count() == 1


def test_a_badge_cannot_be_written_in_the_language_of_its_translation(badge, ed, now):
    BadgeTranslationFactory.create(badge_class=badge)
    fields = fields_of(badge)
    german = type(fields)(name=fields.name, description="x", image_alt="x", criteria_narrative="x", language="de")

    with pytest.raises(LanguageTaken) as refused:
        edit_badge_class(badge_class=badge, fields=german, by=ed, at=now)

    assert refused.value.field == "language"


def test_the_next_version_has_the_languages_with_their_steps_in_place(badge, assertion, ed, now):
    for position, text in enumerate(["Read", "Drive"]):
        EarningStepFactory.create(badge_class=badge, position=position, text=text)
    BadgeTranslationFactory.create(badge_class=badge, steps=["Lesen", "Fahren"], updated_at=now - timedelta(days=9))
    fields = fields_of(badge)
    said = replace(fields, description="Another one.", steps=fields.steps[::-1])

    draft = make_next_version(badge_class=badge, fields=said, by=ed, at=now)

    assert draft.translations.get().steps == ["Fahren", "Lesen"]
    assert badge.translations.get().steps == ["Lesen", "Fahren"]
    [state] = translation_states(queries.with_parts(BadgeClass.objects.filter(pk=draft.pk)).get())
    assert state.changed == ["description", "steps"]


def test_a_step_that_is_no_longer_said_needs_a_note_too(badge, assertion, ed, now):
    EarningStepFactory.create(badge_class=badge, position=0, text="Drive")
    words = BadgeTranslationFactory.create(badge_class=badge, steps=["Fahren"])
    same = TranslationFields(**{name: getattr(words, name) for name in TRANSLATED})

    with pytest.raises(TranslationNoteMissing):
        save_translation(badge_class=badge, language="de", fields=same, by=ed, at=now)

    words.refresh_from_db()
    assert words.steps == ["Fahren"]


def test_the_next_version_cannot_be_written_in_the_language_of_its_translation(badge, assertion, ed, now):
    BadgeTranslationFactory.create(badge_class=badge)

    with pytest.raises(LanguageTaken):
        make_next_version(badge_class=badge, fields=replace(fields_of(badge), language="de"), by=ed, at=now)

    assert BadgeClass.objects.of_series(badge.series).count() == 1
