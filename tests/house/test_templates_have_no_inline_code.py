"""Pages keep the content security policy: no script, no style and no handler inside the HTML."""

import re

from tests.house.source import ROOT

TEMPLATES = ROOT / "templates"
FORBIDDEN = {
    "a script with a body": re.compile(r"<script\b(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an event handler": re.compile(r"\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "something from another host": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//", re.IGNORECASE
    ),
}

#: Comments are not part of what is sent.
COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)


def pages() -> dict[str, str]:
    """The text of every template but those of e-mails, which must bring their style along."""
    found = sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".svg"})
    return {
        str(path.relative_to(TEMPLATES)): path.read_text(encoding="utf-8")
        for path in found
        if path.relative_to(TEMPLATES).parts[0] != "emails"
    }


def test_pages_have_no_inline_code():
    found = [
        f"{page}: {what}"
        for page, text in pages().items()
        for what, pattern in FORBIDDEN.items()
        if pattern.search(COMMENT.sub("", text))
    ]

    assert found == []


def test_pages_show_nothing_unescaped():
    """What was scrubbed is marked as safe where it is scrubbed, never in a template.

    Help texts are ours, and Django's own field templates show them so.
    """
    found = [
        page
        for page, text in pages().items()
        if re.search(r"\|\s*safe(?:seq)?\b|\{%\s*autoescape off", text.replace("field.help_text|safe", ""))
    ]

    assert found == []
