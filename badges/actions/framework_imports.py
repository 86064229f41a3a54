"""A framework file on its way in: kept, read and compared, shown, and only then taken over, in one transaction."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from badges import tasks
from badges.frameworks.comparison import Comparison, compare
from badges.frameworks.items import FrameworkFile, FrameworkFileRefused, Item, Remark, one_line, shortened
from badges.frameworks.own_table import ROLES
from badges.frameworks.reading import read_framework_file, refuse_size
from badges.insights.frameworks import AWARDED
from badges.models import Alignment, Competency, CompetencyLevel, Framework, FrameworkImport, FrameworkSource
from badges.models.framework import search_text
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError
from badgeserver.openbadges.iris import is_http_url
from issuers.models import Organisation

#: Up to so much is read while its sender waits, and up to so many items are taken over; the rest is a worker's work.
READ_AT_ONCE_BYTES, APPLY_AT_ONCE_ITEMS = 200_000, 500
MOST_ATTEMPTS = 3
SWEEP_LIMIT = 100
CLEAR_LIMIT = 1_000
#: A file that was brought is kept for so long; see docs/operating.md.
KEPT_FOR = timedelta(days=30)
EXAMPLES = 8
BATCH = 2_000

State = FrameworkImport.State


class ImportRefused(UserFacingError):
    """An act that the present state of an import does not allow."""

    code = "framework_import_refused"


def bring_framework_file(
    *,
    organisation: Organisation,
    file_name: str,
    data: bytes,
    by: User,
    at: datetime,
    framework: Framework | None = None,
    name: str = "",
    language: str = "",
) -> FrameworkImport:
    """Keep a file and have it read and compared, with `framework` if it is a newer version of that one.

    A small file is compared when this returns; larger ones are read by a worker. Raises `FrameworkFileRefused` for a
    file that is empty or too large; what else is wrong with it is told by the row (`problem`, `problems`).
    """
    refuse_size(len(data))
    if not data.strip():
        raise FrameworkFileRefused(_("This file is empty. Choose the file that has the skills."))
    if framework is not None and framework.organisation_id != organisation.pk:
        raise ImportRefused(_("Choose one of your own frameworks."), field="framework")
    made = FrameworkImport(
        organisation=organisation,
        framework=framework,
        file_name=one_line(PurePath(file_name.replace("\x00", "")).name)[:200] or "file",
        chosen={"name": name, "language": language},
        started_by=by,
        created_at=at,
        queued_at=at,
    )
    with transaction.atomic():
        made.file.save("file", ContentFile(data), save=False)
        made.save(force_insert=True)
        if len(data) > READ_AT_ONCE_BYTES:
            transaction.on_commit(lambda: _queue([str(made.pk)]), robust=True)
            return made
    return read_import(framework_import=made, at=at)


def read_again(
    *, framework_import: FrameworkImport, flat: bool, at: datetime, columns: Sequence[str] | None = None
) -> FrameworkImport:
    """Read a file anew, without its hierarchy if `flat`, its columns as `columns` say (of `ROLES`, or “”).

    Raises `ImportRefused` once it was taken over, and for columns that make no framework.
    """
    if columns is not None:
        _refuse_columns(columns)
    with transaction.atomic():
        locked = _locked(framework_import)
        if locked.state not in {State.READ, State.REFUSED}:
            raise ImportRefused(_("This file is being worked on, or was taken over already."))
        locked.chosen = {**locked.chosen, "flat": flat, "attempts": 0}
        if columns is not None:
            locked.chosen["columns"] = list(columns)
        locked.state, locked.queued_at, locked.problem, locked.problems = State.WAITING, at, "", []
        locked.finished_at = None
        locked.save()
        if locked.file.size > READ_AT_ONCE_BYTES:
            transaction.on_commit(lambda: _queue([str(locked.pk)]), robust=True)
            return locked
    return read_import(framework_import=locked, at=at)


def read_import(*, framework_import: FrameworkImport, at: datetime) -> FrameworkImport:
    """Read and compare what waits. Done once, however often called; after `MOST_ATTEMPTS` beginnings it is given up."""
    begun = _begin(framework_import, State.WAITING, at=at)
    if begun is None:
        framework_import.refresh_from_db()
        return framework_import
    try:
        file = _read(begun)
        with transaction.atomic():
            locked = _locked(begun)
            if locked.state != State.WAITING:
                return locked
            return _show(locked, file)
    except UserFacingError as refusal:
        return _refuse(begun, refusal, at=at)


@transaction.atomic
def apply_import(*, framework_import: FrameworkImport, by: User, at: datetime) -> FrameworkImport:
    """Take over what was read: at once if it is little, else by a worker. Raises `ImportRefused` in any other state."""
    locked = _locked(framework_import)
    if locked.state != State.READ:
        raise ImportRefused(
            _("This file is being taken over, or was already.")
            if locked.state in {State.APPLYING, State.DONE}
            else _("This file was not read yet. Wait a moment, or bring it again.")
        )
    locked.state, locked.queued_at, locked.started_by = State.APPLYING, at, by
    locked.chosen = {**locked.chosen, "attempts": 0}
    locked.save(update_fields=["state", "queued_at", "started_by", "chosen"])
    if locked.total > APPLY_AT_ONCE_ITEMS:
        transaction.on_commit(lambda: _queue([str(locked.pk)]), robust=True)
        return locked
    return take_over(framework_import=locked, at=at)


def take_over(*, framework_import: FrameworkImport, at: datetime) -> FrameworkImport:
    """Do what `apply_import` asked for, in one transaction. Done once, however often called."""
    begun = _begin(framework_import, State.APPLYING, at=at)
    if begun is None:
        framework_import.refresh_from_db()
        return framework_import
    try:
        file = _read(begun)
        with transaction.atomic():
            locked = _locked(begun)
            return locked if locked.state != State.APPLYING else _apply(locked, file, at=at)
    except UserFacingError as refusal:
        return _refuse(begun, refusal, at=at)


@transaction.atomic
def discard_import(*, framework_import: FrameworkImport) -> None:
    """Forget a file that was not taken over. Raises `ImportRefused` for one that is or was."""
    locked = _locked(framework_import)
    if locked.state in {State.APPLYING, State.DONE}:
        raise ImportRefused(_("This file is being taken over, or was already."))
    name, storage = str(locked.file.name), locked.file.storage
    locked.delete()
    transaction.on_commit(lambda: storage.delete(name), robust=True)


def clear_old_imports(*, at: datetime) -> int:
    """Delete the files that were read, refused or taken over thirty days ago; return how many those were.

    What they brought stays, and the trail tells of it.
    """
    with transaction.atomic():
        old = FrameworkImport.objects.filter(created_at__lt=at - KEPT_FOR).exclude(
            state__in=[State.WAITING, State.APPLYING]
        )
        going = list(old.select_for_update(of=("self",), skip_locked=True)[:CLEAR_LIMIT])
        for one in going:
            name, storage = str(one.file.name), one.file.storage
            transaction.on_commit(lambda name=name, storage=storage: storage.delete(name), robust=True)  # type: ignore[misc]
        FrameworkImport.objects.filter(pk__in=[one.pk for one in going]).delete()
    return len(going)


def queue_unfinished_imports(*, queued_before: datetime, at: datetime) -> int:
    """Queue again what was queued before that moment and never finished; return how much that was."""
    with transaction.atomic():
        waiting = list(
            FrameworkImport.objects.filter(state__in=[State.WAITING, State.APPLYING], queued_at__lt=queued_before)
            .select_for_update(skip_locked=True)
            .order_by("queued_at")
            .values_list("pk", flat=True)[:SWEEP_LIMIT]
        )
        FrameworkImport.objects.filter(pk__in=waiting).update(queued_at=at)
    _queue([str(pk) for pk in waiting])
    return len(waiting)


def _queue(ids: Sequence[str]) -> None:
    for one in ids:
        tasks.go_on_with_framework_import.delay(import_id=one)


def _locked(framework_import: FrameworkImport) -> FrameworkImport:
    return (
        FrameworkImport.objects.select_for_update(of=("self",))
        .select_related("organisation", "framework", "started_by")
        .get(pk=framework_import.pk)
    )


@transaction.atomic
def _begin(framework_import: FrameworkImport, state: str, *, at: datetime) -> FrameworkImport | None:
    """Count a beginning, so that a file that kills its worker does so thrice, not for ever."""
    locked = _locked(framework_import)
    if locked.state != state:
        return None
    attempts = int(locked.chosen.get("attempts", 0))
    if attempts >= MOST_ATTEMPTS:
        problem = _("This was broken off several times, and was given up. Bring a smaller part of the framework.")
        _refuse(locked, ImportRefused(problem), at=at)
        return None
    locked.chosen = {**locked.chosen, "attempts": attempts + 1}
    locked.save(update_fields=["chosen"])
    return locked


def _read(framework_import: FrameworkImport) -> FrameworkFile:
    try:
        with framework_import.file.open("rb") as file:
            data = file.read()
    except FileNotFoundError as error:
        raise ImportRefused(_("The file is no longer here. Bring it again.")) from error
    flat = bool(framework_import.chosen.get("flat"))
    columns = framework_import.chosen.get("columns")
    return read_framework_file(data, file_name=framework_import.file_name, flat=flat, columns=columns)


def _refuse_columns(columns: Sequence[str]) -> None:
    if any(role and role not in ROLES for role in columns):
        raise ImportRefused(_("A skill has no such field. Load the page again."))
    if "name" not in columns:
        raise ImportRefused(_("Say which column has the names of the skills."))
    twice = next((role for role in ROLES if columns.count(role) > 1), None)
    if twice:
        raise ImportRefused(_("Two columns cannot both be “%(field)s”. Choose one of them.") % {"field": ROLES[twice]})


def _refuse(framework_import: FrameworkImport, refusal: UserFacingError, *, at: datetime) -> FrameworkImport:
    framework_import.state, framework_import.finished_at = State.REFUSED, at
    framework_import.problem = refusal.message[:500]
    framework_import.problems = _told(refusal.remarks) if isinstance(refusal, FrameworkFileRefused) else []
    is_circle = isinstance(refusal, FrameworkFileRefused) and refusal.is_circle
    table = refusal.table if isinstance(refusal, FrameworkFileRefused) else []
    framework_import.changes = {"is_circle": is_circle, "table": [asdict(column) for column in table]}
    framework_import.save(update_fields=["state", "finished_at", "problem", "problems", "changes"])
    return framework_import


def _told(remarks: Sequence[Remark]) -> list[dict[str, object]]:
    return [asdict(remark) for remark in remarks]


# --- Comparing -------------------------------------------------------------------------------------------------


def _show(framework_import: FrameworkImport, file: FrameworkFile) -> FrameworkImport:
    framework = _target(framework_import, file)
    existing = list(framework.competencies.all()) if framework else []
    found = compare(existing, file)
    framework_import.framework = framework
    framework_import.source = file.source
    framework_import.total = len(file.items)
    framework_import.changes = {
        **_counts(found),
        "name": framework.name if framework else _name_for(framework_import, file),
        "publisher": file.publisher,
        "version": file.version,
        "levels": [asdict(level) for level in file.levels],
        "columns": file.columns,
        "table": [asdict(column) for column in file.table],
        "examples": _examples(found),
    }
    framework_import.problems = _told(file.remarks)
    framework_import.state = State.READ
    framework_import.save()
    return framework_import


def _target(framework_import: FrameworkImport, file: FrameworkFile) -> Framework | None:
    """Return the framework to update, or None for a new one. Raises `ImportRefused` for a file of another kind."""
    framework = framework_import.framework or _known_framework(framework_import, file)
    if framework is not None and not framework.is_written_here and framework.source != file.source:
        raise ImportRefused(
            _(
                "“%(framework)s” comes from %(kind)s, and this file is something else: taking it over would retire "
                "everything. Choose its own newer file, or bring this one as a framework of its own."
            )
            % {"framework": framework, "kind": framework.get_source_display()}
        )
    return framework


def _known_framework(framework_import: FrameworkImport, file: FrameworkFile) -> Framework | None:
    """Return the framework that this file is a newer version of, or None for one that is new here.

    Raises `ImportRefused` for a name that another framework has.
    """
    mine = Framework.objects.of_organisation(framework_import.organisation)
    chosen = str(framework_import.chosen.get("name", ""))
    if file.uri and not chosen:
        known = mine.filter(uri=file.uri).order_by("created_at").first()
        if known is not None:
            return known
    name = _name_for(framework_import, file)
    same = mine.filter(name=name).first()
    if same is None:
        return None
    if not chosen and same.source in {file.source, FrameworkSource.OWN}:
        return same
    raise ImportRefused(
        _("You have a framework called “%(name)s” already. Bring the file again to update it, or give another name.")
        % {"name": name}
    )


def _name_for(framework_import: FrameworkImport, file: FrameworkFile) -> str:
    chosen = str(framework_import.chosen.get("name", ""))
    if not chosen and not file.name and file.source == FrameworkSource.RSD and len(file.items) == 1:
        chosen = _("Open Skills")
    stem = PurePath(framework_import.file_name).stem.replace("_", " ").strip()
    return shortened(one_line(chosen or file.name or stem) or _("Framework"), 200)


def _counts(found: Comparison) -> dict[str, int]:
    return {
        "new": len(found.new),
        "changed": len(found.changed),
        "renamed": sum("name" in change.what for change in found.changed),
        "unchanged": len(found.unchanged),
        "retired": len(found.retired),
    }


def _examples(found: Comparison) -> dict[str, list[dict[str, Any]]]:
    renamed_first = sorted(found.changed, key=lambda change: "name" not in change.what)[:EXAMPLES]
    badges = _badges_of(found.retired)
    used_first = sorted(found.retired, key=lambda one: -badges.get(one.pk, 0))[:EXAMPLES]
    return {
        "new": [{"name": shortened(item.name, 120), "code": item.code} for item in found.new[:EXAMPLES]],
        "changed": [
            {
                "before": shortened(change.competency.name, 120),
                "name": shortened(change.item.name, 120),
                "code": change.item.code,
                "what": change.what,
            }
            for change in renamed_first
        ],
        "retired": [
            {"name": shortened(one.name, 120), "code": one.code, "badges": badges.get(one.pk, 0)} for one in used_first
        ],
    }


def _badges_of(competencies: Sequence[Competency]) -> dict[uuid.UUID, int]:
    counts: dict[uuid.UUID, int] = {}
    if competencies:
        # What badges name is little; what a framework loses may be all of it.
        named = Alignment.objects.filter(
            competency__framework=competencies[0].framework_id, badge_class__status__in=AWARDED
        )
        for pk in named.values_list("competency_id", flat=True):
            if pk is not None:
                counts[pk] = counts.get(pk, 0) + 1
    return counts


# --- Taking over -----------------------------------------------------------------------------------------------


def _apply(framework_import: FrameworkImport, file: FrameworkFile, *, at: datetime) -> FrameworkImport:
    framework = _framework_for(framework_import, file, at=at)
    found = compare(list(framework.competencies.all()), file)
    made = _made(framework, found.new, at=at)
    Competency.objects.bulk_create(made.values(), batch_size=BATCH)
    known = {**found.known, **made}
    _write_words(found, at=at)
    _write_places(file.items, known)
    ids = [one.pk for one in found.retired]
    for start in range(0, len(ids), BATCH):
        Competency.objects.filter(pk__in=ids[start : start + BATCH]).update(retired_at=at, updated_at=at)
    if file.levels:
        framework.levels.all().delete()
        CompetencyLevel.objects.bulk_create(
            CompetencyLevel(framework=framework, **asdict(level)) for level in file.levels
        )
    counts = _counts(found)
    framework_import.framework, framework_import.state, framework_import.finished_at = framework, State.DONE, at
    framework_import.done = framework_import.total = len(file.items)
    framework_import.changes = {**framework_import.changes, **counts}
    framework_import.save()
    audit.record(
        "framework.imported",
        by=framework_import.started_by,
        at=at,
        subject=framework,
        organisation_id=framework.organisation_id,
        details={**counts, "file": framework_import.file_name, "source": file.source},
    )
    return framework_import


def _framework_for(framework_import: FrameworkImport, file: FrameworkFile, *, at: datetime) -> Framework:
    """Return the framework to write into, held; a new one if the file is none of ours."""
    framework = _target(framework_import, file)
    if framework is None:
        framework = Framework(
            organisation=framework_import.organisation, name=_name_for(framework_import, file), created_at=at
        )
        framework.language = str(framework_import.chosen.get("language") or file.language or "en")[:20]
    else:
        framework = Framework.objects.select_for_update(of=("self",)).get(pk=framework.pk)
        # Whoever edits by hand and brings tables too, keeps editing by hand.
        framework.language = str(framework_import.chosen.get("language") or framework.language)[:20]
    framework.source = file.source
    for name, limit in (("description", 5_000), ("publisher", 200), ("uri", 500), ("version", 60)):
        said = getattr(file, name)
        if said:
            setattr(framework, name, said[:limit])
    if file.url and is_http_url(file.url):
        framework.url = file.url
    framework.updated_at = framework.imported_at = at
    try:
        with transaction.atomic():
            framework.save()
    except IntegrityError as error:  # somebody else took the name in this moment
        raise ImportRefused(_("A framework of this name was made meanwhile. Bring the file again.")) from error
    return framework


def _made(framework: Framework, items: Sequence[Item], *, at: datetime) -> dict[str, Competency]:
    # A row that is called otherwise by now may still hold the key that its old name made.
    here = set(framework.competencies.values_list("uri", flat=True))
    made = {
        item.uri: Competency(framework=framework, uri=uuid.uuid4().urn if item.uri in here else item.uri, updated_at=at)
        for item in items
    }
    for item in items:
        _say(made[item.uri], item)
    return made


def _say(competency: Competency, item: Item) -> None:
    competency.name, competency.code, competency.kind = item.name, item.code, item.kind
    competency.description, competency.position = item.description, item.position
    competency.other_names = shortened("\n".join(item.other_names), 5_000)
    competency.search = search_text(item.name, item.code, item.other_names)


def _write_words(found: Comparison, *, at: datetime) -> None:
    changed: list[Competency] = []
    for change in found.changed:
        _say(change.competency, change.item)
        change.competency.retired_at, change.competency.updated_at = None, at
        _adopt_address(change.competency, change.item)
        changed.append(change.competency)
    for competency, item in found.unchanged:
        if competency.position != item.position or (competency.uri != item.uri and is_http_url(item.uri)):
            competency.position = item.position
            _adopt_address(competency, item)
            changed.append(competency)
    names = [
        "uri",
        "code",
        "name",
        "description",
        "kind",
        "other_names",
        "search",
        "position",
        "retired_at",
        "updated_at",
    ]
    Competency.objects.bulk_update(changed, names, batch_size=BATCH)


def _adopt_address(competency: Competency, item: Item) -> None:
    """Take the publisher's address, if it gives one now; a made one stays as it is."""
    if is_http_url(item.uri):
        competency.uri = item.uri


def _write_places(items: Sequence[Item], known: Mapping[str, Competency]) -> None:
    moved: list[Competency] = []
    for item in items:
        competency = known[item.uri]
        parent = known.get(item.parent_uri)
        successor = known.get(item.successor_uri)
        if (competency.parent_id, competency.successor_id) != (parent and parent.pk, successor and successor.pk):
            competency.parent, competency.successor = parent, successor
            moved.append(competency)
    Competency.objects.bulk_update(moved, ["parent", "successor"], batch_size=BATCH)
