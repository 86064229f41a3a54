"""Whoever holds an earlier version is invited to the new one: if the publisher wants it, once, by a mail that comes."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.utils import timezone

from assertions import tasks
from assertions.actions.finish import queue_unfinished
from assertions.actions.invitations import (
    NotInvitable,
    invite_holders,
    publish_and_invite,
    queue_invitations,
)
from assertions.actions.notices import send_notice
from assertions.actions.revoke import revoke_assertion
from assertions.models import Notice
from badges.actions.badge_classes import archive_badge_class
from badges.actions.versions import ChangeNoteMissing, make_next_version
from badges.models import BadgeClass
from badgeserver.audit.models import AuditEvent
from tests.factories.assertions import AssertionFactory
from tests.factories.badges import EarningStepFactory

RITA, BEN = "rita@mail.example.org", "ben@mail.example.org"
LATER = timedelta(days=30)


@pytest.fixture
def draft(assertion, badge, ed, now) -> BadgeClass:
    """The draft of version 2 of what Rita holds."""
    EarningStepFactory.create(badge_class=badge, text="Stack at six metres", kind="ASSESSMENT", position=0)
    return make_next_version(badge_class=badge, by=ed, at=now)


@pytest.fixture
def ben(badge):
    return AssertionFactory.create(badge_class=badge, recipient_email=BEN)


def publish(draft, by, at, *, invites=True):
    return publish_and_invite(badge_class=draft, change_note="Six metres.", invites=invites, by=by, at=at)


def invitations():
    found = Notice.objects.filter(kind="UPGRADE").order_by("assertion__recipient_key", "badge_class__version")
    return list(found.values_list("assertion__recipient_key", "badge_class__version"))


def times():
    return Notice.objects.filter(kind="UPGRADE").values_list("handed_over_at", "sent_at", "problem").get()


def test_holders_are_invited_with_the_publication(draft, ben, ed, now):
    published, people = publish(draft, ed, now + LATER)

    assert (published.version, people) == (2, 2)
    assert invitations() == [(BEN, 2), (RITA, 2)]
    event = AuditEvent.objects.latest("pk")
    assert (event.type, event.actor_name, event.subject_id, event.details) == (
        "badge_class.holders.invited",
        "Ed Novak",
        str(published.pk),
        {"version": 2, "people": 2},
    )


def test_nobody_is_invited_unless_the_publisher_wants_it(draft, ed, now):
    assert publish(draft, ed, now, invites=False)[1] == 0
    assert invitations() == []


def test_refused_publication_invites_nobody(draft, ed, now):
    with pytest.raises(ChangeNoteMissing):
        publish_and_invite(badge_class=draft, change_note="", invites=True, by=ed, at=now)

    assert invitations() == []


def test_only_those_who_hold_an_earlier_version_are_invited(draft, badge, ed, now):
    AssertionFactory.create(badge_class=badge, recipient_email="gone@mail.example.org", revoked=True)
    AssertionFactory.create(badge_class=badge, recipient_email="over@mail.example.org", expires_at=now + LATER)
    again = AssertionFactory.create(badge_class=badge, recipient_email=RITA, issued_at=now + timedelta(days=1))
    published, _people = publish(draft, ed, now + 2 * LATER, invites=False)
    AssertionFactory.create(badge_class=badge, recipient_email=BEN)
    AssertionFactory.create(badge_class=published, recipient_email=BEN)

    assert invite_holders(badge_class=published, by=ed, at=now + 2 * LATER) == 1
    assert Notice.objects.get(kind="UPGRADE").assertion == again  # the newer of two


def test_nobody_is_invited_twice_to_a_version(draft, ben, badge, ed, now):
    published, _people = publish(draft, ed, now)
    AssertionFactory.create(badge_class=badge, recipient_email="new@mail.example.org")

    assert [invite_holders(badge_class=published, by=ed, at=now) for _again in range(3)] == [1, 0, 0]
    assert len(invitations()) == 3


def test_each_later_version_may_invite_again(draft, ed, now):
    second, _people = publish(draft, ed, now)
    AssertionFactory.create(badge_class=second, recipient_email=BEN)

    _third, people = publish(make_next_version(badge_class=second, by=ed, at=now), ed, now + LATER)

    assert people == 2
    assert invitations() == [(BEN, 3), (RITA, 2), (RITA, 3)]


def test_people_are_invited_to_current_versions_alone(draft, badge, svg_badge, ed, now):
    for one in (draft, badge, svg_badge):
        with pytest.raises(NotInvitable, match="current version"):
            invite_holders(badge_class=one, by=ed, at=now)


def test_database_holds_one_invitation_an_award_and_version(draft, assertion, ed, now):
    published, _people = publish(draft, ed, now)

    with pytest.raises(IntegrityError):
        Notice.objects.create(assertion=assertion, kind="UPGRADE", badge_class=published, created_at=now, queued_at=now)


def test_database_wants_the_version_of_an_invitation(assertion, now):
    with pytest.raises(IntegrityError):
        Notice.objects.create(assertion=assertion, kind="UPGRADE", created_at=now, queued_at=now)


# --- The mail ------------------------------------------------------------------------------------------------


def test_mail_says_what_is_new_how_to_earn_it_and_that_the_badge_stays(
    draft, assertion, badge, ed, now, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        published, _people = publish(draft, ed, now)

    letter = mail.outbox[-1]
    assert (letter.to, letter.subject) == ([RITA], "There is a new version of your badge “Forklift Safety”")
    for said in [
        "Hello Rita Castle",
        "Six metres.",
        "Your badge stays valid as it is.",
        "1. Assessment: Stack at six metres",
        f"/public/badges/{published.pk}\n",
        f"/public/badges/{published.pk}/changes?since=1",
    ]:
        assert said in letter.body
    assert "Stack at six metres" in letter.alternatives[0].content
    assert letter.extra_headers["Message-ID"] == f"<upgrade_notice.{assertion.pk}.2@badges.example.org>"
    handed_over_at, sent_at, problem = times()
    assert (handed_over_at is not None, sent_at is not None, problem) == (True, True, "")


def test_mail_is_sent_once(draft, ed, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        publish(draft, ed, now)
    count = len(mail.outbox)

    tasks.send_notice(notice_id=Notice.objects.get(kind="UPGRADE").pk)
    queue_invitations(badge_class=draft, at=timezone.now())

    assert len(mail.outbox) == count


def test_worker_that_was_killed_before_it_queued_the_mails_loses_none(draft, ben, ed, now):
    """No task ran after the commit; the sweep finds the rows."""
    publish(draft, ed, now)
    mail.outbox.clear()

    assert queue_unfinished(queued_before=now + LATER, at=now + LATER) == 2
    assert sorted(letter.to[0] for letter in mail.outbox) == [BEN, RITA]


def test_queueing_again_reaches_those_that_were_not_sent(draft, ben, ed, now):
    published, _people = publish(draft, ed, now)
    mail.outbox.clear()

    tasks.queue_invitations(badge_class_id=str(published.pk))
    tasks.queue_invitations(badge_class_id=str(published.pk))
    tasks.queue_invitations(badge_class_id="00000000-0000-4000-8000-000000000000")

    assert sorted(letter.to[0] for letter in mail.outbox) == [BEN, RITA]


@pytest.mark.parametrize("what", ["revoked", "earned", "archived", "superseded"])
def test_invitation_that_lost_its_sense_is_not_sent(what, draft, assertion, ed, sam, now):
    published, _people = publish(draft, ed, now)
    mail.outbox.clear()
    if what == "revoked":
        revoke_assertion(assertion=assertion, reason="By mistake.", by=sam, at=now)
    elif what == "earned":
        AssertionFactory.create(badge_class=published, recipient_email=RITA)
    elif what == "archived":
        archive_badge_class(badge_class=published, by=ed, at=now)
    else:
        AssertionFactory.create(badge_class=published, recipient_email=BEN)
        publish(make_next_version(badge_class=published, by=ed, at=now), ed, now, invites=False)

    notice = Notice.objects.select_related("assertion__badge_class", "badge_class").get(kind="UPGRADE")
    send_notice(notice=notice, at=now)

    assert [letter.subject for letter in mail.outbox if "new version" in letter.subject] == []
    assert invitations() == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_invite_once(badge, ed, ada, now, monkeypatch):
    monkeypatch.setattr("assertions.tasks.queue_invitations.delay", lambda **_: None)
    AssertionFactory.create(badge_class=badge, recipient_email=RITA)
    published, _people = publish(make_next_version(badge_class=badge, by=ed, at=now), ed, now, invites=False)
    starting = threading.Barrier(2)

    def invite(by) -> int:
        starting.wait(timeout=10)
        try:
            return invite_holders(badge_class=published, by=by, at=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(invite, [ed, ada])) == [0, 1]
    assert invitations() == [(RITA, 2)]
