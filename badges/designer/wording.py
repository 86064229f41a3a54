"""Says in words what a badge looks like; pure."""

import colorsys

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from badges.designer.icon_words import ICON_WORDS
from badges.designer.spec import Design
from badgeserver.colours import luminance

_SHAPES: dict[str, str | Promise] = {
    "circle": pgettext_lazy("badge in a colour", "circle"),
    "hexagon": pgettext_lazy("badge in a colour", "hexagon"),
    "hexagon_flat": pgettext_lazy("badge in a colour", "hexagon"),
    "octagon": pgettext_lazy("badge in a colour", "octagon"),
    "shield": pgettext_lazy("badge in a colour", "shield"),
    "crest": pgettext_lazy("badge in a colour", "crest"),
    "square": pgettext_lazy("badge in a colour", "rounded square"),
    "diamond": pgettext_lazy("badge in a colour", "diamond"),
    "arch": pgettext_lazy("badge in a colour", "arch"),
    "pennant": pgettext_lazy("badge in a colour", "pennant"),
    "seal": pgettext_lazy("badge in a colour", "scalloped seal"),
    "burst": pgettext_lazy("badge in a colour", "star burst"),
    "cog": pgettext_lazy("badge in a colour", "cogwheel"),
}
# Two of each: English says “an” before some colours; other languages may say the same twice.
_FRAME = (gettext_lazy("a %(colour)s frame"), gettext_lazy("an %(colour)s frame"))
_FRAMES: dict[str, tuple[str | Promise, str | Promise]] = {
    "laurel": (gettext_lazy("a %(colour)s laurel"), gettext_lazy("an %(colour)s laurel")),
    "rope": (gettext_lazy("a %(colour)s rope frame"), gettext_lazy("an %(colour)s rope frame")),
    "beads": (gettext_lazy("a frame of %(colour)s beads"), gettext_lazy("a frame of %(colour)s beads")),
    "dashes": (gettext_lazy("a stitched %(colour)s frame"), gettext_lazy("a stitched %(colour)s frame")),
}
_COUNTS: tuple[str | Promise, ...] = (
    pgettext_lazy("badge with", "one star"),
    pgettext_lazy("badge with", "two stars"),
    pgettext_lazy("badge with", "three stars"),
    pgettext_lazy("badge with", "four stars"),
    pgettext_lazy("badge with", "five stars"),
)


def describe(design: Design) -> str:
    """Return a suggestion for the alternative text, in the active language."""
    whole = {"colour": colour_name(design.colour), "shape": str(_SHAPES[design.shape])}
    parts = _parts(design)
    if parts:
        looks = _("%(colour)s %(shape)s with %(parts)s") % {**whole, "parts": _listed(parts)}
    else:
        looks = _("%(colour)s %(shape)s") % whole
    words = [design.top, design.banner if design.banner_style != "none" else "", design.bottom]
    said = [_("“%(text)s”") % {"text": text} for text in words if text]
    if said:
        looks = _("%(looks)s, and the words %(words)s") % {"looks": looks, "words": _listed(said)}
    if design.ribbon:
        looks = _("%(looks)s; a ribbon says “%(ribbon)s”") % {"looks": looks, "ribbon": design.ribbon}
    return looks[:1].upper() + looks[1:] + "."


def icon_words(name: str) -> str:
    """Return what an icon shows, to be said after “with”, in the active language."""
    if name in ICON_WORDS:
        return str(ICON_WORDS[name])
    return _("the icon “%(icon)s”") % {"icon": name.replace("-", " ")}


def _parts(design: Design) -> list[str]:
    parts = []
    if design.frame != "none":
        colour = colour_name(design.frame_colour)
        a, an = _FRAMES.get(design.frame, _FRAME)
        parts.append(str(an if colour[0] in "aeiou" else a) % {"colour": colour})
    if design.centre:
        parts.append(_("the signs “%(signs)s”") % {"signs": design.centre})
    elif design.icon:
        parts.append(icon_words(design.icon))
    if design.stars:
        parts.append(str(_COUNTS[design.stars - 1]))
    if design.logo:
        parts.append(_("the issuer’s logo"))
    return parts


def _listed(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return _("%(most)s and %(last)s") % {"most": ", ".join(parts[:-1]), "last": parts[-1]}


def colour_name(colour: str) -> str:
    """Return what people call a colour, roughly, in the active language: within a sentence."""
    hue, light, full = colorsys.rgb_to_hls(*(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)))
    shine = luminance(colour)
    if full < 0.14 or light > 0.95 or light < 0.06:
        return (
            pgettext("colour", "white")
            if shine > 0.8
            else pgettext("colour", "light grey")
            if shine > 0.35
            else pgettext("colour", "grey")
            if shine > 0.06
            else pgettext("colour", "black")
        )
    degrees = hue * 360
    if 28 <= degrees < 65 and 0.4 < light < 0.78 and 0.25 < full < 0.85:
        return pgettext("colour", "gold")
    if 25 <= degrees < 68 and light > 0.84:
        return pgettext("colour", "cream")
    if 14 <= degrees < 42 and shine < 0.12:
        return pgettext("colour", "brown")
    names = [
        (14, pgettext("colour", "red"), pgettext("colour", "dark red"), pgettext("colour", "pink")),
        (42, pgettext("colour", "orange"), pgettext("colour", "brown"), pgettext("colour", "light orange")),
        (68, pgettext("colour", "yellow"), pgettext("colour", "olive"), pgettext("colour", "light yellow")),
        (160, pgettext("colour", "green"), pgettext("colour", "dark green"), pgettext("colour", "light green")),
        (196, pgettext("colour", "teal"), pgettext("colour", "dark teal"), pgettext("colour", "light teal")),
        (250, pgettext("colour", "blue"), pgettext("colour", "dark blue"), pgettext("colour", "light blue")),
        (300, pgettext("colour", "violet"), pgettext("colour", "dark violet"), pgettext("colour", "light violet")),
        (345, pgettext("colour", "pink"), pgettext("colour", "plum"), pgettext("colour", "light pink")),
        (361, pgettext("colour", "red"), pgettext("colour", "dark red"), pgettext("colour", "pink")),
    ]
    plain, dark, pale = next(found for limit, *found in names if degrees < limit)
    return dark if shine < 0.07 else pale if shine > 0.6 and light > 0.75 else plain
