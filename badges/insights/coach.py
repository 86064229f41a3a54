"""The coach: good practice held against a badge, rule by rule, each with its reason and, where there is one, a fix.

Pure: it reads the rows of a badge, saved or not, and `Facts` about what stands around it. Nothing is guessed by a
machine that learns; every hint is a rule of this module and says why it is one. The reasons are those of the practice
of badging at work: be transparent, meaningful and portable; tie badges to competencies and levels; start small.
"""

import re
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from badges.insights import bloom
from badges.insights import coach_words as words
from badges.insights.coach_twins import Others, Twin
from badges.models import Alignment, BadgeClass, Basis, EarningStep, Level, Purpose, StepKind, Validity
from badgeserver.languages import language_said

Tone = Literal["missing", "better", "good"]

#: A name longer than this breaks on a profile; a description of more sentences is not read.
LONG_NAME, MOST_SENTENCES = 50, 2
#: Below these a picture is a spot in a list.
LEAST_SIDE, LEAST_CONTRAST, LEAST_FILLED = 200, 2.0, 0.25
_SHOWN_WORDS = 3


@dataclass(frozen=True, slots=True)
class Fix:
    """What one press does: put `changes` into the form, or open a page (`page`: planning, design, languages, pilot)."""

    label: str
    changes: tuple[tuple[str, str], ...] = ()
    page: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A badge that a hint speaks of."""

    label: str
    badge: uuid.UUID


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing about a badge: what it is, why it matters, the field of the form it is about, and what to do.

    `field` is a field of the badge form, “steps”, “skills” or “planning”.
    """

    key: str
    tone: Tone
    sentence: str
    why: str | Promise
    field: str
    fix: Fix | None = None
    link: Link | None = None
    worth: int = 0
    practice: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands around a badge, and is not said by it. Everything may be left out."""

    has_picture: bool = False
    picture_remarks: tuple[tuple[str, str], ...] = ()  # sentence and why; the designer's, or of the pixels
    is_drawn: bool = False  # by the designer
    is_saved: bool = False
    has_next: bool = False
    has_related: bool = False
    leads_on: bool = False  # another badge asks for this one
    has_roles: bool = False  # job roles or departments
    was_tried: bool = False  # in a pilot
    others: Others = field(default_factory=Others)
    languages_missing: tuple[str, ...] = ()  # in which most of the other badges speak, and this one does not
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Coaching:
    """What the coach says about one badge; `hints` are open, the ones worth most first."""

    hints: list[Hint]
    good: list[Hint]
    dismissed: list[Hint]

    @property
    def missing(self) -> list[Hint]:
        return [hint for hint in self.hints if hint.tone == "missing"]

    @property
    def better(self) -> list[Hint]:
        return [hint for hint in self.hints if hint.tone == "better"]

    @property
    def done(self) -> int:
        return len(self.good)

    @property
    def total(self) -> int:
        """The practices that fit this badge, without those that its authors mean otherwise."""
        return len(self.good) + len({hint.practice for hint in self.hints})

    @property
    def is_all_good(self) -> bool:
        return not self.hints

    @property
    def is_blank(self) -> bool:
        """Whether so little is said that hints would only be in the way."""
        return {"name-missing", "description-missing", "earn-missing"} <= {hint.key for hint in self.missing}

    @property
    def sentence(self) -> str:
        return ngettext("%(done)d of %(total)d good practice", "%(done)d of %(total)d good practices", self.total) % {
            "done": self.done,
            "total": self.total,
        }

    def hint(self, key: str) -> Hint | None:
        return next((hint for hint in [*self.hints, *self.dismissed] if hint.key == key), None)


class Told:
    """A badge as the rules read it."""

    def __init__(
        self, badge: BadgeClass, steps: Sequence[EarningStep], alignments: Sequence[Alignment], facts: Facts
    ) -> None:
        self.badge, self.steps, self.alignments, self.facts = badge, steps, alignments, facts
        self.language = str(badge.language)
        self.name, self.description = _read(badge.name).strip(), _read(badge.description).strip()

    @cached_property
    def criteria(self) -> str:
        """What one must do, as one text."""
        return _read("\n".join([*(step.text for step in self.steps[:40]), _read(self.badge.criteria_narrative)]))

    @cached_property
    def demands(self) -> str:
        """The same, and how it is assessed."""
        return _read(f"{self.criteria}\n{_read(self.badge.assessed)}")

    @cached_property
    def has_criteria(self) -> bool:
        return bool(self.steps or self.badge.criteria_narrative.strip() or self.badge.criteria_url)

    @cached_property
    def is_read(self) -> bool:
        """Whether the coach knows the language."""
        return bool(words.spoken(self.language))

    @cached_property
    def speech(self) -> bloom.Speech:
        """As the form says it beside the level: description and criteria."""
        said = f"{self.description}\n{_read(self.badge.criteria_narrative)}"
        return bloom.speech_of(said, self.language)

    @cached_property
    def criteria_speech(self) -> bloom.Speech:
        return bloom.speech_of(self.criteria, self.language)

    @property
    def is_for_work(self) -> bool:
        """Whether it shows what somebody can do: most practices are for such badges, not for a smile or a thank-you."""
        return self.badge.purpose in {Purpose.SKILL, Purpose.COMPLIANCE}


Rule = Callable[[Told], Iterator[Hint]]


@dataclass(frozen=True, slots=True)
class Practice:
    """One good practice: its rule yields what is not so yet; where it yields nothing, `good` is said."""

    key: str
    worth: int
    rule: Rule
    good: str | Promise
    why: str | Promise
    field: str
    fits: Callable[[Told], bool] = lambda told: True  # noqa: ARG005 -- most fit every badge


def coach(
    badge: BadgeClass,
    steps: Sequence[EarningStep],
    alignments: Sequence[Alignment],
    facts: Facts,
    *,
    dismissed: Collection[str] = (),
) -> Coaching:
    """Hold good practice against a badge. `dismissed` are the keys of hints that its authors mean otherwise.

    A practice all of whose hints are dismissed does not count, neither for nor against.
    """
    told = Told(badge, list(steps), list(alignments), facts)
    hints: list[Hint] = []
    good: list[Hint] = []
    put_away: list[Hint] = []
    for practice in PRACTICES:
        if not practice.fits(told):
            continue
        found = [replace(hint, practice=practice.key, worth=practice.worth) for hint in practice.rule(told)]
        still = [hint for hint in found if hint.key not in dismissed or hint.tone == "missing"]
        hints += still
        put_away += [hint for hint in found if hint not in still]
        if not found:
            good.append(
                Hint(practice.key, "good", str(practice.good), practice.why, practice.field, practice=practice.key)
            )
    hints.sort(key=lambda hint: (hint.tone != "missing", -hint.worth))
    return Coaching(hints, good, put_away)


def _read(text: str) -> str:
    return str(text)[: words.LONGEST]


def _quoted(found: Sequence[str]) -> str:
    return ", ".join(_("“%(word)s”") % {"word": word[:40]} for word in found[:_SHOWN_WORDS])


#: Reasons that several rules share.
_WHY_NAME = gettext_lazy("It is what people put on a profile: short, and what somebody can do.")
_WHY_SAYS = gettext_lazy("Who hires or staffs a project asks: what can this person do? The description answers first.")
_WHY_EARN = gettext_lazy("A badge is worth what one had to show for it. Everybody should see that before they begin.")
_WHY_SEEN = gettext_lazy(
    "Only what can be watched can be assessed, and by everybody alike. Bloom’s verbs help; they stand at the level."
)
_WHY_MEASURE = gettext_lazy("Then two assessors decide alike, people know when they are done, and others can trust it.")
_WHY_ASSESSED = gettext_lazy(
    "A badge is not given by oneself: somebody else looked, by a rule. That is why others believe it."
)
_WHY_LEARNED = gettext_lazy("Whoever looks at a badge wants to know what was learned, how, and how it was assessed.")
_WHY_APPLIED = gettext_lazy("People go for what helps them tomorrow; managers read what they can ask somebody to do.")
_WHY_USEFUL = gettext_lazy("A badge is meaningful when it is relevant to a job and to what comes after it.")
_WHY_LEVEL = gettext_lazy("Levels make a ladder, and the verbs say what stands on each rung. Both should say the same.")
_WHY_SKILLS = gettext_lazy(
    "Tied to a competency, badges show what people can do and what is missing, across courses and companies."
)
_WHY_NEXT = gettext_lazy(
    "People keep learning when the next step is in sight: more of the same skill, or what completes it."
)
_WHY_BASIS = gettext_lazy(
    "Being there, finishing, and showing it are different things. Whoever looks at the badge wants to know which."
)
_WHY_VALIDITY = gettext_lazy("How long it holds should follow from what it is for.")
_WHY_PICTURE = gettext_lazy("The badge travels as its picture: in lists and profiles it is as small as a fingernail.")
_WHY_ALT = gettext_lazy("Screen readers read it aloud, and it stands where the picture cannot be loaded.")
_WHY_TAGS = gettext_lazy("Badges travel: in other collections they are found by their tags.")
_WHY_UNLIKE = gettext_lazy(
    "Two badges for one thing halve the worth of both: nobody knows which to ask for. Use one for all courses."
)
_WHY_LANGUAGE = gettext_lazy("Screen readers and translating programs go by what the badge says about its language.")
_WHY_TRANSLATED = gettext_lazy("People read a badge in their language, and show it to people who read another one.")
_WHY_PILOT = gettext_lazy(
    "Start small, test, then expand: what is unclear shows before people hold the badge and its words are fixed."
)


# --- What it is --------------------------------------------------------------------------------------------------


def _name(told: Told) -> Iterator[Hint]:
    name = told.name
    if not name:
        yield Hint("name-missing", "missing", _("Give the badge a name."), _WHY_NAME, "name")
        return
    if len(name) > LONG_NAME:
        yield Hint(
            "name-long",
            "better",
            _("The name has %(length)d characters. Up to %(most)d fit on a profile and under a picture.")
            % {"length": len(name), "most": LONG_NAME},
            _WHY_NAME,
            "name",
        )
    if (year := words.YEAR.search(name)) and not words.STANDARD.search(name):
        yield Hint(
            "name-year",
            "better",
            _("The name holds the year %(year)s. Next year you would need another badge.") % {"year": year[0]},
            _("When it was earned, and until when it holds, stands on every award anyway."),
            "name",
            _without(_("Take the year out of the name"), name, words.YEAR),
        )
    if kind := words.KIND.search(name):
        yield Hint(
            "name-kind",
            "better",
            _("The name says “%(word)s”. Everybody sees that it is one.") % {"word": kind[0]},
            _("On a profile the name stands among other badges: what differs is what somebody can do."),
            "name",
            _without(_("Take “%(word)s” out of the name") % {"word": kind[0]}, name, words.KIND),
        )
    if (course := words.COURSE_AT_END.search(name)) and len(name.split()) > 1:
        yield Hint(
            "name-course",
            "better",
            _("The name is that of a course (“%(word)s”), not of what somebody can do afterwards.")
            % {"word": name.split()[-1]},
            _("A badge lives longer than the course. People who learned it otherwise can earn it too."),
            "name",
            _without(_("Leave “%(word)s” out") % {"word": course[0]}, name, words.COURSE_AT_END)
            if name[: course.start()].endswith(" ")
            else None,
        )


def _without(label: str, name: str, pattern: re.Pattern[str]) -> Fix | None:
    """Return the fix that takes something out of the name, if a name is left."""
    left = re.sub(r"\(\s*\)|\[\s*\]", "", pattern.sub("", name))
    left = re.sub(r"\s{2,}", " ", left).strip(" -–—:,;/|·_#")
    left = re.sub(r"\A(?:in|of|for|für|zum|zur|über)\s+", "", left, flags=re.IGNORECASE)
    return Fix(label, (("name", left),)) if len(left) >= 3 and left != name else None


def _description(told: Told) -> Iterator[Hint]:
    text = told.description
    if not text:
        yield Hint(
            "description-missing",
            "missing",
            _("Say in a sentence or two what its holder can do."),
            _WHY_SAYS,
            "description",
        )
        return
    count = words.sentences(text)
    if count > MOST_SENTENCES:
        yield Hint(
            "description-long",
            "better",
            _("The description has %(count)d sentences. Keep the two that say most; the rest has a place below.")
            % {"count": count},
            _("It stands beside the picture wherever the badge is shown, and is read in passing."),
            "description",
        )
    course = words.found(words.OF_THE_COURSE, text, told.language)
    if course:
        yield Hint(
            "description-course",
            "better",
            _("The description tells of the course or the badge (%(words)s). Say what its holder can do.")
            % {"words": _quoted(course)},
            _WHY_SAYS,
            "description",
        )
    elif told.is_read and not words.tells_what_one_does(text, told.language, bloom.speech_of(text, told.language)):
        yield Hint(
            "description-verb",
            "better",
            _("The description does not begin with what somebody does: “Leads …”, “Checks …”, “Can …”."),
            _WHY_SAYS,
            "description",
        )


def _tags(told: Told) -> Iterator[Hint]:
    if not told.badge.tags:
        yield Hint(
            "tags-none",
            "better",
            _("Add two or three tags: words by which people would look for it."),
            _WHY_TAGS,
            "tags",
        )


def _language(told: Told) -> Iterator[Hint]:
    other = words.other_language(f"{told.description}\n{told.criteria}", told.language)
    if other:
        named = language_said(other)
        yield Hint(
            "language-other",
            "better",
            _("The text seems to be in %(language)s, and the badge says that it is in %(said)s.")
            % {"language": named, "said": language_said(told.language)},
            _WHY_LANGUAGE,
            "language",
            Fix(_("Say that it is in %(language)s") % {"language": named}, (("language", other),)),
        )


def _translations(told: Told) -> Iterator[Hint]:
    for code in told.facts.languages_missing[:1]:
        yield Hint(
            "translation-missing",
            "better",
            _("Most of your badges speak %(language)s too; this one does not yet.") % {"language": language_said(code)},
            _WHY_TRANSLATED,
            "planning",
            Fix(_("Translate it"), page="languages"),
        )


def _unlike(told: Told) -> Iterator[Hint]:
    twin = told.facts.others.twin_of(told.badge, [one.target_url for one in told.alignments])
    if twin is not None:
        yield Hint(
            "unlike-twin",
            "better",
            _twin_sentence(twin),
            _WHY_UNLIKE,
            "name",
            link=Link(twin.name, twin.pk),
        )


def _twin_sentence(twin: Twin) -> str:
    if twin.by == "skills":
        return _("“%(badge)s” stands for the same skills at the same level. Is it the same badge?") % {
            "badge": twin.name
        }
    return _("“%(badge)s” is called nearly the same. Is it the same badge?") % {"badge": twin.name}


# --- How it is earned --------------------------------------------------------------------------------------------


def _earn(told: Told) -> Iterator[Hint]:
    if not told.has_criteria:
        yield Hint(
            "earn-missing",
            "missing",
            _("Say how it is earned: by steps, in a text, or on a page of yours."),
            _WHY_EARN,
            "steps",
        )
        return
    if not told.criteria.strip():
        yield Hint(
            "earn-elsewhere",
            "better",
            _("How it is earned stands only on another page. Say it here too, in a few steps."),
            _("Pages move. What one had to do must still be there when somebody asks in five years."),
            "steps",
        )
        return
    attending = words.found(words.ATTENDING, told.criteria, told.language)
    courses = [step for step in told.steps if step.kind == StepKind.COURSE]
    is_course_only = bool(told.steps) and len(courses) == len(told.steps)
    acts = {verb.verb for verb in told.criteria_speech.verbs} - {
        "complete",
        "know",
        "understand",
        "kennen",
        "verstehen",
    }
    shows_more = bool(acts) or (told.steps and not is_course_only) or bool(told.badge.assessed.strip())
    if (attending or is_course_only) and not shows_more and told.is_for_work:
        yield Hint(
            "earn-attend",
            "better",
            _("One earns it by being there (%(words)s). Add a step that shows it: a task, a test, a project.")
            % {"words": _quoted(attending or [step.text for step in courses])},
            _("A badge for attendance says that somebody had time. One for what was shown says that they can do it."),
            "steps",
        )


def _observable(told: Told) -> Iterator[Hint]:
    unseen = words.found(words.UNSEEN, told.criteria, told.language)
    if unseen:
        yield Hint(
            "observable-unseen",
            "better",
            _("Nobody can watch this: %(words)s. Say what somebody does who can do it: explain, use, check, decide.")
            % {"words": _quoted(unseen)},
            _WHY_SEEN,
            _criteria_field(told, unseen[0]),
        )
    elif not _shows_an_act(told):
        yield Hint(
            "observable-verb",
            "better",
            _("How it is earned names no act that somebody could watch. Begin with a verb: show, check, build, lead."),
            _WHY_EARN,
            _criteria_field(told, ""),
        )


def _shows_an_act(told: Told) -> bool:
    acting = {StepKind.PROJECT, StepKind.ON_THE_JOB, StepKind.ASSESSMENT, StepKind.BADGE}
    return (
        any(step.kind in acting for step in told.steps)
        or not told.is_read
        or words.tells_what_one_does(told.criteria, told.language, told.criteria_speech)
    )


def _criteria_field(told: Told, word: str) -> str:
    is_in_text = word.casefold() in _read(told.badge.criteria_narrative).casefold()
    return "criteria_narrative" if is_in_text and told.badge.criteria_narrative.strip() else "steps"


def _clear(told: Told) -> Iterator[Hint]:
    vague = words.found(words.VAGUE, told.demands, told.language)
    if vague:
        yield Hint(
            "clear-vague",
            "better",
            _("Two people read these words in two ways: %(words)s. Say how many, how often, or by which standard.")
            % {"words": _quoted(vague)},
            _WHY_MEASURE,
            "assessed"
            if not words.found(words.VAGUE, told.criteria, told.language)
            else _criteria_field(told, vague[0]),
        )
    elif not (re.search(r"\d", told.demands) or words.says(words.MEASURE, told.demands, told.language)):
        yield Hint(
            "clear-measure",
            "better",
            _("It is not said how much is enough. Add a number or a standard: “three times”, “by the checklist”."),
            _WHY_MEASURE,
            _criteria_field(told, "") if told.steps else "criteria_narrative",
        )


def _learned(told: Told) -> Iterator[Hint]:
    if not told.badge.learned.strip():
        yield Hint(
            "learned-none",
            "better",
            _("Say what is learned on the way: the knowledge and skills behind it."),
            _WHY_LEARNED,
            "learned",
        )


def _assessed(told: Told) -> Iterator[Hint]:
    said = _read(told.badge.assessed)
    if not said.strip():
        yield Hint(
            "assessed-none",
            "better",
            _("Say how it is assessed, and by whom."),
            _WHY_ASSESSED,
            "assessed",
        )
    elif told.is_read and not words.says(words.WHO, said, told.language):
        yield Hint(
            "assessed-who",
            "better",
            _("It is said how it is assessed, but not by whom: a mentor, a supervisor, a test?"),
            _WHY_ASSESSED,
            "assessed",
        )


def _applied(told: Told) -> Iterator[Hint]:
    if not told.badge.applied.strip():
        yield Hint(
            "applied-none",
            "better",
            _("Say how it is used at work, on an ordinary day."),
            _WHY_APPLIED,
            "applied",
        )


def _useful(told: Told) -> Iterator[Hint]:
    if not told.badge.useful_for.strip() and not told.facts.has_roles:
        yield Hint(
            "useful-none",
            "better",
            _("Say in which roles it is useful, or for whom it is."),
            _WHY_USEFUL,
            "useful_for",
            Fix(_("Choose the roles"), page="planning") if told.facts.is_saved else None,
        )


# --- Where it stands -----------------------------------------------------------------------------------------------


def _skills(told: Told) -> Iterator[Hint]:
    if not told.alignments:
        yield Hint(
            "skills-none",
            "better",
            _("Name the skill that it stands for, from your own competency model or one that others know."),
            _WHY_SKILLS,
            "skills",
        )
        return
    for one in told.alignments:
        competency = one.competency
        if competency is not None and competency.retired_at is not None:
            follows = competency.successor
            sentence = (
                _("The skill “%(skill)s” was retired from its framework; “%(next)s” took its place.")
                % {"skill": one.target_name, "next": follows.name}
                if follows
                else _("The skill “%(skill)s” was retired from its framework.") % {"skill": one.target_name}
            )
            why = _("The badge may keep it. But whoever counts skills of today no longer counts this one.")
            yield Hint("skills-retired", "better", sentence, why, "skills")
            return


def _level(told: Told) -> Iterator[Hint]:
    spoken, chosen = told.speech.level, told.badge.level
    quoted = _quoted(told.speech.telling)
    if chosen is None:
        yield Hint(
            "level-none",
            "better",
            _("Say which level of mastery it stands for.")
            if spoken is None
            else _("Say which level it stands for. Your verbs (%(verbs)s) speak for level %(level)d.")
            % {"verbs": quoted, "level": spoken},
            _WHY_LEVEL,
            "level",
            _take_level(spoken),
        )
        return
    if told.badge.basis == Basis.PARTICIPATION and chosen >= Level.PRACTITIONER:
        yield Hint(
            "level-participation",
            "better",
            _("Whoever was there has not shown level %(level)d yet. Let the award rest on more, or take level 1.")
            % {"level": chosen},
            _("A level says what somebody has shown. Being there shows that they have heard of it."),
            "basis",
            _take_level(1),
        )
    elif spoken is not None and spoken != chosen:
        yield Hint(
            "level-verbs",
            "better",
            _("You chose level %(level)d, and the verbs (%(verbs)s) speak for level %(spoken)d.")
            % {"level": chosen, "verbs": quoted, "spoken": spoken},
            _WHY_LEVEL,
            "level",
            _take_level(spoken),
        )


def _take_level(level: int | None) -> Fix | None:
    if level is None:
        return None
    return Fix(
        _("Take level %(level)d, %(name)s") % {"level": level, "name": Level(level).label}, (("level", str(level)),)
    )


def _next(told: Told) -> Iterator[Hint]:
    facts = told.facts
    if not (facts.has_next or facts.has_related or facts.leads_on):
        yield Hint(
            "next-none",
            "better",
            _("Name what comes after it: the next level, or a badge that goes with it."),
            _WHY_NEXT,
            "planning",
            Fix(_("Name the next badge"), page="planning"),
        )


def _has_room_above(told: Told) -> bool:
    facts = told.facts
    is_top = told.badge.level == Level.EXPERT
    return facts.is_saved and told.is_for_work and (not is_top or facts.has_next or facts.has_related or facts.leads_on)


def _basis(told: Told) -> Iterator[Hint]:
    if not told.badge.basis:
        yield Hint(
            "basis-none",
            "better",
            _("Say what an award rests on: something finished, a result, progress, or experience."),
            _WHY_BASIS,
            "basis",
        )


def _validity(told: Told) -> Iterator[Hint]:
    badge, today = told.badge, told.facts.today
    if badge.validity == Validity.UNTIL and badge.validity_until and today and badge.validity_until < today:
        missing = _("This day has passed. Choose a later one, or let the badge last.")
        yield Hint("validity-past", "missing", missing, _WHY_VALIDITY, "validity_until")
    elif badge.purpose == Purpose.COMPLIANCE and badge.validity == Validity.NEVER:
        yield Hint(
            "validity-compliance",
            "better",
            _("A compliance badge that never ends: nobody looks again whether somebody may still do it."),
            _("Issue and expiry dates tell when to refresh, and reminders go out by themselves."),
            "validity",
            Fix(_("Let it expire after 12 months"), (("validity", Validity.MONTHS.value), ("validity_months", "12"))),
        )
    elif badge.purpose in {Purpose.VALUES, Purpose.FUN} and badge.validity != Validity.NEVER:
        yield Hint(
            "validity-thanks",
            "better",
            _("A thank-you that runs out. What somebody did stays done."),
            _WHY_VALIDITY,
            "validity",
            Fix(_("Let it last"), (("validity", Validity.NEVER.value),)),
        )
    elif badge.validity != Validity.NEVER and told.is_read:
        said = "\n".join([told.demands, told.description, _read(badge.useful_for), _read(badge.applied)])
        if not words.says(words.RENEWING, said, told.language):
            yield Hint(
                "validity-renewal",
                "better",
                _("It runs out, and nothing says how it is renewed. Add a sentence."),
                _("Whoever gets the reminder asks first: what must I do to keep it?"),
                "criteria_narrative",
            )


def _pilot(told: Told) -> Iterator[Hint]:
    if not told.facts.was_tried:
        yield Hint(
            "pilot-none",
            "better",
            _("Try it with a few people first, and ask them what they think."),
            _WHY_PILOT,
            "planning",
            Fix(_("Start a pilot"), page="pilot"),
        )


def _can_be_tried(told: Told) -> bool:
    badge, facts = told.badge, told.facts
    is_begun = bool(
        told.name and told.description and told.has_criteria and facts.has_picture and badge.image_alt.strip()
    )
    is_new = badge.status == BadgeClass.Status.DRAFT and badge.version == 1 and not badge.is_template
    return facts.was_tried or (facts.is_saved and is_new and is_begun and told.is_for_work)


# --- How it looks --------------------------------------------------------------------------------------------------


def _picture(told: Told) -> Iterator[Hint]:
    if not told.facts.has_picture:
        fix = Fix(_("Draw it"), page="design")
        yield Hint("picture-missing", "missing", _("Choose a picture, or draw one."), _WHY_PICTURE, "picture", fix)
        return
    for number, (sentence, why) in enumerate(told.facts.picture_remarks[:2]):
        label = _("Draw it with more contrast") if told.facts.is_drawn else _("Draw another one")
        fix = Fix(label if number == 0 else _("Open the designer"), page="design")
        yield Hint("picture-look" if number == 0 else "picture-look-too", "better", sentence, why, "picture", fix)


def _alt(told: Told) -> Iterator[Hint]:
    alt = _read(told.badge.image_alt).strip()
    folded = alt.casefold().rstrip(".!")
    if not alt:
        sentence = _("Describe the picture in a few words, for people who cannot see it.")
        yield Hint("alt-missing", "missing", sentence, _WHY_ALT, "image_alt")
    elif words.FILE_NAME.search(alt):
        sentence = _("“%(words)s” is the name of a file. Say what one sees.") % {"words": alt[:60]}
        yield Hint("alt-file", "better", sentence, _WHY_ALT, "image_alt")
    elif folded in words.SAYS_NOTHING or folded == told.name.casefold():
        sentence = _("“%(words)s” does not say what one sees: shape, colours, the sign in the middle.") % {
            "words": alt[:60]
        }
        yield Hint("alt-empty", "better", sentence, _WHY_ALT, "image_alt")
    elif begin := words.PICTURE_OF.match(alt):
        left = alt[begin.end() :].strip()
        yield Hint(
            "alt-picture-of",
            "better",
            _("Leave “%(words)s” out: screen readers say already that it is a picture.") % {"words": begin[0]},
            _WHY_ALT,
            "image_alt",
            Fix(_("Leave it out"), (("image_alt", left[:1].upper() + left[1:]),)) if len(left) >= 3 else None,
        )


# --- All of them -----------------------------------------------------------------------------------------------------


def _is_for_work(told: Told) -> bool:
    return told.is_for_work


def _has_text(told: Told) -> bool:
    return told.has_criteria and bool(told.criteria.strip())


def _is_sure_of_itself(told: Told) -> bool:
    return told.is_for_work or bool(told.badge.level)


PRACTICES: list[Practice] = [
    Practice("name", 70, _name, gettext_lazy("The name is short and says what it is about."), _WHY_NAME, "name"),
    Practice(
        "description",
        88,
        _description,
        gettext_lazy("The description says what its holder can do."),
        _WHY_SAYS,
        "description",
    ),
    Practice("unlike", 75, _unlike, gettext_lazy("It is unlike your other badges."), _WHY_UNLIKE, "name"),
    Practice("tags", 20, _tags, gettext_lazy("It can be found by its tags."), _WHY_TAGS, "tags"),
    Practice(
        "language",
        60,
        _language,
        gettext_lazy("It is in the language that it says."),
        _WHY_LANGUAGE,
        "language",
        _has_text,
    ),
    Practice(
        "translations",
        30,
        _translations,
        gettext_lazy("It speaks the languages of your other badges."),
        _WHY_TRANSLATED,
        "language",
        lambda told: bool(told.facts.languages_missing),
    ),
    Practice("basis", 35, _basis, gettext_lazy("It says what an award rests on."), _WHY_BASIS, "basis", _is_for_work),
    Practice(
        "picture", 65, _picture, gettext_lazy("The picture can be told apart in a list."), _WHY_PICTURE, "picture"
    ),
    Practice("alt", 55, _alt, gettext_lazy("The picture is described in words."), _WHY_ALT, "image_alt"),
    Practice(
        "earn",
        100,
        _earn,
        gettext_lazy("How to earn it is said, and asks for more than being there."),
        _WHY_EARN,
        "steps",
    ),
    Practice(
        "observable",
        95,
        _observable,
        gettext_lazy("What one must do can be watched."),
        _WHY_SEEN,
        "criteria_narrative",
        lambda told: _has_text(told) and told.is_read,
    ),
    Practice(
        "clear",
        85,
        _clear,
        gettext_lazy("It says how much is enough."),
        _WHY_MEASURE,
        "criteria_narrative",
        lambda told: _has_text(told) and told.is_for_work and told.is_read,
    ),
    Practice("learned", 50, _learned, gettext_lazy("It says what is learned."), _WHY_LEARNED, "learned", _is_for_work),
    Practice(
        "applied", 52, _applied, gettext_lazy("It says how it is used at work."), _WHY_APPLIED, "applied", _is_for_work
    ),
    Practice(
        "assessed",
        90,
        _assessed,
        gettext_lazy("It says how it is assessed, and by whom."),
        _WHY_ASSESSED,
        "assessed",
        lambda told: told.badge.purpose != Purpose.FUN,
    ),
    Practice(
        "useful", 58, _useful, gettext_lazy("It says for whom it is useful."), _WHY_USEFUL, "useful_for", _is_for_work
    ),
    Practice("level", 80, _level, gettext_lazy("The level fits the verbs."), _WHY_LEVEL, "level", _is_sure_of_itself),
    Practice("skills", 78, _skills, gettext_lazy("It is tied to a skill."), _WHY_SKILLS, "skills", _is_for_work),
    Practice(
        "validity", 72, _validity, gettext_lazy("How long it holds fits what it is for."), _WHY_VALIDITY, "validity"
    ),
    Practice("next", 62, _next, gettext_lazy("It leads on to another badge."), _WHY_NEXT, "planning", _has_room_above),
    Practice(
        "pilot",
        10,
        _pilot,
        gettext_lazy("It was tried with a few people first."),
        _WHY_PILOT,
        "planning",
        _can_be_tried,
    ),
]

#: What can be dismissed: every hint that is not needed before publishing.
KEYS = frozenset(
    {
        "name-long",
        "name-year",
        "name-kind",
        "name-course",
        "description-long",
        "description-course",
        "description-verb",
        "tags-none",
        "language-other",
        "translation-missing",
        "unlike-twin",
        "earn-elsewhere",
        "earn-attend",
        "observable-unseen",
        "observable-verb",
        "clear-vague",
        "clear-measure",
        "learned-none",
        "assessed-none",
        "assessed-who",
        "applied-none",
        "useful-none",
        "skills-none",
        "skills-retired",
        "level-none",
        "level-participation",
        "level-verbs",
        "next-none",
        "basis-none",
        "validity-compliance",
        "validity-thanks",
        "validity-renewal",
        "pilot-none",
        "picture-look",
        "picture-look-too",
        "alt-file",
        "alt-empty",
        "alt-picture-of",
    }
)
