"""Which state an award is in, and the awards of a state."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from assertions.models import Assertion
from assertions.models.assertion import AssertionQuerySet

#: What ends within this time is worth a word: long enough to plan a course.
EXPIRING_WITHIN = timedelta(days=60)


class AwardState(models.TextChoices):
    """What to tell people about an award. As a filter, “valid” includes what expires soon."""

    VALID = "valid", gettext_lazy("Valid")
    EXPIRING = "expiring", gettext_lazy("Expires soon")
    EXPIRED = "expired", gettext_lazy("Expired")
    REVOKED = "revoked", gettext_lazy("Revoked")
    DECLINED = "declined", gettext_lazy("Declined")
    PREPARING = "preparing", gettext_lazy("Preparing")


STATE_TONES = {
    AwardState.VALID: "good",
    AwardState.EXPIRING: "warn",
    AwardState.EXPIRED: "neutral",
    AwardState.REVOKED: "bad",
    AwardState.DECLINED: "neutral",
    AwardState.PREPARING: "info",
}


def state_of(assertion: Assertion, *, at: datetime) -> AwardState:
    """Return the one state to show. What is renewed already does not count as expiring (see `awards_of`)."""
    if assertion.revoked_at is not None:
        return AwardState.DECLINED if assertion.declined_at is not None else AwardState.REVOKED
    if assertion.is_expired(at):
        return AwardState.EXPIRED
    if assertion.finished_at is None:
        return AwardState.PREPARING
    if assertion.expires_at is not None and assertion.expires_at <= at + EXPIRING_WITHIN and not is_renewed(assertion):
        return AwardState.EXPIRING
    return AwardState.VALID


def is_renewed(assertion: Assertion) -> bool:
    """Whether a later award of the badge, in any version, holds longer. Known of awards that come from `awards_of`."""
    return bool(getattr(assertion, "renewed", False))


def in_state(awards: AssertionQuerySet, state: str, *, at: datetime) -> AssertionQuerySet:
    """Return those awards of `awards_of` that are in a state; all of them for an unknown one."""
    match state:
        case AwardState.VALID:
            awards = awards.live(at).filter(finished_at__isnull=False)
        case AwardState.EXPIRING:
            soon = awards.live(at).filter(finished_at__isnull=False, expires_at__lte=at + EXPIRING_WITHIN)
            awards = soon.filter(Q(renewed=False))
        case AwardState.EXPIRED:
            awards = awards.expired(at)
        case AwardState.REVOKED:
            awards = awards.revoked().filter(declined_at=None)
        case AwardState.DECLINED:
            awards = awards.declined()
        case AwardState.PREPARING:
            awards = awards.live(at).filter(finished_at=None)
    return awards
