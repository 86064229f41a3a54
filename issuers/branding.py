"""How an organisation looks on its public pages and in its mails: one colour, one logo, checked for contrast."""

import colorsys
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from allauth.account.models import EmailAddress
from django.core.files.storage import default_storage
from django.urls import reverse

from badgeserver.colours import TEXT_CONTRAST, contrast, ink_on, parse_colour, readable
from badgeserver.languages import spoken
from badgeserver.openbadges.identity import normalize_email
from issuers.models import Issuer, Organisation

#: The grounds of `static/css/tokens.css` on which the colour is hardest to read: sunken light, raised dark.
LIGHT_GROUND, DARK_GROUND = "#f4f2ee", "#212429"
PRODUCT_ACCENT = "#2f4bd6"
LIGHT_PAPER, DARK_PAPER = "#ffffff", "#1a1c20"


@dataclass(frozen=True, slots=True)
class Tones:
    """One colour for one theme: for links and buttons, under the pointer, for words on it, as a soft ground."""

    accent: str
    hover: str
    ink: str
    soft: str


@dataclass(frozen=True, slots=True)
class Brand:
    """What the head of a public page shows: a name, where it leads, a logo and a style sheet, or "" for ours."""

    name: str
    url: str
    logo_url: str
    style_url: str


@lru_cache(maxsize=256)
def tones_of(accent: str) -> tuple[Tones, Tones]:
    """Return the tones of “#rrggbb” for the light and the dark theme: its hue, so light or dark that it can be read.

    Links reach 4.5:1 on every ground of their theme, their soft ground too, and words on buttons 4.5:1 on the colour
    (WCAG 2.2, 1.4.3).
    """
    return (
        _tones(accent, ground=LIGHT_GROUND, paper=LIGHT_PAPER, share=0.08),
        _tones(accent, ground=DARK_GROUND, paper=DARK_PAPER, share=0.16),
    )


def was_adjusted(accent: str) -> bool:
    """Whether the colour itself is too light to be read on a light page, so that a darker tone stands for it there."""
    return tones_of(accent)[0].accent != accent


def style_sheet(accent: str) -> str:
    """Return the style sheet that sets the accent of a page. `accent` is “#rrggbb”, checked."""
    light, dark = tones_of(accent)
    pairs = {
        "--accent": (light.accent, dark.accent),
        "--accent-hover": (light.hover, dark.hover),
        "--accent-ink": (light.ink, dark.ink),
        "--accent-soft": (light.soft, dark.soft),
    }
    said = "".join(f"{name}:light-dark({one},{other});" for name, (one, other) in pairs.items())
    return f":root{{{said}}}\n"


def brand_of(issuer: Issuer) -> Brand:
    """Return the look of an issuer's public pages: its own logo, else its organisation's.

    Load the organisation along with the issuer.
    """
    organisation, address = issuer.organisation, reverse("public:issuer", args=[issuer.pk])
    has_logo = bool(issuer.image or organisation.logo)
    logo_url = reverse("public:issuer-image", args=[issuer.pk]) if has_logo else ""
    return Brand(name=issuer.name, url=address, logo_url=logo_url, style_url=_style_url(organisation))


def brand_of_organisation(organisation: Organisation, *, url: str) -> Brand:
    """Return the look of a public page for which none of its issuers stands; `url` is where its name leads."""
    return Brand(name=organisation.name, url=url, logo_url="", style_url=_style_url(organisation))


def _style_url(organisation: Organisation) -> str:
    return reverse("issuers:brand-style", args=[organisation.accent[1:]]) if organisation.accent else ""


@dataclass(frozen=True, slots=True)
class MailLook:
    """How a mail looks and speaks: `context` for `emails/base.html`, `pictures` and `language` for `mail.send`."""

    context: dict[str, Any]
    pictures: dict[str, bytes]
    language: str


def mail_look(organisation: Organisation, *, to: str, name: str = "") -> MailLook:
    """Return the look of a mail that speaks for the organisation, or under `name` for one of its issuers.

    Its language is the one that the account chose to which the address `to` belongs, else the organisation's.
    """
    light, dark = tones_of(organisation.accent) if organisation.accent else (None, None)
    logo = _logo_png(organisation)
    brand = {"name": name or organisation.name, "light": light, "dark": dark, "has_logo": logo is not None}
    account = EmailAddress.objects.filter(email=normalize_email(to), verified=True).exclude(user__language="")
    chosen = account.values_list("user__language", flat=True).first()
    return MailLook(
        context={"brand": brand},
        pictures={} if logo is None else {"logo": logo},
        language=spoken(chosen or organisation.language),
    )


def _logo_png(organisation: Organisation) -> bytes | None:
    """Return the logo for a mail, or None. A file that is gone is no logo."""
    if not organisation.logo_png:
        return None
    try:
        with default_storage.open(str(organisation.logo_png.name)) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None


def _tones(accent: str, *, ground: str, paper: str, share: float) -> Tones:
    soft = _mixed(accent, paper, share)
    tone = accent
    # The words on a button must be readable as well: in the middle of the scale neither ink is, so one step further.
    for on in (ground, soft, paper):
        tone = readable(tone, on=on)
    return Tones(accent=tone, hover=_stronger(tone, on=paper), ink=_ink(tone), soft=soft)


def _ink(tone: str) -> str:
    ink = ink_on(tone)
    return ink if contrast(ink, tone) >= TEXT_CONTRAST else "#000000"


def _stronger(tone: str, *, on: str) -> str:
    """Return the tone a little further away from the ground: what happens to a button under the pointer."""
    return readable(tone, on=on, at_least=min(contrast(tone, on) * 1.2, 20.0))


def _mixed(colour: str, ground: str, share: float) -> str:
    parts = (
        round(int(colour[at : at + 2], 16) * share + int(ground[at : at + 2], 16) * (1 - share)) for at in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)


def suggested_accents() -> list[str]:
    """Return a dozen colours to start from, round the circle of hues, each readable as it is."""
    hues = (0.61, 0.66, 0.74, 0.83, 0.92, 0.0, 0.04, 0.09, 0.27, 0.40, 0.48, 0.55)
    found = []
    for hue in hues:
        red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, 0.38, 0.62))
        found.append(readable(parse_colour(f"#{red:02x}{green:02x}{blue:02x}"), on=LIGHT_GROUND))
    return found
