"""Names of the standard, and none of the names under which anything may hide."""

import ast
import re
from fnmatch import fnmatch

import pytest

from tests.house.source import PACKAGES, ROOT, place, python_files, tree_of

DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "lib", "core", "services", "managers_utils"}
#: The standard says BadgeClass, Assertion, Recipient; other products say these.
FOREIGN = re.compile(r"badge_?instance|\bearner|issuer_?slug|badge_?slug|assertion_?slug|entity_?id", re.IGNORECASE)

#: Everything that stands at the top; whatever else is wanted has a room or a floor to go to.
TOP = {"manage.py", "badgeserver", "issuers", "badges", "assertions", "templates", "static", "tests", "docs"}
TOP |= {"pyproject.toml", "docker-compose.yml", "README.md", "Makefile", "Dockerfile", "LICENSE", "CHANGELOG.md"}


def test_nothing_else_stands_at_the_top():
    """What git does not keep (data, caches, what pip leaves) is named in .gitignore."""
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines() if line]
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}

    assert {name for name in found if not any(fnmatch(name, pattern) for pattern in ignored)} == TOP


def test_no_module_is_a_drawer_for_everything():
    found = [str(path.relative_to(ROOT)) for path in python_files() if {path.stem, path.parent.name} & DRAWERS]

    assert found == []


def test_code_speaks_the_standards_words():
    """The demo tells stories for people and may use theirs."""
    found = []
    for path in python_files():
        if "demo" in path.parts or path.name == "seed_demo.py":
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
                names = [node.name]
            elif isinstance(node, ast.Name):
                names = [node.id]
            elif isinstance(node, ast.arg):
                names = [node.arg]
            else:
                continue
            found += [f"{place(path, node)} {name}" for name in names if FOREIGN.search(name)]

    assert found == []


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_begin_empty(package):
    """Importing a package does nothing: the pure part can be used without Django."""
    tree = tree_of(ROOT / package / "__init__.py")

    assert [node for node in tree.body if not isinstance(node, ast.Expr)] == []


def test_acts_take_keywords_only():
    """Who calls an act says what is what: whoever did it (`by`) and when (`at`) cannot change places."""
    wrong = [
        f"{place(path, node)} {node.name}"
        for path in python_files("issuers", "badges", "assertions")
        if path.parent.name == "actions"
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and {"by", "at"} & {argument.arg for argument in [*node.args.args, *node.args.kwonlyargs]}
        and (node.args.args or node.args.posonlyargs or "_" not in node.name)
    ]

    assert wrong == []


def test_modules_say_what_they_are():
    silent = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if path.name != "__init__.py" and not ast.get_docstring(tree_of(path))
    ]

    assert silent == []


def test_tests_are_functions_that_say_what_they_hold():
    wrong = [
        place(path, node)
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test")
    ]

    assert wrong == []
