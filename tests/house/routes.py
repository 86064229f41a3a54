"""Every address of the site, for the tests that walk all of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

_PART = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>|\(\?P<(?P<group>\w+)>[^)]*\)")


@dataclass(frozen=True, slots=True)
class Route:
    """One address: its full name (or the address itself, where it has none) and its pattern."""

    name: str
    pattern: str

    def url(self, ids: dict[str, object]) -> str:
        """Return the address with `ids` in it: by `converter:name` where they have it, else by `name`."""

        def value(part: re.Match[str]) -> str:
            name = part["name"] or part["group"]
            return str(ids.get(f"{part['converter']}:{name}", ids.get(name)))

        return "/" + _PART.sub(value, self.pattern.replace("^", ""))


def all_routes() -> list[Route]:
    """Return each address once; of several under one name the first, which is the one that answers."""
    found: dict[str, Route] = {}
    for route in _walk(get_resolver().url_patterns, "", ""):
        found.setdefault(route.name, route)
    return list(found.values())


def _walk(patterns: list[Any], before: str, namespace: str) -> Iterator[Route]:
    for one in patterns:
        pattern = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, pattern, f"{one.namespace}:" if one.namespace else namespace)
        elif isinstance(one, URLPattern):
            yield Route(f"{namespace}{one.name}" if one.name else pattern, pattern)
