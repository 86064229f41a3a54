"""Which other badge of an organisation is nearly the same: by its name, or by its skills and level. Pure."""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Literal

from badges.models import BadgeClass

#: So much alike are names that one takes for the same.
ALIKE = 0.86
#: So many names that begin alike are compared; in a list of so many, one twin more helps nobody.
MOST_COMPARED = 80
_WORD = re.compile(r"[^\W\d_]{3,}")
#: What tells one rung of a ladder from the next: two names that differ in this alone are no twins.
_RUNG = re.compile(
    r"\b(?:[ivx]{1,4}|\d{1,2}|a[12]|b[12]|c[12]|basic|basics|beginner|intermediate|advanced|expert|foundation|senior|"
    r"junior|level|stufe|grundlagen|aufbau|fortgeschritten\w{0,3}|profi|grundkurs|aufbaukurs)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Other:
    """Another badge, as far as it is compared."""

    pk: uuid.UUID
    series: uuid.UUID
    name: str
    level: int | None
    skills: frozenset[str] = frozenset()  # addresses

    @property
    def folded(self) -> str:
        return fold(self.name)


@dataclass(frozen=True, slots=True)
class Twin:
    pk: uuid.UUID
    name: str
    by: Literal["name", "skills"]


def fold(name: str) -> str:
    return " ".join(name[:200].casefold().split())


class Others:
    """The other badges of an organisation, looked up in without comparing each with each."""

    def __init__(self, badges: Iterable[Other] = ()) -> None:
        self.badges = list(badges)

    @cached_property
    def _by_start(self) -> dict[str, list[tuple[str, Other]]]:
        found: dict[str, list[tuple[str, Other]]] = {}
        for other in self.badges:
            folded = other.folded
            for start in _starts(folded):
                found.setdefault(start, []).append((folded, other))
        return found

    @cached_property
    def _by_skills(self) -> dict[tuple[frozenset[str], int | None], list[Other]]:
        found: dict[tuple[frozenset[str], int | None], list[Other]] = {}
        for other in self.badges:
            if other.skills and other.level:
                found.setdefault((other.skills, other.level), []).append(other)
        return found

    def twin_of(self, badge: BadgeClass, skills: Sequence[str]) -> Twin | None:
        """Return the badge that is nearly the same; names first. A version of the same badge is no twin."""
        by_name = self._twin_by_name(badge)
        if by_name is not None:
            return Twin(by_name.pk, by_name.name, "name")
        if badge.level and skills:
            for other in self._by_skills.get((frozenset(skills), badge.level), []):
                if other.series != badge.series:
                    return Twin(other.pk, other.name, "skills")
        return None

    def _twin_by_name(self, badge: BadgeClass) -> Other | None:
        folded = fold(badge.name)
        bare = _RUNG.sub("", folded)
        near = {
            other.pk: (name, other)
            for start in _starts(folded)
            for name, other in self._by_start.get(start, [])[:MOST_COMPARED]
        }
        best, most = None, ALIKE
        matcher = SequenceMatcher(None, autojunk=False)
        matcher.set_seq2(folded)
        for name, other in list(near.values())[:MOST_COMPARED]:
            if other.series == badge.series or _is_rung(folded, bare, name, badge, other):
                continue
            matcher.set_seq1(name)
            if matcher.real_quick_ratio() >= most and matcher.quick_ratio() >= most and matcher.ratio() >= most:
                best, most = other, matcher.ratio()
        return best


def _is_rung(folded: str, bare: str, name: str, badge: BadgeClass, other: Other) -> bool:
    """Whether two names stand for two levels of one thing."""
    if badge.level and other.level and badge.level != other.level:
        return True
    return folded != name and fold(_RUNG.sub("", name)) == fold(bare)


def _starts(folded: str) -> set[str]:
    return {word[:4] for word in _WORD.findall(folded)}
