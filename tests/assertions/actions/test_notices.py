"""Each mail at most once: against a real mail server, with workers that die in every bad moment."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail

from assertions import emails
from assertions.actions.notices import NotSendable, send_notice, send_notice_again
from assertions.models import Notice
from badgeserver.audit.models import AuditEvent
from tests.factories.assertions import AssertionFactory, NoticeFactory

LATER = 2 * Notice.IN_DOUBT_AFTER


@pytest.fixture
def awarded(badge):
    return AssertionFactory.create(badge_class=badge, recipient_email="rita@mail.example.org")


@pytest.fixture
def notice(awarded):
    """An award mail that nobody has handed over."""
    return NoticeFactory.create(assertion=awarded, handed_over_at=None, sent_at=None)


@pytest.fixture
def mail_server(smtp_sink, settings):
    """Send through the product's own SMTP client to a mail server of this test."""
    settings.EMAIL_BACKEND = "badgeserver.mail.HandoverSmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_sink.port
    settings.EMAIL_TIMEOUT = 5
    return smtp_sink


def _times():
    return Notice.objects.values_list("handed_over_at", "sent_at", "problem").get()


def test_mail_is_sent_and_marked(notice, now, mail_server):
    send_notice(notice=notice, at=now)

    assert [message["To"] for message in mail_server.messages] == ["rita@mail.example.org"]
    assert _times() == (now, now, "")


def test_same_mail_has_the_same_id(notice, awarded, now, mail_server):
    send_notice(notice=notice, at=now)

    assert mail_server.messages[0]["Message-ID"].strip() == f"<award_notice.{awarded.pk}@badges.example.org>"


def test_mail_is_not_sent_twice(notice, now, mail_server):
    """A second worker holds the row as it was before the first one sent it."""
    stale = Notice.objects.select_related("assertion__badge_class", "assertion__issuer").get()
    send_notice(notice=notice, at=now)
    send_notice(notice=stale, at=now + timedelta(seconds=1))
    send_notice(notice=Notice.objects.get(), at=now + timedelta(seconds=2))

    assert len(mail_server.messages) == 1
    assert _times() == (now, now, "")


def test_worker_that_dies_before_the_server_has_the_mail_leaves_it_to_be_sent(notice, now, mail_server, monkeypatch):
    def die(*_args: object, **_kwargs: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(smtplib.SMTP, "rcpt", die)
        with pytest.raises(SystemExit):
            send_notice(notice=notice, at=now)
    assert (mail_server.messages, _times()) == ([], (None, None, ""))

    send_notice(notice=Notice.objects.get(), at=now)

    assert len(mail_server.messages) == 1


def test_worker_that_dies_when_the_server_has_the_mail_does_not_mail_again(notice, now, mail_server, monkeypatch):
    def die(*_args: object, **_kwargs: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(smtplib.SMTP, "getreply", _die_after_data(die))
        with pytest.raises(SystemExit):
            send_notice(notice=notice, at=now)
    mail_server.wait(1)
    assert _times() == (now, None, "")

    send_notice(notice=Notice.objects.get(), at=now)

    assert len(mail_server.messages) == 1
    assert list(Notice.objects.in_doubt(now + timedelta(seconds=1))) == [notice]


def _die_after_data(die):
    """Return a `getreply` that dies instead of hearing the answer to the whole message."""
    original, answers = smtplib.SMTP.getreply, []

    def getreply(self):
        answers.append(None)
        if self._sends_in_data == 2:
            die()
        return original(self)

    return getreply


def test_server_that_is_away_means_later(notice, now, mail_server, settings):
    settings.EMAIL_PORT = 9  # nobody listens there

    with pytest.raises(OSError, match=r"refused"):
        send_notice(notice=notice, at=now)
    assert _times() == (None, None, "")


def test_refusal_for_good_is_kept_for_people(notice, now, mail_server):
    mail_server.refusal = "550 5.1.1 No such person"

    send_notice(notice=notice, at=now)

    assert _times() == (None, None, "550 5.1.1 No such person")


def test_refusal_for_now_means_later(notice, now, mail_server):
    mail_server.refusal = "451 4.7.1 Try again in a while"

    with pytest.raises(smtplib.SMTPResponseException):
        send_notice(notice=notice, at=now)
    assert _times() == (None, None, "")


def test_refused_recipient_is_kept_for_people(notice, now, mail_server, monkeypatch):
    monkeypatch.setattr(smtplib.SMTP, "rcpt", lambda *_args, **_options: (553, b"5.1.3 Bad address"))

    send_notice(notice=notice, at=now)

    assert (mail_server.messages, _times()) == ([], (None, None, "553 5.1.3 Bad address"))


def test_refused_mail_is_not_tried_again_by_itself(notice, now, mail_server):
    mail_server.refusal = "550 No such person"
    send_notice(notice=notice, at=now)
    mail_server.refusal = ""

    send_notice(notice=Notice.objects.get(), at=now)

    assert mail_server.messages == []


def test_long_refusal_is_cut_and_cleaned(notice, now, monkeypatch):
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise smtplib.SMTPDataError(554, b"5.7.1 \x00" + b"x" * 1000)

    monkeypatch.setitem(emails.SENDERS, Notice.Kind.AWARD, refuse)

    send_notice(notice=notice, at=now)

    problem = Notice.objects.get().problem
    assert (problem[:12], "\x00" in problem, len(problem) <= 300) == ("554 5.7.1 xx", False, True)


def test_award_mail_waits_for_the_picture(badge, now):
    unfinished = AssertionFactory.create(badge_class=badge, unfinished=True)
    notice = NoticeFactory.create(assertion=unfinished, handed_over_at=None, sent_at=None)

    send_notice(notice=notice, at=now)

    assert (mail.outbox, Notice.objects.get().handed_over_at) == ([], None)


# --- Again ---------------------------------------------------------------------------------------------------


def test_refused_mail_is_sent_again(notice, sam, now, django_capture_on_commit_callbacks):
    Notice.objects.update(problem="550 No such person")

    with django_capture_on_commit_callbacks(execute=True):
        send_notice_again(notice=notice, by=sam, at=now)

    assert len(mail.outbox) == 1
    assert Notice.objects.get().problem == ""
    event = AuditEvent.objects.get()
    assert (event.type, event.actor_name) == ("assertion.notice.queued_again", "Sam Iyer")
    assert event.details == {"badge": "Forklift Safety", "kind": "AWARD"}


def test_mail_in_doubt_is_sent_again(notice, sam, now, django_capture_on_commit_callbacks):
    Notice.objects.update(handed_over_at=now)

    with django_capture_on_commit_callbacks(execute=True):
        send_notice_again(notice=notice, by=sam, at=now + LATER)

    assert len(mail.outbox) == 1


def test_mail_that_is_being_handed_over_is_not_in_doubt_yet(notice, sam, now):
    Notice.objects.update(handed_over_at=now)

    with pytest.raises(NotSendable, match=r"There is nothing to send again."):
        send_notice_again(notice=notice, by=sam, at=now + timedelta(minutes=1))


@pytest.mark.parametrize("times", [{}, {"handed_over_at": True, "sent_at": True}])
def test_mail_that_waits_or_was_sent_is_not_sent_again(notice, sam, now, times):
    Notice.objects.update(**dict.fromkeys(times, now))

    with pytest.raises(NotSendable, match=r"This mail was sent, or is about to be."):
        send_notice_again(notice=notice, by=sam, at=now + LATER)
    assert AuditEvent.objects.count() == 0


def test_nobody_is_congratulated_on_a_revoked_badge(badge, sam, now):
    revoked = AssertionFactory.create(badge_class=badge, revoked=True)
    notice = NoticeFactory.create(assertion=revoked, handed_over_at=None, sent_at=None, problem="550 No such person")

    with pytest.raises(NotSendable, match=r"The badge was revoked"):
        send_notice_again(notice=notice, by=sam, at=now + LATER)


def test_an_address_that_no_envelope_takes_is_shown_to_people(notice, awarded, now, mail_server):
    awarded.recipient_email = f"rita@{'İ' * 30}.example.org"
    awarded.save()

    send_notice(notice=notice, at=now)

    assert _times() == (None, None, "This address cannot be written on an envelope.")


def test_a_mail_server_that_does_not_know_us_means_later(notice, now, mail_server, monkeypatch):
    def refuse(*_args: object, **_options: object):
        raise smtplib.SMTPAuthenticationError(535, b"5.7.8 Bad credentials")

    monkeypatch.setattr(smtplib.SMTP, "rcpt", refuse)

    with pytest.raises(smtplib.SMTPAuthenticationError):
        send_notice(notice=notice, at=now)
    assert _times() == (None, None, "")
