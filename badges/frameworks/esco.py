"""The European classification of skills (ESCO), as its download page gives it: `skills_en.csv`, or the whole zip."""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from badges.frameworks import items
from badges.frameworks.items import FrameworkFile, FrameworkFileRefused, Item, Remarks, one_line
from badgeserver.openbadges.iris import is_http_url
from badgeserver.tabular import Limits, Sheet, TableRefused, decode, open_archive, read_delimited

ESCO_URI = "http://data.europa.eu/esco/concept-scheme/skills"
ESCO_PAGE = "https://esco.ec.europa.eu/en/classification/skill_main"
#: Of one table of the zip; the largest real one is a third of it.
MAX_TABLE_BYTES = 60 * 1024 * 1024
LIMITS = Limits(bytes=MAX_TABLE_BYTES, unpacked_bytes=800 * 1024 * 1024, rows=200_000, text=MAX_TABLE_BYTES)
_SKILLS = re.compile(r"(?:^|/)skills(?:_([a-z]{2,3}(?:-[a-z]{2,4})?))?\.csv$", re.IGNORECASE)
_GROUPS = re.compile(r"(?:^|/)skillGroups(?:_[a-z-]+)?\.csv$", re.IGNORECASE)
_BROADER = re.compile(r"(?:^|/)broaderRelationsSkillPillar(?:_[a-z-]+)?\.csv$", re.IGNORECASE)
#: What somebody is offered: concepts that ESCO took back are not.
_GONE = {"deprecated", "obsolete", "removed", "retired"}


def is_esco_head(head: Sequence[str]) -> bool:
    """Whether a row holds the headings of ESCO's own tables."""
    return {"concepturi", "preferredlabel"} <= {cell.strip().casefold() for cell in head}


def read_esco_table(sheet: Sheet, *, file_name: str = "", flat: bool = False) -> FrameworkFile:
    """Return the skills of `skills_en.csv` (or another of its tables of skills), without hierarchy."""
    match = _SKILLS.search(file_name)
    remarks = Remarks()
    return _file(_concepts(sheet.rows, remarks), {}, match[1] if match else "", remarks, flat=flat)


def read_esco_archive(data: bytes, *, flat: bool = False) -> FrameworkFile:
    """Return the skills of the zip, below its groups. Raises `FrameworkFileRefused` or `TableRefused`."""
    with open_archive(data, limits=LIMITS) as archive:
        names = {part.filename: part for part in archive.infolist() if not part.filename.startswith("__MACOSX")}
        skills = next((name for name in names if _SKILLS.search(name)), None)
        if skills is None:
            raise FrameworkFileRefused(
                _("This zip has no skills_….csv. Choose the zip that ESCO sends as CSV, or the table itself.")
            )
        remarks = Remarks()
        concepts = list(_concepts(_table(archive, skills), remarks))
        groups = next((name for name in names if _GROUPS.search(name)), None)
        if groups:
            concepts = [*_concepts(_table(archive, groups), remarks, kind=_("group")), *concepts]
        broader = next((name for name in names if _BROADER.search(name)), None)
        above = _broader(_table(archive, broader)) if broader else {}
    match = _SKILLS.search(skills)
    return _file(concepts, above, match[1] if match else "", remarks, flat=flat)


def _table(archive: zipfile.ZipFile, name: str) -> list[list[str]]:
    try:
        with archive.open(name) as file:
            data = file.read(MAX_TABLE_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise FrameworkFileRefused(_("This zip is damaged. Download it again, then choose it.")) from error
    if len(data) > MAX_TABLE_BYTES:
        raise TableRefused(_("This file unpacks to far more than a table. Choose the table of skills itself."))
    return read_delimited(decode(data), limits=LIMITS).rows


def _by_heading(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, dict[str, str]]]:
    head = [cell.strip().casefold() for cell in rows[0]] if rows else []
    for number, row in enumerate(rows[1:], start=2):
        if row:
            yield number, dict(zip(head, row, strict=False))


def _concepts(rows: Sequence[Sequence[str]], remarks: Remarks, *, kind: str = "") -> Iterator[Item]:
    for number, row in _by_heading(rows):
        uri = row.get("concepturi", "")
        name = one_line(row.get("preferredlabel", ""))
        if row.get("status", "").strip().casefold() in _GONE:
            continue
        if not is_http_url(uri):
            remarks.add(number, _("This row has no address (conceptUri); it was left out."))
            continue
        if not name:
            remarks.add(number, _("This row has no name (preferredLabel); it was left out."))
            continue
        other = [one_line(part) for part in row.get("altlabels", "").split("\n")]
        yield Item(
            uri=uri,
            code=items.shortened(one_line(row.get("code", "")), items.MAX_CODE),
            name=items.shortened(name, items.MAX_NAME),
            other_names=tuple(part for part in other if part),
            description=items.shortened(row.get("description") or row.get("definition", ""), items.MAX_DESCRIPTION),
            kind=items.shortened(row.get("skilltype", "") or kind, items.MAX_KIND),
            row=number,
        )


def _broader(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return above each concept the first one that stands there: a tree has one."""
    above: dict[str, str] = {}
    for _number, row in _by_heading(rows):
        if row.get("concepturi") and row.get("broaderuri"):
            above.setdefault(row["concepturi"], row["broaderuri"])
    return above


def _file(
    concepts: Iterable[Item], above: Mapping[str, str], language: str, remarks: Remarks, *, flat: bool
) -> FrameworkFile:
    known = list(concepts)
    uris = {item.uri for item in known}
    placed = [
        replace(item, parent_uri=above.get(item.uri, "") if above.get(item.uri) in uris else "") for item in known
    ]
    return FrameworkFile(
        source="ESCO",
        name="ESCO",
        publisher="European Commission",
        uri=ESCO_URI,
        url=ESCO_PAGE,
        language=language.casefold(),
        items=items.checked(placed, remarks, flat=flat),
        remarks=remarks.all(),
    )
