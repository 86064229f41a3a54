"""What takes a badge's place, whether it still fits, and templates."""

from datetime import date, timedelta

import pytest

from badges.actions.badge_classes import (
    WrongMoment,
    edit_badge_class,
    fields_of,
    publish_badge_class,
    restore_badge_class,
)
from badges.actions.due import tell_what_is_due
from badges.actions.successors import (
    SuccessorRefused,
    archive_with_successor,
    confirm_badge_still_fits,
    name_successor,
)
from badges.actions.templates import make_badge_from_starting_template, make_badge_from_template, make_template
from badges.insights.lifecycle import life_of, successor_of
from badges.insights.reviews import due_for_another_look, not_awarded_lately
from badges.insights.starting_templates import STARTING_TEMPLATES
from badges.models import BadgeClass
from badges.queries import badges_of, badges_to_require, drafts_of, status_counts
from tests.factories.badges import BadgeClassFactory


def test_archived_badge_leads_to_the_one_in_its_place(badge, svg_badge, ed, now):
    archive_with_successor(badge_class=badge, successor=svg_badge, by=ed, at=now)
    badge.refresh_from_db()
    assert (badge.status, badge.successor, life_of(badge, at=now).successor) == ("ARCHIVED", svg_badge, svg_badge)
    assert life_of(svg_badge, at=now).replaces == [badge]

    restored = restore_badge_class(badge_class=badge, by=ed, at=now)
    assert (restored.status, restored.successor) == ("PUBLISHED", svg_badge)


def test_refused_successor_archives_nothing(badge, elsewhere_issuer, ed, now):
    strange = BadgeClassFactory.create(issuer=elsewhere_issuer)
    for wrong in (strange, badge, make_template(badge_class=badge, by=ed, at=now)):
        with pytest.raises(SuccessorRefused):
            archive_with_successor(badge_class=badge, successor=wrong, by=ed, at=now)
    badge.refresh_from_db()
    assert badge.status == "PUBLISHED"


def test_no_circles(academy, badge, svg_badge, ed, now):
    third = BadgeClassFactory.create(issuer=academy)
    archive_with_successor(badge_class=badge, successor=svg_badge, by=ed, at=now)
    archive_with_successor(badge_class=svg_badge, successor=third, by=ed, at=now)
    with pytest.raises(SuccessorRefused, match="both would point"):
        archive_with_successor(badge_class=third, successor=badge, by=ed, at=now)
    with pytest.raises(WrongMoment):
        name_successor(badge_class=third, successor=badge, by=ed, at=now)


def test_world_is_led_to_what_it_may_see_alone(academy, badge, ed, now):
    draft = BadgeClassFactory.create(issuer=academy, draft=True)
    archive_with_successor(badge_class=badge, successor=draft, by=ed, at=now)
    badge.refresh_from_db()
    assert (successor_of(badge), successor_of(badge, is_public=True)) == (draft, None)


# --- Another look --------------------------------------------------------------------------------------------


def test_editors_are_told_once_for_each_day_that_was_set(
    badge, ada, ed, sam, now, mailoutbox, django_capture_on_commit_callbacks
):
    def tell(days: int) -> int:
        moment, before = now + timedelta(days=days), len(mailoutbox)
        with django_capture_on_commit_callbacks(execute=True):
            tell_what_is_due(at=moment, today=moment.date())
        return len(mailoutbox) - before

    badge.review_by = now.date() + timedelta(days=3)
    badge.save()
    assert [tell(2), tell(3), tell(4)] == [0, 2, 0]
    assert sorted(message.to[0] for message in mailoutbox) == [ada.email, ed.email]
    assert mailoutbox[0].subject == "Does “Forklift Safety” still fit?"

    confirm_badge_still_fits(badge_class=badge, by=ed, at=now + timedelta(days=4))
    badge.refresh_from_db()
    assert badge.review_by == date(2027, 3, 6)
    assert [tell(5), tell(370)] == [0, 2]


def test_due_badges_are_those_that_are_awarded(academy, acme, badge, now):
    for status in ({"draft": True}, {"archived": True}):
        BadgeClassFactory.create(issuer=academy, review_by=now.date(), **status)
    assert list(due_for_another_look(acme, today=now.date())) == []
    BadgeClass.objects.filter(pk=badge.pk).update(review_by=now.date())
    assert list(due_for_another_look(acme, today=now.date())) == [badge]
    assert life_of(BadgeClass.objects.get(pk=badge.pk), at=now).is_due is True


def test_draft_needs_no_other_look(draft_badge, ed, now):
    with pytest.raises(WrongMoment):
        confirm_badge_still_fits(badge_class=draft_badge, by=ed, at=now)


def test_what_nobody_was_awarded_for_half_a_year(badge, svg_badge, assertion, acme, now):
    assert list(not_awarded_lately(acme, at=now + timedelta(days=100))) == []
    assert set(not_awarded_lately(acme, at=now + timedelta(days=200))) == {badge, svg_badge}
    assert life_of(badge, at=now + timedelta(days=200)).is_quiet is True
    BadgeClass.objects.filter(pk=svg_badge.pk).update(published_at=now + timedelta(days=150))
    assert list(not_awarded_lately(acme, at=now + timedelta(days=200))) == [badge]


# --- Templates -----------------------------------------------------------------------------------------------


def test_template_stands_in_no_list_and_is_never_published(badge, acme, ed, now):
    before = status_counts(acme)
    template = make_template(badge_class=badge, by=ed, at=now)
    assert (template.name, template.status, template.is_template) == ("Forklift Safety", "DRAFT", True)
    assert status_counts(acme) == before
    assert template not in badges_of(acme)
    assert (list(drafts_of(acme)), list(badges_to_require(acme))) == ([], [badge])
    with pytest.raises(WrongMoment, match="template"):
        publish_badge_class(badge_class=template, by=ed, at=now)
    with pytest.raises(WrongMoment, match="template"):
        edit_badge_class(badge_class=template, fields=fields_of(template), publish=True, by=ed, at=now)


def test_badge_made_from_a_template_is_a_draft_of_its_own(badge, ed, now):
    template = make_template(badge_class=badge, by=ed, at=now)
    made = make_badge_from_template(template=template, by=ed, at=now)
    assert (made.name, made.is_template, made.status) == ("Forklift Safety", False, "DRAFT")
    assert made.image.name != template.image.name
    with pytest.raises(WrongMoment):
        make_badge_from_template(template=badge, by=ed, at=now)


@pytest.mark.parametrize("template", STARTING_TEMPLATES, ids=lambda one: one.key)
def test_templates_that_come_along_make_good_drafts(academy, ed, now, template):
    made = make_badge_from_starting_template(issuer=academy, template=template, by=ed, at=now)
    assert (made.name, made.status) == (str(template.name), "DRAFT")
    assert made.earning_steps.count() == len(template.steps)
    made.full_clean(exclude=["image", "image_png", "published_at", "archived_at", "superseded_at", "copied_from"])
