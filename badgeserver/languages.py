"""Languages: their tags, their own names, and which one a reader prefers."""

import re
from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language, get_language_info

#: Languages by their own names, under their BCP 47 tags (OB2-ISS-119).
LANGUAGES = [
    ("id", "Bahasa Indonesia"),
    ("ca", "Català"),
    ("cs", "Čeština"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("de-AT", "Deutsch (Österreich)"),
    ("de-CH", "Deutsch (Schweiz)"),
    ("et", "Eesti"),
    ("en", "English"),
    ("en-GB", "English (United Kingdom)"),
    ("en-US", "English (United States)"),
    ("es", "Español"),
    ("es-MX", "Español (México)"),
    ("eu", "Euskara"),
    ("fr", "Français"),
    ("fr-CA", "Français (Canada)"),
    ("ga", "Gaeilge"),
    ("hr", "Hrvatski"),
    ("it", "Italiano"),
    ("lv", "Latviešu"),
    ("lt", "Lietuvių"),
    ("hu", "Magyar"),
    ("nl", "Nederlands"),
    ("nb", "Norsk bokmål"),
    ("nn", "Norsk nynorsk"),
    ("pl", "Polski"),
    ("pt-BR", "Português (Brasil)"),
    ("pt-PT", "Português (Portugal)"),
    ("ro", "Română"),
    ("sk", "Slovenčina"),
    ("sl", "Slovenščina"),
    ("fi", "Suomi"),
    ("sv", "Svenska"),
    ("vi", "Tiếng Việt"),
    ("tr", "Türkçe"),
    ("el", "Ελληνικά"),
    ("bg", "Български"),
    ("ru", "Русский"),
    ("sr", "Српски"),
    ("uk", "Українська"),
    ("he", "עברית"),
    ("ar", "العربية"),
    ("fa", "فارسی"),
    ("hi", "हिन्दी"),
    ("th", "ไทย"),
    ("ko", "한국어"),
    ("ja", "日本語"),
    ("zh-Hans", "简体中文"),
    ("zh-Hant", "繁體中文"),
]

_NAMES = dict(LANGUAGES)
_RANGE = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?", re.ASCII)
#: Those that write the name of a language with a small letter.
_SAY_LANGUAGES_SMALL = {"es", "fr", "it"}
_RIGHT_TO_LEFT = {"ar", "fa", "he", "ur", "yi"}

#: No browser sends more; the rest of a longer header is not looked at.
_MOST_CHARACTERS = 500


def language_name(tag: str) -> str:
    """Return what speakers of a language call it; its tag where that is not known here."""
    return _NAMES.get(tag) or _NAMES.get(_primary(tag)) or tag


def is_right_to_left(tag: str) -> bool:
    return _primary(tag) in _RIGHT_TO_LEFT


def spoken(tag: str) -> str:
    """Return the language of our own words beside a text in the language `tag`: the same where we speak it."""
    primary = _primary(tag)
    return primary if primary in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def readers_language(accepted: str, *, beside: str = "") -> str:
    """Return the language of our own words for a reader, by the `Accept-Language` that was sent.

    Who wishes for none that we speak is answered in the language of what they look at (`beside`), else in English.
    """
    ours = [tag for tag, _name in settings.LANGUAGES]
    return preferred_language(accepted, ours) or spoken(beside or settings.LANGUAGE_CODE)


def language_said(tag: str) -> str:
    """Return what a language is called within a sentence of the active language: “German”, “Deutsch”, “allemand”."""
    try:
        name = str(get_language_info(tag.lower())["name_translated"])
    except KeyError:
        return language_name(tag)
    return name[:1].lower() + name[1:] if get_language() in _SAY_LANGUAGES_SMALL else name


def preferred_language(accepted: str, available: Iterable[str]) -> str:
    """Return which of the available languages a reader likes best, by the `Accept-Language` that was sent.

    Each wish counts in the order of its quality: first for exactly this language, then for the language without its
    region, then for the same language of another region. "" when nothing fits, or nothing is wished for.
    """
    offered = list(available)
    for wish in _wishes(accepted[:_MOST_CHARACTERS]):
        for fits in (_is_same, _is_wider, _is_kin):
            found = next((tag for tag in offered if fits(tag.lower(), wish)), None)
            if found is not None:
                return found
    return ""


@lru_cache(maxsize=512)  # browsers send few different headers
def _wishes(accepted: str) -> list[str]:
    """Return the languages of the header, best first; what is no language and what is refused (`q=0`) is left out."""
    parts = [_RANGE.fullmatch(part) for part in accepted.split(",")]
    wishes = [(float(part[2] or 1), part[1].lower()) for part in parts if part and part[1] != "*"]
    return [tag for quality, tag in sorted(wishes, key=lambda wish: -wish[0]) if quality > 0]


def _is_same(tag: str, wish: str) -> bool:
    return tag == wish


def _is_wider(tag: str, wish: str) -> bool:
    return wish.startswith(f"{tag}-")


def _is_kin(tag: str, wish: str) -> bool:
    return _primary(tag) == _primary(wish)


def _primary(tag: str) -> str:
    return tag.split("-", 1)[0].lower()
