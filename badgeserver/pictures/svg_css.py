"""The part of CSS that drawing programs write: class rules and style attributes, resolved into each element."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from badgeserver.pictures.errors import PictureRefused
from badgeserver.pictures.svg_rules import FONT_SENTENCE, OUTSIDE_SENTENCE, PROPERTIES
from badgeserver.pictures.svg_values import check_harmless, property_value

MAX_RULES = 2_000
MAX_COMPOUNDS = 4
# Comparisons of a rule with an element, and declarations applied, over the whole drawing: about a second at worst.
MAX_STEPS = 500_000
MAX_VALUE_LENGTH = 1_000
_TOO_MANY_RULES = (
    "This SVG has too many style rules. Export it again with fewer styles (for example as presentation attributes) "
    "and upload that."
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_COMPOUND = re.compile(r"(?P<type>\*|[A-Za-z][\w-]*)?(?P<rest>(?:[.#][\w-]+)*)")
_PART = re.compile(r"([.#])([\w-]+)")
_STRUCTURE = re.compile(r"[{};]")
# Strings stay whole, so that a semicolon in a font name does not end a declaration.
_TOKEN = re.compile(r"\"[^\"]*\"|'[^']*'|;|[^;\"']+|[\"']")
_IMPORTANT = re.compile(r"\s*!\s*important\s*\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Subject:
    """What a selector can ask of an element."""

    tag: str
    id: str
    classes: frozenset[str]


@dataclass(frozen=True)
class _Compound:
    tag: str
    ids: frozenset[str]
    classes: frozenset[str]

    def key(self) -> str:
        """Return a mark that every matching element bears: an id, a class, a type, or ``*`` which all do."""
        if self.ids:
            return f"#{min(self.ids)}"
        return f".{min(self.classes)}" if self.classes else self.tag

    def matches(self, subject: Subject) -> bool:
        return (
            self.tag in ("*", subject.tag)
            and self.classes <= subject.classes
            and (not self.ids or self.ids == {subject.id})
        )


@dataclass(frozen=True)
class Declaration:
    """One property with its value; ``important`` as CSS means it."""

    name: str
    value: str
    important: bool


# (compound, "is the direct parent of the next one"); the last compound is the element itself.
_Path = tuple[tuple[_Compound, bool], ...]


@dataclass(frozen=True)
class _Rule:
    path: _Path
    specificity: tuple[int, int, int]
    declarations: tuple[Declaration, ...]


class StyleSheet:
    """The rules of all ``<style>`` elements of a drawing.

    Understood: lists of type, ``*``, class and id selectors, joined by descendant and child combinators. Rules with
    other selectors and other at-rules (media, keyframes) are left out. Fonts and anything that would be loaded are
    refused.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._rules: list[_Rule] = []
        self._steps_left = MAX_STEPS
        for text in texts:
            self._read(_COMMENT.sub(" ", text))
        self._rules.sort(key=lambda rule: rule.specificity)  # stable: later rules of equal weight stay later
        # Most rules name a class; an element is compared only with the rules that name one of its own.
        self._by_key: dict[str, list[int]] = {}
        for index, rule in enumerate(self._rules):
            self._by_key.setdefault(rule.path[-1][0].key(), []).append(index)

    def resolve(self, subject: Subject, ancestors: Sequence[Subject], style: str) -> dict[str, str]:
        """Return the properties that hold for an element, later ones overruling earlier ones.

        ``ancestors`` goes from the root to the parent; ``style`` is the element's own style attribute.
        """
        declarations: list[Declaration] = []
        for rule in self._candidates(subject):
            if self._matches(rule.path, subject, ancestors):
                self._spend(len(rule.declarations))
                declarations += rule.declarations
        declarations += read_declarations(style)
        winners: dict[str, str] = {}
        for important in (False, True):
            for declaration in declarations:
                if declaration.important is important:
                    winners.pop(declaration.name, None)
                    winners[declaration.name] = declaration.value
        return winners

    def _read(self, text: str) -> None:
        """Walk the sheet once, brace to brace; quotes are not told apart, because every piece is judged anyway."""
        start = opening = depth = 0
        for mark in _STRUCTURE.finditer(text):
            if mark[0] == "{":
                opening = opening if depth else mark.start()
                depth += 1
            elif mark[0] == "}" and depth:
                depth -= 1
                if not depth:
                    self._add(text[start:opening].strip(), text[opening + 1 : mark.start()])
                    start = mark.end()
            elif not depth:
                _judge_at_rule(text[start : mark.start()], "")
                start = mark.end()
        _judge_at_rule(text[start:], "")

    def _candidates(self, subject: Subject) -> Iterator[_Rule]:
        keys = ["*", subject.tag, f"#{subject.id}", *(f".{name}" for name in subject.classes)]
        return (self._rules[index] for index in sorted(index for key in keys for index in self._by_key.get(key, ())))

    def _matches(self, path: _Path, subject: Subject, ancestors: Sequence[Subject]) -> bool:
        self._spend(1)
        if not path[-1][0].matches(subject):
            return False
        if len(path) == 1:
            return True
        rest = path[:-1]
        if rest[-1][1]:
            return bool(ancestors) and self._matches(rest, ancestors[-1], ancestors[:-1])
        return any(self._matches(rest, ancestors[at], ancestors[:at]) for at in range(len(ancestors)))

    def _spend(self, steps: int) -> None:
        self._steps_left -= steps
        if self._steps_left < 0:
            raise PictureRefused(_TOO_MANY_RULES)

    def _add(self, selectors: str, body: str) -> None:
        if selectors.startswith("@"):
            _judge_at_rule(selectors, body)
            return
        declarations = tuple({(one.name, one.important): one for one in read_declarations(body)}.values())
        for selector in selectors.split(","):
            path = _read_selector(selector)
            if not path or not declarations:
                continue
            if len(self._rules) >= MAX_RULES:
                raise PictureRefused(_TOO_MANY_RULES)
            compounds = [compound for compound, _ in path]
            specificity = (
                sum(len(compound.ids) for compound in compounds),
                sum(len(compound.classes) for compound in compounds),
                sum(compound.tag != "*" for compound in compounds),
            )
            self._rules.append(_Rule(path, specificity, declarations))


def read_declarations(text: str) -> list[Declaration]:
    """Return the allowed declarations of a style; raise PictureRefused where one loads or runs something."""
    check_harmless(text)
    declarations = []
    for piece in _split_declarations(_COMMENT.sub(" ", text)):
        name, _, value = piece.partition(":")
        name = name.strip().lower()
        plain = _IMPORTANT.sub("", value) if len(value) <= MAX_VALUE_LENGTH else ""
        if name in PROPERTIES and (kept := property_value(name, plain)):
            declarations.append(Declaration(name, kept, important=plain != value))
    return declarations


def _split_declarations(text: str) -> list[str]:
    pieces = [""]
    for part in _TOKEN.findall(text):
        if part == ";":
            pieces.append("")
        else:
            pieces[-1] += part
    return pieces


def _judge_at_rule(prelude: str, body: str) -> None:
    name = prelude.strip().lower()
    if name.startswith("@import"):
        raise PictureRefused(OUTSIDE_SENTENCE)
    if name.startswith("@font-face") or "@font-face" in body.lower():
        raise PictureRefused(FONT_SENTENCE)
    if not name.startswith("@namespace"):  # its url() names, it does not load
        check_harmless(prelude)
    check_harmless(body)


def _read_selector(selector: str) -> _Path:
    """Return the compounds of a selector, or nothing where it says more than is understood here."""
    words = selector.replace(">", " > ").split()
    path: list[tuple[_Compound, bool]] = []
    for index, word in enumerate(words):
        if word == ">":
            if not path or index + 1 == len(words) or path[-1][1]:
                return ()
            path[-1] = (path[-1][0], True)
            continue
        match = _COMPOUND.fullmatch(word)
        if match is None:
            return ()
        parts = _PART.findall(match["rest"])
        path.append(
            (
                _Compound(
                    tag=match["type"] or "*",
                    ids=frozenset(name for mark, name in parts if mark == "#"),
                    classes=frozenset(name for mark, name in parts if mark == "."),
                ),
                False,
            ),
        )
    return tuple(path) if len(path) <= MAX_COMPOUNDS else ()
