"""Which columns of a table somebody wants to see."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from badgeserver.accounts.actions import COLUMNS_LIMIT, TABLES_LIMIT, UnknownTable, choose_columns
from badgeserver.audit.models import AuditEvent

URL = reverse("account-columns")
BACK = "/o/acme/awards/?sort=person&page=2"


def test_columns_are_kept_and_one_is_back_where_one_was(as_ada, ada):
    response = as_ada.post(URL, {"table": "awards", "column": ["badge", "state"], "next": BACK})

    assert (response.status_code, response.url) == (302, BACK)
    ada.refresh_from_db()
    assert ada.preferences == {"columns": {"awards": ["badge", "state"]}}
    assert AuditEvent.objects.count() == 0


def test_choosing_none_is_a_choice(as_ada, ada):
    as_ada.post(URL, {"table": "awards", "next": BACK})

    ada.refresh_from_db()
    assert ada.preferences == {"columns": {"awards": []}}


def test_other_tables_and_other_preferences_stay(ada):
    ada.preferences = {"columns": {"badges": ["level"]}, "theme": "dark"}
    ada.save()

    choose_columns(user=ada, table="awards", columns=["badge"])

    ada.refresh_from_db()
    assert ada.preferences == {"columns": {"badges": ["level"], "awards": ["badge"]}, "theme": "dark"}


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("", ["badge"]),
        ("a\x00b", ["badge"]),
        ("awards\n", ["badge"]),
        ("A" * 10_000, []),
        ("awards", ["<b>"]),
        ("awards", ["x"] * (COLUMNS_LIMIT + 1)),
    ],
)
def test_invented_names_are_refused(as_ada, ada, table, columns):
    with pytest.raises(UnknownTable):
        choose_columns(user=ada, table=table, columns=columns)
    response = as_ada.post(URL, {"table": table, "column": columns, "next": BACK})

    assert response.url == BACK
    assert [str(one) for one in get_messages(response.wsgi_request)] == [
        "This table has changed. Load the page again, then choose its columns."
    ]
    ada.refresh_from_db()
    assert ada.preferences == {}


def test_invented_tables_do_not_pile_up(ada):
    for number in range(TABLES_LIMIT + 5):
        ada = choose_columns(user=ada, table=f"table-{number}", columns=[])

    assert len(ada.preferences["columns"]) == TABLES_LIMIT
    assert f"table-{TABLES_LIMIT + 4}" in ada.preferences["columns"]


@pytest.mark.parametrize(
    "back",
    ["https://evil.example.org/", "//evil.example.org", "/\\evil.example.org", "javascript:alert(1)", "", "a\x00b"],
)
def test_nobody_is_led_elsewhere(as_ada, back):
    assert as_ada.post(URL, {"table": "awards", "next": back}).url == reverse("account-home")


def test_strangers_sign_in_first_and_reading_changes_nothing(anonymous, as_ada, ada):
    assert anonymous.post(URL, {"table": "awards"}).url.startswith(reverse("account_login"))
    assert as_ada.get(URL, {"table": "awards", "column": "badge"}).status_code == 405
    ada.refresh_from_db()
    assert ada.preferences == {}
