import csv
import io
from datetime import timedelta

import pytest

from tests.factories.assertions import AssertionFactory

DAY = timedelta(days=1)
LIST = "/o/acme/awards/"


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_the_same_queries_for_each_length(as_ada, badge, number, django_assert_num_queries):
    AssertionFactory.create_batch(number, badge_class=badge)
    as_ada.get(LIST)

    with django_assert_num_queries(7):
        response = as_ada.get(LIST)

    assert len(response.context["table"].lines) == number


def test_list_shows_searches_and_filters(as_rex, badge, svg_badge, assertion):
    AssertionFactory.create(badge_class=svg_badge, recipient_name="Hugo Stone", revoked=True)

    def names(**query: str) -> list[str]:
        return [line.assertion.recipient_name for line in as_rex.get(LIST, query).context["table"].lines]

    assert sorted(names()) == ["Hugo Stone", "Rita Castle"]
    assert names(q="rita") == ["Rita Castle"]
    assert names(badge=str(svg_badge.pk)) == ["Hugo Stone"]
    assert names(state="revoked") == ["Hugo Stone"]
    assert names(sort="-person") == ["Rita Castle", "Hugo Stone"]
    assert names(q="rita", state="revoked") == []


def test_list_comes_in_pages(as_ada, badge):
    AssertionFactory.create_batch(31, badge_class=badge)

    assert [len(as_ada.get(LIST, {"page": page}).context["table"].lines) for page in ("1", "2", "99", "x")] == [
        30,
        1,
        1,
        30,
    ]


def test_empty_list_and_empty_search_say_what_to_do(as_ada, academy):
    assert "Nothing awarded yet" in as_ada.get(LIST).text
    assert "No award matches" in as_ada.get(LIST, {"q": "nobody"}).text


def test_list_is_closed_to_reporters_and_strangers(as_nora, as_mallory, anonymous, assertion):
    assert as_nora.get(LIST).status_code == 403
    assert as_mallory.get(LIST).status_code == 404
    assert anonymous.get(LIST).url == f"/accounts/login/?next={LIST}"
    assert as_mallory.get("/o/elsewhere/awards/").context["table"].lines == []


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("issued", ["C", "A", "B"]),
        ("-issued", ["B", "A", "C"]),
        ("person", ["A", "B", "C"]),
        ("-person", ["C", "B", "A"]),
        ("expires", ["B", "C", "A"]),
        ("-expires", ["C", "B", "A"]),
        ("state", ["B", "A", "C"]),
        ("shoe size", ["B", "A", "C"]),
        ("\x00", ["B", "A", "C"]),
    ],
)
def test_sorting_puts_what_never_ends_last(as_ada, badge, now, sort, names):
    AssertionFactory.create(badge_class=badge, recipient_name="A", issued_at=now - 2 * DAY, expires_at=None)
    AssertionFactory.create(badge_class=badge, recipient_name="B", issued_at=now - DAY, expires_at=now + DAY)
    AssertionFactory.create(badge_class=badge, recipient_name="C", issued_at=now - 3 * DAY, expires_at=now + 2 * DAY)

    shown = as_ada.get(LIST, {"sort": sort}).context["table"].lines

    assert [line.assertion.recipient_name for line in shown] == names


def test_file_has_everything_that_was_found_in_all_columns(as_rex, badge, svg_badge, now):
    for name in ["Rita Castle", "=HYPERLINK(1)"]:
        AssertionFactory.create(
            badge_class=badge, recipient_name=name, recipient_email="rita@mail.example.org", issued_at=now
        )
    AssertionFactory.create(badge_class=svg_badge, recipient_name="Hugo Stone", issued_at=now)

    response = as_rex.get(LIST, {"badge": str(badge.pk), "sort": "person", "format": "csv"})

    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert rows[0] == [
        "Person",
        "E-mail address",
        "Badge",
        "Version",
        "Issuer",
        "Awarded",
        "Holds until",
        "Awarded by",
        "State",
    ]
    assert [(row[0], row[1], row[2], row[5]) for row in rows[1:]] == [
        ("'=HYPERLINK(1)", "rita@mail.example.org", "Forklift Safety", "2026-03-02 09:00"),
        ("Rita Castle", "rita@mail.example.org", "Forklift Safety", "2026-03-02 09:00"),
    ]


def test_file_is_for_those_who_see_the_list(as_nora, as_mallory, anonymous, assertion):
    clients = (as_nora, as_mallory, anonymous)
    assert [client.get(LIST, {"format": "csv"}).status_code for client in clients] == [403, 404, 302]


@pytest.mark.parametrize("number", [1, 3])
def test_file_takes_the_same_queries_for_each_length(as_ada, badge, number, django_assert_num_queries):
    AssertionFactory.create_batch(number, badge_class=badge)

    with django_assert_num_queries(4):
        assert len(as_ada.get(LIST, {"format": "csv"}).getvalue().splitlines()) == number + 1


def test_columns_that_were_chosen_are_shown(as_ada, ada, badge):
    AssertionFactory.create(badge_class=badge, recipient_email="rita@mail.example.org")
    ada.preferences = {"columns": {"awards": ["address", "gone"]}}
    ada.save()

    table = as_ada.get(LIST).context["table"]

    assert [column.key for column in table.head] == ["person", "address"]
