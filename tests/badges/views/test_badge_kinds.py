"""Kinds and levels in the form: purpose, basis, category, what it is good for, and the verbs of a level."""

import re

import pytest
from django.urls import reverse

from badges.models import BadgeClass
from tests.badges.form_data import sent

NEW, PREVIEW = reverse("badges:create", args=["acme"]), reverse("badges:preview", args=["acme"])


def _bloom(text: str) -> str:
    found = re.search(r'<div id="bloom" hx-swap-oob="innerHTML">(.*?)</div>', text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", found[1]).split()) if found else ""


def test_everything_new_is_kept_and_shown_again(as_ed, academy):
    as_ed.post(NEW, sent(academy, purpose="VALUES", basis="EXPERIENCE", category="VALUES"))

    made = BadgeClass.objects.get()
    assert (made.purpose, made.basis, made.category) == ("VALUES", "EXPERIENCE", "VALUES")
    assert (made.applied, made.useful_for) == ("In every sprint.", "Team leads.")
    page = as_ed.get(reverse("badges:edit", args=["acme", made.pk]))
    fields = page.context["forms"].badge
    assert [fields[name].value() for name in ("purpose", "basis", "category")] == ["VALUES", "EXPERIENCE", "VALUES"]
    assert "In every sprint." in page.text
    assert "Team leads." in as_ed.get(reverse("badges:detail", args=["acme", made.pk])).text


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"purpose": ""}, "purpose", "Choose what the badge is for."),
        ({"purpose": "PROFIT"}, "purpose", "Choose one of these four."),
        ({"basis": "LUCK"}, "basis", "Choose one of the list, or say nothing."),
        (
            {"category": "LEADERSHIP"},
            "category",
            "“LEADERSHIP” is no category any more. Choose technical skill, durable skill or values.",
        ),
        ({"applied": "a\x00b"}, "applied", "This text contains invisible control characters."),
        ({"useful_for": "Ask a@b.example.org"}, "useful_for", "Badges are public: leave out e-mail addresses"),
    ],
)
def test_bad_values_are_told_beside_their_field(as_ed, academy, changes, field, sentence):
    answer = as_ed.post(NEW, sent(academy, **changes))

    assert answer.status_code == 422
    assert answer.context["forms"].badge.errors[field][0].startswith(sentence)
    assert BadgeClass.objects.count() == 0


@pytest.mark.parametrize(
    ("criteria", "language", "level", "sentence"),
    [
        (
            "Can list the signals and name them.",
            "en",
            "3",
            (
                "Your text says list, name: that is level 1, Awareness. "
                "You chose level 3: change the verbs or the level, so that both say the same."
            ),
        ),
        ("Leads the shift.", "en", "5", "Your text says lead: that is level 5, Expert."),
        ("Kann Signale nennen.", "de", "", "Your text says nennen: that is level 1, Awareness."),
    ],
)
def test_the_preview_says_which_level_the_verbs_speak_for(as_ed, academy, criteria, language, level, sentence):
    data = sent(academy, description="Calm.", criteria_narrative=criteria, language=language, level=level)

    assert _bloom(as_ed.post(PREVIEW, data).text) == sentence


def test_verbs_that_nobody_knows_are_asked_for(as_ed, academy):
    data = sent(academy, description="Calm.", criteria_narrative="Sait nommer.", language="fr")

    assert _bloom(as_ed.post(PREVIEW, data).text).startswith("Write in the description and criteria what one does")


def test_each_level_shows_its_verbs(as_ed, academy):
    text = as_ed.get(NEW).text

    assert "name, list, describe, explain, recognise, define" in text
    academy.language = "de"
    academy.save()
    assert "nennen, aufzählen, beschreiben" in as_ed.get(NEW).text


def test_the_parts_say_how_far_they_are(as_ed, academy):
    new = as_ed.get(NEW).context["sections"]
    refused = as_ed.post(NEW, sent(academy, validity_months="x", picture=None)).context["sections"]

    assert {one.key: one.state for one in new} == {
        "what": "needed",
        "kind": "done",
        "picture": "needed",
        "earn": "needed",
        "worth": "empty",
        "level": "empty",
        "skills": "empty",
        "validity": "done",
        "more": "empty",
    }
    assert {one.key: one.state for one in refused} == {
        **dict.fromkeys(["what", "kind", "earn", "worth", "level", "skills"], "done"),
        "picture": "needed",
        "validity": "wrong",
        "more": "empty",
    }
