"""Try a badge with a test group before it is for everybody: start, ask, answer, decide."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from badges import queries, rules
from badges.actions.approval import refuse_unapproved
from badges.actions.badge_classes import (
    NotComplete,
    WrongMoment,
    copy_badge_class,
    locked_badge_class,
    refuse_unpublishable,
)
from badges.actions.lifecycle_mails import owe_mails
from badges.models import BadgeClass, LifecycleMail, Pilot, PilotMember, Review, SurveyAnswer
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError
from issuers.models import Person

#: As long as their columns.
GOAL_LIMIT, REMARK_LIMIT = 500, 1_000
#: A test group is a group; everybody is not.
MAX_MEMBERS = 500
#: So long after the survey those who have not answered are reminded, once.
REMIND_AFTER = timedelta(days=3)


class PilotRefused(UserFacingError):
    """With this group, or until this day, there is nothing to find out."""

    code = "pilot_refused"

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message, field=field)


class PilotOver(UserFacingError):
    """It was ended; nothing is asked and nothing answered any more."""

    code = "pilot_over"


class AlreadyAnswered(UserFacingError):
    """Each person answers once."""

    code = "survey_answered"


class AnswerRefused(UserFacingError):
    """Three answers from 1 to 5 are asked for."""

    code = "survey_refused"


@transaction.atomic
def start_pilot(
    *,
    badge_class: BadgeClass,
    members: Sequence[Person],
    managers: Sequence[Person],
    goal: str,
    ends_on: date,
    by: User,
    at: datetime,
) -> Pilot:
    """Let a test group try a draft, and return the pilot: its public page answers, and only they can be awarded.

    Raises `WrongMoment`, `NotComplete`, `NeedsApproval`, `PilotRefused` or `BadgeRefused`; then nothing has changed.
    """
    locked = locked_badge_class(badge_class)
    if locked.status == BadgeClass.Status.PILOT:
        raise WrongMoment(_("A pilot of this badge runs already."))
    if locked.status != BadgeClass.Status.DRAFT or locked.is_template:
        raise WrongMoment(_("Only a draft can be tried in a pilot."))
    if locked.version > 1:
        raise WrongMoment(
            _("Only a new badge can be tried in a pilot. People hold this one already: publish its next version.")
        )
    _refuse_group(locked, members, managers, ends_on, today=at.date())
    has_steps = locked.earning_steps.exists()
    missing = rules.missing_for_publishing(locked, has_picture=bool(locked.image), has_steps=has_steps, today=at.date())
    if missing:
        raise NotComplete(missing)
    refuse_unapproved(locked)
    refuse_unpublishable(locked)
    locked.reviews.filter(decision="").update(decision=Review.Decision.WITHDRAWN, decided_at=at, decided_by=by)
    locked.status, locked.published_at, locked.updated_at = BadgeClass.Status.PILOT, at, at
    locked.save(update_fields=["status", "published_at", "updated_at"])
    pilot = Pilot.objects.create(badge_class=locked, goal=goal.strip(), started_at=at, started_by=by, ends_on=ends_on)
    _add(pilot, members, managers)
    _record("badge_class.pilot.started", pilot, by=by, at=at, testers=len(members), managers=len(managers))
    return pilot


@transaction.atomic
def change_pilot(
    *,
    pilot: Pilot,
    members: Sequence[Person],
    managers: Sequence[Person],
    goal: str,
    ends_on: date,
    by: User,
    at: datetime,
) -> Pilot:
    """Change who takes part and until when, and return the pilot; who was asked already stays in it.

    Raises `PilotOver` or `PilotRefused`.
    """
    locked = _running(pilot)
    _refuse_group(locked.badge_class, members, managers, ends_on, today=at.date())
    locked.goal, locked.ends_on = goal.strip(), ends_on
    locked.save(update_fields=["goal", "ends_on"])
    chosen = {person.pk for person in [*members, *managers]}
    holders = locked.badge_class.assertions.filter(revoked_at=None).values("recipient_key")
    leaving = locked.members.filter(asked_at=None, answered_at=None).exclude(person__in=chosen)
    leaving.exclude(mails__isnull=False).exclude(person__email__in=holders).delete()
    known = set(locked.members.values_list("person_id", flat=True))
    _add(locked, [one for one in members if one.pk not in known], [one for one in managers if one.pk not in known])
    _record("badge_class.pilot.changed", locked, by=by, at=at)
    return locked


@transaction.atomic
def send_survey(*, pilot: Pilot, by: User | None, at: datetime) -> int:
    """Ask everybody of the pilot who was not asked yet, by mail, and return how many. Raises `PilotOver`."""
    locked = _running(pilot)
    asked = locked.members.filter(answered_at=None)
    kind = LifecycleMail.Kind.SURVEY
    new = owe_mails(badge_class=locked.badge_class, kind=kind, occasion=str(locked.pk), members=asked, at=at)
    if locked.survey_sent_at is None:
        locked.survey_sent_at = at
        locked.save(update_fields=["survey_sent_at"])
    if new:
        _record("badge_class.pilot.survey_sent", locked, by=by, at=at, people=new)
    return new


@transaction.atomic
def remind_members(*, pilot: Pilot, by: User | None, at: datetime) -> int:
    """Remind everybody who was asked and has not answered, each of them once, and return how many.

    Raises `PilotOver`, or `WrongMoment` when the survey was not sent yet.
    """
    locked = _running(pilot)
    if locked.survey_sent_at is None:
        raise WrongMoment(_("The survey was not sent yet: send it first."))
    silent = locked.members.filter(answered_at=None, asked_at__isnull=False)
    kind = LifecycleMail.Kind.REMINDER
    new = owe_mails(badge_class=locked.badge_class, kind=kind, occasion=str(locked.pk), members=silent, at=at)
    if new:
        _record("badge_class.pilot.reminded", locked, by=by, at=at, people=new)
    return new


def answer_survey(
    *, member: PilotMember, clear: int, worth: int, shown: int, remark: str, at: datetime
) -> SurveyAnswer:
    """Keep what one of the pilot answers, without their name, and that they answered, without what.

    Raises `AlreadyAnswered`, `PilotOver` or `AnswerRefused`.
    """
    with transaction.atomic():
        pilot = Pilot.objects.select_for_update().get(pk=member.pilot_id)
        if pilot.ended_at is not None:
            raise PilotOver(_("This pilot has ended, and its survey with it. Thank you all the same."))
        # The day alone: the hour could be laid beside the order of the answers.
        day = datetime.combine(at.date(), time(), tzinfo=at.tzinfo)
        if not PilotMember.objects.filter(pk=member.pk, answered_at=None).update(answered_at=day):
            raise AlreadyAnswered(_("You have answered already. Thank you."))
        try:
            with transaction.atomic():
                return SurveyAnswer.objects.create(
                    pilot=pilot,
                    part=member.part,
                    clear=clear,
                    worth=worth,
                    shown=shown,
                    remark=remark.strip()[:REMARK_LIMIT],
                )
        except IntegrityError as refused:
            raise AnswerRefused(_("Choose one of the five answers to each question.")) from refused


@transaction.atomic
def end_pilot(*, pilot: Pilot, decision: str, by: User, at: datetime, note: str = "") -> Pilot:
    """End a pilot: publish the badge for everybody, give it back to be changed, or drop it.

    To be changed, a badge that nobody holds is a draft again. One that people hold is archived, and a draft that says
    the same takes its place (`successor`). Awards stay valid whatever is decided. Raises `PilotOver`, `NeedsApproval`
    or `BadgeRefused`.
    """
    locked = _running(pilot)
    badge_class = locked.badge_class
    locked.decision, locked.ended_at, locked.ended_by, locked.note = decision, at, by, note.strip()
    locked.save(update_fields=["decision", "ended_at", "ended_by", "note"])
    LifecycleMail.objects.filter(member__pilot=locked, handed_over_at=None).delete()
    badge_class.updated_at = at
    details: dict[str, object] = {"decision": decision}
    if decision == Pilot.Decision.PUBLISH:
        refuse_unapproved(badge_class)
        refuse_unpublishable(badge_class)
        badge_class.status = BadgeClass.Status.PUBLISHED
    elif decision == Pilot.Decision.CHANGE and not queries.is_awarded(badge_class):
        badge_class.status, badge_class.published_at = BadgeClass.Status.DRAFT, None
    else:
        badge_class.status, badge_class.archived_at = BadgeClass.Status.ARCHIVED, at
        if decision == Pilot.Decision.CHANGE:
            badge_class.successor = copy_badge_class(badge_class=badge_class, name=badge_class.name, by=by, at=at)
            details["successor"] = str(badge_class.successor.pk)
    badge_class.save(update_fields=["status", "published_at", "archived_at", "successor", "updated_at"])
    _record("badge_class.pilot.ended", locked, by=by, at=at, **details)
    return locked


def ask_at_the_end(*, at: datetime, today: date) -> None:
    """Send the surveys of pilots whose last day has come, and remind once who has not answered three days later."""
    running = Pilot.objects.filter(ended_at=None).select_related("badge_class")
    for pilot in running.filter(survey_sent_at=None, ends_on__lte=today).order_by("pk"):
        _unless_over(pilot, at=at, remind=False)
    late = running.filter(survey_sent_at__lt=at - REMIND_AFTER)
    for pilot in late.order_by("pk"):
        _unless_over(pilot, at=at, remind=True)


def _unless_over(pilot: Pilot, *, at: datetime, remind: bool) -> None:
    try:
        if remind:
            remind_members(pilot=pilot, by=None, at=at)
        else:
            send_survey(pilot=pilot, by=None, at=at)
    except PilotOver:
        return  # somebody ended it a moment ago


def _running(pilot: Pilot) -> Pilot:
    """Load the pilot again and hold it with its badge: an award that is being made waits, and is seen."""
    badge_class = locked_badge_class(pilot.badge_class)
    locked = Pilot.objects.select_for_update().get(pk=pilot.pk)
    locked.badge_class = badge_class
    if locked.ended_at is not None or badge_class.status != BadgeClass.Status.PILOT:
        raise PilotOver(_("This pilot has ended already. Its report stays."))
    return locked


def _refuse_group(
    badge_class: BadgeClass, members: Sequence[Person], managers: Sequence[Person], ends_on: date, *, today: date
) -> None:
    people: list[Person] = [*members, *managers]
    organisation: uuid.UUID = badge_class.issuer.organisation_id
    if any(person.organisation_id != organisation for person in people):
        raise PilotRefused(_("Choose people of your own organisation."), "members")
    if not members:
        raise PilotRefused(_("Choose at least one person who tries the badge."), "members")
    if len(people) > MAX_MEMBERS:
        raise PilotRefused(_("A test group has at most %(n)d people. Choose fewer.") % {"n": MAX_MEMBERS}, "members")
    if len({person.pk for person in people}) < len(people):
        raise PilotRefused(_("Somebody is chosen twice. Each person either tries the badge or is asked."), "managers")
    if ends_on < today:
        raise PilotRefused(_("This day has passed. Choose a later one."), "ends_on")


def _add(pilot: Pilot, members: Sequence[Person], managers: Sequence[Person]) -> None:
    part = PilotMember.Part
    PilotMember.objects.bulk_create(
        [
            *(PilotMember(pilot=pilot, person=person, part=part.TESTER) for person in members),
            *(PilotMember(pilot=pilot, person=person, part=part.MANAGER) for person in managers),
        ]
    )


def _record(type: str, pilot: Pilot, *, by: User | None, at: datetime, **details: object) -> None:  # noqa: A002 -- the word of the trail
    badge_class = pilot.badge_class
    audit.record(
        type,
        by=by,
        at=at,
        subject=badge_class,
        organisation_id=badge_class.issuer.organisation_id,
        issuer_id=badge_class.issuer_id,
        details={"pilot": str(pilot.pk), **details},
    )
