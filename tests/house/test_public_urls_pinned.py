"""Addresses under /public/ are inside issued badges for ever (docs/adr/0006)."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from tests.house.source import ROOT

PINNED = Path(__file__).with_name("public_urls.txt")


def addresses(patterns: list[URLPattern | URLResolver], before: str = "", names: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            namespace = f"{names}{pattern.namespace}:" if pattern.namespace else names
            yield from addresses(pattern.url_patterns, route, namespace)
        else:
            yield f"/{route} {names}{pattern.name}"


def test_public_addresses_are_the_pinned_ones():
    """A line may be added here. A line that goes, or changes, breaks badges that people hold."""
    now = sorted(line for line in addresses(get_resolver().url_patterns) if line.startswith("/public/"))

    assert now == PINNED.read_text(encoding="utf-8").splitlines()


def test_the_record_names_every_pinned_address():
    record = (ROOT / "docs" / "adr" / "0006-public-addresses-are-permanent.md").read_text(encoding="utf-8")
    routes = [line.split()[0] for line in PINNED.read_text(encoding="utf-8").splitlines()]

    missing = [route for route in routes if any(part not in record for part in re.split(r"<[^>]+>", route))]

    assert missing == []
