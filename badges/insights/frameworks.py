"""Frameworks and their competencies for pages: found while somebody types, browsed, and counted with their badges."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from badges.models import Alignment, BadgeClass, Competency, CompetencyLevel, Framework
from badgeserver.addresses import public_url
from badgeserver.openbadges.iris import is_http_url
from badgeserver.searching import searchable
from issuers.models import Organisation

#: What counts as a badge for a skill: somebody can be awarded it.
AWARDED = [BadgeClass.Status.PUBLISHED, BadgeClass.Status.PILOT]
MAX_WORDS = 8
#: A framework of up to so many competencies is shown as one tree; a larger one branch by branch.
WHOLE_TREE = 200

Competencies = QuerySet[Competency]


# --- Words and addresses -------------------------------------------------------------------------------------


def competency_url(competency: Competency) -> str:
    """Return the address that an alignment names: its publisher's, or our page of it (docs/adr/0018)."""
    if is_http_url(competency.uri):
        return competency.uri
    return public_url("public:competency", competency.pk)


def alignment_words(competency: Competency) -> dict[str, str]:
    """Return what an alignment says that was picked, cut to what its columns hold. `competency.framework` is read."""
    return {
        "target_name": _cut(competency.name, 200),
        "target_url": competency_url(competency),
        "target_code": competency.code,
        "target_framework": competency.framework.name,
        "target_description": _cut(" ".join(competency.description.split()), 1000),
    }


def _cut(words: str, limit: int) -> str:
    return words if len(words) <= limit else f"{words[: limit - 1].rstrip()}…"


def drafts_with_older_words(framework: Framework) -> list[Alignment]:
    """Return the alignments of drafts that say a skill in other words than the framework does now."""
    taken = (
        Alignment.objects.filter(competency__framework=framework, badge_class__status=BadgeClass.Status.DRAFT)
        .select_related("competency__framework", "badge_class")
        .order_by("badge_class__name", "badge_class_id", "position")
    )
    names = ("target_name", "target_code", "target_description")
    return [one for one in taken if one.competency and _differs(one, alignment_words(one.competency), names)]


def _differs(alignment: Alignment, words: dict[str, str], names: Sequence[str]) -> bool:
    return any(getattr(alignment, name) != words[name] for name in names)


# --- Found while somebody types ------------------------------------------------------------------------------


def offered_competencies(organisation: Organisation) -> Competencies:
    """Return what may be picked: not retired, of frameworks of the organisation that are not archived."""
    return Competency.objects.filter(
        framework__organisation=organisation, framework__archived_at=None, retired_at=None
    ).select_related("framework")


def matching(found: Competencies, query: str) -> Competencies:
    """Keep those that hold every word of the query, in name, code or other names."""
    for word in searchable(query).split()[:MAX_WORDS]:
        found = found.filter(search__contains=word)
    return found


def ranked(found: Competencies, query: str, organisation: Organisation) -> Competencies:
    """Order what matches: the whole name, its beginning, the beginning of words, inside them; used ones first."""
    words = searchable(query).split()[:MAX_WORDS]
    whole = " ".join(words)
    # Whoever gets so far holds no name that begins with the whole: a single word is not looked for there again.
    starts = Q()
    for word in words:
        begins = Q(search__contains=f" {word}")
        starts &= begins if len(words) == 1 else begins | Q(search__contains=f"\n{word}")
    number = IntegerField()
    names = Case(
        When(search__startswith=f"\n{whole}\n", then=0),
        When(search__contains=f"\n{whole}\n", then=1),
        When(search__startswith=f"\n{whole}", then=2),
        default=3,
        output_field=number,
    )
    used = Alignment.objects.filter(competency__isnull=False, badge_class__issuer__organisation=organisation).values(
        "competency_id"
    )
    return found.annotate(
        # Each look goes through a whole text: a name that begins so is looked for once, and what is said of it then.
        rank=Case(
            When(search__contains=f"\n{whole}", then=names), When(starts, then=4), default=5, output_field=number
        ),
        is_unused=Case(When(pk__in=used, then=Value(0)), default=Value(1), output_field=IntegerField()),
    ).order_by("rank", "is_unused", Length("name"), "name", "pk")


def found_while_typing(organisation: Organisation, query: str, *, most: int = 12) -> list[Competency]:
    """Return the competencies that somebody may mean, the likeliest first, each with `level_pairs` of its framework."""
    if not searchable(query):
        return []
    offered = offered_competencies(organisation)
    # The likeliest are chosen from ids alone: to carry thousands of whole rows to the sort would take longer than to
    # look through all texts.
    ids = ranked(matching(offered, query), query, organisation).values("pk", "is_unused")[:most]  # type: ignore[misc]
    unused = {one["pk"]: one["is_unused"] for one in ids}
    rows = offered.in_bulk(unused)
    found = [rows[pk] for pk in unused if pk in rows]
    levels = levels_of({one.framework_id for one in found})
    for one in found:
        one.is_unused = unused[one.pk]  # type: ignore[attr-defined]
        one.level_pairs = levels.get(one.framework_id, [])  # type: ignore[attr-defined]
    return found


def levels_of(frameworks: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[tuple[int, str]]]:
    """Return the number and name of each level, by framework."""
    asked = set(frameworks)
    return _by_framework(CompetencyLevel.objects.filter(framework__in=asked)) if asked else {}


def _by_framework(rows: "QuerySet[CompetencyLevel]") -> dict[uuid.UUID, list[tuple[int, str]]]:
    levels: dict[uuid.UUID, list[tuple[int, str]]] = {}
    said = rows.order_by("framework", "number").values_list("framework_id", "number", "name")
    for framework, number, name in said:
        levels.setdefault(framework, []).append((number, name))
    return levels


class Pickable:
    """What the rows of one badge form may name: loaded once for all of them, and only when asked."""

    def __init__(
        self, organisation: Organisation, wanted: Iterable[str] = (), *, known: Iterable[Competency] = ()
    ) -> None:
        self.organisation = organisation
        self._loaded: dict[uuid.UUID, Competency | None] = {
            one.pk: one for one in known if one.framework.organisation_id == organisation.pk
        }
        self.load(wanted)

    def load(self, ids: Iterable[str]) -> None:
        """Load these competencies in one query; what is no id is none."""
        wanted = {one for one in map(_as_uuid, ids) if one is not None} - self._loaded.keys()
        if wanted:
            found = Competency.objects.filter(framework__organisation=self.organisation, pk__in=wanted)
            rows = {row.pk: row for row in found.select_related("framework", "successor")}
            self._loaded |= {one: rows.get(one) for one in wanted}

    def competency(self, said: str) -> Competency | None:
        """Return the competency of this organisation, retired ones too, or None."""
        self.load([said])
        found = _as_uuid(said)
        return self._loaded.get(found) if found else None

    @cached_property
    def _levels(self) -> dict[uuid.UUID, list[tuple[int, str]]]:
        return _by_framework(CompetencyLevel.objects.filter(framework__organisation=self.organisation))

    def levels(self, competency: Competency) -> list[tuple[int, str]]:
        return self._levels.get(competency.framework_id, [])


def _as_uuid(said: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(said)[:50])
    except ValueError:
        return None


# --- Lists ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FrameworkLine:
    framework: Framework
    competencies: int
    covered: int

    @property
    def percent(self) -> int:
        return round(100 * self.covered / self.competencies) if self.competencies else 0


def framework_lines(frameworks: Iterable[Framework]) -> list[FrameworkLine]:
    """Return the frameworks with how many competencies they have, and how many of these have a badge."""
    asked = list(frameworks)
    offered = Competency.objects.filter(framework__in=asked, retired_at=None).order_by()
    counts = dict(offered.values("framework").annotate(n=Count("pk")).values_list("framework", "n"))
    covered = offered.filter(alignments__badge_class__status__in=AWARDED).values("framework")
    with_badge = dict(covered.annotate(n=Count("pk", distinct=True)).values_list("framework", "n"))
    return [FrameworkLine(one, counts.get(one.pk, 0), with_badge.get(one.pk, 0)) for one in asked]


@dataclass(frozen=True, slots=True)
class CompetencyLine:
    competency: Competency
    badges: int
    children: int
    depth: int = 1


def competency_lines(
    competencies: Sequence[Competency], *, depths: dict[uuid.UUID, int] | None = None
) -> list[CompetencyLine]:
    """Return one page of competencies, each with how many badges name it and how much stands below it."""
    ids = [one.pk for one in competencies]
    badges = _badge_counts(ids)
    below = Competency.objects.filter(parent__in=ids, retired_at=None).order_by().values("parent")
    children = dict(below.annotate(n=Count("pk")).values_list("parent", "n"))
    return [
        CompetencyLine(one, badges.get(one.pk, 0), children.get(one.pk, 0), (depths or {}).get(one.pk, 1))
        for one in competencies
    ]


def _badge_counts(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    named = Alignment.objects.filter(competency__in=ids, badge_class__status__in=AWARDED).order_by()
    counts = named.values("competency").annotate(n=Count("badge_class", distinct=True))
    return dict(counts.values_list("competency", "n"))


def in_tree_order(competencies: Sequence[Competency]) -> tuple[list[Competency], dict[uuid.UUID, int]]:
    """Return the competencies of a whole framework, each after its parent, and how deep each stands (from 1)."""
    known = {one.pk for one in competencies}
    children: dict[uuid.UUID | None, list[Competency]] = {}
    for one in sorted(competencies, key=lambda one: one.position):
        children.setdefault(one.parent_id if one.parent_id in known else None, []).append(one)
    ordered, depths = [], {}
    waiting = [(one, 1) for one in reversed(children.get(None, []))]
    while waiting:
        one, depth = waiting.pop()
        ordered.append(one)
        depths[one.pk] = min(depth, 6)
        waiting.extend((child, depth + 1) for child in reversed(children.get(one.pk, [])))
    return ordered, depths


def path_to(competency: Competency) -> list[Competency]:
    """Return what stands above a competency, the outermost first."""
    path: list[Competency] = []
    here = competency.parent
    while here is not None and here not in path and len(path) < 12:
        path.append(here)
        here = here.parent
    return path[::-1]


# --- One competency ------------------------------------------------------------------------------------------


def badges_naming(competency: Competency) -> list[Alignment]:
    """Return the alignments of badges in their current version or as drafts, by the badge's name."""
    return list(
        Alignment.objects.filter(competency=competency)
        .exclude(badge_class__status=BadgeClass.Status.SUPERSEDED)
        .select_related("badge_class__issuer")
        .order_by("badge_class__name", "badge_class_id")
    )


# --- For the world -------------------------------------------------------------------------------------------


def public_badges(competency: Competency) -> list[BadgeClass]:
    """Return the badges for all to see that name this competency, each in its current version, by name.

    A badge that a test group tries has a page for those who are led there, and stands in no list yet.
    """
    named = BadgeClass.objects.public().filter(alignments__competency=competency).distinct()
    unlisted = [BadgeClass.Status.SUPERSEDED, BadgeClass.Status.PILOT]
    return list(named.exclude(status__in=unlisted).select_related("issuer").by_name())


def is_public(competency: Competency) -> bool:
    """Whether a badge that the world may see names it: then its address is in documents, and leads somewhere."""
    return BadgeClass.objects.public().filter(alignments__competency=competency).exists()


def public_competencies(framework: Framework) -> list[Competency]:
    """Return what the world may see of a framework: the competencies that badges for all to see name."""
    named = Alignment.objects.filter(
        competency__framework=framework, badge_class__in=BadgeClass.objects.public().values("pk")
    ).values("competency")
    return list(framework.competencies.filter(pk__in=named).order_by("position", "name", "pk")[:1000])
