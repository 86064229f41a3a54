"""What a badge must say before the world sees it, and which acts its life allows; needs no database."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from badges.models import BadgeClass, Validity


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that stands between a badge and its publication: the form field, and a sentence for its author."""

    field: str
    sentence: str


def missing_for_publishing(
    badge_class: BadgeClass, *, has_picture: bool, has_steps: bool, today: date
) -> list[Missing]:
    """Return what is missing, in the order of the form; nothing when the badge may be published.

    The standard asks for name, description, picture and criteria (OB2-ISS-42 to 45, 105), and that the picture is
    described in words (OB2-ISS-102). Pictures and steps are told, because a form has them before the database does.
    """
    missing: list[Missing] = []
    if not badge_class.name.strip():
        missing.append(Missing("name", _("Give the badge a name.")))
    if not badge_class.description.strip():
        missing.append(Missing("description", _("Say in a sentence or two what its holder can do.")))
    if not has_picture:
        missing.append(Missing("picture", _("Choose a picture, PNG or SVG.")))
    if not badge_class.image_alt.strip():
        missing.append(Missing("image_alt", _("Describe the picture in a few words, for people who cannot see it.")))
    if not (badge_class.criteria_narrative.strip() or badge_class.criteria_url or has_steps):
        missing.append(
            Missing("criteria_narrative", _("Say how it is earned: add a step, write it here, or link to a page."))
        )
    last_day = badge_class.validity_until if badge_class.validity == Validity.UNTIL else None
    if last_day is not None and last_day < today:
        missing.append(Missing("validity_until", _("This day has passed. Choose a later one, or let the badge last.")))
    return missing


def may_change(badge_class: BadgeClass, *, is_awarded: bool) -> bool:
    """Once awarded, a badge means to its holders what it said on that day (OB2-ISS-14, docs/adr/0008)."""
    return not is_awarded and badge_class.status != BadgeClass.Status.ARCHIVED


def may_delete(*, is_awarded: bool) -> bool:
    """What has been awarded stays for as long as somebody may ask about it (OB2-ISS-49)."""
    return not is_awarded
