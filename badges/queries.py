"""What pages and programs ask about badge classes."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from django.core import signing
from django.core.files.storage import default_storage
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from badges.models import Alignment, BadgeClass, EarningStep, Level, PilotMember, StepKind
from badges.models.badge_class import BadgeClassQuerySet
from badgeserver.accounts.models import User
from badgeserver.audit.models import AuditEvent
from badgeserver.markdown import render_markdown
from badgeserver.pictures import Picture, PictureRefused, accept_picture
from issuers.models import Issuer, Organisation, Person

STEP_ICONS = {
    StepKind.COURSE: "graduation-cap",
    StepKind.PROJECT: "folder-kanban",
    StepKind.ON_THE_JOB: "hard-hat",
    StepKind.ASSESSMENT: "clipboard-check",
    StepKind.BADGE: "hexagon",
}

# What signs the name of a kept picture, and for how long it opens it: a form left open overnight loses nothing.
KEPT_PICTURE_SALT = "badges.kept-picture"
KEPT_FOR = timedelta(days=2)


# --- Lists ---------------------------------------------------------------------------------------------------


def badges_of(organisation: Organisation, *, status: str = "", search: str = "", **like: object) -> BadgeClassQuerySet:
    """Return the organisation's badges by name, each in its current version, of one status or of all.

    `like` are columns and what they must be.

    A badge whose next version is being prepared counts among the drafts too; `draft_version` is its number, or None.
    `search` looks into name and description.
    """
    found = _current(organisation).filter(**like).select_related("issuer").by_name()
    if status == BadgeClass.Status.DRAFT:
        found = found.filter(Q(status=status) | Exists(_next_drafts()))
    elif status:
        found = found.filter(status=status)
    return _matching(found, search)


def status_counts(organisation: Organisation, *, search: str = "", **like: object) -> dict[str, int]:
    """Return how many badges `badges_of` finds for each status, and under "" of all of them."""
    found = _matching(BadgeClass.objects.of_organisation(organisation).current().filter(**like), search)
    counts = dict.fromkeys(BadgeClass.Status.values, 0)
    rows = list(found.order_by().annotate(has_draft=Exists(_next_drafts())).values_list("status", "has_draft"))
    for status, has_draft in rows:
        counts[status] += 1
        counts[BadgeClass.Status.DRAFT] += has_draft
    return {"": len(rows), **counts}


def _current(organisation: Organisation) -> BadgeClassQuerySet:
    found: BadgeClassQuerySet = BadgeClass.objects.of_organisation(organisation).current()
    return found.annotate(draft_version=Subquery(_next_drafts().values("version")[:1]))


def _next_drafts() -> BadgeClassQuerySet:
    """Return the draft of the next version of the badge of an outer query."""
    return BadgeClass.objects.filter(series=OuterRef("series"), status=BadgeClass.Status.DRAFT, version__gt=1)


def drafts_of(organisation: Organisation) -> BadgeClassQuerySet:
    """Return everything that waits to be published, by name: new badges, and next versions of others."""
    drafts = BadgeClass.objects.of_organisation(organisation).filter(status=BadgeClass.Status.DRAFT)
    return drafts.filter(is_template=False).by_name()


def _matching(badges: BadgeClassQuerySet, search: str) -> BadgeClassQuerySet:
    for word in search.split():
        badges = badges.filter(
            Q(name__icontains=word) | Q(description__icontains=word) | Q(issuer__name__icontains=word)
        )
    return badges


def holders(badges: Iterable[BadgeClass], *, at: datetime) -> dict[uuid.UUID, int]:
    """Return for each badge how many people hold it in any version: not revoked, not expired, each person once."""
    held = (Q(assertions__expires_at=None) | Q(assertions__expires_at__gt=at)) & Q(assertions__revoked_at=None)
    asked = list(badges)
    counts = (
        BadgeClass.objects.filter(series__in={badge.series for badge in asked})
        .order_by()
        .values("series")
        .annotate(held=Count("assertions__recipient_key", filter=held, distinct=True))
    )
    by_series = dict(counts.values_list("series", "held"))
    return {badge.pk: by_series.get(badge.series, 0) for badge in asked}


def audience(badge_class: BadgeClass) -> "QuerySet[Person]":
    """Return the people whom the badge is for: of one of its departments or roles, or everybody when it names none."""
    people = Person.objects.filter(organisation_id=badge_class.issuer.organisation_id)
    departments, roles = list(badge_class.departments.all()), list(badge_class.job_roles.all())
    if not departments and not roles:
        return people
    return people.filter(Q(department__in=departments) | Q(job_role__in=roles))


def has_audience(badge_class: BadgeClass) -> bool:
    """Whether it is for some people only."""
    return bool(badge_class.departments.all()) or bool(badge_class.job_roles.all())


def audience_sentence(badge_class: BadgeClass) -> str:
    """Return whom the badge is for, by name: “Terminal Operations, Crane Operator”, or “everybody”."""
    departments = [one.name for one in badge_class.departments.all()]
    named = [*departments, *(one.name for one in badge_class.job_roles.all())]
    return ", ".join(sorted(named)) if named else _("everybody")


def is_for(badge_class: BadgeClass, recipient_key: str) -> bool:
    """Whether the badge is for whoever has this normalised address. What names nobody is for everybody."""
    return not has_audience(badge_class) or audience(badge_class).filter(email=recipient_key).exists()


def testers(badge_class: BadgeClass) -> "QuerySet[Person]":
    """Return the test group of the pilot that is going on; nobody when there is none."""
    groups = PilotMember.objects.filter(
        pilot__badge_class=badge_class, pilot__ended_at=None, part=PilotMember.Part.TESTER
    )
    return Person.objects.filter(pk__in=groups.values("person"))


def with_numbers(badges: BadgeClassQuerySet, *, at: datetime) -> BadgeClassQuerySet:
    """Add `held`, how many people hold a badge now (as `holders`), and `awarded`, how often it was ever awarded."""
    versions = BadgeClass.objects.filter(series=OuterRef("series")).order_by().values("series")
    awarded = versions.annotate(number=Count("assertions"))
    return badges.annotate(held=_held(at), awarded=Subquery(awarded.values("number")))


def _held(at: datetime) -> Subquery:
    """Count who holds any version of the badge of an outer query."""
    now = (Q(assertions__expires_at=None) | Q(assertions__expires_at__gt=at)) & Q(assertions__revoked_at=None)
    versions = BadgeClass.objects.filter(series=OuterRef("series")).order_by().values("series")
    held = versions.annotate(number=Count("assertions__recipient_key", filter=now, distinct=True))
    return Subquery(held.values("number"))


def with_parts(badges: BadgeClassQuerySet) -> BadgeClassQuerySet:
    """Load issuer, steps, alignments and other languages along, in the number of queries of one badge."""
    return badges.select_related("issuer__organisation", "copied_from").prefetch_related(*parts())


def parts(path: str = "") -> list["Prefetch[str]"]:
    """Return what to prefetch for `badge_page`; with a `path`, of the badge that is found there (“badge_class__”)."""
    steps = EarningStep.objects.select_related("required_badge")
    skills = Alignment.objects.select_related("competency__framework", "competency__successor")
    return [
        Prefetch(f"{path}earning_steps", queryset=steps),
        Prefetch(f"{path}alignments", queryset=skills),
        Prefetch(f"{path}translations"),
    ]


def with_use(badges: BadgeClassQuerySet, *, at: datetime) -> BadgeClassQuerySet:
    """Add what `use_of` reads."""
    awarded = BadgeClass.objects.filter(pk=OuterRef("pk"), assertions__isnull=False)
    versions = BadgeClass.objects.filter(series=OuterRef("series")).order_by().values("series")
    last = versions.annotate(moment=Max("assertions__created_at"))
    return badges.annotate(was_awarded=Exists(awarded), held=_held(at), last_awarded=Subquery(last.values("moment")))


@dataclass(frozen=True, slots=True)
class Use:
    """What use is made of a badge, as a page that was just loaded shows it; who decides asks again."""

    was_awarded: bool  # as `is_awarded`
    held: int  # as `holders`
    last_awarded: datetime | None  # in any version


def use_of(badge_class: BadgeClass) -> Use:
    """Return what was known of a badge when it was loaded through `with_use`."""
    known = vars(badge_class)
    return Use(was_awarded=known["was_awarded"], held=known["held"], last_awarded=known["last_awarded"])


def with_current_id(badges: BadgeClassQuerySet) -> BadgeClassQuerySet:
    """Add `current_id`: which version of the badge is awarded now (or was, once archived), or None."""
    statuses = [BadgeClass.Status.PILOT, BadgeClass.Status.PUBLISHED, BadgeClass.Status.ARCHIVED]
    current = BadgeClass.objects.filter(series=OuterRef("series"), status__in=statuses)
    return badges.annotate(current_id=Subquery(current.values("pk")[:1]))


def badges_to_require(organisation: Organisation, *, apart_from: BadgeClass | None = None) -> BadgeClassQuerySet:
    """Return the badges that a step may ask for: published ones, and those that the badge asks for already.

    Whoever holds any version of a badge holds the badge, so its current version stands for all of them.
    """
    wanted = Q(status=BadgeClass.Status.PUBLISHED)
    if apart_from is not None:
        wanted |= Q(required_by__badge_class=apart_from)
    found = BadgeClass.objects.of_organisation(organisation).filter(wanted).distinct().by_name()
    return found if apart_from is None else found.exclude(series=apart_from.series)


# --- One badge -----------------------------------------------------------------------------------------------


def import_report(badge_class: BadgeClass) -> dict[str, Any] | None:
    """Return what became of the description that a badge was made from: source, version, taken, left.

    None for a badge that was not imported.
    """
    events = AuditEvent.objects.about(badge_class.pk).filter(type="badge_class.imported")
    details: dict[str, Any] | None = events.values_list("details", flat=True).first()
    return details


def is_awarded(badge_class: BadgeClass) -> bool:
    """Whether it was ever awarded; revoked awards count, because somebody may still ask about them."""
    return badge_class.assertions.exists()


def endorsers(badge_class: BadgeClass) -> list[str]:
    """Return by name who endorses it for all to see, the first one first."""
    shown = badge_class.endorsements.shown().order_by("created_at", "pk")
    return [here or elsewhere for here, elsewhere in shown.values_list("endorser__name", "endorser_name")]


def was_edited_since(badge_class: BadgeClass, moment: datetime) -> bool:
    """Whether it says, or may say, something else than it did then. Small corrections are told to everybody."""
    return AuditEvent.objects.about(badge_class.pk).filter(type="badge_class.edited", at__gte=moment).exists()


def names_requiring(badge_class: BadgeClass) -> list[str]:
    """Return the names of the badges that have this one among their steps."""
    names = BadgeClass.objects.filter(earning_steps__required_badge=badge_class).by_name()
    return list(names.values_list("name", flat=True).distinct())


def next_badges(badge_class: BadgeClass, *, is_public: bool = False) -> list[BadgeClass]:
    """Return the published badges that ask for this one, in whichever version: what its holder can go for.

    `is_public` leaves out those that only their organisation may see.
    """
    found = BadgeClass.objects.published().filter(earning_steps__required_badge__series=badge_class.series)
    if is_public:
        found = found.public()
    return list(found.distinct().by_name())


@dataclass(frozen=True, slots=True)
class StepLine:
    icon: str
    kind: str | Promise
    text: str
    url: str
    required_badge: BadgeClass | None
    is_original: bool = False  # not said in the language of the page


@dataclass(frozen=True, slots=True)
class LevelRung:
    number: int
    name: str
    reached: bool


@dataclass(frozen=True, slots=True)
class BadgePage:
    """What every page about one badge shows: workspace, preview and the world's page draw from the same thing."""

    badge_class: BadgeClass
    issuer: Issuer
    criteria: SafeString
    steps: list[StepLine]
    learned: SafeString
    assessed: SafeString
    applied: SafeString
    useful_for: SafeString
    alignments: list[Alignment]
    ladder: list[LevelRung]
    original: str = ""  # the badge's own language, on a page in another one
    untranslated: frozenset[str] = frozenset()  # columns that this page says in the original

    @property
    def has_criteria(self) -> bool:
        return bool(self.criteria or self.steps or self.badge_class.criteria_url)


def badge_page(badge_class: BadgeClass) -> BadgePage:
    """Return the page of a badge from the database; load it through `with_parts`."""
    return page_of(badge_class, badge_class.earning_steps.all(), badge_class.alignments.all())


def page_of(badge_class: BadgeClass, steps: Iterable[EarningStep], alignments: Iterable[Alignment]) -> BadgePage:
    """Return the page of a badge from rows that need not be saved: the preview of a form."""
    return BadgePage(
        badge_class=badge_class,
        issuer=badge_class.issuer,
        criteria=_html(badge_class.criteria_narrative),
        steps=[
            StepLine(
                icon=STEP_ICONS[StepKind(step.kind)],
                kind=StepKind(step.kind).label,  # said in the language of the page that shows it
                text=step.text,
                url=step.url,
                required_badge=step.required_badge,
            )
            for step in steps
        ],
        learned=_html(badge_class.learned),
        assessed=_html(badge_class.assessed),
        applied=_html(badge_class.applied),
        useful_for=_html(badge_class.useful_for),
        alignments=list(alignments),
        ladder=[LevelRung(level.value, str(level.label), reached=level.value <= badge_class.level) for level in Level]
        if badge_class.level
        else [],
    )


def _html(markdown: str) -> SafeString:
    return mark_safe(render_markdown(markdown)) if markdown.strip() else SafeString("")


# --- Pictures ------------------------------------------------------------------------------------------------


def picture_url(badge_class: BadgeClass, organisation: Organisation) -> str:
    """Return where members see the picture, a draft's too, or "". A new picture has a new address."""
    if not badge_class.image:
        return ""
    return f"{reverse('badges:picture', args=[organisation.slug, badge_class.pk])}?v={_version(badge_class)}"


def thumbnail_url(badge_class: BadgeClass, organisation: Organisation) -> str:
    """Return where members see the picture at the size of a tile, or "". A drawing is small at every size."""
    if not badge_class.image or badge_class.image_media_type == "image/svg+xml":
        return picture_url(badge_class, organisation)
    return f"{reverse('badges:thumbnail', args=[organisation.slug, badge_class.pk])}?v={_version(badge_class)}"


def _version(badge_class: BadgeClass) -> str:
    return PurePosixPath(str(badge_class.image.name)).stem[:12]


# --- Pictures that wait for their form -------------------------------------------------------------------------


def kept_picture(token: str, *, by: User) -> Picture | None:
    """Return the picture that `keep_picture` put aside for this person, or None when it is not there any more."""
    name = _kept_name(token, by)
    if name is None:
        return None
    try:
        with default_storage.open(name) as file:
            return accept_picture(file.read())
    except (OSError, PictureRefused):
        return None


def kept_design(token: str, *, by: User) -> dict[str, Any] | None:
    """Return what the kept picture was drawn from, `{"spec", "family"}`, or None for one that was uploaded."""
    found = _kept(token, by)
    return found.get("design") if found else None


def _kept_name(token: str, by: User) -> str | None:
    found = _kept(token, by)
    return str(found["name"]) if found else None


def _kept(token: str, by: User) -> dict[str, Any] | None:
    if not token:
        return None
    try:
        found: dict[str, Any] = signing.loads(token, salt=KEPT_PICTURE_SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    return found if found["for"] == str(by.pk) else None
