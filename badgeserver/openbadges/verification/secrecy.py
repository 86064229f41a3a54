"""Keeping identities out of everything that is said: what a page shows must not tell whose badge it is."""

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

_Said = TypeVar("_Said")

_SHORTEST = 5
"""Shorter identities are no addresses, and their letters would be found in every text."""

HIDDEN = "…"


def without(said: _Said, identities: Iterable[str]) -> _Said:
    """A dataclass with every identity blotted out of its texts, however deep, in whatever case it is written."""
    words = sorted({word.strip() for word in identities if len(word.strip()) >= _SHORTEST}, key=len, reverse=True)
    if not words:
        return said
    pattern = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
    return cast(_Said, _blotted(said, pattern))


def _blotted(value: object, pattern: re.Pattern[str]) -> object:
    if type(value) is str:
        return pattern.sub(HIDDEN, value)
    if isinstance(value, tuple):
        return tuple(_blotted(item, pattern) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _blotted(getattr(value, field.name), pattern) for field in fields(value)})
    return value
