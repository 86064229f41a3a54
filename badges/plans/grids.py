"""Tables whose cells may be merged, on their way to plain rows of text."""

from dataclasses import dataclass, field

from badgeserver.tabular import Sheet, clean_cell

#: Of all tables that are brought together, whether they say something or not: few tags draw very many.
MOST_CELLS = 500_000


@dataclass(frozen=True, slots=True)
class Grid:
    """One table as it was drawn: a merged cell says its text once, at its upper left.

    `below` and `beside` name the cells (row, column) that belong to the one above, or to the one before.
    """

    title: str
    rows: list[list[str]]
    below: set[tuple[int, int]] = field(default_factory=set)
    beside: set[tuple[int, int]] = field(default_factory=set)

    @property
    def has_merged_cells(self) -> bool:
        return bool(self.below or self.beside)


def plain(grid: Grid, *, name_column: int | None) -> Sheet:
    """Return the table without merged cells.

    What stands beside several rows is said in each of them; where that is the name of the badge, the rows are parts
    of one badge, and become one. What stands above several columns stays in the first of them.
    """
    rows = [[clean_cell(cell) for cell in row] for row in grid.rows]
    kept: list[list[str]] = []
    below: dict[int, set[int]] = {}
    for number, column in grid.below:
        below.setdefault(number, set()).add(column)
    for number, row in enumerate(rows):
        goes_on = below.get(number, set())
        if kept and name_column in goes_on:
            _join(kept[-1], row, goes_on)
            continue
        for column in goes_on:
            if number and not row[column]:
                row[column] = rows[number - 1][column]
        kept.append(row)
    return Sheet(grid.title, trimmed(kept))


def _join(into: list[str], row: list[str], said: set[int]) -> None:
    into.extend("" for _cell in range(len(row) - len(into)))
    for column, text in enumerate(row):
        if text and column not in said:
            into[column] = f"{into[column]}\n{text}".strip()


def trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows that say something, all of the same width."""
    filled = [row for row in rows if any(row)]
    width = max((max(number for number, cell in enumerate(row, start=1) if cell) for row in filled), default=0)
    return [[*row[:width], *([""] * (width - len(row)))] for row in filled]


def turned(rows: list[list[str]]) -> list[list[str]]:
    """Return the table with its columns as rows."""
    width = max(map(len, rows), default=0)
    return [[row[column] if column < len(row) else "" for row in rows] for column in range(width)]
