"""Whatever people bring as a plan, read into tables of text, with what could not be kept said in sentences."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from badges.models import Plan
from badges.plans.columns import guess_layout, is_turned, name_of_field
from badges.plans.documents import read_document
from badges.plans.grids import MOST_CELLS, Grid, plain, trimmed, turned
from badges.plans.pasted import html_tables, markdown_tables
from badgeserver import tabular
from badgeserver.tabular import Kind, Limits, Sheet, TableRefused, folded, too_much

MAX_ROWS = 500
MAX_BYTES = 20 * 1024 * 1024
#: What all tables of a plan may hold together: the plan is kept as it was brought.
_MOST_TEXT = 4_000_000
LIMITS = Limits(bytes=MAX_BYTES, rows=MAX_ROWS + 1, columns=100, sheets=30, parts=5_000, text=2 * _MOST_TEXT)
_WEB_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|\?xml)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Brought:
    """What was brought: its kind, its tables as {"title", "rows"} (“turned” if a badge was a column), and remarks."""

    kind: str
    tables: list[dict[str, object]]
    remarks: list[str]


def read_file(data: bytes) -> Brought:
    """Read a file for what it is, whatever it is called. Raises `TableRefused` (field “file”)."""
    tabular.refuse_large(data, limits=LIMITS)
    kind = tabular.kind_of(data)
    match kind:
        case Kind.DOCUMENT:
            return _brought(Plan.Kind.DOCX, read_document(data, limits=LIMITS), [])
        case Kind.WORKBOOK:
            return _workbook(data)
        case Kind.TEXT:
            return _text(data)
    if data.startswith(b"PK") and not zipfile.is_zipfile(io.BytesIO(data)):
        raise TableRefused(
            _("This file is damaged, or it broke off on its way. Save or download it anew, then choose it again.")
        )
    raise TableRefused(
        {
            Kind.OPEN_DOCUMENT: _("This is an OpenDocument file. Save it as .docx, .xlsx or .csv, then try again."),
            Kind.OLD_OFFICE: _(
                "This is a file of an older Word or Excel, or one with a password. Save it as .docx or .xlsx without "
                "a password, then try again."
            ),
            Kind.PDF: _("This is a PDF. Choose the document or spreadsheet that it was made from, or paste the table."),
        }.get(kind, _("This is no table. Choose a Word document (.docx), a workbook (.xlsx) or a .csv file."))
    )


def read_text(text: str, *, html: str = "") -> Brought:
    """Read what was pasted; `html` is the same as the clipboard had it drawn. Raises `TableRefused` (field “text”)."""
    try:
        return _pasted(text, html)
    except TableRefused as refusal:
        refusal.field = "text"
        raise


def _pasted(text: str, html: str) -> Brought:
    if len(text) + len(html) > LIMITS.bytes:
        raise TableRefused(_("This is too much to paste. Save it as a .docx, .xlsx or .csv file and choose the file."))
    drawn = html or (text if re.search(r"<table\b", text, re.IGNORECASE) else "")
    grids = html_tables(drawn) if drawn else markdown_tables(text)
    if not grids:
        sheet = tabular.read_pasted(text, limits=LIMITS)
        grids = [Grid(sheet.title, sheet.rows)]
    for grid in grids:
        _refuse_large(grid)
    return _brought(Plan.Kind.PASTE, grids, [])


def _text(data: bytes) -> Brought:
    """Delimited text, whose lines may come from two programs that write two encodings."""
    text, is_mixed = _decoded(data)
    remarks = [_("Some lines of the file are written in another encoding than the others. Look at the accents.")]
    grids = html_tables(text) if re.match(r"\s*<", text) and "<table" in text.lower() else markdown_tables(text)
    if not grids:
        if _WEB_PAGE.match(text):
            raise TableRefused(
                _("This is a web page without a table. Copy the table where you see it, and paste it below.")
            )
        sheet = tabular.read_delimited(text, limits=LIMITS)
        grids = [Grid(sheet.title, sheet.rows)]
    for grid in grids:
        _refuse_large(grid)
    return _brought(Plan.Kind.CSV, grids, remarks if is_mixed else [])


def _decoded(data: bytes) -> tuple[str, bool]:
    text = tabular.decode(data)
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        lines = data.split(b"\n")
        is_unicode = [_is_unicode(line) for line in lines]
        has_both = any(is_unicode) and False in is_unicode
        if has_both and b"\x00" not in data:
            decoded = [_line(line) for line in lines]
            return "\n".join(decoded).removeprefix("\ufeff"), True
    return text, False


def _is_unicode(line: bytes) -> bool | None:
    """Whether a line is UTF-8; None if it cannot be told."""
    if line.isascii():
        return None
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


# --- Workbooks -----------------------------------------------------------------------------------------------

#: Top, left, bottom, right; from 1.
_Range = tuple[int, int, int, int]


def _workbook(data: bytes) -> Brought:
    sheets = tabular.read_workbook(data, limits=LIMITS)
    merged, remarks = _seen_in(data)
    names = {folded(sheet.title): sheet for sheet in sheets}
    grids, cells = [], 0
    for sheet in sheets:
        key = folded(sheet.title)
        ranges = _within(sheet, merged.get(key, [])) if names[key] is sheet else []
        cells += sum(max(0, bottom - top + 1) * max(0, right - left + 1) for top, left, bottom, right in ranges)
        cells += len(sheet.rows) * max(map(len, sheet.rows)) if ranges else 0
        if cells > MOST_CELLS:
            raise TableRefused(too_much())
        grids.append(_with_merged(sheet, ranges) if ranges else Grid(sheet.title, sheet.rows))
    return _brought(Plan.Kind.XLSX, grids, remarks)


# None of these goes on over the next “<”: from each start to the end of the file would be the square of it.
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s[^<>]*?hidden="(?:1|true)"')
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>]")


def _seen_in(data: bytes) -> tuple[dict[str, list[_Range]], list[str]]:
    """Return the merged cells of each sheet, and what is to be said about hidden ones: reading gives values alone."""
    merged: dict[str, list[_Range]] = {}
    hidden_sheets, hidden_rows, has_formulas = [], 0, False
    try:
        with tabular.open_archive(data, limits=LIMITS) as archive:
            names = archive.namelist()
            relations = dict(_relations(archive.read("xl/_rels/workbook.xml.rels")))
            for tag in _SHEET.findall(archive.read("xl/workbook.xml")):
                title = tabular.clean_cell(_unescaped(_attribute(tag, b"name")))
                if _attribute(tag, b"state") in {"hidden", "veryHidden"}:
                    hidden_sheets.append(title)
                    continue
                path = relations.get(_attribute(tag, rb"\w+:id"), "")
                path = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
                part = archive.read(path) if path in names else b""
                hidden_rows += sum(1 for _row in _HIDDEN_ROW.finditer(part))
                has_formulas = has_formulas or bool(_FORMULA.search(part))
                merged[folded(title)] = [
                    (int(one[2]), _column(one[1]), int(one[4]), _column(one[3]))
                    for one in islice(_MERGED.finditer(part), 20_000)
                ]
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError, RuntimeError):
        return {}, []
    remarks = []
    if hidden_sheets:
        remarks.append(_("Hidden sheets are not read: %(sheets)s.") % {"sheets": ", ".join(hidden_sheets)[:200]})
    if hidden_rows:
        remarks.append(
            ngettext(
                "%(n)d hidden row is read too. Leave it out below if it does not belong to the plan.",
                "%(n)d hidden rows are read too. Leave them out below if they do not belong to the plan.",
                hidden_rows,
            )
            % {"n": hidden_rows}
        )
    if has_formulas:
        remarks.append(_("Formulas are read as the values that were last shown."))
    return merged, remarks


def _relations(part: bytes) -> Iterable[tuple[str, str]]:
    for tag in re.findall(rb"<(?:\w+:)?Relationship\s[^<>]*>", part):
        yield _attribute(tag, b"Id"), _attribute(tag, b"Target")


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb'="([^"]*)"', tag)
    return found[1].decode("utf-8", errors="replace") if found else ""


def _unescaped(text: str) -> str:
    for name, sign in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")]:
        text = text.replace(name, sign)
    return text


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _within(sheet: Sheet, merged: list[_Range]) -> list[_Range]:
    """Return what of the merged cells lies in the table."""
    height, width = len(sheet.rows), max(map(len, sheet.rows))
    return [
        (top, left, min(bottom, height), min(right, width))
        for top, left, bottom, right in merged
        if 1 <= top <= height and left <= width
    ]


def _with_merged(sheet: Sheet, merged: list[_Range]) -> Grid:
    width = max(map(len, sheet.rows))
    rows = [[*row, *([""] * (width - len(row)))] for row in sheet.rows]
    below, beside = set(), set()
    for top, left, bottom, right in merged:
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if row > top:
                    below.add((row - 1, column - 1))
                elif column > left:
                    beside.add((row - 1, column - 1))
    return Grid(sheet.title, rows, below, beside)


# --- From what was drawn to what is kept ---------------------------------------------------------------------


def _refuse_large(grid: Grid) -> None:
    if len(grid.rows) > LIMITS.rows + 20:
        raise TableRefused(
            _("This table has more than %(rows)s rows. Split it into several, and bring one after the other.")
            % {"rows": MAX_ROWS}
        )
    if max(map(len, grid.rows), default=0) > LIMITS.columns:
        raise TableRefused(
            _("This table has more than %(columns)s columns. Keep only those that belong to the plan.")
            % {"columns": LIMITS.columns}
        )
    if any(len(cell) > LIMITS.cell for row in grid.rows for cell in row):
        raise TableRefused(_("A cell of this table is far too long. Shorten it, then try again."))


def _brought(kind: str, grids: list[Grid], remarks: list[str]) -> Brought:
    if len(grids) > 2 * MAX_ROWS:  # which is more than a table for each badge
        raise TableRefused(too_much())
    if any(grid.has_merged_cells for grid in grids):
        remarks.append(
            _("Cells were merged. What stands beside several badges is said in each of them; look it over below.")
        )
    sheets = [sheet for sheet in map(_plain, grids) if sheet.rows]
    if not sheets:
        raise TableRefused(_("There is nothing in this table. Choose the file that has the plan, or paste it."))
    if sum(len(cell) for sheet in sheets for row in sheet.rows for cell in row) > _MOST_TEXT:
        raise TableRefused(_("This is far more text than a plan has. Keep only the table in it, then try again."))
    tables = _together(sheets, remarks)
    tables.sort(key=_promise, reverse=True)  # stable: as they stood, the most telling first
    if any(table.get("turned") for table in tables[:1]):
        remarks.append(_("Each column of this table is a badge, so it was turned: each row is a badge now."))
    return Brought(kind, tables, remarks)


def _plain(grid: Grid) -> Sheet:
    """Return the table without merged cells; which column names the badge decides what merged rows mean."""
    rows = [list(row) for row in grid.rows]
    column = guess_layout(rows).name_column if grid.below and not is_turned(rows) else None
    return plain(grid, name_column=column)


def _together(sheets: list[Sheet], remarks: list[str]) -> list[dict[str, object]]:
    """Return the tables, with those in one that are parts of one plan."""
    cards = [sheet for sheet in sheets if _is_card(sheet)]
    if len(cards) > 1:
        remarks.append(
            ngettext("%(n)d table describes one badge.", "%(n)d tables describe one badge each.", len(cards))
            % {"n": len(cards)}
        )
        return [_of_cards(cards), *(_table(sheet) for sheet in sheets if not _is_card(sheet))]
    tables = [_table(sheet) for sheet in sheets]
    alike: dict[tuple[str, ...], list[Sheet]] = {}
    for sheet in sheets:
        layout = guess_layout(sheet.rows)
        if layout.header_rows and layout.recognised >= 2:
            alike.setdefault(tuple(map(folded, layout.headings)), []).append(sheet)
    for same in alike.values():
        height = guess_layout(same[0].rows).header_rows
        rows = [
            *same[0].rows,
            *(row for sheet in same[1:] for row in sheet.rows[guess_layout(sheet.rows).header_rows :]),
        ]
        if len(same) > 1 and len(rows) - height <= MAX_ROWS:
            title = _("%(n)d tables together") % {"n": len(same)}
            return [{"title": title, "rows": rows}, *tables]
    return tables


def _table(sheet: Sheet) -> dict[str, object]:
    if is_turned(sheet.rows):
        return {"title": sheet.title, "rows": trimmed(turned(sheet.rows)), "turned": True}
    return {"title": sheet.title, "rows": sheet.rows}


def _is_card(sheet: Sheet) -> bool:
    """Whether the table is one badge: what is said at the left, and how at the right."""
    if len(sheet.rows) < 3 or any(len(row) != 2 for row in sheet.rows):
        return False
    headed = [row for row in sheet.rows if row[0]]
    known = [row for row in headed if name_of_field(row[0])[1] >= 0.9]
    return len(known) >= 3 and len(known) >= 0.6 * len(headed)


def _of_cards(cards: list[Sheet]) -> dict[str, object]:
    headings: dict[str, str] = {}
    for card in cards:
        for heading in _said_in(card):
            headings.setdefault(folded(heading), heading)
    has_names = any(name_of_field(heading)[0] == "name" for heading in headings.values())
    names = list(headings)
    rows = [[*([] if has_names else [_("Name")]), *headings.values()]]
    for card in cards[:MAX_ROWS]:
        said = {folded(heading): text for heading, text in _said_in(card).items()}
        rows.append([*([] if has_names else [card.title]), *(said.get(name, "") for name in names)])
    return {"title": _("%(n)d tables together") % {"n": len(cards)}, "rows": rows}


def _said_in(card: Sheet) -> dict[str, str]:
    """Return what a card says under each heading, one under another where it comes again or the row goes on."""
    written: dict[str, str] = {}
    lines: dict[str, list[str]] = {}
    key = ""
    for heading, text in card.rows:
        key = folded(heading) or key
        written.setdefault(key, heading)
        lines.setdefault(key, []).append(text)
    return {written[key]: "\n".join(filter(None, texts)) for key, texts in lines.items()}


def _promise(table: dict[str, object]) -> tuple[int, int]:
    """How much like a plan a table looks."""
    rows = table["rows"]
    assert isinstance(rows, list)  # noqa: S101 -- made above
    layout = guess_layout(rows)
    return layout.recognised, min(len(rows) - layout.header_rows, 2)
