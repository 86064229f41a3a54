"""Whatever is posted to whichever address under /accounts/, the answer is never a fault of ours."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from badgeserver.accounts.models import User
from tests.badgeserver.accounts.steps import confirm_it_is_me, sign_in
from tests.factories.accounts import PASSWORD

FIELDS = [
    "login",
    "email",
    "password",
    "password1",
    "oldpassword",
    "name",
    "code",
    "credential",
    "account",
    "next",
    "action",
    "process",
    "passwordless",
]
HOSTILE = {
    "null byte": "a\x00b@mail.example.org",
    "only a null byte": "\x00",
    "long": "x" * 100_000,
    "long address": f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 63}.example.org",
    "lone surrogate": b"\xed\xa0\x80@mail.example.org".decode("utf-8", "surrogatepass")
    .encode("utf-8", "replace")
    .decode(),
    "bytes that are no text": b"\xff\xfe@mail.example.org",
    "address of no host": "http://[::1",
    "letters of the world": "rıta@maıl.example.org",
    "capital with a dot": f"rita@{'İ' * 30}.example.org",
    "full width": "ｒita＠mail.example.org",
    "trailing dot": "rita@mail.example.org.",
    "two lines": "rita@mail.example.org\r\nBcc: all@mail.example.org",
    "number": "9" * 400,
    "json": '{"id": [1]}',
    "turned round": "\u202eevil",
}


def post_paths() -> Iterator[str]:
    """Every address under /accounts/, with something in place of its parts."""
    accounts = next(one for one in get_resolver().url_patterns if str(one.pattern) == "accounts/")
    assert isinstance(accounts, URLResolver)
    yield from sorted(set(_paths(accounts, "/")))


def _paths(resolver: URLResolver, prefix: str) -> Iterator[str]:
    here = prefix + str(resolver.pattern)
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _paths(one, here)
        elif isinstance(one, URLPattern):
            path = here + str(one.pattern)
            for part in ("<int:address>", "<int:pk>"):
                path = path.replace(part, "1")
            for part in ("<str:provider_id>", "^(?P<provider_id>[^/]+)/"):
                path = path.replace(part, "company" if part.startswith("<") else "company/")
            yield path


PATHS = list(post_paths())


def clients(rita: User) -> dict[str, Client]:
    """Somebody in each of the states that the pages wait for."""
    made = {
        state: Client(raise_request_exception=False) for state in ("stranger", "waiting", "resetting", "signing up")
    }
    made["waiting"].post("/accounts/login/code/", {"email": rita.email})
    made["resetting"].post("/accounts/password/reset/", {"email": rita.email})
    made["signing up"].post("/accounts/signup/", {"email": "new@mail.example.org", "name": "Nia"})
    made["signed in"] = Client(raise_request_exception=False)
    sign_in(made["signed in"], rita)
    confirm_it_is_me(made["signed in"])
    return made


def test_every_address_is_known_to_this_test():
    """So that a new one of allauth is met by it, too."""
    assert len(PATHS) > 35
    assert [path for path in PATHS if "<" in path or "^" in path] == []


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_text_in_every_field_of_every_form_is_answered(rita, what):
    faults = []
    for state, client in clients(rita).items():
        for path in PATHS:
            if path == "/accounts/logout/":
                continue
            cache.clear()  # rate limits would answer instead of the form
            response = client.post(path, dict.fromkeys(FIELDS, HOSTILE[what]))
            if response.status_code >= 500:
                faults.append((state, path, response.status_code))

    assert faults == []


@pytest.mark.parametrize("what", ["null byte", "bytes that are no text", "two lines", "long address"])
def test_hostile_text_in_the_address_line_is_answered(rita, what):
    faults = []
    for state, client in clients(rita).items():
        for path in PATHS:
            response = client.get(path, {"next": HOSTILE[what], "email": HOSTILE[what], "process": HOSTILE[what]})
            if response.status_code >= 500:
                faults.append((state, path, response.status_code))

    assert faults == []


@pytest.mark.parametrize("field", ["login", "email", "password", "name", "code", "password1", "credential"])
def test_ten_megabytes_are_answered(anonymous, rita, field):
    huge = "a" * 10_000_000
    forms = {
        "/accounts/login/": {"login": rita.email, "password": "x"},
        "/accounts/signup/": {"email": "new@mail.example.org", "name": "Nia", "password1": ""},
        "/accounts/login/code/": {"email": rita.email},
        "/accounts/2fa/webauthn/login/": {"credential": "{}"},
    }
    answers = {
        path: anonymous.post(path, {**form, field: huge}).status_code for path, form in forms.items() if field in form
    }
    if field == "code":
        anonymous.post("/accounts/login/code/", {"email": rita.email})
        answers["confirm"] = anonymous.post("/accounts/login/code/confirm/", {"code": huge}).status_code

    assert set(answers.values()) <= {200, 302}
    assert User.objects.filter(email="new@mail.example.org").count() == 0


@pytest.mark.parametrize("header", ["x" * 9000, "", "\u00ff"])
def test_strange_browsers_get_their_mails(anonymous, rita, header):
    client = Client(headers={"user-agent": header})
    sign_in(client, rita)

    response = client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "another four word phrase"}
    )

    assert response.status_code == 302
