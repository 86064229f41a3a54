"""The coach on its pages: beside the form, on the badge, in the list of a plan, and on a page of its own."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from badges.models import BadgeClass, PlanRow
from tests.badges.form_data import sent
from tests.factories.badges import AlignmentFactory, BadgeClassFactory, EarningStepFactory, PlanFactory, png

CREATE, PREVIEW = reverse("badges:create", args=["acme"]), reverse("badges:preview", args=["acme"])
FIX = reverse("badges:coach-fix", args=["acme"])
HTMX = {"HX-Request": "true"}


def address(name: str, badge: BadgeClass, *more: str) -> str:
    return reverse(f"badges:{name}", args=["acme", badge.pk, *more])


def hints(page):
    return re.findall(r'id="coach-([a-z]+-[a-z-]+)"', page.text)


@pytest.fixture
def draft(academy):
    return BadgeClassFactory.create(issuer=academy, draft=True, name="Knots 2026", image_alt="knots.png")


# --- The form --------------------------------------------------------------------------------------------------


def test_an_empty_form_is_left_in_peace(as_ed, academy):
    page = as_ed.get(CREATE)

    assert "Begin with the name and what one does to earn it." in page.text
    assert "coach-hint " not in page.text


def test_the_preview_says_what_would_be_better_and_what_is_needed_apart(as_ed, academy):
    page = as_ed.post(PREVIEW, sent(academy, name="Leading a Retrospective 2026", tags="", picture=None))

    assert "<strong>Still needed:</strong> picture." in page.text
    found = [key for key in hints(page) if not key.startswith(("why", "press", "dismiss"))]
    assert found[:2] == ["level-verbs", "validity-renewal"]
    assert "name-year" in found
    assert "picture-missing" not in found


def test_a_fix_comes_back_as_its_field_and_nothing_is_kept(as_ed, academy):
    data = sent(academy, name="Retrospectives 2026", act="draft", picture=None)
    answer = as_ed.post(FIX, {**data, "fix": "name-year"}, headers=HTMX)

    assert (answer.status_code, BadgeClass.objects.count()) == (200, 0)
    assert answer.text.startswith('<div hx-swap-oob="outerHTML:.field:has([name=name])" class="field')
    assert 'value="Retrospectives"' in answer.text


def test_a_fix_of_two_fields_brings_both(as_ed, academy):
    data = sent(academy, purpose="COMPLIANCE", validity="NEVER", validity_months="", picture=None)
    answer = as_ed.post(FIX, {**data, "fix": "validity-compliance"}, headers=HTMX)

    assert answer.text.count("hx-swap-oob") == 2
    assert re.search(r'name="validity" value="MONTHS"[^>]* checked', answer.text)
    assert 'name="validity_months" value="12"' in answer.text


@pytest.mark.parametrize("fix", ["", "nonsense", "name-year", "skills-none", "\x00", "x" * 10_000])
def test_a_fix_that_does_not_fit_any_more_changes_nothing(as_ed, academy, fix):
    answer = as_ed.post(FIX, {**sent(academy, picture=None), "fix": fix}, headers=HTMX)

    assert (answer.status_code, answer.content) == (204, b"")


def test_without_javascript_the_form_comes_back_with_the_fix_and_its_picture(as_ed, academy):
    page = as_ed.post(CREATE, sent(academy, name="Retrospectives 2026", act="fix-name-year"))

    assert (page.status_code, BadgeClass.objects.count()) == (200, 0)
    assert 'name="name" value="Retrospectives"' in page.text
    assert "The coach has put it in below." in page.text
    assert re.search(r'name="kept_picture" value="[^"]+"', page.text)


def test_another_page_leads_into_the_form_with_the_fix_put_in(as_ed, draft):
    link = f"{address('edit', draft)}?fix=name-year#id_name"
    assert link in as_ed.get(address("coach", draft)).text

    page = as_ed.get(address("edit", draft), {"fix": "name-year"})
    draft.refresh_from_db()
    assert 'name="name" value="Knots"' in page.text
    assert draft.name == "Knots 2026"
    assert as_ed.get(address("edit", draft), {"fix": "\x00"}).status_code == 200


def test_hostile_texts_get_an_answer(as_ed, academy):
    for text in ("\x00", "<script>alert(1)</script> 2026", "a" * 100_000):
        page = as_ed.post(PREVIEW, sent(academy, name=text, description=text, criteria_narrative=text, picture=None))
        assert page.status_code == 200
        assert "<script>alert" not in page.text


# --- A saved badge ---------------------------------------------------------------------------------------------


def test_everything_stands_on_one_page(as_ed, draft):
    page = as_ed.get(address("coach", draft))

    assert "Would make it better" in page.text
    assert "Good already" in page.text
    assert "“knots.png” is the name of a file." in page.text
    assert "The name holds the year 2026." in page.text


def test_a_hint_is_put_away_with_undo_and_comes_back(as_ed, draft):
    page = as_ed.post(address("dismiss-hint", draft, "name-year"), {"from": "page"}, follow=True)

    assert page.redirect_chain == [(f"{address('coach', draft)}#coach", 302)]
    assert address("restore-hint", draft, "name-year") in page.text
    assert "name-year" not in hints(page)
    assert "You mean it so" in page.text
    back = as_ed.post(address("restore-hint", draft, "name-year"), follow=True)
    assert "name-year" in hints(back)


def test_what_is_needed_cannot_be_put_away(as_ed, draft):
    page = as_ed.post(address("dismiss-hint", draft, "name-missing"), {"from": "detail"}, follow=True)

    assert "This hint cannot be put away." in page.text
    draft.refresh_from_db()
    assert draft.coach_dismissed == []


def test_in_the_form_a_hint_goes_and_the_form_stays(as_ed, draft):
    answer = as_ed.post(address("dismiss-hint", draft, "tags-none"), headers=HTMX)

    assert (answer.status_code, answer.headers["HX-Trigger"]) == (204, '{"coach-changed": {}}')


def test_whoever_only_reads_sees_hints_without_buttons(as_nora, draft):
    page = as_nora.get(address("coach", draft))

    assert "The name holds the year 2026." in page.text
    assert ("?fix=" in page.text, "We mean it so" in page.text) == (False, False)
    assert 'id="coach"' not in as_nora.get(address("detail", draft)).text


def test_what_is_fixed_is_for_the_next_version(as_ed, assertion):
    page = as_ed.get(address("coach", assertion.badge_class))

    assert "These hints are for the next version." in page.text
    assert "?fix=" not in page.text


def test_a_picture_that_is_one_patch_is_told(as_ed, academy):
    badge = BadgeClassFactory.create(issuer=academy, draft=True)

    assert "In a list the picture is one patch" in as_ed.get(address("coach", badge)).text
    assert png()  # of one colour


def test_a_twin_is_linked_and_other_organisations_are_not_looked_at(as_ed, academy, draft):
    twin = BadgeClassFactory.create(issuer=academy, name="Knots 2025")
    BadgeClassFactory.create(name="Knots 2026")

    page = as_ed.get(address("coach", draft))
    assert f'href="{address("detail", twin)}"' in page.text
    assert page.text.count("is called nearly the same") >= 1


def test_a_reviewer_reads_the_hints_too(as_rex, draft):
    page = as_rex.get(address("review", draft))

    assert "good practices</small>" in page.text
    assert address("coach", draft) in page.text


# --- Lists -----------------------------------------------------------------------------------------------------


def planned(plan, academy, number):
    for position in range(plan.rows.count(), plan.rows.count() + number):
        badge = BadgeClassFactory.create(issuer=academy, draft=True, image="", image_png="")
        EarningStepFactory.create(badge_class=badge)
        AlignmentFactory.create(badge_class=badge)
        PlanRow.objects.create(plan=plan, position=position, badge_class=badge)


def test_the_drafts_of_a_plan_are_counted_in_the_same_queries(as_ed, acme, academy):
    plan = PlanFactory.create(organisation=acme, issuer=academy)
    url = reverse("badges:plan-done", args=["acme", plan.pk])
    planned(plan, academy, 2)
    as_ed.get(url)
    with CaptureQueriesContext(connection) as few:
        page = as_ed.get(url)
    assert len(re.findall(r"\d+ of \d+<span", page.text)) == 2

    planned(plan, academy, 20)
    with CaptureQueriesContext(connection) as many:
        page = as_ed.get(url)
    assert len(re.findall(r"\d+ of \d+<span", page.text)) == 22
    assert len(many) == len(few)
