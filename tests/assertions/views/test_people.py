import pytest
from django.urls import reverse

from tests.factories.assertions import AssertionFactory
from tests.factories.issuers import DepartmentFactory, JobRoleFactory, PersonFactory

URL = "/o/acme/people/"


@pytest.fixture
def zoe(acme):
    return PersonFactory.create(
        organisation=acme,
        name="Zoe Yard",
        email="zoe@x.example.org",
        department=DepartmentFactory.create(organisation=acme, name="Yard"),
    )


@pytest.mark.parametrize("number", [1, 3])
def test_people_take_the_same_queries_for_each_length(as_ada, acme, number, django_assert_num_queries):
    for _number in range(number):
        PersonFactory.create(
            organisation=acme,
            department=DepartmentFactory.create(organisation=acme),
            job_role=JobRoleFactory.create(organisation=acme),
        )
    as_ada.get(URL)

    with django_assert_num_queries(10):
        response = as_ada.get(URL)

    assert len(response.context["table"].lines) == number


def test_people_are_listed_searched_and_filtered(as_rex, zoe, acme, assertion):
    def names(**query: object) -> list[str]:
        return [line.name for line in as_rex.get(URL, query).context["table"].lines]

    assert names() == ["Zoe Yard", "Rita Castle"]
    assert names(q="zoe") == ["Zoe Yard"]
    assert names(department=zoe.department_id) == ["Zoe Yard"]
    assert names(q="nobody") == []
    assert names(department="nonsense", q="a\x00b") == ["Zoe Yard", "Rita Castle"]


def test_people_are_filtered_by_role_and_by_what_they_hold(as_rex, zoe, acme, assertion, badge):
    crane = JobRoleFactory.create(organisation=acme, name="Crane operator")
    ben = PersonFactory.create(organisation=acme, name="Ben Pier", job_role=crane)
    AssertionFactory.create(badge_class=badge, recipient_email=ben.email)

    def names(**query: object) -> list[str]:
        return [line.name for line in as_rex.get(URL, query).context["table"].lines]

    assert names(role=crane.pk) == ["Ben Pier"]
    assert names(badges="some") == ["Ben Pier", "Rita Castle"]
    assert names(badges="none") == ["Zoe Yard"]
    assert names(badges="nonsense", role="nonsense") == ["Zoe Yard", "Ben Pier", "Rita Castle"]


def test_people_are_sorted(as_rex, zoe, acme, assertion):
    PersonFactory.create(organisation=acme, name="Ben Pier", job_title="Zookeeper")

    def names(sort: str) -> list[str]:
        return [line.name for line in as_rex.get(URL, {"sort": sort}).context["table"].lines]

    assert names("name") == ["Ben Pier", "Rita Castle", "Zoe Yard"]
    assert names("-name") == ["Zoe Yard", "Rita Castle", "Ben Pier"]
    assert names("-title")[0] == "Ben Pier"
    assert names("nonsense") == ["Zoe Yard", "Ben Pier", "Rita Castle"]


def test_people_as_a_file(as_rex, zoe, assertion):
    response = as_rex.get(URL, {"format": "csv", "q": "zoe"})

    assert response.getvalue().decode("utf-8-sig").splitlines() == [
        "Person,E-mail address,Department,Job role,Job title,Valid badges,Expired",
        "Zoe Yard,zoe@x.example.org,Yard,,,0,0",
    ]


def test_only_editors_are_offered_to_change_people(as_ada, as_sam, zoe):
    person = reverse("assertions:person", args=["acme", zoe.pk])

    assert ["Import people" in client.get(URL).text for client in (as_ada, as_sam)] == [True, False]
    assert [f"{zoe.pk}/edit/" in client.get(person).text for client in (as_ada, as_sam)] == [True, False]


def test_somebody_not_on_the_list_leads_to_their_awards(as_ada, assertion):
    assert 'href="/o/acme/awards/?q=rita%40mail.example.org"' in as_ada.get(URL).text


def test_people_come_in_pages(as_ada, acme):
    PersonFactory.create_batch(41, organisation=acme)

    assert [len(as_ada.get(URL, {"page": page}).context["table"].lines) for page in (1, 2, 99)] == [40, 1, 1]


def test_no_people_yet(as_ada, academy):
    assert "Nobody here yet" in as_ada.get(URL).text
    assert "Nobody matches" in as_ada.get(URL, {"q": "x"}).text


def test_person_with_their_awards(as_rex, zoe, badge):
    AssertionFactory.create(badge_class=badge, recipient_email="ZOE@x.example.org")
    AssertionFactory.create(badge_class=badge, recipient_email="other@x.example.org")

    response = as_rex.get(reverse("assertions:person", args=["acme", zoe.pk]))

    assert response.status_code == 200
    assert [line.assertion.recipient_key for line in response.context["lines"]] == ["zoe@x.example.org"]
    assert "Award a badge" not in response.text  # Rex reviews


def test_person_without_awards(as_sam, zoe):
    text = as_sam.get(reverse("assertions:person", args=["acme", zoe.pk])).text

    assert "No badges yet" in text
    assert f'href="/o/acme/award/?person={zoe.pk}"' in text


def test_people_are_closed_to_reporters_and_strangers(as_nora, as_mallory, anonymous, zoe):
    for url in (URL, reverse("assertions:person", args=["acme", zoe.pk])):
        assert as_nora.get(url).status_code == 403
        assert as_mallory.get(url).status_code == 404
        assert anonymous.get(url).url == f"/accounts/login/?next={url}"
    assert "Zoe" not in as_mallory.get("/o/elsewhere/people/").text
    assert as_mallory.get(reverse("assertions:person", args=["elsewhere", zoe.pk])).status_code == 404
