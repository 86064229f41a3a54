"""What the authors of a badge mean otherwise than the coach: put away, and taken back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from badges.insights.coach import KEYS
from badges.models import BadgeClass
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError


class UnknownHint(UserFacingError):
    """No rule of the coach says this, or it is one that a published badge must follow."""

    code = "unknown_hint"


@transaction.atomic
def dismiss_hint(*, badge_class: BadgeClass, key: str, by: User | None, at: datetime) -> BadgeClass:
    """Keep a hint of the coach from coming back for this badge, and return it. It is no part of what the badge says.

    Raises `UnknownHint` for what cannot be dismissed.
    """
    if key not in KEYS:
        raise UnknownHint(_("This hint cannot be put away. Look at the list again."))
    locked = _locked(badge_class)
    if key not in locked.coach_dismissed:
        _keep(locked, [*locked.coach_dismissed, key])
        _record("badge_class.hint.dismissed", locked, key=key, by=by, at=at)
    return locked


@transaction.atomic
def restore_hint(*, badge_class: BadgeClass, key: str, by: User | None, at: datetime) -> BadgeClass:
    """Let a hint of the coach come back for this badge, and return it."""
    locked = _locked(badge_class)
    if key in locked.coach_dismissed:
        _keep(locked, [one for one in locked.coach_dismissed if one != key])
        _record("badge_class.hint.restored", locked, key=key, by=by, at=at)
    return locked


def _locked(badge_class: BadgeClass) -> BadgeClass:
    return BadgeClass.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=badge_class.pk)


def _keep(badge_class: BadgeClass, keys: list[str]) -> None:
    # Not `updated_at`: a form that is open meanwhile is not out of date by this.
    badge_class.coach_dismissed = keys
    badge_class.save(update_fields=["coach_dismissed"])


def _record(type: str, badge_class: BadgeClass, *, key: str, by: User | None, at: datetime) -> None:  # noqa: A002 -- the word of the trail
    audit.record(
        type,
        by=by,
        at=at,
        subject=badge_class,
        organisation_id=badge_class.issuer.organisation_id,
        issuer_id=badge_class.issuer_id,
        details={"hint": key},
    )
