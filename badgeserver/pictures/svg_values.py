"""Judge single values of an SVG: what they may call and what they may point at."""

import re

from badgeserver.pictures.errors import PictureRefused
from badgeserver.pictures.svg_rules import FUNCTIONS, OUTSIDE_SENTENCE, REFERRING, SCRIPT_SENTENCE

ID = re.compile(r"[\w.:-]{1,200}")
_LOCAL_URL = re.compile(r"url\(\s*(?P<quote>[\"']?)#(?P<id>[\w.:-]{1,200})(?P=quote)\s*\)", re.IGNORECASE)
_ANY_URL = re.compile(r"url\s*\(|@import|\bsrc\s*\(|image-set\s*\(", re.IGNORECASE)
_SCHEME = re.compile(r"(?:javascript|vbscript|livescript|data)\s*:|expression\s*\(", re.IGNORECASE)
# The look-behind lets each word be tried once: without it a long word costs the square of its length.
_FUNCTION = re.compile(r"(?<![\w-])([\w-]+)\s*\(")
_PLAIN = re.compile(r"[^<>{}\\`]*")


def check_harmless(value: str) -> None:
    """Raise PictureRefused if a value loads or runs something, whatever attribute or property it stands in.

    White space and control characters are taken out first, because browsers ignore them inside a scheme.
    """
    squeezed = re.sub(r"[\s\x00-\x20]+", "", value)
    if _SCHEME.search(squeezed):
        raise PictureRefused(SCRIPT_SENTENCE)
    if _ANY_URL.search(_LOCAL_URL.sub("", value)):
        raise PictureRefused(OUTSIDE_SENTENCE)


def is_plain(value: str, *, may_refer: bool = False) -> bool:
    """Whether a value that is read as CSS consists of known functions and ordinary characters only.

    A backslash is never ordinary: it can spell ``url`` in a way that a reader of plain text does not see.
    """
    if not _PLAIN.fullmatch(value):
        return False
    functions = {name.lower() for name in _FUNCTION.findall(value)}
    if "url" in functions and not may_refer:
        return False
    return functions <= FUNCTIONS


def property_value(name: str, value: str) -> str | None:
    """Return the value of a CSS property or presentation attribute as it may be kept, or None to leave it out."""
    check_harmless(value)
    kept = value.strip()
    return kept if kept and is_plain(kept, may_refer=name in REFERRING) else None


def referred_ids(value: str) -> list[str]:
    """Return the ids that ``url(#id)`` names in a value."""
    return [match["id"] for match in _LOCAL_URL.finditer(value)]
