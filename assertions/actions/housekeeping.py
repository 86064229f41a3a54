"""Clear what need not be kept."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from assertions.models import AwardRequest

#: How long a repeated request with the same Idempotency-Key is recognised.
KEYS_KEPT = timedelta(days=30)


def clear_expired(*, at: datetime) -> None:
    """Delete sessions that have run out and old keys of repeated requests."""
    Session.objects.filter(expire_date__lt=at).delete()
    AwardRequest.objects.filter(created_at__lt=at - KEYS_KEPT).delete()
