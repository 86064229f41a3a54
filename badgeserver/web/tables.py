"""Tables for lists of any length: sorting, pages, chosen columns, and everything as CSV.

A list says once what its columns are, and its view asks for one page:

    AWARDS = Table(
        "awards",
        sort="-issued",
        columns=(
            Column("person", _("Person"), lambda line: line.name, order=("recipient_name",), is_always_shown=True),
            Column("issued", _("Awarded"), lambda line: line.issued_at, order=("issued_at",)),
        ),
    )

    def award_list(request):
        rows = …  # a query set with all filters, its order does not matter
        lines = partial(award_lines, at=at)  # rows -> what the template shows, a page or a part of the file at a time
        if AWARDS.is_export(request):
            return AWARDS.export(request, rows, lines=lines)
        context = {"table": AWARDS.page(request, rows, lines=lines), …}

In the template, `#awards` being what HTMX swaps:

    <div class="stack dims" id="awards">
      {% include "components/table_tools.html" with table=table request=request csrf_token=csrf_token found=… only %}
      <div class="table-scroll"><table class="table stacking">
        {% include "components/table_head.html" with table=table request=request target="#awards" only %}
        <tbody>{% for line in table.lines %}<tr>
          <th scope="row">…</th>{% if table.shows.issued %}<td data-label="…">…</td>{% endif %}
        </tr>{% endfor %}</tbody></table></div>
      {% include "components/pagination.html" with page=table.page request=request what="…" target="#awards" only %}
    </div>

Reading takes the same number of queries whatever the length: one to count, one for the keys of the page, one for its
rows, and those of `lines`.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.db.models.expressions import Expression, OrderBy
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

#: So many rows are read and written at a time; the whole file is never in memory.
CHUNK = 500

#: What spreadsheets take for the beginning of a formula (OWASP, “CSV Injection”).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Lines = Callable[[list[Any]], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` in addresses and preferences, `value` what a line has in it, for the file.

    `order` makes it sortable: names of the query set (or expressions), the first one first. `has_gaps` keeps rows
    without a value at the end, whichever way round.
    """

    key: str
    label: str | Promise
    value: Callable[[Any], object]
    order: Sequence[str | F | Expression] = ()
    has_gaps: bool = False
    is_number: bool = False
    is_always_shown: bool = False  # what names the row cannot be put away
    is_shown_at_first: bool = True  # before the reader has chosen


@dataclass(frozen=True, slots=True)
class TablePage:
    """One page of a table, for the templates `table_tools.html` and `table_head.html` and the rows between."""

    table: "Table"
    page: Page
    lines: list[Any]
    sort: str
    shows: dict[str, bool]  # by key, whether the reader wants the column

    @property
    def count(self) -> int:
        return int(self.page.paginator.count)

    @property
    def head(self) -> list[Column]:
        return [column for column in self.table.columns if self.shows[column.key]]

    @property
    def choices(self) -> list[tuple[Column, bool]]:
        """Return the columns that can be put away, each with whether it is shown."""
        return [(one, self.shows[one.key]) for one in self.table.columns if not one.is_always_shown]


@dataclass(frozen=True, slots=True)
class Table:
    """What a list has in its columns. `name` is the key of the reader's choice of columns, and the file's name.

    `sort` is what it is sorted by when nobody asks (“-issued” downwards); `tie` a name that no two rows share, so
    that rows of the same day stand on one page and not on two.
    """

    name: str
    columns: tuple[Column, ...]
    sort: str
    tie: str = "pk"
    per_page: int = 50
    _by_key: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_key", {column.key: column for column in self.columns})

    def page(self, request: HttpRequest, rows: "QuerySet[Any, Any]", *, lines: Lines = list) -> TablePage:
        """Return the page that the address asks for (`?sort=…&page=…`); what it asks wrongly is left out."""
        sort = self.sort_of(request)
        ordered = self.ordered(rows, sort)
        if not _is_of_model(rows):
            page = Paginator(ordered, self.per_page).get_page(request.GET.get("page"))
            return TablePage(self, page, list(lines(list(page.object_list))), sort, self._shows(request))
        # The keys first: what is costly about a row is asked for the rows of this page, not for all before them.
        page = Paginator(ordered.values_list("pk", flat=True), self.per_page).get_page(request.GET.get("page"))
        keys = list(page.object_list)
        found = {row.pk: row for row in rows.order_by().filter(pk__in=keys)} if keys else {}
        page.object_list = [found[key] for key in keys if key in found]
        return TablePage(self, page, list(lines(page.object_list)), sort, self._shows(request))

    def sort_of(self, request: HttpRequest) -> str:
        """Return what the address wants the table sorted by, as `sort_link` takes it."""
        wanted = request.GET.get("sort", "")
        column = self._by_key.get(wanted.removeprefix("-"))
        return wanted if column is not None and column.order else self.sort

    def ordered(self, rows: "QuerySet[Any, Any]", sort: str) -> "QuerySet[Any, Any]":
        column = self._by_key[sort.removeprefix("-")]
        downwards = sort.startswith("-")
        order = [_directed(term, downwards=downwards, has_gaps=column.has_gaps) for term in column.order]
        return rows.order_by(*order, f"-{self.tie}" if downwards else self.tie)

    @staticmethod
    def is_export(request: HttpRequest) -> bool:
        """Whether the address asks for the file (`?format=csv`) instead of the page."""
        return request.GET.get("format") == "csv"

    def export(self, request: HttpRequest, rows: "QuerySet[Any, Any]", *, lines: Lines = list) -> StreamingHttpResponse:
        """Answer with everything that was found, in all columns, row by row as the database hands it over.

        UTF-8 with a mark of its own and the separator of the reader's language, because that is what Excel opens.
        """
        found = self.ordered(rows, self.sort_of(request)).iterator(chunk_size=CHUNK)
        parts = self._written(found, lines, language=get_language() or "en")
        response = StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8")
        name = f"{self.name}-{timezone.localdate():%Y-%m-%d}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def _written(self, rows: Iterable[Any], lines: Lines, *, language: str) -> Iterator[bytes]:
        # The file goes out after the view has returned: its language is said again for each part.
        with override(language):
            heads = [str(column.label) for column in self.columns]
            writer = csv.writer(_Echo(), delimiter=";" if get_format("DECIMAL_SEPARATOR") == "," else ",")
        yield b"\xef\xbb\xbf" + writer.writerow(heads).encode()
        remaining = iter(rows)
        while chunk := list(islice(remaining, CHUNK)):
            with override(language):
                written = [writer.writerow([cell(one.value(line)) for one in self.columns]) for line in lines(chunk)]
            yield "".join(written).encode("utf-8", "replace")

    def _shows(self, request: HttpRequest) -> dict[str, bool]:
        chosen = chosen_columns(getattr(request, "user", None), self.name)
        return {
            one.key: one.is_always_shown or (one.is_shown_at_first if chosen is None else one.key in chosen)
            for one in self.columns
        }


def chosen_columns(user: Any, table: str) -> list[str] | None:
    """Return the columns of a table that somebody wants to see, or None when they never chose."""
    preferences = getattr(user, "preferences", None)
    tables = preferences.get("columns") if isinstance(preferences, dict) else None
    chosen = tables.get(table) if isinstance(tables, dict) else None
    return [str(one) for one in chosen] if isinstance(chosen, list) else None


def cell(value: object) -> str | int | float:
    """Return a value as a spreadsheet reads it, and never as a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return f"{timezone.localtime(value) if timezone.is_aware(value) else value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        value = ", ".join(str(part) for part in value)
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


class _Echo:
    """What `csv.writer` writes into: hands each row back instead of keeping it."""

    def write(self, row: str) -> str:
        return row


def _is_of_model(rows: "QuerySet[Any, Any]") -> bool:
    """Whether rows are whole rows of one table, which can be asked for by key; `values()` and `union()` are not."""
    return getattr(rows, "_fields", None) is None and not rows.query.combinator


def _directed(term: str | F | Expression, *, downwards: bool, has_gaps: bool) -> OrderBy:
    expression = F(term) if isinstance(term, str) else term
    last = True if has_gaps else None
    return expression.desc(nulls_last=last) if downwards else expression.asc(nulls_last=last)
