"""Bring a table of people: read it, show what would happen, and only then do it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from badgeserver.errors import UserFacingError
from badgeserver.tabular import DEFAULT_LIMITS, Sheet, TableRefused, read_pasted, read_table
from badgeserver.uploads import takes_files
from issuers.actions.roster import Layout, Roster, guess_layout, read_roster
from issuers.actions.workforce import ImportedPeople, compare_people, import_people
from issuers.forms import PeopleColumnsForm, PeopleFileForm
from issuers.queries import names_by_address
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

#: The table travels with its form, signed and packed: nothing of it lies on the server while somebody looks.
_SALT = "issuers.people.import"
_OPEN_FOR = 12 * 60 * 60
_TABLE_LIMIT = 6 * 1024 * 1024
_SHOWN_PEOPLE = 25
_SHOWN_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class _Table:
    packed: str
    source: str  # the name of the file, for people
    rows: list[list[str]]


@takes_files(DEFAULT_LIMITS.bytes)
@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_PEOPLE)
def import_table(request: WorkspaceRequest) -> HttpResponse:
    """Take a file or what was pasted (`step` is missing), show how it is read, and store it (`step` is “take”)."""
    if request.method != "POST":
        return _first_page(request, PeopleFileForm())
    if "table" not in request.POST:
        return _read(request)
    table = _unpacked(request)
    if table is None:
        messages.error(request, _("This took too long, or the table did not arrive whole. Please choose it again."))
        return redirect("issuers:import-people", request.workspace.organisation.slug)
    if request.POST.get("step") == "take":
        return _take(request, table)
    return _check_page(request, table)


def _read(request: WorkspaceRequest) -> HttpResponse:
    form = PeopleFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _first_page(request, form)
    file: UploadedFile | None = form.cleaned_data["file"]
    try:
        table = _packed(request, str(file.name)[:200] if file else "", _best(_sheets(file, form.cleaned_data["text"])))
    except TableRefused as refusal:
        form.add_error(refusal.field, refusal.message)
        return _first_page(request, form)
    return _check_page(request, table)


def _packed(request: WorkspaceRequest, source: str, sheet: Sheet) -> _Table:
    table = {"organisation": str(request.workspace.organisation.pk), "source": source, "rows": sheet.rows}
    packed = signing.dumps(table, salt=_SALT, compress=True)
    if len(packed) > _TABLE_LIMIT:
        raise TableRefused(_("This table is too large. Keep only the columns about people: name, e-mail, job."))
    return _Table(packed, source, sheet.rows)


def _sheets(file: UploadedFile | None, text: str) -> list[Sheet]:
    if file is None:
        return [read_pasted(text)]
    if (file.size or 0) > DEFAULT_LIMITS.bytes:
        raise TableRefused(_("This file is larger than 10 MB. Keep only the table in it, without pictures."))
    return read_table(file.read())


def _best(sheets: list[Sheet]) -> Sheet:
    """Return the first sheet that looks like people, else the first."""
    return next((sheet for sheet in sheets if guess_layout(sheet.rows).is_enough), sheets[0])


def _unpacked(request: WorkspaceRequest) -> _Table | None:
    packed = request.POST.get("table", "")
    try:
        read = signing.loads(packed, salt=_SALT, max_age=_OPEN_FOR)
    except signing.BadSignature:
        return None
    if read["organisation"] != str(request.workspace.organisation.pk):
        return None
    return _Table(packed, read["source"], read["rows"])


def _take(request: WorkspaceRequest, table: _Table) -> HttpResponse:
    organisation = request.workspace.organisation
    _form, _layout, roster = _understood(request, table)
    if not roster.people:
        return _check_page(request, table)
    try:
        done = import_people(
            organisation=organisation,
            people=[row.fields for row in roster.people],
            by=request.user,
            at=timezone.now(),
        )
    except UserFacingError as refusal:
        messages.error(request, refusal.message)
        return _check_page(request, table)
    messages.success(request, _told(done))
    return redirect("assertions:people", organisation.slug)


def _understood(request: WorkspaceRequest, table: _Table) -> tuple[PeopleColumnsForm, Layout, Roster]:
    guessed = guess_layout(table.rows)
    bound = request.POST if "heading_row" in request.POST else None
    head = table.rows[guessed.heading_row - 1] if guessed.heading_row else []
    headings = [head[at] if at < len(head) else "" for at in range(len(guessed.columns))]
    form = PeopleColumnsForm(bound, guessed=guessed, headings=headings)
    layout = form.layout()
    known = names_by_address(request.workspace.organisation)
    return form, layout, read_roster(table.rows, layout, known=known)


def _told(done: ImportedPeople) -> str:
    parts = []
    if done.added:
        parts.append(ngettext("%(n)s person added", "%(n)s people added", done.added) % {"n": done.added})
    if done.changed:
        parts.append(
            ngettext("%(n)s brought up to date", "%(n)s brought up to date", done.changed) % {"n": done.changed}
        )
    if done.unchanged:
        parts.append(ngettext("%(n)s known already", "%(n)s known already", done.unchanged) % {"n": done.unchanged})
    return f"{', '.join(parts)}."


def _first_page(request: WorkspaceRequest, form: PeopleFileForm) -> HttpResponse:
    return render(request, "issuers/people_import.html", {"form": form}, status=422 if form.errors else 200)


def _check_page(request: WorkspaceRequest, table: _Table) -> HttpResponse:
    form, layout, roster = _understood(request, table)
    fates = compare_people(organisation=request.workspace.organisation, people=[row.fields for row in roster.people])
    samples = [row for row in table.rows[layout.heading_row :] if row][:3]
    columns: list[dict[str, Any]] = [
        {"field": field, "samples": [row[at] if at < len(row) else "" for row in samples]}
        for at, field in enumerate(form.columns)
    ]
    context = {
        "form": form,
        "table": table,
        "columns": columns,
        "is_enough": layout.is_enough,
        "people": [(row, fate) for row, fate in zip(roster.people, fates, strict=True)][:_SHOWN_PEOPLE],
        "count": len(roster.people),
        "more_people": max(0, len(roster.people) - _SHOWN_PEOPLE),
        "problems": roster.problems[:_SHOWN_PROBLEMS],
        "problem_count": len(roster.problems),
        "more_problems": max(0, len(roster.problems) - _SHOWN_PROBLEMS),
        "added": fates.count("added"),
        "changed": fates.count("changed"),
        "unchanged": fates.count("unchanged"),
    }
    return render(request, "issuers/people_import_check.html", context)
