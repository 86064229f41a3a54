"""What a badge looks like, in words that can be kept: the design; pure."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from badges.designer.icons import is_icon
from badges.designer.lettering import missing_letter
from badgeserver.colours import parse_colour
from badgeserver.errors import UserFacingError

SHAPES: dict[str, str | Promise] = {
    "circle": gettext_lazy("Circle"),
    "hexagon": gettext_lazy("Hexagon"),
    "hexagon_flat": gettext_lazy("Hexagon, flat on top"),
    "octagon": gettext_lazy("Octagon"),
    "shield": gettext_lazy("Shield"),
    "crest": gettext_lazy("Crest"),
    "square": gettext_lazy("Rounded square"),
    "diamond": gettext_lazy("Diamond"),
    "arch": gettext_lazy("Arch"),
    "pennant": gettext_lazy("Pennant"),
    "seal": gettext_lazy("Scalloped seal"),
    "burst": gettext_lazy("Star burst"),
    "cog": gettext_lazy("Cogwheel"),
}
FILLS: dict[str, str | Promise] = {
    "plain": gettext_lazy("Plain"),
    "gradient": gettext_lazy("Gradient"),
    "glow": gettext_lazy("Glow"),
    "split": gettext_lazy("Split"),
    "rays": gettext_lazy("Rays"),
    "facets": gettext_lazy("Facets"),
    "rings": gettext_lazy("Rings"),
    "waves": gettext_lazy("Waves"),
    "chevrons": gettext_lazy("Chevrons"),
    "dots": gettext_lazy("Dots"),
}
FRAMES: dict[str, str | Promise] = {
    "none": gettext_lazy("None"),
    "line": gettext_lazy("Fine line"),
    "band": gettext_lazy("Band"),
    "double": gettext_lazy("Double line"),
    "broad": gettext_lazy("Broad band for words"),
    "bevel": gettext_lazy("Bevelled metal"),
    "dashes": gettext_lazy("Stitches"),
    "beads": gettext_lazy("Beads"),
    "rope": gettext_lazy("Rope"),
    "teeth": gettext_lazy("Reeded edge"),
    "laurel": gettext_lazy("Laurel"),
}
BANNERS: dict[str, str | Promise] = {
    "none": gettext_lazy("None"),
    "ribbon": gettext_lazy("Folded ribbon"),
    "curve": gettext_lazy("Curved ribbon"),
    "plate": gettext_lazy("Plate"),
    "band": gettext_lazy("Band across"),
}
#: How long each text may be.
LIMITS: dict[str, int] = {"centre": 4, "top": 40, "bottom": 40, "banner": 30, "ribbon": 24}
ICON_SIZES = range(20, 71)
MOST_STARS = 5

_CHOICES = {"shape": SHAPES, "fill": FILLS, "frame": FRAMES, "banner_style": BANNERS}
_RANGES = {"icon_size": ICON_SIZES, "stars": range(MOST_STARS + 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """A badge's picture, described.

    Made by `read_design`, which promises that it can be drawn as far as single fields go; whether words fit their
    place is known when they are set (`compose.draw_svg`).
    """

    shape: str = "hexagon"
    fill: str = "gradient"
    colour: str = "#2c4a8f"
    colour_two: str = "#1a2c5e"
    frame: str = "double"
    frame_colour: str = "#e8c268"
    icon: str = "award"
    icon_colour: str = "#ffffff"
    icon_size: int = 40
    centre: str = ""
    top: str = ""
    bottom: str = ""
    text_colour: str = "#ffffff"
    banner: str = ""
    banner_style: str = "ribbon"
    banner_colour: str = "#e8c268"
    banner_text_colour: str = "#1a2c5e"
    stars: int = 0
    stars_colour: str = "#f2cf72"
    ribbon: str = ""
    ribbon_colour: str = "#8f2f3f"
    logo: bool = False

    def as_json(self) -> dict[str, object]:
        """Return the design as plain values; `read_design` makes the same design of them."""
        return asdict(self)


COLOURS = tuple(field.name for field in fields(Design) if field.name.startswith("colour") or "_colour" in field.name)
_DEFAULT = Design()

#: What a family may decide for its badges.
STYLE_PARTS: dict[str, tuple[str, ...]] = {
    "shape": ("shape", "frame", "fill"),
    "colours": COLOURS,
    "lettering": ("banner_style", "icon_size", "logo"),
}
STYLE_PART_NAMES: dict[str, str | Promise] = {
    "shape": gettext_lazy("Shape, frame and ground"),
    "colours": gettext_lazy("Colours"),
    "lettering": gettext_lazy("Banner, size of the icon and logo"),
}


class DesignRefused(UserFacingError):
    """A design that cannot be drawn; `problems` says for each field what to do."""

    code = "design_refused"

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        first = next(iter(self.problems))
        super().__init__(" ".join(self.problems.values()), field=first)


def in_style_of(design: Design, style: Design, parts: Collection[str]) -> Design:
    """Return the design with those parts of its look (`STYLE_PARTS`) taken from `style`; its words stay its own."""
    taken = {name: getattr(style, name) for part in STYLE_PARTS if part in parts for name in STYLE_PARTS[part]}
    return replace(design, **taken)


def read_design(said: Mapping[str, object]) -> Design:
    """Return the design that was said: from JSON, or from a form's cleaned data.

    What is not said takes its default, what is unknown is ignored. Raises `DesignRefused`, with a sentence for every
    field that cannot be used.
    """
    if not isinstance(said, Mapping):
        raise DesignRefused({"shape": _("This is not a design. Start from one of the ready ones.")})
    read: dict[str, object] = {}
    problems: dict[str, str] = {}
    for field in fields(Design):
        value = said.get(field.name)
        if value is None:
            continue
        try:
            read[field.name] = _read(field.name, value)
        except _Wrong as wrong:
            problems[field.name] = wrong.sentence
    if problems:
        raise DesignRefused(problems)
    return replace(_DEFAULT, **read)  # type: ignore[arg-type]


class _Wrong(Exception):
    def __init__(self, sentence: object) -> None:
        super().__init__(sentence)
        self.sentence = str(sentence)


def _read(name: str, value: object) -> object:
    if name in _CHOICES:
        return _read_choice(name, value)
    if name in _RANGES:
        return _read_number(name, value)
    if name in COLOURS:
        return _read_colour(name, value)
    if name == "logo":
        return value if isinstance(value, bool) else str(value)[:5].lower() in ("1", "on", "true", "yes")
    if not isinstance(value, str):
        raise _Wrong(_("Write this as text."))
    if name == "icon":
        return _read_icon(value)
    return _read_text(name, value)


def _read_choice(name: str, value: object) -> str:
    if isinstance(value, str) and value in _CHOICES[name]:
        return value
    raise _Wrong(
        _("Choose one of these: %(names)s.") % {"names": ", ".join(str(one) for one in _CHOICES[name].values())}
    )


def _read_number(name: str, value: object) -> int:
    allowed = _RANGES[name]
    number: object = value
    if isinstance(value, str) and len(value) < 10:
        try:
            number = int(value)
        except ValueError:
            number = None
    if isinstance(number, float) and number in allowed:
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int) or number not in allowed:
        raise _Wrong(
            _("Choose a whole number from %(least)d to %(most)d.") % {"least": allowed[0], "most": allowed[-1]}
        )
    return number


def _read_colour(name: str, value: object) -> str:
    if value == "":
        return str(getattr(_DEFAULT, name))
    try:
        return parse_colour(value if isinstance(value, str) and len(value) < 20 else "?")
    except ValueError:
        raise _Wrong(_("This is not a colour. Write it as # and six letters or digits, such as #1f6f5c.")) from None


def _read_icon(value: str) -> str:
    name = value.strip().lower().replace(" ", "-") if len(value) < 80 else "?"
    if name and not is_icon(name):
        shown = "".join(sign for sign in value[:40] if sign.isprintable())
        raise _Wrong(_("There is no icon “%(name)s”. Search for one by what it shows.") % {"name": shown})
    return name


def _read_text(name: str, value: str) -> str:
    if len(value) > 10_000:
        raise _too_long(name)
    text = " ".join(unicodedata.normalize("NFC", value).split())
    missing = missing_letter(text)
    if missing:
        shown = missing if missing.isprintable() and not unicodedata.combining(missing) else f"U+{ord(missing):04X}"
        raise _Wrong(
            _("Our typeface cannot write “%(sign)s”. Leave it out or write it with other letters.") % {"sign": shown}
        )
    if len(text) > LIMITS[name]:
        raise _too_long(name)
    return text


def _too_long(name: str) -> _Wrong:
    return _Wrong(_("Shorten this to %(most)d characters.") % {"most": LIMITS[name]})
