"""The designer's choices beside the picture that was drawn from them: kept, and copied along with a badge."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from badges.models import BadgeClass, Design, DesignFamily
from badgeserver.accounts.models import User


@transaction.atomic
def keep_design(
    *,
    badge_class: BadgeClass,
    spec: Mapping[str, object],
    by: User | None,
    at: datetime,
    family: DesignFamily | None = None,
    shown: Mapping[str, object] | None = None,
) -> Design:
    """Say of the picture that the badge has now that it was drawn from `spec`, the badge's own part of its design.

    `shown` is the whole design where it differs from that: in the look of its family.
    """
    row, _made = Design.objects.update_or_create(
        badge_class=badge_class,
        defaults={
            "spec": dict(spec),
            "shown": dict(spec if shown is None else shown),
            "family": family,
            "image_name": str(badge_class.image.name or ""),
            "drawn_at": at,
            "drawn_by": by,
        },
    )
    return row


def copy_design(*, badge_class: BadgeClass, to: BadgeClass, is_same_picture: bool = True) -> Design | None:
    """Let a copy of a badge be drawn on where this one is: part of an act that copies a badge.

    Of a picture that was uploaded over the drawn one, here or in the copy, the design says nothing. Returns None for
    a badge without a design.
    """
    row = Design.objects.filter(badge_class=badge_class).first()
    if row is None:
        return None
    is_drawn = is_same_picture and row.image_name == str(badge_class.image.name or "")
    row.pk, row.badge_class, row.image_name = None, to, str(to.image.name or "") if is_drawn else ""
    row.save(force_insert=True)
    return row
