"""JSON text: the canonical one out, any one in."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgeserver.openbadges.errors import InvalidDocument, InvalidJson, OpenBadgesError
from badgeserver.openbadges.jsontext import MAX_BYTES, MAX_DEPTH, parse_object, serialize

TEXT = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(TEXT, children, max_size=3),
    max_leaves=10,
)


def test_serialize_is_compact_keeps_order_and_letters():
    assert serialize({"b": "Zoë 徽章", "a": [1, True, None]}) == '{"b":"Zoë 徽章","a":[1,true,null]}'


def test_serialize_can_stand_in_cdata_and_script():
    text = serialize({"narrative": "a ]]> b </script> & <!-- \u2028 \ufffe"})

    assert text == r'{"narrative":"a ]]\u003e b \u003c/script\u003e \u0026 \u003c!-- \u2028 \ufffe"}'


@pytest.mark.parametrize("text", ["\ud800", "\0", "a\\\0", "\\\\\0"])
def test_serialize_refuses_what_is_not_text(text):
    with pytest.raises(InvalidDocument, match="not text"):
        serialize({"a": text})


def test_serialize_carries_texts_about_null_characters():
    for text in (r"\u0000", r"\\u0000", r"a\\\u0000"):
        assert parse_object(serialize({"a": text})) == {"a": text}


@given(st.dictionaries(TEXT, JSON, max_size=4))
def test_serialize_loses_nothing(document):
    text = serialize(document)

    assert json.loads(text) == document
    assert parse_object(text) == document
    assert not set(text) & set("<>&")
    text.encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}])
def test_serialize_refuses_what_json_cannot_carry(value):
    with pytest.raises(InvalidDocument):
        serialize({"a": value})


def test_parse_object_reads_text_bytes_and_byte_order_mark():
    assert parse_object('{"a": "\\ud83e\\udd16"}') == {"a": "🤖"}
    assert parse_object(b'\xef\xbb\xbf{"a": ["\xc3\xa9"]}') == {"a": ["é"]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        '"text"',
        "{",
        "{'a': 1}",
        '{"a": 1,}',
        '{"a": 1} {"b": 2}',
        '{"a": NaN}',
        '{"a": -Infinity}',
        '{"a": 1, "a": 2}',
        '{"a": {"b": 1, "b": 1}}',
        '{"a": "\\ud800"}',
        '{"\\ud800": 1}',
        '{"a": "\\u0000"}',
        '{"a": "é\\u0000"}',
        '{"a": "\n"}',
        '{"a":' + "9" * 5_000 + "}",
        '{"a":' + "[" * MAX_DEPTH + "]" * MAX_DEPTH + "}",
        '{"a":' * 100_000,
        " " * MAX_BYTES + "{}",
        b"\xff{}",
        b"\x00{}",
        '{"a": 1}'.encode("utf-16"),
    ],
    ids=lambda text: repr(text)[:30],
)
def test_parse_object_refuses_by_name(text):
    with pytest.raises(InvalidJson):
        parse_object(text)


def test_parse_object_reads_up_to_the_limit_of_depth():
    nested = "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)

    assert list(parse_object('{"a":' + nested + "}")) == ["a"]


@given(st.binary() | st.text() | JSON.map(json.dumps))
def test_parse_object_never_raises_anything_else(text):
    with suppress(OpenBadgesError):
        assert isinstance(parse_object(text), dict)
