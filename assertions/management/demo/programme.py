"""The demo programme as one face: organisation, issuers, badge classes, people, awards and pictures."""

from badges.designer.compose import draw_svg
from badges.designer.raster import draw_png

from .awards import awards
from .badge_classes import BADGE_BY_KEY, BADGES
from .logos import draw_academy_logo, draw_safety_board_logo
from .people import (
    ACADEMY,
    DEMO_PASSWORD,
    DEPARTMENTS,
    EARNER,
    EARNER_EMAIL,
    ISSUERS,
    JOB_ROLES,
    ORGANISATION,
    PEOPLE,
    SAFETY_BOARD,
    STAFF,
    job_role,
)
from .records import DemoBadge, DemoIssuer
from .stories import DECLINE_NOTE, DECLINED_BADGE
from .versions import CORRECTION, VERSIONS, first_said


def badge_image(badge: DemoBadge) -> tuple[str, bytes]:
    """Return the picture of a badge class as (file name, bytes), SVG or PNG as the badge asks."""
    svg = draw_svg(badge.design)
    if badge.image_form == "png":
        return f"{badge.key}.png", draw_png(svg)
    return f"{badge.key}.svg", svg.encode()


def issuer_logo(issuer: DemoIssuer) -> tuple[str, bytes]:
    """Return the logo of an issuer as (file name, bytes of SVG)."""
    drawing = draw_academy_logo() if issuer.key == ACADEMY else draw_safety_board_logo()
    return f"{issuer.key}.svg", drawing.encode()


__all__ = [
    "ACADEMY",
    "BADGES",
    "BADGE_BY_KEY",
    "CORRECTION",
    "DECLINED_BADGE",
    "DECLINE_NOTE",
    "DEMO_PASSWORD",
    "DEPARTMENTS",
    "EARNER",
    "EARNER_EMAIL",
    "ISSUERS",
    "JOB_ROLES",
    "ORGANISATION",
    "PEOPLE",
    "SAFETY_BOARD",
    "STAFF",
    "VERSIONS",
    "awards",
    "badge_image",
    "first_said",
    "issuer_logo",
    "job_role",
]
