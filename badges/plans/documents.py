"""Tables of a document of a word processor (.docx): read from its parts; nothing in it is run or fetched."""

import re
import zipfile
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext as _
from lxml import etree

from badges.plans.grids import MOST_CELLS, Grid
from badgeserver.tabular import Limits, TableRefused, clean_cell, open_archive, too_much

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}"
#: What stands around paragraphs, rows or cells without being one.
_AROUND = {f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml")}
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": _W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": _R[1:-1].encode(),
}
_LONGEST_TITLE = 120
_PARTS = ("word/document.xml", "word/_rels/document.xml.rels")
#: A part becomes a tree of some twenty times its size. A table of 500 badges has 5 MB and some 300,000 tags.
_MOST_BYTES, _MOST_TAGS = 16 * 1024 * 1024, 1_500_000


def read_document(data: bytes, *, limits: Limits) -> list[Grid]:
    """Return every table of the document, inner ones after the one around them. Raises `TableRefused`."""
    try:
        with open_archive(data, limits=limits) as archive:
            body, relations = (_part(archive, name) for name in _PARTS)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise TableRefused(_damaged()) from error
    if body is None:
        raise TableRefused(_damaged())
    grids = _Reader(_addresses(relations), limits).tables(body)
    if not grids:
        raise TableRefused(_("There is no table in this document. Put the plan into a table, or paste it as text."))
    return grids


def _damaged() -> str:
    return _("This document is damaged, or not what its name says. Open it, save it anew as .docx, then try again.")


def _part(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    if name not in archive.namelist():
        return None
    if archive.getinfo(name).file_size > _MOST_BYTES:
        raise TableRefused(too_much())
    part = archive.read(name)
    if part.count(b"<") > _MOST_TAGS:
        raise TableRefused(too_much())
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(_transitional(part), parser)
    except etree.XMLSyntaxError as error:
        raise TableRefused(_damaged()) from error
    if root.getroottree().docinfo.doctype:  # no word processor writes one: entities are how such files attack
        raise TableRefused(_damaged())
    return root


def _transitional(part: bytes) -> bytes:
    """Return a part of a “strict” document in the words of all others."""
    for strict, usual in _STRICT.items():
        part = part.replace(strict, usual)
    return part


def _addresses(relations: etree._Element | None) -> dict[str, str]:
    """Return where the links of the document lead, by their ids."""
    if relations is None:
        return {}
    return {
        one.get("Id", ""): one.get("Target", "")
        for one in relations.iter(f"{_REL}Relationship")
        if one.get("TargetMode") == "External" and re.match(r"https?://\S+$", one.get("Target", ""))
    }


class _Reader:
    def __init__(self, addresses: dict[str, str], limits: Limits) -> None:
        self._addresses, self._limits = addresses, limits
        self._found: list[Grid] = []
        self._cells = 0

    def tables(self, root: etree._Element) -> list[Grid]:
        title = ""
        for block in _blocks(root[0] if len(root) and root[0].tag == f"{_W}body" else root):
            if block.tag == f"{_W}tbl":
                self._table(block, title, depth=0)
                title = ""
            else:
                title = clean_cell(self._paragraph(block))[:_LONGEST_TITLE] or title
        return self._found

    def _table(self, table: etree._Element, title: str, *, depth: int) -> None:
        grid = Grid(title, [])
        inner: list[etree._Element] = []
        for number, row in enumerate(_children(table, "tr")):
            if number >= self._limits.rows + 20:
                raise TableRefused(
                    _("This table has more than %(rows)s rows. Split it into several, and bring one after the other.")
                    % {"rows": self._limits.rows - 1}
                )
            cells = self._row(row, number, grid, inner)
            if len(cells) > self._limits.columns:
                raise TableRefused(
                    _("Row %(row)s has more than %(columns)s columns. Keep only those that belong to the plan.")
                    % {"row": number + 1, "columns": self._limits.columns}
                )
            grid.rows.append(cells)
        width = max(map(len, grid.rows), default=0)
        self._cells += width * len(grid.rows)
        if self._cells > MOST_CELLS:
            raise TableRefused(too_much())
        for cells in grid.rows:
            cells.extend([""] * (width - len(cells)))
        if any(any(row) for row in grid.rows):
            self._found.append(grid)
        if depth < 5 and len(self._found) < self._limits.sheets:
            for one in inner:
                self._table(one, title, depth=depth + 1)

    def _row(self, row: etree._Element, number: int, grid: Grid, inner: list[etree._Element]) -> list[str]:
        """Return the cells of a row, one for each column, and note in the grid which belong together."""
        cells = [""] * min(_number(row, "trPr/gridBefore"), self._limits.columns)
        for cell in _children(row, "tc"):
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = bool(number) and merged is not None and merged.get(f"{_W}val", "continue") != "restart"
            text = self._cell(cell, inner)
            if len(text) > self._limits.cell:
                raise TableRefused(
                    _("A cell in row %(row)s is far too long. Shorten it, then try again.") % {"row": number + 1}
                )
            if goes_on:
                grid.below.add((number, len(cells)))
            cells.append("" if goes_on else text)
            for _more in range(min(_number(cell, "tcPr/gridSpan"), self._limits.columns) - 1):
                grid.beside.add((number, len(cells)))
                cells.append("")
        return cells

    def _cell(self, cell: etree._Element, inner: list[etree._Element]) -> str:
        lines = []
        for block in _blocks(cell):
            if block.tag == f"{_W}tbl":
                inner.append(block)
                continue
            text = self._paragraph(block)
            is_item = block.find(f"{_W}pPr/{_W}numPr") is not None
            lines.append(f"- {text}" if is_item and text.strip() else text)
        text = clean_cell("\n".join(lines))
        return re.sub(r"^- ", "", text) if text.count("\n- ") == 0 else text

    def _paragraph(self, paragraph: etree._Element) -> str:
        said: list[str] = []
        self._say(paragraph, said)
        return "".join(said)

    def _say(self, element: etree._Element, said: list[str]) -> None:
        for child in element:
            match child.tag:
                case tag if tag == f"{_W}t":
                    said.append(child.text or "")
                case tag if tag in {f"{_W}br", f"{_W}cr"}:
                    said.append("\n")
                case tag if tag in {f"{_W}tab", f"{_W}noBreakHyphen"}:
                    said.append(" " if tag == f"{_W}tab" else "-")
                case tag if tag == f"{_W}hyperlink":
                    self._link(child, said)
                case tag if isinstance(tag, str) and (tag in _AROUND or tag in {f"{_W}r", f"{_W}fldSimple"}):
                    self._say(child, said)

    def _link(self, link: etree._Element, said: list[str]) -> None:
        words: list[str] = []
        self._say(link, words)
        text, address = "".join(words), self._addresses.get(link.get(f"{_R}id", ""), "")
        said.append(f"{text} {address}" if address and text.strip().rstrip("/") != address.rstrip("/") else text)


def _blocks(element: etree._Element) -> Iterator[etree._Element]:
    """Yield paragraphs and tables of a body or a cell, wherever they are wrapped."""
    for child in element:
        if child.tag in {f"{_W}p", f"{_W}tbl"}:
            yield child
        elif child.tag in _AROUND:
            yield from _blocks(child)


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    for child in element:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in _AROUND:
            yield from _children(child, name)


def _number(element: etree._Element, path: str) -> int:
    found = element.find("/".join(f"{_W}{name}" for name in path.split("/")))
    said = found.get(f"{_W}val", "") if found is not None else ""
    return int(said) if said.isdecimal() and len(said) < 6 else 0
