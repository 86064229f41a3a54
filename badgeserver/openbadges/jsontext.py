"""JSON text in and out: one canonical way to write it, one careful way to read it."""

import json
import math
import re
from collections.abc import Mapping
from typing import NoReturn

from badgeserver.openbadges.errors import InvalidDocument, InvalidJson

MAX_BYTES = 1_000_000
"""The largest document that is read."""

MAX_DEPTH = 40
"""The deepest nesting that is read; a badge with everything embedded needs about eight."""

MAX_DIGITS = 40
"""The longest whole number that is read: anything longer breaks databases and other readers."""

# `<`, `>` and `&` so that neither `]]>` nor `</script>` can ever occur (OB2-BAK-14); the line separators
# because JavaScript once took them for line ends; the rest because XML cannot carry them. None of these is
# ever part of JSON's own grammar, so an escape can only fall inside a string.
_UNSAFE = re.compile("[<>&\u007f\u2028\u2029\ufffe\uffff]")

# What `parse_object` would refuse must not be written either. Before `\u0000` only whole pairs of backslashes
# may stand: with an odd one it is a text that talks about null characters, which is fine.
_NOT_TEXT = re.compile(r"(?<!\\)(?:\\\\)*\\u0000|[\ud800-\udfff]")


def serialize(document_json: Mapping[str, object]) -> str:
    r"""The one text of a document that is stored, signed, baked and served: compact, not ASCII-escaped.

    ``<``, ``>`` and ``&`` are written as ``\u003c``, ``\u003e`` and ``\u0026``, so the text is at home in
    CDATA sections and script elements. Raises InvalidDocument for what JSON cannot carry and for null characters.
    """
    try:
        text = json.dumps(document_json, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidDocument(f"This document cannot be written as JSON: {error}.") from error
    if _NOT_TEXT.search(text):
        raise InvalidDocument("This document contains null characters or others that are not text.")
    return _UNSAFE.sub(_escape, text)


def parse_object(text: str | bytes) -> dict[str, object]:
    """Read one JSON object from outside.

    Raises InvalidJson for anything else: other encodings than UTF-8, more than MAX_BYTES, deeper than
    MAX_DEPTH, doubled keys (two readers could see two different badges), NaN, numbers that other readers
    round to infinity, lone surrogates and null characters.
    """
    if len(text) > MAX_BYTES:
        raise InvalidJson("The document is larger than 1 MB, which no badge needs.")
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8-sig")
        document = json.loads(
            decoded,
            object_pairs_hook=_without_doubles,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_whole,
        )
    except UnicodeDecodeError as error:
        raise InvalidJson("The document is not UTF-8 text.") from error
    except (ValueError, RecursionError) as error:
        raise InvalidJson("The document is not well-formed JSON.") from error
    if not isinstance(document, dict):
        raise InvalidJson("The document is JSON, but not a JSON object.")
    _refuse_depth_and_bad_text(document)
    return document


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise InvalidJson("The document says the same thing twice: a key of it is doubled.")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidJson(f"The document contains {name}, which is not JSON.")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise InvalidJson("The document contains a number that is too large to be read.")
    return number


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise InvalidJson("The document contains a number that is too large to be read.")
    return int(digits)


def _refuse_depth_and_bad_text(document: dict[str, object]) -> None:
    waiting: list[tuple[object, int]] = [(document, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise InvalidJson("The document is nested deeper than any badge needs.")
        if isinstance(value, dict):
            waiting.extend((key, depth) for key in value)
            waiting.extend((member, depth + 1) for member in value.values())
        elif isinstance(value, list):
            waiting.extend((item, depth + 1) for item in value)
        elif isinstance(value, str) and not _is_sound(value):
            raise InvalidJson("The document contains characters that are not text.")


def _is_sound(text: str) -> bool:
    """No null characters and no halves of surrogate pairs: both break databases and encoders further on."""
    if text.isascii():
        return "\0" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
