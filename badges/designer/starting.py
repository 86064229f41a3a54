"""Twelve designs to start from: each a mood of its own, and a whole set of colours for a family; pure."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from badges.designer.spec import Design


@dataclass(frozen=True, slots=True)
class StartingDesign:
    """A design that is there before one has made one."""

    key: str
    name: str | Promise
    design: Design


_SAFETY = Design(
    shape="shield", fill="split", colour="#12705f", colour_two="#0c5a4d",
    frame="double", frame_colour="#f3efe2",
    icon="shield-check", icon_size=46,
    banner="Safety", banner_style="ribbon", banner_colour="#f4b740", banner_text_colour="#16352f",
    stars_colour="#f8c95c", text_colour="#ffffff", ribbon_colour="#c8601e",
)  # fmt: skip
_DATA = Design(
    shape="hexagon", fill="facets", colour="#3f7ff0", colour_two="#1b3b9c",
    frame="double", frame_colour="#dbe7ff",
    icon="chart-no-axes-combined", icon_size=42,
    stars=2, stars_colour="#ffd76a",
    banner_colour="#eef4ff", banner_text_colour="#1b3b9c", text_colour="#ffffff", ribbon_colour="#142a6b",
)  # fmt: skip
_LEADERSHIP = Design(
    shape="crest", fill="gradient", colour="#7d2549", colour_two="#431029",
    frame="bevel", frame_colour="#d9a953",
    icon="compass", icon_size=42, icon_colour="#fff4dd",
    stars=3, stars_colour="#f1cd7f", text_colour="#f8e3b4",
    banner_colour="#ecc87a", banner_text_colour="#431029", ribbon_colour="#5b1836",
)  # fmt: skip
_CUSTOMER = Design(
    shape="circle", fill="plain", colour="#fff7ef", colour_two="#ffe3cf",
    frame="broad", frame_colour="#c4452e",
    icon="heart-handshake", icon_size=42, icon_colour="#b23a25",
    top="Customer care", bottom="With heart", text_colour="#ffffff",
    stars_colour="#c4452e", banner_colour="#ffe9d2", banner_text_colour="#8c2716", ribbon_colour="#8c2f1f",
)  # fmt: skip
_ONBOARDING = Design(
    shape="arch", fill="waves", colour="#2a97ad", colour_two="#0d566e",
    frame="line", frame_colour="#d8f3f2",
    icon="sprout", icon_size=42,
    banner="Welcome", banner_style="curve", banner_colour="#ffe3a3", banner_text_colour="#0d4a5e",
    stars_colour="#ffe3a3", text_colour="#ffffff", ribbon_colour="#e2793f",
)  # fmt: skip
_CODING = Design(
    shape="square", fill="dots", colour="#232631", colour_two="#50566e",
    frame="line", frame_colour="#7ee0b5",
    icon="code-xml", icon_size=46, icon_colour="#7ee0b5",
    stars=3, stars_colour="#ffffff", text_colour="#ffffff",
    banner_style="plate", banner_colour="#7ee0b5", banner_text_colour="#16202a", ribbon_colour="#2f7d63",
)  # fmt: skip
_FIRST_AID = Design(
    shape="circle", fill="glow", colour="#dd3f3f", colour_two="#a51d2b",
    frame="rope", frame_colour="#fbeee8",
    icon="heart-pulse", icon_size=46,
    ribbon="First aid", ribbon_colour="#96182a",
    stars_colour="#ffe3a3", text_colour="#ffffff", banner_colour="#fff3ec", banner_text_colour="#96182a",
)  # fmt: skip
_SUSTAINABILITY = Design(
    shape="octagon", fill="gradient", colour="#5b9a40", colour_two="#275f33",
    frame="laurel", frame_colour="#dcedb4",
    icon="leaf", icon_size=38, text_colour="#ffffff",
    stars_colour="#f6e7a1", banner_colour="#f4efd2", banner_text_colour="#23512d", ribbon_colour="#8a5a2b",
)  # fmt: skip
_LANGUAGE = Design(
    shape="seal", fill="rings", colour="#5b4bb4", colour_two="#352a80",
    frame="band", frame_colour="#c5b9f0",
    icon="languages", icon_size=38, centre="B2",
    bottom="English", text_colour="#ece7ff",
    stars_colour="#ffdf8e", banner_colour="#fff2cf", banner_text_colour="#3a2d86", ribbon_colour="#41328f",
)  # fmt: skip
_INNOVATION = Design(
    shape="burst", fill="rays", colour="#ffc63f", colour_two="#f6a51c",
    frame="band", frame_colour="#ee8a26",
    icon="lightbulb", icon_size=46, icon_colour="#4a2600", text_colour="#4a2600",
    stars_colour="#6b3500", banner_colour="#fff6df", banner_text_colour="#6b3500", ribbon_colour="#a84f12",
)  # fmt: skip
_TEAMWORK = Design(
    shape="hexagon_flat", fill="chevrons", colour="#cf4f72", colour_two="#a8325a",
    frame="dashes", frame_colour="#ffe3e2",
    icon="handshake", icon_size=42,
    banner="Together", banner_style="band", banner_colour="#fff1ec", banner_text_colour="#8a2345",
    stars_colour="#ffe2a8", text_colour="#ffffff", ribbon_colour="#7a2148",
)  # fmt: skip
_MASTERY = Design(
    shape="circle", fill="glow", colour="#2c3758", colour_two="#131a2e",
    frame="beads", frame_colour="#d8b15c",
    icon="crown", icon_size=38, icon_colour="#f0d08a",
    stars=5, stars_colour="#f0d08a", top="Master", text_colour="#f0d08a",
    banner_style="curve", banner_colour="#e9c877", banner_text_colour="#1a2340", ribbon_colour="#2b3a66",
)  # fmt: skip

STARTING_DESIGNS = (
    StartingDesign("safety", _("Safety"), _SAFETY),
    StartingDesign("data", _("Data"), _DATA),
    StartingDesign("leadership", _("Leadership"), _LEADERSHIP),
    StartingDesign("customer-care", _("Customer care"), _CUSTOMER),
    StartingDesign("onboarding", _("Onboarding"), _ONBOARDING),
    StartingDesign("coding", _("Coding"), _CODING),
    StartingDesign("first-aid", _("First aid"), _FIRST_AID),
    StartingDesign("sustainability", _("Sustainability"), _SUSTAINABILITY),
    StartingDesign("language", _("Language"), _LANGUAGE),
    StartingDesign("innovation", _("Innovation"), _INNOVATION),
    StartingDesign("teamwork", _("Teamwork"), _TEAMWORK),
    StartingDesign("mastery", _("Mastery"), _MASTERY),
)
