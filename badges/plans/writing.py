"""A plan as a table to take away: one row a badge, in the columns that reading it knows again."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment as CellAlignment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from badges.models import Alignment, BadgeClass, Category, Level, Purpose, StepKind, Validity
from badges.plans.columns import FIELDS
from badges.plans.drafts import PlannedRow

#: The kinds of file, with the type that they are sent as.
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
#: A spreadsheet runs what begins like this.
_FORMULA = re.compile(r"^ *[=+\-@\t\r\n＝＋－＠]")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_WIDE = {"description", "steps", "criteria", "learned", "assessed", "applied", "useful_for", "alignments"}
#: The files say nothing of when they were made: the same plan gives the same file.
_MADE = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def write_table(kind: str, *, title: str, rows: Iterable[dict[str, str]], only_used: bool = True) -> bytes:
    """Return the rows (field → text) as a file of `kind`: “docx”, “xlsx” or “csv”.

    The columns of fields that no row says are left out with `only_used`; name, description and steps always stand.
    """
    listed = [{key: _UNWRITABLE.sub("", text) for key, text in row.items()} for row in rows]
    always = {"name", "description", "steps"}
    keys = [key for key in FIELDS if not only_used or key in always or any(row.get(key) for row in listed)]
    table = [[str(FIELDS[key].label) for key in keys], *([row.get(key, "") for key in keys] for row in listed)]
    if kind == "docx":
        return _docx(title, keys, table)
    if kind == "xlsx":
        return _xlsx(title, keys, table, with_help=not only_used)
    return _csv(table)


def write_template(kind: str) -> bytes:
    """Return a table to begin with: headings, what each column takes, and three examples that reading leaves out."""
    return write_table(kind, title=_("Badge plan"), rows=_examples(), only_used=False)


# --- What stands in the cells --------------------------------------------------------------------------------


def said_by_row(row: PlannedRow) -> dict[str, str]:
    """Return what a row of a plan says, with what was changed here: what was typed stays as it was typed."""
    return dict(row.said)


def said_by_badge(badge_class: BadgeClass) -> dict[str, str]:
    """Return what a badge says in the words of a plan; load steps, alignments, departments and roles along."""
    steps = [
        f"{number}. {_step_label(step.kind)}: {_line(step.text)}{f' ({step.url})' if step.url else ''}"
        if not step.required_badge
        else f"{number}. {_step_label(step.kind)}: {_held(step.text, step.required_badge.name)}"
        for number, step in enumerate(badge_class.earning_steps.all(), start=1)
    ]
    return {
        "name": badge_class.name,
        "description": badge_class.description,
        "issuer": badge_class.issuer.name,
        "level": f"{badge_class.level} {Level(badge_class.level).label}" if badge_class.level else "",
        "steps": "\n".join(steps),
        "criteria": badge_class.criteria_narrative,
        "learned": badge_class.learned,
        "assessed": badge_class.assessed,
        "applied": badge_class.applied,
        "useful_for": badge_class.useful_for,
        "category": str(Category(badge_class.category).label),
        "purpose": str(Purpose(badge_class.purpose).label),
        "basis": str(badge_class.get_basis_display()) if badge_class.basis else "",
        "departments": "\n".join(sorted(one.name for one in badge_class.departments.all())),
        "job_roles": "\n".join(sorted(one.name for one in badge_class.job_roles.all())),
        "alignments": "\n".join(_skill(one) for one in badge_class.alignments.all()),
        "tags": ", ".join(badge_class.tags),
        "validity": _validity(badge_class),
        "next_badge": badge_class.next_level.name if badge_class.next_level else "",
        "internal": _("yes") if badge_class.is_internal else "",
        "award_cap": str(badge_class.award_cap or ""),
        "image_alt": badge_class.image_alt,
    }


def _held(text: str, name: str) -> str:
    return _line(text) if f"“{name}”" in text else f"{_line(text)} “{name}”" if text != name else name


def _line(text: str) -> str:
    return " ".join(text.split())


def _step_label(kind: str) -> str:
    return str(StepKind(kind).label)


def _skill(alignment: Alignment) -> str:
    parts = [
        _line(alignment.target_name),
        f"[{alignment.target_code}]" if alignment.target_code else "",
        alignment.target_url,
        f"({alignment.target_framework})" if alignment.target_framework else "",
        f"– {_line(alignment.target_description)}" if alignment.target_description else "",
    ]
    return " ".join(part for part in parts if part)


def _validity(badge_class: BadgeClass) -> str:
    match badge_class.validity:
        case Validity.MONTHS:
            return _("%(n)d months") % {"n": badge_class.validity_months or 0}
        case Validity.UNTIL:
            return badge_class.validity_until.isoformat() if badge_class.validity_until else ""
    return ""


def _examples() -> list[dict[str, str]]:
    return [
        {
            "name": _("Example: Active Listening"),
            "description": _("Listens so that others say what matters, and repeats what was understood."),
            "level": "2",
            "steps": _(
                "Course: Listening in conversations\nWork: Lead three one-to-one talks\n"
                "Assessment: A colleague observes one of them"
            ),
            "learned": _("To ask open questions, to bear silence, to sum up."),
            "assessed": _("A trained observer watches one talk with a check list."),
            "category": str(Category.DURABLE.label),
            "departments": _("Customer Service, Sales"),
            "validity": _("2 years"),
            "next_badge": _("Example: Difficult Conversations"),
            "tags": _("feedback, teamwork"),
        },
        {
            "name": _("Example: Difficult Conversations"),
            "description": _("Speaks about conflicts early, clearly and kindly."),
            "level": "★★★",
            "steps": _("Badge: Example: Active Listening\nProject: Prepare and hold two difficult talks"),
            "category": str(Category.DURABLE.label),
            "job_roles": _("Team lead"),
            "validity": _("never"),
        },
        {
            "name": _("Example: Forklift Safety"),
            "description": _("Drives a forklift safely in the warehouse."),
            "level": _("Working"),
            "steps": _("1. Course: Safety instruction\n2. Assessment: Driving test"),
            "purpose": str(Purpose.COMPLIANCE.label),
            "alignments": "https://example.org/skills/forklift",
            "validity": _("12 months"),
            "internal": _("yes"),
        },
    ]


# --- Files ---------------------------------------------------------------------------------------------------


def _safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; reading takes the mark away again."""
    return f"'{text}" if _FORMULA.match(text) else text


def _csv(table: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([_safe(cell) for cell in row] for row in table)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", errors="replace")


def _xlsx(title: str, keys: Sequence[str], table: Sequence[Sequence[str]], *, with_help: bool) -> bytes:
    workbook = Workbook()
    workbook.properties.created = workbook.properties.modified = _MADE
    workbook.properties.creator = "badgeserver"
    sheet = workbook.active
    sheet.title = re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:31] or "Plan"
    for number, row in enumerate(table, start=1):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.value = text[:32_000]
            cell.data_type = "s"  # whatever it begins with, it is text
            cell.alignment = CellAlignment(wrap_text=True, vertical="top")
    for column, key in enumerate(keys, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = 44 if key in _WIDE else 20
        heading = sheet.cell(1, column)
        heading.font = Font(bold=True)
        heading.fill = PatternFill("solid", fgColor="E8ECFB")
        if with_help:
            heading.comment = Comment(str(FIELDS[key].help), "badgeserver", width=260, height=90)
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _docx(title: str, keys: Sequence[str], table: Sequence[Sequence[str]]) -> bytes:
    document = Document()
    document.core_properties.author = "badgeserver"
    document.core_properties.title = title
    document.core_properties.created = document.core_properties.modified = _MADE
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    # A3 where so many columns would be too narrow to read on A4.
    width, height = (42.0, 29.7) if len(keys) > 9 else (29.7, 21.0)
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(1.5)
    document.styles["Normal"].font.size = Pt(8 if len(keys) > 9 else 9)
    document.add_heading(title, level=1)
    grid = document.add_table(rows=0, cols=len(keys), style="Table Grid")
    shares = [2.4 if key in _WIDE else 1.2 for key in keys]
    widths = [Cm((width - 3.0) * share / sum(shares)) for share in shares]
    for number, row in enumerate(table):
        drawn = grid.add_row()
        properties = drawn._tr.get_or_add_trPr()  # noqa: SLF001 -- python-docx has no other way to these two
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            repeated = OxmlElement("w:tblHeader")
            repeated.set(qn("w:val"), "true")
            properties.append(repeated)
        for cell, text, cell_width in zip(drawn.cells, row, widths, strict=True):
            cell.width = cell_width
            cell.text = text
            if number == 0:
                for run in cell.paragraphs[0].runs:
                    run.font.bold = True
                    run.font.color.rgb = RGBColor(0x26, 0x3F, 0xBA)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def file_name(title: str, kind: str, *, at: datetime) -> str:
    """Return a name for the file, with the day in it, that every system takes."""
    plain = re.sub(r"[^\w-]+", "-", title).strip("-").lower()[:60] or "plan"
    return f"{plain}-{date_format(at, 'Y-m-d')}.{kind}"
