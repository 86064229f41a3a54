"""Drawing pictures, alone and by families: what follows, what stays, and that nothing is half done."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from assertions.actions.award import AwardFields, award_badge
from badges.actions.badge_classes import (
    BadgeIsAwarded,
    BadgeIsEndorsed,
    ChangedMeanwhile,
    WrongMoment,
    copy_badge_class,
)
from badges.actions.designs import (
    AT_ONCE,
    FamilyRefused,
    NothingToUndo,
    badges_to_gather,
    delete_family,
    design_of,
    draw_badge,
    edit_family,
    first_design,
    is_drawn,
    join_family,
    leave_family,
    make_family,
    make_next_versions,
    members_of,
    redraw_family,
    row_of,
    undo_family_change,
    unfinished_families,
)
from badges.actions.versions import make_next_version
from badges.designer.compose import draw_svg
from badges.designer.spec import Design, DesignRefused, read_design
from badges.models import BadgeClass, DesignFamily
from badges.models import Design as DesignRow
from badges.tasks import redraw_family as redraw_task
from badges.tasks import sweep_families
from badgeserver.audit.models import AuditEvent
from badgeserver.pictures import accept_picture
from tests.factories.assertions import EndorsementFactory
from tests.factories.badges import BadgeClassFactory
from tests.factories.issuers import DepartmentFactory, IssuerFactory

EVERYTHING = ["shape", "colours", "lettering"]
ANCHOR = read_design({"shape": "hexagon", "icon": "anchor", "colour": "#14532d", "icon_colour": "#ffffff"})
RED = read_design({"shape": "circle", "colour": "#9b2c1f", "icon_colour": "#ffffff", "frame": "none"})


def _bytes(field):
    with field.open("rb") as file:
        return file.read()


def _pictures(badges):
    return [_bytes(BadgeClass.objects.get(pk=badge.pk).image) for badge in badges]


@pytest.fixture
def draw(ed, now):
    """Draw with what has a default here; an hour later than what the cast did."""

    def draw(badge, design=ANCHOR, **more: object):
        return draw_badge(**{"badge_class": badge, "design": design, "by": ed, "at": now + timedelta(hours=1), **more})

    return draw


@pytest.fixture
def drafts(academy, now):
    """Three drafts without a picture."""
    return [
        BadgeClassFactory.create(issuer=academy, name=name, draft=True, image="", image_png="", created_at=now)
        for name in ["Anchor Watch", "Heart Rescue", "Team Lead"]
    ]


@pytest.fixture
def family(acme, ed, now, drafts):
    """The family of the three."""
    return make_family(
        organisation=acme, name="Safety", design=ANCHOR, decides=EVERYTHING, badges=drafts, by=ed, at=now
    )


@pytest.fixture
def restyle(family, ed, now):
    def restyle(design=RED, **more: object):
        said = {"name": "Safety", "decides": EVERYTHING, "by": ed, "at": now + timedelta(hours=2), **more}
        return edit_family(family=DesignFamily.objects.get(pk=family.pk), design=design, **said)

    return restyle


# --- One badge -----------------------------------------------------------------------------------------------


def test_draw_gives_a_draft_its_picture_and_keeps_the_design(draw, drafts, ed, now):
    drawn = BadgeClass.objects.get(pk=draw(drafts[0]).pk)

    row = row_of(drawn)
    assert (row.spec, row.shown, row.family, row.drawn_by) == (ANCHOR.as_json(), ANCHOR.as_json(), None, ed)
    assert (is_drawn(drawn, row), drawn.updated_at, row.drawn_at) == (True, now + timedelta(hours=1), drawn.updated_at)
    assert drawn.image_media_type == "image/svg+xml"
    assert accept_picture(_bytes(drawn.image)).data == _bytes(drawn.image)
    assert accept_picture(_bytes(drawn.image_png)).width == 600
    event = AuditEvent.objects.get(type="badge_class.edited")
    assert (event.actor_name, event.details) == ("Ed Novak", {"changed": ["picture", "image_alt"]})


def test_draw_says_in_words_what_it_drew_until_somebody_says_it_otherwise(draw, drafts):
    first = draw(drafts[0]).image_alt
    second = draw(drafts[0], RED).image_alt
    BadgeClass.objects.filter(pk=drafts[0].pk).update(image_alt="Our anchor")

    assert (first != "", second != first, draw(drafts[0]).image_alt) == (True, True, "Our anchor")


def test_draw_replaces_the_files_of_a_badge_that_nobody_holds(draw, badge, django_capture_on_commit_callbacks):
    before = badge.image.name
    with django_capture_on_commit_callbacks(execute=True):
        drawn = draw(badge)

    assert (default_storage.exists(before), default_storage.exists(drawn.image.name)) == (False, True)


def test_draw_refuses_what_people_hold_endorse_or_archived(draw, badge, svg_badge, assertion, academy, ed, now):
    endorsed = BadgeClassFactory.create(issuer=academy)
    EndorsementFactory.create(badge_class=endorsed, endorser=IssuerFactory.create(), accepted=True)
    archived = BadgeClassFactory.create(issuer=academy, archived=True)
    before = _pictures([badge, endorsed, archived])

    with pytest.raises(BadgeIsAwarded):
        draw(badge)
    with pytest.raises(BadgeIsEndorsed):
        draw(endorsed)
    with pytest.raises(WrongMoment):
        draw(archived)
    assert (_pictures([badge, endorsed, archived]), DesignRow.objects.count()) == (before, 0)


def test_draw_refuses_a_badge_that_somebody_saved_meanwhile(draw, drafts, now):
    draw(drafts[0], at=now + timedelta(hours=1), seen=now)

    with pytest.raises(ChangedMeanwhile):
        draw(drafts[0], RED, at=now + timedelta(hours=2), seen=now)
    assert row_of(drafts[0]).spec == ANCHOR.as_json()


def test_draw_sets_no_logo_in_that_is_a_bomb(draw, drafts, academy, tmp_path):
    academy.image.save("logo.svg", ContentFile(b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]><svg>&a;</svg>"))

    drawn = draw(drafts[0], read_design({**ANCHOR.as_json(), "logo": True}))

    assert b"ENTITY" not in _bytes(drawn.image)


def test_an_uploaded_picture_is_not_the_drawn_one(draw, drafts):
    drawn = draw(drafts[0])
    drawn.image.save("badge.png", ContentFile(b"other"))

    assert is_drawn(drawn, row_of(drawn)) is False


def test_first_design_has_an_icon_for_the_name_and_the_level(drafts):
    drafts[0].level = 3

    begun = first_design(drafts[0])

    assert (begun.icon, begun.stars, begun.centre) == ("anchor", 3, "")


# --- Copies --------------------------------------------------------------------------------------------------


def test_a_copy_can_be_drawn_on(draw, drafts, ed, now):
    copy = copy_badge_class(badge_class=draw(drafts[0]), by=ed, at=now)

    row = row_of(copy)
    assert (row.spec, is_drawn(copy, row)) == (ANCHOR.as_json(), True)


def test_a_copy_of_an_uploaded_picture_is_no_drawn_one(draw, drafts, ed, now):
    drawn = draw(drafts[0])
    drawn.image.save("badge.png", ContentFile(b"other"))

    copy = copy_badge_class(badge_class=drawn, by=ed, at=now)

    assert is_drawn(copy, row_of(copy)) is False


def test_a_next_version_can_be_drawn_on(draw, badge, rita, sam, ed, now):
    drawn = draw(badge)
    award_badge(fields=AwardFields(badge_class=drawn, email=rita.email, name="Rita", issued_at=now), by=sam, at=now)

    draft = make_next_version(badge_class=drawn, by=ed, at=now)

    assert (row_of(draft).spec, is_drawn(draft, row_of(draft))) == (ANCHOR.as_json(), True)


# --- Families ------------------------------------------------------------------------------------------------


def test_make_family_draws_all_of_its_badges(family, drafts):
    shown = [design_of(row) for row in DesignRow.objects.order_by("badge_class__name")]

    assert [one.icon for one in shown] == ["anchor", *[first_design(badge).icon for badge in drafts[1:]]]
    assert {(one.shape, one.colour) for one in shown} == {("hexagon", "#14532d")}
    assert len(set(_pictures(drafts))) == 3
    assert [member.is_current for member in members_of(family)] == [True] * 3


def test_make_family_makes_nothing_when_one_badge_cannot_join(acme, drafts, badge, assertion, ed, now):
    with pytest.raises(BadgeIsAwarded):
        make_family(
            organisation=acme, name="Safety", design=RED, decides=["shape"], badges=[*drafts, badge], by=ed, at=now
        )

    assert (DesignFamily.objects.count(), DesignRow.objects.count()) == (0, 0)
    assert [bool(BadgeClass.objects.get(pk=one.pk).image) for one in drafts] == [False] * 3


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "\x00"}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "SAFETY"}, "name"),
        ({"name": "Other", "decides": []}, "decides"),
        ({"name": "Other", "decides": ["nonsense"]}, "decides"),
    ],
)
def test_make_family_refuses_what_is_no_family(family, acme, ed, now, said, field):
    with pytest.raises(FamilyRefused) as refused:
        make_family(**{"organisation": acme, "design": RED, "decides": ["shape"], "by": ed, "at": now, **said})

    assert (refused.value.field, DesignFamily.objects.count()) == (field, 1)


def test_a_family_takes_no_badge_of_others(family, elsewhere_issuer, ed, now):
    foreign = BadgeClassFactory.create(issuer=elsewhere_issuer, draft=True)

    with pytest.raises(FamilyRefused):
        join_family(family=family, badge_class=foreign, by=ed, at=now)


def test_restyling_redraws_all_badges_at_once(restyle, family, drafts):
    before = _pictures(drafts)

    change = restyle()

    assert (len(change.redrawn), change.left, change.waiting) == (3, [], 0)
    assert {one == other for one, other in zip(_pictures(drafts), before, strict=True)} == {False}
    shown = [read_design(row.shown) for row in DesignRow.objects.all()]
    assert {(one.shape, one.frame, one.colour) for one in shown} == {("circle", "none", "#9b2c1f")}
    assert sorted(one.icon for one in shown) == sorted(first_design(badge).icon for badge in drafts)


def test_undoing_gives_the_same_pictures_back(restyle, drafts, family, ed, now):
    before = _pictures(drafts)
    restyle(decides=["shape"])

    undo_family_change(family=DesignFamily.objects.get(), by=ed, at=now + timedelta(hours=3))
    undone = _pictures(drafts)
    undo_family_change(family=DesignFamily.objects.get(), by=ed, at=now + timedelta(hours=4))

    assert (undone, DesignFamily.objects.get().decides) == (before, ["shape"])
    assert {design_of(row).shape for row in DesignRow.objects.select_related("family")} == {"circle"}


def test_a_family_that_never_changed_has_nothing_to_undo(family, ed, now):
    with pytest.raises(NothingToUndo):
        undo_family_change(family=family, by=ed, at=now)


def test_restyling_leaves_what_people_hold(restyle, family, drafts, rita, sam, ed, now):
    held = _awarded(drafts[1], rita, sam, now)
    before = _pictures([held])

    change = restyle()

    assert ([one.name for one in change.redrawn], change.left) == (["Anchor Watch", "Team Lead"], [held])
    assert _pictures([held]) == before
    assert [(one.badge.name, one.is_current, one.why_not) for one in members_of(change.family)] == [
        ("Anchor Watch", True, ""),
        ("Heart Rescue", False, "People hold it."),
        ("Team Lead", True, ""),
    ]


def test_what_people_hold_gets_a_next_version_with_the_new_look(restyle, family, drafts, rita, sam, ed, now):
    held = _awarded(drafts[1], rita, sam, now)
    change = restyle()

    (made,) = make_next_versions(family=change.family, by=ed, at=now + timedelta(hours=3))
    again = make_next_versions(family=change.family, by=ed, at=now + timedelta(hours=3))

    assert (made.series, made.version, made.status, again) == (held.series, 2, "DRAFT", [])
    row = row_of(made)
    assert (design_of(row).shape, is_drawn(made, row), row.family) == ("circle", True, family)
    assert _pictures([made]) != _pictures([held])


def test_restyling_changes_nothing_when_one_badge_cannot_be_drawn(restyle, family, drafts, draw):
    draw(drafts[0], read_design({**ANCHOR.as_json(), "icon": "anchor"}), family=family)
    before = _pictures(drafts)
    DesignRow.objects.filter(badge_class=drafts[2]).update(spec={"icon": "no-such-icon"})

    with pytest.raises((FamilyRefused, DesignRefused)):
        restyle()

    assert (_pictures(drafts), DesignFamily.objects.get().spec) == (before, ANCHOR.as_json())


def test_restyling_refuses_a_family_that_somebody_changed_meanwhile(restyle, family, now):
    restyle(at=now + timedelta(hours=2))

    with pytest.raises(ChangedMeanwhile):
        restyle(ANCHOR, at=now + timedelta(hours=3), seen=now)
    assert DesignFamily.objects.get().spec == RED.as_json()


def test_renaming_alone_redraws_nothing(restyle, family, drafts, now):
    before = _pictures(drafts)

    change = restyle(ANCHOR, name="Life at work")

    assert (change.family.name, change.redrawn, change.family.updated_at) == ("Life at work", [], now)
    assert _pictures(drafts) == before
    assert AuditEvent.objects.get(type="design_family.renamed").details == {"before": "Safety"}


def test_many_badges_are_drawn_by_a_worker(acme, academy, ed, now, django_capture_on_commit_callbacks):
    family, badges = _large_family(acme, academy, ed, now)

    with django_capture_on_commit_callbacks(execute=False) as later:
        change = edit_family(
            family=family, name="Large", design=RED, decides=EVERYTHING, by=ed, at=now + timedelta(hours=1)
        )
    waiting = [member.is_current for member in members_of(change.family)]
    redraw_task(family_id=str(family.pk), by_id=str(ed.pk))

    assert (change.waiting, len(later), waiting) == (AT_ONCE + 1, 1, [False] * (AT_ONCE + 1))
    assert {member.is_current for member in members_of(change.family)} == {True}
    assert len(set(_pictures(badges))) == len(badges)


def test_a_killed_worker_loses_nothing_and_draws_nothing_twice(acme, academy, ed, now):
    family, _badges = _large_family(acme, academy, ed, now)
    changed = edit_family(
        family=family, name="Large", design=RED, decides=EVERYTHING, by=ed, at=now + timedelta(hours=1)
    ).family

    more = redraw_family(family=changed, by=ed, at=now + timedelta(hours=2), most=5)  # and then the worker is killed
    done = {row.badge_class_id: row.drawn_at for row in DesignRow.objects.filter(drawn_at=now + timedelta(hours=2))}
    unfinished = unfinished_families()
    redraw_family(family=changed, by=ed, at=now + timedelta(hours=3))

    assert (more, len(done), unfinished, unfinished_families()) == (True, 5, [changed], [])
    again = DesignRow.objects.filter(badge_class__in=done)
    assert {row.badge_class_id: row.drawn_at for row in again} == done


def test_the_sweep_finishes_what_was_left(acme, academy, ed, now, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    family, _badges = _large_family(acme, academy, ed, now)
    changed = edit_family(
        family=family, name="Large", design=RED, decides=EVERYTHING, by=ed, at=now + timedelta(hours=1)
    ).family

    sweep_families()

    assert {member.is_current for member in members_of(changed)} == {True}


def test_leaving_keeps_the_look(restyle, family, drafts, ed, now):
    restyle()
    before = _pictures(drafts)

    left = leave_family(badge_class=drafts[0], by=ed, at=now)

    row = row_of(left)
    assert (row.family, read_design(row.spec).colour, _pictures(drafts)) == (None, "#9b2c1f", before)


def test_parting_a_family_keeps_all_looks(restyle, family, drafts, ed, now):
    restyle()
    before = _pictures(drafts)

    delete_family(family=family, by=ed, at=now)

    assert DesignFamily.objects.count() == 0
    assert {read_design(row.spec).colour for row in DesignRow.objects.all()} == {"#9b2c1f"}
    assert _pictures(drafts) == before


def test_badges_to_gather_are_those_that_may_be_drawn(acme, academy, drafts, draw, badge, draft_badge, rita, sam, now):
    drawn = draw(badge)
    _awarded(BadgeClassFactory.create(issuer=academy), rita, sam, now)
    BadgeClassFactory.create(issuer=academy, archived=True)

    assert badges_to_gather(acme) == [drafts[0], drawn, drafts[1], drafts[2]]


def test_members_are_found_in_one_query(family, acme, academy, ed, now, django_assert_num_queries):
    with django_assert_num_queries(1):
        members_of(family)
    for number in range(4):
        badge = BadgeClassFactory.create(issuer=academy, name=f"More {number}", draft=True, image="", image_png="")
        join_family(family=family, badge_class=badge, by=ed, at=now)
    with django_assert_num_queries(1):
        assert len(members_of(family)) == 7


def _awarded(badge, rita, sam, now):
    BadgeClass.objects.filter(pk=badge.pk).update(
        status="PUBLISHED", published_at=now, description="Does it.", image_alt="It"
    )
    held = BadgeClass.objects.get(pk=badge.pk)
    award_badge(fields=AwardFields(badge_class=held, email=rita.email, name="Rita", issued_at=now), by=sam, at=now)
    return held


def _large_family(acme, academy, ed, now):
    badges = [
        BadgeClassFactory.create(
            issuer=academy, name=f"Skill {number}", draft=True, image="", image_png="", level=number % 5 + 1
        )
        for number in range(AT_ONCE + 1)
    ]
    family = make_family(organisation=acme, name="Large", design=ANCHOR, decides=EVERYTHING, by=ed, at=now)
    for number, badge in enumerate(badges):
        own = read_design({**Design().as_json(), "icon": "star", "icon_size": 20 + number})
        draw_badge(badge_class=badge, design=own, family=family, by=ed, at=now)
    return family, badges


def test_badges_that_cannot_be_drawn_keep_no_worker_busy(acme, academy, ed, now, settings):
    """Ten that cannot follow stand before one that can: it follows, they are left, and nobody comes back for them."""
    drafts = BadgeClassFactory.create_batch(AT_ONCE, issuer=academy, draft=True, image="", image_png="", created_at=now)
    for number, badge in enumerate(drafts):
        BadgeClass.objects.filter(pk=badge.pk).update(name=f"Badge {number:02}")
    family = make_family(
        organisation=acme, name="Safety", design=ANCHOR, decides=EVERYTHING, badges=drafts, by=ed, at=now
    )
    # A family with this word does not fit into one frame or another; here in none, as if the frame had changed.
    rows = DesignRow.objects.filter(family=family).order_by("badge_class__name")
    for row in rows[: AT_ONCE - 1]:
        row.spec = {**row.spec, "ribbon": "W" * 24}
        row.save()
    with pytest.raises(DesignRefused):
        draw_svg(design_of(rows[0]))
    later = now + timedelta(hours=1)
    DesignFamily.objects.filter(pk=family.pk).update(spec=RED.as_json(), updated_at=later)
    family.refresh_from_db()

    rounds = 1
    while redraw_family(family=family, by=ed, at=later + timedelta(seconds=rounds), most=4) and rounds < 9:
        rounds += 1

    assert rounds == 3
    assert [member.is_current for member in members_of(family)] == [False] * (AT_ONCE - 1) + [True]
    assert [member.is_refused for member in members_of(family)] == [True] * (AT_ONCE - 1) + [False]
    assert unfinished_families() == []


@pytest.mark.parametrize(
    "name", ["安全", "Ж", "Безопасность", "\u05d0\u05d1\u05d8\u05d7\u05d4", "🦺", "\u200f", "a\u200b\u200bb \u200bc"]
)
def test_first_design_of_a_name_that_no_letter_of_ours_writes(academy, now, name):
    badge = BadgeClassFactory.create(issuer=academy, name=name, draft=True, image="", image_png="", created_at=now)
    badge.departments.add(DepartmentFactory.create(organisation=academy.organisation, name=name))

    assert draw_svg(first_design(badge)).startswith("<svg")
