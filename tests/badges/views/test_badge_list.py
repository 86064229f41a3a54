import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from badges.models import BadgeClass
from tests.factories.assertions import AssertionFactory
from tests.factories.badges import BadgeClassFactory
from tests.factories.issuers import DepartmentFactory, IssuerFactory, PersonFactory

URL = reverse("badges:list", args=["acme"])


def _names(response):
    return [tile["name"] for tile in response.context["tiles"]]


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_asks_the_same_number_of_questions(as_nora, academy, now, item_count, django_assert_num_queries):
    for badge in BadgeClassFactory.create_batch(item_count, issuer=academy):
        AssertionFactory.create(badge_class=badge, issued_at=now)
    as_nora.get(URL)  # content that is loaded once per process

    with django_assert_num_queries(11):
        response = as_nora.get(URL)

    assert len(_names(response)) == item_count


def test_tile_says_of_how_many_it_is_held(as_ada, acme, academy, badge, svg_badge, now):
    crew = DepartmentFactory.create(organisation=acme)
    PersonFactory.create_batch(2, organisation=acme, department=crew)
    PersonFactory.create_batch(3, organisation=acme)
    svg_badge.departments.add(crew)
    tried = BadgeClassFactory.create(issuer=academy, name="Tried", status="PILOT")
    for held in (badge, svg_badge, tried):
        AssertionFactory.create(badge_class=held, issued_at=now)

    tiles = as_ada.get(URL).context["tiles"]

    assert [(tile["name"], tile["count"]) for tile in tiles] == [
        ("First Aid", "Held by 1 of 2"),
        ("Forklift Safety", "Held by 1 of 5"),
        ("Tried", "1 holder"),
    ]


def test_templates_and_ladders_are_one_step_away(as_ed, badge):
    for page in (as_ed.get(URL).text, as_ed.get(reverse("badges:create", args=["acme"])).text):
        for name in ("templates", "ladders"):
            assert f'href="{reverse(f"badges:{name}", args=["acme"])}"' in page


def test_tile_says_what_matters(as_ada, badge, draft_badge, svg_badge, now):
    AssertionFactory.create(badge_class=badge, issued_at=now)
    badge.level = 3
    badge.save()

    tiles = as_ada.get(URL).context["tiles"]

    assert [(tile["name"], tile["line"], tile["count"], tile["label"]) for tile in tiles] == [
        ("Crane Signals", "Technical skill", "", "Draft"),
        ("First Aid", "Technical skill", "Held by nobody", "Published"),
        ("Forklift Safety", "Technical skill, Level 3", "1 holder", "Published"),
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


# --- Filters, table and file ---------------------------------------------------------------------------------------


@pytest.fixture
def shelf(academy, acme, now):
    second = IssuerFactory.create(organisation=acme, name="Zeta Institute")
    BadgeClassFactory.create(issuer=academy, name="Alpha", category="DURABLE", purpose="FUN", level=2, updated_at=now)
    BadgeClassFactory.create(issuer=academy, name="Beta", level=None, updated_at=now + timedelta(days=2))
    BadgeClassFactory.create(issuer=second, name="Gamma", level=5, updated_at=now + timedelta(days=1))
    return second


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"category": "DURABLE"}, ["Alpha"]),
        ({"purpose": "FUN", "category": "TECHNICAL"}, []),
        ({"level": "5"}, ["Gamma"]),
        ({"level": "9", "category": "\x00", "purpose": "FUN' OR 1"}, ["Alpha", "Beta", "Gamma"]),
        ({"issuer": "nonsense"}, ["Alpha", "Beta", "Gamma"]),
        ({"q": "gam", "level": "5"}, ["Gamma"]),
    ],
)
def test_filters_narrow_tiles_and_table_alike(as_ada, shelf, query, names):
    assert _names(as_ada.get(URL, query)) == names
    shown = as_ada.get(URL, {**query, "view": "table"}).context["table"].lines
    assert [badge.name for badge in shown] == names


def test_filter_of_one_issuer_says_so_and_can_be_taken_away(as_ada, shelf):
    response = as_ada.get(URL, {"issuer": str(shelf.pk), "status": "PUBLISHED"})

    assert _names(response) == ["Gamma"]
    assert response.context["narrowed"] == [{"name": "issuer", "label": "Issuer", "value": "Zeta Institute"}]
    assert 'href="?status=PUBLISHED">Issuer: Zeta Institute' in response.text


def test_issuer_of_another_organisation_narrows_nothing(as_ada, shelf, elsewhere_issuer):
    assert _names(as_ada.get(URL, {"issuer": str(elsewhere_issuer.pk)})) == ["Alpha", "Beta", "Gamma"]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("-name", ["Gamma", "Beta", "Alpha"]),
        ("level", ["Alpha", "Gamma", "Beta"]),
        ("-level", ["Gamma", "Alpha", "Beta"]),
        ("-held", ["Beta", "Gamma", "Alpha"]),
        ("-awarded", ["Gamma", "Beta", "Alpha"]),
        ("-changed", ["Beta", "Gamma", "Alpha"]),
        ("password", ["Alpha", "Beta", "Gamma"]),
    ],
)
def test_table_is_sorted(as_ada, shelf, now, sort, names):
    beta, gamma = (BadgeClass.objects.get(name=name) for name in ("Beta", "Gamma"))
    for number in range(2):
        AssertionFactory.create(badge_class=beta, recipient_email=f"{number}@x.example.org", issued_at=now)
    for _again in range(3):
        AssertionFactory.create(badge_class=gamma, recipient_email="rita@x.example.org", issued_at=now)

    table = as_ada.get(URL, {"view": "table", "sort": sort}).context["table"]

    assert [badge.name for badge in table.lines] == names
    assert {badge.name: (badge.held, badge.awarded) for badge in table.lines} == {
        "Alpha": (0, 0),
        "Beta": (2, 2),
        "Gamma": (1, 3),
    }


@pytest.mark.parametrize("item_count", [1, 3])
def test_table_asks_the_same_number_of_questions(as_nora, academy, now, item_count, django_assert_num_queries):
    for badge in BadgeClassFactory.create_batch(item_count, issuer=academy):
        AssertionFactory.create(badge_class=badge, issued_at=now)
    as_nora.get(URL, {"view": "table"})

    with django_assert_num_queries(8):
        response = as_nora.get(URL, {"view": "table"})

    assert len(response.context["table"].lines) == item_count


def test_file_has_what_was_found(as_nora, shelf):
    response = as_nora.get(URL, {"format": "csv", "level": "2"})

    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert [row[:5] for row in rows] == [
        ["Badge", "Category", "Purpose", "Level", "Issuer"],
        ["Alpha", "Durable skill", "Fun", "2", "Acme Academy"],
    ]


def test_badges_in_pilot_have_a_tab_of_their_own(as_ada, badge):
    BadgeClass.objects.update(status="PILOT")

    response = as_ada.get(URL, {"status": "PILOT"})

    assert [tab["label"] for tab in response.context["tabs"] if tab["current"]] == ["In pilot"]
    assert response.context["tiles"][0]["label"] == "Pilot"
