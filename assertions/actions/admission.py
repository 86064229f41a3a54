"""Whether somebody may be awarded a badge: the pilot's test group, the audience, and how many may hold it."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assertions.models import Assertion
from badges import queries
from badges.models import BadgeClass
from badgeserver.errors import UserFacingError


class NotATester(UserFacingError):
    """The badge is being piloted, and the recipient does not belong to the test group."""

    code = "not_in_pilot"
    field = "email"


class NotInAudience(UserFacingError):
    """The badge is for some departments or roles, and the recipient has none of them."""

    code = "not_in_audience"
    field = "email"


class CapReached(UserFacingError):
    """As many people hold the badge as may hold it."""

    code = "award_cap_reached"
    field = "email"


class PlaceTaken(UserFacingError):
    """An award that ended cannot be given back: as many people hold the badge by now as may hold it."""

    code = "place_taken"


def refuse_unadmitted(*, badge_class: BadgeClass, recipient_key: str, at: datetime) -> None:
    """Raise `NotATester`, `NotInAudience` or `CapReached` when this address may not be awarded the badge now.

    Call it with the row of the badge locked: of two awards at once, the second must count the first. In a pilot its
    test group was chosen by name, so the audience is not asked.
    """
    if badge_class.status == BadgeClass.Status.PILOT:
        if not queries.testers(badge_class).filter(email=recipient_key).exists():
            raise NotATester(
                _(
                    "“%(badge)s” is being piloted: it can be awarded to its test group only. "
                    "Add this person to the test group on the badge’s page, or publish the badge first."
                )
                % {"badge": badge_class}
            )
    elif not queries.is_for(badge_class, recipient_key):
        raise NotInAudience(
            _(
                "“%(badge)s” is for %(audience)s, and nobody with this address is among them. "
                "Change the person’s department or role under People, or whom the badge is for under Planning."
            )
            % {"badge": badge_class, "audience": queries.audience_sentence(badge_class)}
        )
    _refuse_above_cap(badge_class, recipient_key, at=at)


def _refuse_above_cap(badge_class: BadgeClass, recipient_key: str, *, at: datetime) -> None:
    if _is_full(badge_class, recipient_key, at=at):
        raise CapReached(
            ngettext(
                "“%(badge)s” may be held by %(cap)d person, and is. Allow more under Planning, or revoke an award.",
                "“%(badge)s” may be held by %(cap)d people, and is. Allow more under Planning, or revoke an award.",
                badge_class.award_cap or 0,
            )
            % {"badge": badge_class, "cap": badge_class.award_cap}
        )


def hold_places(*, assertion: Assertion) -> BadgeClass:
    """Lock the version of a badge that is awarded now, as awarding does, and return it: its cap is that of the badge.

    Call it before the award itself is locked, and ask `has_no_place_for` afterwards.
    """
    unawarded = [BadgeClass.Status.DRAFT, BadgeClass.Status.SUPERSEDED]
    versions = BadgeClass.objects.filter(series=assertion.badge_class.series).exclude(status__in=unawarded)
    return versions.select_for_update(of=("self",), no_key=True).first() or assertion.badge_class


def has_no_place_for(*, assertion: Assertion, badge_class: BadgeClass, at: datetime) -> bool:
    """Whether others have taken the place of an award that ended; `badge_class` is held (`hold_places`)."""
    is_over = assertion.expires_at is not None and assertion.expires_at <= at
    return not is_over and _is_full(badge_class, assertion.recipient_key, at=at)


def _is_full(badge_class: BadgeClass, recipient_key: str, *, at: datetime) -> bool:
    if badge_class.award_cap is None:
        return False
    holding = Assertion.objects.live(at).filter(badge_class__series=badge_class.series)
    if holding.filter(recipient_key=recipient_key).exists():
        return False  # who holds it already takes nobody's place
    return bool(holding.values("recipient_key").distinct().count() >= badge_class.award_cap)
