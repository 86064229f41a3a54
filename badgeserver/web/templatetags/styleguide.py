"""`{% example "Title" %}…{% endexample %}`: shows what is inside, and the markup of it to copy."""

import re
from textwrap import dedent
from typing import cast

from django import template
from django.template.base import NodeList, Parser, Token, TokenType
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.text import slugify

register = template.Library()

#: What takes the focus in a page must not in an example: the guide would jump down to it.
_TAKES_FOCUS = re.compile(r" autofocus(?=[\s>])")

_WRITTEN = {
    TokenType.TEXT: "{}",
    TokenType.VAR: "{{{{ {} }}}}",
    TokenType.BLOCK: "{{% {} %}}",
    TokenType.COMMENT: "{{# {} #}}",
}


class ExampleNode(template.Node):
    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, title: str, look: str, source: str) -> None:
        self.nodelist, self.title, self.look, self.source = nodelist, title, look, source

    def render(self, context: Context) -> str:
        # Components have escaped what they were given; an attribute less leaves it so.
        content = mark_safe(_TAKES_FOCUS.sub("", self.nodelist.render(context)))
        shown = {
            "title": self.title,
            "look": self.look,
            "source": self.source,
            "id": f"markup-{slugify(self.title)}",
            "content": content,
        }
        return render_to_string("styleguide/_example.html", shown)


@register.tag
def example(parser: Parser, token: Token) -> ExampleNode:
    """Compile what is inside, and keep how it was written: what is shown is what is copied.

    `{% example "Title" "wide" %}`: the second word is a class of the stage.
    """
    words = [word.strip("\"'") for word in token.split_contents()[1:]]
    source: list[str] = []
    for inner in reversed(cast("list[Token]", parser.tokens)):  # Django hands tokens out from the end of its list
        if inner.token_type is TokenType.BLOCK and inner.contents == "endexample":
            break
        source.append(_WRITTEN[inner.token_type].format(inner.contents))
    nodelist = parser.parse(("endexample",))
    parser.delete_first_token()
    written = dedent("".join(source).strip("\n")).strip()
    return ExampleNode(nodelist, words[0], words[1] if len(words) > 1 else "", written)
