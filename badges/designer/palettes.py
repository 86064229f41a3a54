"""Colours that go together: a dozen ways to colour a whole badge with one press; pure."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from badgeserver.colours import ink_on


@dataclass(frozen=True, slots=True)
class Palette:
    """A ground, a second ground for its gradients and rays, and what shines on both."""

    key: str
    name: str | Promise
    ground: str
    second: str
    shine: str

    @property
    def colours(self) -> dict[str, str]:
        """The colours of a design, field by field."""
        ink = ink_on(self.ground)
        return {
            "colour": self.ground,
            "colour_two": self.second,
            "frame_colour": self.shine,
            "icon_colour": ink,
            "text_colour": ink,
            "banner_colour": self.shine,
            "banner_text_colour": ink_on(self.shine),
            "stars_colour": self.shine if ink == "#ffffff" else ink,
            "ribbon_colour": self.second,
        }


PALETTES = [
    Palette("harbour", _("Harbour"), "#17365d", "#0f2440", "#f2b441"),
    Palette("spruce", _("Spruce"), "#14532d", "#0c3a1f", "#e9d58a"),
    Palette("plum", _("Plum"), "#5b2150", "#3e1437", "#f3b8c8"),
    Palette("brick", _("Brick"), "#9b2c1f", "#6e1c13", "#ffd9a8"),
    Palette("lagoon", _("Lagoon"), "#0f5e6b", "#083f49", "#9fe3d6"),
    Palette("iris", _("Iris"), "#3f37a8", "#2a2478", "#c9c4ff"),
    Palette("graphite", _("Graphite"), "#2b2f36", "#17191d", "#d9dde3"),
    Palette("cocoa", _("Cocoa"), "#5a3a22", "#3d2614", "#f0cf9c"),
    Palette("signal", _("Signal"), "#f5b700", "#e08e00", "#1f2933"),
    Palette("meadow", _("Meadow"), "#2f7d32", "#1c5a20", "#f6f0c4"),
    Palette("rose", _("Rose"), "#a61e4d", "#7a1237", "#ffe0ea"),
    Palette("paper", _("Paper"), "#f7f3ea", "#e6dfcf", "#1f3a5f"),
]
