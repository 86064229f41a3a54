import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from issuers.models import Person
from tests.factories.issuers import PersonFactory

URL = "/o/acme/people/import/"
TABLE = "Nachname;Vorname;E-Mail;Abteilung\n"
TABLE += "Müller;Zoë;zoe@x.example.org;Yard\nOhne;Adresse;;\nOsei;Ada;ADA@x.example.org;\n"


def uploaded(data: bytes, name: str = "people.csv") -> dict[str, object]:
    return {"file": SimpleUploadedFile(name, data), "text": ""}


def workbook(rows: list[list[str]]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["nothing"])
    sheet = book.create_sheet("People")
    for row in rows:
        sheet.append(row)
    book.save(file)
    return file.getvalue()


def take(client, shown, **change: object):
    columns = {name: shown.context["form"][name].value() or "" for name in shown.context["form"].fields}
    return client.post(URL, {"table": shown.context["table"].packed, "step": "take", **columns, **change}, follow=True)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_file_is_read_shown_and_only_then_taken(as_ed, acme, encoding):
    shown = as_ed.post(URL, uploaded(TABLE.encode(encoding)))

    assert (shown.status_code, Person.objects.count()) == (200, 0)
    assert (shown.context["added"], shown.context["problem_count"]) == (2, 1)
    assert "No e-mail address." in shown.text
    assert "Row 3" in shown.text

    done = take(as_ed, shown)

    assert "2 people added." in done.text
    people = Person.objects.order_by("email").values_list("email", "name", "department__name")
    assert list(people) == [("ada@x.example.org", "Ada Osei", None), ("zoe@x.example.org", "Zoë Müller", "Yard")]


def test_pasted_table_and_workbook_are_read_too(as_ed, acme):
    pasted = as_ed.post(URL, {"text": "Ada Osei\tada@x.example.org\n"})
    assert (pasted.context["count"], pasted.context["added"]) == (1, 1)

    book = as_ed.post(URL, uploaded(workbook([["Name", "Email"], ["Ada", "ada@x.example.org"]]), "people.xlsx"))
    assert [row.fields.name for row, _fate in book.context["people"]] == ["Ada"]


def test_columns_can_be_chosen(as_ed, acme):
    shown = as_ed.post(URL, {"text": "x\ty\nAda\tada@x.example.org\n"})
    packed = shown.context["table"].packed

    again = as_ed.post(URL, {"table": packed, "heading_row": "1", "column-0": "name", "column-1": "email"})
    assert [row.fields.name for row, _fate in again.context["people"]] == ["Ada"]

    none = as_ed.post(URL, {"table": packed, "heading_row": "1", "column-0": "name", "column-1": ""})
    assert "Which column has the e-mail addresses?" in none.text
    assert "Import 1 person" not in none.text


def test_people_who_are_known_are_brought_up_to_date(as_ed, acme):
    PersonFactory.create(organisation=acme, email="ada@x.example.org", name="Ada")
    shown = as_ed.post(URL, {"text": "Email,Department\nADA@x.example.org,Yard\n"})

    assert shown.context["changed"] == 1
    assert "1 brought up to date." in take(as_ed, shown).text
    assert Person.objects.get().department.name == "Yard"


@pytest.mark.parametrize(
    ("posted", "says"),
    [
        ({}, "Choose a file, or paste the table below."),
        ({"text": "\x00"}, "This is not a table."),
        ({"text": " ; ; "}, "There is nothing in this table."),
        ({"text": "a@x.example.org\n" * 20_002}, "more than 20,000 rows"),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_field(as_ed, acme, posted, says):
    response = as_ed.post(URL, posted)

    assert response.status_code == 422
    assert says in response.text


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n\x00", b"PK\x03\x04torn", b"a" * (10 * 1024 * 1024 + 1)]
)
def test_files_that_are_no_tables_are_refused(as_ed, acme, data):
    response = as_ed.post(URL, uploaded(data))

    assert (response.status_code, Person.objects.count()) == (422, 0)


@pytest.mark.parametrize("table", ["", "nonsense", "x" * 5000])
def test_table_that_was_not_packed_here_is_not_taken(as_ed, acme, table):
    response = as_ed.post(URL, {"table": table, "step": "take"}, follow=True)

    assert "Please choose it again." in response.text
    assert Person.objects.count() == 0


def test_table_of_another_organisation_is_not_taken(as_ed, as_mallory, acme):
    packed = as_ed.post(URL, {"text": "Ada\tada@x.example.org\n"}).context["table"].packed

    as_mallory.post("/o/elsewhere/people/import/", {"table": packed, "step": "take"})

    assert Person.objects.count() == 0


@pytest.mark.parametrize("wrong", [{"heading_row": "x"}, {"heading_row": "99"}, {"column-0": "nonsense"}])
def test_wrong_columns_are_read_as_guessed(as_ed, acme, wrong):
    packed = as_ed.post(URL, {"text": "Name,Email\nAda,ada@x.example.org\n"}).context["table"].packed

    assert as_ed.post(URL, {"table": packed, "heading_row": "1", **wrong}).context["count"] == 1


@pytest.mark.parametrize("number", [3, 300])
def test_preview_takes_the_same_queries_for_each_length(as_ed, acme, number, django_assert_num_queries):
    table = "".join(f"P {n}\tp{n}@x.example.org\n" for n in range(number))
    as_ed.get(URL)

    with django_assert_num_queries(5):
        as_ed.post(URL, {"text": table})
