"""Work in the background. Each task is a leaf: it calls one action."""

from typing import Any

from django.utils import timezone

from badgeserver.celery import app


@app.task
def clear_kept_pictures(**_: Any) -> None:
    """Delete pictures that were chosen for a badge and never saved."""
    from badges.actions.pictures import clear_kept_pictures as clear  # noqa: PLC0415 -- leaf

    clear(at=timezone.now())
