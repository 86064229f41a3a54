"""Files that lie about their type, and tables out of the clipboard."""

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.plans.pasted import markdown_tables
from badges.plans.reading import read_file, read_text
from badgeserver.tabular import TableRefused
from tests.badges.plans.documents import saved, xlsx_plan
from tests.office import rewritten


def rows(brought) -> list[list[str]]:
    return brought.tables[0]["rows"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty"),
        (b"%PDF-1.7 ...", "This is a PDF"),
        (b"\x89PNG\r\n\x1a\n....", "This is no table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "older Word or Excel, or one with a password"),
        (b"PK\x03\x04 torn", "This file is damaged, or it broke off on its way"),
        (b"<!DOCTYPE html><html><body>Sign in", "This is a web page without a table"),
        (b"\n<HTML>\n<p>x, y</p>", "This is a web page without a table"),
        (b"Name;Level\nA\x00B;2\n" + b"\x00" * 50, "This is no table"),
        (b"x" * (20 * 1024 * 1024 + 1), "larger than 20 MB"),
    ],
)
def test_what_is_no_plan_is_refused_for_what_it_is(data, sentence):
    with pytest.raises(TableRefused, match=sentence) as refused:
        read_file(data)
    assert refused.value.field == "file"


def test_lines_in_two_encodings_are_both_read():
    data = "Name;Beschreibung\nZuhören;Hört zu\n".encode() + "Führen;Führt Gespräche\n".encode("cp1252")
    brought = read_file(data)
    assert rows(brought)[1:] == [["Zuhören", "Hört zu"], ["Führen", "Führt Gespräche"]]
    assert brought.remarks == [
        "Some lines of the file are written in another encoding than the others. Look at the accents."
    ]


def test_workbook_says_values_and_tells_of_what_is_hidden():
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["Category", "Name", "Level"])
    sheet.append(["Safety", "Forklift", 2])
    sheet.append([None, "Crane", 3])
    sheet.append(["People", "Mentor", 4])
    sheet.merge_cells("A2:A3")
    sheet.row_dimensions[4].hidden = True
    sheet["E1"] = "=1+1"
    workbook.create_sheet("Old plan").sheet_state = "hidden"
    brought = read_file(saved(workbook))
    assert rows(brought)[1:] == [["Safety", "Forklift", "2"], ["Safety", "Crane", "3"], ["People", "Mentor", "4"]]
    assert brought.remarks == [
        "Hidden sheets are not read: Old plan.",
        "1 hidden row is read too. Leave it out below if it does not belong to the plan.",
        "Formulas are read as the values that were last shown.",
        "Cells were merged. What stands beside several badges is said in each of them; look it over below.",
    ]


def test_most_telling_sheet_comes_first():
    workbook = openpyxl.Workbook()
    workbook.active.append(["Minutes of the meeting"])
    plan = workbook.create_sheet("Plan")
    plan.append(["Name", "Description"])
    plan.append(["A", "b"])
    assert [table["title"] for table in read_file(saved(workbook)).tables] == ["Plan", "Sheet"]


def test_table_with_one_badge_a_column_is_turned():
    workbook = openpyxl.Workbook()
    for row in [["Name", "A", "B"], ["Description", "a", "b"], ["Level", 1, 2]]:
        workbook.active.append(row)
    brought = read_file(saved(workbook))
    assert rows(brought) == [["Name", "Description", "Level"], ["A", "a", "1"], ["B", "b", "2"]]
    assert brought.tables[0]["turned"] is True


def test_too_many_rows_and_columns_are_refused():
    with pytest.raises(TableRefused, match="more than 500 rows"):
        read_file(xlsx_plan([[f"Badge {n}"] for n in range(501)], ["Name"]))
    with pytest.raises(TableRefused, match="more than 100 columns"):
        read_file(xlsx_plan([], [f"c{n}" for n in range(2000)]))
    assert len(rows(read_file(xlsx_plan([[f"Badge {n}"] for n in range(500)], ["Name"])))) == 501


@pytest.mark.parametrize(("length", "sentence"), [(30_000, "far too long"), (10 * 1024 * 1024, "cannot be told apart")])
def test_enormous_cell_is_refused(length, sentence):
    with pytest.raises(TableRefused, match=sentence):
        read_file(b"Name;Level\n" + b"x" * length + b";2\n")


def test_empty_tables_are_refused():
    with pytest.raises(TableRefused, match="no table in this workbook"):
        read_file(saved(openpyxl.Workbook()))
    with pytest.raises(TableRefused) as refused:
        read_text("\n \n")
    assert refused.value.field == "text"


@pytest.mark.parametrize(
    "text",
    [
        "Name\tLevel\nA\t2\nB\t3",
        "| Name | Level |\n|------|:-----:|\n| A | 2 |\n| B | 3 |",
        "Name | Level\n--- | ---\nA | 2\nB | 3",
        "<table><tr><th>Name<th>Level<tr><td>A<td>2<tr><td>B<td>3</table>",
    ],
)
def test_pasted_table_is_read_however_it_is_written(text):
    assert rows(read_text(text)) == [["Name", "Level"], ["A", "2"], ["B", "3"]]


def test_drawn_clipboard_counts_more_than_its_text():
    html = """<html><body><!--StartFragment--><table><tr><td><p>Name</p></td><td>Category</td><td>Steps</td></tr>
    <tr><td>A</td><td rowspan="2">Safety</td><td><p>Learn</p><p>Do</p></td></tr>
    <tr><td>B</td><td><ul><li>One</li><li>Two</li></ul></td></tr></table>"""
    assert rows(read_text("Name\nA", html=html)) == [
        ["Name", "Category", "Steps"],
        ["A", "Safety", "Learn\nDo"],
        ["B", "Safety", "- One\n- Two"],
    ]


@pytest.mark.parametrize("odd", ["<![foo[x]]>", "<![endif]>", "<![CDATA[x]]>", "<![ x", "<!-- x", "<a x='"])
def test_declarations_of_any_kind_are_skipped(odd):
    drawn = f"<table><tr><td>Name</td><td>Level</td></tr><tr><td>A</td><td>2{odd}"
    assert [row[:1] for row in rows(read_text("", html=drawn))] == [["Name"], ["A"]]


def test_reference_that_is_no_character_is_read():
    drawn = f"<table><tr><td>Name<td>Level<tr><td>A&#{'9' * 5000};<td>2</table>"
    assert rows(read_text("", html=drawn))[1] == ["A\ufffd", "2"]


@pytest.mark.parametrize(
    ("drawn", "sentence"),
    [
        ("<tr>" + "<td>" * 20_000 + "x", "more than 100 columns"),
        ("<tr><td colspan=600>x<td>y", "more than 100 columns"),
        ("<tr><td>x" * 20_000, "more than 500 rows"),
        ("<tr><td>x" + "a<br>" * 20_000, "far too long"),
        (("<tr><td>x" + "<td>" * 99 + "<tr>" * 500 + "</table><table>") * 10, "far more than a table"),
        ("<tr><td>x</table><table>" * 1001, "far more than a table"),
        ("<tr><td rowspan=600 colspan=199>x</table><table>" * 6, "far more than a table"),
    ],
)
def test_drawn_table_that_is_too_large_is_refused(drawn, sentence):
    with pytest.raises(TableRefused, match=sentence):
        read_text("", html=f"<table>{drawn}</table>")


def test_what_is_not_closed_is_looked_for_once():
    drawn = "<table><tr><td>Name<td>Level<tr><td>A<td>2</table>"
    for odd in ("<!-- ", "<!", "<?", "</", "<a ", "<!-- >"):
        assert rows(read_text("", html=drawn + odd * 100_000)) == [["Name", "Level"], ["A", "2"]]


def test_markdown_of_many_blanks_and_bars():
    assert markdown_tables("a | b\n--- |" + " " * 100_000 + "x") == []
    with pytest.raises(TableRefused, match="far more than a table"):
        read_text("|" * 1000 + "\n|--|\n" + "a|\n" * 1000)


def test_number_that_nobody_counts_to_is_asked_about():
    brought = read_text("Name\tValid for\nA\t1" + "0" * 40 + " days")
    assert rows(brought) == [["Name", "Valid for"], ["A", "1" + "0" * 40 + " days"]]


def test_comments_of_a_workbook_are_passed_over():
    comment = b"<!--" + b"<row " * 100_000 + b"<mergeCell " * 100_000 + b"-->"
    data = rewritten(xlsx_plan([["A", 1]], ["Name", "Level"]), b"</sheetData>", b"</sheetData>" + comment)
    brought = read_file(data)
    assert (rows(brought), brought.remarks) == ([["Name", "Level"], ["A", "1"]], [])


def test_cells_that_are_merged_again_and_again_are_refused():
    merged = b'<mergeCells count="20000">' + b'<mergeCell ref="A1:CV499"/>' * 20_000 + b"</mergeCells>"
    plan = xlsx_plan([[f"Badge {n}", 1] for n in range(499)], ["Name", "Level"])
    data = rewritten(plan, b"</sheetData>", b"</sheetData>" + merged)
    with pytest.raises(TableRefused, match="far more than a table"):
        read_file(data)


def test_null_bytes_and_scripts_do_not_get_through():
    brought = read_text("", html="<table><tr><td>Na\x00me<script>alert(1)</script></td><td>Level</td></tr>"
                                 "<tr><td>A</td><td>2</td></tr></table>")  # fmt: skip
    assert rows(brought) == [["Name", "Level"], ["A", "2"]]


@given(st.binary(max_size=400))
def test_any_file_is_read_or_refused_with_a_sentence(data):
    try:
        brought = read_file(data)
    except TableRefused as refusal:
        sentence = refusal.message
    else:
        sentence = f"{len(brought.tables)} tables."
    assert sentence.endswith(".")


@given(st.text(max_size=300), st.text('<>tabledrh/ ="rowspan29', max_size=300))
def test_anything_pasted_is_read_or_refused(text, html):
    for drawn in ("", html, f"<table><tr><td>{html}"):
        try:
            brought = read_text(text, html=drawn)
        except TableRefused as refusal:
            found = [[refusal.field]]
        else:
            found = rows(brought)
        assert all("\x00" not in cell for row in found for cell in row)


def test_workbook_with_a_lying_size_is_read():
    data = xlsx_plan([["A", 1]], ["Name", "Level"])
    assert rows(read_file(io.BytesIO(data).getvalue())) == [["Name", "Level"], ["A", "1"]]
