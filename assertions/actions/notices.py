"""Send the mails that are owed to recipients: each at most once (docs/adr/0009)."""

import smtplib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assertions import emails, tasks
from assertions.models import Notice
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError


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
    if notice.handed_over_at is not None or notice.problem:
        return
    if notice.kind == Notice.Kind.AWARD and notice.assertion.finished_at is None:
        return

    def hand_over() -> None:
        if not Notice.objects.filter(pk=notice.pk, handed_over_at=None, problem="").update(handed_over_at=at):
            raise _TakenByAnother

    try:
        emails.SENDERS[notice.kind](notice.assertion, before_handover=hand_over)
    except _TakenByAnother:
        return
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError, smtplib.SMTPHeloError):
        raise  # between the servers, not about this mail: when it is mended, the mail goes out
    except UnicodeError:
        problem = _("This address cannot be written on an envelope.")
        Notice.objects.filter(pk=notice.pk, sent_at=None).update(handed_over_at=None, problem=problem)
        return
    except smtplib.SMTPRecipientsRefused as refusal:
        code, answer = next(iter(refusal.recipients.values()))
        _refused(notice, code, answer, refusal)
        return
    except smtplib.SMTPResponseException as refusal:
        _refused(notice, refusal.smtp_code, refusal.smtp_error, refusal)
        return
    Notice.objects.filter(pk=notice.pk).update(sent_at=at)


def _refused(notice: Notice, code: int, answer: bytes | str, refusal: smtplib.SMTPException) -> None:
    """The mail server answered no: nothing was sent. For good (5xx) it is shown to people; else it is tried again."""
    rows = Notice.objects.filter(pk=notice.pk, sent_at=None)
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
    if locked.kind == Notice.Kind.AWARD and locked.assertion.revoked_at is not None:
        raise NotSendable(_("The badge was revoked: nobody is congratulated on it any more."))
    in_doubt = (
        locked.sent_at is None
        and locked.handed_over_at is not None
        and locked.handed_over_at < at - Notice.IN_DOUBT_AFTER
    )
    if not locked.problem and not in_doubt:
        raise NotSendable(_("This mail was sent, or is about to be. There is nothing to send again."))
    locked.handed_over_at, locked.sent_at, locked.problem, locked.queued_at = None, None, "", at
    locked.save(update_fields=["handed_over_at", "sent_at", "problem", "queued_at"])
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
