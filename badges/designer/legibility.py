"""Whether a badge can be read, large and at the size of a thumbnail; pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from django.utils.translation import gettext as _

from badges.designer.compose import SIZE, ground_at, icon_stroke, lay_out, words_ground
from badges.designer.spec import Design, read_design
from badgeserver.colours import SHAPE_CONTRAST, TEXT_CONTRAST, contrast, ink_on
from badgeserver.pictures import Picture

_THUMBNAIL = 64
_THIN = 1.45  # pixels of a line, below which it breaks up in a thumbnail
_MUCH = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """Something hard to read: the field it is about, what it is, why it matters, and a design without it."""

    field: str
    sentence: str
    why: str
    tone: Literal["warn", "bad"]
    fix: Design | None = None


def findings(design: Design, *, logo: Picture | None = None) -> list[Finding]:
    """Return what is hard to read in a design, the worst first; nothing for a good one."""
    found = [*_contrasts(design), *_sizes(design), *_amounts(design, logo)]
    return sorted(found, key=lambda finding: finding.tone != "bad")


def _contrasts(design: Design) -> Iterator[Finding]:
    has_banner = bool(design.banner) and design.banner_style != "none"
    icon_said = _("The signs in the middle") if design.centre else _("The icon")
    if design.icon or design.centre:
        yield from _contrast(design, "icon_colour", _icon_grounds(design), SHAPE_CONTRAST, icon_said)
    if design.top or design.bottom:
        yield from _contrast(
            design, "text_colour", _words_grounds(design), TEXT_CONTRAST, _("The words along the edge")
        )
    if has_banner:
        grounds = [design.banner_colour]
        yield from _contrast(design, "banner_text_colour", grounds, TEXT_CONTRAST, _("The words on the banner"))
    if design.stars:
        yield from _contrast(design, "stars_colour", [ground_at(design, "stars")], SHAPE_CONTRAST, _("The stars"))


def _icon_grounds(design: Design) -> list[str]:
    grounds = [ground_at(design, "icon")]
    return [*grounds, design.colour, design.colour_two] if design.fill == "split" else grounds


def _words_grounds(design: Design) -> list[str]:
    if design.frame == "broad":
        return [words_ground(design)]
    grounds = [design.colour] if design.top else []
    if design.bottom or design.fill == "split":
        grounds.append(design.colour if design.fill in ("plain", "rays", "dots", "rings") else design.colour_two)
    return grounds


def _contrast(design: Design, field: str, grounds: list[str], least: float, what: str) -> Iterator[Finding]:
    own = getattr(design, field)
    ratio = min(contrast(own, ground) for ground in grounds)
    if ratio >= least:
        return
    inks = [ink_on(ground) for ground in grounds]
    ink = max(inks, key=lambda one: min(contrast(one, ground) for ground in grounds))
    is_better = min(contrast(ink, ground) for ground in grounds) > ratio
    yield Finding(
        field,
        _("%(what)s can hardly be told from what lies behind.") % {"what": what},
        _("Contrast is %(ratio).1f to 1; %(least).1f is needed (WCAG 2.2).") % {"ratio": ratio, "least": least},
        "bad" if ratio < least * 0.66 else "warn",
        read_design({**design.as_json(), field: ink}) if is_better else None,
    )


def _sizes(design: Design) -> Iterator[Finding]:
    size = lay_out(design).icon[2]
    if design.icon and not design.centre:
        pixels = icon_stroke(size) * (0.87 if design.ribbon else 1) * _THUMBNAIL / SIZE
        if pixels < _THIN or size < 130:
            larger = replace(design, icon_size=max(42, design.icon_size))
            helps = lay_out(larger).icon[2] > size * 1.1
            yield Finding(
                "icon_size",
                _("The icon is small: in a list nobody can see what it shows."),
                _("At 64 pixels its lines are %(pixels).1f pixels wide.") % {"pixels": pixels},
                "warn",
                larger if helps else None,
            )
    if any((design.top, design.bottom, design.banner, design.ribbon)):
        field = next(name for name in ("top", "bottom", "banner", "ribbon") if getattr(design, name))
        longest = max(len(design.top), len(design.bottom), len(design.banner) * 1.4)
        if longest > 24:
            yield Finding(
                field,
                _("These words cannot be read in a list. Say them in the name of the badge too."),
                _("At 64 pixels letters of so long a line are smaller than 4 pixels."),
                "warn",
            )
    if design.banner and design.banner_style == "none":
        yield Finding(
            "banner_style",
            _("The words of the banner do not show: no banner is chosen."),
            _("Choose a banner, or take the words away."),
            "warn",
            replace(design, banner_style="ribbon"),
        )


def _amounts(design: Design, logo: Picture | None) -> Iterator[Finding]:
    if not (design.icon or design.centre or (design.logo and logo) or design.banner):
        yield Finding(
            "icon",
            _("The middle is empty. Choose an icon, or up to four signs."),
            _("People tell badges apart by what is in the middle."),
            "warn",
        )
    parts = sum(
        map(
            bool,
            (
                design.icon or design.centre,
                design.top,
                design.bottom,
                design.banner,
                design.stars,
                design.ribbon,
                design.logo,
            ),
        )
    )
    if parts >= _MUCH:
        yield Finding(
            "top" if design.top else "banner",
            _("There is much on this badge. Leave out what its name says already."),
            _("Of %(count)d parts in so little room, few are seen.") % {"count": parts},
            "warn",
        )
