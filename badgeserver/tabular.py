"""Tables that people bring: a file of a spreadsheet, delimited text, or what was pasted, read into rows of text."""

import csv
import enum
import io
import re
import unicodedata
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import openpyxl
from charset_normalizer import from_bytes
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from badgeserver.errors import UserFacingError


class TableRefused(UserFacingError):
    """A table that is not taken; the sentence says what is wrong and what to do. It never quotes the file."""

    code = "table_refused"
    field = "file"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a table is taken. `rows` counts the rows that say something."""

    bytes: int = 10 * 1024 * 1024
    unpacked_bytes: int = 120 * 1024 * 1024
    parts: int = 2_000
    sheets: int = 50
    rows: int = 20_001
    columns: int = 60
    cell: int = 20_000
    text: int = 20_000_000  # characters of all cells together, before they are cleaned
    cells: int = 1_500_000  # that are written in a workbook, empty ones and rows too


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Sheet:
    r"""One table. A row that is empty in the file is an empty list, so that row `n` of the file is `rows[n - 1]`.

    Cells are trimmed text in NFC without control characters (line ends stay, as `\n`); rows end at their last filled
    cell, the sheet at its last filled row.
    """

    title: str
    rows: list[list[str]]


class Kind(enum.StrEnum):
    """What a file is, by its bytes; its name is never believed."""

    TEXT = "text"
    WORKBOOK = "workbook"  # .xlsx, .xlsm
    DOCUMENT = "document"  # .docx
    OPEN_DOCUMENT = "open_document"  # .ods, .odt
    OLD_OFFICE = "old_office"  # .xls, .doc, and anything of Office with a password
    PDF = "pdf"
    OTHER = "other"


def kind_of(data: bytes) -> Kind:
    """Return what kind of file this is. Never raises."""
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_archive(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Kind.OLD_OFFICE
    if data.lstrip()[:5] == b"%PDF-":
        return Kind.PDF
    start = data[:4096]
    is_binary = b"\x00" in start and _wide_encoding(data) is None
    return Kind.OTHER if is_binary or start.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf")) else Kind.TEXT


def read_table(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> list[Sheet]:
    """Return the tables of a workbook, or the one of delimited text: those that say something, at least one.

    Raises `TableRefused` for everything else.
    """
    refuse_large(data, limits=limits)
    kind = kind_of(data)
    if kind is Kind.WORKBOOK:
        return read_workbook(data, limits=limits)
    if kind is Kind.TEXT:
        return [read_delimited(decode(data), limits=limits)]
    raise TableRefused(
        {
            Kind.DOCUMENT: _("This is a document of a word processor. Copy its table into a spreadsheet, or paste it."),
            Kind.OPEN_DOCUMENT: _("This is an OpenDocument file. Save it as .xlsx or .csv, then choose it again."),
            Kind.OLD_OFFICE: _(
                "This is a file of an older Excel, or one with a password. Save it as .xlsx without a password, then "
                "choose it again."
            ),
            Kind.PDF: _("This is a PDF. Choose the spreadsheet it was made from, or paste the table."),
        }.get(kind, _("This is not a table. Choose a .xlsx or .csv file, or paste the table."))
    )


def read_pasted(text: str, *, limits: Limits = DEFAULT_LIMITS) -> Sheet:
    """Return the table that was pasted: columns between tabs as spreadsheets copy them, or delimited otherwise.

    Raises `TableRefused` (`field` is “text”).
    """
    if len(text) > limits.bytes:
        raise TableRefused(
            _("This is too much to paste. Save it as a .xlsx or .csv file and choose the file."), field="text"
        )
    try:
        return read_delimited(text, limits=limits)
    except TableRefused as refusal:
        refusal.field = "text"
        raise


def refuse_large(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> None:
    """Raise `TableRefused` for a file that is empty or larger than is read."""
    if not data.strip():
        raise TableRefused(_("This file is empty. Choose the file that has the table."))
    if len(data) > limits.bytes:
        raise TableRefused(
            _("This file is larger than %(megabytes)s MB. Keep only the table in it, without pictures.")
            % {"megabytes": limits.bytes // (1024 * 1024)}
        )


def open_archive(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> zipfile.ZipFile:
    """Return the parts of an Office file that is safe to unpack. Raises `TableRefused`."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise TableRefused(_damaged()) from error
    parts = archive.infolist()
    # What zipfile unpacks never grows beyond what the directory says, so the sum is a bound, not a claim.
    if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise TableRefused(too_much())
    if any(part.flag_bits & 1 for part in parts):
        raise TableRefused(_("This file has a password. Save it without one, then choose it again."))
    # No office program packs otherwise, and what the others raise over damage is no error that zipfile names.
    if any(part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts):
        raise TableRefused(_damaged())
    return archive


def read_workbook(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> list[Sheet]:
    """Return the tables of a workbook (.xlsx) that say something; hidden ones only if there are no others.

    Of formulas the value that was last shown is read. Raises `TableRefused`.
    """
    try:
        with open_archive(data, limits=limits) as archive:
            _refuse_crowded(archive, limits)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl mentions every part of Excel that it does not know
            return _sheets(data, limits)
    except (
        *(zipfile.BadZipFile, zlib.error, InvalidFileException, SyntaxError, KeyError, ValueError, TypeError),
        *(AttributeError, LookupError, EOFError, OSError, ArithmeticError, RuntimeError, NotImplementedError),
    ) as error:
        raise TableRefused(_damaged()) from error


def read_delimited(text: str, *, limits: Limits = DEFAULT_LIMITS) -> Sheet:
    """Return the table of delimited text: by tabs, semicolons, commas or bars, whichever makes most sense of it.

    Raises `TableRefused`.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    announced = re.match(r"sep=(.)\n", text)
    if announced:
        text = text[announced.end() :]
    delimiter = announced[1] if announced else _delimiter_of(text)
    try:
        rows = _cleaned(
            enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1), limits, _Budget(limits.text)
        )
    except csv.Error as error:
        raise TableRefused(
            _("The columns of this table cannot be told apart. Look for a quotation mark that is not closed.")
        ) from error
    if announced and rows:
        rows.insert(0, [])
    if not any(cell.strip(";,|\t") for row in rows for cell in row):
        raise TableRefused(_("There is nothing in this table. Choose the file that has it, or paste it."))
    return Sheet("", rows)


def decode(data: bytes) -> str:
    """Return the text of a file whose encoding nobody told. Raises `TableRefused` for what is no text."""
    wide = _wide_encoding(data)
    encodings = [wide] if wide else ["utf-8-sig", _guessed_encoding(data), "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\x00" not in text:
            return text
        break
    raise TableRefused(_("This is not a table. Choose a .xlsx or .csv file, or paste the table."))


def folded(text: str) -> str:
    """Return a text as headings are compared: “E-Mail-Adresse:” and “e mail adresse” are the same; ß is ss, ü is u."""
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


def clean_cell(text: str) -> str:
    """Return the text of a cell as tables keep it: NFC, trimmed, no control characters but line ends."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = _UNSEEN.sub("", re.sub(r"[\t\u00a0]", " ", text))
    return "\n".join(line.strip() for line in kept.split("\n")).strip()


#: Controls but line ends, halves of characters and characters of private use, which Unicode never adds to (Cc, Cs and
#: Co), a blank without width and the mark of an encoding. To ask the category of each one takes seconds in a workbook.
_UNSEEN = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\uf8ff\u200b\ufeff\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)


def _kind_of_archive(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return Kind.OTHER
    if any(name.startswith("xl/") for name in names):
        return Kind.WORKBOOK
    if any(name.startswith("word/") for name in names):
        return Kind.DOCUMENT
    return Kind.OPEN_DOCUMENT if {"mimetype", "content.xml"} <= names else Kind.OTHER


def _damaged() -> str:
    return _("This file is damaged, or not what its name says. Open it, save it anew as .xlsx, then choose it again.")


def too_much() -> str:
    """Say that a file is small only as long as nobody unpacks or draws it."""
    return _("This file unpacks to far more than a table. Copy the table into a new file, or paste it.")


_WRITTEN = re.compile(rb"<(?:\w+:)?(?:c|row|si)[\s/>]")


def _refuse_crowded(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Count the cells before openpyxl makes them, which takes a hundred times longer. Raises `TableRefused`."""
    written = 0
    for name in archive.namelist():
        part = archive.read(name) if name.endswith((".xml", ".XML")) else b""
        if b"\0" in part:  # in an encoding that no office program writes, and that hides what is counted
            raise TableRefused(_damaged())
        written += sum(1 for _cell in _WRITTEN.finditer(part))
        if written > limits.cells:
            raise TableRefused(too_much())


def _sheets(data: bytes, limits: Limits) -> list[Sheet]:
    workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheets = workbook.worksheets[: limits.sheets]
        parts = {sheet._worksheet_path for sheet in sheets}  # noqa: SLF001 -- openpyxl tells it nowhere else
        if len(parts) < len(sheets):  # several names for one table: made to be read again and again
            raise TableRefused(_damaged())
        visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"] or sheets
        read = []
        budget = _Budget(limits.text)  # a text that many cells share is written once in the file
        for sheet in visible:
            sheet.reset_dimensions()  # what the file says of its size may be a lie, and is not needed
            cells = sheet.iter_rows(max_col=limits.columns + 1, max_row=_LAST_ROW, values_only=True)
            rows = _cleaned(_filled(cells, budget), limits, budget)
            if rows:
                read.append(Sheet(clean_cell(sheet.title), rows))
    finally:
        workbook.close()
    if not read:
        raise TableRefused(_("There is no table in this workbook. Choose the file that has it, or paste it."))
    return read


def _filled(rows: Iterable[Sequence[object]], budget: "_Budget") -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that have cells, with their numbers.

    One cell far below, even an empty one, makes a million rows of nothing: they must cost nothing. For all of them
    openpyxl yields the same object.
    """
    empty: Sequence[object] | None = None
    number = 0
    for number, row in enumerate(rows, start=1):
        if row is empty:
            continue
        if row.count(None) == len(row):
            empty = row
            continue
        yield number, [_as_text(value) for value in row]
    budget.spend_rows(number)


def _as_text(value: object) -> str:
    match value:
        case None:
            text = ""
        case bool():
            text = "1" if value else "0"
        case float() if value.is_integer() and abs(value) < 1e15:
            text = str(int(value))
        case datetime():
            text = value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        case date() | time():
            text = value.isoformat()
        case _:
            text = str(value)
    return "" if text in _FORMULA_ERRORS else text


_FORMULA_ERRORS = {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"}


#: The last row that a sheet of Excel can have. What says that it stands below is not read.
_LAST_ROW = 1_048_576


@dataclass(slots=True)
class _Budget:
    """What may still come, of all sheets of a workbook together."""

    text: int
    rows: int = 10 * _LAST_ROW

    def spend_text(self, row: list[str]) -> None:
        self.text -= sum(map(len, row))
        if self.text < 0:
            raise TableRefused(_("This is far more text than a table has. Keep only the table in it, then try again."))

    def spend_rows(self, number: int) -> None:
        self.rows -= number
        if self.rows < 0:
            raise TableRefused(_too_many_empty_rows())


def _too_many_empty_rows() -> str:
    return _("There are too many empty rows in this table. Remove them, then try again.")


def _cleaned(rows: Iterable[tuple[int, list[str]]], limits: Limits, budget: _Budget) -> list[list[str]]:
    """Return the numbered rows as `Sheet` promises them. Raises `TableRefused` at the first that is too much."""
    kept: list[list[str]] = []
    filled = 0
    for number, row in rows:
        budget.spend_text(row)
        cells = [clean_cell(cell) if cell else "" for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        _refuse_wide(number, cells, limits)
        filled += 1
        if filled > limits.rows:
            raise TableRefused(
                _("This table has more than %(rows)s rows. Split it into several, and bring them one after the other.")
                % {"rows": f"{limits.rows - 1:,}"}
            )
        if number > 10 * limits.rows:
            raise TableRefused(_too_many_empty_rows())
        kept.extend([] for _row in range(len(kept) + 1, number))
        kept.append(cells)
    return kept


def _refuse_wide(number: int, cells: list[str], limits: Limits) -> None:
    if len(cells) > limits.columns:
        raise TableRefused(
            _("Row %(row)s has more than %(columns)s columns. Keep only the columns that belong to the table.")
            % {"row": number, "columns": limits.columns}
        )
    if any(len(cell) > limits.cell for cell in cells):
        raise TableRefused(
            _(
                "A cell in row %(row)s is far too long. If the file is a .csv, a quotation mark may not be closed "
                "there; otherwise shorten it."
            )
            % {"row": number}
        )


def _delimiter_of(text: str) -> str:
    """Return what separates the columns: what gives the most rows the same number of cells, and more than one."""
    lines = text[:50_000].split("\n")[:60]
    best, best_score = ",", (0.0, 0)
    for delimiter in "\t;,|":
        widths = Counter(width for width in _widths(lines, delimiter) if width)
        if not widths:
            continue
        width, times = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
        score = (times / widths.total(), width)
        if width > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def _widths(lines: list[str], delimiter: str) -> Iterator[int]:
    try:
        for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter):
            yield len(row) if any(row) else 0
    except csv.Error:
        return


def _wide_encoding(data: bytes) -> str | None:
    """Return the name of UTF-16 or UTF-32, if this is one of them, with or without its mark at the start."""
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "utf-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = data[:400]
    even, odd = start[::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if half and odd > half * 0.6 and not even:
        return "utf-16-le"
    return "utf-16-be" if half and even > half * 0.6 and not odd else None


#: Alphabets that cp1252 would turn into nonsense; between the Latin ones guessing is worse than cp1252 (or cp1250).
_OTHER_ALPHABETS = re.compile(r"cp(1251|1253|1255|1256|866|932|949|950|936)|koi8|gb|big5|euc|shift|iso2022|johab|hz")


def _guessed_encoding(data: bytes) -> str:
    telling = [line for line in data[:2_000_000].split(b"\n") if not line.isascii()]
    guess = from_bytes(b"\n".join(telling)[:60_000]).best() if telling else None
    return guess.encoding if guess and _OTHER_ALPHABETS.match(guess.encoding) else "cp1252"
