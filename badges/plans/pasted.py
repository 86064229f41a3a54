"""Tables out of the clipboard: HTML, Markdown, and what people copy from a document as text."""

import re
from html.parser import HTMLParser

from badges.plans.grids import Grid
from badgeserver.tabular import clean_cell

_SKIPPED = {"script", "style", "head", "title", "template", "noscript"}
_LINES = {"br", "p", "div", "li", "tr"}
_MOST_CELLS = 100_000
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")


def html_tables(text: str) -> list[Grid]:
    """Return the tables of a piece of HTML; text alone is taken from it. Never raises, whatever it is given."""
    reader = _TableReader()
    reader.feed(text)
    reader.close()
    return [grid for grid in reader.grids if any(any(row) for row in grid.rows)]


def markdown_tables(text: str) -> list[Grid]:
    """Return the tables of a Markdown text: rows of cells between bars, with a rule under the first."""
    lines = text.split("\n")
    found: list[Grid] = []
    title, at = "", 0
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
            self.grids.append(self._tables.pop().grid())
        elif tag in {"p", "div"} and self._tables:
            self._tables[-1].say("\n")

    def handle_data(self, data: str) -> None:
        if self._tables and not self._skipping:
            self._tables[-1].say(re.sub(r"\s+", " ", data))

    def close(self) -> None:
        super().close()
        while self._tables:
            self.grids.append(self._tables.pop().grid())


class _Drawing:
    """A table while its cells come in."""

    def __init__(self) -> None:
        self._rows: list[dict[int, str]] = []
        self._below: set[tuple[int, int]] = set()
        self._beside: set[tuple[int, int]] = set()
        self._taken: set[tuple[int, int]] = set()
        self._at: tuple[int, int] | None = None

    def begin_row(self) -> None:
        self._rows.append({})
        self._at = None

    def begin_cell(self, across: int, down: int) -> None:
        if not self._rows:
            self._rows.append({})
        row, column = len(self._rows) - 1, 0
        while (row, column) in self._taken:
            column += 1
        if len(self._taken) + across * down > _MOST_CELLS:
            across = down = 1
        for below in range(down):
            for beside in range(across):
                self._taken.add((row + below, column + beside))
                if below:
                    self._below.add((row + below, column + beside))
                elif beside:
                    self._beside.add((row, column + beside))
        self._rows[row][column] = ""
        self._at = (row, column)

    def say(self, text: str) -> None:
        if self._at is not None:
            row, column = self._at
            self._rows[row][column] += text

    def grid(self) -> Grid:
        width = max((column + 1 for row in self._rows for column in row), default=0)
        rows = [
            [re.sub(r"\n\s*\n+", "\n", clean_cell(row.get(column, ""))) for column in range(width)]
            for row in self._rows
        ]
        # A single item is no list.
        rows = [[re.sub(r"^- ", "", cell) if "\n- " not in cell else cell for cell in row] for row in rows]
        inside = {(row, column) for row, column in self._below if row < len(rows) and column < width}
        return Grid("", rows, inside, {(row, column) for row, column in self._beside if column < width})


def _span(said: str | None) -> int:
    return max(1, min(int(said), 600)) if said and said.isdecimal() and len(said) < 5 else 1
