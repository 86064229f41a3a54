import pytest

from issuers.actions.roster import Layout, PersonFields, guess_layout, read_roster


@pytest.mark.parametrize(
    ("rows", "columns", "heading_row"),
    [
        ([["Name", "E-mail"], ["Ada", "ada@x.example.org"]], ["name", "email"], 1),
        ([["E-Mail-Adresse", "Nachname", "Vorname", "Abteilung"]],
         ["email", "last_name", "first_name", "department"], 1),
        ([["Personalnr.", "Name", "Vorname", "Mail"]], ["", "last_name", "first_name", "email"], 1),
        ([["Prénom", "Nom", "Courriel", "Service", "Fonction", "Poste"]],
         ["first_name", "last_name", "email", "department", "job_role", "job_title"], 1),
        ([["Our people 2026"], [], ["Team", "Full name", "EMAIL:"], ["A", "B C", "b@x.example.org"]],
         ["department", "name", "email"], 3),
        ([["ada@x.example.org", "Ada Osei"], ["zoe@x.example.org", "Zoë Yard"]], ["email", "name"], 0),
        ([["ada@x.example.org"]], ["email"], 0),
        ([["Email", "Email"]], ["email", ""], 1),
        ([["this", "that"], ["1", "2"]], ["", ""], 0),
        ([], [], 0),
    ],
)  # fmt: skip
def test_layout_is_guessed_from_headings_and_from_what_stands_below(rows, columns, heading_row):
    assert guess_layout(rows) == Layout(columns, heading_row)


def test_roster_reads_people_whatever_the_order_of_columns():
    rows = [["Mail", "Vorname", "Nachname", "Dept"], [" ADA@x.example.org ", "Ada", "Osei", "Yard\nEast"], []]

    roster = read_roster(rows, guess_layout(rows), known={})

    assert [(row.number, row.fields) for row in roster.people] == [
        (2, PersonFields(name="Ada Osei", email="ada@x.example.org", department="Yard East"))
    ]
    assert roster.problems == []


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["Ada", ""], "No e-mail address. Awards find people by it."),
        (["Ada", "ada"], "“ada” is not an e-mail address."),
        (["Ada", "ada@" + "x" * 70 + ".org"], f"“ada@{'x' * 70}.org” is not an e-mail address."),
        (["", "new@x.example.org"], "No name."),
        (["A" * 121, "new@x.example.org"], "Name: at most 120 characters fit."),
        (["Zoë", "zoe@X.example.org"], "The same address as in row 1. Only that row is taken."),
    ],
)
def test_problem_names_its_row(row, sentence):
    rows = [["Zoe", "zoe@x.example.org"], row]

    roster = read_roster(rows, Layout(["name", "email"], 0), known={"zoe@x.example.org": "Zoe"})

    assert [(found.number, found.sentence) for found in roster.problems] == [(2, sentence)]
    assert [one.number for one in roster.people] == [1]


def test_known_people_need_no_name():
    roster = read_roster([["ZOE@x.example.org"]], Layout(["email"], 0), known={"zoe@x.example.org": "Zoe"})

    assert [one.fields.email for one in roster.people] == ["zoe@x.example.org"]


def test_departments_and_titles_must_fit():
    layout = Layout(["email", "name", "department"], 0)

    roster = read_roster([["a@x.example.org", "A", "D" * 81]], layout, known={})

    assert [found.sentence for found in roster.problems] == ["Department: at most 80 characters fit."]
