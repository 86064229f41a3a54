"""Whatever is sent to whichever address: the answer is a page or a sentence, never a fault of ours."""

import re
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import dns.resolver
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from tests.factories.issuers import ApiTokenFactory
from tests.house.routes import Route, all_routes

#: What no form expects. Each stands in every field at once: whoever answers looks at each of them.
TEXTS = {
    "null": "\x00",
    "null inside": "rita\x00@example.org",
    "half a pair": "%ED%A0%80",
    "broken utf-8": "%FF%FE",
    "long": "x" * 70_000,
    "huge number": "9" * 5_000,
    "number past every column": "99999999999999999999",
    "negative": "-1",
    "not a number": "NaN",
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "no day": "2026-02-31",
    "array": "[]",
    "template": "{{ 7*7 }}{% include 'x' %}",
    "markup": "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>",
    "script address": "javascript:alert(1)",
    "bad host": "http://[::1",
    "host of another script": "https://xn--a.example/ä?@\\",
    "kelvin": "\u212aate@exampl\u0435.org",
    "emoji": "👩🏽‍🚒🇦🇶\u202e\u2066\ufeff\u200d",
    "header": "a\r\nBcc: all@example.org",
    "path": "../../../../etc/passwd",
    "signed by nobody": "eyJhIjoxfQ:1abcde:" + "A" * 43,
}
#: Fields and parameters that no page names, or that come without their page.
FIELDS = {
    "q",
    "page",
    "page_size",
    "status",
    "state",
    "sort",
    "badge",
    "department",
    "person",
    "kind",
    "since",
    "until",
}
FIELDS |= {"token", "view", "next", "again_for", "kept_picture", "act", "shown", "role", "reason", "file", "picture"}
FIELDS |= {f"{prefix}-{part}_FORMS" for prefix in ["steps", "alignments", "evidence"] for part in ["TOTAL", "INITIAL"]}
FIELDS |= {"steps-0-ORDER", "steps-0-DELETE", "steps-1-ORDER", "evidence-0-DELETE", "alignments-0-ORDER"}

#: The same form, whole, with rows of a list that do not add up.
MANAGEMENT = {
    "none": {},
    "too many": {"TOTAL_FORMS": "99999", "INITIAL_FORMS": "0"},
    "less than nothing": {"TOTAL_FORMS": "-5", "INITIAL_FORMS": "-5"},
    "more before than now": {"TOTAL_FORMS": "1", "INITIAL_FORMS": "50"},
    "three": {"TOTAL_FORMS": "3", "INITIAL_FORMS": "0"},
}


@pytest.fixture(autouse=True)
def nobody_knows_any_host(monkeypatch) -> None:
    """Some pages ask other people's servers; here every name server answers at once that there is no such host."""

    def unknown_host(*_args: object, **_kind: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    def unknown_name(*_args: object, **_kind: object) -> None:
        raise dns.resolver.NXDOMAIN

    monkeypatch.setattr(socket, "getaddrinfo", unknown_host)
    monkeypatch.setattr(dns.resolver.Resolver, "resolve", unknown_name)


_fields: list[str] = []
_NAME = re.compile(r"""\bname=["']([^"']+)["']""")


@contextmanager
def undone() -> Iterator[None]:
    """Take back what a request has changed, so that the next one finds the same world; let nobody be too quick."""
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client: Client, method: str, url: str, **how: Any) -> Any:
    """Return the answer; a fault of ours comes as a 500, so that one does not hide the others."""
    client.raise_request_exception = False
    cookies = client.cookies.copy()
    with undone():
        answer = client.generic(method, url, **how)
    client.cookies = cookies
    return answer


def faults(answers: Iterable[Any]) -> list[str]:
    """Say of each answer that is a fault of ours what was asked and what was raised."""
    return [_fault(answer) for answer in answers if answer.status_code >= 500]


def _fault(answer: Any) -> str:
    problem = getattr(answer, "exc_info", None) or ["", ""]
    return f"{answer.request['REQUEST_METHOD']} {answer.request['PATH_INFO'][:100]}: {problem[1]!r:.300}"


def form_of(values: dict[str, str]) -> dict[str, Any]:
    """Return a body as browsers send it, but with bytes that are no text left as they are."""
    body = "&".join(f"{name}={_escaped(value)}" for name, value in values.items())
    return {"data": body, "content_type": "application/x-www-form-urlencoded"}


def _escaped(value: str) -> str:
    if value.startswith("%"):
        return value
    return "".join(f"%{byte:02X}" for byte in value.encode()) if len(value) < 1_000 else value


def pages() -> list[Route]:
    return [route for route in all_routes() if not route.name.startswith("api:")]


@pytest.fixture
def fields(as_ada, ids) -> list[str]:
    """The names of every field on every page; they are the same for every test, and read once."""
    if _fields:
        return _fields
    found = set(FIELDS)
    for route in pages():
        answer = as_ada.get(route.url(ids))
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            found |= set(_NAME.findall(answer.content.decode()))
    found -= {"csrfmiddlewaretoken", "viewport", "description"}
    assert {"narrative", "criteria_narrative", "linkedin_id", "steps-0-text", "evidence-0-url", "scopes"} <= found
    _fields.extend(sorted(found))
    return _fields


def mixed(fields: list[str], turn: int) -> dict[str, str]:
    """Return a hostile value for each field; another one at each turn."""
    texts = list(TEXTS.values())
    return {name: texts[(number + turn * 5) % len(texts)] for number, name in enumerate(fields)}


@pytest.mark.parametrize("turn", range(3))
def test_hostile_values_in_every_address_are_answered(turn, fields, as_ada, ids):
    query = "&".join(f"{name}={_escaped(value[:1_000])}" for name, value in mixed(fields, turn).items())
    assert faults(ask(as_ada, "GET", f"{route.url(ids)}?{query}") for route in pages()) == []


@pytest.mark.parametrize("turn", range(4))
def test_hostile_values_in_every_field_are_answered(turn, fields, as_ada, anonymous, ids):
    sent = form_of(mixed(fields, turn))
    answers = []
    for route in pages():
        client = anonymous if route.pattern.startswith(("accounts/", "verify/", "report/")) else as_ada
        answers.append(ask(client, "POST", route.url(ids), **sent))
    assert faults(answers) == []


@pytest.mark.parametrize("kind", ["null inside", "long", "markup", "last day"])
def test_the_same_hostile_value_in_all_fields_is_answered(kind, fields, as_ada, ids):
    sent = form_of(dict.fromkeys(fields, TEXTS[kind]))
    assert faults(ask(as_ada, "POST", route.url(ids), **sent) for route in pages()) == []


@pytest.mark.parametrize("kind", MANAGEMENT)
def test_rows_that_do_not_add_up_are_answered(kind, fields, as_ada, ids):
    values = {name: "x" for name in fields if not name.endswith("_FORMS")}
    for prefix in ["steps", "alignments", "evidence"]:
        values |= {f"{prefix}-{name}": value for name, value in MANAGEMENT[kind].items()}
    lists = [
        route
        for route in pages()
        if route.name in {"badges:create", "badges:preview", "badges:check", "assertions:award"}
    ]
    assert faults(ask(as_ada, "POST", route.url(ids), **form_of(values)) for route in lists) == []


@pytest.mark.parametrize("part", ["%00", "%FF", "..%2f", "a" * 300, "9" * 30, "%F0%9F%98%80"])
def test_hostile_parts_of_addresses_are_answered(part, as_ada, ids):
    texts = [
        "decline_token",
        "mails_token",
        "kid",
        "code",
        "str:token",
        "provider_id",
        "message",
        "content_id",
        "notice",
        "pk",
        "address",
    ]
    values = ids | dict.fromkeys(texts, part)
    routes = [route for route in all_routes() if route.url(values) != route.url(ids)]
    methods = ["GET", "POST"]
    assert faults(ask(as_ada, method, route.url(values)) for route in routes for method in methods) == []


def test_every_method_is_answered(as_ada, ids):
    methods = ["HEAD", "OPTIONS", "DELETE", "PROPFIND"]
    assert faults(ask(as_ada, method, route.url(ids)) for route in all_routes() for method in methods) == []


BODIES = {
    "no boundary": ("multipart/form-data", b"x"),
    "broken boundary": ("multipart/form-data; boundary=x", b"--y\r\nnothing"),
    "part without end": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=file; filename=a\r\nContent-Transfer-Encoding: base64\r\n\r\n%",
    ),
    "unknown charset": ("application/x-www-form-urlencoded; charset=klingon", b"name=x"),
    "another charset": ("application/x-www-form-urlencoded; charset=utf-7", b"name=+AGE-"),
    "json": ("application/json", b'{"name": "x"}'),
    "xml": ("application/xml", b"<x/>"),
    "nothing": ("", b"\x00\xff"),
    "a thousand fields": ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(1_500))),
}


@pytest.mark.parametrize("kind", BODIES)
def test_bodies_of_the_wrong_kind_are_answered(kind, as_ada, ids):
    content_type, body = BODIES[kind]
    takers = [route for route in all_routes() if not route.name.startswith("public:")]
    sent = {"data": body, "content_type": content_type}
    assert faults(ask(as_ada, "POST", route.url(ids), **sent) for route in takers) == []


FILES = {
    "empty": b"",
    "text": b"a picture, I promise",
    "half a png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff\x08\x06",
    "nested svg": b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * 50_000,
    "laughing svg": b"<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
    b"<svg xmlns='http://www.w3.org/2000/svg'><text>&b;</text></svg>",
    "svg in another code": "<?xml version='1.0' encoding='utf-16'?><svg/>".encode("utf-16"),
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize(("name", "field"), [("badges:create", "picture"), ("badges:keep-picture", "picture")])
def test_hostile_pictures_are_answered(kind, name, field, as_ada, ids):
    route = next(route for route in all_routes() if route.name == name)
    with undone():
        answer = as_ada.post(
            route.url(ids), {field: SimpleUploadedFile("x.png", FILES[kind], "image/png"), "name": "x"}
        )
    assert answer.status_code == 422


@pytest.mark.parametrize("kind", FILES)
def test_hostile_files_to_verify_are_answered(kind, anonymous):
    answer = anonymous.post("/verify/", {"file": SimpleUploadedFile("x.png", FILES[kind], "image/png")})
    assert answer.status_code in {303, 422}
    if answer.status_code == 303:
        assert anonymous.get(answer["Location"]).status_code == 200


# --- Programs ------------------------------------------------------------------------------------------------

VALUES: dict[str, str] = {
    "null": '"\\u0000"',
    "half a pair": '"\\ud800"',
    "nothing": "null",
    "array": "[]",
    "object": "{}",
    "arrays in arrays": '[[["x"]], {"url": ["x"]}]',
    "true": "true",
    "huge number": "9" * 4_000,
    "larger than any float": "1e999",
    "negative": "-0.0",
    "first moment": '"0001-01-01T00:00:00+14:00"',
    "last moment": '"9999-12-31T23:59:59-12:00"',
    "no day": '"2026-02-31T00:00:00Z"',
    "long": '"' + "x" * 200_000 + '"',
    "long address": '"' + "x" * 60 + "@" + "y." * 90 + 'org"',
    "bad host": '"http://[::1"',
    "emoji": '"👩🏽‍🚒\u202e"',
}
INPUT = [
    "badge",
    "recipient",
    "email",
    "name",
    "issued_on",
    "expires_on",
    "narrative",
    "evidence",
    "allow_duplicate",
    "reason",
]
SOUND = {"email": '"rita@mail.example.org"', "reason": '"A slip."'}


def api_routes() -> list[Route]:
    return [route for route in all_routes() if route.name.startswith("api:")]


@pytest.fixture
def bearer(academy) -> dict[str, str]:
    ApiTokenFactory.create(issuer=academy, secret="bdg_fuzz")
    return {"authorization": "Bearer bdg_fuzz"}


@pytest.mark.parametrize("kind", VALUES)
def test_hostile_json_in_every_field_is_answered(kind, client, ids, bearer):
    value = VALUES[kind]
    bodies = [value, *(f'{{"evidence": [{inner}]}}' for inner in (value, f'{{"url": {value}, "narrative": {value}}}'))]
    for name in INPUT:
        sent = {**SOUND, name: value}
        bodies.append("{" + ", ".join(f'"{key}": {text}' for key, text in sent.items()) + "}")
    answers = [
        ask(client, "POST", route.url(ids), data=body.encode(), content_type="application/json", headers=bearer)
        for route in api_routes()
        if route.name in {"api:badge-assertions", "api:assertion-revoke", "api:verify"}
        for body in bodies
    ]
    assert faults(answers) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"NaN",
        b'{"email": NaN}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b" " * (1024 * 1024 + 1),
        b"9" * 6_000,
        b'{"email": "rita@mail.example.org", "email": 3}',
    ],
    ids=range(9),
)
def test_hostile_bodies_are_answered(body, client, ids, bearer):
    for route in api_routes():
        for headers in [bearer, {**bearer, "idempotency-key": "a-key"}]:
            how = {"data": body, "content_type": "application/json", "headers": headers}
            answer = ask(client, "POST", route.url(ids), **how)
            # To restore an award takes no body: what came is not looked at, and the award was never revoked.
            expected = {409} if route.name == "api:assertion-restore" else {400, 403, 413}
            assert (route.name, answer.status_code in expected) == (route.name, True)


def test_json_of_every_depth_is_answered_with_a_key(client, ids, bearer):
    """Some depth is just shallow enough to be read: it must be shallow enough for everything that follows."""
    route = next(route for route in api_routes() if route.name == "api:badge-assertions")
    for depth in [10, 200, *range(850, 1_000, 10)]:
        body = '{"email": "rita@mail.example.org", "allow_duplicate": true, "x": ' + "[" * depth + "]" * depth + "}"
        headers = {**bearer, "idempotency-key": f"depth-{depth}"}
        how = {"data": body.encode(), "content_type": "application/json", "headers": headers}
        answer = ask(client, "POST", route.url(ids), **how)
        assert (depth, faults([answer])) == (depth, [])


@pytest.mark.parametrize(
    "header", ["\x00", "Bearer", "Bearer \x00", "Bearer \xff\xff", "Basic x", "Bearer " + "x" * 9_000]
)
def test_hostile_tokens_are_answered(header, client, ids):
    guarded = [route for route in api_routes() if route.name != "api:verify"]
    assert {client.get(route.url(ids), headers={"authorization": header}).status_code for route in guarded} == {401}


@pytest.mark.parametrize("header", ["*/*;q=nan", "text/html;q=1e999", ",,,;;;=", "\xff", "a/b" * 2_000])
def test_hostile_wishes_for_a_form_are_answered(header, anonymous, ids):
    routes = [route for route in all_routes() if route.name.startswith(("public:", "assertions:verify", "api"))]
    headers = {"accept": header, "accept-language": header, "if-none-match": header}
    assert faults(ask(anonymous, "GET", route.url(ids), headers=headers) for route in routes) == []


@pytest.mark.parametrize("host", ["evil.example", "[::1", "\xff"])
def test_addresses_never_come_from_the_host_that_was_asked(host, anonymous, ids):
    for route in all_routes():
        answer = anonymous.get(route.url(ids), headers={"host": host, "x-forwarded-host": "evil.example"})
        assert answer.status_code < 500
        if not answer.streaming:
            assert b"evil.example" not in answer.content
