import time
from datetime import date

import pytest

from badges.models import BadgeClass, Validity
from badges.rules import (
    Missing,
    may_change,
    may_delete,
    may_make_version,
    missing_for_publishing,
    too_much_for_correction,
)
from issuers.models import Issuer, Organisation

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
        ("SUPERSEDED", False, False),
        ("SUPERSEDED", True, False),
    ],
)
def test_a_badge_changes_until_it_is_awarded_or_archived(status, is_awarded, expected):
    issuer = Issuer(organisation=Organisation(four_eyes=False))
    assert may_change(BadgeClass(status=status, issuer=issuer), is_awarded=is_awarded) is expected


@pytest.mark.parametrize(
    ("status", "version", "is_awarded", "expected"),
    [
        ("PUBLISHED", 1, False, True),
        ("PUBLISHED", 1, True, False),
        ("DRAFT", 2, False, True),
        ("PUBLISHED", 2, False, False),
        ("SUPERSEDED", 1, True, False),
    ],
)
def test_only_what_nobody_holds_and_nothing_leads_to_may_be_deleted(status, version, is_awarded, expected):
    assert may_delete(BadgeClass(status=status, version=version), is_awarded=is_awarded) is expected


@pytest.mark.parametrize(
    ("status", "is_awarded", "expected"),
    [
        ("PUBLISHED", True, True),
        ("ARCHIVED", True, True),
        ("PUBLISHED", False, False),
        ("DRAFT", False, False),
        ("SUPERSEDED", True, False),
    ],
)
def test_versions_are_made_of_the_current_one_once_people_hold_it(status, is_awarded, expected):
    issuer = Issuer(organisation=Organisation(four_eyes=False))
    assert may_make_version(BadgeClass(status=status, issuer=issuer), is_awarded=is_awarded) is expected


def test_what_a_second_person_approved_is_changed_by_a_version_as_soon_as_the_world_sees_it():
    issuer = Issuer(organisation=Organisation(four_eyes=True))
    badges = [BadgeClass(status=one, issuer=issuer) for one in ("PUBLISHED", "PILOT", "DRAFT")]

    assert [may_make_version(one, is_awarded=False) for one in badges] == [True, False, False]
    assert [may_change(one, is_awarded=False) for one in badges] == [False, False, True]


def test_a_text_of_one_word_is_judged_at_once():
    started = time.process_time()

    assert too_much_for_correction("a " * 10_000, "a " * 9_999 + "b ") == ""
    assert too_much_for_correction("a " * 10_000, "b a " * 5_000) == "That is more than a few words."
    assert time.process_time() - started < 2


LONG = " ".join(f"Wort{letter}" for letter in "abcdefghijklmnopqrstuvwxyz") + " "


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Forklift Saftey", "Forklift Safety"),
        ("Drives and and parks.", "Drives and parks."),
        ("teh load", "the load"),
        ("", ""),
        ("Stop.", "Stop!"),
        ("Pass with 27 of 30 points", "Pass with 27 of 30 points."),
        ("See [the page](https://example.org/a) befor", "See [the page](https://example.org/a) before"),
        ("Ein Satz mit Feler darin und noch einem Feler.", "Ein Satz mit Fehler darin und noch einem Fehler."),
        (LONG * 4, (LONG * 4).replace("Worta", "Wort")),
    ],
)
def test_slips_of_the_pen_are_corrections(before, after):
    assert too_much_for_correction(before, after) == ""
    assert too_much_for_correction(after, before) == ""


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("Forklift Safety", "Crane Operation", "something else"),
        ("Safety", "", "added or taken away"),
        (" ", "Safety", "added or taken away"),
        ("Pass with 27 of 30 points", "Pass with 24 of 30 points", "Numbers"),
        ("Valid for 24 months", "Valid for months", "Numbers"),
        ("Weigh 1.5 tonnes", "Weigh 15 tonnes", "Numbers"),
        ("See https://example.org/a", "See https://example.org/b", "Links"),
        ("You must wear a helmet", "You may wear a helmet", "“may”"),
        ("Drives alone", "Drives not alone", "“not”"),
        ("Zeigt es zwei Prüfern", "Zeigt es drei Prüfern", "“drei”"),
        ("Show A or B", "Show A and B", "“and”"),
        ("one fine day the crane lifts its load", "one sunny night that crane drops its load", "more than a few words"),
        (LONG * 2, LONG * 2 + LONG, "more than a few words"),
        ("Lift.", "Load.", "something else"),
    ],
)
def test_another_meaning_is_no_correction(before, after, why):
    assert why in too_much_for_correction(before, after)


def test_long_texts_are_compared_in_no_time():
    text = "the load and the crane " * 1_000

    assert too_much_for_correction(text, text.replace("load", "laod")) != ""
