"""Files made to hurt, by name: made here when they are asked for, so that no blob lies in the repository."""

import base64
import json
import struct
import zlib
from functools import cache

from tests.fuzz.mutators import PNG_SIGNATURE, chunk, encode_part

_MB = 1024 * 1024
ADDRESS = "https://badges.example.org/public/assertions/1"
HOSTED = json.dumps({"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": ADDRESS}).encode()


def header(width: int = 100, height: int = 100) -> bytes:
    """Return the IHDR of an RGB picture."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


PIXELS = chunk(b"IDAT", zlib.compress(bytes(100 * 301)))
END = chunk(b"IEND")


def png(*before: bytes, head: bytes | None = None, pixels: bytes = PIXELS, tail: bytes = b"") -> bytes:
    """Return a small sound PNG with more chunks before its pixels and bytes behind its end."""
    return PNG_SIGNATURE + (head or header()) + b"".join(before) + pixels + END + tail


@cache
def bomb(megabytes: int = 30) -> bytes:
    """Return that many megabytes of zeros, packed by zlib to a thousandth."""
    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(bytes(_MB)) for _ in range(megabytes)), packer.flush()])


@cache
def pngs() -> dict[str, bytes]:
    """Return the hostile PNGs."""
    baked = b"openbadges\0"
    return {
        "chunk-of-2-gb": PNG_SIGNATURE + header() + struct.pack(">I", 0x7FFFFFFF) + b"iTXt" + baked,
        "chunk-of-4-gb": PNG_SIGNATURE + header() + b"\xff\xff\xff\xffIDAT",
        "100k-chunks": png(*[chunk(b"tIMy")] * 100_000),
        "100k-text-chunks": png(*[chunk(b"tEXt", b"openbadge\0x")] * 40_000),
        "ztxt-bomb": png(chunk(b"zTXt", baked + b"\0" + bomb())),
        "itxt-bomb": png(chunk(b"iTXt", baked + b"\1\0\0\0" + bomb())),
        "idat-bomb": png(pixels=chunk(b"IDAT", bomb())),
        "profile-bomb": png(chunk(b"iCCP", b"x\0\0" + bomb())),
        "wrong-checksum": png(chunk(b"iTXt", baked + b"\0\0\0\0" + HOSTED)[:-4] + b"\0\0\0\0"),
        "end-first": PNG_SIGNATURE + END + header() + PIXELS,
        "no-end": PNG_SIGNATURE + header() + PIXELS,
        "only-signature": PNG_SIGNATURE,
        "header-twice": png(header(50, 50)),
        "animated": png(chunk(b"acTL", struct.pack(">II", 1, 0)), chunk(b"fcTL", bytes(26))),
        "65k-by-65k": png(head=header(65_535, 65_535)),
        "2g-by-1": png(head=header(0x7FFFFFFF, 1)),
        "0-by-0": png(head=header(0, 0)),
        "svg-behind": png(tail=b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        "page-in-text": png(chunk(b"tEXt", b"Comment\0<script>alert(1)</script>")),
        "page-behind": png(tail=b"<!DOCTYPE html><script>alert(1)</script>"),
        "badge-behind-end": png(tail=chunk(b"iTXt", baked + b"\0\0\0\0" + HOSTED)),
        "keyword-without-end": png(chunk(b"iTXt", b"openbadges")),
        "keyword-alone": png(chunk(b"iTXt", baked), chunk(b"zTXt", baked)),
        "language-without-end": png(chunk(b"iTXt", baked + b"\0\0" + b"en" * 500)),
        "not-utf-8": png(chunk(b"iTXt", baked + b"\0\0\0\0" + b"\xff\xfe{}")),
        "badge-of-2-mb": png(chunk(b"iTXt", baked + b"\0\0\0\0" + b"x" * 2 * _MB)),
        "not-zlib": png(chunk(b"zTXt", baked + b"\0not zlib"), chunk(b"iTXt", baked + b"\1\0\0\0not zlib")),
        "zlib-cut": png(chunk(b"zTXt", baked + b"\0" + zlib.compress(HOSTED)[:-6])),
        "two-badges": png(chunk(b"iTXt", baked + b"\0\0\0\0" + HOSTED), chunk(b"iTXt", baked + b"\0\0\0\0{}")),
    }


SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 100"'
ASSERTION = f'<openbadges:assertion xmlns:openbadges="http://openbadges.org" verify="{ADDRESS}"'


def svg(inside: str = "", *, before: str = "", root: str = "") -> bytes:
    """Return a drawing with this inside it."""
    return f"{before}<svg {SVG}{root}>{inside}<rect width='100' height='100'/></svg>".encode()


@cache
def svgs() -> dict[str, bytes]:
    """Return the hostile drawings."""
    laughs = "".join(f'<!ENTITY l{n} "' + f"&l{n - 1};" * 10 + '">' for n in range(1, 10))
    hosted = HOSTED.decode()
    uses = "".join(f'<g id="u{n}">' + f"<use xlink:href='#u{n - 1}'/>" * 10 + "</g>" for n in range(1, 12))
    script = "<script>alert(1)</script>"
    return {
        "billion-laughs": svg("<text>&l9;</text>", before=f'<!DOCTYPE svg [<!ENTITY l0 "ha">{laughs}]>'),
        "quadratic-entity": svg(
            "<text>" + "&a;" * 5_000 + "</text>", before='<!DOCTYPE svg [<!ENTITY a "' + "a" * 50_000 + '">]>'
        ),
        "external-entity": svg("<text>&x;</text>", before='<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        "parameter-entity": svg(before='<!DOCTYPE svg [<!ENTITY % x SYSTEM "http://169.254.169.254/"> %x;]>'),
        "external-dtd": svg(before='<!DOCTYPE svg SYSTEM "http://169.254.169.254/x.dtd">'),
        "entity-of-an-external-dtd": svg(
            f"{ASSERTION}>&badge;</openbadges:assertion>",
            before='<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        ),
        "attribute-default": svg(before='<!DOCTYPE svg [<!ATTLIST svg onload CDATA "alert(1)">]>'),
        "xinclude": svg(
            '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
        ),
        "10k-groups": svg("<g>" * 10_000 + "</g>" * 10_000),
        "100k-groups-unclosed": f"<svg {SVG}>{'<g>' * 100_000}".encode(),
        "20k-elements": svg("<g/>" * 20_000),
        "attribute-of-1-mb": svg('<g class="' + "a " * 500_000 + '"/>'),
        "10k-attributes": svg("<g " + " ".join(f"a{n}='1'" for n in range(10_000)) + "/>"),
        "name-of-100-kb": svg(f"<{'a' * 100_000}/>"),
        "utf-16": svg(script).decode().encode("utf-16"),
        "utf-16-without-mark": svg(script).decode().encode("utf-16-be"),
        "utf-32": svg(script).decode().encode("utf-32"),
        "utf-7": b'<?xml version="1.0" encoding="UTF-7"?>' + svg("+ADw-script+AD4-alert(1)+ADw-/script+AD4-"),
        "ebcdic": b'<?xml version="1.0" encoding="cp037"?>' + svg(script),
        "declared-utf-16": b'<?xml version="1.0" encoding="UTF-16"?>' + svg(script),
        "unknown-encoding": b'<?xml version="1.0" encoding="x-no-such"?>' + svg(),
        "not-an-encoding": b'<?xml version="1.0" encoding="base64"?>' + svg(),
        "root-after-300-bytes": svg(
            before=f"<!-- {'x' * 300} -->", inside=f"{ASSERTION}><![CDATA[{hosted}]]></openbadges:assertion>"
        ),
        "cdata-end-inside": svg(ASSERTION + '><![CDATA[{"a":"]]]]><![CDATA[>"}]]></openbadges:assertion>'),
        "cdata-left-open": svg(f"{ASSERTION}><![CDATA[{hosted}"),
        "text-without-cdata": svg(f"{ASSERTION}>{hosted}</openbadges:assertion>"),
        "elements-in-badge": svg(f"{ASSERTION}><g>{hosted}</g>{ASSERTION}/></openbadges:assertion>"),
        "two-assertions": svg(f"{ASSERTION}><![CDATA[{hosted}]]></openbadges:assertion>{ASSERTION}/>"),
        "badge-in-comment": svg(f"<!-- {ASSERTION}/> -->"),
        "badge-in-other-namespace": svg('<openbadges:assertion xmlns:openbadges="http://example.org" verify="x"/>'),
        "prefix-bound-again": svg(f'<g xmlns:openbadges="http://example.org">{ASSERTION}/></g>'),
        "5k-badges": svg(f"{ASSERTION}/>" * 5_000),
        "badge-of-2-mb": svg(f"{ASSERTION}><![CDATA[{'x' * 2_000_000}]]></openbadges:assertion>"),
        "script": svg(script),
        "script-in-namespace": svg('<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>'),
        "page-inside": svg('<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="x"/></foreignObject>'),
        "handler": svg(root=' onload="alert(1)"'),
        "use-itself": svg('<g id="a"><use xlink:href="#a"/></g>'),
        "use-in-circle": svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'),
        "use-bomb": svg(f'<g id="u0"><path d="M0 0h1"/></g>{uses}'),
        "css-import": svg("<style>@import url(https://evil.example.org/x.css);</style>"),
        "css-escaped-url": svg('<rect style="fill:u\\72l(https://evil.example.org/)"/>'),
        "css-comment-url": svg('<rect fill="ur/**/l(https://evil.example.org/)"/>'),
        "data-page": svg('<image xlink:href="data:text/html;base64,PHNjcmlwdD4="/>'),
        "data-svg": svg(f'<image xlink:href="data:image/svg+xml;base64,{base64.b64encode(svg(script)).decode()}"/>'),
        "javascript-link": svg('<a xlink:href="java&#10;script:alert(1)"><rect/></a>'),
        "base-moved": svg('<use xlink:href="#a"/>', root=' xml:base="https://evil.example.org/"'),
        "style-sheet-instruction": svg(before='<?xml-stylesheet href="https://evil.example.org/x.css"?>'),
        "null": svg().replace(b"<rect", b"\0<rect"),
        "control-characters": svg("<text>&#1;</text>"),
        "only-comment": b"<!-- <svg -->",
        "not-svg": b"<svgs xmlns='http://www.w3.org/2000/svg'/>",
        "page-with-svg": b"<html><body><svg/></body></html>",
    }


def jws(head: object, payload: bytes = HOSTED, signature: bytes = b"x" * 256) -> str:
    """Return the compact form of these three parts."""
    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    return b".".join(map(encode_part, (text, payload, signature))).decode()


@cache
def signatures() -> dict[str, str]:
    """Return the hostile signatures; none of them is by any key."""
    sound = jws({"alg": "RS256"})
    return {
        "none": jws({"alg": "none"}, signature=b""),
        "none-in-capitals": jws({"alg": "NONE"}, signature=b""),
        "hmac": jws({"alg": "HS256"}, signature=b"x" * 32),
        "elliptic": jws({"alg": "ES256"}, signature=b"x" * 64),
        "pss": jws({"alg": "PS256"}),
        "critical": jws({"alg": "RS256", "crit": ["exp"], "exp": 1}),
        "payload-not-encoded": jws({"alg": "RS256", "b64": False, "crit": ["b64"]}),
        "key-by-path": jws({"alg": "RS256", "kid": "../../../../etc/passwd"}),
        "key-by-address": jws({"alg": "RS256", "jku": "http://169.254.169.254/", "x5u": "file:///etc/passwd"}),
        "key-brought-along": jws({"alg": "RS256", "jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}),
        "method-is-a-list": jws({"alg": ["RS256"]}),
        "method-twice": jws(b'{"alg":"RS256","alg":"none"}'),
        "header-is-a-list": jws([]),
        "header-deep": jws(b'{"a":' * 1_500 + b"1" + b"}" * 1_500),
        "header-not-utf-8": jws(b"\xff\xff"),
        "header-large": jws({"alg": "RS256", "x": "x" * 10_000}),
        "payload-large": jws({"alg": "RS256"}, payload=b"x" * 1_000_000),
        "signature-large": jws({"alg": "RS256"}, signature=b"x" * 150_000),
        "signature-empty": jws({"alg": "RS256"}, signature=b""),
        "payload-empty": jws({"alg": "RS256"}, payload=b""),
        "padded": sound + "==",
        "newline": sound + "\n",
        "blanks": sound.replace(".", " . "),
        "two-parts": sound.rpartition(".")[0],
        "five-parts": f"{sound}.e30.e30",
        "dots": "." * 250_000,
        "not-ascii": sound + "é",
        "half-surrogate": sound + "\ud800",
        "other-alphabet": sound.replace("_", "/").replace("-", "+") + "+/",
    }


@cache
def json_texts() -> dict[str, bytes]:
    """Return the hostile JSON; the reader must refuse every one."""
    return {
        "doubled-key": b'{"id":"a","id":"b"}',
        "doubled-key-escaped": b'{"id":"a","\\u0069d":"b"}',
        "doubled-key-deep": b'{"badge":{"id":"a","id":"b"}}',
        "10k-deep": b'{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        "10k-deep-objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        "500k-open": b"[" * 500_000,
        "41-deep": b'{"a":' * 41 + b"1" + b"}" * 41,
        "1e400": b'{"a":1e400}',
        "minus-1e400": b'{"a":[-1e400]}',
        "nan": b'{"a":NaN}',
        "infinity": b'{"a":-Infinity}',
        "half-surrogate": b'{"a":"\\ud800"}',
        "half-surrogate-key": b'{"\\udfff":1}',
        "null-character": b'{"a":"\\u0000"}',
        "null-byte": b'{"a":"\0"}',
        "10k-digits": b'{"a":' + b"9" * 10_000 + b"}",
        "4k-digits": b'{"a":' + b"9" * 4_000 + b"}",
        "400-digits": b'{"a":' + b"9" * 400 + b"}",
        "not-utf-8": b'{"a":"\xff"}',
        "utf-16": '{"a":1}'.encode("utf-16"),
        "utf-32": '{"a":1}'.encode("utf-32"),
        "too-large": b'{"a":"' + b"x" * 1_000_000 + b'"}',
        "list": b"[{}]",
        "text": b'"x"',
        "empty": b"",
        "behind": b"{}{}",
        "comment": b"{/* */}",
        "comma": b'{"a":1,}',
        "page": b"<!DOCTYPE html><html></html>",
    }
