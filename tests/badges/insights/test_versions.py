"""One version among the others of its badge."""

from dataclasses import replace
from datetime import timedelta

import pytest

from badges.actions.badge_classes import fields_of
from badges.actions.corrections import correct_badge_class
from badges.actions.versions import make_next_version, publish_next_version
from badges.insights.versions import (
    corrections_since,
    current_versions,
    earlier_version,
    version_history,
    version_sentence,
    version_story,
)
from badges.models import BadgeClass, BadgeCorrection
from tests.factories.assertions import AssertionFactory

MONTH = timedelta(days=31)


@pytest.fixture
def versions(assertion, badge, ada, ed, now) -> list[BadgeClass]:
    """Forklift Safety 1 of March 2026, 2 of April, and a draft of 3."""
    draft = make_next_version(badge_class=badge, by=ed, at=now + MONTH)
    second = publish_next_version(badge_class=draft, change_note="Stacking.", by=ada, at=now + MONTH)
    AssertionFactory.create(badge_class=second, expires_at=now + 3 * MONTH, issued_at=now + MONTH)
    AssertionFactory.create(badge_class=second, revoked=True)
    third = make_next_version(badge_class=second, by=ed, at=now + 2 * MONTH)
    return [BadgeClass.objects.get(pk=one.pk) for one in (badge, second, third)]


def test_story_knows_its_place(versions):
    first, second, third = (version_story(one) for one in versions)

    assert [story.is_superseded for story in (first, second, third)] == [True, False, False]
    assert [story.before for story in (first, second, third)] == [None, versions[0], versions[1]]
    assert (first.current, first.draft, first.public) == (versions[1], versions[2], versions[:2])
    assert (first.next_version, first.has_several) == (4, True)
    assert (first.sentence, second.sentence) == ("version 1 of March 2026", "version 2 of April 2026")


def test_badge_that_was_only_ever_itself_says_nothing_of_versions(badge, draft_badge, now):
    story = version_story(badge)

    assert (story.sentence, story.has_several, story.before, story.draft) == ("", False, None, None)
    assert version_story(draft_badge).current is None
    assert version_history(badge, at=now)[1] == []
    assert version_sentence(draft_badge) == "version 1"


def test_lines_tell_who_when_and_how_many(versions, now, django_assert_num_queries):
    with django_assert_num_queries(3):
        story, lines = version_history(versions[1], at=now + 2 * MONTH)

    assert (story.every, story.badge_class, story.corrections) == (versions, versions[1], [])
    assert [(line.badge_class.version, line.by, line.awards, line.holders) for line in lines] == [
        (3, "Ed Novak", 0, 0),
        (2, "Ada Osei", 2, 1),
        (1, "", 1, 1),  # of a factory: nobody published it
    ]


def test_corrections_are_told_with_words(versions, ed, now):
    fields = replace(fields_of(versions[0]), name="Forklift Safty")
    correct_badge_class(badge_class=versions[0], fields=fields, note="A typo.", by=ed, at=now + MONTH)
    BadgeCorrection.objects.create(
        badge_class=versions[0], language="de", note="Deutsch.", changes=[], corrected_at=now, corrected_by=None
    )

    newest, oldest = version_story(versions[0]).corrections

    assert (newest.note, newest.by, newest.language, newest.at) == ("A typo.", "", "", now + MONTH)
    assert [(change.label, [piece.kind for piece in change.pieces]) for change in newest.changes] == [
        ("Name", ["same", "removed", "added"])
    ]
    assert (oldest.language, oldest.by) == ("German", "")
    _story, lines = version_history(versions[1], at=now)
    assert [[one.by for one in line.corrections] for line in lines] == [[], [], ["Ed Novak", ""]]
    assert [one.note for one in corrections_since(versions[0], now)] == ["A typo."]
    assert corrections_since(versions[0], now + MONTH) == []


def test_current_versions_are_found_by_series(versions, badge, svg_badge, draft_badge):
    found = current_versions([badge.series, svg_badge.series, draft_badge.series])

    assert found == {badge.series: versions[1], svg_badge.series: svg_badge}


@pytest.mark.parametrize(("since", "expected"), [("", 2), ("1", 1), ("3", 2), ("x", 2), ("\x00", 2)])
def test_comparison_begins_with_the_version_before_or_the_one_asked_for(versions, since, expected):
    assert earlier_version(versions, versions[2], since).version == expected
    assert earlier_version(versions, versions[0], since) is None
