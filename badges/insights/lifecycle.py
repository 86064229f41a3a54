"""Where a badge is in its life, what comes next, and what happened to it so far."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from badges.insights.pilots import days_left, last_pilot
from badges.insights.reviews import QUIET_AFTER, ReviewState, review_state
from badges.insights.versions import current_versions
from badges.models import BadgeClass, Pilot
from badges.queries import Use
from badgeserver.audit.describe import describe
from badgeserver.audit.models import AuditEvent

Status = BadgeClass.Status

TONES = {
    Status.DRAFT: "neutral",
    Status.PILOT: "info",
    Status.PUBLISHED: "good",
    Status.ARCHIVED: "warn",
    Status.SUPERSEDED: "neutral",
}
#: What belongs into the story of a badge; each edit does not.
_STORY = [
    f"badge_class.{act}"
    for act in (
        *("created", "copied", "imported", "template.made", "version.started", "version.published", "published"),
        *("review.asked", "review.approved", "review.changes_asked", "review.withdrawn"),
        *("pilot.started", "pilot.survey_sent", "pilot.ended", "corrected", "archived", "restored"),
        *("successor.named", "successor.removed", "still_fits"),
    )
]
STORY_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the stations of a badge's life, for the stepper."""

    label: str
    is_done: bool
    is_now: bool


@dataclass(frozen=True, slots=True)
class Life:
    badge_class: BadgeClass
    label: str
    tone: str
    review: ReviewState
    pilot: Pilot | None
    days_left: int  # of a pilot that runs; negative when its last day is over
    stages: list[Stage]
    events: list[dict[str, Any]]
    successor: BadgeClass | None
    replaces: list[BadgeClass]
    is_due: bool
    is_quiet: bool  # published, and not awarded for half a year

    @property
    def in_pilot(self) -> bool:
        return self.badge_class.status == Status.PILOT


def life_of(badge_class: BadgeClass, *, at: datetime, use: Use | None = None) -> Life:
    """Return where a badge is in its life, in a fixed number of queries; `issuer.organisation` is read.

    `use` is what is known of its awards already; it saves one query.
    """
    status = Status(badge_class.status)
    review = review_state(badge_class)
    pilot = last_pilot(badge_class) if badge_class.version == 1 else None
    is_in_review = status == Status.DRAFT and review.open is not None
    label, tone = str(status.label), TONES[status]
    if badge_class.is_template:
        label, tone = _("Template"), "info"
    elif is_in_review:
        label, tone = _("In review"), "info"
    elif status == Status.DRAFT and review.is_approved:
        label, tone = _("Approved"), "good"
    return Life(
        badge_class=badge_class,
        label=label,
        tone=tone,
        review=review,
        pilot=pilot,
        days_left=days_left(pilot, at=at) if pilot else 0,
        stages=_stages(status, review, pilot) if not badge_class.is_template else [],
        events=_events(badge_class),
        successor=successor_of(badge_class),
        replaces=list(BadgeClass.objects.filter(successor__series=badge_class.series).by_name()),
        is_due=badge_class.is_awardable and badge_class.review_by is not None and badge_class.review_by <= at.date(),
        is_quiet=_is_quiet(badge_class, use, at=at),
    )


def successor_of(badge_class: BadgeClass, *, is_public: bool = False) -> BadgeClass | None:
    """Return the badge that takes its place, in its current version; with `is_public`, only one the world is shown."""
    named = badge_class.successor
    if named is None:
        return None
    found = current_versions([named.series]).get(named.series, named)
    if not is_public:
        return found
    return BadgeClass.objects.public().exclude(status=Status.PILOT).filter(pk=found.pk).first()


def _stages(status: BadgeClass.Status, review: ReviewState, pilot: Pilot | None) -> list[Stage]:
    """Return the stations that this badge passes; those that nobody asks for only once they were begun."""
    is_public = status in {Status.PUBLISHED, Status.ARCHIVED, Status.SUPERSEDED}
    was_reviewed = review.is_approved or (review.decided is not None and status != Status.DRAFT)
    in_review = status == Status.DRAFT and review.open is not None
    stages = [Stage(_("Draft"), status != Status.DRAFT or in_review or review.is_approved, False)]
    if review.needed or review.open or review.decided:
        stages.append(Stage(_("Review"), was_reviewed, in_review))
    if pilot is not None:
        in_pilot = status == Status.PILOT
        stages.append(Stage(_("Pilot"), not in_pilot and is_public, in_pilot))
    stages.append(Stage(_("Published"), is_public, False))
    if status == Status.ARCHIVED:
        stages.append(Stage(_("Archived"), True, False))
    if any(stage.is_now for stage in stages) or status == Status.ARCHIVED:
        return stages
    return [Stage(one.label, one.is_done, index == _now(stages)) for index, one in enumerate(stages)]


def _now(stages: list[Stage]) -> int:
    """Return the first station that is not done, or the last one."""
    return next((index for index, stage in enumerate(stages) if not stage.is_done), len(stages) - 1)


def _events(badge_class: BadgeClass) -> list[dict[str, Any]]:
    found = AuditEvent.objects.about(badge_class.pk).filter(type__in=_STORY).newest_first()[:STORY_LENGTH]
    told = []
    for event in found:
        said = describe(event)
        told.append(
            {"sentence": said.sentence, "icon": said.icon, "tone": said.tone, "at": event.at, "by": event.acted_by}
        )
    return told


def _is_quiet(badge_class: BadgeClass, use: Use | None, *, at: datetime) -> bool:
    if badge_class.status != Status.PUBLISHED or badge_class.published_at is None:
        return False
    if badge_class.published_at > at - QUIET_AFTER:
        return False
    if use is not None:
        return use.last_awarded is None or use.last_awarded <= at - QUIET_AFTER
    awards = BadgeClass.objects.filter(series=badge_class.series, assertions__created_at__gt=at - QUIET_AFTER)
    return not awards.exists()
