import pytest
from django.urls import reverse

from issuers.models import Department, JobRole
from tests.factories.issuers import DepartmentFactory, JobRoleFactory, PersonFactory

GROUPS = "/o/acme/people/groups/"


@pytest.fixture
def yard(acme) -> Department:
    return DepartmentFactory.create(organisation=acme, name="Yard")


def url(act: str, group, kind: str = "departments") -> str:
    return reverse(f"issuers:{act}", args=["acme", kind, group.pk])


@pytest.mark.parametrize("number", [1, 30])
def test_groups_with_their_people_take_the_same_queries(as_ed, acme, number, django_assert_num_queries):
    for _number in range(number):
        PersonFactory.create(organisation=acme, department=DepartmentFactory.create(organisation=acme))
    as_ed.get(GROUPS)

    with django_assert_num_queries(5):
        response = as_ed.get(GROUPS)
    assert response.text.count("1 person") == number


def test_add_and_rename(as_ed, acme, yard):
    as_ed.post(f"{GROUPS}job-roles/add/", {"name": "  Crane \n operator "})
    as_ed.post(url("group", yard), {"name": "Pier"})

    assert (JobRole.objects.get().name, Department.objects.get().name) == ("Crane operator", "Pier")


@pytest.mark.parametrize("name", ["", "yard", "x" * 81, "a\x00b"])
def test_names_are_refused_beside_their_field(as_ed, yard, name):
    response = as_ed.post(f"{GROUPS}departments/add/", {"name": name})

    assert (response.status_code, Department.objects.count()) == (422, 1)
    assert 'aria-invalid="true"' in response.text


def test_rename_refuses_the_name_of_another(as_ed, acme, yard):
    other = DepartmentFactory.create(organisation=acme, name="Pier")
    response = as_ed.post(url("group", other), {"name": "YARD"})

    assert response.status_code == 422
    assert "“YARD” is there already." in response.text
    assert "<h1>Pier</h1>" in response.text


def test_merge(as_ed, acme, yard):
    pier = DepartmentFactory.create(organisation=acme, name="Pier")
    zoe = PersonFactory.create(organisation=acme, department=yard)
    refused = as_ed.post(url("merge-group", yard), {"into": yard.pk})
    assert (refused.status_code, Department.objects.count()) == (422, 2)

    response = as_ed.post(url("merge-group", yard), {"into": pier.pk}, follow=True)

    zoe.refresh_from_db()
    assert zoe.department == pier
    assert "“Yard” is part of “Pier” now, with 1 person." in response.text


def test_remove_and_take_it_back(as_ed, yard):
    response = as_ed.post(url("remove-group", yard), follow=True)
    assert Department.objects.count() == 0
    undo = response.text.split('action="/o/acme/people/groups/departments/restore/')[1].split('"')[0]

    as_ed.post(f"{GROUPS}departments/restore/{undo}")
    assert Department.objects.get() == yard
    assert "is there already" in as_ed.post(f"{GROUPS}departments/restore/{undo}", follow=True).text


def test_a_department_with_people_is_not_removed(as_ed, acme, yard):
    PersonFactory.create(organisation=acme, department=yard)

    assert "Merge it into another one instead." in as_ed.post(url("remove-group", yard), follow=True).text
    assert Department.objects.count() == 1


def test_undo_of_another_organisation_does_nothing(as_mallory, as_ed, yard):
    response = as_ed.post(url("remove-group", yard), follow=True)
    token = response.text.split("/departments/restore/")[1].split("/")[0]

    assert "too late" in as_mallory.post(f"/o/elsewhere/people/groups/departments/restore/{token}/", follow=True).text
    assert Department.objects.count() == 0


def test_other_kinds_and_rows_are_not_found(as_ed, as_mallory, as_sam, acme, yard):
    role = JobRoleFactory.create(organisation=acme)

    assert as_ed.get(url("group", role)).status_code == 404
    assert as_ed.get(url("group", yard, "nonsense")).status_code == 404
    assert as_ed.post(f"{GROUPS}nonsense/add/", {"name": "x"}).status_code == 404
    assert as_mallory.get(url("group", yard)).status_code == 404
    assert as_sam.get(url("group", yard)).status_code == 403
