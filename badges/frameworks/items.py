"""What every reader makes of a framework file, and what is asked of it whatever its format."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from badgeserver.errors import UserFacingError
from badgeserver.tabular import clean_cell, folded

MAX_ITEMS = 30_000
MAX_BYTES = 25 * 1024 * 1024
MAX_LEVELS = 12
#: What the columns hold; longer words are cut, and that is told.
MAX_NAME, MAX_CODE, MAX_KIND, MAX_DESCRIPTION, MAX_URI = 300, 100, 60, 5_000, 500
MAX_OTHER_NAMES = 2_000  # characters of all of them together
MAX_REMARKS = 100


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about one row of the file (0: about the whole)."""

    row: int
    sentence: str


@dataclass(frozen=True, slots=True)
class ColumnOf:
    """A column of a table, as it was read: what stands in it, and what it was taken for (“” for nothing)."""

    heading: str
    sample: str
    role: str


class FrameworkFileRefused(UserFacingError):
    """A file that is not taken, and what to do; `remarks` name the rows. Nothing of it was kept."""

    code = "framework_file_refused"
    field = "file"

    def __init__(self, message: object, *, remarks: Sequence[Remark] = (), is_circle: bool = False) -> None:
        super().__init__(message)
        self.remarks = list(remarks)
        self.is_circle = is_circle  # without the hierarchy it would be taken
        self.table: list[ColumnOf] = []  # of a table whose columns may be read in another way


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One competency as the file says it. `uri` is what it calls itself; `code:…` or `name:…` where it has none."""

    uri: str
    name: str
    code: str = ""
    other_names: tuple[str, ...] = ()
    description: str = ""
    kind: str = ""
    parent_uri: str = ""
    successor_uri: str = ""
    position: int = 0
    row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelOf:
    number: int
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkFile:
    """A framework as its file says it: the items in the order of their tree, each after its parent."""

    source: str  # of badges.models.framework.FrameworkSource
    items: list[Item]
    name: str = ""
    description: str = ""
    publisher: str = ""
    uri: str = ""
    url: str = ""
    version: str = ""
    language: str = ""
    levels: list[LevelOf] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)  # what was read from which heading, for people
    table: list[ColumnOf] = field(default_factory=list)  # of a table whose columns may be read in another way


@dataclass(slots=True)
class Remarks:
    """Collects remarks, the first hundred of them; the rest is counted."""

    kept: list[Remark] = field(default_factory=list)
    further: int = 0

    def add(self, row: int, sentence: str) -> None:
        if len(self.kept) < MAX_REMARKS:
            self.kept.append(Remark(row, sentence))
        else:
            self.further += 1

    def all(self) -> list[Remark]:
        if not self.further:
            return self.kept
        more = ngettext("And %(n)d more remark.", "And %(n)d more remarks.", self.further) % {"n": self.further}
        return [*self.kept, Remark(0, more)]


def text(value: object, limit: int) -> str:
    """Return what stands there as text that can be kept, at most `limit` characters; nothing for what is no text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return shortened(clean_cell(str(value)[: limit * 4]), limit)


def shortened(words: str, limit: int) -> str:
    """Return the words, cut at a blank if they are too many."""
    if len(words) <= limit:
        return words
    cut = words[: limit - 1]
    head, blank, _tail = cut.rpartition(" ")
    return f"{(head if blank and len(head) > limit // 2 else cut).rstrip()}…"


def one_line(words: str) -> str:
    return " ".join(words.split())


def name_key(name: str) -> str:
    """Return what an item is called by that has neither address nor code."""
    return f"name:{folded(name) or name.casefold()}"[:MAX_URI]


def checked(items: Sequence[Item], remarks: Remarks, *, flat: bool = False) -> list[Item]:
    """Return the items once each, every parent among them, in the order of their tree.

    Raises `FrameworkFileRefused` for none, for too many, and for circles (not with `flat`, which drops the hierarchy).
    """
    kept = _once(items, remarks)
    if not kept:
        raise FrameworkFileRefused(_("There is no skill in this file. Each needs a name."), remarks=remarks.all())
    if len(kept) > MAX_ITEMS:
        raise FrameworkFileRefused(
            _(
                "This file has %(count)s skills; a framework holds at most %(most)s. Keep the part that your badges "
                "need, such as one branch of it, and bring that."
            )
            % {"count": f"{len(kept):,}", "most": f"{MAX_ITEMS:,}"}
        )
    if flat:
        kept = {uri: replace(item, parent_uri="") for uri, item in kept.items()}
    for uri, item in kept.items():
        if item.parent_uri and item.parent_uri not in kept:
            remarks.add(
                item.row, _("The parent of “%(name)s” is not in the file; it stands at the top.") % _named(item)
            )
            kept[uri] = replace(item, parent_uri="")
    _refuse_circles(kept)
    return _in_tree_order(kept)


def _once(items: Sequence[Item], remarks: Remarks) -> dict[str, Item]:
    kept: dict[str, Item] = {}
    for item in items:
        if len(item.uri) > MAX_URI:
            remarks.add(item.row, _("The address of “%(name)s” is too long; it was left out.") % _named(item))
        elif item.uri in kept:
            first = kept[item.uri]
            remarks.add(
                item.row,
                _("“%(name)s” stands in the file already (row %(first)d); this one was left out.")
                % {**_named(item), "first": first.row},
            )
        else:
            kept[item.uri] = item
    return kept


def _refuse_circles(items: Mapping[str, Item]) -> None:
    circles: list[list[Item]] = []
    done: set[str] = set()
    for uri in items:
        path: dict[str, None] = {}
        here = uri
        while here and here not in done and here not in path:
            path[here] = None
            here = items[here].parent_uri
        if here in path:
            names = list(path)
            circles.append([items[one] for one in names[names.index(here) :]])
        done |= set(path)
    if not circles:
        return
    raise FrameworkFileRefused(
        _("Some skills stand above themselves, so there is no hierarchy. Correct the file, and bring it again."),
        remarks=[
            Remark(
                circle[0].row,
                _("“%(name)s” is its own parent.") % _named(circle[0])
                if len(circle) == 1
                else _("These go in a circle: %(names)s")
                % {"names": " › ".join(f"“{shortened(one.name, 60)}”" for one in [*circle[:6], circle[0]])},
            )
            for circle in circles[:20]
        ],
        is_circle=True,
    )


def _in_tree_order(items: Mapping[str, Item]) -> list[Item]:
    children: dict[str, list[Item]] = {}
    for item in items.values():
        children.setdefault(item.parent_uri, []).append(item)
    ordered: list[Item] = []
    waiting = list(reversed(children.get("", [])))
    while waiting:
        item = waiting.pop()
        ordered.append(replace(item, position=len(ordered)))
        waiting.extend(reversed(children.get(item.uri, [])))
    return ordered


def _named(item: Item) -> dict[str, str]:
    return {"name": shortened(item.name, 80)}


def level_list(levels: Sequence[LevelOf]) -> list[LevelOf]:
    """Return the levels that count: each number once, in order, at most twelve."""
    numbers = Counter(level.number for level in levels)
    kept = [level for level in levels if numbers[level.number] == 1 and 0 <= level.number <= 1000 and level.name]
    return sorted(kept, key=lambda level: level.number)[:MAX_LEVELS]
