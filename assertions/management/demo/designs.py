"""The look of every badge of the demo programme, by badge key, and the families of those that look alike."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from badges.designer.spec import Design

_CREAM, _GOLD, _AMBER, _NAVY = "#f5efdf", "#e3b95c", "#f0b040", "#14264a"

_SAFETY = Design(
    shape="shield",
    fill="split",
    frame="double",
    frame_colour=_CREAM,
    icon_size=46,
    banner_style="ribbon",
    banner_colour=_AMBER,
    banner_text_colour=_NAVY,
)
_SKILLS = Design(shape="hexagon", fill="facets", frame="double", icon_size=40, stars_colour="#ffdf80")
_VALUES = Design(shape="seal", fill="rays", frame="band", icon_size=44, text_colour="#ffffff")


@dataclass(frozen=True, slots=True)
class DemoFamily:
    """Badges that share shape, frame and lettering; their colours tell them apart."""

    name: str
    look: Design
    badges: tuple[str, ...]
    decides: tuple[str, ...] = ("shape", "lettering")


def _in(look: Design, icon: str, colours: tuple[str, str, str], **more: str | int) -> Design:
    """Return a look with an icon of its own, in colours from light to dark and that of its frame."""
    colour, colour_two, frame_colour = colours
    said: Mapping[str, object] = {"colour": colour, "colour_two": colour_two, "frame_colour": frame_colour, **more}
    return replace(look, icon=icon, **said)  # type: ignore[arg-type]


#: What trucks were badged in before there was teal.
STEEL: Final[dict[str, Any]] = {"colour": "#3d7ba8", "colour_two": "#1d4f78"}

# Each field of the house has its colour: leading is violet, data blue, the craft the green of deep water.
_VIOLET, _PLUM, _DUSK = (
    ("#7450dc", "#43239c", "#e2d9ff"),
    ("#86339f", "#4d1566", _GOLD),
    ("#6b3fa6", "#2a1f6b", "#e2d9ff"),
)
_BLUE, _INDIGO = ("#3a76e0", "#173f9f", "#d9e6ff"), ("#4450d8", "#1f2191", "#d9e6ff")
_WATER, _ICE = ("#1f7f8c", "#0c4f5e", "#d5f0ee"), ("#1a86a8", "#0b5474", "#d5f0ee")

DESIGNS: Final[dict[str, Design]] = {
    "facilitating-difficult-conversations": _in(_SKILLS, "messages-square", _VIOLET, stars=3),
    "mediating-between-teams": _in(_SKILLS, "scale", _PLUM, stars=4),
    "coaching-for-performance": _in(_SKILLS, "sprout", ("#8458c8", "#4b2a94", "#e2d9ff"), stars=2),
    "night-shift-lead": _in(_SKILLS, "moon-star", _DUSK, stars=2, ribbon="Terminal", ribbon_colour=_AMBER),
    "reading-operations-data-1": _in(_SKILLS, "chart-line", _BLUE, stars=1),
    "reading-operations-data-2": _in(_SKILLS, "chart-no-axes-combined", _INDIGO, stars=2),
    "customs-clearance-essentials": _in(_SKILLS, "stamp", _WATER, ribbon="Customs", ribbon_colour=_AMBER),
    "cold-chain-handling": _in(_SKILLS, "snowflake", _ICE, ribbon="Warehouse", ribbon_colour=_AMBER),
    "forklift-safety-class-ii": _in(_SAFETY, "forklift", ("#12857a", "#0b655f", _CREAM), banner="Class II"),
    "first-responder-on-site": _in(_SAFETY, "heart-pulse", ("#cf3a38", "#a51f2c", _CREAM), banner="First aid"),
    "dangerous-goods-awareness": _in(_SAFETY, "flame", ("#c65d0c", "#a3450a", _CREAM), banner="Aware"),
    "cyber-safe-at-work": _in(_SAFETY, "lock-keyhole", ("#2f4d92", "#1b2f68", _CREAM), banner="Cyber-safe"),
    "welcoming-new-colleagues": _in(_VALUES, "hand-heart", ("#c93a7f", "#a52268", "#f7bfd8")),
    "improvement-idea-that-stuck": _in(_VALUES, "lightbulb", ("#ffc63f", "#f6a51c", "#e58f1d"), icon_colour="#4a2600"),
    "paperless-gate-pioneer": _in(_VALUES, "tablet-smartphone", ("#3f8553", "#276b3d", "#bfdcb4")),
}
COFFEE: Final = _in(
    Design(shape="circle", fill="glow", frame="rope", icon_size=46, bottom="Thank you", text_colour="#ffe9c9"),
    "coffee",
    ("#7a4a2c", "#4a2815", "#f3dfc1"),
    icon_colour="#fff3e0",
)

FAMILIES: Final = (
    DemoFamily(
        "Harbour safety",
        _SAFETY,
        ("cyber-safe-at-work", "dangerous-goods-awareness", "first-responder-on-site", "forklift-safety-class-ii"),
    ),
    DemoFamily(
        "Harbour skills",
        _SKILLS,
        (
            "coaching-for-performance",
            "cold-chain-handling",
            "customs-clearance-essentials",
            "facilitating-difficult-conversations",
            "mediating-between-teams",
            "night-shift-lead",
            "reading-operations-data-1",
            "reading-operations-data-2",
        ),
    ),
    DemoFamily(
        "How we work",
        _VALUES,
        ("improvement-idea-that-stuck", "paperless-gate-pioneer", "welcoming-new-colleagues"),
    ),
)
