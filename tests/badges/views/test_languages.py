"""Languages in the workspace: what there is, the original beside the translation, taking one away."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from badges.actions.badge_classes import edit_badge_class, fields_of
from badges.models import BadgeClass, BadgeCorrection, BadgeTranslation
from tests.factories.badges import BadgeTranslationFactory, EarningStepFactory

WORDS = {"name": "Stapler", "description": "Fährt sicher.", "image_alt": "", "criteria_narrative": "Zweimal."}


def _url(name, badge, *more: str):
    return reverse(f"badges:{name}", args=["acme", badge.pk, *more])


def test_list_tells_how_far_each_language_is(as_ed, badge):
    EarningStepFactory.create(badge_class=badge)
    BadgeTranslationFactory.create(badge_class=badge, steps=["Den Kurs besuchen"])
    BadgeTranslationFactory.create(
        badge_class=badge, language="fr", name="Chariot", image_alt="", criteria_narrative=""
    )

    page = as_ed.get(_url("languages", badge)).text

    assert "5 of 5 texts" in page
    assert "2 of 5 texts; the rest shows in English." in page
    assert page.count("<option") == 46  # all but English, German and French


def test_list_tells_when_the_original_changed(as_ed, badge, ed, now):
    BadgeTranslationFactory.create(badge_class=badge, updated_at=now)
    fields = fields_of(badge)
    changed = type(fields)(name=fields.name, description="Another one.", image_alt="x", criteria_narrative="x")
    edit_badge_class(badge_class=badge, fields=changed, by=ed, at=now + timedelta(days=1))

    page = as_ed.get(_url("languages", badge)).text

    assert "The original changed since: description, the picture in words, what one must show." in page


def test_choosing_a_language_leads_to_its_form(as_ed, badge):
    answer = as_ed.get(_url("languages", badge), {"language": "it"})

    assert (answer.status_code, answer.url) == (302, _url("translate", badge, "it"))
    assert as_ed.get(_url("languages", badge), {"language": "en"}).status_code == 200


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_asks_the_same_number_of_questions(as_ed, badge, item_count, django_assert_num_queries):
    for tag in ["de", "fr", "it"][:item_count]:
        BadgeTranslationFactory.create(badge_class=badge, language=tag)
    as_ed.get(_url("languages", badge))

    with django_assert_num_queries(9):
        as_ed.get(_url("languages", badge))


def test_form_shows_the_original_beside_each_field(as_ed, badge):
    EarningStepFactory.create(badge_class=badge, text="Drive the course")

    page = as_ed.get(_url("translate", badge, "de")).text

    assert page.count("Not translated yet") == 5  # name, description, picture, criteria, step; nothing else is said
    assert '<div class="pair-text" lang="en">Drive the course</div>' in page
    assert 'name="learned"' not in page


def test_translation_is_saved(as_ed, badge):
    EarningStepFactory.create(badge_class=badge)

    answer = as_ed.post(_url("translate", badge, "de"), {**WORDS, "step_0": "Den Kurs besuchen"})

    assert (answer.status_code, answer.url) == (302, _url("languages", badge))
    assert [str(message) for message in get_messages(answer.wsgi_request)] == ["Deutsch is saved."]
    words = BadgeTranslation.objects.get()
    assert (words.language, words.name, words.steps) == ("de", "Stapler", ["Den Kurs besuchen"])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Say its name in this language, even if it stays the same."),
        ({"description": ""}, "Say in this language what its holder can do."),
        ({"name": "x" * 121}, "Shorten this to 120 characters; it has 121."),
        ({"description": "Ask rita@mail.example.org"}, "Badges are public: leave out e-mail addresses"),
        ({"criteria_narrative": "<script>x</script>" + "[" * 20_000}, ""),
        ({"name": "a\x00b"}, "This text contains an invisible character"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(as_ed, badge, changes, sentence):
    answer = as_ed.post(_url("translate", badge, "de"), {**WORDS, **changes})

    if sentence:
        assert answer.status_code == 422
        assert sentence in answer.text
        assert BadgeTranslation.objects.count() == 0
    else:
        assert answer.status_code in {302, 422}


def test_words_of_a_held_badge_ask_for_a_note(as_ed, badge, assertion):
    words = BadgeTranslationFactory.create(badge_class=badge)
    sent = {**WORDS, "seen": words.updated_at.isoformat()}

    refused = as_ed.post(_url("translate", badge, "de"), sent)
    assert refused.status_code == 422
    assert "People hold this badge. Say why its words change" in refused.text

    assert as_ed.post(_url("translate", badge, "de"), {**sent, "note": "Better German"}).status_code == 302
    assert BadgeCorrection.objects.get().note == "Better German"


@pytest.mark.parametrize("seen", ["", "x", "2026-99-99T00:00:00Z", "\x00", "9" * 5_000])
def test_a_moment_that_is_none_does_no_harm(as_ed, badge, seen):
    BadgeTranslationFactory.create(badge_class=badge)

    assert as_ed.post(_url("translate", badge, "de"), {**WORDS, "seen": seen}).status_code == 302


def test_preview_says_it_with_our_own_words_in_the_language_too(as_ed, badge):
    answer = as_ed.post(_url("translate", badge, "de"), {**WORDS, "act": "preview"})

    assert answer.status_code == 200
    assert "So erwirbt man es" in answer.text
    assert "<p>Zweimal.</p>" in answer.text
    assert BadgeTranslation.objects.count() == 0
    part = as_ed.post(_url("translate", badge, "de"), {"act": "preview"}, headers={"HX-Request": "true"}).text
    assert "<form" not in part
    assert "Forklift Safety" in part  # what is not said yet is said in the original


@pytest.mark.parametrize("language", ["en", "tlh", "x" * 300, "de%00"])
def test_languages_that_cannot_be_added_have_no_form(as_ed, badge, language):
    address = _url("translate", badge, "de").replace("/de/", f"/{language}/")

    assert {as_ed.get(address).status_code, as_ed.post(address, WORDS).status_code} == {404}


def test_a_language_is_taken_away_after_a_question(as_ed, badge):
    BadgeTranslationFactory.create(badge_class=badge)
    address = _url("remove-language", badge, "de")

    assert "Take Deutsch away?" in as_ed.get(address).text
    answer = as_ed.post(address)

    assert (answer.status_code, BadgeTranslation.objects.count()) == (302, 0)
    assert as_ed.get(address).status_code == 404


def test_a_language_of_a_held_badge_stays(as_ed, badge, assertion):
    BadgeTranslationFactory.create(badge_class=badge)
    address = _url("remove-language", badge, "de")

    assert "Deutsch stays" in as_ed.get(address).text
    assert as_ed.post(address).status_code == 422
    assert BadgeTranslation.objects.count() == 1


@pytest.mark.parametrize("name", ["languages", "translate", "remove-language"])
def test_doors_open_for_editors_alone(name, request, badge, anonymous):
    BadgeTranslationFactory.create(badge_class=badge)
    address = _url(name, badge, *([] if name == "languages" else ["de"]))
    answers = {who: request.getfixturevalue(f"as_{who}").get(address).status_code for who in ("ed", "sam", "mallory")}

    assert answers == {"ed": 200, "sam": 403, "mallory": 404}
    assert anonymous.get(address).status_code == 302


def test_badge_page_leads_to_its_languages(as_ed, as_sam, badge):
    BadgeTranslationFactory.create(badge_class=badge)
    BadgeClass.objects.filter(pk=badge.pk).update(place="Quay 7", latitude=53.5, longitude=9.25, licence="CC-0")

    page, seen = as_ed.get(_url("detail", badge)).text, as_sam.get(_url("detail", badge)).text

    assert _url("translate", badge, "de") in page
    assert _url("translate", badge, "de") not in seen
    assert "53.5, 9.25" in seen
    assert "No rights reserved (CC0)" in seen


# --- Four eyes -----------------------------------------------------------------------------------------------


@pytest.fixture
def four_eyes(acme):
    acme.four_eyes = True
    acme.save()


def test_four_eyes_lead_from_languages_to_the_next_version(four_eyes, as_ed, badge):
    BadgeTranslationFactory.create(badge_class=badge)

    listed = as_ed.get(_url("languages", badge)).text
    pages = [as_ed.get(_url(name, badge, "de")) for name in ("translate", "remove-language")]
    sent = [as_ed.post(_url(name, badge, "de"), WORDS) for name in ("translate", "remove-language")]

    assert "change languages in a draft of its next version" in listed
    assert "<option" not in listed
    assert [(page.status_code, "Edit as version 2" in page.text) for page in pages] == [(409, True)] * 2
    assert [(page.status_code, "second person" in page.text) for page in sent] == [(422, True)] * 2
    assert BadgeTranslation.objects.get().name == "Gespräche führen"


def test_four_eyes_leave_the_typos_of_what_people_hold(four_eyes, as_ed, badge, assertion):
    words = BadgeTranslationFactory.create(badge_class=badge, description="Führt schwirige Gespräche.")
    page = as_ed.get(_url("translate", badge, "de"))
    said = {name: getattr(words, name) for name in ("name", "description", "image_alt", "criteria_narrative")}
    typo = {**said, "description": "Führt schwierige Gespräche.", "note": "Typo.", "seen": words.updated_at.isoformat()}

    answers = [
        as_ed.post(_url("translate", badge, "de"), {**typo, "description": "Gibt es gratis."}),
        as_ed.post(_url("translate", badge, "de"), typo),
    ]

    assert "Correct typos here" in page.text
    assert as_ed.get(_url("translate", badge, "fr")).status_code == 409
    assert [answer.status_code for answer in answers] == [422, 302]
    assert BadgeTranslation.objects.get().description == "Führt schwierige Gespräche."


def test_four_eyes_let_a_draft_be_translated(four_eyes, as_ed, draft_badge):
    assert as_ed.post(_url("translate", draft_badge, "de"), WORDS).status_code == 302
