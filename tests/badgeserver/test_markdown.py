"""Markdown of strangers: safe HTML, plain text, and quick answers to bombs."""

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from badgeserver.markdown import MAX_LENGTH, MarkdownRefused, check_markdown, holds_address, plain_text, render_markdown

REL = 'rel="nofollow ugc noopener"'
HIDDEN = "(e-mail address hidden)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Hello *you* and **all**", "<p>Hello <em>you</em> and <strong>all</strong></p>"),
        ("# One\n\n## Two\n\n##### Five", "<h3>One</h3>\n<h4>Two</h4>\n<h6>Five</h6>"),
        ("One\n===", "<h3>One</h3>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("`a<b`", "<p><code>a&lt;b</code></p>"),
        ("```html\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>"),
        ("a  \nb", "<p>a<br>\nb</p>"),
        ("---", "<hr>"),
        (
            "|a|b|\n|:-|-|\n|1|2|",
            (
                "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n"
                "<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>"
            ),
        ),
    ],
)
def test_render_markdown_speaks_commonmark_with_tables(text, expected):
    assert render_markdown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[a](https://e.org/?b=c&d "title")', f'<p><a href="https://e.org/?b=c&amp;d" {REL}>a</a></p>'),
        ("<https://e.org/>", f'<p><a href="https://e.org/" {REL}>https://e.org/</a></p>'),
        ("[a]\n\n[a]: http://e.org/", f'<p><a href="http://e.org/" {REL}>a</a></p>'),
        ("https://e.org/", "<p>https://e.org/</p>"),
        ("[a](/accounts/logout/)", "<p>a</p>"),
        ("[a](//e.org/)", "<p>a</p>"),
        ("[a](#top)", "<p>a</p>"),
        ("[a](ftp://e.org/)", "<p>a</p>"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>"),
        ("[a](java&#115;cript:alert(1))", "<p>[a](javascript:alert(1))</p>"),
        ("[a](data:text/html,x)", "<p>[a](data:text/html,x)</p>"),
        ("[write *us*](mailto:ada@example.org)", "<p>write <em>us</em></p>"),
    ],
)
def test_render_markdown_links_to_the_web_only(text, expected):
    assert render_markdown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<ada@example.org>", f"<p>{HIDDEN}</p>"),
        ("Ask ada.b+c@mail.example.org.", f"<p>Ask {HIDDEN}.</p>"),
        ("Ask `ada@example.org`", f"<p>Ask <code>{HIDDEN}</code></p>"),
        ("    ada@example.org", f"<pre><code>{HIDDEN}\n</code></pre>"),
        ("[a](https://e.org/?to=ada@example.org)", "<p>a</p>"),
        ("![ada@example.org](x.png)", f"<p>{HIDDEN}</p>"),
        ("@ada and a@b and 5 @ 3", "<p>@ada and a@b and 5 @ 3</p>"),
        # found by fuzzing: an address is what is read, not what stands in one token
        ("**ada**@example.org", f"<p><strong>{HIDDEN}</strong></p>"),
        ("b@e.org ada@`example`.org *a@b.org*", f"<p>{HIDDEN} {HIDDEN}<code></code> <em>{HIDDEN}</em></p>"),
        ("[a](https://e.org/?to=ada%40example.org)", "<p>a</p>"),
        ("x@1.2.3.4.5.6.7.8.9.ada@example.org, e@f.org.", f"<p>{HIDDEN}, {HIDDEN}.</p>"),
        ("x@y.z..ada@example.org", f"<p>{HIDDEN}</p>"),
    ],
)
def test_render_markdown_hides_addresses(text, expected):
    assert render_markdown(text) == expected


def test_render_markdown_shows_addresses_to_members_without_linking_them():
    assert render_markdown("<ada@example.org>", hide_addresses=False) == "<p>ada@example.org</p>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
        ("![a cat](https://e.org/cat.png)", "<p>a cat</p>"),
        ("a\x00b\x1bc\ud800d", "<p>abcd</p>"),
    ],
)
def test_render_markdown_shows_html_and_pictures_as_text(text, expected):
    assert render_markdown(text) == expected


def test_render_markdown_falls_back_to_escaped_text():
    text = "<b>\n\n*a*\nada@example.org " + "x" * MAX_LENGTH

    shown = render_markdown(text)

    assert shown.startswith(f"<p>&lt;b&gt;</p>\n<p>*a*<br>{HIDDEN} xxx")
    assert shown.endswith("x…</p>")


def test_check_markdown_takes_ordinary_text():
    assert check_markdown("# Criteria\r\n\r\n- *one*\n\t- [two](https://e.org) – ada@example.org 😀") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "a" * 20_001,
            "This text has 20,001 characters; 20,000 are allowed. Shorten it, or link to a longer document.",
        ),
        (
            "a\x00b",
            "This text contains invisible control characters. Paste it again as plain text (without formatting).",
        ),
        (
            "a\ud800b",
            "This text contains invisible control characters. Paste it again as plain text (without formatting).",
        ),
        (
            "*a " * 2_001,
            "This text contains too many formatting marks (such as *, _, [ or |) in one place. Remove some of them.",
        ),
        (
            "|a" * 100 + "\n|" * 50,
            "This text contains too many formatting marks (such as *, _, [ or |) in one place. Remove some of them.",
        ),
    ],
)
def test_check_markdown_says_what_is_wrong(text, sentence):
    with pytest.raises(MarkdownRefused) as caught:
        check_markdown(text)

    assert caught.value.sentence == sentence


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("# Hi\n\nThis *is* a `text`\nwith [link](http://e.org) & ![pic](y)", 80, "Hi This is a text with link & pic"),
        ("- one\n- two\n\n> three", 80, "one two three"),
        ("|a|b|\n|-|-|\n|1|2|", 80, "a b 1 2"),
        ("Ask <ada@example.org>", 80, f"Ask {HIDDEN}"),
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("one two, three", 9, "one two…"),
        ("onetwothree", 5, "onet…"),
        ("one", 0, ""),
        ("a\x00b\ud800", 9, "ab"),
        ("", 9, ""),
        ("*" * 3_000 + " ada@example.org", 10_000, "*" * 3_000 + f" {HIDDEN}"),
    ],
)
def test_plain_text_is_one_short_line(text, limit, expected):
    assert plain_text(text, limit=limit) == expected


def _filled(unit: str, length: int = MAX_LENGTH) -> str:
    return (unit * (length // len(unit) + 1))[:length]


BOMBS = {
    "quotes": _filled(">"),
    "quoted lines": _filled(">" * 20 + "a\n"),
    "lazy lines": ">" * 20 + _filled("a\n", 19_000),
    "lists": _filled("- "),
    "deep list": "".join("  " * level + "- a\n" for level in range(140)),
    "brackets": _filled("["),
    "brackets by paragraph": _filled("[" * 1_990 + "\n\n"),
    "links": _filled("[a]("),
    "pictures": _filled("!["),
    "emphasis": _filled("*a **a "),
    "emphasis by paragraph": _filled("*a **a " * 280 + "\n\n"),
    "backticks": _filled("".join("e" + "`" * count for count in range(60)) + "\n\n"),
    "references": _filled("[a]: b\n"),
    "wide table": "|a" * 2_000 + "|\n" + "|-" * 2_000 + "|\n" + "|x" * 5_000,
    "empty cells": "|x" * 59 + "\n" + "|-" * 59 + "\n" + "|\n" * 9_000,
    "many cells": ("|x" * 59 + "\n" + "|-" * 59 + "\n" + "|\n" * 80 + "\n") * 40,
    "long table": "|a|b|\n|-|-|\n" + _filled("|a|b|\n", 19_000),
    "headings": _filled("# a\n"),
    "backslashes": _filled("\\"),
    "comments": _filled("<!--"),
    "addresses": _filled("a@b."),
    "one long word": "a" * 10_000 + "@" + "b." * 4_000,
    "ten megabytes": "*a " * 3_500_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_markdown_bombs_are_answered(name):
    started = time.perf_counter()
    shown = render_markdown(BOMBS[name])
    words = plain_text(BOMBS[name], limit=200)
    print(f"{name}: {time.perf_counter() - started:.2f} s")

    assert _strange(shown) == []
    assert len(words) <= 200


_TAG = re.compile(
    r"</?(?:p|br|hr|em|strong|code|pre|blockquote|ul|ol|li|h[3-6]|table|thead|tbody|tr|th|td|a)>"
    r'|<ol start="\d+">|<a(?: href="https?://[^"<>]*")? rel="nofollow ugc noopener">',
)


def _strange(shown: str) -> list[str]:
    """Return what is markup and not on the list."""
    return re.findall(r"<[^>]*>?", _TAG.sub("", shown))


@given(
    st.lists(
        st.sampled_from(
            [
                "[", "](", ")", "<", ">", "a", "*", "**", "_", "`", "```\n", "\n", "\n\n", "# ",
                "- ", "1. ", "> ", "|", "|-|", "!",
                "javascript:", "http://e.org", "mailto:a@b.cd", '"', "'", "&", "&#x3c;", "\\",
                "<script>", "<a href=", "\x00", "é", "    ",
            ],
        ),
        max_size=40,
    ).map("".join),
)  # fmt: skip
@example("[a](http://[)")
@example("[a](http://e.org/%ff%)")
@example("<http://é.example/>")
def test_render_markdown_yields_listed_markup_only(text):
    assert _strange(render_markdown(text)) == []


@given(st.text(alphabet=st.characters(), max_size=200), st.integers(-1, 50))
def test_plain_text_never_exceeds_its_limit(text, limit):
    line = plain_text(text, limit=limit)

    assert len(line) <= max(limit, 0)
    assert line == " ".join(line.split())


def test_long_runs_after_an_address_cost_no_more_than_their_length():
    """The square of it would be an hour."""
    assert [holds_address("a@b.c" + run) for run in ("@" * 200_000, "+x" * 100_000, "@x" * 100_000)] == [True] * 3
