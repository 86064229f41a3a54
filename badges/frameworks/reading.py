"""The one way into the readers: bytes in, a framework out, whatever it is called."""

import json
from collections.abc import Sequence

from django.utils.translation import gettext as _

from badges.frameworks.case import is_case, read_case
from badges.frameworks.esco import LIMITS, is_esco_head, read_esco_archive, read_esco_table
from badges.frameworks.items import MAX_BYTES, FrameworkFile, FrameworkFileRefused
from badges.frameworks.open_skills import is_open_skills, read_open_skills
from badges.frameworks.own_table import read_own_table
from badgeserver.tabular import Kind, Sheet, TableRefused, decode, kind_of, read_delimited, read_table


def read_framework_file(
    data: bytes, *, file_name: str = "", flat: bool = False, columns: Sequence[str] | None = None
) -> FrameworkFile:
    """Return what a file says, whichever of the formats it is in; `flat` leaves its hierarchy out.

    `columns` says what each column of a table is, where its headings do not (see `read_own_table`).

    Its content tells the format; the name is asked for a language alone. Raises `FrameworkFileRefused` with a sentence
    for everything that is none, and for what cannot be taken.
    """
    refuse_size(len(data))
    if not data.strip():
        raise FrameworkFileRefused(_("This file is empty. Choose the file that has the skills."))
    try:
        return _read(data, file_name, flat=flat, columns=columns)
    except TableRefused as refusal:
        raise FrameworkFileRefused(refusal.message) from refusal


def refuse_size(size: int) -> None:
    """Raise `FrameworkFileRefused` for a file that is larger than is read."""
    if size > MAX_BYTES:
        raise FrameworkFileRefused(too_large())


def too_large() -> str:
    """Say that a file is larger than is read, and what to do."""
    sentence = _("This file is larger than %(megabytes)d MB. Bring the table of skills alone, or a part of it.")
    return sentence % {"megabytes": MAX_BYTES // (1024 * 1024)}


def _read(data: bytes, file_name: str, *, flat: bool, columns: Sequence[str] | None) -> FrameworkFile:
    kind = kind_of(data)
    if data.startswith(b"PK") and kind is Kind.OTHER:
        return read_esco_archive(data, flat=flat)
    if kind is not Kind.TEXT:
        return _read_sheet(_fullest(read_table(data, limits=LIMITS)), file_name, flat=flat, columns=columns)
    words = decode(data).lstrip("\ufeff \t\r\n")
    if words.startswith(("{", "[")):
        return _read_json(words, flat=flat)
    if words.startswith("<"):
        raise FrameworkFileRefused(
            _("This is a web page or XML, not a framework. Download it as CSV or JSON, then choose that file.")
        )
    return _read_sheet(read_delimited(words, limits=LIMITS), file_name, flat=flat, columns=columns)


def _fullest(sheets: list[Sheet]) -> Sheet:
    return max(sheets, key=lambda sheet: len(sheet.rows))


def _read_sheet(sheet: Sheet, file_name: str, *, flat: bool, columns: Sequence[str] | None) -> FrameworkFile:
    if columns is None and sheet.rows and is_esco_head(sheet.rows[0]):
        return read_esco_table(sheet, file_name=file_name, flat=flat)
    return read_own_table(sheet.rows, flat=flat, columns=columns)


def _read_json(words: str, *, flat: bool) -> FrameworkFile:
    try:
        document = json.loads(words)
    except RecursionError as error:
        raise FrameworkFileRefused(_("This JSON is nested far too deep to be a framework.")) from error
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        raise FrameworkFileRefused(
            _("This JSON breaks off or is damaged in line %(line)d. Download it again, then choose it.")
            % {"line": line}
            if line
            else _("This JSON is damaged. Download it again, then choose it.")
        ) from error
    if is_case(document):
        return read_case(document, flat=flat)
    if is_open_skills(document):
        return read_open_skills(document, flat=flat)
    raise FrameworkFileRefused(
        _(
            "This JSON is neither a CASE package (with CFDocument and CFItems) nor rich skill descriptors "
            "(with skillName). Choose one of these, or a table."
        )
    )
