"""Tables of word processors: merged cells, nested tables, links, and files that attack."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.plans.documents import read_document
from badges.plans.reading import LIMITS, read_file
from badgeserver.tabular import TableRefused
from tests.badges.plans.documents import W, docx_of, docx_plan, tbl, tc

HEAD = [tc("Category"), tc("Badge"), tc("Steps")]


def rows_of(data: bytes, number: int = 0) -> list[list[str]]:
    return read_file(data).tables[number]["rows"]


def test_table_is_read_with_the_heading_before_it():
    found = read_document(docx_plan([["A", "b", "", "", "", "", "", ""]]), limits=LIMITS)
    assert [(grid.title, grid.rows[1][:2]) for grid in found] == [("What we want people to be able to do.", ["A", "b"])]


def test_lines_of_a_cell_stay_lines():
    body = tbl([tc("Name"), tc("Steps")], [tc("A"), tc("Learn", "Do")], [tc("B"), tc("Show")])
    assert rows_of(docx_of(body)) == [["Name", "Steps"], ["A", "Learn\nDo"], ["B", "Show"]]


def test_automatic_lists_of_word_stay_lists():
    item = "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>"
    cell = f"<w:tc>{item.format('Learn')}{item.format('Do')}</w:tc>"
    body = tbl([tc("Name"), tc("Steps")], [tc("A"), cell])
    assert rows_of(docx_of(body))[1] == ["A", "- Learn\n- Do"]


def test_cell_beside_several_badges_is_said_in_each():
    body = tbl(
        HEAD,
        [tc("Safety", merge="restart"), tc("Forklift"), tc("Drive")],
        [tc(merge="continue"), tc("Crane"), tc("Signal")],
    )
    read = read_file(docx_of(body))
    assert read.tables[0]["rows"][1:] == [["Safety", "Forklift", "Drive"], ["Safety", "Crane", "Signal"]]
    assert read.remarks == [
        "Cells were merged. What stands beside several badges is said in each of them; look it over below."
    ]


def test_merged_name_makes_its_rows_one_badge():
    body = tbl(
        HEAD,
        [tc("Safety", merge="restart"), tc("Forklift", merge="restart"), tc("Learn")],
        [tc(merge="continue"), tc(merge="continue"), tc("Drive")],
        [tc("People"), tc("Mentor"), tc("Accompany")],
    )
    assert rows_of(docx_of(body))[1:] == [["Safety", "Forklift", "Learn\nDrive"], ["People", "Mentor", "Accompany"]]


def test_cell_over_several_columns_is_said_once():
    body = tbl([tc("Our plan", span=3)], HEAD, [tc("Safety"), tc("Forklift"), tc("Drive")])
    assert rows_of(docx_of(body))[0] == ["Our plan", "", ""]


def test_nested_table_is_a_table_of_its_own():
    inner = tbl([tc("Name"), tc("Level")], [tc("Inner"), tc("2")])
    body = tbl([tc("Name"), tc("Steps")], [tc("Outer"), tc("Do", raw=inner)])
    rows = [table["rows"] for table in read_file(docx_of(body)).tables]
    assert sorted(rows) == [[["Name", "Level"], ["Inner", "2"]], [["Name", "Steps"], ["Outer", "Do"]]]


def test_link_keeps_its_address():
    cell = '<w:tc><w:p><w:hyperlink r:id="r1"><w:r><w:t>Listening</w:t></w:r></w:hyperlink></w:p></w:tc>'
    relation = '<Relationship Id="r1" TargetMode="External" Target="https://example.org/listening"/>'
    data = docx_of(tbl([tc("Name"), tc("Skills")], [tc("A"), cell]), relations=relation)
    assert rows_of(data)[1] == ["A", "Listening https://example.org/listening"]


def test_what_was_deleted_under_tracked_changes_is_not_read():
    cell = (
        "<w:tc><w:p><w:ins><w:r><w:t>New</w:t></w:r></w:ins><w:del><w:r><w:delText>Old</w:delText></w:r></w:del></w:p>"
        "</w:tc>"
    )
    assert rows_of(docx_of(tbl([tc("Name"), tc("Level")], [cell, tc("2")])))[1] == ["New", "2"]


def test_strict_document_is_read_too():
    data = docx_of(tbl([tc("Name"), tc("Level")], [tc("A"), tc("2")]))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name).replace(W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
            new.writestr(name, part)
    assert rows_of(out.getvalue()) == [["Name", "Level"], ["A", "2"]]


def test_two_tables_with_the_same_headings_are_offered_as_one():
    one, two = tbl(HEAD, [tc("x"), tc("A"), tc("b")]), tbl(HEAD, [tc("x"), tc("C"), tc("d")])
    tables = read_file(docx_of(f"{one}<w:p/>{two}")).tables
    assert (tables[0]["title"], [row[1] for row in tables[0]["rows"]]) == ("2 tables together", ["Badge", "A", "C"])


def test_one_table_a_badge_becomes_one_plan():
    def card(name: str) -> str:
        return tbl([tc("Name"), tc(name)], [tc("Description"), tc(f"About {name}")], [tc("Level"), tc("2")])

    tables = read_file(docx_of(card("A") + "<w:p/>" + card("B"))).tables
    assert tables[0]["rows"] == [["Name", "Description", "Level"], ["A", "About A", "2"], ["B", "About B", "2"]]


def test_card_keeps_what_it_says_twice_and_what_goes_on():
    def card(name: str) -> str:
        return tbl(
            [tc("Name"), tc(name)],
            [tc("Step"), tc("first")],
            [tc("Step"), tc("second")],
            [tc(""), tc("third")],
            [tc("Level"), tc("2")],
        )

    tables = read_file(docx_of(card("A") + "<w:p/>" + card("B"))).tables
    assert tables[0]["rows"] == [
        ["Name", "Step", "Level"],
        ["A", "first\nsecond\nthird", "2"],
        ["B", "first\nsecond\nthird", "2"],
    ]


def test_document_without_a_table_says_so():
    with pytest.raises(TableRefused, match="There is no table in this document"):
        read_file(docx_of("<w:p><w:r><w:t>Hello</w:t></w:r></w:p>"))


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_entities_are_refused(before):
    with pytest.raises(TableRefused, match="damaged"):
        read_file(docx_of(tbl([tc("Name")], [tc("A")]), before=before))


def test_bomb_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\x00" * (130 * 1024 * 1024))
    with pytest.raises(TableRefused, match="far more than a table"):
        read_file(out.getvalue())


@pytest.mark.parametrize("body", ["<w:p/>" * 1_600_000, " " * (17 * 1024 * 1024)], ids=["tags", "bytes"])
def test_part_that_would_be_a_tree_of_gigabytes_is_refused(body):
    with pytest.raises(TableRefused, match="far more than a table"):
        read_file(docx_of(body))


def test_tables_far_larger_drawn_than_written_are_refused():
    sparse = tbl([tc("x"), *[tc()] * 99], *[[]] * 500)
    with pytest.raises(TableRefused, match="far more than a table"):
        read_file(docx_of(sparse * 10))


def test_damaged_part_of_another_packing_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("word/document.xml", "<w:p/>" * 500)
    data = bytearray(out.getvalue())
    data[60:80] = b"\xff" * 20
    with pytest.raises(TableRefused, match="damaged"):
        read_file(bytes(data))


def test_thousands_of_columns_and_rows_are_refused():
    with pytest.raises(TableRefused, match="more than 100 columns"):
        read_file(docx_of(tbl([tc("x")] * 101)))
    with pytest.raises(TableRefused, match="more than 500 rows"):
        read_file(docx_of(tbl(*[[tc("x"), tc("y")]] * 600)))
    with pytest.raises(TableRefused, match="far too long"):
        read_file(docx_of(tbl([tc("x" * 20_001)])))


def test_ten_thousand_columns_by_one_span_cost_nothing():
    assert read_file(docx_of(tbl([tc("Name", span=99_999)], [tc("A"), tc("B")]))).tables[0]["rows"][0][0] == "Name"


@given(st.binary(max_size=300))
def test_damaged_documents_are_refused_or_read(data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", data)
    with pytest.raises(TableRefused):
        read_file(out.getvalue())


@given(st.lists(st.lists(st.tuples(st.text("ab\n &<", max_size=5), st.integers(0, 120), st.sampled_from(
    ["", "restart", "continue"])), max_size=5), max_size=6))  # fmt: skip
def test_any_merging_is_read(rows):
    data = docx_of(tbl(*[[tc(text, span=span, merge=merge) for text, span, merge in row] for row in rows]))
    try:
        tables = read_file(data).tables
    except TableRefused:
        return
    assert all(len({len(row) for row in table["rows"]}) == 1 for table in tables)
