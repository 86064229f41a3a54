import io

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from badges import queries
from badges.actions.badge_classes import BadgeFields, create_badge_class
from tests.factories.badges import SVG, BadgeClassFactory, EarningStepFactory, png


def _url(name, badge):
    return reverse(f"badges:{name}", args=["acme", badge.pk])


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_asks_the_same_number_of_questions(as_nora, badge, item_count, django_assert_num_queries):
    for step_badge in BadgeClassFactory.create_batch(item_count, issuer=badge.issuer):
        EarningStepFactory.create(badge_class=badge, required_badge=step_badge, kind="BADGE")

    with django_assert_num_queries(27):
        response = as_nora.get(_url("detail", badge))

    assert len(response.context["story"].steps) == item_count


def test_page_of_an_awarded_badge_offers_a_copy_instead_of_an_edit(as_ed, badge, assertion):
    text = as_ed.get(_url("detail", badge)).text

    assert _url("copy", badge) in text
    assert _url("edit", badge) not in text
    assert _url("confirm-delete", badge) not in text
    assert "1 person" in text
    assert f"http://badges.example.org/public/badges/{badge.pk}" in text


def test_page_of_a_draft_says_what_is_missing(as_ada, academy, ada, now):
    draft = create_badge_class(issuer=academy, fields=BadgeFields(name="Half"), by=ada, at=now)

    response = as_ada.get(_url("detail", draft))

    assert [item.field for item in response.context["missing"]] == [
        "description",
        "picture",
        "image_alt",
        "criteria_narrative",
    ]
    assert _url("publish", draft) not in response.text


def test_page_shows_acts_only_to_those_who_may(as_nora, badge):
    text = as_nora.get(_url("detail", badge)).text

    for name in ("edit", "copy", "archive", "confirm-delete"):
        assert _url(name, badge) not in text


def test_page_of_another_organisation_is_not_there(as_mallory, as_ada, badge, elsewhere_issuer):
    foreign = BadgeClassFactory.create(issuer=elsewhere_issuer)

    assert as_mallory.get(_url("detail", badge)).status_code == 404
    assert as_ada.get(_url("detail", foreign)).status_code == 404
    assert as_ada.get(_url("picture", foreign)).status_code == 404
    assert as_ada.get(_url("thumbnail", foreign)).status_code == 404


def test_members_see_the_picture_of_a_draft(as_nora, draft_badge, svg_badge):
    shown = as_nora.get(_url("picture", draft_badge))
    drawing = as_nora.get(_url("picture", svg_badge))

    assert (shown["Content-Type"], shown.content) == ("image/png", png())
    assert (drawing["Content-Type"], drawing.content) == ("image/svg+xml", SVG)
    assert drawing["Content-Security-Policy"].endswith("sandbox")
    assert drawing["X-Content-Type-Options"] == "nosniff"


def test_thumbnail_of_a_large_picture_is_small(as_nora, academy):
    data = io.BytesIO()
    Image.effect_noise((500, 500), 100).save(data, "PNG")
    large = BadgeClassFactory.create(
        issuer=academy, image=ContentFile(data.getvalue(), "b.png"), image_png=ContentFile(data.getvalue(), "b.png")
    )

    first, again = as_nora.get(_url("thumbnail", large)), as_nora.get(_url("thumbnail", large))

    assert Image.open(io.BytesIO(first.content)).size == (240, 240)
    assert again.content == first.content


def test_thumbnail_of_a_small_picture_is_the_picture(as_nora, badge):
    assert as_nora.get(_url("thumbnail", badge)).content == png()


def test_tile_shows_a_drawing_as_it_is(acme, badge, svg_badge):
    assert queries.thumbnail_url(svg_badge, acme) == queries.picture_url(svg_badge, acme)
    assert queries.thumbnail_url(badge, acme).startswith(_url("thumbnail", badge))


def test_badge_without_a_picture_has_none(as_ada, academy, ada, now):
    draft = create_badge_class(issuer=academy, fields=BadgeFields(name="Half"), by=ada, at=now)

    assert as_ada.get(_url("picture", draft)).status_code == 404
    assert as_ada.get(_url("thumbnail", draft)).status_code == 404
