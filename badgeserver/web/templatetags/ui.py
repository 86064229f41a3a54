"""What page templates need beyond Django's own tags: icons, query strings, initials, page numbers, toasts."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from lucide.templatetags.lucide import lucide

from badgeserver.languages import is_right_to_left, language_name
from badgeserver.markdown import render_markdown

register = template.Library()

_UNDO = "undo:"
_TONES = {"success": "good", "warning": "warn", "error": "bad", "info": "neutral", "debug": "neutral"}


@lru_cache(maxsize=512)
def _drawn(name: str, size: int, label: str, extra: str) -> SafeString:
    classes = f"icon {extra}".strip()
    if label:
        return SafeString(
            lucide(name, size=size, stroke_width="1.75", role="img", aria_label=label, **{"class": classes})
        )
    return SafeString(lucide(name, size=size, stroke_width="1.75", aria_hidden="true", **{"class": classes}))


@register.simple_tag
def icon(name: str, size: int = 18, label: str = "", extra: str = "") -> SafeString:
    """Draw the lucide icon `name`, hidden from screen readers unless it has a `label`.

    `extra` adds classes. Raises `lucide.IconDoesNotExist` for an unknown name.
    """
    return _drawn(str(name), int(size), str(label), str(extra))


@register.simple_tag
def lang_of(tag: str) -> SafeString:
    """Return ` lang="de"` for an element that is in another language than the page, with `dir`; else nothing."""
    if not tag or tag == get_language():
        return SafeString("")
    direction = mark_safe(' dir="rtl"') if is_right_to_left(tag) else ""
    return format_html(' lang="{}"{}', tag, direction)


@register.simple_tag
def url_with(request: HttpRequest, **changes: Any) -> str:
    """Return the query string of this page with `changes`: None or "" removes a parameter, a list repeats it.

    Other parameters stay, so that `{% url_with request page=2 %}` keeps search and filters.
    """
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        elif isinstance(value, list | tuple):
            query.setlist(name, [str(part) for part in value])
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag
def url_without(request: HttpRequest, name: str) -> str:
    """Return the query string of this page without the parameter `name`, from its first page."""
    return url_with(request, **{name: None, "page": None})


@register.filter
def initials(name: object) -> str:
    """Return one or two capitals for an avatar: “Ada Lovelace” gives AL, an address gives its first letter."""
    words = [word for word in str(name or "").split("@", 1)[0].replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    ends = words[:1] if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in ends).upper()


@register.filter
def markdown(text: str) -> SafeString:
    """Return a stranger's Markdown as safe HTML, without e-mail addresses."""
    return SafeString(render_markdown(text))


@register.filter
def page_numbers(page: Page) -> Iterator[str | int]:
    """Return the page numbers worth showing around `page`, with an ellipsis where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def tone(message: Message) -> str:
    """Return good, warn, bad or neutral for a message of `django.contrib.messages`."""
    return _TONES.get(message.level_tag, "neutral")


@register.filter
def undo_url(message: Message) -> str:
    """Return the address a message's Undo button posts to, or "".

    A view asks for it with `messages.success(request, text, extra_tags=f"undo:{path}")`; only paths of this
    site are taken.
    """
    for tag in (message.extra_tags or "").split():
        if tag.startswith(_UNDO):
            path = tag.removeprefix(_UNDO)
            parts = urlsplit(path)
            if path.startswith("/") and not path.startswith("//") and "\\" not in path and not parts.netloc:
                return path
    return ""


@register.simple_tag
def sort_link(request: HttpRequest, name: str, label: str, current: str = "") -> SafeString:
    """Return a table head's link that sorts by `name`, or turns the order round when `current` is `name` already.

    `current` is the value of the `sort` parameter as the view took it: "name" ascending, "-name" descending.
    Put `{% sort_state name current %}` on the `<th>` beside it.
    """
    descending = current == name
    arrow = ""
    if current in {name, f"-{name}"}:
        arrow = _drawn("arrow-up" if descending else "arrow-down", 14, "", "")
    href = url_with(request, sort=f"-{name}" if descending else name, page=None)
    # The id lets the focus come back to it when HTMX has put the sorted table in place.
    return format_html('<a id="sort-{}" href="{}">{}{}</a>', name, href, label, arrow)


@register.simple_tag
def sort_state(name: str, current: str = "") -> SafeString:
    """Return the `aria-sort` attribute of a table head, or nothing when the table is not sorted by `name`."""
    if current == name:
        return SafeString('aria-sort="ascending"')
    if current == f"-{name}":
        return SafeString('aria-sort="descending"')
    return SafeString("")


@register.filter
def language_label(tag: str) -> str:
    """Return what speakers of a language call it: `{{ badge.language|language_label }}`."""
    return language_name(tag)
