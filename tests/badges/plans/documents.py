"""Documents for the tests, written the way word processors write them; nothing of it came from anybody."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

import openpyxl
from docx import Document

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

HEADINGS = ["Badge", "What it is about", "How to earn it", "Level", "Department", "Valid for", "Next badge", "Tags"]
#: A programme as an L&D team plans it: twelve badges, one of them with a level that nobody can tell.
PROGRAMME = [
    ["Active Listening", "Listens so that others say what matters.",
     "1. Course: Listening in conversations\n2. Lead three one-to-one talks\n3. A colleague observes one of them",
     "★★", "Customer Service, Sales", "2 years", "Difficult Conversations", "feedback, teamwork"],
    ["Difficult Conversations", "Speaks about conflicts early and kindly.", "Badge: Active Listening\nHold two talks",
     "3", "Customer Service", "2 years", "Coaching Conversations", "feedback"],
    ["Coaching Conversations", "Helps others find their own answers.", "Complete the coaching course", "Advanced",
     "Customer Service", "never", "", "feedback"],
    ["Forklift Safety", "Drives a forklift safely.", "Safety training\nDriving test", "2", "Warehouse", "12 months", "",
     "safety"],
    ["Crane Signals", "Guides a crane by hand signals.", "Pass the signals test", "2", "Warehouse", "31.12.2032", "",
     "safety"],
    ["First Aid", "Helps until the ambulance comes.", "First aid course", "1", "", "2 Jahre", "", "safety"],
    ["Fire Warden", "Leads people out of a building.", "Warden training; Evacuation drill", "2", "", "yearly", "",
     "safety"],
    ["Data Basics", "Reads tables and charts critically.", "E-learning: Data basics", "beginner", "", "never",
     "Data Analysis", "data"],
    ["Data Analysis", "Answers questions with data.", "Project: Answer one question of your team", "Analyse", "Finance",
     "36 months", "", "data"],
    ["Mentor", "Accompanies new colleagues.", "Mentor two colleagues for a year", "4", "", "never", "", "people"],
    ["Meeting Host", "Leads meetings that end in decisions.", "Host five meetings", "senior?", "", "never", "",
     "people"],
    ["Safety Ambassador", "Speaks up for safety every day.", "Report ten near misses", "5", "Warehouse", "1 year", "",
     "safety"],
]  # fmt: skip


def docx_plan(rows: Sequence[Sequence[str]] = PROGRAMME, headings: Sequence[str] = HEADINGS) -> bytes:
    document = Document()
    document.add_heading("Programme 2027", level=1)
    document.add_paragraph("What we want people to be able to do.")
    table = document.add_table(rows=0, cols=len(headings))
    for row in [headings, *rows]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    return saved(document)


def xlsx_plan(rows: Sequence[Sequence[object]] = PROGRAMME, headings: Sequence[str] = HEADINGS) -> bytes:
    workbook = openpyxl.Workbook()
    for row in [headings, *rows]:
        workbook.active.append(list(row))
    return saved(workbook)


def saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def tc(*paragraphs: str, span: int = 1, merge: str = "", raw: str = "") -> str:
    """One cell, as LibreOffice and Word write it: `merge` is “restart” or “continue”."""
    properties = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    if merge:
        properties += '<w:vMerge w:val="restart"/>' if merge == "restart" else "<w:vMerge/>"
    said = "".join(f"<w:p><w:r><w:t>{escape(one)}</w:t></w:r></w:p>" for one in paragraphs) or "<w:p/>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{said}{raw}</w:tc>"


def tbl(*rows: Sequence[str]) -> str:
    drawn = "".join("<w:tr>" + "".join(row) + "</w:tr>" for row in rows)
    return f"<w:tbl>{drawn}</w:tbl>"


def docx_of(body: str, *, before: str = "", relations: str = "") -> bytes:
    """A document around raw XML, with the fewest parts that it needs."""
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(
            "word/document.xml",
            f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document xmlns:w="{W}" xmlns:r="{links}">'
            f"<w:body>{body}</w:body></w:document>",
        )
        if relations:
            archive.writestr(
                "word/_rels/document.xml.rels",
                f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}'
                "</Relationships>",
            )
    return out.getvalue()
