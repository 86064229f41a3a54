"""What people write into cells, understood."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.models import Basis, Category, Purpose, StepKind, Validity, Visibility
from badges.plans import cells
from badges.plans.cells import Holds, Skill, Step
from badges.plans.drafts import Known, RowNotes, planned_rows

NOT_UNDERSTOOD = Holds(is_understood=False)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("3", 3), ("Level 3", 3), ("3/5", 3), ("3 Practitioner", 3), ("Stufe IV", 4), ("★★", 2), ("★★★☆☆", 3),
        ("*****", 5), ("5 stars", 5), ("beginner", 1), ("Fortgeschritten", 4), ("Experte", 5), ("Apply", 2),
        ("Analysieren", 3), ("Create", 5), ("Advanced", 4),
        ("senior?", None), ("expert?", None), ("2-3", None), ("0", None), ("6", None), ("", None), ("4 Expert", None),
        ("☆☆☆", None), ("★" * 6, None), ("1.5", None), ("basic or advanced", None),
    ],
)  # fmt: skip
def test_level_is_understood_or_asked_about(text, level):
    assert cells.level(text) == level


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("", Holds()), ("never", Holds()), ("Unbegrenzt", Holds()), ("–", Holds()), ("does not expire", Holds()),
        ("2 years", Holds(Validity.MONTHS, 24)), ("2 Jahre", Holds(Validity.MONTHS, 24)),
        ("24 months", Holds(Validity.MONTHS, 24)), ("24", Holds(Validity.MONTHS, 24)),
        ("18M", Holds(Validity.MONTHS, 18)), ("1,5 Jahre", Holds(Validity.MONTHS, 18)),
        ("one year", Holds(Validity.MONTHS, 12)), ("zwei Jahre", Holds(Validity.MONTHS, 24)),
        ("yearly", Holds(Validity.MONTHS, 12)), ("90 days", Holds(Validity.MONTHS, 3)),
        ("2027-12-31", Holds(Validity.UNTIL, until=date(2027, 12, 31))),
        ("31.12.2027", Holds(Validity.UNTIL, until=date(2027, 12, 31))),
        ("12/31/2027", Holds(Validity.UNTIL, until=date(2027, 12, 31))),
        ("until 31 December 2027", Holds(Validity.UNTIL, until=date(2027, 12, 31))),
        ("Dezember 2027", Holds(Validity.UNTIL, until=date(2027, 12, 31))),
        ("February 2028", Holds(Validity.UNTIL, until=date(2028, 2, 29))),
        ("46752", Holds(Validity.UNTIL, until=date(2027, 12, 31))),
        ("2027", Holds(Validity.UNTIL, until=date(2027, 12, 31))),
        ("soon", NOT_UNDERSTOOD), ("2", NOT_UNDERSTOOD), ("31.02.2027", NOT_UNDERSTOOD), ("99 years", NOT_UNDERSTOOD),
        ("10 days", NOT_UNDERSTOOD), ("0 years", NOT_UNDERSTOOD), ("13/2027", NOT_UNDERSTOOD),
        ("1" + "0" * 30 + " days", NOT_UNDERSTOOD), ("9" * 20_000 + " weeks", NOT_UNDERSTOOD),
    ],
)  # fmt: skip
def test_validity_is_understood_or_asked_about(text, holds):
    assert cells.validity(text) == holds


def test_heading_gives_a_bare_number_its_unit():
    assert cells.validity("2", heading="Gültigkeit (Jahre)") == Holds(Validity.MONTHS, 24)
    assert cells.validity("3", heading="Valid for months") == Holds(Validity.MONTHS, 3)


@pytest.mark.parametrize(
    "text",
    [
        "1. Course: Listening\n2. Lead three talks\n3. Pass the test",
        "1. Course: Listening 2. Lead three talks 3. Pass the test",
        "• Course: Listening\n• Lead three talks\n• Pass the test",
        "• Course: Listening • Lead three talks • Pass the test",
        "- Course: Listening\n- Lead three talks\n- Pass the test",
        "Course: Listening; Lead three talks; Pass the test",
        "Course: Listening\nLead three talks\nPass the test",
        "a) Course: Listening\nb) Lead three talks\nc) Pass the test",
        "1) Kurs: Listening\n2) Lead three\ntalks\n3) Pass the test",
    ],
)
def test_steps_are_found_however_the_list_is_typed(text):
    assert cells.steps(text) == [
        Step(StepKind.COURSE, "Listening"),
        Step(StepKind.ON_THE_JOB, "Lead three talks"),
        Step(StepKind.ASSESSMENT, "Pass the test"),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Complete the four workshops", StepKind.COURSE), ("E-Learning absolvieren", StepKind.COURSE),
        ("Projekt: Ein Konzept", StepKind.PROJECT), ("Build a prototype", StepKind.PROJECT),
        ("Driving test", StepKind.ASSESSMENT), ("Prüfung bestehen", StepKind.ASSESSMENT),
        ("Hold the badge Listening", StepKind.BADGE), ("Badge: Listening", StepKind.BADGE),
        ("Host five meetings", StepKind.ON_THE_JOB),
    ],
)  # fmt: skip
def test_kind_of_a_step_is_guessed(text, kind):
    assert [step.kind for step in cells.steps(text)] == [kind]


def test_step_gives_its_address_away():
    assert cells.steps("1. Course: Listening (https://example.org/a).") == [
        Step(StepKind.COURSE, "Listening.", "https://example.org/a")
    ]
    assert cells.steps("https://example.org/a") == [
        Step(StepKind.ON_THE_JOB, "https://example.org/a", "https://example.org/a")
    ]


def test_one_of_a_few_is_understood_in_two_languages():
    assert [cells.category(text) for text in ("Soft skill", "Fachlich", "Werte", "DURABLE", "banana")] == [
        Category.DURABLE, Category.TECHNICAL, Category.VALUES, Category.DURABLE, ""]  # fmt: skip
    assert [cells.purpose(text) for text in ("Pflichtschulung", "fun", "Skill", "?")] == [
        Purpose.COMPLIANCE, Purpose.FUN, Purpose.SKILL, ""]  # fmt: skip
    assert [cells.basis(text) for text in ("Teilnahme", "exam", "Erfahrung", "–")] == [
        Basis.PARTICIPATION, Basis.MEASUREMENT, Basis.EXPERIENCE, ""]  # fmt: skip


def test_internal_is_asked_for_or_public_is():
    assert [cells.visibility(text) for text in ("yes", "x", "✓", "no", "public", "intern", "maybe")] == [
        *[Visibility.INTERNAL] * 3, *[Visibility.PUBLIC] * 2, Visibility.INTERNAL, ""]  # fmt: skip
    assert [cells.visibility(text, heading="Public?") for text in ("yes", "no", "internal")] == [
        Visibility.PUBLIC, Visibility.INTERNAL, Visibility.INTERNAL]  # fmt: skip


def test_names_keep_the_commas_that_are_known():
    assert cells.names("Sales, EMEA; HR, Sales", known={"sales emea": "Sales, EMEA"}) == ["Sales, EMEA", "HR", "Sales"]
    assert cells.names("all") == []


def test_skills_are_read_with_all_that_they_say():
    assert cells.skills("Listening [S1.1] https://example.org/s (ESCO) – Hears\nTeamwork") == [
        Skill("Listening", "S1.1", "https://example.org/s", "ESCO", "Hears"),
        Skill("Teamwork"),
    ]
    assert cells.skills("one, two; three") == [Skill("one, two"), Skill("three")]
    assert cells.skills("one, two") == [Skill("one"), Skill("two")]


def test_blanks_and_brackets_inside_a_cell_cost_nothing():
    blanks = " " * 20_000

    assert cells.skills(f"a{blanks}b") == [Skill("a b")]
    assert cells.skills("a " + "[" * 20_000) == [Skill("a " + "[" * 20_000)]
    assert cells.steps(f"a{blanks}b https://example.org/a") == [
        Step(StepKind.ON_THE_JOB, f"a{blanks}b", "https://example.org/a")
    ]
    assert cells.steps(f"• a{blanks}b • c") == [
        Step(StepKind.ON_THE_JOB, f"a{blanks}b"),
        Step(StepKind.ON_THE_JOB, "c"),
    ]
    assert cells.kind_of_step("hold " * 4000 + "it") == StepKind.ON_THE_JOB
    assert cells.kind_of_step("hold " * 4000 + "the badge") == StepKind.BADGE


def test_row_whose_change_nobody_can_count_is_shown_and_asked_about():
    changes = {"validity": "1" + "0" * 30 + " days", "award_cap": "1" * 5000}
    (row,) = planned_rows(
        [["Name", "Valid for"], ["A", "2 years"]],
        header_rows=1,
        headings=["Name", "Valid for"],
        columns=["name", "validity"],
        notes={1: RowNotes(changes=changes)},
        known=Known(),
        today=date(2027, 1, 1),
    )

    assert {problem.field for problem in row.problems} == {"validity", "award_cap"}
    assert (row.draft.holds, row.draft.award_cap) == (Holds(), None)


def test_twenty_departments_are_taken_and_told_of():
    (row,) = planned_rows(
        [["A", ", ".join(f"Department {n}" for n in range(5000))]],
        header_rows=0,
        headings=[],
        columns=["name", "departments"],
        notes={},
        known=Known(),
        today=date(2027, 1, 1),
    )

    assert (len(row.draft.departments), len(row.problems)) == (20, 20)


def test_cap_is_a_number_or_nothing():
    assert [cells.cap(text) for text in ("", "50", "max. 50", "1.200", "unlimited")] == [None, 50, 50, 1200, None]
    for text in ("0", "5 to 10", "many", "9" * 40, "0000000000019999999999999", "2000000001", "1" * 5000):
        with pytest.raises(ValueError, match=r".*"):
            cells.cap(text)


@given(st.text(max_size=200))
def test_nothing_that_is_typed_breaks_a_guess(text):
    assert cells.level(text) in {None, 1, 2, 3, 4, 5}
    assert all(step.text for step in cells.steps(text))
    assert all(skill.name or skill.url or skill.code or skill.framework or skill.description
               for skill in cells.skills(text))  # fmt: skip
    assert len(set(cells.tags(text))) == len(cells.tags(text))
    assert all(cells.names(text))
    held = cells.validity(text, heading=text)
    assert (held.months is None) or 1 <= held.months <= 240
    for guess in (cells.category, cells.purpose, cells.basis, cells.visibility):
        assert isinstance(guess(text), str)
