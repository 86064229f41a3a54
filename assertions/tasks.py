"""Work in the background. Each task is a leaf: fetch by id, call one action, decide about trying again."""

import smtplib
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from assertions.models import Assertion, Notice
from badgeserver.celery import app


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
        .select_related("assertion__badge_class", "assertion__issuer__organisation")
        .first()
    )
    if notice is not None:
        send(notice=notice, at=timezone.now())


@app.task
def sweep_unfinished(**_: Any) -> None:
    """Find what was never finished and queue it again."""
    from assertions.actions.finish import queue_unfinished  # noqa: PLC0415 -- leaf

    now = timezone.now()
    queue_unfinished(queued_before=now - timedelta(seconds=settings.SWEEP_AFTER_SECONDS), at=now)


@app.task
def clear_expired(**_: Any) -> None:
    """Clear what need not be kept."""
    from assertions.actions.housekeeping import clear_expired as clear  # noqa: PLC0415 -- leaf

    clear(at=timezone.now())
