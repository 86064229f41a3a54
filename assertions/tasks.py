"""Work in the background. Each task is a leaf: fetch by id, call one action, decide about trying again."""

import smtplib
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from assertions.models import Assertion, Endorsement, EndorsementNotice, Notice, ProblemReportNotice, Receipt
from assertions.sharing.endorsements import with_parts
from badges.models import BadgeClass
from badgeserver.celery import app
from issuers.models import SigningKey


@app.task(autoretry_for=(OSError,), retry_backoff=2, retry_backoff_max=300, max_retries=6)
def finish_assertion(*, assertion_id: str, **_: Any) -> None:
    """Sign and bake one award. Storage that is away for a moment is tried again."""
    from assertions.actions.finish import finish_assertion as finish  # noqa: PLC0415 -- leaf

    assertion = Assertion.objects.filter(pk=assertion_id).first()
    if assertion is not None:
        finish(assertion=assertion, at=timezone.now())


@app.task(autoretry_for=(OSError, smtplib.SMTPException), retry_backoff=5, retry_backoff_max=600, max_retries=6)
def send_notice(*, notice_id: int, **_: Any) -> None:
    """Send one mail. A mail server that is away for a moment is tried again."""
    from assertions.actions.notices import send_notice as send  # noqa: PLC0415 -- leaf

    notice = (
        Notice.objects.filter(pk=notice_id)
        .select_related("assertion__badge_class", "assertion__issuer__organisation", "badge_class")
        .first()
    )
    if notice is not None:
        send(notice=notice, at=timezone.now())


@app.task
def replace_copies(*, key_id: str, **_: Any) -> None:
    """Replace the signed copies of a compromised key, as many as fit into half of a task's time; then go on anew."""
    from assertions.actions.keys import replace_copies as replace  # noqa: PLC0415 -- leaf

    key = SigningKey.objects.select_related("issuer").filter(pk=key_id).first()
    until = time.monotonic() + settings.CELERY_TASK_TIME_LIMIT / 2
    while key is not None and replace(key=key, at=timezone.now()):
        if time.monotonic() > until:
            replace_copies.delay(key_id=key_id)
            return


@app.task
def queue_invitations(*, badge_class_id: str, **_: Any) -> None:
    """Queue the mails that invite to a version. Thousands of them are no work for a request."""
    from assertions.actions.invitations import queue_invitations as queue  # noqa: PLC0415 -- leaf

    badge_class = BadgeClass.objects.filter(pk=badge_class_id).first()
    if badge_class is not None:
        queue(badge_class=badge_class, at=timezone.now())


@app.task
def check_receipt(*, receipt_id: str, **_: Any) -> None:
    """Check one badge of another issuer. A worker that is killed leaves it to the sweep."""
    from assertions.actions.receipts import check_receipt as check  # noqa: PLC0415 -- leaf

    receipt = Receipt.objects.filter(pk=receipt_id).first()
    if receipt is not None:
        check(receipt=receipt, at=timezone.now())


@app.task
def sweep_receipts(**_: Any) -> None:
    """Find checks that never came to an end and queue them again."""
    from assertions.actions.receipts import queue_unfinished_receipts as queue  # noqa: PLC0415 -- leaf

    now = timezone.now()
    queue(queued_before=now - timedelta(seconds=settings.SWEEP_AFTER_SECONDS), at=now)


@app.task
def clear_receipts(**_: Any) -> None:
    """Delete the receipts whose time is over."""
    from assertions.actions.receipts import delete_overdue  # noqa: PLC0415 -- leaf

    delete_overdue(at=timezone.now())


@app.task
def clear_removed_badges(**_: Any) -> None:
    """Delete for good what people removed from their badges a day ago."""
    from assertions.actions.backpack import delete_removed  # noqa: PLC0415 -- leaf

    delete_removed(at=timezone.now())


@app.task
def sweep_unfinished(**_: Any) -> None:
    """Find what was never finished and queue it again."""
    from assertions.actions.finish import queue_unfinished  # noqa: PLC0415 -- leaf
    from assertions.actions.keys import queue_copies_left  # noqa: PLC0415 -- leaf

    now = timezone.now()
    queue_copies_left(at=now)
    queue_unfinished(queued_before=now - timedelta(seconds=settings.SWEEP_AFTER_SECONDS), at=now)


@app.task
def clear_expired(**_: Any) -> None:
    """Clear what need not be kept."""
    from assertions.actions.housekeeping import clear_expired as clear  # noqa: PLC0415 -- leaf

    clear(at=timezone.now())


@app.task(autoretry_for=(OSError, smtplib.SMTPException), retry_backoff=5, retry_backoff_max=600, max_retries=6)
def send_endorsement_notice(*, notice_id: int, **_: Any) -> None:
    """Tell one owner that an endorsement waits. A mail server that is away for a moment is tried again."""
    from assertions.actions.notices import send_endorsement_notice as send  # noqa: PLC0415 -- leaf

    notice = EndorsementNotice.objects.filter(pk=notice_id).select_related("recipient").first()
    if notice is not None:
        send(notice=notice, at=timezone.now())


@app.task(autoretry_for=(OSError, smtplib.SMTPException), retry_backoff=5, retry_backoff_max=600, max_retries=6)
def send_problem_notice(*, notice_id: int, **_: Any) -> None:
    """Tell one person that a problem was reported. A mail server that is away for a moment is tried again."""
    from assertions.actions.notices import send_problem_notice as send  # noqa: PLC0415 -- leaf

    notice = ProblemReportNotice.objects.filter(pk=notice_id).select_related("recipient").first()
    if notice is not None:
        send(notice=notice, at=timezone.now())


@app.task
def erase_declined(**_: Any) -> None:
    """Delete what awards say of the recipients who declined them more than an hour ago."""
    from assertions.actions.decline import erase_declined as erase  # noqa: PLC0415 -- leaf

    erase(at=timezone.now())


@app.task
def recheck_endorsements(**_: Any) -> None:
    """Queue a look at every endorsement that was given elsewhere."""
    from assertions.actions.endorsements import recheck_endorsements as recheck  # noqa: PLC0415 -- leaf

    recheck(at=timezone.now())


@app.task
def recheck_endorsement(*, endorsement_id: str, **_: Any) -> None:
    """Look whether one endorsement from elsewhere still holds."""
    from assertions.actions.endorsements import network  # noqa: PLC0415 -- leaf
    from assertions.actions.endorsements import recheck_endorsement as recheck  # noqa: PLC0415 -- leaf

    endorsement = with_parts(Endorsement.objects.from_elsewhere()).filter(pk=endorsement_id).first()
    if endorsement is not None:
        recheck(endorsement=endorsement, fetch=network(), at=timezone.now())
