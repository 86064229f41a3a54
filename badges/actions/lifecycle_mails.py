"""Mails about the life of a badge: owed inside the act, handed over by the worker, each at most once (ADR 0009)."""

import smtplib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from badges import tasks
from badges.emails import send_lifecycle_mail
from badges.models import BadgeClass, LifecycleMail, PilotMember, Review
from badgeserver.accounts.models import User
from badgeserver.mail import Handover


class _TakenByAnother(Exception):
    """Another worker handed this mail over a moment ago."""


def owe_mails(
    *,
    badge_class: BadgeClass,
    kind: str,
    occasion: str,
    at: datetime,
    recipients: Iterable[User] = (),
    members: Iterable[PilotMember] = (),
) -> int:
    """Owe a mail to each of them unless it is owed or sent already, and return how many are new.

    Part of an act: the worker sends them once the act is committed.
    """
    rows = [
        *(
            LifecycleMail(badge_class=badge_class, kind=kind, occasion=occasion, recipient=one, queued_at=at)
            for one in recipients
        ),
        *(
            LifecycleMail(badge_class=badge_class, kind=kind, occasion=occasion, member=one, queued_at=at)
            for one in members
        ),
    ]
    before = LifecycleMail.objects.filter(badge_class=badge_class, kind=kind).count()
    LifecycleMail.objects.bulk_create(rows, ignore_conflicts=True)
    owed = LifecycleMail.objects.filter(badge_class=badge_class, kind=kind, queued_at=at, handed_over_at=None)
    waiting = list(owed.values_list("pk", flat=True))
    transaction.on_commit(lambda: _queue(waiting), robust=True)
    return LifecycleMail.objects.filter(badge_class=badge_class, kind=kind).count() - before


def send_owed_mail(*, owed: LifecycleMail, at: datetime) -> None:
    """Hand one mail over, at most once; drop it when there is nothing to say any more.

    Raises what the mail backend raises while the mail server is away, so that it is tried again.
    """
    if owed.handed_over_at is not None or owed.problem:
        return
    rows = LifecycleMail.objects.filter(pk=owed.pk)
    if not _is_wanted(owed):
        rows.filter(handed_over_at=None).delete()
        return

    def hand_over() -> None:
        if not rows.filter(handed_over_at=None, problem="").update(handed_over_at=at):
            raise _TakenByAnother
        if owed.member is not None:
            PilotMember.objects.filter(pk=owed.member.pk, asked_at=None).update(asked_at=at)

    try:
        _deliver(owed, hand_over)
    except _TakenByAnother:
        return


def _deliver(owed: LifecycleMail, hand_over: Handover) -> None:
    rows = LifecycleMail.objects.filter(pk=owed.pk)
    try:
        send_lifecycle_mail(owed, before_handover=hand_over)
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError, smtplib.SMTPHeloError):
        raise  # between the servers, not about this mail: when it is mended, the mail goes out
    except UnicodeError:
        problem = _("This address cannot be written on an envelope.")
        rows.filter(sent_at=None).update(handed_over_at=None, problem=problem)
        return
    except smtplib.SMTPRecipientsRefused as refusal:
        code, answer = next(iter(refusal.recipients.values()))
        _refused(owed, code, answer, refusal)
        return
    except smtplib.SMTPResponseException as refusal:
        _refused(owed, refusal.smtp_code, refusal.smtp_error, refusal)
        return
    rows.update(sent_at=F("handed_over_at"))


def queue_owed_mails(*, at: datetime) -> None:
    """Queue what a killed worker left: mails that are owed for longer than any queue takes."""
    left = LifecycleMail.objects.unsent(at - timedelta(seconds=settings.SWEEP_AFTER_SECONDS))
    waiting = list(left.order_by("queued_at", "pk").values_list("pk", flat=True)[:500])
    LifecycleMail.objects.filter(pk__in=waiting, handed_over_at=None).update(queued_at=at)
    _queue(waiting)


def _queue(waiting: list[int]) -> None:
    for mail_id in waiting:
        tasks.send_lifecycle_mail.delay(mail_id=mail_id)


def _is_wanted(owed: LifecycleMail) -> bool:
    """Whether there is still something to say: nobody is asked for what is answered or over."""
    if owed.member is not None:
        return owed.member.answered_at is None and owed.member.pilot.ended_at is None
    if owed.kind == LifecycleMail.Kind.REVIEW_ASKED:
        return Review.objects.filter(pk=owed.occasion, decision="").exists()
    if owed.kind == LifecycleMail.Kind.REVIEW_DUE:
        return owed.badge_class.review_by is not None and str(owed.badge_class.review_by) == owed.occasion
    return True


def _refused(owed: LifecycleMail, code: int, answer: bytes | str, refusal: smtplib.SMTPException) -> None:
    """The mail server answered no: nothing was sent. For good (5xx) it is kept with the answer; else tried again."""
    rows = LifecycleMail.objects.filter(pk=owed.pk, sent_at=None)
    if 500 <= code < 600:
        text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
        rows.update(handed_over_at=None, problem=f"{code} {text}"[:300].replace("\x00", ""))
        return
    rows.update(handed_over_at=None)
    raise refusal
