"""An organisation's own framework in a table: which column says what is told by its heading."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from badges.frameworks import items
from badges.frameworks.items import ColumnOf, FrameworkFile, FrameworkFileRefused, Item, LevelOf, Remarks, one_line
from badgeserver.openbadges.iris import is_http_url
from badgeserver.tabular import folded

#: Headings as `folded` leaves them, the surest first. A column is taken once.
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": (
        *("name", "skill name", "rsd name", "competency name", "preferredlabel", "preferred label", "skill", "title"),
        *("competency", "competence", "capability", "label", "kompetenz", "fahigkeit", "bezeichnung", "titel"),
        *("skills", "competencies", "competences", "capabilities", "kompetenzen", "fahigkeiten"),
        *("competence nom", "intitule", "nom", "nombre", "competencia", "nome", "naam"),
    ),
    "code": (
        *("code", "skill code", "competency code", "id", "identifier", "key", "number", "no", "nr", "nummer", "kurzel"),
        *("notation", "ref", "reference", "schlussel", "codigo", "codice", "human coding scheme", "humancodingscheme"),
    ),
    "uri": ("uri", "iri", "concepturi", "canonical url", "url", "address", "web address", "link", "adresse"),
    "description": (
        *("description", "definition", "skill statement", "statement", "full statement", "beschreibung", "text"),
        *("summary", "explanation", "erklarung", "descripcion", "descrizione", "omschrijving", "details"),
    ),
    "parent": (
        *("parent", "parent code", "parent id", "parent uri", "parent name", "broader", "broaderuri", "is child of"),
        *("ubergeordnet", "eltern", "oberpunkt", "oberbegriff", "group", "category", "cluster", "domain", "area"),
        *("gruppe", "kategorie", "bereich", "parent skill", "belongs to", "gehort zu", "categorie", "domaine"),
    ),
    "kind": ("type", "kind", "skilltype", "skill type", "art", "typ", "item type", "tipo"),
    "other_names": (
        *("other names", "altlabels", "alternative labels", "alternative names", "synonyms", "synonym", "aliases"),
        *("also known as", "keywords", "synonyme", "andere namen", "schlagworter", "synonymes"),
    ),
    "depth": ("level", "depth", "ebene", "outline level", "hierarchy level", "niveau", "stufe"),
}
#: What a column may be, for whoever corrects how a table was read.
ROLES = {
    "name": gettext_lazy("Name"),
    "code": gettext_lazy("Code"),
    "description": gettext_lazy("Description"),
    "parent": gettext_lazy("Belongs under"),
    "kind": gettext_lazy("Kind"),
    "other_names": gettext_lazy("Also called"),
    "uri": gettext_lazy("Web address"),
    "depth": gettext_lazy("Depth in the hierarchy"),
}
_LEVEL = re.compile(r"^\s*(?:level|stufe|niveau|nivel|livello)\s*(\d{1,3})\b[\s:.–—-]*(.*)$", re.IGNORECASE)


def guessed_columns(head: Sequence[str]) -> dict[str, int]:
    """Return which column (from 0) says what, by the headings."""
    said = [folded(cell) for cell in head]
    found: dict[str, int] = {}
    for role, names in HEADINGS.items():
        for name in names:
            at = next((at for at, cell in enumerate(said) if cell == name and at not in found.values()), None)
            if at is not None:
                found[role] = at
                break
    return found


def read_own_table(
    rows: Sequence[Sequence[str]], *, flat: bool = False, columns: Sequence[str] | None = None
) -> FrameworkFile:
    """Return the framework of a table whose first filled row is its headings. Raises `FrameworkFileRefused`.

    `columns` says what each column is (of `ROLES`, or “”), where the guess by the headings was wrong.
    """
    top = next((at for at, row in enumerate(rows) if row), None)
    if top is None:
        raise FrameworkFileRefused(_("There is nothing in this table. Choose the file that has the skills."))
    head = rows[top]
    found = guessed_columns(head) if columns is None else {role: at for at, role in enumerate(columns) if role}
    table = _table(head, rows[top + 1 :], found)
    if "name" not in found and len(head) == 1 and not found:
        found, head, top = {"name": 0}, [""], top - 1  # a plain list of names
    try:
        read = _read(rows, head, top, found, table, flat=flat)
    except FrameworkFileRefused as refusal:
        refusal.table = table
        raise
    if columns is not None and not guessed_columns(head):
        said = _("This row was taken for the headings. If it is a skill, put a row of headings above it in the file.")
        read.remarks.insert(0, items.Remark(top + 1, said))
    return read


def _table(head: Sequence[str], below: Sequence[Sequence[str]], columns: Mapping[str, int]) -> list[ColumnOf]:
    roles = {at: role for role, at in columns.items()}
    width = max(map(len, [head, *below[:5]]))
    found = []
    for at in range(width):
        cells = dict.fromkeys(one_line(row[at]) for row in below[:5] if at < len(row) and row[at])
        heading = items.shortened(one_line(head[at]) if at < len(head) else "", 60)
        found.append(ColumnOf(heading, items.shortened(" · ".join(list(cells)[:3]), 120), roles.get(at, "")))
    return found


def _read(
    rows: Sequence[Sequence[str]],
    head: Sequence[str],
    top: int,
    columns: Mapping[str, int],
    table: list[ColumnOf],
    *,
    flat: bool,
) -> FrameworkFile:
    if "name" not in columns:
        raise FrameworkFileRefused(
            _(
                "No column of names was found; the headings are: %(headings)s. Say below which column has the names, "
                "or head it “name” in the file."
            )
            % {"headings": ", ".join(f"“{items.shortened(one_line(cell), 40)}”" for cell in head[:12] if cell) or "–"}
        )
    levels = _levels(head, columns)
    remarks = Remarks()
    read = _items(rows, top, columns, levels, remarks)
    return FrameworkFile(
        source="CSV",
        items=items.checked(read, remarks, flat=flat),
        levels=items.level_list([level for _at, level in levels]),
        remarks=remarks.all(),
        columns={role: one_line(head[at])[:60] for role, at in columns.items() if at < len(head) and head[at]},
        table=table,
    )


def _levels(head: Sequence[str], columns: Mapping[str, int]) -> list[tuple[int, LevelOf]]:
    """Return the columns that describe a level each: “Level 1: Knows about it”."""
    found = []
    for at, cell in enumerate(head):
        match = _LEVEL.match(one_line(cell))
        if match and at not in columns.values():
            number = int(match[1])
            found.append((at, LevelOf(number=number, name=items.shortened(match[2] or one_line(cell), 80))))
    return found


def _items(
    rows: Sequence[Sequence[str]],
    top: int,
    columns: Mapping[str, int],
    levels: Sequence[tuple[int, LevelOf]],
    remarks: Remarks,
) -> list[Item]:
    made: list[Item] = []
    parents: list[str] = []
    above: list[tuple[int, str]] = []  # depth and uri of the rows above, by which a “level” column makes a tree
    by_word: dict[str, str] = {}
    for number, row in enumerate(rows[top + 1 :], start=top + 2):
        if not row:
            continue

        def said(role: str, row: Sequence[str] = row) -> str:
            at = columns.get(role)
            return row[at] if at is not None and at < len(row) else ""

        name = one_line(said("name"))
        if not name:
            remarks.add(number, _("This row has no name; it was left out."))
            continue
        if len(name) > items.MAX_NAME:
            remarks.add(
                number, _("This name is long, and was shortened to %(most)d characters.") % {"most": items.MAX_NAME}
            )
        code = items.shortened(one_line(said("code")), items.MAX_CODE)
        uri = said("uri") if is_http_url(said("uri")) or said("uri").startswith("urn:") else ""
        item = Item(
            uri=uri or (f"code:{code}" if code else items.name_key(name)),
            code=code,
            name=items.shortened(name, items.MAX_NAME),
            other_names=_names(said("other_names")),
            description=items.shortened(_description(said("description"), row, levels), items.MAX_DESCRIPTION),
            kind=items.shortened(one_line(said("kind")), items.MAX_KIND),
            row=number,
        )
        parents.append(_parent_by_depth(said("depth"), above, item.uri) if "parent" not in columns else said("parent"))
        made.append(item)
        for word in (uri, code, folded(name)):
            if word:
                by_word.setdefault(word, item.uri)
    if "parent" not in columns:
        return [_under(item, parent) for item, parent in zip(made, parents, strict=True)]
    return _under_words(made, parents, by_word)


def _under_words(made: Sequence[Item], parents: Sequence[str], by_word: dict[str, str]) -> list[Item]:
    """Find each parent by address, code or name; groups that have no row of their own are made."""
    groups: dict[str, Item] = {}
    placed = []
    for item, parent in zip(made, parents, strict=True):
        word = one_line(parent)
        if not word:
            placed.append(item)
            continue
        uri = by_word.get(word) or by_word.get(folded(word))
        if uri is None:
            group = Item(uri=items.name_key(word), name=items.shortened(word, items.MAX_NAME), row=item.row)
            uri = groups.setdefault(group.uri, group).uri
        placed.append(_under(item, uri))
    return [*groups.values(), *placed]


def _under(item: Item, parent_uri: str) -> Item:
    return replace(item, parent_uri=parent_uri)


def _parent_by_depth(said: str, above: list[tuple[int, str]], uri: str) -> str:
    depth = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else None
    if depth is None:
        return ""
    while above and above[-1][0] >= depth:
        above.pop()
    parent = above[-1][1] if above else ""
    above.append((depth, uri))
    return parent


def _names(said: str) -> tuple[str, ...]:
    return tuple(
        one_line(part) for part in re.split(r"[\n;|]" if re.search(r"[\n;|]", said) else r",", said) if part.strip()
    )


def _description(said: str, row: Sequence[str], levels: Sequence[tuple[int, LevelOf]]) -> str:
    lines = [f"{level.number} {level.name}: {row[at]}" for at, level in levels if at < len(row) and row[at]]
    return "\n".join([said, *lines] if said else lines)
