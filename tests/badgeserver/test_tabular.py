import io
import unicodedata
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badgeserver import tabular
from badgeserver.tabular import Kind, Limits, Sheet, TableRefused, folded, kind_of, read_pasted, read_table
from tests.office import rewritten

ROWS = [["Name", "E-mail"], ["Zoë Müller", "zoe@example.org"], ["Ada", "ada@example.org"]]


def workbook(*sheets: list[list[object]], hidden: tuple[int, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet {number + 1}")
        sheet.sheet_state = "hidden" if number in hidden else "visible"
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def delimited(delimiter: str, newline: str = "\n") -> str:
    return newline.join(delimiter.join(row) for row in ROWS) + newline


@pytest.mark.parametrize("delimiter", ["\t", ";", ",", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimited_text_is_read_however_it_is_delimited(delimiter, newline):
    assert read_table(delimited(delimiter, newline).encode()) == [Sheet("", ROWS)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_delimited_text_is_read_in_the_encodings_of_spreadsheets(encoding):
    assert read_table(delimited(";").encode(encoding)) == [Sheet("", ROWS)]


def test_other_alphabets_are_recognised():
    rows = [["Имя", "Отдел"], *([f"Анна Петрова {n}", "Отдел кадров и обучения"] for n in range(30))]
    text = "\n".join(";".join(row) for row in rows)

    assert read_table(text.encode("cp1251")) == [Sheet("", rows)]


def test_excels_own_line_about_the_delimiter_is_obeyed_and_counted_as_a_row():
    assert read_table(b"sep=;\nName;E-mail\nA,B;a@example.org") == [
        Sheet("", [[], ["Name", "E-mail"], ["A,B", "a@example.org"]])
    ]


def test_commas_inside_cells_do_not_decide():
    text = "Name;Job\nLovelace, Ada;Analyst, first\nHopper, Grace;Admiral, retired\n"

    assert read_pasted(text).rows[1] == ["Lovelace, Ada", "Analyst, first"]


def test_quoted_cells_keep_their_lines():
    assert read_pasted('Name\tNote\nAda\t"one\ntwo"\n').rows == [["Name", "Note"], ["Ada", "one\ntwo"]]


def test_one_column_is_a_table_too():
    assert read_pasted("ada@example.org\nzoe@example.org").rows == [["ada@example.org"], ["zoe@example.org"]]


def test_empty_rows_keep_their_places_and_the_last_ones_go():
    assert read_pasted("\n;;\na;b\n\n ; \nc;d;;\n;;\n\n").rows == [[], [], ["a", "b"], [], [], ["c", "d"]]


def test_cells_are_trimmed_and_lose_control_characters():
    assert read_pasted("\u00a0Zoe\u0308 \u200b\x07 M;x\ud800y").rows == [["Zoë  M", "xy"]]


def test_workbooks_are_read_as_they_show():
    data = workbook(
        [
            ["Name", "Since", "Number"],
            ["Ada", datetime.fromisoformat("2026-01-02"), 7.0],
            ["Zoë", date(2026, 3, 4), 1.5],
        ]
    )

    assert read_table(data) == [
        Sheet("Sheet 1", [["Name", "Since", "Number"], ["Ada", "2026-01-02", "7"], ["Zoë", "2026-03-04", "1.5"]])
    ]


def test_sheets_that_are_hidden_or_empty_are_left_out():
    data = workbook([["secret"]], [], [["a"], [None], ["b"]], hidden=(0,))

    assert read_table(data) == [Sheet("Sheet 3", [["a"], [], ["b"]])]


def test_errors_of_formulas_are_empty():
    assert read_table(workbook([["a", "#REF!", True]])) == [Sheet("Sheet 1", [["a", "", "1"]])]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"a;b\n", Kind.TEXT),
        ("a;b".encode("utf-16-le"), Kind.TEXT),
        (b"%PDF-1.7 x", Kind.PDF),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, Kind.OLD_OFFICE),
        (b"\x89PNG\r\n\x1a\n", Kind.OTHER),
        (b"a\x00\x01\x02;b", Kind.OTHER),
        (b"PK\x03\x04 torn", Kind.OTHER),
        (archive(**{"word/document.xml": b""}), Kind.DOCUMENT),
        (archive(**{"mimetype": b"", "content.xml": b""}), Kind.OPEN_DOCUMENT),
        (archive(**{"readme.txt": b""}), Kind.OTHER),
        (archive(**{"xl/workbook.xml": b""}), Kind.WORKBOOK),
    ],
)
def test_kind_is_told_by_the_bytes(data, kind):
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n\n ",
        b"%PDF-1.7 x",
        b";;;\n;;\n",
        b"a\x00\x01\x02;b",
        archive(**{"word/document.xml": b""}),
        archive(**{"xl/workbook.xml": b"<a>"}),
        archive(**{"xl/workbook.xml": b"", "[Content_Types].xml": b"nonsense"}),
        workbook([["a"]])[:-200],
        workbook([]),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(data):
    with pytest.raises(TableRefused) as refused:
        read_table(data)

    assert refused.value.message.endswith(".")
    assert refused.value.field == "file"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a;b\n" * 12, "more than 10 rows"),
        (";".join("abcdefg"), "Row 1 has more than 5 columns"),
        ("a;b\nc;" + "d" * 101, "row 2 is far too long"),
        ("a\n" + "\n" * 400 + "b", "too many empty rows"),
        ("x" * 5001, "too much to paste"),
    ],
)
def test_too_much_is_refused_and_says_where(text, says):
    with pytest.raises(TableRefused, match=says) as refused:
        read_pasted(text, limits=Limits(bytes=5000, rows=11, columns=5, cell=100))

    assert refused.value.field == "text"


def test_wide_and_long_workbooks_are_refused():
    with pytest.raises(TableRefused, match="more than 5 columns"):
        read_table(workbook([list("abcdefg")]), limits=Limits(columns=5))
    with pytest.raises(TableRefused, match="more than 10 rows"):
        read_table(workbook([["a"]] * 12), limits=Limits(rows=11))


def far_below(text: str | None) -> bytes:
    """A table of two rows, and a cell in the last row that Excel has."""
    book = openpyxl.load_workbook(io.BytesIO(workbook([["a", "b"], ["c", "d"]])))
    book.active["A1048576"] = text
    book.active["A1048576"].font = openpyxl.styles.Font(bold=True)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_empty_cell_far_below_is_nothing():
    assert read_table(far_below(None), limits=Limits(rows=501)) == [Sheet("Sheet 1", [["a", "b"], ["c", "d"]])]


def test_thousands_of_blank_rows_at_the_end_are_nothing():
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 8000)).encode()
    data = rewritten(workbook([["a"], ["b"]]), b"</sheetData>", blank + b"</sheetData>")

    assert read_table(data, limits=Limits(rows=501)) == [Sheet("Sheet 1", [["a"], ["b"]])]


def test_text_far_below_is_refused():
    with pytest.raises(TableRefused, match="too many empty rows"):
        read_table(far_below("x"), limits=Limits(rows=501))


def test_row_below_the_last_one_of_excel_is_not_looked_for():
    data = rewritten(workbook([["a"], ["b"]]), b'<row r="2"', b'<row r="4000000000000"')

    assert read_table(data) == [Sheet("Sheet 1", [["a"]])]


def test_text_that_many_cells_share_counts_as_often_as_it_is_said():
    shared = "é" * 100
    limits = Limits(text=1000)

    assert len(read_table(workbook([[shared]] * 10), limits=limits)[0].rows) == 10
    for sheets in ([[[shared]] * 11], [[[shared]] * 6, [[shared]] * 6]):
        with pytest.raises(TableRefused, match="far more text than a table has"):
            read_table(workbook(*sheets), limits=limits)


def test_cells_are_counted_before_they_are_made():
    crowded = rewritten(workbook([["a"]]), b"</sheetData>", b'<row r="3">' + b"<c/>" * 50 + b"</row></sheetData>")

    assert read_table(crowded) == [Sheet("Sheet 1", [["a"]])]
    with pytest.raises(TableRefused, match="unpacks to far more"):
        read_table(crowded, limits=Limits(cells=50))


def test_parts_in_two_bytes_for_each_letter_are_refused():
    with pytest.raises(TableRefused, match="damaged"):
        read_table(archive(**{"xl/workbook.xml": "<workbook/>".encode("utf-16")}))


def test_two_names_for_one_table_are_refused():
    same = rewritten(workbook([["a"]], [["b"]]), b"worksheets/sheet2.xml", b"worksheets/sheet1.xml")

    with pytest.raises(TableRefused, match="damaged"):
        read_table(same)


@pytest.mark.parametrize("packed", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_archives_that_no_office_packs_are_refused(packed):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packed) as made:
        made.writestr("xl/workbook.xml", b"x" * 1000)

    with pytest.raises(TableRefused, match="damaged"):
        tabular.open_archive(file.getvalue())


def test_every_character_is_kept_or_taken_away_by_its_category():
    numbers = [*range(0x20000), 0xEFFFF, 0xF0000, 0xFFFFD, 0xFFFFE, 0xFFFFF, 0x100000, 0x10FFFD, 0x10FFFE, 0x10FFFF]
    text = "".join(chr(n) for n in numbers if chr(n) not in "\t\n\r\u00a0\u200b\ufeff")
    kept = (c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) not in {"Cc", "Cs", "Co"})

    assert (tabular.clean_cell(text) == "".join(kept).strip()) is True  # pytest would draw the difference for minutes
    assert tabular.clean_cell("a\tb\u00a0c\u200b\ufeff\r\nd") == "a b c\nd"


def test_bombs_are_not_unpacked():
    bomb = archive(**{"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": b"0" * 3_000_000})

    with pytest.raises(TableRefused, match="unpacks to far more"):
        read_table(bomb, limits=Limits(unpacked_bytes=1_000_000))
    with pytest.raises(TableRefused, match="unpacks to far more"):
        read_table(archive(**{f"xl/{n}": b"" for n in range(30)}), limits=Limits(parts=20))


def test_large_files_are_refused_before_they_are_read():
    with pytest.raises(TableRefused, match="larger than 1 MB"):
        read_table(b"a" * (1024 * 1024 + 1), limits=Limits(bytes=1024 * 1024))


def test_workbook_that_lies_about_its_size_is_read_for_what_it_has():
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([["a"], ["b"]]))) as honest, zipfile.ZipFile(file, "w") as lying:
        for name in honest.namelist():
            content = honest.read(name)
            lying.writestr(name, content.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"'))

    assert read_table(file.getvalue()) == [Sheet("Sheet 1", [["a"], ["b"]])]


@pytest.mark.parametrize(
    ("heading", "fold"),
    [("E-Mail-Adresse:", "e mail adresse"), ("  Größe_cm ", "grosse cm"), ("Prénom / Nom", "prenom nom"), ("!", "")],
)
def test_folding(heading, fold):
    assert folded(heading) == fold


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused(data):
    try:
        sheets = read_table(data)
    except TableRefused:
        return
    assert all(cell == tabular.clean_cell(cell) for sheet in sheets for row in sheet.rows for cell in row)
