"""Whether a badge still fits, and what takes its place when it does not."""

import calendar
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from badges.actions.badge_classes import WrongMoment, archive_badge_class, locked_badge_class
from badges.models import BadgeClass
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError

#: For so long a badge fits again once somebody has said so, unless they say otherwise.
FITS_FOR_MONTHS = 12


class SuccessorRefused(UserFacingError):
    """A badge was chosen that cannot take the place."""

    code = "successor_refused"
    field = "successor"


@transaction.atomic
def name_successor(
    *, badge_class: BadgeClass, successor: BadgeClass | None, by: User | None, at: datetime
) -> BadgeClass:
    """Say which badge takes the place of an archived one (None: none does), and return it.

    Raises `WrongMoment`, or `SuccessorRefused` for itself, a template, a stranger's badge, and a circle.
    """
    locked = locked_badge_class(badge_class)
    if locked.status != BadgeClass.Status.ARCHIVED:
        raise WrongMoment(_("Only an archived badge has a successor. Archive it first."))
    if successor is not None:
        _refuse_successor(locked, successor)
    if locked.successor_id == (successor.pk if successor else None):
        return locked
    locked.successor, locked.updated_at = successor, at
    locked.save(update_fields=["successor", "updated_at"])
    _record("badge_class.successor.named" if successor else "badge_class.successor.removed", locked, by=by, at=at)
    return locked


@transaction.atomic
def confirm_badge_still_fits(
    *, badge_class: BadgeClass, by: User, at: datetime, months: int = FITS_FOR_MONTHS
) -> BadgeClass:
    """Say that somebody looked at a badge and it fits; they look again in so many months. Raises `WrongMoment`."""
    locked = locked_badge_class(badge_class)
    if not locked.is_awardable:
        raise WrongMoment(_("Only a badge that is awarded needs another look."))
    locked.review_by = _months_later(at.date(), months)
    locked.save(update_fields=["review_by"])
    _record("badge_class.still_fits", locked, by=by, at=at, review_by=locked.review_by.isoformat())
    return locked


@transaction.atomic
def archive_with_successor(
    *, badge_class: BadgeClass, successor: BadgeClass | None, by: User | None, at: datetime
) -> BadgeClass:
    """Archive a badge and say which one takes its place, if any. Raises `WrongMoment` or `SuccessorRefused`."""
    archived = archive_badge_class(badge_class=badge_class, by=by, at=at)
    return name_successor(badge_class=archived, successor=successor, by=by, at=at) if successor else archived


def _refuse_successor(badge_class: BadgeClass, successor: BadgeClass) -> None:
    if successor.issuer.organisation_id != badge_class.issuer.organisation_id or successor.is_template:
        raise SuccessorRefused(_("Choose one of the badges of your own organisation."))
    if successor.series == badge_class.series:
        raise SuccessorRefused(_("A badge cannot take its own place. Choose another one."))
    seen = set()
    waiting = {successor.series}
    while waiting:
        if badge_class.series in waiting:
            raise SuccessorRefused(
                _("That badge was replaced by this one, so both would point at each other. Choose another one.")
            )
        seen |= waiting
        found = BadgeClass.objects.filter(series__in=waiting, successor__isnull=False)
        waiting = set(found.values_list("successor__series", flat=True)) - seen


def _months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one of a shorter month."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


def _record(type: str, badge_class: BadgeClass, *, by: User | None, at: datetime, **details: object) -> None:  # noqa: A002 -- the word of the trail
    if badge_class.successor is not None:
        details["successor"] = badge_class.successor.name
    audit.record(
        type,
        by=by,
        at=at,
        subject=badge_class,
        organisation_id=badge_class.issuer.organisation_id,
        issuer_id=badge_class.issuer_id,
        details=details,
    )
