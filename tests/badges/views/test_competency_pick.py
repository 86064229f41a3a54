"""Skills picked in the badge form: remembered, checked against the organisation, and said as they were picked."""

import pytest
from django.urls import reverse

from badges.models import BadgeClass
from tests.badges.form_data import sent
from tests.factories.badges import AlignmentFactory, BadgeClassFactory, CompetencyFactory, CompetencyLevelFactory

CREATE = reverse("badges:create", args=["acme"])


@pytest.fixture
def skill(acme):
    made = CompetencyFactory.create(
        framework__organisation=acme, framework__name="Warehouse", name="Driving a forklift", code="W1"
    )
    for number, name in [(1, "Knows about it"), (2, "Does it alone")]:
        CompetencyLevelFactory.create(framework=made.framework, number=number, name=name)
    return made


def _row(**said: object):
    empty = {"target_name": "", "target_url": "", "target_framework": "", "target_code": "", "target_description": ""}
    return {**empty, "competency": "", "level": "", **said}


def _post(client, academy, row, url=CREATE, *, known: int = 0, **more: str):
    data = sent(academy, alignments=[row], **more)
    return client.post(url, data | {"alignments-INITIAL_FORMS": str(known)})


def _errors(answer):
    return answer.context["forms"].alignments.errors[0]


def test_picked_skill_is_remembered_with_its_level(as_ed, academy, skill):
    row = _row(competency=skill.pk, target_name="Driving a forklift", target_url="https://x.example.org/1", level="2")
    assert _post(as_ed, academy, row).status_code == 302
    made = BadgeClass.objects.get().alignments.get()
    assert (made.competency, made.level, made.target_url) == (skill, 2, "https://x.example.org/1")


def test_pick_alone_says_name_and_address(as_ed, academy, skill):
    assert _post(as_ed, academy, _row(competency=skill.pk)).status_code == 302
    made = BadgeClass.objects.get().alignments.get()
    assert (made.target_name, made.target_url) == (
        "Driving a forklift",
        f"http://badges.example.org/public/competencies/{skill.pk}",
    )


def test_written_skill_needs_name_and_address_and_has_no_level(as_ed, academy):
    errors = _errors(_post(as_ed, academy, _row(target_code="A", level="7")))
    assert errors == {
        "target_name": ["Name the skill, or remove this row."],
        "target_url": ["Give the address that defines this skill."],
    }


@pytest.mark.parametrize("wrong", ["theirs", "x", "\x00", "00000000-0000-4000-8000-000000000000"])
def test_skill_of_others_is_not_there(as_ed, academy, elsewhere, wrong):
    pk = CompetencyFactory.create(framework__organisation=elsewhere).pk if wrong == "theirs" else wrong
    row = _row(competency=pk, target_name="Typed", target_url="https://x.example.org/1")
    answer = _post(as_ed, academy, row)
    assert _errors(answer) == {
        "competency": ["This skill is not there any more. Search it again, or write it yourself."]
    }
    assert 'value="Typed"' in answer.text


def test_level_must_be_one_of_the_framework(as_ed, academy, skill):
    for wrong in ("9", "x", "\x00"):
        errors = _errors(_post(as_ed, academy, _row(competency=skill.pk, level=wrong)))
        assert errors == {"level": ["Choose one of the levels of this framework."]}


def test_archived_framework_is_not_picked_from_but_kept_where_it_was(as_ed, academy, skill, now):
    skill.framework.archived_at = now
    skill.framework.save()
    errors = _errors(_post(as_ed, academy, _row(competency=skill.pk)))
    assert errors == {
        "competency": ["“Warehouse” is archived. Search the skill in another framework, or write it yourself."]
    }
    draft = BadgeClassFactory.create(issuer=academy, draft=True)
    AlignmentFactory.create(badge_class=draft, competency=skill, target_name="Driving", position=0)
    url = reverse("badges:edit", args=["acme", draft.pk])
    assert "Its framework is archived." in as_ed.get(url).text
    row = _row(competency=skill.pk, target_name="Driving", target_url="https://x.example.org/1")
    answer = _post(as_ed, academy, row, url, known=1, act="draft", badge=str(draft.pk))
    assert answer.status_code == 302
    assert draft.alignments.get().competency == skill


def test_retired_skill_is_told_with_its_successor(as_ed, academy, skill, now):
    skill.retired_at = now
    skill.successor = CompetencyFactory.create(framework=skill.framework, name="Driving all trucks")
    skill.save()
    draft = BadgeClassFactory.create(issuer=academy, draft=True)
    AlignmentFactory.create(badge_class=draft, competency=skill, level=2, position=0)
    text = as_ed.get(reverse("badges:edit", args=["acme", draft.pk])).text
    assert "This skill was retired" in text
    assert "“Driving all trucks” took its place." in text
    assert '<option value="2" selected>2 Does it alone</option>' in text


def test_form_asks_as_often_for_many_skills_as_for_one(as_ed, academy, acme, django_assert_max_num_queries):
    draft = BadgeClassFactory.create(issuer=academy, draft=True)
    for position in range(15):
        AlignmentFactory.create(
            badge_class=draft, competency=CompetencyFactory.create(framework__organisation=acme), position=position
        )
    with django_assert_max_num_queries(36):
        as_ed.get(reverse("badges:edit", args=["acme", draft.pk]))
