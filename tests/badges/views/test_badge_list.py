import pytest
from django.urls import reverse

from tests.factories.assertions import AssertionFactory
from tests.factories.badges import BadgeClassFactory

URL = reverse("badges:list", args=["acme"])


def _names(response):
    return [tile["name"] for tile in response.context["tiles"]]


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_asks_the_same_number_of_questions(as_nora, academy, now, item_count, django_assert_num_queries):
    for badge in BadgeClassFactory.create_batch(item_count, issuer=academy):
        AssertionFactory.create(badge_class=badge, issued_at=now)
    as_nora.get(URL)  # content that is loaded once per process

    with django_assert_num_queries(10):
        response = as_nora.get(URL)

    assert len(_names(response)) == item_count


def test_tile_says_what_matters(as_ada, badge, draft_badge, svg_badge, now):
    AssertionFactory.create(badge_class=badge, issued_at=now)
    badge.level = 3
    badge.save()

    tiles = as_ada.get(URL).context["tiles"]

    assert [(tile["name"], tile["line"], tile["count"], tile["label"]) for tile in tiles] == [
        ("Crane Signals", "Skill", "", "Draft"),
        ("First Aid", "Skill", "Nobody yet", "Published"),
        ("Forklift Safety", "Skill, Level 3", "1 holder", "Published"),
    ]


def test_tabs_count_and_narrow(as_ada, badge, draft_badge):
    response = as_ada.get(URL, {"status": "DRAFT"})

    assert _names(response) == ["Crane Signals"]
    assert [(tab["label"], tab["count"], tab["current"]) for tab in response.context["tabs"]] == [
        ("All", 2, False),
        ("Published", 1, False),
        ("Drafts", 1, True),
        ("Archived", 0, False),
    ]


def test_search_keeps_the_tab(as_ada, badge, svg_badge, draft_badge):
    response = as_ada.get(URL, {"q": "forklift", "status": "PUBLISHED"})

    assert _names(response) == ["Forklift Safety"]
    assert response.context["tabs"][0]["url"] == f"{URL}?q=forklift"


@pytest.mark.parametrize(
    "query", [{"q": "\x00"}, {"q": "x" * 5000}, {"status": "HACKED"}, {"page": "-7"}, {"page": "x"}]
)
def test_strange_addresses_are_answered(as_ada, badge, query):
    assert as_ada.get(URL, query).status_code == 200


def test_next_page(as_ada, academy):
    BadgeClassFactory.create_batch(26, issuer=academy)

    response = as_ada.get(URL, {"page": "2"})

    assert len(_names(response)) == 2
    assert "25–26 of 26 badges" in response.text


def test_first_badge_is_asked_for_by_those_who_may_make_it(as_ada, as_nora, academy):
    assert "Make your first badge" in as_ada.get(URL).text
    text = as_nora.get(URL).text
    assert "No badges yet" in text
    assert reverse("badges:create", args=["acme"]) not in text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"q": "zebra"}, "No badge matches"),
        ({"status": "DRAFT"}, "No drafts"),
        ({"status": "ARCHIVED"}, "Nothing archived"),
    ],
)
def test_nothing_found_says_what_to_do(as_ada, badge, query, sentence):
    assert sentence in as_ada.get(URL, query).text


def test_nothing_published_yet(as_ada, draft_badge):
    assert "Nothing published yet" in as_ada.get(URL, {"status": "PUBLISHED"}).text


def test_strangers_see_nothing(anonymous, as_mallory, as_rita, badge):
    assert anonymous.get(URL).status_code == 302
    assert as_mallory.get(URL).status_code == 404
    assert as_rita.get(URL).status_code == 404
