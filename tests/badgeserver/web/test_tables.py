"""Tables: what they show, in which order and columns, and what stands in their files."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils.translation import override

from badgeserver.accounts.models import User
from badgeserver.web.tables import CHUNK, Column, Table, cell
from tests.factories.accounts import UserFactory

PEOPLE = Table(
    "people",
    sort="name",
    per_page=3,
    columns=(
        Column("name", "Name", lambda user: user.name, order=("name",), is_always_shown=True),
        Column("email", "Address", lambda user: user.email, order=("email",)),
        Column("seen", "Seen", lambda user: user.last_login, order=("last_login",), has_gaps=True, is_number=True),
        Column("id", "Id", lambda user: user.pk, is_shown_at_first=False),
    ),
)


def _request(user=None, **query: str):
    request = RequestFactory().get("/people/", query)
    request.user = user or AnonymousUser()
    return request


def _names(page):
    return [user.name for user in page.lines]


@pytest.fixture
def people(db):
    for number, name in enumerate(["Cy", "Ada", "Bo", "Di", "Ed"]):
        seen = datetime(2026, 3, 10 - number, tzinfo=UTC) if number % 2 == 0 else None
        UserFactory.create(name=name, email=f"{name.lower()}@x.example.org", last_login=seen)
    return User.objects.all()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Ada", "Bo", "Cy"]),
        ({"page": "2"}, ["Di", "Ed"]),
        ({"page": "99"}, ["Di", "Ed"]),
        ({"page": "x"}, ["Ada", "Bo", "Cy"]),
        ({"sort": "-email"}, ["Ed", "Di", "Cy"]),
        ({"sort": "seen"}, ["Ed", "Bo", "Cy"]),
        ({"sort": "-seen"}, ["Cy", "Bo", "Ed"]),
        ({"sort": "id"}, ["Ada", "Bo", "Cy"]),
        ({"sort": "password"}, ["Ada", "Bo", "Cy"]),
        ({"sort": "--name"}, ["Ada", "Bo", "Cy"]),
        ({"sort": "\x00"}, ["Ada", "Bo", "Cy"]),
    ],
)
def test_page_is_what_the_address_asks_for(people, query, names):
    assert _names(PEOPLE.page(_request(**query), people)) == names


def test_rows_that_are_the_same_stand_on_one_page_and_not_on_two(db):
    for number in range(7):
        UserFactory.create(name="Twin", email=f"{number}@x.example.org")

    found = [user.pk for page in "123" for user in PEOPLE.page(_request(page=page), User.objects.all()).lines]

    assert sorted(found) == sorted(User.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("number", [1, 12])
def test_page_takes_the_same_queries_for_each_length(db, number, django_assert_num_queries):
    for index in range(number):
        UserFactory.create(email=f"{index}@x.example.org")

    with django_assert_num_queries(3):
        assert PEOPLE.page(_request(), User.objects.all()).count == number


def test_rows_without_a_model_have_pages_too(people):
    one, other = people.filter(name__lt="C").values("name"), people.filter(name__gt="C").values("name")
    union = Table("union", sort="name", tie="name", per_page=3, columns=PEOPLE.columns[:1])

    page = union.page(_request(sort="-name"), one.union(other, all=True))

    assert ([row["name"] for row in page.lines], page.count) == (["Ed", "Di", "Cy"], 5)


def test_lines_are_made_of_the_rows_of_the_page_alone(people):
    asked = []

    def lines(rows):
        asked.append(len(rows))
        return [row.name.upper() for row in rows]

    assert PEOPLE.page(_request(), people, lines=lines).lines == ["ADA", "BO", "CY"]
    assert asked == [3]


@pytest.mark.parametrize(
    ("preferences", "shown"),
    [
        ({}, ["name", "email", "seen"]),
        ({"columns": {"people": ["id"]}}, ["name", "id"]),
        ({"columns": {"people": []}}, ["name"]),
        ({"columns": {"people": ["gone", 7]}}, ["name"]),
        ({"columns": {"people": "id"}}, ["name", "email", "seen"]),
        ({"columns": ["people"]}, ["name", "email", "seen"]),
        ({"columns": {"badges": ["id"]}}, ["name", "email", "seen"]),
    ],
)
def test_columns_are_those_that_were_chosen(people, preferences, shown):
    reader = UserFactory.create(email="reader@x.example.org", preferences=preferences)

    page = PEOPLE.page(_request(reader), people)

    assert [column.key for column in page.head] == shown
    assert [column.key for column, _shown in page.choices] == ["email", "seen", "id"]


# --- The file ------------------------------------------------------------------------------------------------------


def _file(request, rows, **options: object):
    response = PEOPLE.export(request, rows, **options)
    return response, b"".join(response.streaming_content)


def test_file_has_everything_in_all_columns(people):
    response, data = _file(_request(sort="-name", page="2"), people.exclude(name="Bo"))

    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == ["Name", "Address", "Seen", "Id"]
    assert [row[:3] for row in rows[1:]] == [
        ["Ed", "ed@x.example.org", "2026-03-06 00:00"],
        ["Di", "di@x.example.org", ""],
        ["Cy", "cy@x.example.org", "2026-03-10 00:00"],
        ["Ada", "ada@x.example.org", ""],
    ]
    assert data.startswith(b"\xef\xbb\xbf")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-store"


def test_file_is_written_a_part_at_a_time(db):
    User.objects.bulk_create(User(email=f"{number}@x.example.org") for number in range(CHUNK + 1))
    asked = []

    def lines(rows):
        asked.append(len(rows))
        return rows

    _response, data = _file(_request(), User.objects.all(), lines=lines)

    assert asked == [CHUNK, 1]
    assert len(data.splitlines()) == CHUNK + 2


def test_file_parts_cells_as_the_spreadsheets_of_its_reader_do(people):
    with override("de"):
        response = PEOPLE.export(_request(), people.filter(name="Ada"))
    with override("en"):
        data = b"".join(response.streaming_content).decode("utf-8-sig")

    assert data.splitlines()[1].startswith("Ada;ada@x.example.org;;")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Ada", "Ada"),
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-x", "'-x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("a=1", "a=1"),
        ("a\x00b", "ab"),
        ("\x00=1", "'=1"),
        (-3, -3),
        (2.5, 2.5),
        (True, "yes"),
        (None, ""),
        (date(2026, 3, 2), "2026-03-02"),
        (["b", "a"], "b, a"),
        (["=b"], "'=b"),
    ],
)
def test_cells_are_never_formulas(value, written):
    assert cell(value) == written
