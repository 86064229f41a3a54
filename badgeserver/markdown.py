"""Markdown of strangers to safe HTML, and to plain text."""

import html
import re
from collections.abc import Iterable, Sequence
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

MAX_LENGTH = 20_000
# Quotes and lists inside one another; deeper levels are kept as text.
MAX_NESTING = 10
# Brackets, backticks and emphasis marks in one run of text cost the square of their number; ordinary writing has a
# few dozen.
MAX_MARKS = 2_000
# The parser fills every row of a table up to the width of the widest.
MAX_CELLS = 5_000
HIDDEN_ADDRESS = "(e-mail address hidden)"

_MARKS = re.compile(r"[\[\]*_`<!\\&]")
# With what is written on to it without a blank, where that has another @: it could be an address too.
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+(?:(?=[\w.+-]*+@)[\w.+@-]*\w)?")
_UNUSABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_TAGS = {
    "p", "br", "hr", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_HEADING_SHIFT = 2
_CODE_TOKENS = frozenset({"fence", "code_block", "code_inline"})


class MarkdownRefused(Exception):
    """A text that is not taken; ``sentence`` says why and what to do, fit for the person who wrote it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def check_markdown(text: str) -> None:
    """Raise MarkdownRefused if a text cannot be kept and shown in full; forms call this before anything is saved.

    Refused: more than MAX_LENGTH characters, characters that no database and no page can hold (null and other control
    characters), and runs of formatting marks that no person writes (they serve to keep a server busy).
    """
    if len(text) > MAX_LENGTH:
        raise MarkdownRefused(
            f"This text has {len(text):,} characters; {MAX_LENGTH:,} are allowed. Shorten it, or link to a longer "
            f"document.",
        )
    if _UNUSABLE.search(text):
        raise MarkdownRefused(
            "This text contains invisible control characters. Paste it again as plain text (without formatting).",
        )
    if _is_busy(text):
        raise MarkdownRefused(
            "This text contains too many formatting marks (such as *, _, [ or |) in one place. Remove some of them.",
        )


def render_markdown(text: str, *, hide_addresses: bool = True) -> str:
    """Return HTML that is safe to put into any page; the caller marks it safe. Never raises, whatever the text.

    CommonMark with tables. Raw HTML shows as the text it is. A first-level heading becomes ``h3``, because the page
    around has its own. Pictures become their description. Links go to ``http`` and ``https`` only and carry
    ``rel="nofollow ugc noopener"``; others (``mailto:``, ``javascript:``, addresses within this site) become plain
    text. E-mail addresses are replaced by a note, because public pages never show one; pages for members may pass
    ``hide_addresses=False``.

    A text that ``check_markdown`` refuses (an old row, an import) is shown as escaped plain text, cut at MAX_LENGTH.
    """
    kept = _UNUSABLE.sub("", text[: MAX_LENGTH + 1])
    if len(kept) > MAX_LENGTH or _is_busy(kept):
        return _as_paragraphs(kept, hide_addresses=hide_addresses)
    try:
        tokens = _parse(kept, hide_addresses=hide_addresses)
        rendered = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    except (RecursionError, ValueError, IndexError):
        return _as_paragraphs(kept, hide_addresses=hide_addresses)
    return nh3.clean(
        rendered,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https"},
        url_relative="deny",
        link_rel="nofollow ugc noopener",
    ).strip()


def plain_text(text: str, *, limit: int) -> str:
    """Return the words of a Markdown text on one line, at most ``limit`` characters, cut after a word with "…".

    For descriptions in page heads and previews: no markup, no addresses, not escaped (templates do that). Never
    raises.
    """
    kept = _UNUSABLE.sub("", text[:MAX_LENGTH])
    if not _is_busy(kept):
        try:
            kept = " ".join(_words(_parse(kept, hide_addresses=True)))
        except (RecursionError, ValueError, IndexError):
            kept = _hide_addresses(kept)
    else:
        kept = _hide_addresses(kept)
    line = " ".join(kept.split())
    if len(line) <= limit:
        return line
    cut = line[: max(limit - 1, 0)]
    at_word = cut.rpartition(" ")[0] if line[len(cut) : len(cut) + 1].strip() else cut
    return (at_word or cut).rstrip(" ,;:.–-") + "…" if limit > 0 else ""


def _parse(text: str, *, hide_addresses: bool) -> list[Token]:
    return _MARKDOWN.parse(text, {"hide_addresses": hide_addresses})


def _is_busy(text: str) -> bool:
    """Whether a paragraph has more marks, or the tables together more cells, than a person writes.

    Marks in different paragraphs are read apart, so the busiest one counts.
    """
    cells = 0
    for paragraph in re.split(r"\n[ \t]*\n", text):
        lines = paragraph.splitlines()
        cells += len(lines) * max((line.count("|") for line in lines), default=0)
        if cells > MAX_CELLS or len(_MARKS.findall(paragraph)) > MAX_MARKS:
            return True
    return False


def holds_address(text: str) -> bool:
    """Whether an e-mail address stands in a text: pages for the world show none."""
    return _ADDRESS.search(text) is not None


def _hide_addresses(text: str) -> str:
    return _ADDRESS.sub(HIDDEN_ADDRESS, text)


def _as_paragraphs(text: str, *, hide_addresses: bool) -> str:
    shown = text[:MAX_LENGTH] + ("…" if len(text) > MAX_LENGTH else "")
    if hide_addresses:
        shown = _hide_addresses(shown)
    paragraphs = (html.escape(paragraph.strip()).replace("\n", "<br>") for paragraph in re.split(r"\n\s*\n", shown))
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph)


def _words(tokens: Iterable[Token]) -> Iterable[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(_inline_text(token.children or []))
        elif token.type in _CODE_TOKENS:
            yield token.content


def _inline_text(tokens: Sequence[Token]) -> Iterable[str]:
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            yield " "
        else:
            yield token.content


def _tame(state: StateCore) -> None:
    """Demote headings, unlink what may not be linked, hide addresses: on the token stream, before any HTML exists."""
    hide = bool(state.env.get("hide_addresses"))
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + _HEADING_SHIFT, 6)}"
        elif token.type == "inline":
            token.children = _tame_inline(token.children or [], hide=hide)
        elif token.type in _CODE_TOKENS and hide:
            token.content = _hide_addresses(token.content)


def _tame_inline(tokens: Sequence[Token], *, hide: bool) -> list[Token]:
    kept: list[Token] = []
    linked: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            href = str(token.attrGet("href") or "")
            leads_out = href.lower().startswith(("http://", "https://"))
            linked.append(leads_out and not (hide and _ADDRESS.search(unquote(href))))
            token.attrs = {"href": href}  # no title: it could hold an address, and phones never show it
        if token.type in ("link_open", "link_close"):
            if linked[-1]:
                kept.append(token)
            if token.type == "link_close":
                linked.pop()
            continue
        kept.append(token)
    if hide:
        _hide_across(kept)
    return kept


def _hide_across(tokens: Sequence[Token]) -> None:
    """Hide addresses in one run of text as it is read: emphasis, links or code inside one do not show it."""
    shown, starts = "", []
    for token in tokens:
        starts.append(len(shown))
        shown += "\n" if token.type in ("softbreak", "hardbreak") else token.content
    # From the last to the first, so that places further to the front stay where they are.
    for found in reversed(list(_ADDRESS.finditer(shown))):
        note = HIDDEN_ADDRESS
        for token, start in zip(tokens, starts, strict=True):
            begin, end = max(found.start() - start, 0), min(found.end() - start, len(token.content))
            if token.content and begin < end:
                token.content = token.content[:begin] + note + token.content[end:]
                note = ""


def _render_image(
    _renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    _options: OptionsDict,
    _env: EnvType,
) -> str:
    return escapeHtml(tokens[index].content)


def _build() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": MAX_NESTING}).enable("table")
    markdown.core.ruler.push("tame", _tame)
    markdown.add_render_rule("image", _render_image)
    return markdown


# Built once: it holds rules, no state of a text.
_MARKDOWN = _build()
