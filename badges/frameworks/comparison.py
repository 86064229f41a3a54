"""What a framework file would change of the framework that is here."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from badges.frameworks.items import FrameworkFile, Item
from badges.models import Competency
from badges.models.framework import search_text
from badgeserver.searching import searchable

T = TypeVar("T")


@dataclass(slots=True)
class Change:
    """One competency that the file says in other words, or brings back; `what` names the columns."""

    competency: Competency
    item: Item
    what: list[str]


@dataclass(slots=True)
class Comparison:
    new: list[Item] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[tuple[Competency, Item]] = field(default_factory=list)
    retired: list[Competency] = field(default_factory=list)

    @property
    def known(self) -> dict[str, Competency]:
        """The competencies that are here already, by the address that the file gives them."""
        return {
            **{change.item.uri: change.competency for change in self.changed},
            **{item.uri: competency for competency, item in self.unchanged},
        }


def compare(existing: Sequence[Competency], file: FrameworkFile) -> Comparison:
    """Say for each item which competency it is, by address, else by code, else (for what has neither) by name."""
    matched = _matches(existing, file.items)
    here = {competency.pk: competency for competency in existing}
    uri_of_parent = {competency.pk: item_uri for item_uri, competency in matched.items()}
    found = Comparison()
    for item in file.items:
        competency = matched.get(item.uri)
        if competency is None:
            found.new.append(item)
            continue
        what = [
            name for name in ("name", "code", "description", "kind") if getattr(competency, name) != getattr(item, name)
        ]
        if competency.search != search_text(item.name, item.code, item.other_names) and not {"name", "code"} & set(
            what
        ):
            what.append("other_names")
        above = uri_of_parent.get(competency.parent_id, "") if competency.parent_id else ""
        if above != item.parent_uri:
            what.append("parent")
        if competency.retired_at is not None:
            what.append("retired")
        if what:
            found.changed.append(Change(competency, item, what))
        else:
            found.unchanged.append((competency, item))
    kept = {competency.pk for competency in matched.values()}
    found.retired = [one for pk, one in here.items() if pk not in kept and one.retired_at is None]
    return found


#: How keys begin that are made where a publisher gives no address: they say what a row was called when it came.
_MADE = ("name:", "code:")


def _matches(existing: Sequence[Competency], items: Sequence[Item]) -> dict[str, Competency]:
    by_uri = {competency.uri: competency for competency in existing}
    matched = {item.uri: by_uri[item.uri] for item in items if item.uri in by_uri and not item.uri.startswith(_MADE)}
    taken = {competency.pk for competency in matched.values()}

    def left() -> tuple[list[Competency], list[Item]]:
        return [one for one in existing if one.pk not in taken], [one for one in items if one.uri not in matched]

    rows, rest = left()
    _match(_once(rows, lambda one: one.code), _once(rest, lambda one: one.code), matched, taken)
    # Names decide only where neither side has an address of its own: elsewhere two skills may share a name.
    rows, rest = left()
    rows = [one for one in rows if not one.uri.startswith(("http:", "https:"))]
    rest = [one for one in rest if one.uri.startswith(_MADE)]
    _match(_once(rows, lambda one: searchable(one.name)), _once(rest, lambda one: searchable(one.name)), matched, taken)
    # Somebody may have renamed a row here since it came: what it is called now went before.
    rows, rest = left()
    _match({one.uri: one for one in rows}, {one.uri: one for one in rest}, matched, taken)
    return matched


def _match(
    rows: dict[str, Competency], items: dict[str, Item], matched: dict[str, Competency], taken: set[uuid.UUID]
) -> None:
    for key, item in items.items():
        if key in rows:
            matched[item.uri] = rows[key]
            taken.add(rows[key].pk)


def _once(things: Iterable[T], key: Callable[[T], str]) -> dict[str, T]:
    """Return the things by their key, those whose key says something and is theirs alone."""
    known = [(key(thing), thing) for thing in things]
    counts = Counter(word for word, _thing in known)
    return {word: thing for word, thing in known if word and counts[word] == 1}
