import pytest
from django.urls import reverse

from tests.factories.assertions import AssertionFactory
from tests.factories.issuers import DepartmentFactory, PersonFactory

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
        PersonFactory.create(organisation=acme, department=DepartmentFactory.create(organisation=acme))
    as_ada.get(URL)

    with django_assert_num_queries(11):
        response = as_ada.get(URL)

    assert len(response.context["lines"]) == number


def test_people_are_listed_searched_and_filtered(as_rex, zoe, acme, assertion):
    def names(**query: object) -> list[str]:
        return [line.name for line in as_rex.get(URL, query).context["lines"]]

    assert names() == ["Zoe Yard", "Rita Castle"]
    assert names(q="zoe") == ["Zoe Yard"]
    assert names(department=zoe.department_id) == ["Zoe Yard"]
    assert names(q="nobody") == []
    assert names(department="nonsense", q="a\x00b") == ["Zoe Yard", "Rita Castle"]


def test_somebody_not_on_the_list_leads_to_their_awards(as_ada, assertion):
    assert 'href="/o/acme/awards/?q=rita%40mail.example.org"' in as_ada.get(URL).text


def test_people_come_in_pages(as_ada, acme):
    PersonFactory.create_batch(41, organisation=acme)

    assert [len(as_ada.get(URL, {"page": page}).context["lines"]) for page in (1, 2, 99)] == [40, 1, 1]


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
