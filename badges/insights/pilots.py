"""Pilots in numbers: who was asked, what they answered, and how each kind of people sees it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from badges.models import BadgeClass, Pilot, PilotMember, SurveyAnswer
from badges.rules import member_of_survey
from issuers.models import Organisation, Person

#: From so many answers on, a group is shown by itself: nobody is known by theirs.
FEW = 3
#: What 1 and 5 mean, and everything between.
SCALE = (
    gettext_lazy("Not at all"),
    gettext_lazy("Rather not"),
    gettext_lazy("Partly"),
    gettext_lazy("Mostly"),
    gettext_lazy("Fully"),
)
Part = PilotMember.Part


@dataclass(frozen=True, slots=True)
class Question:
    name: str  # the column of the answer
    short: str | Promise  # as it stands over a chart
    words: dict[str, str | Promise]  # part -> what that person is asked

    def for_part(self, part: str) -> str:
        return str(self.words[part])


QUESTIONS = (
    Question(
        "clear",
        gettext_lazy("Clear what to do"),
        {
            Part.TESTER: gettext_lazy("I knew what I had to do for this badge."),
            Part.MANAGER: gettext_lazy("I understand what somebody with this badge has shown."),
        },
    ),
    Question(
        "worth",
        gettext_lazy("Worth the effort"),
        {
            Part.TESTER: gettext_lazy("It was worth the effort: it helps me at work."),
            Part.MANAGER: gettext_lazy("It was worth the effort: I see a difference at work."),
        },
    ),
    Question(
        "shown",
        gettext_lazy("Would show it, or ask for it"),
        {
            Part.TESTER: gettext_lazy("I would show this badge to others."),
            Part.MANAGER: gettext_lazy("I would look for this badge when I give out work or choose people."),
        },
    ),
)


def member_by_survey(token: str) -> PilotMember | None:
    """Return whose survey a link opens; None for whatever was not signed here."""
    member = member_of_survey(token)
    found = PilotMember.objects.select_related("person", "pilot__badge_class__issuer__organisation")
    return found.filter(pk=member).first() if member else None


# --- The test group ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MemberLine:
    member: PilotMember
    is_awarded: bool


def members_of(pilot: Pilot) -> list[MemberLine]:
    """Return the test group by name, testers first, each with whether the badge is theirs; two queries."""
    awards = pilot.badge_class.assertions.filter(revoked_at=None)
    awarded = {address.lower() for address in awards.values_list("recipient_key", flat=True)}
    found = pilot.members.select_related("person__department", "person__job_role").order_by("-part", "person__name")
    return [MemberLine(one, one.person.email.lower() in awarded) for one in found]


def people_to_choose(
    organisation: Organisation, *, search: str = "", department: str = "", job_role: str = "", limit: int
) -> list[Person]:
    """Return the organisation's people by name who match all of what is asked for; words look into name and title."""
    found = Person.objects.filter(organisation=organisation).select_related("department", "job_role")
    for word in search.split()[:8]:
        found = found.filter(name__icontains=word) | found.filter(job_title__icontains=word)
    for column, value in [("department_id", department), ("job_role_id", job_role)]:
        if value:
            found = found.filter(**{column: value})
    return list(found.order_by("name", "pk")[:limit])


# --- The report ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """How often one number of the scale was given."""

    number: int
    words: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Side:
    """What one kind of people answered to one question."""

    label: str
    count: int
    mean: float
    bars: list[Bar]

    @property
    def said(self) -> str:
        """The chart in words."""
        return ", ".join(f"{bar.words}: {bar.count}" for bar in reversed(self.bars))


@dataclass(frozen=True, slots=True)
class QuestionResult:
    title: str
    sides: list[Side]
    asked: list[str]  # the words of each kind of people


@dataclass(frozen=True, slots=True)
class PilotReport:
    pilot: Pilot
    testers: int
    managers: int
    awarded: int
    asked: int
    answered: int
    answers: int
    results: list[QuestionResult]
    remarks: list[tuple[str, str]]  # who says it (by kind, where that tells nobody's name) and what
    is_split: bool  # whether the kinds are told apart

    @property
    def rate(self) -> int:
        return round(100 * self.answered / self.asked) if self.asked else 0


def pilot_report(pilot: Pilot) -> PilotReport:
    """Return what came of a pilot. Kinds of people with fewer than `FEW` answers are not told apart."""
    members = list(pilot.members.all())
    answers = list(pilot.answers.all())
    by_part = {part: [one for one in answers if one.part == part] for part in Part.values}
    given = [part for part in Part.values if by_part[part]]
    is_split = len(given) > 1 and all(len(by_part[part]) >= FEW for part in given)
    sides: list[tuple[str, Sequence[SurveyAnswer]]] = (
        [(_side_name(part), by_part[part]) for part in given] if is_split else [(_("Everybody"), answers)]
    )
    emails = [one.lower() for one in pilot.members.filter(part=Part.TESTER).values_list("person__email", flat=True)]
    held = pilot.badge_class.assertions.filter(revoked_at=None).values_list("recipient_key", flat=True)
    return PilotReport(
        pilot=pilot,
        testers=sum(one.part == Part.TESTER for one in members),
        managers=sum(one.part == Part.MANAGER for one in members),
        awarded=len({address.lower() for address in held} & set(emails)),
        asked=sum(one.asked_at is not None or one.answered_at is not None for one in members),
        answered=sum(one.answered_at is not None for one in members),
        answers=len(answers),
        results=[_result(question, sides, given) for question in QUESTIONS] if answers else [],
        remarks=_remarks(answers, with_part=is_split),
        is_split=is_split,
    )


def _side_name(part: str) -> str:
    return _("Test group") if part == Part.TESTER else _("Managers")


def _result(
    question: Question, sides: Iterable[tuple[str, Sequence[SurveyAnswer]]], given: Sequence[str]
) -> QuestionResult:
    made = [_side(label, [getattr(one, question.name) for one in answers]) for label, answers in sides]
    return QuestionResult(str(question.short), made, [question.for_part(part) for part in given])


def _side(label: str, numbers: Sequence[int]) -> Side:
    bars = [
        Bar(number, str(SCALE[number - 1]), numbers.count(number), round(100 * numbers.count(number) / len(numbers)))
        for number in range(1, 6)
    ]
    return Side(label, len(numbers), round(sum(numbers) / len(numbers), 1), bars)


def _remarks(answers: Iterable[SurveyAnswer], *, with_part: bool) -> list[tuple[str, str]]:
    """Return what was remarked, in no order that would tell who answered when."""
    said = [(_side_name(one.part) if with_part else "", one.remark) for one in answers if one.remark.strip()]
    return sorted(said, key=lambda one: hashlib.sha256(one[1].encode()).digest())


def last_pilot(badge_class: BadgeClass) -> Pilot | None:
    """Return the pilot that runs, or the last one that ended."""
    pilots = badge_class.pilots.select_related("started_by", "ended_by", "badge_class__issuer__organisation")
    return pilots.order_by("-started_at").first()


def days_left(pilot: Pilot, *, at: datetime) -> int:
    return (pilot.ends_on - at.date()).days


def pilots_to_decide(organisation: Organisation, *, today: date) -> QuerySet[Pilot]:
    """Return the pilots whose last day is over and that nobody has ended, the oldest first."""
    found = Pilot.objects.filter(badge_class__issuer__organisation=organisation, ended_at=None, ends_on__lt=today)
    return found.select_related("badge_class").order_by("ends_on", "pk")
