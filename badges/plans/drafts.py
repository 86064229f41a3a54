"""What each row of a plan becomes: the draft it would be, and what is to be said about it. Needs no database."""

import enum
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from badges.models import Basis, Category, Level, Purpose, StepKind, Validity, Visibility
from badges.plans import cells
from badges.plans.cells import Holds
from badges.plans.columns import FIELDS
from badgeserver.markdown import MarkdownRefused, check_markdown, holds_address
from badgeserver.openbadges.iris import is_http_url
from badgeserver.tabular import clean_cell, folded

MAX_NAME, MAX_DESCRIPTION, MAX_ALT = 120, 500, 300
MAX_STEPS, MAX_STEP, MAX_ALIGNMENTS, MAX_TAGS, MAX_TAG = 12, 300, 20, 12, 40
MAX_OTHER_NAME, MAX_OTHERS, MAX_URL = 80, 20, 500
#: What begins the name of a row that shows how a plan is filled in.
EXAMPLE = ("example:", "beispiel:")
#: In the changes of a row, beside its fields: it is made although there is a badge of its name.
MAKE_ANYWAY = "make_anyway"
#: How a text is written that a spreadsheet would take for a formula.
_MASKED = re.compile(r"' *[=+\-@＝＋－＠]")
_MADE_ALONG = {"departments", "job_roles"}
_LAST_DAY = date(2199, 12, 31)


class State(enum.StrEnum):
    READY = "ready"
    HELD = "held"  # something must be decided or written first
    LEFT_OUT = "left_out"
    DONE = "done"  # it has become a draft


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to be said about one field of a row; each of `choices` is a text that would answer it, and its label.

    `holds` means that no draft is made before it is answered.
    """

    field: str
    sentence: str
    tone: str = "warn"
    choices: tuple[tuple[str, str], ...] = ()
    holds: bool = False


@dataclass(frozen=True, slots=True)
class KnownCompetency:
    pk: uuid.UUID
    name: str
    code: str
    url: str
    framework: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the organisation has already; names are folded, and lead to the name as it is written, or to the row."""

    departments: Mapping[str, str] = field(default_factory=dict)
    job_roles: Mapping[str, str] = field(default_factory=dict)
    issuers: Mapping[str, str] = field(default_factory=dict)
    badges: Mapping[str, uuid.UUID] = field(default_factory=dict)
    competencies: Mapping[str, KnownCompetency] = field(default_factory=dict)  # by folded name and code, and by address


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    kind: str
    text: str
    url: str = ""
    badge: str = ""  # the folded name of the badge that one must hold


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAlignment:
    name: str
    url: str
    code: str = ""
    framework: str = ""
    description: str = ""
    competency: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A badge as a row of a plan says it; everything fits the columns of a badge."""

    name: str = ""
    description: str = ""
    issuer: str = ""  # folded; "" for the plan's own
    level: int | None = None
    steps: tuple[PlannedStep, ...] = ()
    criteria: str = ""
    learned: str = ""
    assessed: str = ""
    applied: str = ""
    useful_for: str = ""
    category: str = Category.TECHNICAL
    purpose: str = Purpose.SKILL
    basis: str = ""
    departments: tuple[str, ...] = ()
    job_roles: tuple[str, ...] = ()
    alignments: tuple[PlannedAlignment, ...] = ()
    tags: tuple[str, ...] = ()
    holds: Holds = field(default_factory=Holds)
    next_badge: str = ""  # folded
    visibility: str = Visibility.PUBLIC
    award_cap: int | None = None
    image_alt: str = ""

    @property
    def level_name(self) -> str:
        return str(Level(self.level).label) if self.level else ""

    @property
    def category_name(self) -> str:
        return str(Category(self.category).label)

    @property
    def stars(self) -> range:
        return range(self.level or 0)

    @property
    def is_internal(self) -> bool:
        return self.visibility == Visibility.INTERNAL

    @property
    def validity_sentence(self) -> str:
        match self.holds:
            case Holds(kind=Validity.MONTHS, months=int(months)):
                if months % 12:
                    return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
                return ngettext("%(n)d year", "%(n)d years", months // 12) % {"n": months // 12}
            case Holds(kind=Validity.UNTIL, until=date() as day):
                return _("Until %(day)s") % {"day": date_format(day, "DATE_FORMAT")}
        return ""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    position: int
    number: int  # for people, from 1
    said: Mapping[str, str]
    draft: Draft
    problems: tuple[Problem, ...]
    state: State
    badge_class: uuid.UUID | None = None

    @property
    def title(self) -> str:
        return self.draft.name or self.said.get("name", "") or _("No name yet")

    @property
    def is_ready(self) -> bool:
        return self.state is State.READY

    @property
    def is_left_out(self) -> bool:
        return self.state is State.LEFT_OUT

    @property
    def is_held(self) -> bool:
        return self.state is State.HELD

    @property
    def is_done(self) -> bool:
        return self.state is State.DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class RowNotes:
    """What was decided about a row."""

    changes: Mapping[str, str] = field(default_factory=dict)
    is_left_out: bool = False
    badge_class: uuid.UUID | None = None


def texts_of(row: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    """Return what a row says about each field; what several columns say stands one under another."""
    said: dict[str, str] = {}
    for column, key in enumerate(columns):
        text = row[column].strip() if key and column < len(row) else ""
        if _MASKED.match(text):
            text = text[1:]
        if text:
            said[key] = f"{said[key]}\n{text}" if key in said else text
    return said


def planned_rows(
    table: Sequence[Sequence[str]],
    *,
    header_rows: int,
    headings: Sequence[str],
    columns: Sequence[str],
    notes: Mapping[int, RowNotes],
    known: Known,
    today: date,
) -> list[PlannedRow]:
    """Return what every row below the headings becomes, in their order. Never raises, whatever stands in the cells."""
    heading_of = {key: headings[at] for at, key in enumerate(columns) if key and at < len(headings)}
    repeated = [folded(heading) for heading in headings if heading]
    rows: list[PlannedRow] = []
    for position in range(header_rows, len(table)):
        row, note = table[position], notes.get(position, RowNotes())
        if len(repeated) > 1 and [folded(cell) for cell in row if cell] == repeated:
            continue  # the headings again, on the next page
        said = texts_of(row, columns) | {key: text for key, text in note.changes.items() if key in FIELDS}
        reader = _Reader(said, heading_of, known, today)
        draft = reader.draft()
        rows.append(
            PlannedRow(
                position=position,
                number=len(rows) + 1,
                said=said,
                draft=draft,
                problems=tuple(reader.problems),
                state=State.DONE if note.badge_class else State.LEFT_OUT if note.is_left_out else State.READY,
                badge_class=note.badge_class,
            )
        )
    return _beside_one_another(rows, notes, known)


def _beside_one_another(rows: list[PlannedRow], notes: Mapping[int, RowNotes], known: Known) -> list[PlannedRow]:
    """Say what a row cannot know by itself: names that come twice, next levels, headings of groups."""
    taken: dict[str, int] = {}
    in_plan = {folded(row.draft.name): row for row in rows if not row.is_left_out and row.draft.name}
    usual = sorted(len(row.said) for row in rows)[len(rows) // 2] if rows else 0
    told: list[PlannedRow] = []
    said: set[str] = set()
    for row in rows:
        name = folded(row.draft.name)
        anyway = MAKE_ANYWAY in notes.get(row.position, RowNotes()).changes
        # What is to be made is said where it comes first.
        problems = [one for one in row.problems if one.field not in _MADE_ALONG or one.sentence not in said]
        if not row.is_left_out:
            said |= {one.sentence for one in problems}
        if row.state is State.READY and not anyway and name:
            problems += _twice(row, taken.get(name), known, usual)
        if name and row.state is not State.LEFT_OUT:
            taken.setdefault(name, row.number)
        if row.draft.next_badge:
            problems += _next_problem(row, in_plan, known)
        if row.state is State.DONE:
            problems = []
        state = row.state
        if state is State.READY and any(problem.holds for problem in problems):
            state = State.HELD
        told.append(replace(row, problems=tuple(problems), state=state))
    return told


def _twice(row: PlannedRow, earlier: int | None, known: Known, usual: int) -> list[Problem]:
    name = folded(row.draft.name)
    if row.draft.name.casefold().startswith(EXAMPLE):
        return [Problem("name", _("An example of the template. It is left out."), "neutral", holds=True)]
    if earlier is not None:
        return [
            Problem(
                "name",
                _("Row %(row)d has this name already. Give it another one, leave it out, or make both.")
                % {"row": earlier},
                holds=True,
            )
        ]
    if name in known.badges:
        return [
            Problem(
                "name",
                _("You have a badge of this name. It is left out, unless you make it anyway."),
                "neutral",
                holds=True,
            )
        ]
    if len(row.said) == 1 and usual > 2:
        return [
            Problem("name", _("This looks like a heading, not like a badge. It is left out."), "neutral", holds=True)
        ]
    return []


def _next_problem(row: PlannedRow, in_plan: Mapping[str, PlannedRow], known: Known) -> list[Problem]:
    wanted = row.draft.next_badge
    if wanted == folded(row.draft.name):
        return [Problem("next_badge", _("A badge cannot be its own next level. It stays without one."))]
    if wanted not in in_plan and wanted not in known.badges:
        near = get_close_matches(wanted, [*in_plan, *known.badges], n=3, cutoff=0.7)
        labels = {name: in_plan[name].draft.name if name in in_plan else name for name in near}
        sentence = _("There is no badge “%(name)s”, here or in the plan. It stays without a next level.")
        return [
            Problem(
                "next_badge",
                sentence % {"name": row.said.get("next_badge", "")[:60]},
                choices=tuple((labels[name], labels[name]) for name in near),
            )
        ]
    seen, name = {folded(row.draft.name)}, wanted
    while name in in_plan:
        if name in seen:
            return [Problem("next_badge", _("These levels lead in a circle. It stays without a next level."))]
        seen.add(name)
        name = in_plan[name].draft.next_badge
    return []


class _Reader:
    """One row, field by field."""

    def __init__(self, said: Mapping[str, str], headings: Mapping[str, str], known: Known, today: date) -> None:
        self._said, self._headings, self._known, self._today = said, headings, known, today
        self.problems: list[Problem] = []

    def draft(self) -> Draft:
        return Draft(
            name=self._name(),
            description=self._short("description", MAX_DESCRIPTION),
            issuer=self._issuer(),
            level=self._level(),
            steps=self._steps(),
            **{key: self._long(key) for key in ("criteria", "learned", "assessed", "applied", "useful_for")},
            category=self._one("category", cells.category, Category.choices) or Category.TECHNICAL,
            purpose=self._one("purpose", cells.purpose, Purpose.choices) or Purpose.SKILL,
            basis=self._one("basis", cells.basis, Basis.choices),
            departments=self._others("departments", self._known.departments),
            job_roles=self._others("job_roles", self._known.job_roles),
            alignments=self._alignments(),
            tags=self._tags(),
            holds=self._holds(),
            next_badge=folded(self._text("next_badge")),
            visibility=self._visibility(),
            award_cap=self._cap(),
            image_alt=self._short("image_alt", MAX_ALT),
        )

    def _text(self, key: str) -> str:
        return clean_cell(self._said.get(key, ""))

    def _tell(self, key: str, sentence: str, **more: object) -> None:
        self.problems.append(Problem(key, sentence, **more))  # type: ignore[arg-type]

    def _name(self) -> str:
        name = " ".join(self._text("name").split())
        if not name:
            self._tell("name", _("Give this badge a name, or leave the row out."), tone="bad", holds=True)
        elif len(name) > MAX_NAME:
            sentence = _("This name has %(n)d characters; %(most)d fit. Shorten it, or leave the row out.")
            self._tell("name", sentence % {"n": len(name), "most": MAX_NAME}, tone="bad", holds=True)
        elif holds_address(name):
            self._tell("name", _without_addresses(), tone="bad", holds=True)
        return name[:MAX_NAME]

    def _short(self, key: str, most: int) -> str:
        text = self._text(key)
        if text and holds_address(text):
            self._tell(key, _without_addresses())
            return ""
        if len(text) > most:
            self._tell(key, _("It has %(n)d characters and is cut; %(most)d fit.") % {"n": len(text), "most": most})
            return f"{text[: most - 1].rsplit(' ', 1)[0]}…"
        return text

    def _long(self, key: str) -> str:
        text = self._text(key)
        if not text:
            return ""
        if holds_address(text):
            self._tell(key, _without_addresses())
            return ""
        try:
            check_markdown(text)
        except MarkdownRefused as refused:
            self._tell(key, refused.sentence)
            return ""
        return text

    def _issuer(self) -> str:
        text = self._text("issuer")
        name = folded(text)
        if name and name not in self._known.issuers:
            near = get_close_matches(name, list(self._known.issuers), n=1, cutoff=0.6)
            self._tell(
                "issuer",
                _("You have no issuer “%(name)s”. The plan’s own issuer is taken.") % {"name": text[:60]},
                choices=tuple((self._known.issuers[one], self._known.issuers[one]) for one in near),
            )
            return ""
        return name

    def _level(self) -> int | None:
        text = self._text("level")
        if not text or text in {"-", "–"}:
            return None
        level = cells.level(text)
        if level is None:
            self._tell(
                "level",
                _("Which level is “%(text)s”?") % {"text": text[:40]},
                choices=tuple((str(one.value), f"{one.value} {one.label}") for one in Level),
            )
        return level

    def _one(self, key: str, read: Callable[[str], str], choices: Sequence[tuple[str, object]]) -> str:
        text = self._text(key)
        if not text or text in {"-", "–"}:
            return ""
        labels = {folded(str(label)): str(value) for value, label in choices}
        found = labels.get(folded(text)) or read(text)
        if not found:
            self._tell(
                key,
                _("What is “%(text)s”?") % {"text": text[:40]},
                choices=tuple((str(label), str(label)) for _value, label in choices),
            )
        return found

    def _steps(self) -> tuple[PlannedStep, ...]:
        found: list[PlannedStep] = []
        lost = long = 0
        for step in cells.steps(self._text("steps")):
            text, url = step.text, step.url
            if url and (not is_http_url(url) or len(url) > MAX_URL):
                text, url = f"{text} {url}".strip(), ""
            if holds_address(text):
                lost += 1
                continue
            if len(text) > MAX_STEP:
                long += 1
                text = f"{text[: MAX_STEP - 1].rsplit(' ', 1)[0]}…"
            found.append(self._step(step.kind, text, url))
        if lost:
            self._tell("steps", _without_addresses())
        if long:
            self._tell("steps", _("A step has more than %(most)d characters and is cut.") % {"most": MAX_STEP})
        if len(found) > MAX_STEPS:
            sentence = _("There are %(n)d steps; the first %(most)d are taken.")
            self._tell("steps", sentence % {"n": len(found), "most": MAX_STEPS})
        return tuple(found[:MAX_STEPS])

    def _step(self, kind: str, text: str, url: str) -> PlannedStep:
        """A badge to be held is found by its name, in the plan or among the badges; else it is a step in words."""
        if kind != StepKind.BADGE:
            return PlannedStep(kind=kind, text=text, url=url)
        quoted = text.partition("“")[2].partition("”")[0] or text
        return PlannedStep(kind=kind, text=text, badge=folded(quoted))

    def _others(self, key: str, known: Mapping[str, str]) -> tuple[str, ...]:
        """Departments and roles: those that are not known yet are made with the drafts."""
        found: list[str] = []
        for name in cells.names(self._text(key), known=known):
            if len(found) == MAX_OTHERS:
                break
            if len(name) > MAX_OTHER_NAME:
                self._tell(key, _("“%(name)s…” is too long for a name. It is left out.") % {"name": name[:40]})
                continue
            found.append(name)
            if folded(name) in known:
                continue
            near = [known[one] for one in get_close_matches(folded(name), list(known), n=1, cutoff=0.75)]
            sentence = (
                _("“%(name)s” is not among your departments yet. It will be made.")
                if key == "departments"
                else _("“%(name)s” is not among your roles yet. It will be made.")
            )
            others = self._text(key)
            self._tell(
                key,
                sentence % {"name": name},
                tone="neutral",
                choices=tuple((others.replace(name, one), _("Use “%(name)s”") % {"name": one}) for one in near),
            )
        return tuple(found)

    def _alignments(self) -> tuple[PlannedAlignment, ...]:
        found: dict[tuple[str, str], PlannedAlignment] = {}
        unknown = []
        for skill in cells.skills(self._text("alignments")):
            keys = [skill.url, folded(skill.code), folded(skill.name)]
            match = next((self._known.competencies[key] for key in keys if key in self._known.competencies), None)
            url = skill.url or (match.url if match else "")
            is_whole = is_http_url(url) and len(url) <= MAX_URL and not holds_address(skill.name + skill.description)
            if not is_whole:
                unknown.append(skill.name or skill.code or skill.url)
                continue
            one = PlannedAlignment(
                name=(skill.name or (match.name if match else "") or url)[:200],
                url=url,
                code=(skill.code or (match.code if match else ""))[:100],
                framework=(skill.framework or (match.framework if match else ""))[:200],
                description=skill.description[:1000],
                competency=match.pk if match else None,
            )
            found.setdefault((one.name, one.url), one)
        if unknown:
            self._tell(
                "alignments",
                ngettext(
                    "%(names)s is not in your frameworks and has no address. It is left out; an address would keep it.",
                    "%(names)s are not in your frameworks and have no address. They are left out; add addresses to "
                    "keep them.",
                    len(unknown),
                )
                % {"names": ", ".join(f"“{name[:40]}”" for name in unknown[:3]) + ("…" if unknown[3:] else "")},
            )
        if len(found) > MAX_ALIGNMENTS:
            self._tell("alignments", _("The first %(most)d competencies are taken.") % {"most": MAX_ALIGNMENTS})
        return tuple(found.values())[:MAX_ALIGNMENTS]

    def _tags(self) -> tuple[str, ...]:
        tags = cells.tags(self._text("tags"))
        fitting = [tag for tag in tags if len(tag) <= MAX_TAG and not holds_address(tag)]
        if len(fitting) < len(tags) or len(tags) > MAX_TAGS:
            sentence = _("%(most)d tags of up to %(length)d characters fit; the others are left out.")
            self._tell("tags", sentence % {"most": MAX_TAGS, "length": MAX_TAG})
        return tuple(fitting[:MAX_TAGS])

    def _holds(self) -> Holds:
        text = self._text("validity")
        holds = cells.validity(text, heading=self._headings.get("validity", ""))
        if not holds.is_understood:
            self._tell(
                "validity",
                _("How long is “%(text)s”? Write “2 years”, “18 months”, a day, or “never”.") % {"text": text[:40]},
                choices=tuple(
                    (months, label)
                    for months, label in [
                        ("12 months", _("1 year")),
                        ("24 months", _("2 years")),
                        ("36 months", _("3 years")),
                        ("never", _("It does not expire")),
                    ]
                ),
            )
            return Holds()
        if holds.until and not self._today <= holds.until <= _LAST_DAY:
            self._tell("validity", _("This day has passed, or is too far away. The badge does not expire for now."))
            return Holds()
        return holds

    def _visibility(self) -> str:
        text = self._text("internal")
        found = cells.visibility(text, heading=self._headings.get("internal", "")) if text else Visibility.PUBLIC
        if not found:
            self._tell(
                "internal",
                _("Is “%(text)s” internal only?") % {"text": text[:40]},
                choices=(("internal", _("The organisation only")), ("public", _("Everybody"))),
            )
            # What may be meant to stay inside does not go out unasked.
            return Visibility.INTERNAL
        return found

    def _cap(self) -> int | None:
        text = self._text("award_cap")
        try:
            return cells.cap(text)
        except ValueError:
            self._tell("award_cap", _("“%(text)s” is no number. The badge has no limit for now.") % {"text": text[:40]})
            return None


def _without_addresses() -> str:
    return _("Badges are public: take the e-mail address out. Until then this text is left out.")
