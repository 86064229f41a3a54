"""Four eyes: what the organisation wants a second person to approve is not published without (docs/adr/0017)."""

from django.utils.translation import gettext as _

from badges.insights.reviews import is_approved
from badges.models import BadgeClass
from badgeserver.errors import UserFacingError


class NeedsApproval(UserFacingError):
    """A second person has not approved what the badge says now."""

    code = "badge_needs_approval"


def refuse_unapproved(badge_class: BadgeClass) -> None:
    """Raise `NeedsApproval` unless a second person approved exactly what the badge says; its parts are written."""
    if badge_class.issuer.organisation.four_eyes and not is_approved(badge_class):
        raise NeedsApproval(
            _(
                "In %(organisation)s a second person approves a badge before it is published, and nobody has approved "
                "what it says now. Save it as a draft, and ask for a review on its page."
            )
            % {"organisation": badge_class.issuer.organisation.name}
        )
