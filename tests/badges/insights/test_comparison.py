"""What is different between two versions, word by word."""

import time

import pytest
from django.core.files.base import ContentFile

from badges.insights.comparison import Piece, Row, compare, compare_words, side_by_side
from badges.models import BadgeClass
from badges.queries import with_parts
from tests.factories.badges import AlignmentFactory, BadgeClassFactory, EarningStepFactory, png


def loaded(badge):
    return with_parts(BadgeClass.objects.all()).get(pk=badge.pk)


def told(pieces):
    marks = {"same": "{}", "added": "+{}+", "removed": "-{}-"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Drives twice.", "Drives twice.", "Drives twice."),
        ("Drives the course", "Drives the long course", "Drives the +long+ course"),
        ("Steel-blue shield", "Teal shield", "-Steel-blue- +Teal+ shield"),
        ("a b c", "a c", "a -b- c"),
        ("", "New words", "+New words+"),
        ("Old words", "", "-Old words-"),
        ("one\ntwo", "one two", "one two"),
        ("", "", ""),
    ],
)
def test_words_are_marked_in_reading_order(before, after, expected):
    assert told(compare_words(before, after)) == expected


def test_very_long_texts_are_compared_too():
    text = "the load and the crane " * 1_500

    assert told(compare_words(text, f"{text}stops")).endswith("+stops+")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 2_900, "a b " * 1_450),  # took minutes, on a page for everybody
        ("x " + "a " * 10_000, "a " * 9_999 + "b "),
        ("a b c d " * 2_500, "d a c b " * 2_500),
        (" ".join(str(n * 7919 % 101) for n in range(9_000)), " ".join(str(n * 6007 % 101) for n in range(9_000))),
        ("a " * 240, "a b " * 120),
    ],
)
def test_no_text_takes_long_to_compare(before, after):
    started = time.process_time()
    pieces = compare_words(before, after)

    assert time.process_time() - started < 2
    assert "".join(piece.text for piece in pieces if piece.kind != "removed").split() == after.split()


def test_common_words_of_long_texts_do_not_hide_what_changed():
    sentence = "The holder of this badge drives the crane, and stops the load when the {} asks for it. "
    before = "".join(sentence.format(f"signaller{n}") for n in range(150))

    assert told(compare_words(before, before.replace("signaller75 ", "foreman ").replace("signaller9 ", "guide "))) == (
        before.replace("signaller75 ", "-signaller75- +foreman+ ").replace("signaller9 ", "-signaller9- +guide+ ")
    )


def test_versions_that_say_the_same_differ_in_nothing(academy):
    one = BadgeClassFactory.create(issuer=academy, name="Lifting")
    other = BadgeClassFactory.create(issuer=academy, name="Lifting")

    found = compare(loaded(one), loaded(other))

    assert (found.has_changes, found.changed, found.texts, found.lists) == (False, [], [], [])
    assert found.unchanged == [
        "Picture",
        "Name",
        "Description",
        "What one must show",
        "Purpose",
        "Category",
        "Valid",
        "Issuer",
        "Language",
    ]


def test_every_field_is_compared(academy):
    one = BadgeClassFactory.create(issuer=academy, name="Lifting", tags=["crane", "old"])
    other = BadgeClassFactory.create(
        issuer=academy,
        name="Lifting II",
        description="Other.",
        criteria_narrative="Thrice.",
        criteria_url="https://example.org/c",
        learned="L",
        assessed="A",
        level=2,
        purpose="COMPLIANCE",
        category="VALUES",
        validity="MONTHS",
        validity_months=12,
        image_alt="A crane",
        apply_url="https://example.org/a",
        licence="CC-0",
        place="Berth 7",
        latitude="1.5",
        longitude="2.5",
        language="de",
        extensions={"extensions:Thing": 1},
        tags=["crane", "new"],
        image=ContentFile(png(color="#123456"), "badge.png"),
    )
    EarningStepFactory.create(badge_class=other, text="Lift", url="https://example.org/s", position=0)
    AlignmentFactory.create(badge_class=other, target_name="lift", target_code="S1", target_description="D", position=0)

    found = compare(loaded(one), loaded(other))

    assert found.changed == [
        "Picture",
        "Name",
        "Description",
        "What one must show",
        "Page with the criteria",
        "What is learned",
        "How it is assessed",
        "Level",
        "Purpose",
        "Category",
        "Valid",
        "The picture in words",
        "Where to apply",
        "Licence",
        "Place",
        "Language",
        "Further statements",
        "How to earn it",
        "Skills",
        "Tags",
    ]
    assert found.unchanged == ["Issuer"]
    steps, _skills, tags = found.lists
    assert steps.rows == [Row("added", [Piece("added", "Course: Lift (https://example.org/s)")])]
    assert [(row.kind, row.is_changed) for row in tags.rows] == [("same", False), ("removed", True), ("added", True)]


def test_reworded_steps_are_one_row(academy):
    one, other = BadgeClassFactory.create_batch(2, issuer=academy)
    EarningStepFactory.create(badge_class=one, text="Pass the test with 24 of 30 points", position=0)
    EarningStepFactory.create(badge_class=other, text="Pass the test with 27 of 30 points", position=0)
    EarningStepFactory.create(badge_class=other, text="Drive", kind="PROJECT", position=1)

    (steps,) = (item for item in compare(loaded(one), loaded(other)).lists if item.label == "How to earn it")

    assert [(row.kind, told(row.pieces)) for row in steps.rows] == [
        ("same", "Course: Pass the test with -24- +27+ of 30 points"),
        ("added", "+Project: Drive+"),
    ]


def test_pictures_that_are_gone_count_as_different(academy, tmp_path):
    one, other = BadgeClassFactory.create_batch(2, issuer=academy)
    other.image.storage.delete(other.image.name)
    without = BadgeClassFactory.create(issuer=academy, image="", image_png="", draft=True)

    assert compare(loaded(one), loaded(other)).has_new_picture is True
    assert compare(loaded(one), loaded(without)).has_new_picture is True
    assert compare(loaded(without), loaded(without)).has_new_picture is False


def test_side_by_side_knows_where_members_see_the_pictures(acme, academy):
    one, other = BadgeClassFactory.create_batch(2, issuer=academy)

    found = side_by_side(compare(loaded(one), loaded(other)), acme)

    assert side_by_side(None, acme) == {"comparison": None}
    assert str(found["before_picture"]).startswith(f"/o/acme/badges/{one.pk}/picture/")
    assert str(found["after_picture"]).startswith(f"/o/acme/badges/{other.pk}/picture/")
