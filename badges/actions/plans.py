"""The life of a plan: brought as a table, corrected, made into drafts, undone. See also `forgotten_plans`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from badges.actions.badge_classes import (
    AlignmentFields,
    BadgeFields,
    StepFields,
    create_drafts,
    delete_drafts,
)
from badges.actions.planning import PlanFields, plan_drafts
from badges.models import BadgeClass, Competency, EarningStep, Plan, PlanRow, StepKind
from badges.plans.columns import FIELDS, guess_layout
from badges.plans.drafts import MAKE_ANYWAY, PlannedRow
from badges.plans.grids import trimmed, turned
from badges.plans.known import ReadPlan, read_plan, rows_of
from badges.plans.reading import Brought
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.audit.models import AuditEvent
from badgeserver.errors import UserFacingError
from badgeserver.tabular import clean_cell, folded
from issuers.models import Department, Issuer, JobRole, Organisation

#: So much of what is typed into one cell of the preview is kept; the fields say what fits.
MAX_CELL = 20_000
_BATCH = 200

_T = TypeVar("_T", Department, JobRole)


class PlanRefused(UserFacingError):
    """The plan as it stands does not allow this act."""

    code = "plan_refused"


class CellRefused(UserFacingError):
    """What was typed cannot be kept."""

    code = "plan_cell_refused"


@transaction.atomic
def bring_plan(
    *, organisation: Organisation, issuer: Issuer, name: str, brought: Brought, by: User, at: datetime
) -> Plan:
    """Keep a table that was read, with its columns guessed, and return it. No badge is made yet."""
    plan = Plan(
        organisation=organisation,
        issuer=issuer,
        name=clean_cell(name)[:200] or _("Plan"),
        kind=brought.kind,
        tables=brought.tables,
        remarks=[remark[:500] for remark in brought.remarks[:20]],
        created_by=by,
        created_at=at,
    )
    _guess(plan)
    plan.save(force_insert=True)
    _record("plan.brought", plan, by=by, at=at, rows=len(rows_of(plan)) - plan.header_rows)
    return plan


@transaction.atomic
def read_plan_as(
    *,
    plan: Plan,
    by: User,
    at: datetime,
    table: int | None = None,
    header_rows: int | None = None,
    columns: Sequence[str] | None = None,
    turn: bool = False,
) -> Plan:
    """Read a plan in another way, and return it: another of its tables, turned, other headings, other columns.

    Another table, and a turned one, are guessed anew, and what was changed in rows is forgotten. Raises `PlanRefused`
    once drafts were made of it, and for what the plan has not.
    """
    locked = _locked(plan)
    if locked.rows.filter(badge_class__isnull=False).exists():
        raise PlanRefused(_("Drafts were made of this plan already. Undo them first, then read it in another way."))
    if table is not None and table != locked.table:
        if not 0 <= table < len(locked.tables):
            raise PlanRefused(_("This plan has no such table. Choose one of the list."))
        locked.table = table
        _guess(locked)
        locked.rows.all().delete()
    elif turn:
        one = locked.tables[locked.table]
        one["rows"], one["turned"] = trimmed(turned(one["rows"])), not one.get("turned", False)
        _guess(locked)
        locked.rows.all().delete()
    else:
        rows = rows_of(locked)
        if header_rows is not None and header_rows != locked.header_rows:
            if not 0 <= header_rows < max(len(rows), 1):
                raise PlanRefused(_("This table has no such row. Choose one of the list."))
            locked.header_rows = header_rows
        if columns is not None:
            locked.columns = _sound_columns(columns, width=max(map(len, rows), default=0))
    locked.save(update_fields=["table", "tables", "header_rows", "columns"])
    _record("plan.read", locked, by=by, at=at)
    return locked


@transaction.atomic
def change_plan_row(*, plan: Plan, position: int, changes: Mapping[str, str], by: User, at: datetime) -> PlanRow:  # noqa: ARG001 -- the trail tells of the drafts, not of each cell
    """Keep what was typed about one row (field → text, as in its cells), and return it.

    `MAKE_ANYWAY` among the changes makes a row whose badge there is already; with “” it is taken back. Raises
    `PlanRefused` for a row that is not there or has its draft, and `CellRefused`.
    """
    row = _row(_locked(plan), position)
    kept = dict(row.changes)
    for key, text in changes.items():
        if key == MAKE_ANYWAY:
            kept.pop(key, None)
            if text:
                kept[key] = "1"
        elif key in FIELDS:
            if len(text) > MAX_CELL:
                raise CellRefused(_("This is far too long for a badge. Shorten it."), field=key)
            kept[key] = clean_cell(text)
        else:
            raise CellRefused(_("A badge has no such field. Load the page again."), field=key)
    row.changes = kept
    row.save()
    return row


@transaction.atomic
def leave_out_plan_row(*, plan: Plan, position: int, is_left_out: bool, by: User, at: datetime) -> PlanRow:  # noqa: ARG001 -- see `change_plan_row`
    """Leave a row out, or take it in again, and return it. Raises `PlanRefused`."""
    row = _row(_locked(plan), position)
    row.is_left_out = is_left_out
    row.save()
    return row


@transaction.atomic
def make_drafts(*, plan: Plan, by: User, at: datetime, make_missing: bool = True) -> list[BadgeClass]:
    """Make a draft of every row that is ready, and return them in their order; all of them, or none.

    `make_missing` makes the departments and roles that the organisation does not have yet; without it badges are for
    those alone that it has. A row that has its draft is not made again: a second call makes nothing. Raises
    `PlanRefused` when no row is ready and none was made, and what `plan_drafts` raises.
    """
    locked = _locked(plan)
    read = read_plan(locked, today=at.date())
    if not read.ready:
        if any(row.is_done for row in read.rows):
            return []
        raise PlanRefused(_("No row is ready to become a draft. Give at least one of them a name."))
    maker = _Maker(locked, read, by=by, at=at, make_missing=make_missing)
    made = maker.make()
    locked.finished_at = at
    locked.save(update_fields=["finished_at"])
    _record("plan.drafted", locked, by=by, at=at, count=len(made), names=[badge.name for badge in made][:50])
    return made


@transaction.atomic
def undo_drafts(*, plan: Plan, by: User, at: datetime) -> tuple[int, int]:
    """Delete the drafts of a plan that nobody has touched since; return how many went, and how many stay.

    The plan is as it was before, so that it can be corrected and made again.
    """
    locked = _locked(plan)
    ids = list(locked.rows.filter(badge_class__isnull=False).values_list("badge_class", flat=True))
    drafts = {one.pk: one for one in BadgeClass.objects.filter(pk__in=ids).select_for_update(of=("self",))}
    later = AuditEvent.objects.filter(
        subject_type=BadgeClass._meta.label_lower,  # noqa: SLF001 -- Django's documented Meta API
        subject_id__in=[str(pk) for pk in drafts],
    ).values_list("subject_id", "at")
    made_at = {str(pk): one.created_at for pk, one in drafts.items()}
    touched = {subject for subject, moment in later if moment > made_at[subject]}
    going = {
        pk
        for pk, one in drafts.items()
        if one.status == BadgeClass.Status.DRAFT and one.updated_at == one.created_at and str(pk) not in touched
    }
    gone = delete_drafts(drafts=[drafts[pk] for pk in ids if pk in going], by=by, at=at)
    if len(gone) == len(drafts):
        locked.finished_at = None
        locked.save(update_fields=["finished_at"])
    _record("plan.undone", locked, by=by, at=at, count=len(gone))
    return len(gone), len(drafts) - len(gone)


class _Maker:
    """Makes the drafts of the rows that are ready, and then what they say of one another."""

    def __init__(self, plan: Plan, read: ReadPlan, *, by: User, at: datetime, make_missing: bool) -> None:
        self._plan, self._read, self._by, self._at = plan, read, by, at
        organisation = plan.organisation
        if make_missing:
            # Two plans at once may both miss it.
            Department.objects.bulk_create(
                [Department(organisation=organisation, name=name) for name in read.new_departments],
                ignore_conflicts=True,
            )
            JobRole.objects.bulk_create(
                [JobRole(organisation=organisation, name=name) for name in read.new_job_roles], ignore_conflicts=True
            )
        self._departments = {folded(one.name): one for one in organisation.departments.all()}
        self._job_roles = {folded(one.name): one for one in organisation.job_roles.all()}
        self._issuers = {folded(one.name): one for one in organisation.issuers.select_related("organisation")}
        wanted = {one.competency for row in read.ready for one in row.draft.alignments if one.competency}
        self._competencies = {
            one.pk: one for one in Competency.objects.filter(pk__in=wanted, framework__organisation=organisation)
        }
        names = {step.badge for row in read.ready for step in row.draft.steps if step.badge}
        names |= {row.draft.next_badge for row in read.ready}
        there = {name: read.known.badges[name] for name in names if name in read.known.badges}
        found = BadgeClass.objects.of_organisation(organisation).select_related("issuer").in_bulk(list(there.values()))
        self._there = {name: found[pk] for name, pk in there.items() if pk in found}
        self._made: dict[str, BadgeClass] = {}
        self._asks: dict[str, set[str]] = {}

    def make(self) -> list[BadgeClass]:
        # Rows that were made before count too: the rest of a plan leads to them.
        done = {row.badge_class: folded(row.draft.name) for row in self._read.rows if row.is_done}
        earlier = BadgeClass.objects.select_related("issuer").in_bulk([pk for pk in done if pk])
        self._made = {name: earlier[pk] for pk, name in done.items() if pk in earlier}
        ready = self._read.ready
        drafts = [(self._issuers.get(row.draft.issuer) or self._own_issuer(), self._fields(row)) for row in ready]
        badges = create_drafts(drafts=drafts, by=self._by, at=self._at)
        made = list(zip(ready, badges, strict=True))
        for row, badge in made:
            self._made.setdefault(folded(row.draft.name), badge)
        self._keep_rows(made)
        self._link_steps(made)
        planned = [(badge, self._planning(row, badge)) for row, badge in made]
        plan_drafts(plans=planned, by=self._by, at=self._at)
        return badges

    def _keep_rows(self, made: Sequence[tuple[PlannedRow, BadgeClass]]) -> None:
        """Note in each row what became of it."""
        kept = {row.position: row for row in self._plan.rows.all()}
        new: list[PlanRow] = []
        for row, badge in made:
            one = kept.get(row.position)
            if one is None:
                one = PlanRow(plan=self._plan, position=row.position)
                new.append(one)
            one.badge_class, one.is_left_out = badge, False
        PlanRow.objects.bulk_update(kept.values(), ["badge_class", "is_left_out"], batch_size=_BATCH)
        PlanRow.objects.bulk_create(new, batch_size=_BATCH)

    def _own_issuer(self) -> Issuer:
        if self._plan.issuer is not None:
            return self._issuers.get(folded(self._plan.issuer.name), self._plan.issuer)
        first = self._plan.organisation.issuers.by_name().first()
        if first is None:
            raise PlanRefused(_("Set up an issuer first: somebody has to stand behind the badges."))
        return first

    def _fields(self, row: PlannedRow) -> BadgeFields:
        draft = row.draft
        return BadgeFields(
            name=draft.name,
            description=draft.description,
            image_alt=draft.image_alt,
            criteria_narrative=draft.criteria,
            steps=tuple(
                # A badge that is to be held is linked once all are there.
                StepFields(kind=StepKind.ON_THE_JOB if step.kind == StepKind.BADGE else step.kind, text=step.text,
                           url=step.url)
                for step in draft.steps
            ),
            learned=draft.learned,
            assessed=draft.assessed,
            applied=draft.applied,
            useful_for=draft.useful_for,
            alignments=tuple(
                AlignmentFields(
                    target_name=one.name,
                    target_url=one.url,
                    target_code=one.code,
                    target_framework=one.framework,
                    target_description=one.description,
                    competency=self._competencies.get(one.competency) if one.competency else None,
                )
                for one in draft.alignments
            ),
            tags=draft.tags,
            category=draft.category,
            purpose=draft.purpose,
            basis=draft.basis,
            level=draft.level,
            validity=draft.holds.kind,
            validity_months=draft.holds.months,
            validity_until=draft.holds.until,
        )  # fmt: skip

    def _link_steps(self, made: Sequence[tuple[PlannedRow, BadgeClass]]) -> None:
        asking = [badge for row, badge in made if any(step.badge for step in row.draft.steps)]
        there = {(one.badge_class_id, one.position): one for one in EarningStep.objects.filter(badge_class__in=asking)}
        linked: list[EarningStep] = []
        for row, badge in made:
            own = folded(row.draft.name)
            for position, step in enumerate(row.draft.steps):
                required = self._named(step.badge)
                if required is None or required.pk == badge.pk or self._leads_to(step.badge, own):
                    continue
                self._asks.setdefault(own, set()).add(step.badge)
                one, text = there[badge.pk, position], step.text
                if folded(text) == step.badge:
                    text = _("Hold “%(badge)s”") % {"badge": required}
                one.kind, one.required_badge, one.url, one.text = StepKind.BADGE, required, "", text[:300]
                linked.append(one)
        EarningStep.objects.bulk_update(linked, ["kind", "required_badge", "url", "text"], batch_size=_BATCH)

    def _leads_to(self, name: str, wanted: str) -> bool:
        """Whether a badge asks, itself or through others, for the wanted one: nobody could earn either."""
        waiting, seen = {name}, set[str]()
        while waiting:
            if wanted in waiting:
                return True
            seen |= waiting
            waiting = {asked for one in waiting for asked in self._asks.get(one, ())} - seen
        return False

    def _named(self, name: str) -> BadgeClass | None:
        return self._made.get(name) or self._there.get(name) if name else None

    def _planning(self, row: PlannedRow, badge: BadgeClass) -> PlanFields:
        draft = row.draft
        next_level = self._named(draft.next_badge)
        if next_level is not None and next_level.pk == badge.pk:
            next_level = None
        return PlanFields(
            visibility=draft.visibility,
            departments=_listed(draft.departments, self._departments),
            job_roles=_listed(draft.job_roles, self._job_roles),
            award_cap=draft.award_cap,
            next_level=next_level,  # the preview has said that it stays without, where it would go in a circle
        )


def _listed(names: Sequence[str], rows: Mapping[str, _T]) -> tuple[_T, ...]:
    return tuple(rows[folded(name)] for name in names if folded(name) in rows)


def _guess(plan: Plan) -> None:
    layout = guess_layout(rows_of(plan))
    plan.header_rows, plan.columns = layout.header_rows, layout.columns


def _sound_columns(columns: Sequence[str], *, width: int) -> list[str]:
    kept: list[str] = []
    for key in list(columns)[:width]:
        if key and key not in FIELDS:
            raise PlanRefused(_("A badge has no such field. Load the page again."))
        if key and key in kept and not FIELDS[key].several:
            raise PlanRefused(
                _("Two columns cannot both be the %(field)s. Choose one of them.") % {"field": FIELDS[key].label}
            )
        kept.append(key)
    return [*kept, *([""] * (width - len(kept)))]


def _locked(plan: Plan) -> Plan:
    """Load the plan again and hold it: what is made twice at once is made once."""
    found: Plan = Plan.objects.select_for_update(of=("self",)).select_related("organisation", "issuer").get(pk=plan.pk)
    return found


def _row(plan: Plan, position: int) -> PlanRow:
    if not plan.header_rows <= position < len(rows_of(plan)):
        raise PlanRefused(_("This plan has no such row. Load the page again."))
    row = PlanRow.objects.filter(plan=plan, position=position).first() or PlanRow(plan=plan, position=position)
    if row.badge_class_id:
        raise PlanRefused(_("This row has its draft already. Change it there."))
    return row


def _record(type: str, plan: Plan, *, by: User, at: datetime, **details: object) -> None:  # noqa: A002 -- the word of the trail
    audit.record(type, by=by, at=at, subject=plan, organisation_id=plan.organisation_id, details=details)
