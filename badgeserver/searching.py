"""Texts as they are searched, and the column that keeps them so that many rows are looked through fast."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, IntegerField, Lookup, Q, Value, When
from django.db.models.sql.compiler import SQLCompiler


def plain(text: str) -> str:
    """Return a text in lower case and without accents, everything else as it was; ß is ss."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return folded if folded.isascii() else "".join(c for c in folded if not unicodedata.combining(c))


def searchable(text: str) -> str:
    """Return a text as it is searched: lower case, without accents, words between single blanks."""
    return " ".join("".join(c if c.isalnum() or c in "+#" else " " for c in plain(text)).split())


class SearchColumn(models.TextField):
    """What is searched of a row: its other columns, then its title on a line of its own, as `searchable` has them.

    It follows the columns that it names whenever the row is stored, like `auto_now`: whoever names columns to
    `save(update_fields=…)` names this one too. `QuerySet.update` knows nothing of it.
    """

    def __init__(self, *args: Any, title: str, also: Sequence[str] = (), **kwargs: Any) -> None:
        self.title, self.also = title, tuple(also)
        super().__init__(*args, **{"default": "", "editable": False, **kwargs})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for given in ("default", "editable"):
            kwargs.pop(given, None)
        return name, path, args, {**kwargs, "title": self.title, "also": self.also}

    def text_of(self, row: models.Model) -> str:
        """Return what this column has to hold for a row."""
        also = " ".join(searchable(str(getattr(row, name) or "")) for name in self.also)
        return f"{also}\n{searchable(str(getattr(row, self.title) or ''))}\n"

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        text = self.text_of(model_instance)
        setattr(model_instance, self.attname, text)
        return text


@SearchColumn.register_lookup
class Like(Lookup):
    """A pattern of SQL over folded text: `%` is anything. The other lookups escape it."""

    lookup_name = "like"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        column, of_column = self.process_lhs(compiler, connection)
        pattern, of_pattern = self.process_rhs(compiler, connection)
        return f"{column} LIKE {pattern}", (*of_column, *of_pattern)


def having(words: Iterable[str], *, column: str = "search") -> Q:
    """Return the condition that every word, as `searchable` has it, stands anywhere in a search column."""
    found = Q()
    for word in words:
        found &= Q(**{f"{column}__contains": word})
    return found


def rank_by_title(words: Iterable[str]) -> Case:
    """Return how near a title is to these words: it is them 0, begins so 1, a word of it does 2, inside 3, not 4.

    The rows are those of a table with a `SearchColumn` called `search`; the words are as `searchable` has them, so
    that none of them means anything in a pattern.
    """
    whole = " ".join(words)
    number = IntegerField()
    inside = Case(
        When(search__like=f"%\n{whole}\n", then=Value(0)),
        When(search__like=f"%\n{whole}%", then=Value(1)),
        When(search__like=f"%\n% {whole}%", then=Value(2)),
        default=Value(3),
        output_field=number,
    )
    # One look says of most rows that their title holds nothing of it.
    return Case(When(search__like=f"%\n%{whole}%", then=inside), default=Value(4), output_field=number)
