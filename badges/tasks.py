"""Work in the background. Each task is a leaf: it calls one action."""

import smtplib
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from badges.models import DesignFamily, FrameworkImport, LifecycleMail
from badgeserver.accounts.models import User
from badgeserver.celery import app


@app.task
def clear_kept_pictures(**_: Any) -> None:
    """Delete pictures that were chosen for a badge and never saved."""
    from badges.actions.pictures import clear_kept_pictures as clear  # noqa: PLC0415 -- leaf

    clear(at=timezone.now())


@app.task
def clear_imports(**_: Any) -> None:
    """Delete plans that were forgotten and framework files that wait for nobody any more."""
    from badges.actions.forgotten_plans import clear_forgotten_plans  # noqa: PLC0415 -- leaf
    from badges.actions.framework_imports import clear_old_imports  # noqa: PLC0415 -- leaf

    clear_forgotten_plans(at=timezone.now())
    clear_old_imports(at=timezone.now())


@app.task
def redraw_family(*, family_id: str, by_id: str = "", **_: Any) -> None:
    """Draw the badges of a family that was restyled, as many as fit into half of a task's time; then go on anew."""
    from badges.actions.designs import redraw_family as redraw  # noqa: PLC0415 -- leaf

    family = DesignFamily.objects.filter(pk=family_id).first()
    by = User.objects.filter(pk=by_id).first() if by_id else None
    until = time.monotonic() + settings.CELERY_TASK_TIME_LIMIT / 2
    while family is not None and redraw(family=family, by=by, at=timezone.now(), most=10):
        if time.monotonic() > until:
            redraw_family.delay(family_id=family_id, by_id=by_id)
            return


@app.task
def sweep_families(**_: Any) -> None:
    """Find families that were restyled and not drawn to the end, and queue them again."""
    from badges.actions.designs import unfinished_families  # noqa: PLC0415 -- leaf

    for family in unfinished_families():
        redraw_family.delay(family_id=str(family.pk))


@app.task(autoretry_for=(OSError, smtplib.SMTPException), retry_backoff=5, retry_backoff_max=600, max_retries=6)
def send_lifecycle_mail(*, mail_id: int, **_: Any) -> None:
    """Send one mail about the life of a badge. A mail server that is away for a moment is tried again."""
    from badges.actions.lifecycle_mails import send_owed_mail  # noqa: PLC0415 -- leaf

    found = LifecycleMail.objects.select_related(
        "badge_class__issuer__organisation", "recipient", "member__person", "member__pilot"
    )
    owed = found.filter(pk=mail_id).first()
    if owed is not None:
        send_owed_mail(owed=owed, at=timezone.now())


@app.task
def sweep_lifecycle_mails(**_: Any) -> None:
    """Queue again what a killed worker left."""
    from badges.actions.lifecycle_mails import queue_owed_mails  # noqa: PLC0415 -- leaf

    queue_owed_mails(at=timezone.now())


@app.task
def look_at_pilots(**_: Any) -> None:
    """Send the survey of pilots on their last day, and remind once."""
    from badges.actions.pilots import ask_at_the_end  # noqa: PLC0415 -- leaf

    ask_at_the_end(at=timezone.now(), today=timezone.localdate())


@app.task
def tell_what_is_due(**_: Any) -> None:
    """Tell editors once which badges are due for another look."""
    from badges.actions.due import tell_what_is_due as tell  # noqa: PLC0415 -- leaf

    tell(at=timezone.now(), today=timezone.localdate())


@app.task
def go_on_with_framework_import(*, import_id: str, **_: Any) -> None:
    """Read a framework file, or take it over. A worker that is killed leaves it to the sweep."""
    from badges.actions.framework_imports import read_import, take_over  # noqa: PLC0415 -- leaf

    found = FrameworkImport.objects.filter(pk=import_id).first()
    if found is not None:
        act = take_over if found.state == FrameworkImport.State.APPLYING else read_import
        act(framework_import=found, at=timezone.now())


@app.task
def sweep_framework_imports(**_: Any) -> None:
    """Find framework files that were never read or taken over to the end, and queue them again."""
    from badges.actions.framework_imports import queue_unfinished_imports as queue  # noqa: PLC0415 -- leaf

    now = timezone.now()
    queue(queued_before=now - timedelta(seconds=max(settings.SWEEP_AFTER_SECONDS, 150)), at=now)
