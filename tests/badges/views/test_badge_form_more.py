"""The folded part of the badge form, and its language."""

from decimal import Decimal

import pytest
from django.urls import reverse

from badges.models import BadgeClass
from tests.badges.form_data import sent
from tests.factories.badges import BadgeTranslationFactory

CREATE = reverse("badges:create", args=["acme"])
MORE = {
    "language": "de-AT",
    "apply_url": "academy.example.org/apply",
    "image_author": "https://ines.example.org/work",
    "licence": "CC-BY-SA",
    "place": "Quay 7",
    "latitude": "53,5283",
    "longitude": "-9.9421",
}


def test_everything_is_kept_and_shown_again(as_ed, academy):
    assert as_ed.post(CREATE, sent(academy, **MORE)).status_code == 302

    made = BadgeClass.objects.get()
    assert (made.language, made.apply_url) == ("de-AT", "https://academy.example.org/apply")
    assert (made.image_author, made.licence, made.place) == ("https://ines.example.org/work", "CC-BY-SA", "Quay 7")
    assert (made.latitude, made.longitude) == (Decimal("53.528300"), Decimal("-9.942100"))
    page = as_ed.get(reverse("badges:edit", args=["acme", made.pk])).text
    assert '<details class="disclosure form-more" open>' in page
    assert 'value="53.528300"' in page


def test_nothing_is_needed_and_the_part_is_folded(as_ed, academy):
    page = as_ed.get(CREATE).text
    assert '<details class="disclosure form-more">' in page

    as_ed.post(CREATE, sent(academy))

    made = BadgeClass.objects.get()
    assert (made.language, made.licence, made.place, made.latitude) == (academy.language, "", "", None)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"latitude": ""}, "latitude", "Add the latitude, or leave the place out."),
        ({"longitude": ""}, "longitude", "Add the longitude, or leave the place out."),
        ({"place": ""}, "place", "Say in words what is there"),
        ({"latitude": "91"}, "latitude", "Write a number up to 90."),
        ({"longitude": "-181"}, "longitude", "Write a number from -180 on."),
        ({"latitude": "north"}, "latitude", "Write degrees as a number, such as 52.52."),
        ({"place": "ada@acme.example.org"}, "place", "Badges are public: leave out e-mail addresses"),
        ({"apply_url": "javascript:alert(1)"}, "apply_url", "This is not a web address."),
        ({"image_author": "Ines"}, "image_author", "This is not a web address."),
        ({"licence": "MIT"}, "licence", "Choose one of these licences, or none."),
        ({"language": "tlh"}, "language", "Choose a language of the list."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(as_ed, academy, changes, field, sentence):
    answer = as_ed.post(CREATE, sent(academy, **{**MORE, **changes}))

    assert (answer.status_code, BadgeClass.objects.count()) == (422, 0)
    assert sentence in answer.text
    if field != "language":
        assert '<details class="disclosure form-more" open>' in answer.text


def test_half_a_place_can_still_be_previewed(as_ed, academy):
    answer = as_ed.post(reverse("badges:preview", args=["acme"]), sent(academy, **{**MORE, "latitude": "x"}))

    assert answer.status_code == 200


def test_the_language_of_a_translation_is_refused_beside_the_field(as_ed, academy, badge):
    BadgeTranslationFactory.create(badge_class=badge)

    answer = as_ed.post(
        reverse("badges:edit", args=["acme", badge.pk]),
        sent(academy, act="save", language="de", badge=str(badge.pk), seen=badge.updated_at.isoformat()),
    )

    assert answer.status_code == 422
    assert "This badge is translated into Deutsch already." in answer.text


def test_a_language_that_is_not_in_the_list_stays(as_ed, badge):
    BadgeClass.objects.filter(pk=badge.pk).update(language="tlh")

    assert (
        '<option value="tlh" selected>tlh</option>' in as_ed.get(reverse("badges:edit", args=["acme", badge.pk])).text
    )
