"""What the columns of a plan mean."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from badges.plans.columns import FIELDS, guess_layout, headings, is_turned, name_of_field
from badges.plans.grids import turned
from tests.badges.plans.documents import HEADINGS, PROGRAMME

KNOWN = ["name", "description", "steps", "level", "departments", "validity", "next_badge", "tags"]


def test_headings_of_a_plan_are_recognised():
    layout = guess_layout([HEADINGS, *PROGRAMME])
    assert (layout.header_rows, layout.columns) == (1, KNOWN)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Badge name", "name"), ("Bezeichnung", "name"), ("Name des Badges", "name"), ("Titel", "name"),
        ("Kurzbeschreibung", "description"), ("Beschreibung:", "description"), ("Descripton", "description"),
        ("Wie man ihn erwirbt", "steps"), ("Step 2", "steps"), ("Lernziele", "learned"), ("Nachweis", "assessed"),
        ("Learning outcomes (3-5)", "learned"), ("Level (1-5)", "level"), ("Niveau", "level"),
        ("Abteilung", "departments"),
               ("Zielgruppe", "job_roles"), ("Gültigkeit in Monaten", "validity"), ("Valid for (years)", "validity"),
        ("Nächste Stufe", "next_badge"), ("ESCO skills", "alignments"), ("Schlagwörter", "tags"),
        ("Anwendung im Beruf", "applied"), ("Nutzen", "useful_for"), ("Alternativtext", "image_alt"),
        ("Nr.", ""), ("Owner", ""), ("x" * 200, ""), ("", ""), ("Budget", ""),
    ],
)  # fmt: skip
def test_heading_means_a_field(heading, field):
    key, sure = name_of_field(heading)
    assert (key if sure >= 0.72 else "") == field


def test_every_label_is_understood_in_the_language_of_the_reader():
    for language in ("en", "de"):
        with override(language):
            found = {key: name_of_field(str(field.label))[0] for key, field in FIELDS.items()}
        assert found == {key: key for key in FIELDS}


def test_titles_above_and_two_rows_of_headings_are_one_heading():
    rows = [
        ["Programme 2027", "", "", ""],
        ["", "Badge", "", "For whom"],
        ["Nr.", "Name", "Description", "Department"],
        ["1", "Knots", "Ties ships.", "Harbour"],
        ["2", "Cranes", "Moves loads.", "Yard"],
    ]
    layout = guess_layout(rows)
    assert (layout.header_rows, layout.columns) == (3, ["", "name", "description", "departments"])
    assert headings(rows[:3]) == ["Nr.", "Badge Name", "Description", "For whom Department"]


def test_columns_without_headings_are_guessed_by_what_they_say():
    layout = guess_layout([[row[0], row[1], row[3], row[5]] for row in PROGRAMME])
    assert (layout.header_rows, layout.columns) == (0, ["name", "description", "level", "validity"])
    assert max(layout.sureness) < 0.72


def test_type_means_what_stands_in_the_column():
    rows = [["Name", "Type"], ["A", "Soft skill"], ["B", "Technical"], ["C", "Durable"]]
    assert guess_layout(rows).columns == ["name", "category"]
    assert guess_layout([["Name", "Type"], ["A", "Compliance"], ["B", "Fun"]]).columns == ["name", "purpose"]


def test_numbered_columns_say_one_field_together():
    rows = [["Badge", "Step 1", "Step 2", "Step 3"], ["A", "Learn", "Do", "Show"]]
    assert guess_layout(rows).columns == ["name", "steps", "steps", "steps"]


def test_heading_of_the_names_may_be_anything():
    rows = [["Our heroes", "Description", "Level"], ["Knots", "Ties ships.", "2"], ["Cranes", "Moves loads.", "3"]]
    layout = guess_layout(rows)
    assert (layout.header_rows, layout.columns, layout.sureness[0]) == (1, ["name", "description", "level"], 0.5)


def test_turned_table_is_told_from_one_that_stands():
    rows = [HEADINGS, *PROGRAMME]
    assert (is_turned(rows), is_turned(turned(rows)), is_turned([["Name"]]), is_turned([])) == (
        False, True, False, False)  # fmt: skip


@given(st.lists(st.lists(st.one_of(st.text(max_size=8), st.sampled_from(["Name", "Level", "2", "never"])), max_size=6)))
def test_any_table_is_guessed(rows):
    layout = guess_layout(rows)
    width = max(map(len, rows), default=0)
    assert len(layout.columns) == len(layout.sureness) == len(layout.headings) == width
    assert layout.columns.count("name") <= 1
    assert 0 <= layout.header_rows <= len(rows)
    assert set(layout.columns) <= {"", *FIELDS}
