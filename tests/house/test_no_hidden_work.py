"""Nothing happens behind a reader's back: no work in `save()`, no signals, no exception swallowed whole."""

import ast
import re

from tests.house.source import ROOT, name_of, place, python_files, tree_of

BROAD = {"Exception", "BaseException"}
#: Doors into the outside that must pass every failure on, each with its reason beside it.
REASON = re.compile(r"noqa: BLE001 -- \S")


def test_models_do_no_work_when_saved():
    hidden = [
        place(path, method)
        for path in python_files()
        if "models" in path.parts or path.name == "models.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name in {"save", "delete", "clean", "full_clean"}
    ]

    assert hidden == []


def test_nobody_listens_to_signals():
    receivers = [
        place(path, node)
        for path in python_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        for decorator in node.decorator_list
        if name_of(decorator).split(".")[-1] == "receiver"
    ]
    connected = [
        place(path, node)
        for path in python_files()
        if path.name != "outbound.py"  # what it connects is a socket
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "connect"
    ]

    assert (receivers, connected) == ([], [])


def test_no_exception_is_swallowed_whole():
    """`except Exception` hides our own faults. What passes everything on may catch everything."""
    broad = [
        place(path, handler)
        for path in python_files()
        for handler in ast.walk(tree_of(path))
        if isinstance(handler, ast.ExceptHandler)
        and (handler.type is None or BROAD & {name_of(one) for one in ast.walk(handler.type)})
        and not passes_on(handler)
        and not REASON.search(path.read_text(encoding="utf-8").splitlines()[handler.lineno - 1])
    ]

    assert broad == []


def passes_on(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_imports_inside_functions_have_a_reason():
    unexplained = []
    for path in python_files():
        lines = path.read_text(encoding="utf-8").splitlines()
        for function in ast.walk(tree_of(path)):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    text = " ".join(lines[node.lineno - 1 : node.end_lineno])
                    if not re.search(r"noqa: PLC0415 -- \S", text):
                        unexplained.append(place(path, node))

    assert unexplained == []


def test_every_silenced_rule_has_a_reason():
    """`# noqa: X -- why` and `# type: ignore[x]  # why` or a comment on the line above."""
    bare = []
    for path in python_files():
        lines = path.read_text(encoding="utf-8").splitlines()
        bare += [
            f"{path.relative_to(ROOT)}:{number}"
            for number, line in enumerate(lines, start=1)
            if re.search(r"# noqa(?!: [A-Z]+\d+(, ?[A-Z]+\d+)* -- \S)", line)
        ]

    assert bare == []
