"""Fuzzing in short, with the same inputs in each run; `make fuzz` looks further."""

import importlib.util
import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import mutators
from tests.fuzz.__main__ import ROOT
from tests.fuzz.targets import BROKEN, TARGETS, without_atheris

# About a second each.
ROUNDS = {
    "unbake_png": 1_000,
    "unbake_svg": 2_000,
    "accept_png": 1_500,
    "scrub_svg": 2_000,
    "read_jws": 2_500,
    "read_json": 2_500,
    "read_linked_data": 800,
    "verify_badge": 250,
    "verify_credential": 400,
    "show_markdown": 150,
}


def test_every_target_has_a_short_run():
    assert ROUNDS.keys() == TARGETS.keys()


@pytest.mark.parametrize("name", TARGETS)
def test_target_keeps_its_promise(name):
    without_atheris(TARGETS[name], rounds=ROUNDS[name])


needs_atheris = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris is made for x86_64 and Python before 3.14 only"
)


def fuzz(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "--seed", "1", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@needs_atheris
def test_every_target_keeps_its_promise_guided_by_coverage(tmp_path):
    done = fuzz("--seconds", "120", "--runs", "300", "--corpus", str(tmp_path))

    assert done.returncode == 0, done.stdout + done.stderr
    told = {line.partition(":")[0]: line.rpartition(": ")[2] for line in done.stdout.splitlines()}
    assert told == dict.fromkeys(TARGETS, "nothing found")


@needs_atheris
def test_what_breaks_a_promise_is_kept_and_told_as_a_test(tmp_path):
    """The fuzzer itself, tried on a target that breaks its promise for each input with a Z."""
    done = fuzz(BROKEN, "--seconds", "60", "--corpus", str(tmp_path))

    assert done.returncode == 1
    assert "AssertionError: a promise is broken" in done.stdout
    assert f"TARGETS['{BROKEN}'].attempt(" in done.stdout
    assert [b"Z" in find.read_bytes() for find in (tmp_path / BROKEN / "finds").iterdir()] == [True]


# --- The same promises, from what hypothesis builds ---------------------------------------------------------

_CHUNKS = st.tuples(
    st.sampled_from([b"IHDR", b"PLTE", b"IDAT", b"IEND", b"iTXt", b"tEXt", b"zTXt", b"iCCP", b"acTL", b"abcd"]),
    st.sampled_from([b"", b"openbadges\0", b"openbadges\0\0\0\0\0", b"openbadges\0\1\0\0\0x\x9c", bytes(13)])
    | st.binary(max_size=40),
)
_TAGS = st.sampled_from(
    [
        "g",
        "rect",
        "use",
        "style",
        "text",
        "title",
        "image",
        "a",
        "filter",
        "feImage",
        "switch",
        "script",
        "x:g",
        "o:assertion",
    ]
)
_ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        ["id", "href", "xlink:href", "style", "fill", "mask", "class", "onload", "width", "xml:space", "verify"]
    ),
    st.sampled_from(
        ["a", "#a", "url(#a)", "url(x)", "data:image/png;base64,AA==", "javascript:1", "fill:url('#a')", "1", "&lt;"]
    ),
    max_size=3,
)


def _element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda tag, attributes, children: (
            f"<{tag}"
            + "".join(f' {name}="{value}"' for name, value in attributes.items())
            + f">{''.join(children)}</{tag}>"
        ),
        _TAGS,
        _ATTRIBUTES,
        st.lists(inside, max_size=3),
    )


_DRAWINGS = st.recursive(
    st.sampled_from(["", "words", "&#60;", "<!-- c -->", "<![CDATA[{}]]>", ".a{fill:url(#a)}"]), _element, max_leaves=12
)
_ROOT = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:o="http://openbadges.org" xmlns:x="http://www.w3.org/1999/xhtml" viewBox="0 0 9 9">'
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=12,
)


@given(st.lists(_CHUNKS, max_size=8))
def test_any_chunks(chunks):
    data = mutators.PNG_SIGNATURE + b"".join(mutators.chunk(kind, body) for kind, body in chunks)

    TARGETS["unbake_png"].attempt(data)
    TARGETS["accept_png"].attempt(data)


@given(_DRAWINGS)
def test_any_drawing(inside):
    data = f"{_ROOT}{inside}</svg>".encode()

    TARGETS["unbake_svg"].attempt(data)
    TARGETS["scrub_svg"].attempt(data)


@given(st.dictionaries(st.text(max_size=8), _JSON, max_size=4), st.sampled_from(["utf-8", "utf-16"]))
def test_any_json(value, encoding):
    text = json.dumps(value, ensure_ascii=False).encode(encoding, "surrogatepass")

    TARGETS["read_json"].attempt(text)
    TARGETS["read_linked_data"].attempt(text)


@given(
    st.dictionaries(st.sampled_from(["alg", "kid", "jwk", "crit", "typ", "b64"]), _JSON, max_size=3),
    st.binary(max_size=40),
)
def test_any_signature(header, payload):
    parts = (json.dumps(header).encode(), payload, payload)

    TARGETS["read_jws"].attempt(b".".join(map(mutators.encode_part, parts)))


@given(st.text(st.sampled_from("ab \n#*_`[]()<>!|-=+>&;:@.\\/\"'~1"), max_size=60))
def test_any_markdown(text):
    TARGETS["show_markdown"].attempt(text.encode())
