import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from badges import queries
from badges.actions.badge_classes import (
    BadgeFields,
    BadgeIsAwarded,
    create_badge_class,
    delete_badge_class,
    edit_badge_class,
    fields_of,
)
from badges.actions.corrections import correct_badge_class
from badges.actions.planning import CapTooLow, plan_badge_class, plan_of
from badges.actions.versions import make_next_version
from badges.models import BadgeClass
from tests.factories.assertions import AssertionFactory, EndorsementFactory
from tests.factories.badges import (
    SVG,
    AlignmentFactory,
    BadgeClassFactory,
    BadgeTranslationFactory,
    CompetencyFactory,
    EarningStepFactory,
    ReviewFactory,
    png,
)
from tests.factories.issuers import DepartmentFactory, JobRoleFactory


def _url(name, badge):
    return reverse(f"badges:{name}", args=["acme", badge.pk])


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_asks_the_same_number_of_questions(as_nora, badge, item_count, django_assert_num_queries):
    for step_badge in BadgeClassFactory.create_batch(item_count, issuer=badge.issuer):
        EarningStepFactory.create(badge_class=badge, required_badge=step_badge, kind="BADGE")

    with django_assert_num_queries(19):
        response = as_nora.get(_url("detail", badge))

    assert len(response.context["story"].steps) == item_count


@pytest.fixture
def rich(badge, assertion, academy, ada, now):
    """Everything stands around it: levels, relations, skills, languages, steps, corrections, and its next version."""
    low, beside, asked = BadgeClassFactory.create_batch(3, issuer=academy, level=1)
    BadgeClass.objects.filter(pk=low.pk).update(next_level=badge)
    badge.related_badges.add(beside)
    badge.departments.add(DepartmentFactory.create(organisation=academy.organisation))
    badge.job_roles.add(JobRoleFactory.create(organisation=academy.organisation))
    EarningStepFactory.create(badge_class=badge, kind="BADGE", required_badge=asked)
    AlignmentFactory.create(
        badge_class=badge, competency=CompetencyFactory.create(framework__organisation=academy.organisation)
    )
    EndorsementFactory.create(badge_class=badge, accepted=True)
    ReviewFactory.create(badge_class=badge, asked_by=ada)
    BadgeTranslationFactory.create(badge_class=badge, language="de", created_at=now, updated_at=now)
    typed = replace(fields_of(badge), name="Forklift Safty")
    correct_badge_class(badge_class=badge, fields=typed, note="A typo.", by=ada, at=now + timedelta(hours=1))
    make_next_version(badge_class=badge, by=ada, at=now)
    return badge


def test_page_asks_little_however_much_there_is_to_say(as_ada, rich, django_assert_max_num_queries):
    as_ada.get(_url("detail", rich))

    with django_assert_max_num_queries(25):
        shown = as_ada.get(_url("detail", rich)).context

    assert (len(shown["version_lines"]), len(shown["related"]), len(shown["rungs"])) == (2, 1, 2)
    assert [state.tag for state in shown["to_check"]] == ["de"]


def test_form_asks_little_however_much_there_is_to_say(as_ada, rich, django_assert_max_num_queries):
    draft = BadgeClass.objects.get(series=rich.series, version=2)
    as_ada.get(_url("edit", draft))

    with django_assert_max_num_queries(18):
        forms = as_ada.get(_url("edit", draft)).context["forms"]

    assert (len(forms.steps.initial_forms), len(forms.alignments.initial_forms)) == (1, 1)


def test_what_a_page_knew_decides_nothing(badge, ed, now):
    found = queries.with_use(queries.with_parts(BadgeClass.objects.all()), at=now).get(pk=badge.pk)
    AssertionFactory.create_batch(2, badge_class=badge)
    EarningStepFactory.create(badge_class=badge, text="Show it twice")
    too_few = replace(plan_of(found), award_cap=1)

    assert queries.use_of(found) == queries.Use(was_awarded=False, held=0, last_awarded=None)
    assert queries.is_awarded(found) is True
    for act in (
        lambda: delete_badge_class(badge_class=found, by=ed, at=now),
        lambda: edit_badge_class(badge_class=found, fields=fields_of(found), by=ed, at=now),
    ):
        with pytest.raises(BadgeIsAwarded):
            act()
    with pytest.raises(CapTooLow, match="2 people hold this badge already"):
        plan_badge_class(badge_class=found, fields=too_few, by=ed, at=now)
    assert [step.text for step in fields_of(found).steps] == ["Show it twice"]
    assert make_next_version(badge_class=found, by=ed, at=now).earning_steps.get().text == "Show it twice"


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
