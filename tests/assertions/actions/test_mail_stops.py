import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from assertions.actions.mail_stops import MailsAlreadyStopped, MailsNotStopped, resume_mails, stop_mails
from assertions.actions.notices import NotSendable, send_notice, send_notice_again
from assertions.actions.revoke import revoke_assertion
from assertions.models import MailStop, Notice
from assertions.queries import mails_of, progress_of
from badgeserver.audit.models import AuditEvent
from tests.conftest import award
from tests.factories.assertions import AssertionFactory
from tests.factories.badges import BadgeClassFactory


@pytest.fixture
def stopped(assertion, now) -> MailStop:
    mail.outbox.clear()
    return stop_mails(assertion=assertion, at=now)


def test_stop_is_kept_by_issuer_and_normalised_address(assertion, academy, stopped, now):
    assert (stopped.issuer, stopped.address, stopped.stopped_at) == (academy, "rita@mail.example.org", now)
    with pytest.raises(MailsAlreadyStopped):
        stop_mails(assertion=assertion, at=now)
    assert MailStop.objects.count() == 1


def test_trail_knows_it_without_the_address(stopped):
    event = AuditEvent.objects.get(type="assertion.mails.stopped")

    assert (event.actor_name, event.details) == ("The recipient", {"issuer": "Acme Academy"})


def test_award_to_somebody_who_stopped_them_is_made_and_not_mailed(
    badge, sam, now, stopped, django_capture_on_commit_callbacks
):
    other = BadgeClassFactory.create(issuer=badge.issuer, name="Crane Signals")
    made = award(other, "RITA@mail.example.org", by=sam, at=now, capture=django_capture_on_commit_callbacks)

    assert made.finished_at is not None
    assert mail.outbox == []
    (line,) = mails_of(made, at=now)
    assert (line.state.value, line.state.label, line.tone, line.may_be_sent_again) == (
        "withheld",
        "Not sent",
        "neutral",
        False,
    )
    assert progress_of(made, [line], at=now).is_settled


@pytest.mark.parametrize("kind", ["AWARD", "REVOCATION", "NEW_COPY"])
def test_no_mail_of_any_kind_goes_out(kind, assertion, stopped, now, ed):
    Notice.objects.all().delete()
    if kind == "REVOCATION":
        revoke_assertion(assertion=assertion, reason="A slip.", by=ed, at=now)
        notice = Notice.objects.get()
    else:
        notice = Notice.objects.create(assertion=assertion, kind=kind, created_at=now, queued_at=now)
    send_notice(notice=Notice.objects.select_related("assertion").get(pk=notice.pk), at=now)

    assert mail.outbox == []
    assert Notice.objects.get().withheld_at == now


def test_mails_of_other_issuers_and_to_other_people_go(
    badge, sam, now, stopped, mallory, elsewhere_issuer, django_capture_on_commit_callbacks
):
    elsewhere = BadgeClassFactory.create(issuer=elsewhere_issuer)
    capture = django_capture_on_commit_callbacks
    award(elsewhere, "rita@mail.example.org", by=mallory, at=now, capture=capture)
    award(badge, "tom@mail.example.org", by=sam, at=now, capture=capture)

    assert [message.to for message in mail.outbox] == [["rita@mail.example.org"], ["tom@mail.example.org"]]


def test_sweep_leaves_what_was_held_back_alone(assertion, now, stopped):
    Notice.objects.update(withheld_at=now, handed_over_at=None, sent_at=None)

    assert list(Notice.objects.unsent(now.replace(year=2027))) == []


def test_a_mail_is_not_both_held_back_and_handed_over(assertion, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.update(withheld_at=now)


def test_wanted_again_it_can_be_sent_after_all(assertion, stopped, ed, now, django_capture_on_commit_callbacks):
    Notice.objects.update(withheld_at=now, handed_over_at=None, sent_at=None)
    with pytest.raises(NotSendable, match="Give them the link yourself"):
        send_notice_again(notice=Notice.objects.get(), by=ed, at=now)

    resume_mails(assertion=assertion, at=now)
    with pytest.raises(MailsNotStopped):
        resume_mails(assertion=assertion, at=now)

    assert mails_of(assertion, at=now)[0].may_be_sent_again
    with django_capture_on_commit_callbacks(execute=True):
        send_notice_again(notice=Notice.objects.get(), by=ed, at=now)
    assert [message.to for message in mail.outbox] == [["rita@mail.example.org"]]


def test_stop_outlives_the_account_and_needs_none(badge, now):
    held = AssertionFactory.create(badge_class=badge, recipient_email="Nobody@Mail.example.org")

    assert stop_mails(assertion=held, at=now).address == "nobody@mail.example.org"
