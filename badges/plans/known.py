"""A plan beside what the organisation has already, in the same few queries whatever its size."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.db.models.functions import Lower

from badges.models import BadgeClass, Competency, Plan
from badges.plans import cells
from badges.plans.columns import headings
from badges.plans.drafts import Known, KnownCompetency, PlannedRow, RowNotes, State, planned_rows, texts_of
from badgeserver.openbadges.iris import is_http_url
from badgeserver.tabular import folded
from issuers.models import Organisation


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A plan, understood: the rows with what they become."""

    rows: list[PlannedRow]
    known: Known

    @property
    def ready(self) -> list[PlannedRow]:
        return [row for row in self.rows if row.state is State.READY]

    def row(self, position: int) -> PlannedRow | None:
        return next((row for row in self.rows if row.position == position), None)

    @property
    def new_departments(self) -> list[str]:
        return self._new("departments", self.known.departments)

    @property
    def new_job_roles(self) -> list[str]:
        return self._new("job_roles", self.known.job_roles)

    def _new(self, key: str, known: Mapping[str, str]) -> list[str]:
        names = {folded(name): name for row in reversed(self.ready) for name in getattr(row.draft, key)}
        return sorted(name for one, name in names.items() if one not in known)


def rows_of(plan: Plan) -> list[list[str]]:
    """Return the rows of the table that is the plan."""
    table = plan.tables[plan.table] if plan.table < len(plan.tables) else {"rows": []}
    rows: list[list[str]] = table["rows"]
    return rows


def headings_of(plan: Plan) -> list[str]:
    """Return the headings of its columns, as many as the table has columns."""
    rows = rows_of(plan)
    found = headings(rows[: plan.header_rows])
    width = max(map(len, rows), default=0)
    return [*found, *([""] * (width - len(found)))]


def read_plan(plan: Plan, *, today: date) -> ReadPlan:
    """Return what every row of a plan becomes, as it stands now."""
    rows = rows_of(plan)
    notes = {
        row.position: RowNotes(changes=row.changes, is_left_out=row.is_left_out, badge_class=row.badge_class_id)
        for row in plan.rows.all()
    }
    texts = [
        texts_of(row, plan.columns) | dict(notes[position].changes if position in notes else {})
        for position, row in enumerate(rows)
        if position >= plan.header_rows
    ]
    known = known_to(plan.organisation, alignments=[said.get("alignments", "") for said in texts])
    planned = planned_rows(
        rows,
        header_rows=plan.header_rows,
        headings=headings_of(plan),
        columns=plan.columns,
        notes=notes,
        known=known,
        today=today,
    )
    return ReadPlan(planned, known)


def known_to(organisation: Organisation, *, alignments: Iterable[str]) -> Known:
    """Return what the organisation has; of its competencies those that the cells of a plan could mean."""
    badges = BadgeClass.objects.of_organisation(organisation).current().order_by("created_at", "pk")
    return Known(
        departments=_by_name(organisation.departments.values_list("name", flat=True)),
        job_roles=_by_name(organisation.job_roles.values_list("name", flat=True)),
        issuers=_by_name(organisation.issuers.by_name().values_list("name", flat=True)),
        badges={folded(name): pk for pk, name in reversed(badges.values_list("pk", "name"))},
        competencies=_competencies(organisation, alignments),
    )


def _by_name(names: Iterable[str]) -> dict[str, str]:
    return {folded(name): name for name in names}


def _competencies(organisation: Organisation, alignments: Iterable[str]) -> dict[str, KnownCompetency]:
    skills = {skill for text in set(alignments) if text for skill in cells.skills(text)}
    if not skills:
        return {}
    wanted = (
        Q(uri__in={skill.url for skill in skills if skill.url})
        | Q(code__in={skill.code or skill.name for skill in skills})
        | Q(lower_name__in={skill.name.lower() for skill in skills if skill.name})
    )
    rows = (
        Competency.objects.filter(framework__organisation=organisation, framework__archived_at=None, retired_at=None)
        .annotate(lower_name=Lower("name"))
        .filter(wanted)
        .select_related("framework")
        .order_by("framework__name", "position", "pk")
    )
    found: dict[str, KnownCompetency] = {}
    for row in rows:
        url = next((one for one in (row.uri, row.framework.url, row.framework.uri) if is_http_url(one)), "")
        one = KnownCompetency(row.pk, row.name, row.code, url, row.framework.name)
        for key in (row.uri, folded(row.code), folded(row.name)):
            if key:
                found.setdefault(key, one)
    return found
