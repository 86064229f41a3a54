from datetime import date

import pytest

from badges.models import BadgeClass, Validity
from badges.rules import Missing, may_change, may_delete, missing_for_publishing

TODAY = date(2026, 3, 2)


def _badge(**changes: object):
    said = {
        "name": "Forklift Safety",
        "description": "Drives safely.",
        "image_alt": "A forklift",
        "criteria_narrative": "Drive.",
    }
    return BadgeClass(**{**said, **changes})


def _missing(badge, *, has_picture=True, has_steps=False):
    return missing_for_publishing(badge, has_picture=has_picture, has_steps=has_steps, today=TODAY)


def test_nothing_is_missing_from_a_whole_badge():
    assert _missing(_badge()) == []


def test_everything_missing_is_told_in_the_order_of_the_form():
    badge = BadgeClass(name=" ", validity=Validity.UNTIL, validity_until=date(2026, 3, 1))

    assert _missing(badge, has_picture=False) == [
        Missing("name", "Give the badge a name."),
        Missing("description", "Say in a sentence or two what its holder can do."),
        Missing("picture", "Choose a picture, PNG or SVG."),
        Missing("image_alt", "Describe the picture in a few words, for people who cannot see it."),
        Missing("criteria_narrative", "Say how it is earned: add a step, write it here, or link to a page."),
        Missing("validity_until", "This day has passed. Choose a later one, or let the badge last."),
    ]


@pytest.mark.parametrize(
    ("changes", "has_steps"),
    [
        ({"criteria_narrative": "Drive."}, False),
        ({"criteria_narrative": "", "criteria_url": "https://example.org"}, False),
        ({"criteria_narrative": ""}, True),
    ],
)
def test_one_way_of_saying_how_to_earn_it_is_enough(changes, has_steps):
    assert _missing(_badge(**changes), has_steps=has_steps) == []


def test_a_badge_may_be_valid_through_today():
    assert _missing(_badge(validity=Validity.UNTIL, validity_until=TODAY)) == []


@pytest.mark.parametrize(
    ("status", "is_awarded", "expected"),
    [
        ("DRAFT", False, True),
        ("PUBLISHED", False, True),
        ("PUBLISHED", True, False),
        ("ARCHIVED", False, False),
        ("ARCHIVED", True, False),
    ],
)
def test_a_badge_changes_until_it_is_awarded_or_archived(status, is_awarded, expected):
    assert may_change(BadgeClass(status=status), is_awarded=is_awarded) is expected


def test_only_what_was_never_awarded_may_be_deleted():
    assert (may_delete(is_awarded=False), may_delete(is_awarded=True)) == (True, False)
