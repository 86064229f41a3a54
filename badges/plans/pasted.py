"""Tables out of the clipboard: HTML, Markdown, and what people copy from a document as text."""

import re
from html.parser import HTMLParser

from badges.plans.grids import MOST_CELLS, Grid
from badgeserver.tabular import TableRefused, clean_cell, too_much

_SKIPPED = {"script", "style", "head", "title", "template", "noscript"}
_LINES = {"br", "p", "div", "li", "tr"}
#: Of one table: beyond what a plan may have, so that what is not drawn any more makes it too large.
_MOST_ROWS, _MOST_COLUMNS = 1_000, 200
#: Whatever is possible stays taken (++): to give blanks back and try again is the square of their number.
_RULE = re.compile(r"^\s*+\|?\s*+:?-{2,}+:?\s*+(?:\|\s*+:?-{2,}+:?\s*+)*\|?\s*$")
#: More digits than any character has, and than Python takes for a number.
_LONG_REFERENCE = re.compile(r"&#[0-9]{20,};?")


def html_tables(text: str) -> list[Grid]:
    """Return the tables of a piece of HTML; text alone is taken from it.

    Raises `TableRefused` for tables that are far larger drawn than written, and nothing else, whatever it is given.
    """
    # Behind the last “>” no tag is closed any more: to look for the end of each that is opened there is the square.
    end = text.rfind(">") + 1
    reader = _TableReader()
    reader.feed(_LONG_REFERENCE.sub("\ufffd", text[:end] + text[end:].partition("<")[0]))
    reader.close()
    return [grid for grid in reader.grids if any(any(row) for row in grid.rows)]


def markdown_tables(text: str) -> list[Grid]:
    """Return the tables of a Markdown text: rows of cells between bars, with a rule under the first.

    Raises `TableRefused` for tables that are far larger drawn than written.
    """
    lines = text.split("\n")
    found: list[Grid] = []
    title, at, drawn = "", 0, 0
    while at < len(lines):
        is_table = at + 1 < len(lines) and "|" in lines[at] and "|" in lines[at + 1] and _RULE.match(lines[at + 1])
        if not is_table:
            title = lines[at].strip(" #*") or title
            at += 1
            continue
        rows = [_cells(lines[at])]
        at += 2
        while at < len(lines) and "|" in lines[at]:
            rows.append(_cells(lines[at]))
            at += 1
        width = max(map(len, rows))
        drawn += width * len(rows)
        if drawn > MOST_CELLS:
            raise TableRefused(too_much())
        found.append(Grid(clean_cell(title)[:120], [[*row, *([""] * (width - len(row)))] for row in rows]))
        title = ""
    return found


def _cells(line: str) -> list[str]:
    line = re.sub(r"^\s*\||(?<!\\)\|\s*$", "", line)
    parts = re.split(r"(?<!\\)\|", line)
    return [clean_cell(re.sub(r"<br\s*/?>", "\n", part.replace("\\|", "|")).replace("**", "")) for part in parts]


class _TableReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.grids: list[Grid] = []
        self._tables: list[_Drawing] = []
        self._skipping = 0
        self._cells = 0
        self._is_comment_open = False

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Skip “<![if …]>” of Word and all that looks like it, as browsers do; HTMLParser raises over some."""
        return self.rawdata.find(">", i) + 1 or -1

    def parse_comment(self, i: int, report: bool = True) -> int:
        """Skip a comment. Where one is not closed, no later one is: its end is looked for once."""
        found = -1 if self._is_comment_open else super().parse_comment(i, report)
        self._is_comment_open = found < 0
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in _SKIPPED:
            self._skipping += 1
        elif tag == "table":
            if len(self._tables) < 5:
                self._tables.append(_Drawing())
        elif self._tables:
            table = self._tables[-1]
            if tag == "tr":
                table.begin_row()
            elif tag in {"td", "th"}:
                table.begin_cell(_span(said.get("colspan")), _span(said.get("rowspan")))
            elif tag in _LINES:
                table.say("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipping = max(0, self._skipping - 1)
        elif tag == "table" and self._tables:
            self._finish_table()
        elif tag in {"p", "div"} and self._tables:
            self._tables[-1].say("\n")

    def handle_data(self, data: str) -> None:
        if self._tables and not self._skipping:
            self._tables[-1].say(re.sub(r"\s+", " ", data))

    def close(self) -> None:
        super().close()
        while self._tables:
            self._finish_table()

    def _finish_table(self) -> None:
        drawing = self._tables.pop()
        self._cells += drawing.size
        if self._cells > MOST_CELLS:
            raise TableRefused(too_much())
        self.grids.append(drawing.grid())


class _Drawing:
    """A table while its cells come in."""

    def __init__(self) -> None:
        self._rows: list[dict[int, list[str]]] = []
        self._below: set[tuple[int, int]] = set()
        self._beside: set[tuple[int, int]] = set()
        self._taken: set[tuple[int, int]] = set()
        self._at: list[str] | None = None
        self._next = 0
        self._spanned = 0
        self._is_full = False

    @property
    def size(self) -> int:
        """How many cells it draws, also those that lie below its last row."""
        return len(self._rows) * self._width + self._spanned

    @property
    def _width(self) -> int:
        return max((column + 1 for row in self._rows for column in row), default=0)

    def begin_row(self) -> None:
        self._at, self._next = None, 0
        if len(self._rows) < _MOST_ROWS:
            self._rows.append({})
        else:
            self._is_full = True

    def begin_cell(self, across: int, down: int) -> None:
        self._at = None
        if self._is_full:
            return
        if not self._rows:
            self._rows.append({})
        row, column = len(self._rows) - 1, self._next
        while (row, column) in self._taken:
            column += 1
        self._next = column + across
        self._at = self._rows[row].setdefault(min(column, _MOST_COLUMNS), [])
        if column >= _MOST_COLUMNS:
            return
        across, down = min(across, _MOST_COLUMNS - column), min(down, _MOST_ROWS - row)
        if self._spanned > MOST_CELLS:
            across = down = 1
        self._spanned += across * down
        for below in range(down):
            for beside in range(across):
                self._taken.add((row + below, column + beside))
                if below:
                    self._below.add((row + below, column + beside))
                elif beside:
                    self._beside.add((row, column + beside))

    def say(self, text: str) -> None:
        if self._at is not None:
            self._at.append(text)

    def grid(self) -> Grid:
        width = self._width
        rows = [
            [re.sub(r"\n\s*\n+", "\n", clean_cell("".join(row.get(column, "")))) for column in range(width)]
            for row in self._rows
        ]
        # A single item is no list.
        rows = [[re.sub(r"^- ", "", cell) if "\n- " not in cell else cell for cell in row] for row in rows]
        inside = {(row, column) for row, column in self._below if row < len(rows) and column < width}
        return Grid("", rows, inside, {(row, column) for row, column in self._beside if column < width})


def _span(said: str | None) -> int:
    return max(1, min(int(said), 600)) if said and said.isdecimal() and len(said) < 5 else 1
