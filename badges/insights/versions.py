"""The versions of one badge: which is current, who made them, and how many people hold them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from badges.insights.comparison import TextChange, compare_words
from badges.models import BadgeClass, BadgeCorrection
from badges.models.badge_class import BadgeClassQuerySet
from badgeserver.audit.models import AuditEvent
from badgeserver.languages import language_said

_CURRENT = {BadgeClass.Status.PILOT, BadgeClass.Status.PUBLISHED, BadgeClass.Status.ARCHIVED}
_MADE_PUBLIC = ["badge_class.published", "badge_class.version.published"]


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """One small correction as it is shown, word by word."""

    at: datetime
    by: str
    note: str
    language: str  # the name of the translation that was corrected, or nothing for the badge's own text
    said_in: str  # the tag of the language of the words
    noted_in: str  # the tag of the language of the note: that of the badge, as far as anybody can tell
    changes: list[TextChange]


def _label(change: dict[str, str]) -> str:
    """Name the text that was corrected in the active language; the stored name is that of the day it was corrected."""
    name, _dot, number = change["field"].partition(".")
    if name == "steps":
        return _("Step %(number)d") % {"number": int(number) + 1}
    if name == "alignments":
        return _("Skill “%(name)s”") % {"name": change["label"].partition("“")[2].rpartition("”")[0]}
    texts = {
        "name": _("Name"),
        "description": _("Description"),
        "criteria_narrative": _("What one must show"),
        "learned": _("What is learned"),
        "applied": _("How it is used at work"),
        "assessed": _("How it is assessed"),
        "useful_for": _("Why it matters, and in which roles"),
        "image_alt": _("The picture in words"),
    }
    return texts.get(name, change["label"])


def correction_line(correction: BadgeCorrection, *, by: str = "") -> CorrectionLine:
    return CorrectionLine(
        at=correction.corrected_at,
        by=by,
        note=correction.note,
        language=language_said(correction.language) if correction.language else "",
        said_in=correction.language or correction.badge_class.language,
        noted_in=correction.badge_class.language,
        changes=[
            TextChange(_label(one), compare_words(str(one["before"]), str(one["after"]))) for one in correction.changes
        ],
    )


@dataclass(frozen=True)
class VersionStory:
    """One version among the others of its badge; `corrections` are those of this version, newest first."""

    badge_class: BadgeClass
    every: list[BadgeClass]  # all versions, the first one first, a draft included
    corrections: list[CorrectionLine]

    @cached_property
    def public(self) -> list[BadgeClass]:
        """The versions that the world may see, the first one first."""
        return [one for one in self.every if one.status != BadgeClass.Status.DRAFT]

    @cached_property
    def draft(self) -> BadgeClass | None:
        """The version that is being prepared."""
        return next((one for one in self.every if one.status == BadgeClass.Status.DRAFT), None)

    @cached_property
    def current(self) -> BadgeClass | None:
        """The version that is (or, once archived, was last) awarded."""
        return next((one for one in self.every if one.status in _CURRENT), None)

    @cached_property
    def before(self) -> BadgeClass | None:
        """The version that this one follows."""
        return next((one for one in reversed(self.every) if one.version < self.badge_class.version), None)

    @property
    def is_superseded(self) -> bool:
        return self.badge_class.status == BadgeClass.Status.SUPERSEDED

    @property
    def has_several(self) -> bool:
        """Whether it is worth a word to the world which version this is."""
        return len(self.public) > 1

    @property
    def next_version(self) -> int:
        return max(one.version for one in self.every) + 1

    @property
    def sentence(self) -> str:
        """“version 2 of March 2026”, or nothing for a badge that was only ever itself."""
        return version_sentence(self.badge_class) if self.has_several else ""


def version_sentence(badge_class: BadgeClass) -> str:
    """Return “version 2 of March 2026”; of a draft, the number alone."""
    if badge_class.published_at is None:
        return _("version %(version)d") % {"version": badge_class.version}
    month = date_format(localtime(badge_class.published_at), _("F Y"))
    return _("version %(version)d of %(month)s") % {"version": badge_class.version, "month": month}


def version_story(badge_class: BadgeClass) -> VersionStory:
    """Return the badge among its versions, in two queries. Who made what is not in it: the world may see it."""
    every = list(BadgeClass.objects.of_series(badge_class.series).select_related("issuer__organisation"))
    return VersionStory(badge_class, every, [correction_line(one) for one in badge_class.corrections.all()])


def _seen(badge_class: BadgeClass) -> BadgeClassQuerySet:
    """Return the versions that were ever awarded: whoever may see one of them may see all, for all are as visible."""
    return BadgeClass.objects.of_series(badge_class.series).exclude(status=BadgeClass.Status.DRAFT)


def awarded_story(badge_class: BadgeClass, *, with_corrections: bool = True) -> VersionStory:
    """Return the badge of an award among the versions that the world may see, with what was corrected in it.

    As long as the first version is the current one, it is the only one, and nobody is asked for others.
    """
    is_only_one = badge_class.version == 1 and badge_class.status in _CURRENT
    every = [badge_class] if is_only_one else list(_seen(badge_class))
    corrections = badge_class.corrections.all() if with_corrections else []
    return VersionStory(badge_class, every, [correction_line(one) for one in corrections])


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version for the timeline of the workspace."""

    badge_class: BadgeClass
    by: str  # who published it (of a draft: who began it)
    awards: int
    holders: int
    corrections: list[CorrectionLine]


def version_history(badge_class: BadgeClass, *, at: datetime) -> tuple[VersionStory, list[VersionLine]]:
    """Return the badge among its versions, and a line for each of them, the newest first, in three queries.

    A badge that was only ever itself, and never corrected, has no lines.
    """
    versions = BadgeClass.objects.of_series(badge_class.series)
    live = (Q(assertions__expires_at=None) | Q(assertions__expires_at__gt=at)) & Q(assertions__revoked_at=None)
    counted = versions.select_related("issuer__organisation").annotate(
        award_count=_of_version(Count("assertions")),
        holder_count=_of_version(Count("assertions__recipient_key", filter=live, distinct=True)),
    )
    every = list(counted)
    rows = BadgeCorrection.objects.filter(badge_class__series=badge_class.series)
    corrected: dict[uuid.UUID, list[CorrectionLine]] = {one.pk: [] for one in every}
    for correction in rows.select_related("corrected_by", "badge_class"):
        by = str(correction.corrected_by.name) if correction.corrected_by else ""
        corrected[correction.badge_class_id].append(correction_line(correction, by=by))
    story = VersionStory(badge_class, [*every], corrected[badge_class.pk])
    if len(every) == 1 and not story.corrections:
        return story, []
    makers = _makers([one.pk for one in every])
    return story, [
        VersionLine(one, makers.get(one.pk, ""), one.award_count, one.holder_count, corrected[one.pk])
        for one in reversed(every)
    ]


def _of_version(number: Count) -> Subquery:
    """Count something of each version of an outer query."""
    this = BadgeClass.objects.filter(pk=OuterRef("pk")).order_by().values("pk")
    return Subquery(this.annotate(number=number).values("number"))


def _makers(badges: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return who published each version; of what is not published, who began it."""
    types = ["badge_class.created", "badge_class.version.started", *_MADE_PUBLIC]
    events = AuditEvent.objects.filter(subject_id__in=[str(pk) for pk in badges], type__in=types).order_by("at", "pk")
    return {uuid.UUID(subject): name for subject, name in events.values_list("subject_id", "actor_name")}


def current_versions(series: Iterable[uuid.UUID]) -> dict[uuid.UUID, BadgeClass]:
    """Return the current version of each series, for lists: one query."""
    found = BadgeClass.objects.filter(series__in=set(series), status__in=_CURRENT)
    return {one.series: one for one in found}


def corrections_since(badge_class: BadgeClass, moment: datetime) -> list[BadgeCorrection]:
    """Return how a badge was corrected after a draft of its next version was begun: the draft may need the same."""
    return list(badge_class.corrections.filter(language="", corrected_at__gt=moment))


def earlier_version(every: list[BadgeClass], badge: BadgeClass, since: str) -> BadgeClass | None:
    """Return the version to compare with: the one that was asked for, else the one before; None for a first one."""
    earlier = [one for one in every if one.version < badge.version]
    asked = next((one for one in earlier if str(one.version) == since), None)
    return asked or (earlier[-1] if earlier else None)
