"""Bloom's verbs: which level of mastery a text speaks for. Pure, in English and German.

The six steps of the revised taxonomy stand on the five levels of a badge: who remembers is aware, who creates leads.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Level -> the steps of the taxonomy that it takes in, for people.
STEPS: dict[int, str | Promise] = {
    1: _("remember, understand"),
    2: _("apply"),
    3: _("analyse"),
    4: _("evaluate"),
    5: _("create, lead others"),
}

#: Level -> verbs in their base form. The first ones are shown; all are found.
VERBS: dict[str, dict[int, str]] = {
    "en": {
        1: "name list describe explain recognise define recognize identify recall state summarise summarize outline "
        "know understand label match locate paraphrase",
        2: "use apply perform follow operate prepare carry demonstrate complete execute implement handle drive install "
        "calculate solve report record practise practice",
        3: "analyse compare plan organise adapt examine analyze organize distinguish investigate diagnose structure "
        "prioritise prioritize coordinate troubleshoot differentiate test",
        4: "evaluate assess judge decide improve recommend justify review advise argue critique coach optimise "
        "optimize negotiate validate defend",
        5: "create design develop lead invent establish train teach mentor innovate shape author compose formulate "
        "build pioneer",
    },
    "de": {
        1: "nennen aufzählen beschreiben erklären erkennen definieren wiedergeben benennen zusammenfassen kennen "
        "verstehen erläutern auflisten darstellen zuordnen",
        2: "anwenden durchführen ausführen bedienen befolgen einsetzen nutzen vorbereiten umsetzen fahren berechnen "
        "lösen dokumentieren melden verwenden ausfüllen üben",
        3: "analysieren vergleichen planen organisieren unterscheiden untersuchen anpassen prüfen strukturieren "
        "priorisieren koordinieren testen diagnostizieren gliedern",
        4: "bewerten beurteilen entscheiden verbessern empfehlen begründen beraten optimieren verhandeln überprüfen "
        "einschätzen kritisieren verteidigen",
        5: "entwickeln entwerfen leiten gestalten schulen anleiten ausbilden erfinden einführen unterrichten "
        "konzipieren aufbauen verfassen begleiten",
    },
}

#: So many verbs of each level are shown as examples.
SHOWN = 6

_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
#: More than anybody writes as criteria; what comes behind is not read.
LONGEST = 20_000

#: Nouns that look like forms of a verb, and are far more often the noun.
_ENDS, _AND = ".,;:!?\n-*•", {"and", "or"}
_NOUNS = {"states", "labels", "reports", "records", "tests", "designs", "practices", "uses", "names", "lists", "plans"}


@dataclass(frozen=True, slots=True)
class FoundVerb:
    """A verb of a text as it stands there, and the level that it speaks for."""

    word: str
    verb: str
    level: int


@dataclass(frozen=True, slots=True)
class Speech:
    """What the verbs of a text say together; `level` is the highest that they speak for, None without verbs."""

    verbs: tuple[FoundVerb, ...]

    @property
    def level(self) -> int | None:
        return max((verb.level for verb in self.verbs), default=None)

    @property
    def telling(self) -> list[str]:
        """The verbs that speak for that level, each once, in the order of the text."""
        return list(dict.fromkeys(verb.verb for verb in self.verbs if verb.level == self.level))


def examples(language: str) -> dict[int, list[str]]:
    """Return a few verbs of each level, in German for German and in English for every other language."""
    return {level: words.split()[:SHOWN] for level, words in VERBS[_spoken(language)].items()}


def speech_of(text: str, language: str = "en") -> Speech:
    """Return the verbs of a text, and the level that they speak for; verbs of a language that is not known are none."""
    known = language.split("-", maxsplit=1)[0].lower()
    if known not in VERBS:
        return Speech(())
    return Speech(tuple(_found(text[:LONGEST], known)))


def _found(text: str, language: str) -> Iterator[FoundVerb]:
    forms = _FORMS[language]
    end, before = 0, ""
    for match in _WORD.finditer(text):
        word, folded = match[0], match[0].casefold()
        begins = before in _AND or not before or any(sign in _ENDS for sign in text[end : match.start()])
        end, before = match.end(), folded
        # What looks like a noun is one, unless something begins with it; in German the capital letter tells.
        is_noun = word[0].isupper() if language == "de" else folded in _NOUNS
        if folded in forms and (begins or not is_noun):
            verb, level = forms[folded]
            yield FoundVerb(word, verb, level)
    if language == "de":
        yield from _separated(text)


def _separated(text: str) -> Iterator[FoundVerb]:
    """Find German verbs whose first part stands at the end of the clause: “wendet … an”."""
    for clause in re.split(r"[.,;:!?\n]", text):
        parts = [word.casefold() for word in _WORD.findall(clause)]
        if len(parts) < 2:
            continue
        for stem_form in parts[:-1]:
            verb = _SEPARABLE.get((stem_form, parts[-1]))
            if verb:
                yield FoundVerb(f"{stem_form} … {parts[-1]}", *verb)


def _english_forms(verb: str) -> set[str]:
    if verb.endswith("e"):
        forms = {f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"}
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        forms = {f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"}
    elif verb.endswith(("s", "sh", "ch", "x", "z")):
        forms = {f"{verb}es", f"{verb}ed", f"{verb}ing"}
    else:
        forms = {f"{verb}s", f"{verb}ed", f"{verb}ing"}
    if verb == "plan":
        forms |= {"planned", "planning"}
    return {verb, *forms}


_PREFIXES = ("auf", "durch", "aus", "an", "um", "vor", "ein", "zusammen", "wieder", "dar", "zu")


def _german_forms(verb: str) -> set[str]:
    """Return infinitive, third person and participle with -t, as far as rules go."""
    stem = _stem(verb)
    third = f"{stem}et" if stem.endswith(("d", "t", "gn", "chn", "dn")) else f"{stem}t"
    forms = {verb, f"{verb}d", third}
    prefix = _prefix(verb)
    if prefix:
        forms.add(f"{prefix}zu{verb[len(prefix) :]}")
    return forms


def _stem(verb: str) -> str:
    return verb[:-2] if verb.endswith("en") else verb[:-1]


def _prefix(verb: str) -> str:
    return next((one for one in _PREFIXES if verb.startswith(one) and len(verb) > len(one) + 4), "")


#: Forms that no rule makes.
_IRREGULAR = {
    "en": {
        "known": "know", "knew": "know", "understood": "understand", "led": "lead", "taught": "teach",
        "driven": "drive", "drove": "drive", "built": "build", "carries": "carry", "carried": "carry",
    },
    "de": {
        "nennt": "nennen", "erkennt": "erkennen", "kennt": "kennen", "versteht": "verstehen",
        "beschreibt": "beschreiben", "fährt": "fahren", "vergleicht": "vergleichen", "unterscheidet": "unterscheiden",
        "entscheidet": "entscheiden", "empfiehlt": "empfehlen", "berät": "beraten", "entwirft": "entwerfen",
        "verfasst": "verfassen", "begründet": "begründen", "löst": "lösen",
    },
}  # fmt: skip


def _forms_of(language: str) -> dict[str, tuple[str, int]]:
    base = {verb: level for level, verbs in VERBS[language].items() for verb in verbs.split()}
    make = _english_forms if language == "en" else _german_forms
    forms = {form: (verb, level) for verb, level in base.items() for form in make(verb)}
    return forms | {form: (verb, base[verb]) for form, verb in _IRREGULAR[language].items()}


def _separable_forms() -> dict[tuple[str, str], tuple[str, int]]:
    found = {}
    for level, verbs in VERBS["de"].items():
        for verb in verbs.split():
            if prefix := _prefix(verb):
                rest = verb[len(prefix) :]
                stem = _stem(rest)
                third = f"{stem}et" if stem.endswith(("d", "t")) else f"{stem}t"
                found[(third, prefix)] = (verb, level)
                found[(rest, prefix)] = (verb, level)
    return found


def _spoken(language: str) -> str:
    known = language.split("-", maxsplit=1)[0].lower()
    return known if known in VERBS else "en"


_FORMS = {language: _forms_of(language) for language in VERBS}
_SEPARABLE = _separable_forms()
