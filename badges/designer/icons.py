"""The icons that a badge may show: Lucide's, read from its package; pure."""

import importlib.resources
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from functools import cache, lru_cache

_TAG = re.compile(r"<(path|circle|rect|line|ellipse|polyline|polygon)\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"<>&]*)"')

# What people search for at work, in English and German, and what shows it; names that the package lacks do not count.
_TOPICS: dict[str, str] = {
    "safety sicherheit schutz arbeitsschutz": "shield-check hard-hat triangle-alert shield traffic-cone life-buoy",
    "data daten analysis analyse statistik": "chart-line chart-no-axes-combined database chart-pie chart-column",
    "leadership führung leiten leader lead": "compass crown flag mountain route users-round",
    "customer kunde kunden service kundendienst": "headset smile handshake heart-handshake message-circle-heart",
    "onboarding welcome willkommen einarbeitung": "door-open hand-heart map sprout rocket",
    "coding programming programmieren software": "code-xml braces terminal git-branch bug",
    "first aid erste hilfe health gesundheit": "heart-pulse cross briefcase-medical bandage stethoscope",
    "sustainability nachhaltigkeit umwelt environment climate klima": "leaf recycle sprout trees wind earth",
    "language sprache sprachen translation": "languages message-circle globe book-open speech",
    "innovation idea idee": "lightbulb rocket sparkles flask-conical wand-sparkles",
    "team teamwork zusammenarbeit values werte": "handshake users puzzle heart-handshake hand-helping",
    "mastery meister expert experte excellence": "crown trophy award medal gem star",
    "learning lernen training schulung course kurs": "graduation-cap book-open school notebook-pen library",
    "fire feuer brandschutz": "flame fire-extinguisher siren",
    "transport logistics logistik lager warehouse": "truck forklift package warehouse container ship",
    "security datenschutz privacy cyber": "lock-keyhole shield-check key-round fingerprint scan-eye",
    "quality qualität": "badge-check circle-check-big ruler microscope clipboard-check",
    "communication kommunikation gespräch conversation": "messages-square message-circle megaphone speech",
    "project projekt management planung planning": "kanban calendar-check target list-checks milestone",
    "finance finanzen money geld": "coins wallet banknote piggy-bank landmark",
    "sales verkauf vertrieb": "handshake trending-up store badge-percent",
    "machine maschine technik engineering maintenance wartung": "cog wrench settings factory hammer bolt",
    "electricity strom elektro": "zap plug cable lightbulb",
    "chemistry chemie labor laboratory": "flask-conical test-tube atom microscope biohazard",
    "law recht compliance": "scale gavel scroll-text file-check stamp",
    "mentoring coaching mentor": "sprout user-round-check hand-helping signpost",
    "volunteer ehrenamt help hilfe": "hand-heart heart-handshake life-buoy hand-helping",
    "food küche kitchen gastro": "chef-hat utensils salad coffee wheat",
    "ki ai artificial intelligence": "brain bot sparkles brain-circuit cpu",
    "presentation präsentation": "presentation projector mic megaphone",
}


@cache
def _archive() -> dict[str, str]:
    """Every icon as it stands in the package: 1,700 small texts, read once in some hundredths of a second."""
    with (importlib.resources.files("lucide") / "lucide.zip").open("rb") as opened, zipfile.ZipFile(opened) as icons:
        names = sorted(name for name in icons.namelist() if name.endswith(".svg"))
        return {name.removesuffix(".svg"): icons.read(name).decode() for name in names}


def icon_names() -> Sequence[str]:
    """Return all names, in alphabetical order."""
    return tuple(_archive())


def is_icon(name: str) -> bool:
    """Whether there is an icon of that name."""
    return name in _archive()


@lru_cache(maxsize=512)
def icon_shapes(name: str) -> str:
    """Return what stands inside an icon's `<svg>`, to be drawn as lines on a square of 24 by 24.

    Dots that are filled say `fill="currentColor"`. Raises `KeyError` for an unknown icon.
    """
    shapes = []
    for tag, written in _TAG.findall(_archive()[name]):
        attributes = "".join(f' {key}="{value}"' for key, value in _ATTRIBUTE.findall(written))
        shapes.append(f"<{tag}{attributes}/>")
    return "".join(shapes)


def search_icons(words: str, *, limit: int = 60) -> list[str]:
    """Return names of icons that fit the words (their names, or topics of work in English or German), best first."""
    asked = [_plain(word) for word in re.split(r"[\s,;/_-]+", words[:200]) if word]
    if not asked:
        return []
    ranks: dict[str, float] = {}
    for name in _archive():
        parts = name.split("-")
        score = sum(_fits(word, name, parts) for word in asked)
        if score:
            ranks[name] = score - len(parts) / 10
    for topic, names in _topics():
        hits = sum(any(key == word or (len(word) > 2 and key.startswith(word)) for key in topic) for word in asked)
        for place, name in enumerate(names if hits else ()):
            ranks[name] = ranks.get(name, 0) + 7 * hits - place / 2
    return sorted(ranks, key=lambda name: (-ranks[name], name))[: max(0, limit)]


def _fits(word: str, name: str, parts: Sequence[str]) -> float:
    if word == name:
        return 12
    if word in parts:
        return 8 - parts.index(word)
    if any(part.startswith(word) for part in parts):
        return 4
    return 2 if len(word) > 2 and word in name else 0


@cache
def _topics() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    return tuple(
        (tuple(_plain(word) for word in words.split()), tuple(name for name in names.split() if is_icon(name)))
        for words, names in _TOPICS.items()
    )


def _plain(word: str) -> str:
    """Small letters without accents."""
    split = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in split if not unicodedata.combining(sign))
