import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from assertions.actions.finish import queue_unfinished
from assertions.actions.notices import send_problem_notice
from assertions.actions.problem_reports import (
    ReportClosed,
    ReportOpen,
    close_problem_report,
    reopen_problem_report,
    report_problem,
)
from assertions.models import Assertion, ProblemReport, ProblemReportNotice
from badgeserver.audit.describe import describe
from badgeserver.audit.models import AuditEvent
from tests.factories.assertions import ProblemReportFactory

TEXT = "Nobody of this name <b>ever</b> drove here."


@pytest.fixture
def report(ada, ed, sam, rex, nora, assertion, now, django_capture_on_commit_callbacks):
    """Report something; the worker mails those who handle it."""

    def report(subject, **fields: str) -> ProblemReport:
        mail.outbox.clear()
        given = {"kind": "NOT_TRUE", "text": TEXT, "reply_to": "", **fields}
        with django_capture_on_commit_callbacks(execute=True):
            return report_problem(subject=subject, at=now, **given)

    return report


def test_report_of_an_award_is_kept_with_everything_it_is_about(report, assertion, badge, academy, now):
    kept = report(assertion, reply_to="tom@mail.example.org")

    assert (kept.issuer, kept.badge_class, kept.assertion) == (academy, badge, assertion)
    assert (kept.kind, kept.text, kept.reply_to, kept.created_at) == ("NOT_TRUE", TEXT, "tom@mail.example.org", now)


def test_reports_of_badges_and_issuers_say_what_they_are_about(report, badge, academy):
    of_badge, of_issuer = report(badge), report(academy)

    assert (of_badge.issuer, of_badge.badge_class, of_badge.assertion) == (academy, badge, None)
    assert (of_issuer.issuer, of_issuer.badge_class, of_issuer.assertion) == (academy, None, None)
    assert (of_badge.subject_name, of_issuer.subject_name) == ("Forklift Safety", "Acme Academy")


def test_owners_and_editors_are_mailed_and_nobody_else(report, assertion):
    report(assertion)

    assert sorted(message.to for message in mail.outbox) == [["ada@acme.example.org"], ["ed@acme.example.org"]]
    message = mail.outbox[0]
    assert message.subject == "A visitor reported a problem about “Forklift Safety”"
    assert TEXT in message.body
    assert "Nobody of this name &lt;b&gt;ever&lt;/b&gt; drove here." in message.alternatives[0][0]
    assert f"http://badges.example.org/public/assertions/{assertion.pk}" in message.body
    assert "They left no address." in message.body
    assert "Reply-To" not in message.extra_headers


def test_operator_is_mailed_when_there_is_one(report, academy, settings):
    settings.OPERATOR_EMAIL = "operator@host.example.org"
    report(academy, reply_to="tom@mail.example.org")

    assert [message.to for message in mail.outbox][-1] == ["operator@host.example.org"]
    assert {message.extra_headers["Reply-To"] for message in mail.outbox} == {"tom@mail.example.org"}
    assert "/o/acme/reports/" not in mail.outbox[-1].body
    assert "/o/acme/reports/" in mail.outbox[0].body


def test_nothing_is_hidden_by_a_report(report, assertion, client):
    report(assertion, kind="OFFENSIVE")

    assert client.get(f"/public/assertions/{assertion.pk}").status_code == 200
    assert Assertion.objects.revoked().count() == 0


def test_a_killed_worker_loses_no_mail_and_sends_none_twice(report, academy, now, django_capture_on_commit_callbacks):
    report(academy)
    assert len(mail.outbox) == 2
    ProblemReportNotice.objects.filter(recipient__email="ed@acme.example.org").update(handed_over_at=None, sent_at=None)

    queue_unfinished(queued_before=now.replace(year=2027), at=now.replace(year=2027))

    assert [message.to for message in mail.outbox[2:]] == [["ed@acme.example.org"]]
    send_problem_notice(notice=ProblemReportNotice.objects.first(), at=now)
    assert len(mail.outbox) == 3


def test_who_was_not_told_before_it_was_closed_need_not_be(report, academy, ada, now):
    kept = report(academy)
    ProblemReportNotice.objects.update(handed_over_at=None, sent_at=None)
    close_problem_report(report=kept, note="Corrected.", by=ada, at=now)
    mail.outbox.clear()

    for notice in ProblemReportNotice.objects.all():
        send_problem_notice(notice=notice, at=now)

    assert (mail.outbox, ProblemReportNotice.objects.count()) == ([], 0)


def test_close_with_a_note_and_open_again(report, badge, ada, now):
    kept = report(badge)

    closed = close_problem_report(report=kept, note="Corrected.", by=ada, at=now)
    assert (closed.closed_at, closed.closed_by, closed.close_note) == (now, ada, "Corrected.")
    with pytest.raises(ReportClosed):
        close_problem_report(report=kept, note="Again.", by=ada, at=now)

    opened = reopen_problem_report(report=kept, by=ada, at=now)
    assert (opened.closed_at, opened.closed_by, opened.close_note) == (None, None, "")
    with pytest.raises(ReportOpen):
        reopen_problem_report(report=kept, by=ada, at=now)
    events = AuditEvent.objects.filter(type__startswith="problem_report").order_by("pk")
    assert [(describe(event).sentence, event.actor_name) for event in events] == [
        ("A visitor reported a problem about “Forklift Safety”", ""),
        ("Closed a report about “Forklift Safety”", "Ada Osei"),
        ("Opened a report about “Forklift Safety” again", "Ada Osei"),
    ]
    assert "tom@" not in str([event.details for event in events])


@pytest.mark.parametrize("change", [{"close_note": "Done."}, {"badge_class": None}])
def test_rows_that_make_no_sense_cannot_be(change, assertion, now):
    ProblemReportFactory.create(assertion=assertion)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProblemReport.objects.update(**change)
