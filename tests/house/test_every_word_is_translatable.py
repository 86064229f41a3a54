"""No word in a template is said in English alone: each stands in `translate` or `blocktranslate`.

The pages for the world are also read as they are rendered (`test_public_pages_speak.py`); this looks at every branch of
every template.
"""

import re
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from tests.messages import ROOT, entries, texts, texts_for_the_world

TEMPLATES = ROOT / "templates"

#: Said by everybody alike: names, units, what is typed.
NAMES = re.compile(
    r"\b(?:badgeserver|Open Badges?|LinkedIn|OpenID Connect|Markdown|JSON(?:-LD)?|PNG|SVG|CSV|DNS|TXT|HTTPS?|URL|JWS|"
    r"JWT|ESCO|CASE|RSD|DOCX|XLSX|Word|Excel|Linear|ID|OK|Ctrl|Enter|Esc|Tab|px|MB|KB|ms|v)\b"
)
#: Attributes that people read or hear.
READ_OUT = re.compile(
    r"\b(?:alt|aria-label|aria-description|aria-roledescription|aria-valuetext|placeholder|title|data-copied|data-press|"
    r"data-label|data-done|data-confirm|label|summary)=\"([^\"]*)\""
)
#: The same of the components that are included: `text="…"`.
SAID_TO_COMPONENTS = re.compile(
    r"\b(?:action|text|title|label|add_label|row_name|action_label|note|what|lead|heading|name|line|caption|placeholder)=\"([^\"]*)\""
)
#: What filters say, and how days are written.
FILTERED = re.compile(
    r"\|(?:pluralize|default|default_if_none|yesno|add|join):\"([^\"]*)\"|\|date:(?=\"[^\"]*[FMj])\"([^\"]*)\""
)
#: Colours, and what a component calls something: no words for people.
NAME = re.compile(r"#[0-9a-f]{6}|[a-z]+")
#: What browsers call keys, and what is dragged.
KEYS = {"Enter", "Escape", "Tab", "Home", "End", "PageUp", "PageDown", "ArrowUp", "ArrowDown", "Files", "Backspace"}
ENTITY = re.compile(r"&(?:#?\w+);")
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
SILENT = re.compile(r"<(script|style|code|kbd|pre|samp)\b.*?</\1>", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
#: One value stands in for what a tag prints, so that half-written attributes stay whole.
PRINTED = "\ue000"


def english_words(source: str) -> list[str]:
    """Return what a template says that no translation can change."""
    html, found, is_within, is_class = [], [], False, False
    for token in Lexer(source).tokenize():
        if token.token_type is TokenType.BLOCK:
            name = token.contents.split()[0]
            if name in {"blocktranslate", "blocktrans", "comment"}:
                is_within = True
            elif name in {"endblocktranslate", "endblocktrans", "endcomment"}:
                is_within = False
            elif name in {"include", "icon", "lucide"}:
                found += [said for said in SAID_TO_COMPONENTS.findall(token.contents) if has_words(said)]
            html.append(PRINTED)
            found += _filtered(token.contents)
            if name in {"block", "endblock"}:
                is_class = token.contents.endswith("_class")
        elif token.token_type is TokenType.VAR:
            found += _filtered(token.contents)
            html.append(PRINTED)
        elif token.token_type is TokenType.TEXT and not is_within and not is_class:
            html.append(token.contents)
    text = COMMENT.sub("", SILENT.sub("", "".join(html)))
    found += [said for said in READ_OUT.findall(text) if has_words(said)]
    for piece in re.split(r"<(?:\"[^\"]*\"|[^\">])*>", text):
        found += [said.strip() for said in piece.split("\n") if has_words(said)]
    return [said.replace(PRINTED, "…") for said in found]


def _filtered(contents: str) -> list[str]:
    """Return what filters of a tag say in English: words, plurals, and days in the order of English."""
    return [
        f"{words}{day}"
        for words, day in FILTERED.findall(contents)
        if day or (not NAME.fullmatch(words) and has_words(words))
    ]


def has_words(text: str) -> bool:
    return WORD.search(NAMES.sub("", ENTITY.sub("", text))) is not None


def templates() -> list[Path]:
    """All but the style guide, which only developers see."""
    found = [path for path in sorted(TEMPLATES.rglob("*")) if path.suffix in {".html", ".txt"}]
    return [path for path in found if "styleguide" not in path.parts]


def test_words_are_found_wherever_they_hide():
    said = """{% extends "x.html" %}<p class="lead">Plain {{ name }}</p><img alt="A hook">
{% include "c.html" with text="Said" %}
{{ day|date:"j F Y" }}{{ n|pluralize:"is,are" }}{{ day|date:_("j F Y") }}{{ day|date:"c" }}
    {% translate "fine" %}{% blocktranslate %}fine too{% endblocktranslate %}<kbd>Ctrl</kbd> Ctrl &nbsp; <!-- no -->"""
    assert english_words(said) == ["Said", "j F Y", "is,are", "A hook", "Plain …"]


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_word_of_a_template_can_be_translated(path):
    assert english_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sorted((ROOT / "static/js").glob("*.js")), ids=lambda path: path.name)
def test_scripts_say_nothing_of_their_own(path):
    """Their words come with the page, in its language; errors that nobody is shown may be English."""
    silent = r"/\*.*?\*/|(?:^|\s)//[^\n]*|new Error\([^\n]*"
    script = re.sub(silent, "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    said = map("".join, re.findall(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`", script))
    assert [one for one in said if re.fullmatch(r"[A-Z][a-z]+(?:[ ,.].*)?", one) and one not in KEYS] == []


def test_german_says_everything():
    known = entries("de")
    assert [text.key for text in texts().values() if not all(known.get(text.key) or [""])] == []


@pytest.mark.parametrize("tag", ["es", "fr", "it", "nl"])
def test_what_public_pages_say_is_said_in_every_language(tag):
    known = entries(tag)
    assert [one for one in texts_for_the_world() if not all(known.get(one) or [""])] == []


def test_translations_keep_what_is_put_in():
    """A value that is left out, or one too many, would be an error on the page."""
    values = re.compile(r"%\(\w+\)[sd]|%[sd]|<a href=\"[^\"]*\"|</a>|<b>|</b>|<strong>|</strong>|<em>|</em>")
    wrong, every = [], texts()
    for tag in ["de", "es", "fr", "it", "nl"]:
        for one, forms in entries(tag).items():
            # A singular may leave its number out: “one person”.
            said = (every[one].many or one) if one in every else one
            if sorted(values.findall(forms[-1])) != sorted(values.findall(said)):
                wrong.append((tag, one))
    assert wrong == []
