"""What is different between two versions of a badge, field by field and word by word."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from badges.models import Alignment, BadgeClass, EarningStep
from badges.queries import picture_url
from badges.rules import differences
from issuers.models import Organisation

Kind = Literal["same", "added", "removed"]

_WORD = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, came or went."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class TextChange:
    """One text, with the words that came and went."""

    label: str
    pieces: list[Piece]
    is_quoted: bool = True  # in the badge's own language; else in that of the page


@dataclass(frozen=True, slots=True)
class Row:
    """One item of a list: a step, a skill, a tag. A changed one has its words marked."""

    kind: Kind
    pieces: list[Piece]

    @property
    def is_changed(self) -> bool:
        return self.kind != "same" or any(piece.kind != "same" for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class ListChange:
    """One list, with the items that stayed, came and went."""

    label: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions side by side; `unchanged` names what says the same in both."""

    before: BadgeClass
    after: BadgeClass
    has_new_picture: bool
    texts: list[TextChange]
    lists: list[ListChange]
    unchanged: list[str]

    @property
    def has_changes(self) -> bool:
        return self.has_new_picture or bool(self.texts or self.lists)

    @property
    def changed(self) -> list[str]:
        """The names of what is different."""
        picture = [_("Picture")] if self.has_new_picture else []
        return [*picture, *(text.label for text in self.texts), *(listed.label for listed in self.lists)]


def compare(before: BadgeClass, after: BadgeClass) -> Comparison:
    """Return what is different; load both through `queries.with_parts`."""
    texts, lists, unchanged = [], [], []
    ours = {_("Level"), _("Purpose"), _("Basis"), _("Category"), _("Valid"), _("Licence")}
    for label, old, new in _texts(before, after):
        if old == new:
            if new:
                unchanged.append(label)
        else:
            texts.append(TextChange(label, compare_words(old, new), is_quoted=label not in ours))
    for label, olds, news in _lists(before, after):
        if olds == news:
            if news:
                unchanged.append(label)
        else:
            lists.append(ListChange(label, _rows(olds, news)))
    has_new_picture = not _same_file(str(before.image.name), str(after.image.name))
    if not has_new_picture:
        unchanged.insert(0, _("Picture"))
    return Comparison(before, after, has_new_picture, texts, lists, unchanged)


def side_by_side(comparison: Comparison | None, organisation: Organisation) -> dict[str, object]:
    """Return what `badges/_comparison.html` needs to show a comparison to members, with its two pictures."""
    if comparison is None:
        return {"comparison": None}
    return {
        "comparison": comparison,
        "before_picture": picture_url(comparison.before, organisation),
        "after_picture": picture_url(comparison.after, organisation),
    }


def compare_words(before: str, after: str) -> list[Piece]:
    """Return the words of both texts in reading order: what went stands before what came in its place."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    # A word is the same whether a line ends after it or not.
    found = differences([word.strip() for word in old], [word.strip() for word in new])
    pieces: list[Piece] = []
    for tag, start, end, new_start, new_end in found:
        if tag == "equal":
            pieces.append(Piece("same", "".join(new[new_start:new_end])))
            continue
        pieces += _marked("removed", "".join(old[start:end]))
        pieces += _marked("added", "".join(new[new_start:new_end]))
    return pieces


def _marked(kind: Kind, text: str) -> list[Piece]:
    """Return the words as one run, and the blank after them apart: it is neither struck out nor underlined."""
    words = text.rstrip()
    pieces = [Piece(kind, words), Piece("same", text[len(words) :])]
    return [piece for piece in pieces if piece.text]


def _texts(before: BadgeClass, after: BadgeClass) -> Iterable[tuple[str, str, str]]:
    def both(label: str, old: object, new: object) -> tuple[str, str, str]:
        return label, str(old or ""), str(new or "")

    yield both(_("Name"), before.name, after.name)
    yield both(_("Description"), before.description, after.description)
    yield both(_("What one must show"), before.criteria_narrative, after.criteria_narrative)
    yield both(_("Page with the criteria"), before.criteria_url, after.criteria_url)
    yield both(_("What is learned"), before.learned, after.learned)
    yield both(_("How it is used at work"), before.applied, after.applied)
    yield both(_("How it is assessed"), before.assessed, after.assessed)
    yield both(_("Why it matters, and in which roles"), before.useful_for, after.useful_for)
    yield both(_("Level"), before.level_name, after.level_name)
    yield both(_("Purpose"), before.get_purpose_display(), after.get_purpose_display())
    yield both(_("Basis"), before.get_basis_display(), after.get_basis_display())
    yield both(_("Category"), before.get_category_display(), after.get_category_display())
    yield both(_("Valid"), before.validity_sentence, after.validity_sentence)
    yield both(_("Issuer"), before.issuer.name, after.issuer.name)
    yield both(_("The picture in words"), before.image_alt, after.image_alt)
    yield both(_("Where to apply"), before.apply_url, after.apply_url)
    yield both(_("Licence"), before.get_licence_display(), after.get_licence_display())
    yield both(_("Place"), _place(before), _place(after))
    yield both(_("Language"), before.language, after.language)
    yield both(_("Further statements"), _further(before), _further(after))


def _place(badge_class: BadgeClass) -> str:
    return f"{badge_class.place} ({badge_class.latitude}, {badge_class.longitude})" if badge_class.place else ""


def _further(badge_class: BadgeClass) -> str:
    """What was taken over from elsewhere, as it came."""
    return json.dumps(badge_class.extensions, sort_keys=True, ensure_ascii=False) if badge_class.extensions else ""


def _lists(before: BadgeClass, after: BadgeClass) -> Iterable[tuple[str, list[str], list[str]]]:
    yield _("How to earn it"), _step_lines(before.earning_steps.all()), _step_lines(after.earning_steps.all())
    yield _("Skills"), _skill_lines(before.alignments.all()), _skill_lines(after.alignments.all())
    yield _("Tags"), list(before.tags), list(after.tags)


def _step_lines(steps: Iterable[EarningStep]) -> list[str]:
    return [f"{step.get_kind_display()}: {step.text}" + (f" ({step.url})" if step.url else "") for step in steps]


def _skill_lines(skills: Iterable[Alignment]) -> list[str]:
    return [
        " ".join(
            part
            for part in [
                skill.target_name,
                f"({' '.join(filter(None, [skill.target_framework, skill.target_code]))})"
                if skill.target_framework or skill.target_code
                else "",
                f"{skill.target_description}" if skill.target_description else "",
                skill.target_url,
            ]
            if part
        )
        for skill in skills
    ]


def _rows(before: Sequence[str], after: Sequence[str]) -> list[Row]:
    """Return the items in their new order; one that was reworded is one row with its words marked."""
    rows: list[Row] = []
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [Row("same", [Piece("same", text)]) for text in after[new_start:new_end]]
            continue
        olds, news = list(before[start:end]), list(after[new_start:new_end])
        while olds and news and SequenceMatcher(None, olds[0], news[0]).ratio() >= 0.5:
            rows.append(Row("same", compare_words(olds.pop(0), news.pop(0))))
        rows += [Row("removed", [Piece("removed", text)]) for text in olds]
        rows += [Row("added", [Piece("added", text)]) for text in news]
    return rows


def _same_file(first: str, second: str) -> bool:
    """Whether two stored pictures show the same; each version has its own file, so names say nothing."""
    if not first or not second:
        return first == second
    try:
        if default_storage.size(first) != default_storage.size(second):
            return False
        with default_storage.open(first) as one, default_storage.open(second) as other:
            return bool(one.read() == other.read())
    except FileNotFoundError:
        return False
