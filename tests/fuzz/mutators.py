"""Mutations that know the form of what they change, so that most of what comes out gets past the first check."""

import base64
import binascii
import json
import random
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

Generic = Callable[[bytes, int], bytes]
"""Any mutation of bytes, up to a size: atheris' own, or `scramble` without atheris."""
Mutator = Callable[[bytes, random.Random, Generic], bytes]

MAX_SIZE = 1 << 16
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def scramble(data: bytes, max_size: int, *, dice: random.Random) -> bytes:
    """Change a few bytes: what stands in for atheris' own mutation where tests run without it."""
    found = bytearray(data or b"\0")
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(found) + 1)
        kind = dice.randrange(5)
        if kind == 0:
            found[at:at] = dice.randbytes(dice.randint(1, 8))
        elif kind == 1:
            del found[at : at + dice.randint(1, 16)]
        elif kind == 2:
            found[at : at + 1] = bytes([dice.choice((0, 1, 0x20, 0x22, 0x3C, 0x7F, 0x80, 0xFF))])
        elif kind == 3:
            start = dice.randrange(len(found) + 1)
            found[at:at] = found[start : start + dice.randint(1, 64)]
        elif at < len(found):
            found[at] ^= 1 << dice.randrange(8)
        found = found or bytearray(b"\0")
    return bytes(found[:max_size])


# --- PNG ----------------------------------------------------------------------------------------------------


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    """Return one chunk of a PNG, with its length and checksum right."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def split_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Return type and body of each chunk, as far as the lengths can be followed."""
    found = []
    at = len(PNG_SIGNATURE)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        found.append((data[at + 4 : at + 8], data[at + 8 : min(at + 8 + length, len(data))]))
        at += 12 + length
    return found


_PIXELS = [
    (chunk_type, bytes(body))
    for chunk_type, body in (
        (b"IHDR", struct.pack(">IIBBBBB", 100, 100, 8, 2, 0, 0, 0)),
        (b"IHDR", struct.pack(">IIBBBBB", 100, 100, 8, 6, 0, 0, 1)),
        (b"IHDR", struct.pack(">IIBBBBB", 65_535, 65_535, 8, 6, 0, 0, 0)),
        (b"IHDR", struct.pack(">IIBBBBB", 0, 0x7FFFFFFF, 1, 3, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(100 * 301))),
        (b"IDAT", zlib.compress(bytes(100_000))),
        (b"PLTE", bytes(768)),
        (b"tRNS", bytes(256)),
        (b"gAMA", struct.pack(">I", 45_455)),
        (b"iCCP", b"x\0\0" + zlib.compress(b"profile" * 20)),
        (b"acTL", bytes(8)),
        (b"IEND", b""),
        (b"eXIf", b"II*\0"),
        (b"iTXt", b"openbadges\0\0\0\0\0{}"),
        (b"iTXt", b"openbadges\0\1\0en\0badge\0" + zlib.compress(b'{"id":"https://badges.example.org/a/1"}')),
        (b"tEXt", b"openbadges\0https://badges.example.org/a/1"),
        (b"zTXt", b"openbadges\0\0" + zlib.compress(b"https://badges.example.org/a/1")),
        (b"zTXt", b"openbadges\0\0" + zlib.compress(bytes(1_100_000))),
        (b"iTXt", b"openbadgecredential\0\0\0\0\0e30.e30.e30"),
    )
]


def mutate_png(data: bytes, dice: random.Random, generic: Generic) -> bytes:
    """Change whole chunks, or what is in them, and put the checksums right again; sometimes wrong on purpose."""
    chunks = split_chunks(data)
    if not chunks or dice.random() < 0.08:
        return generic(data, MAX_SIZE)
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(chunks))
        kind = dice.randrange(7)
        if kind == 0 and len(chunks) > 1:
            del chunks[at]
        elif kind == 1:
            chunks.insert(at, chunks[dice.randrange(len(chunks))])
        elif kind == 2:
            other = dice.randrange(len(chunks))
            chunks[at], chunks[other] = chunks[other], chunks[at]
        elif kind == 3:
            chunks.insert(at + dice.randrange(2), dice.choice(_PIXELS))
        elif kind == 4:
            chunks[at] = (chunks[at][0], _inside_compressed(chunks[at][1], generic))
        elif kind == 5:
            chunks[at] = (chunks[at][0], generic(chunks[at][1], MAX_SIZE))
        else:
            chunks[at] = ((generic(chunks[at][0], 4) + b"\0\0\0\0")[:4], chunks[at][1])
    return PNG_SIGNATURE + b"".join(_written(kind, body, dice) for kind, body in chunks) + _tail(dice)


def _written(kind: bytes, body: bytes, dice: random.Random) -> bytes:
    made = chunk(kind, body)
    if dice.random() < 0.02:
        made = made[:-1] + bytes([made[-1] ^ 1])
    if dice.random() < 0.02:
        made = struct.pack(">I", dice.choice((0, 0x7FFFFFFF, 0xFFFFFFFF, len(body) + 1, len(body) + 12))) + made[4:]
    return made


def _tail(dice: random.Random) -> bytes:
    return dice.choice((b"<svg onload='x()'/>", b"<script>", bytes(20))) if dice.random() < 0.03 else b""


def _inside_compressed(body: bytes, generic: Generic) -> bytes:
    """Mutate what a zlib stream at the end of a chunk holds, and pack it again."""
    for start in range(min(len(body), 80)):
        if body[start] == 0x78:
            try:
                inside = zlib.decompressobj().decompress(body[start:], MAX_SIZE)
            except zlib.error:
                continue
            return body[:start] + zlib.compress(generic(inside, MAX_SIZE))
    return generic(body, MAX_SIZE)


# --- XML ----------------------------------------------------------------------------------------------------

_XML_PARTS = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<[^>]*>|[^<]+|<", re.DOTALL)
_SNIPPETS = [
    b"<g>", b"</g>", b"<script>alert(1)</script>", b"<foreignObject><b/></foreignObject>",
    b"<style>.a{fill:red}</style>", b"<style>@import 'https://evil.example.org/x.css';</style>",
    b"<style>*{fill:url(https://evil.example.org)}</style>", b"<use href='#a'/>", b"<use xlink:href='#a'/>",
    b"<g id='a'><use href='#a'/></g>", b"<a href='javascript:alert(1)'><g/></a>",
    b"<image href='https://evil.example.org/x.png'/>", b"<image xlink:href='data:image/svg+xml;base64,PHN2Zy8+'/>",
    b"<animate attributeName='href' to='javascript:alert(1)'/>", b"<set attributeName='onload' to='x()'/>",
    b"<metadata><x/></metadata>", b"<text>words</text>", b"<title>", b"</title>", b"<![CDATA[", b"]]>", b"<!--",
    b"-->", b"<?xml-stylesheet href='x.css'?>", b"<?xml version='1.0' encoding='UTF-16'?>",
    b"<?xml version='1.0' encoding='latin1'?>", b"<!DOCTYPE svg>", b"<!DOCTYPE svg [<!ENTITY a 'b'>]>", b"&a;",
    b"&#60;", b"&#x22;", b"&amp;", b"&lt;script&gt;", b"<rect width='10' height='10' fill='url(#a)'/>",
    b"<linearGradient id='a' xlink:href='#b'/>", b"<filter id='a'><feTurbulence numOctaves='9'/></filter>",
    b"<pattern id='a' width='1' height='1'><rect fill='url(#a)'/></pattern>",
    b"<mask id='m'><g mask='url(#m)'/></mask>", b"<svg:g xmlns:svg='http://www.w3.org/2000/svg'/>",
    b"<h:script xmlns:h='http://www.w3.org/1999/xhtml'>1</h:script>", b"<iframe/>", b"<handler/>", b"<switch>",
    b"<openbadges:assertion xmlns:openbadges='http://openbadges.org' verify='https://badges.example.org/a/1'/>",
    b"<o:assertion xmlns:o='http://openbadges.org' verify='x'><![CDATA[{\"id\":\"https://badges.example.org/a/1\"}]]></o:assertion>",
    b"<o:credential xmlns:o='https://purl.imsglobal.org/ob/v3p0' verify='e30.e30.e30'/>", b"<desc>\xc3\xa9</desc>",
    b"\xef\xbb\xbf", b"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd'/>",
]  # fmt: skip
_NAMES = [
    b"href", b"xlink:href", b"style", b"class", b"id", b"onload", b"onclick", b"fill", b"filter", b"mask", b"d",
    b"points", b"transform", b"width", b"height", b"viewBox", b"xmlns", b"xmlns:x", b"xmlns:xlink", b"xml:base",
    b"xml:space", b"font", b"font-family", b"marker", b"clip-path", b"aria-label", b"verify", b"values", b"numOctaves",
    b"cursor", b"begin",
]  # fmt: skip
_VALUES = [
    b"#a", b"#b", b"url(#a)", b"url('#a')", b"url(https://evil.example.org/)", b"URL(//evil.example.org)",
    b"u\\72l(x)", b"javascript:alert(1)", b"java&#10;script:alert(1)", b"data:text/html,<script>",
    b"data:text/html;base64,PHNjcmlwdD4=", b"&#106;avascript:1", b"expression(alert(1))", b"fill:red;stroke:url(x)",
    b"a b c", b"0 0 100 100", b"1e99", b"-1", b"100%", b"http://www.w3.org/1999/xhtml", b"http://www.w3.org/2000/svg",
    b"http://openbadges.org", b"rotate(1)", b"'", b"&quot;", b"fill:url(#a)!important", b"/*", b"*/", b"{", b"}",
    b"\\", b"&lt;", b"&#9;", b"e30.e30.", b"image-set(x)", b"@import",
]  # fmt: skip


def mutate_xml(data: bytes, dice: random.Random, generic: Generic) -> bytes:
    """Move, drop and double tags; put in attributes and pieces that have hurt others."""
    if dice.random() < 0.08:
        return generic(data, MAX_SIZE)
    parts = _XML_PARTS.findall(data) or [b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(parts))
        kind = dice.randrange(9)
        if kind == 0 and len(parts) > 1:
            del parts[at : at + dice.randint(1, 3)]
            parts = parts or [b"<svg/>"]
        elif kind == 1:
            end = at + dice.randint(1, 4)
            parts[end:end] = parts[at:end]
        elif kind == 2:
            other = dice.randrange(len(parts))
            parts[at], parts[other] = parts[other], parts[at]
        elif kind in (3, 4):
            parts.insert(at + 1, dice.choice(_SNIPPETS))
        elif kind in (5, 6):
            parts[at] = _with_attribute(parts[at], dice)
        elif kind == 7:
            parts[at] = _with_value(parts[at], dice)
        else:
            parts[at] = generic(parts[at], 4_096)
    made = b"".join(parts)[:MAX_SIZE]
    if dice.random() < 0.02:
        return made.decode("utf-8", "replace").encode(dice.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-7")))
    return made


def _with_attribute(tag: bytes, dice: random.Random) -> bytes:
    if not tag.startswith(b"<") or tag[1:2] in b"!?/" or not tag.endswith(b">"):
        return tag
    end = -2 if tag.endswith(b"/>") else -1
    quote = dice.choice((b'"', b"'"))
    return tag[:end] + b" " + dice.choice(_NAMES) + b"=" + quote + _value(quote, dice) + quote + tag[end:]


def _with_value(tag: bytes, dice: random.Random) -> bytes:
    found = list(re.finditer(rb"""=\s*(["'])(.*?)\1""", tag, re.DOTALL))
    if not found:
        return tag
    value = dice.choice(found)
    return tag[: value.start(2)] + _value(value[1], dice) + tag[value.end(2) :]


def _value(quote: bytes, dice: random.Random) -> bytes:
    value = b"".join(dice.choice(_VALUES) for _ in range(dice.choice((1, 1, 1, 2, 3))))
    if dice.random() < 0.2:
        at = dice.randrange(len(value))
        value = value[:at] + f"&#{value[at]};".encode() + value[at + 1 :]
    return value.replace(quote, b"")


# --- JSON ---------------------------------------------------------------------------------------------------

_JSON_VALUES: list[Any] = [
    None, True, False, 0, -1, 1e308, 10**40, 0.1, "", " ", "a", [], {}, [[]], [{}], [None], "\ud800", "\0",
    "e30.e30.e30", "https://badges.example.org/public/assertions/1", "https://badges.example.org/public/badges/1",
    "http://127.0.0.1/", "https://badges.example.org/public/issuers/1",
    "urn:uuid:5e3e3b7d-5f0f-4a3f-8d6e-0a3d4a1c9a11", "_:b0", "http://[", "x:y", "javascript:alert(1)",
    "data:application/json,{}", "https://w3id.org/openbadges/v2", "https://w3id.org/openbadges/v1",
    "2024-05-01T12:00:00Z", "2024-05-01", "9999-12-31T23:59:60Z", "0000-00-00T00:00:00+99:99", 1700000000, "sha256$",
    "sha256$zz", "md5$" + "0" * 32, {"@value": "x"}, {"@id": "x"}, {"@list": []}, {"@set": [1]}, {"@graph": [{}]},
    ["Assertion", "Extension"], {"id": "https://badges.example.org/public/badges/1"}, {"type": "hosted"},
    {"type": "SignedBadge", "creator": "_:b0"}, "x" * 3_000,
]  # fmt: skip
_JSON_LETTERS = ["", "\0", "/", "#", "?", "é", "\ud83d", " ", "'", "<", "\\", "%00", "é" * 50]
_JSON_KEYS = [
    "@context", "id", "type", "@id", "@type", "@graph", "@value", "@language", "@reverse", "@import", "@vocab",
    "@base", "badge", "issuer", "recipient", "identity", "hashed", "salt", "verification", "verify", "creator", "url",
    "uid", "issuedOn", "issued_on", "expires", "evidence", "criteria", "narrative", "image", "publicKey",
    "publicKeyPem", "owner", "revoked", "revokedAssertions", "revocationList", "related", "endorsement", "claim",
    "allowedOrigins", "startsWith", "alignment", "tags", "name", "email", "version", "validation", "obi:validation",
    "extensions:ApplyLink", "credentialSubject", "vc", "iss", "sub", "jti", "nbf", "exp", "proof", "credentialStatus",
    "credentialSchema", "", "__proto__", "a:b", "schema:location",
]  # fmt: skip


def mutate_json(data: bytes, dice: random.Random, generic: Generic) -> bytes:
    """Change members of a JSON text and write it again; sometimes its letters."""
    if dice.random() < 0.1:
        return generic(data, MAX_SIZE)
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return _mutate_json_text(data, dice, generic)
    for _ in range(dice.randint(1, 3)):
        value = mutate_value(value, dice)
    text = json.dumps(value, ensure_ascii=dice.random() < 0.3)
    made = text.encode("utf-8", "surrogatepass")
    return _mutate_json_text(made, dice, generic) if dice.random() < 0.15 else made[:MAX_SIZE]


def mutate_value(value: Any, dice: random.Random) -> Any:
    """Return the value with one thing changed somewhere within."""
    if isinstance(value, dict) and value and dice.random() < 0.85:
        return _mutate_object(value, dice)
    if isinstance(value, list) and value and dice.random() < 0.85:
        return _mutate_list(value, dice)
    kind = dice.randrange(6)
    if kind == 0:
        return [value]
    if kind == 1:
        return {dice.choice(_JSON_KEYS): value}
    if kind == 2 and isinstance(value, str):
        at = dice.randrange(len(value) + 1)
        return value[:at] + dice.choice(_JSON_LETTERS) + value[at + 1 :]
    return dice.choice(_JSON_VALUES)


def _mutate_list(value: list[Any], dice: random.Random) -> list[Any]:
    at = dice.randrange(len(value))
    kind = dice.randrange(5)
    if kind == 0:
        return value[:at] + value[at + 1 :]
    if kind == 1:
        return [*value, value[at]]
    return [*value[:at], mutate_value(value[at], dice), *value[at + 1 :]]


def _mutate_object(value: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    key = dice.choice(list(value))
    kind = dice.randrange(8)
    made = dict(value)
    if kind == 0:
        del made[key]
    elif kind == 1:
        made[dice.choice(_JSON_KEYS)] = dice.choice(_JSON_VALUES)
    elif kind == 2:
        made[dice.choice(_JSON_KEYS)] = made[key]
    elif kind == 3:
        made[dice.choice(_JSON_KEYS)] = made.pop(key)
    else:
        made[key] = mutate_value(made[key], dice)
    return made


_JSON_TOKENS = [
    b"{", b"}", b"[", b"]", b",", b":", b'"', b'""', b"null", b"true", b"NaN", b"-Infinity", b"1e400", b"-0",
    b"0.1e-9", b"9" * 400, b"\\u0000", b"\\ud800", b"\\udc00", b"\\", b"\xef\xbb\xbf", b"\xff", b'"a":1,"a":2',
    b"[" * 60, b"]" * 60, b'{"a":' * 45, b" ",
]  # fmt: skip


def _mutate_json_text(data: bytes, dice: random.Random, generic: Generic) -> bytes:
    if dice.random() < 0.5:
        return generic(data, MAX_SIZE)
    at = dice.randrange(len(data) + 1)
    return (data[:at] + dice.choice(_JSON_TOKENS) + data[at + dice.randrange(3) :])[:MAX_SIZE]


# --- JWS ----------------------------------------------------------------------------------------------------

_HEADERS: list[bytes] = [
    b'{"alg":"none"}', b'{"alg":"HS256"}', b'{"alg":"RS256"}', b'{"alg":"rs256"}',
    b'{"alg":"RS256","crit":["b64"],"b64":false}', b'{"alg":"RS256","kid":"../../etc/passwd"}',
    b'{"alg":"RS256","jku":"http://169.254.169.254/"}', b'{"alg":["RS256"]}',
    b'{"alg":"RS256","jwk":{"kty":"RSA","n":"AQAB","e":"AQAB"}}', b'{"alg":"RS256","zip":"DEF"}', b"{}", b"[]",
    b"null", b"", b'{"alg":"RS256","alg":"none"}', b'{"alg":"RS256","typ":"JWT"}', b'{"alg":"ES256"}', b'{"alg":null}',
    b'{"alg":"RS256\\u0000"}',
]  # fmt: skip


def mutate_jws(data: bytes, dice: random.Random, generic: Generic) -> bytes:
    """Change the parts of a compact JWS inside their base64url."""
    parts = data.split(b".")
    if len(parts) != 3 or dice.random() < 0.08:
        return generic(data, MAX_SIZE)
    for _ in range(dice.randint(1, 2)):
        at = dice.randrange(3)
        kind = dice.randrange(6)
        if kind == 0:
            parts[0] = encode_part(dice.choice(_HEADERS))
        elif kind in (1, 2):
            parts[at] = encode_part(mutate_json(_decode_part(parts[at]), dice, generic))
        elif kind == 3:
            parts[at] = encode_part(generic(_decode_part(parts[at]), MAX_SIZE))
        elif kind == 4:
            parts[at] = generic(parts[at], MAX_SIZE)
        else:
            parts[at] = dice.choice(
                (b"", parts[at] + b"=", parts[at] + b"\n", parts[at][:-1], parts[at] + b"A", b"e30")
            )
    return b".".join(parts)[:MAX_SIZE]


def encode_part(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _decode_part(part: bytes) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        return part


# --- Markdown -----------------------------------------------------------------------------------------------

_MARKS = [
    "#", "##", "*", "**", "_", "`", "```", "~~~", "[", "](", ")", "![", "<", ">", "|", "|-|-|", "\n", "\n\n", "  \n",
    "    ", "- ", "1. ", "> ", "<script>", "<img src=x onerror=alert(1)>", "](javascript:alert(1))",
    "](data:text/html,x)", "](//evil.example.org)", "[a]: ", "](https://example.org 'title')", "<https://example.org>",
    "<rita@mail.example.org>", "rita@mail.example.org", "&lt;", "&#106;", "\\", "\0", "\u202e", "\ud83d\ude00", "[a](",
    "<!--", "-->", "<![CDATA[", "=====", "-----", "\t", "%6a", "](\\javascript:1)", "&colon;",
]  # fmt: skip


def mutate_markdown(data: bytes, dice: random.Random, generic: Generic) -> bytes:
    """Put marks between the words, move pieces about."""
    if dice.random() < 0.2:
        return generic(data, MAX_SIZE)
    text = data.decode("utf-8", "surrogateescape")
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(text) + 1)
        kind = dice.randrange(4)
        if kind == 0:
            text = text[:at] + text[at + dice.randint(1, 8) :]
        elif kind == 1:
            text = text[:at] + text[at : at + dice.randint(1, 30)] * dice.randint(1, 4) + text[at:]
        else:
            text = text[:at] + dice.choice(_MARKS) * dice.choice((1, 1, 1, 2, 30)) + text[at:]
    # Long texts are refused soon; in short ones more is tried.
    limit = MAX_SIZE if dice.random() < 0.02 else 1_500
    return text.encode("utf-8", "surrogatepass")[:limit]
