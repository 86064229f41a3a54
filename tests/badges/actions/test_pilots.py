"""A test group tries a badge: started once, asked once, answered once, and decided."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail

from badges.actions.badge_classes import NotComplete, WrongMoment, archive_badge_class, fields_of
from badges.actions.lifecycle_mails import queue_owed_mails
from badges.actions.pilots import (
    AlreadyAnswered,
    AnswerRefused,
    PilotOver,
    PilotRefused,
    answer_survey,
    ask_at_the_end,
    change_pilot,
    end_pilot,
    remind_members,
    send_survey,
    start_pilot,
)
from badges.actions.templates import make_template
from badges.actions.versions import make_next_version
from badges.insights.pilots import members_of, pilot_report, pilots_to_decide
from badges.models import BadgeClass, LifecycleMail, PilotMember, SurveyAnswer
from badgeserver.audit.models import AuditEvent
from tests.conftest import award
from tests.factories.badges import BadgeClassFactory, PilotFactory, PilotMemberFactory
from tests.factories.issuers import PersonFactory


@pytest.fixture
def whole_draft(academy, now) -> BadgeClass:
    return BadgeClassFactory.create(
        issuer=academy, name="Crane Signals", image_alt="A crane", draft=True, created_at=now
    )


@pytest.fixture
def people(acme):
    return PersonFactory.create_batch(4, organisation=acme)


@pytest.fixture
def pilot(whole_draft, people, ed, now):
    return start_pilot(
        badge_class=whole_draft,
        members=people[:3],
        managers=people[3:],
        goal="Is a week enough?",
        ends_on=now.date() + timedelta(days=14),
        by=ed,
        at=now,
    )


def answer(member, *, at, clear=4, worth=5, shown=3, remark=""):
    return answer_survey(member=member, clear=clear, worth=worth, shown=shown, remark=remark, at=at)


def test_start_shows_the_badge_and_keeps_the_group(pilot, whole_draft, now):
    whole_draft.refresh_from_db()
    assert (whole_draft.status, whole_draft.published_at) == ("PILOT", now)
    assert sorted(pilot.members.values_list("part", flat=True)) == ["MANAGER", "TESTER", "TESTER", "TESTER"]
    event = AuditEvent.objects.about(whole_draft.pk).newest_first().first()
    assert (event.type, event.details["testers"]) == ("badge_class.pilot.started", 3)


def test_second_start_changes_nothing(pilot, whole_draft, people, ed, now):
    with pytest.raises(WrongMoment, match="runs already"):
        start_pilot(badge_class=whole_draft, members=people, managers=[], goal="", ends_on=now.date(), by=ed, at=now)
    assert (whole_draft.pilots.count(), pilot.members.count()) == (1, 4)


@pytest.mark.parametrize(
    ("members", "managers", "days", "field"),
    [(0, 1, 5, "members"), (2, 0, -1, "ends_on")],
)
def test_groups_that_find_nothing_out_are_refused(whole_draft, people, ed, now, members, managers, days, field):
    with pytest.raises(PilotRefused) as refused:
        start_pilot(
            badge_class=whole_draft,
            members=people[:members],
            managers=people[:managers],
            goal="",
            ends_on=now.date() + timedelta(days=days),
            by=ed,
            at=now,
        )
    assert refused.value.field == field
    whole_draft.refresh_from_db()
    assert whole_draft.status == "DRAFT"


def test_nobody_twice_and_nobody_of_others(whole_draft, people, elsewhere, ed, now):
    for members, managers in [(people, people[:1]), ([PersonFactory.create(organisation=elsewhere)], [])]:
        with pytest.raises(PilotRefused):
            start_pilot(
                badge_class=whole_draft, members=members, managers=managers, goal="", ends_on=now.date(), by=ed, at=now
            )


def test_only_whole_new_drafts_are_tried(badge, draft_badge, whole_draft, people, assertion, ed, now):
    version = make_next_version(badge_class=badge, by=ed, at=now)
    template = make_template(badge_class=whole_draft, by=ed, at=now)
    for refused, error in [
        (badge, WrongMoment),
        (version, WrongMoment),
        (template, WrongMoment),
        (draft_badge, NotComplete),
    ]:
        with pytest.raises(error):
            start_pilot(badge_class=refused, members=people, managers=[], goal="", ends_on=now.date(), by=ed, at=now)


def test_survey_is_mailed_once_to_each(pilot, ed, now, django_capture_on_commit_callbacks, mailoutbox):
    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            send_survey(pilot=pilot, by=ed, at=now)
        queue_owed_mails(at=now + timedelta(days=1))

    assert sorted(message.to[0] for message in mailoutbox) == sorted(
        pilot.members.values_list("person__email", flat=True)
    )
    assert len({line for message in mailoutbox for line in message.body.split() if "/survey/" in line}) == 4
    assert pilot.members.filter(asked_at=None).count() == 0


def test_survey_wears_the_organisations_colour_and_speaks_its_language(
    pilot, acme, ed, now, django_capture_on_commit_callbacks, mailoutbox
):
    acme.accent, acme.language = "#0a7d55", "de"
    acme.save()
    with django_capture_on_commit_callbacks(execute=True):
        send_survey(pilot=pilot, by=ed, at=now)

    html = str(mailoutbox[0].alternatives[0].content)
    assert (mailoutbox[0].subject, "#0a7d55" in html, "#2f4bd6" in html) == (
        "Drei Fragen zu „Crane Signals“",
        True,
        False,
    )


def test_survey_goes_out_by_itself_on_the_last_day_and_reminds_once(
    pilot, now, django_capture_on_commit_callbacks, mailoutbox
):
    def look(days: int) -> int:
        moment = now + timedelta(days=days)
        before = len(mailoutbox)
        with django_capture_on_commit_callbacks(execute=True):
            ask_at_the_end(at=moment, today=moment.date())
        return len(mailoutbox) - before

    assert look(13) == 0
    assert look(14) == 4
    assert look(15) == 0
    answer(pilot.members.first(), at=now + timedelta(days=15))
    assert look(18) == 3
    assert look(19) == 0
    assert mailoutbox[-1].subject == "Reminder: three questions about “Crane Signals”"


def test_who_has_answered_is_not_reminded(pilot, ed, now, django_capture_on_commit_callbacks):
    with pytest.raises(WrongMoment):
        remind_members(pilot=pilot, by=ed, at=now)
    with django_capture_on_commit_callbacks(execute=True):
        send_survey(pilot=pilot, by=ed, at=now)
    for member in pilot.members.all()[:3]:
        answer(member, at=now)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert remind_members(pilot=pilot, by=ed, at=now) == 1
        assert remind_members(pilot=pilot, by=ed, at=now) == 0
    assert len(mail.outbox) == 1


def test_answers_are_kept_without_a_name_and_once(pilot, now):
    member = pilot.members.first()
    answer(member, at=now, remark="  Clear!  ")

    kept = SurveyAnswer.objects.get()
    assert (kept.clear, kept.worth, kept.shown, kept.remark) == (4, 5, 3, "Clear!")
    assert {field.name for field in SurveyAnswer._meta.fields} == {
        *("id", "pilot", "part", "clear", "worth", "shown", "remark")
    }
    member.refresh_from_db()
    assert (member.answered_at.hour, member.answered_at.minute) == (0, 0)  # the order tells nobody
    with pytest.raises(AlreadyAnswered):
        answer(member, at=now)
    assert SurveyAnswer.objects.count() == 1


def test_answers_off_the_scale_are_refused_whole(pilot, now):
    member = pilot.members.first()
    with pytest.raises(AnswerRefused):
        answer(member, at=now, clear=6)
    member.refresh_from_db()
    assert (member.answered_at, SurveyAnswer.objects.count()) == (None, 0)


def test_ended_pilot_takes_no_answers_and_sends_nothing(pilot, ed, now, mailoutbox):
    member = pilot.members.first()
    send_survey(pilot=pilot, by=ed, at=now)  # owed, and never queued
    end_pilot(pilot=pilot, decision="DROP", by=ed, at=now)

    queue_owed_mails(at=now + timedelta(days=1))
    assert (mailoutbox, LifecycleMail.objects.count()) == ([], 0)
    with pytest.raises(PilotOver):
        answer(member, at=now)
    with pytest.raises(PilotOver):
        send_survey(pilot=pilot, by=ed, at=now)


def test_published_for_everybody_under_the_same_id(pilot, whole_draft, ed, now):
    end_pilot(pilot=pilot, decision="PUBLISH", note="They love it.", by=ed, at=now + timedelta(days=15))
    whole_draft.refresh_from_db()
    pilot.refresh_from_db()
    assert (whole_draft.status, whole_draft.published_at) == ("PUBLISHED", now)
    assert (pilot.decision, pilot.note, pilot.ended_by) == ("PUBLISH", "They love it.", ed)
    with pytest.raises(PilotOver):
        end_pilot(pilot=pilot, decision="DROP", by=ed, at=now)


def test_to_be_changed_and_held_by_nobody_is_a_draft_again(pilot, whole_draft, ed, now):
    end_pilot(pilot=pilot, decision="CHANGE", by=ed, at=now)
    whole_draft.refresh_from_db()
    assert (whole_draft.status, whole_draft.published_at, whole_draft.successor) == ("DRAFT", None, None)


def test_to_be_changed_and_held_is_archived_with_a_draft_in_its_place(
    academy, acme, sam, ed, now, django_capture_on_commit_callbacks
):
    tried = BadgeClassFactory.create(issuer=academy, name="Crane Signals", image_alt="A crane", created_at=now)
    held = award(tried, "teo@mail.example.org", by=sam, at=now, capture=django_capture_on_commit_callbacks)
    BadgeClass.objects.filter(pk=tried.pk).update(status="PILOT")
    running = PilotFactory.create(badge_class=tried)

    end_pilot(pilot=running, decision="CHANGE", by=ed, at=now)

    tried.refresh_from_db()
    held.refresh_from_db()
    draft = tried.successor
    assert (tried.status, draft.status, draft.name) == ("ARCHIVED", "DRAFT", "Crane Signals")
    assert replace(fields_of(draft)) == fields_of(tried)
    assert held.revoked_at is None


def test_running_pilot_is_ended_before_anything_else(pilot, whole_draft, ed, now):
    with pytest.raises(WrongMoment, match="End its pilot first"):
        archive_badge_class(badge_class=whole_draft, by=ed, at=now)


def test_group_changes_but_who_was_asked_stays(pilot, people, acme, ed, now, django_capture_on_commit_callbacks):
    asked = pilot.members.get(person=people[0])
    PilotMember.objects.filter(pk=asked.pk).update(asked_at=now)
    newcomer = PersonFactory.create(organisation=acme)
    change_pilot(
        pilot=pilot,
        members=[newcomer],
        managers=[],
        goal="Other",
        ends_on=now.date() + timedelta(days=20),
        by=ed,
        at=now,
    )
    assert {one.person for one in pilot.members.all()} == {people[0], newcomer}


def test_report_tells_kinds_apart_only_where_nobody_is_known(pilot, now, acme):
    members = list(pilot.members.order_by("part"))
    for member in members:
        answer(member, at=now, clear=5 if member.part == "TESTER" else 1)
    report = pilot_report(pilot)
    assert (report.is_split, report.answers, report.answered) == (False, 4, 4)
    assert [(side.label, side.mean) for side in report.results[0].sides] == [("Everybody", 4.0)]

    for extra in PilotMemberFactory.create_batch(2, pilot=pilot, part="MANAGER"):
        answer(extra, at=now, clear=2, remark="Fine.")
    report = pilot_report(pilot)
    assert report.is_split is True
    assert [(side.label, side.count, side.mean) for side in report.results[0].sides] == [
        ("Test group", 3, 5.0),
        ("Managers", 3, 1.7),
    ]
    assert report.remarks == [("Managers", "Fine."), ("Managers", "Fine.")]
    assert report.results[0].sides[0].said == "Fully: 3, Mostly: 0, Partly: 0, Rather not: 0, Not at all: 0"


@pytest.mark.parametrize("count", [3, 60])
def test_report_asks_the_same_number_of_questions(count, academy, now, django_assert_num_queries):
    running = PilotFactory.create(badge_class__issuer=academy, badge_class__status="PILOT")
    for member in PilotMemberFactory.create_batch(count, pilot=running):
        SurveyAnswer.objects.create(pilot=running, part=member.part, clear=1, worth=2, shown=3)
    with django_assert_num_queries(6):
        assert pilot_report(running).answers == count
        assert len(members_of(running)) == count


def test_overview_lists_pilots_whose_last_day_is_over(pilot, acme, now):
    assert list(pilots_to_decide(acme, today=now.date() + timedelta(days=14))) == []
    assert list(pilots_to_decide(acme, today=now.date() + timedelta(days=15))) == [pilot]
