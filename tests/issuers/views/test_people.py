import pytest
from django.urls import reverse

from issuers.models import Person
from tests.factories.issuers import DepartmentFactory, JobRoleFactory, PersonFactory

ADD = "/o/acme/people/new/"
SAID = {"name": " Zoe \n Yard ", "email": "ZOE@x.example.org", "department": "Yard", "job_role": "", "job_title": ""}


@pytest.fixture
def zoe(acme) -> Person:
    return PersonFactory.create(
        organisation=acme,
        name="Zoe Yard",
        email="zoe@x.example.org",
        department=DepartmentFactory.create(organisation=acme, name="Yard"),
        job_role=JobRoleFactory.create(organisation=acme, name="Lasher"),
    )


def edit_url(person: Person) -> str:
    return reverse("issuers:edit-person", args=["acme", person.pk])


def test_add_person(as_ed, acme, academy):
    response = as_ed.post(ADD, SAID)

    person = Person.objects.get()
    assert response.url == reverse("assertions:person", args=["acme", person.pk])
    assert (person.name, person.email, person.department.name) == ("Zoe Yard", "zoe@x.example.org", "Yard")


def test_add_another(as_ed, acme, academy):
    assert as_ed.post(ADD, {**SAID, "another": "1"}).url == ADD


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": ""}, "Write their name."),
        ({"email": ""}, "Write their e-mail address."),
        ({"email": "zoe"}, "Write a whole address, such as colleague@example.org."),
        ({"email": "zoe@x.example.org"}, "Zoe Yard is on the list with this address already"),
        ({"name": "a\x00b"}, "Null characters are not allowed."),
        ({"name": "x" * 10_000_000}, "at most 120 characters"),
        ({"department": "x" * 81}, "at most 80 characters"),
    ],
)
def test_refused_person_says_what_to_do_and_keeps_what_was_typed(as_ed, zoe, change, says):
    response = as_ed.post(ADD, {**SAID, "job_title": "Captain of the yard", **change})

    assert (response.status_code, Person.objects.count()) == (422, 1)
    assert says in response.text
    assert "Captain of the yard" in response.text


def test_edit_person(as_ed, zoe):
    form = as_ed.get(edit_url(zoe))
    assert [form.context["form"][name].value() for name in ("name", "job_role")] == ["Zoe Yard", zoe.job_role]

    as_ed.post(edit_url(zoe), {**SAID, "name": "Zoe Pier", "department": ""})

    zoe.refresh_from_db()
    assert (zoe.name, zoe.department, zoe.job_role) == ("Zoe Pier", None, None)


def test_remove_and_take_it_back(as_ed, zoe):
    response = as_ed.post(reverse("issuers:remove-person", args=["acme", zoe.pk]), follow=True)
    assert Person.objects.count() == 0
    undo = reverse("issuers:restore-person", args=["acme", zoe.pk])
    assert f'action="{undo}"' in response.text
    assert "zoe@" not in undo

    as_ed.post(undo)
    assert Person.objects.get() == zoe
    assert "too late to take this back" in as_ed.post(undo, follow=True).text


def test_a_removal_is_taken_back_only_where_it_was_made(as_ed, as_ada, as_mallory, zoe):
    as_ed.post(reverse("issuers:remove-person", args=["acme", zoe.pk]))

    as_ada.post(reverse("issuers:restore-person", args=["acme", zoe.pk]))
    as_mallory.post(reverse("issuers:restore-person", args=["elsewhere", zoe.pk]))

    assert Person.objects.count() == 0


def test_people_are_changed_by_editors_alone(as_sam, as_mallory, anonymous, zoe):
    for url in (ADD, edit_url(zoe), reverse("issuers:remove-person", args=["acme", zoe.pk])):
        assert [as_sam.post(url).status_code, as_mallory.post(url).status_code] == [403, 404]
        assert anonymous.post(url).status_code == 302
    assert as_mallory.post(reverse("issuers:edit-person", args=["elsewhere", zoe.pk]), SAID).status_code == 404
