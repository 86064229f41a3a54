import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from badges.actions.planning import plan_of
from badges.models import BadgeClass
from issuers.models import JobRole
from tests.factories.badges import BadgeClassFactory
from tests.factories.issuers import DepartmentFactory

LADDERS = reverse("badges:ladders", args=["acme"])


def _url(badge):
    return reverse("badges:planning", args=["acme", badge.pk])


@pytest.fixture
def terminal(acme):
    return DepartmentFactory.create(organisation=acme, name="Terminal Operations")


def test_planning_of_a_held_badge_is_saved(as_ed, badge, assertion, svg_badge, terminal, acme):
    role = JobRole.objects.create(organisation=acme, name="Crane Operator")
    page = as_ed.get(_url(badge))

    response = as_ed.post(
        _url(badge),
        {
            "visibility": "PUBLIC",
            "departments": [terminal.pk],
            "job_roles": [role.pk],
            "award_cap": "7",
            "next_level": svg_badge.pk,
            "related": [svg_badge.pk],
            "review_by": "2999-01-01",
            "seen": page.context["seen"],
        },
        follow=True,
    )

    badge.refresh_from_db()
    assert (badge.award_cap, badge.next_level, str(badge.review_by)) == (7, svg_badge, "2999-01-01")
    for words in ["Planning saved.", "Crane Operator, Terminal Operations", "1 of 7 taken", "First Aid"]:
        assert words in response.text
    again = as_ed.get(_url(badge)).context["form"]
    assert [again[name].value() for name in ("departments", "next_level", "related")] == [
        [terminal.pk],
        svg_badge.pk,
        [svg_badge.pk],
    ]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"visibility": ""}, "visibility", "Choose who can see it."),
        ({"visibility": "SECRET"}, "visibility", "Choose one of these two."),
        ({"visibility": "INTERNAL"}, "visibility", "“Forklift Safety” was awarded for everybody to see"),
        ({"award_cap": "0"}, "award_cap", "Allow at least 1 person"),
        ({"award_cap": "many\x00"}, "award_cap", "Write a whole number"),
        ({"award_cap": "9" * 4000}, "award_cap", "Write"),
        ({"departments": ["\x00"]}, "departments", "One of these is no longer there."),
        ({"departments": ["6f1b3f3e-0000-4000-8000-000000000000"]}, "departments", "One of these is no longer there."),
        ({"next_level": "x"}, "next_level", "This badge is no longer there."),
        ({"related": ["nonsense"]}, "related", "One of these is no longer there."),
        ({"review_by": "tomorrow"}, "review_by", "Write the day as year-month-day"),
        ({"review_by": "2001-01-01"}, "review_by", "This day has passed."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(as_ed, badge, assertion, changes, field, sentence):
    response = as_ed.post(_url(badge), {"visibility": "PUBLIC", "award_cap": "5", **changes})

    assert response.status_code == 422
    assert response.context["form"].errors[field][0].startswith(sentence)
    badge.refresh_from_db()
    assert (badge.visibility, badge.award_cap) == ("PUBLIC", None)


def test_badges_and_departments_of_others_are_not_there(as_ed, badge):
    foreign = BadgeClassFactory.create()
    response = as_ed.post(
        _url(badge),
        {"visibility": "PUBLIC", "next_level": foreign.pk, "departments": [DepartmentFactory.create().pk]},
    )

    assert set(response.context["form"].errors) == {"next_level", "departments"}


def test_a_stale_form_is_told_once(as_ed, badge):
    seen = as_ed.get(_url(badge)).context["seen"]
    as_ed.post(_url(badge), {"visibility": "PUBLIC", "award_cap": "5", "seen": seen})

    refused = as_ed.post(_url(badge), {"visibility": "PUBLIC", "award_cap": "9", "seen": seen})
    meant = as_ed.post(_url(badge), {"visibility": "PUBLIC", "award_cap": "9", "seen": refused.context["seen"]})

    assert "Somebody else changed this planning" in refused.text
    assert meant.status_code == 302
    badge.refresh_from_db()
    assert badge.award_cap == 9


def _undo(badge):
    return reverse("badges:undo-planning", args=["acme", badge.pk])


def _said(response):
    return [str(message) for message in get_messages(response.wsgi_request)][-1]


def test_a_planning_that_was_saved_can_be_undone(as_ed, badge, svg_badge, terminal):
    badge.departments.add(terminal)
    badge.related_badges.add(svg_badge)
    BadgeClass.objects.filter(pk=badge.pk).update(award_cap=9, next_level=svg_badge, review_by="2999-01-01")
    before = plan_of(BadgeClass.objects.get(pk=badge.pk))
    saved = as_ed.post(_url(badge), {"visibility": "INTERNAL", "award_cap": "5"}, follow=True)
    assert f'action="{_undo(badge)}"' in saved.text

    undone = as_ed.post(_undo(badge))

    assert (undone.status_code, _said(undone)) == (302, "The planning is as it was.")
    assert plan_of(BadgeClass.objects.get(pk=badge.pk)) == before
    assert _said(as_ed.post(_undo(badge))) == "There is nothing to undo any more. The planning stays as it is."


def test_a_day_that_had_passed_comes_back(as_ed, badge):
    BadgeClass.objects.filter(pk=badge.pk).update(review_by="2020-01-01")
    as_ed.post(_url(badge), {"visibility": "INTERNAL", "award_cap": "5", "review_by": "2999-01-01"})

    assert _said(as_ed.post(_undo(badge))) == "The planning is as it was."
    badge.refresh_from_db()
    assert (str(badge.review_by), badge.visibility, badge.award_cap) == ("2020-01-01", "PUBLIC", None)


def test_nothing_saved_is_nothing_to_undo(as_ed, badge):
    saved = as_ed.post(_url(badge), {"visibility": "PUBLIC"}, follow=True)

    assert "Planning saved." in saved.text
    assert _undo(badge) not in saved.text


def test_what_somebody_changed_since_is_not_undone(as_ed, as_ada, badge, svg_badge):
    as_ed.post(_url(badge), {"visibility": "PUBLIC", "award_cap": "5"})
    as_ada.post(_url(badge), {"visibility": "PUBLIC", "award_cap": "7"})

    assert _said(as_ed.post(_undo(badge))).startswith("Somebody else changed this planning")
    assert _said(as_ed.post(_undo(svg_badge))) == "There is nothing to undo any more. The planning stays as it is."
    badge.refresh_from_db()
    assert badge.award_cap == 7


def test_what_is_gone_is_not_put_back(as_ed, badge, terminal):
    badge.departments.add(terminal)
    as_ed.post(_url(badge), {"visibility": "PUBLIC", "award_cap": "5"})
    terminal.delete()

    assert _said(as_ed.post(_undo(badge))).startswith("Something of what was planned before is no longer there.")
    badge.refresh_from_db()
    assert badge.award_cap == 5


def test_undoing_is_for_editors(as_sam, as_mallory, as_ed, badge):
    assert as_sam.post(_undo(badge)).status_code == 403
    assert as_mallory.post(_undo(badge)).status_code == 404
    assert as_ed.get(_undo(badge)).status_code == 405


def test_ladders_show_gaps_in_words(as_nora, badge, svg_badge):
    BadgeClass.objects.filter(pk=svg_badge.pk).update(level=3)
    badge.level, badge.next_level = 1, svg_badge
    badge.save()

    text = as_nora.get(LADDERS).text

    for words in ["From Forklift Safety", "No level 2", "1 level missing", "Level 3, Practitioner"]:
        assert words in text


def test_no_ladders_say_how_to_begin(as_nora, badge):
    assert "No ladders yet" in as_nora.get(LADDERS).text


@pytest.mark.parametrize("count", [3, 30])
def test_ladders_ask_the_same_number_of_questions(as_nora, academy, count, django_assert_max_num_queries):
    above = None
    for _number in range(count):
        above = BadgeClassFactory.create(issuer=academy, next_level=above)

    with django_assert_max_num_queries(10):
        response = as_nora.get(LADDERS)

    assert len(response.context["ladders"][0][1]) == count


def test_planning_is_for_editors(as_sam, as_mallory, badge):
    assert as_sam.get(_url(badge)).status_code == 403
    assert as_mallory.get(_url(badge)).status_code == 404
