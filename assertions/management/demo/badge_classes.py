"""All badge classes of the demo programme, in the order in which a catalogue shows them."""

from typing import Final

from .leadership_badges import LEADERSHIP_BADGES
from .records import DemoBadge
from .safety_badges import SAFETY_BADGES
from .skill_badges import SKILL_BADGES

BADGES: Final[tuple[DemoBadge, ...]] = LEADERSHIP_BADGES + SAFETY_BADGES + SKILL_BADGES

BADGE_BY_KEY: Final[dict[str, DemoBadge]] = {badge.key: badge for badge in BADGES}
