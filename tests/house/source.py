"""The product's own source, parsed, for the tests of the house."""

import ast
import functools
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ["issuers", "badges", "assertions"]
PACKAGES = ["badgeserver", *ROOMS]


@functools.cache
def python_files(*packages: str) -> list[Path]:
    """Every module of these packages (of the whole product when none is named), without migrations."""
    return sorted(
        path
        for package in packages or PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts
    )


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def name_of(node: ast.AST) -> str:
    """The dotted name that an expression spells, or nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}".removeprefix(".")
    if isinstance(node, ast.Call | ast.Subscript):
        return name_of(node.func if isinstance(node, ast.Call) else node.value)
    return ""


#: What may stand in a room; the first in every room.
ROOM_SHELVES = {
    "always": {
        "actions",
        "api",
        "apps",
        "credentials",
        "documents",
        "forms",
        "migrations",
        "models",
        "public",
        "queries",
        "urls",
        "views",
    },
    "sometimes": {
        "branding",
        "designer",
        "emails",
        "frameworks",
        "insights",
        "management",
        "plans",
        "rules",
        "sharing",
        "tasks",
    },
}
