"""Small corrections of a badge that people hold: mended, told, and never a new meaning."""

from dataclasses import replace
from datetime import timedelta

import pytest

from badges.actions.badge_classes import (
    AlignmentFields,
    BadgeFields,
    BadgeRefused,
    ChangedMeanwhile,
    StepFields,
    create_badge_class,
    fields_of,
)
from badges.actions.corrections import (
    NoteMissing,
    NothingCorrected,
    NotSmall,
    correct_badge_class,
    proposed_changes,
)
from badges.actions.versions import NotFrozen, make_next_version, publish_next_version
from badges.models import BadgeCorrection
from badgeserver.audit.models import AuditEvent
from badgeserver.pictures import accept_picture
from tests.factories.assertions import AssertionFactory
from tests.factories.badges import png

NEXT_DAY = timedelta(days=1)

SAID = BadgeFields(
    name="Leading a Retrospektive",
    description="Leads a team through looking back.",
    image_alt="A violet hexagon",
    criteria_narrative="You hold the room for 90 minutes.",
    criteria_url="https://academy.example.org/retro",
    steps=(
        StepFields(kind="COURSE", text="Complete the course", url="https://academy.example.org/c"),
        StepFields(kind="ON_THE_JOB", text="Lead two retrospektives"),
    ),
    learned="Listening.",
    assessed="A mentor watches.",
    alignments=(
        AlignmentFields(
            target_name="listen actively",
            target_url="https://skills.example.org/1",
            target_description="Gives atention.",
        ),
    ),
    tags=("teamwork", "feedback"),
    category="DURABLE",
    level=3,
    validity="MONTHS",
    validity_months=24,
)


@pytest.fixture
def held(academy, ada, now):
    """A published badge with every text that can be corrected, which somebody holds."""
    made = create_badge_class(
        issuer=academy, fields=replace(SAID, picture=accept_picture(png())), by=ada, at=now, publish=True
    )
    AssertionFactory.create(badge_class=made)
    return made


def correct(badge, by, at, note="Two typos.", seen=None, **texts: object):
    fields = replace(fields_of(badge), **texts)
    return correct_badge_class(badge_class=badge, fields=fields, note=note, by=by, at=at, seen=seen)


def test_correction_mends_and_tells(held, ed, now):
    before = fields_of(held)
    after = replace(
        before,
        name="Leading a Retrospective",
        steps=(before.steps[0], replace(before.steps[1], text="Lead two retrospectives")),
        alignments=(replace(before.alignments[0], target_description="Gives attention."),),
    )

    made = correct_badge_class(badge_class=held, fields=after, note=" Three typos. ", by=ed, at=now + NEXT_DAY)

    held.refresh_from_db()
    assert fields_of(held) == after
    assert (held.updated_at, held.version, held.status) == (now + NEXT_DAY, 1, "PUBLISHED")
    changes = [
        {"field": "name", "label": "Name", "before": "Leading a Retrospektive", "after": "Leading a Retrospective"},
        {
            "field": "steps.1",
            "label": "Step 2",
            "before": "Lead two retrospektives",
            "after": "Lead two retrospectives",
        },
        {
            "field": "alignments.0",
            "label": "Skill “listen actively”",
            "before": "Gives atention.",
            "after": "Gives attention.",
        },
    ]
    assert (made.note, made.corrected_at, made.corrected_by, made.language) == ("Three typos.", now + NEXT_DAY, ed, "")
    assert made.changes == changes
    event = AuditEvent.objects.latest("pk")
    assert (event.type, event.actor_name, event.details) == (
        "badge_class.corrected",
        "Ed Novak",
        {"version": 1, "note": "Three typos.", "changes": changes},
    )


def test_undo_is_another_correction(held, ed, now):
    correct(held, ed, now, name="Leading a Retrospective")

    correct(held, ed, now + NEXT_DAY, name="Leading a Retrospektive", note="It was right before.")

    held.refresh_from_db()
    assert held.name == "Leading a Retrospektive"
    assert list(BadgeCorrection.objects.values_list("note", flat=True)) == ["It was right before.", "Two typos."]


def test_many_small_steps_do_not_add_up(held, ed, now):
    correct(held, ed, now, name="Leading a Retrospective")
    correct(held, ed, now, name="Leeding a Retrospective")

    with pytest.raises(NotSmall) as refused:
        correct(held, ed, now, name="Feeding a Detective")

    assert list(refused.value.problems) == ["name"]
    held.refresh_from_db()
    assert held.name == "Leeding a Retrospective"


@pytest.mark.parametrize(
    "change",
    [
        {"criteria_narrative": "You hold the room for 30 minutes, with care, and twice a year."},
        {"description": "Something else altogether."},
        {"learned": ""},
        {"level": 5},
        {"tags": ("teamwork", "new")},
        {"criteria_url": "https://academy.example.org/other"},
        {"validity_months": 12},
        {"category": "VALUES"},
        {"steps": ()},
        {"steps": (StepFields(kind="COURSE", text="Complete the course", url="https://academy.example.org/other"),)},
        {"alignments": ()},
        {"alignments": (AlignmentFields(target_name="listen", target_url="https://skills.example.org/1"),)},
        {"picture": accept_picture(png())},
    ],
    ids=str,
)
def test_anything_more_needs_a_version(held, ed, now, change):
    before = fields_of(held)

    with pytest.raises(NotSmall, match="Make it a new version"):
        correct(held, ed, now, **change)

    assert fields_of(held) == before
    assert BadgeCorrection.objects.count() == 0


def test_a_correction_beside_something_larger_is_not_made_either(held, ed, now):
    with pytest.raises(NotSmall) as refused:
        correct(held, ed, now, name="Leading a Retrospective", description="Something else altogether.")

    assert list(refused.value.problems) == ["description"]
    held.refresh_from_db()
    assert held.name == "Leading a Retrospektive"


def test_correction_needs_a_change_and_a_note(held, ed, now):
    with pytest.raises(NothingCorrected, match="says this already"):
        correct(held, ed, now)
    with pytest.raises(NoteMissing, match="Say why") as refused:
        correct(held, ed, now, note="  ", name="Leading a Retrospective")

    assert refused.value.field == "note"
    held.refresh_from_db()
    assert held.name == "Leading a Retrospektive"


def test_badge_that_nobody_holds_is_simply_edited(badge, ed, now):
    with pytest.raises(NotFrozen, match="simply edit it"):
        correct(badge, ed, now, name="Forklift Safty")


def test_correcting_what_somebody_saved_meanwhile_is_refused(held, ed, ada, now):
    seen = held.updated_at
    correct(held, ada, now + NEXT_DAY, name="Leading a Retrospective")

    with pytest.raises(ChangedMeanwhile):
        correct(held, ed, now + NEXT_DAY, seen=seen, learned="Lisstening.")


def test_earlier_version_can_be_corrected(held, ed, now):
    draft = make_next_version(badge_class=held, by=ed, at=now)
    publish_next_version(badge_class=draft, change_note="New.", by=ed, at=now)

    correct(held, ed, now, name="Leading a Retrospective")

    held.refresh_from_db()
    assert (held.name, held.status) == ("Leading a Retrospective", "SUPERSEDED")


def test_correction_holds_the_line_of_the_standard(held, ed, now):
    held.tags = ["  "]  # written by nobody's act
    held.save()

    with pytest.raises(BadgeRefused):
        correct(held, ed, now, name="Leading a Retrospective")

    held.refresh_from_db()
    assert held.name == "Leading a Retrospektive"


def test_proposed_changes_say_which_are_too_much(held):
    fields = replace(fields_of(held), name="Leading a Retrospective", learned="Speaking in front of many people.")

    found = proposed_changes(held, fields)

    assert [(one.field, bool(one.problem)) for one in found] == [("name", False), ("learned", True)]
