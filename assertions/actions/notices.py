"""Send the mails that are owed to recipients: each at most once (docs/adr/0009)."""

import smtplib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _

from assertions import emails, queries, tasks
from assertions.insights.versions import is_obsolete
from assertions.models import Endorsement, EndorsementNotice, Notice, ProblemReport, ProblemReportNotice
from assertions.sharing.endorsements import organisation_of, with_parts
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError
from badgeserver.mail import Handover

OwedMail = Notice | EndorsementNotice | ProblemReportNotice


class NotSendable(UserFacingError):
    """There is nothing to send again."""

    code = "notice_not_sendable"


class _TakenByAnother(Exception):
    """Another worker hands this notice over."""


def send_notice(*, notice: Notice, at: datetime) -> None:
    """Send one notice, unless it was handed over before.

    The row is marked, and that is committed, at the moment before the mail server takes the message over: whoever
    dies earlier has sent nothing and the sweep tries again; whoever dies later has sent it. Raises `OSError` or
    `smtplib.SMTPException` when trying again later makes sense. Must not run inside a transaction.
    """
    if notice.handed_over_at is not None or notice.withheld_at is not None or notice.problem:
        return
    if notice.kind in Notice.WITH_COPY and notice.assertion.finished_at is None:
        return

    if notice.kind == Notice.Kind.UPGRADE and is_obsolete(notice, at=at):
        # Nobody owes it any more, and nobody needs to hear why it was not sent.
        Notice.objects.filter(pk=notice.pk, handed_over_at=None).delete()
        return

    is_revoked = notice.assertion.revoked_at is not None
    if notice.kind == (Notice.Kind.RESTORED if is_revoked else Notice.Kind.REVOCATION):
        return  # it is no longer so

    if notice.kind == Notice.Kind.DECLINED:
        # Sent whether they want mails or not: who was not asked would not hear that somebody else declined.
        if notice.assertion.declined_at is None:
            return  # it is no longer so
    elif queries.mails_stopped(notice.assertion):
        Notice.objects.filter(pk=notice.pk, handed_over_at=None, problem="").update(withheld_at=at)
        return

    about = {"version": notice.badge_class} if notice.kind == Notice.Kind.UPGRADE else {}
    sender = emails.SENDERS[notice.kind]
    _deliver(notice, lambda hand_over: sender(notice.assertion, before_handover=hand_over, **about), at=at)


def send_endorsement_notice(*, notice: EndorsementNotice, at: datetime) -> None:
    """Tell one owner that an endorsement waits for an answer; as `send_notice`, but not when it waits no longer."""
    if notice.handed_over_at is not None or notice.problem:
        return
    endorsement = with_parts(Endorsement.objects.all()).get(pk=notice.endorsement_id)
    if endorsement.status != Endorsement.Status.PENDING or endorsement.revoked_at is not None:
        EndorsementNotice.objects.filter(pk=notice.pk, handed_over_at=None).delete()
        return
    _deliver(
        notice,
        lambda hand_over: emails.send_endorsement_received(
            endorsement,
            organisation=organisation_of(endorsement.subject),
            to=notice.recipient.email,
            before_handover=hand_over,
        ),
        at=at,
    )


def send_problem_notice(*, notice: ProblemReportNotice, at: datetime) -> None:
    """Tell one member, or the operator, what was reported; as `send_notice`, but not when it is closed already."""
    if notice.handed_over_at is not None or notice.problem:
        return
    report = ProblemReport.objects.select_related("issuer__organisation", "badge_class", "assertion").get(
        pk=notice.report_id
    )
    to = notice.recipient.email if notice.recipient else settings.OPERATOR_EMAIL
    if report.closed_at is not None or not to:
        ProblemReportNotice.objects.filter(pk=notice.pk, handed_over_at=None).delete()
        return
    _deliver(
        notice,
        lambda hand_over: emails.send_problem_report(
            report, to=to, for_operator=notice.recipient is None, before_handover=hand_over
        ),
        at=at,
    )


def _deliver(notice: OwedMail, send: Callable[[Handover], None], *, at: datetime) -> None:
    """Hand one mail over, at most once; `send` calls what it is given at the last moment before."""
    rows = _rows(notice)

    def hand_over() -> None:
        if not rows.filter(handed_over_at=None, problem="").update(handed_over_at=at):
            raise _TakenByAnother

    try:
        send(hand_over)
    except _TakenByAnother:
        return
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError, smtplib.SMTPHeloError):
        raise  # between the servers, not about this mail: when it is mended, the mail goes out
    except UnicodeError:
        problem = _("This address cannot be written on an envelope.")
        rows.filter(sent_at=None).update(handed_over_at=None, problem=problem)
        return
    except smtplib.SMTPRecipientsRefused as refusal:
        code, answer = next(iter(refusal.recipients.values()))
        _refused(notice, code, answer, refusal)
        return
    except smtplib.SMTPResponseException as refusal:
        _refused(notice, refusal.smtp_code, refusal.smtp_error, refusal)
        return
    rows.update(sent_at=at)


def _rows(notice: OwedMail) -> "models.QuerySet[Any]":
    """Return the one row of a mail, to be changed only where it is still as it was."""
    return type(notice)._default_manager.filter(pk=notice.pk)  # noqa: SLF001 -- Django's documented name for it


def _refused(notice: OwedMail, code: int, answer: bytes | str, refusal: smtplib.SMTPException) -> None:
    """The mail server answered no: nothing was sent. For good (5xx) it is shown to people; else it is tried again."""
    rows = _rows(notice).filter(sent_at=None)
    if 500 <= code < 600:
        text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
        rows.update(handed_over_at=None, problem=f"{code} {text}"[:300].replace("\x00", ""))
        return
    rows.update(handed_over_at=None)
    raise refusal


@transaction.atomic
def send_notice_again(*, notice: Notice, by: User, at: datetime) -> Notice:
    """Queue a notice that was refused, or whose delivery is in doubt, once more. Raises `NotSendable`.

    A mail that was handed over a moment ago is not in doubt yet: its worker may still be waiting for the answer.
    """
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    if locked.assertion.declined_at is not None:
        raise NotSendable(_("The recipient declined this badge: they get no more mails about it."))
    if locked.kind in Notice.WHILE_IT_HOLDS and locked.assertion.revoked_at is not None:
        raise NotSendable(_("The badge was revoked: nobody is congratulated on it any more."))
    if locked.kind == Notice.Kind.REVOCATION and locked.assertion.revoked_at is None:
        raise NotSendable(_("The badge holds again: nobody is told that it was revoked."))
    if queries.mails_stopped(locked.assertion):
        raise NotSendable(_("The recipient does not want mails from this issuer. Give them the link yourself."))
    in_doubt = (
        locked.sent_at is None
        and locked.handed_over_at is not None
        and locked.handed_over_at < at - Notice.IN_DOUBT_AFTER
    )
    if not locked.problem and not in_doubt and locked.withheld_at is None:
        raise NotSendable(_("This mail was sent, or is about to be. There is nothing to send again."))
    locked.handed_over_at = locked.sent_at = locked.withheld_at = None
    locked.problem, locked.queued_at = "", at
    locked.save(update_fields=["handed_over_at", "sent_at", "withheld_at", "problem", "queued_at"])
    audit.record(
        "assertion.notice.queued_again",
        by=by,
        at=at,
        subject=locked.assertion,
        organisation_id=locked.assertion.issuer.organisation_id,
        issuer_id=locked.assertion.issuer_id,
        details={"badge": locked.assertion.badge_class.name, "kind": locked.kind},
    )
    transaction.on_commit(lambda: tasks.send_notice.delay(notice_id=locked.pk), robust=True)
    return locked
