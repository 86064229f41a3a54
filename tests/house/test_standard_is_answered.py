"""`docs/standard.md` answers every item of the checklist once, and what it names is there."""

import ast
import re
from functools import cache

from tests.conformance.trials import TRIALS, forgiven_names, overlooked_names
from tests.house.source import ROOT

TEXT = (ROOT / "docs" / "standard.md").read_text(encoding="utf-8")

#: The numbered items of the checklist: issuer, baker, host and displayer, verifier; first and last of each run.
ITEMS = {
    "ISS": [
        *((1, 7), (10, 15), (20, 35), (40, 49), (50, 63), (70, 78), (80, 91), (95, 96), (100, 103), (105, 107)),
        *((110, 113), (115, 123), (130, 137), (140, 141), (150, 154), (160, 165)),
    ],
    "BAK": [(1, 6), (10, 15), (20, 21), (30, 33)],
    "HST": [(1, 1), (10, 16)],
    "VER": [(1, 1), (10, 21)],
}
IDS = [
    f"{kind}-{number:02}" for kind, runs in ITEMS.items() for first, last in runs for number in range(first, last + 1)
]
QUOTED = re.compile(r"`([^`\n]+)`")
ROW = re.compile(r"^\| ((?:ISS|BAK|HST|VER)-\d{2,3}) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
PATH = re.compile(r"[\w*.-]+(?:/[\w.-]+)*(?:\.(?:py|html|md|txt)|/)")


def section(title: str) -> str:
    """The part of the document below a heading, up to the next of any level."""
    return re.split(r"^#+ .*$", TEXT.partition(f"# {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def quoted(text: str) -> set[str]:
    return set(QUOTED.findall(text))


@cache
def named_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def test_every_item_of_the_checklist_is_answered_once():
    assert len(IDS) == 156
    assert sorted(row[0] for row in ROW.findall(TEXT)) == sorted(IDS)


def test_every_answer_names_what_is_done_where_and_the_test_that_shows_it():
    empty = [
        row[0]
        for row in ROW.findall(TEXT)
        if not (
            row[1].strip() and (quoted(row[2]) or "adr/" in row[2]) and any("::" in name for name in quoted(row[3]))
        )
    ]

    assert empty == []


def test_every_test_that_is_named_exists():
    named = {name for name in quoted(TEXT) if "::" in name}
    missing = {
        name
        for name in named
        if not (ROOT / name.partition("::")[0]).is_file()
        or name.partition("::")[2] not in named_in(name.partition("::")[0])
    }

    assert missing == set()
    assert len(named) > 100


def test_every_module_and_page_that_is_named_exists():
    named = {name for name in quoted(TEXT) if "::" not in name and PATH.fullmatch(name)}
    linked = set(re.findall(r"\]\(((?!https?:)[^)]+)\)", TEXT))

    assert {name for name in named if not (ROOT / name).exists()} == set()
    assert {name for name in linked if not (ROOT / "docs" / name).exists()} == set()


def test_every_deviation_of_the_validators_is_listed():
    assert overlooked_names() <= quoted(section("They accept what the standard is against"))
    assert forgiven_names() == {
        name for name in quoted(section("They refuse what the standard allows")) if name in TRIALS
    }
