import pytest

from assertions.actions.own_documents import fetch_own, is_own
from assertions.documents import assertion_url
from badgeserver.addresses import public_url

NOBODY = "00000000-0000-4000-8000-000000000000"


def test_own_document_is_what_the_world_gets(assertion, anonymous):
    fetched = fetch_own(assertion_url(assertion))
    answer = anonymous.get(f"/public/assertions/{assertion.pk}")
    assert (fetched.status, fetched.content_type, fetched.body) == (200, answer["Content-Type"], answer.content)


def test_own_document_is_the_same_under_a_former_address(assertion, settings):
    settings.FORMER_SITE_URLS = ["https://old.example.org"]
    former = fetch_own(f"https://old.example.org/public/assertions/{assertion.pk}")
    assert former.body == fetch_own(assertion_url(assertion)).body


@pytest.mark.parametrize(
    "url",
    [
        f"http://badges.example.org/public/assertions/{NOBODY}",
        f"http://badges.example.org/public/assertions/{NOBODY}/nowhere",
        "http://badges.example.org/public/assertions/%00",
        "http://badges.example.org/verify/",
        "http://badges.example.org/my/badges/",
        "http://badges.example.org/healthz",
        "http://badges.example.org/",
    ],
)
def test_there_is_nothing_where_no_public_document_is(db, url):
    assert fetch_own(url).status == 404


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example.net/public/assertions/1",
        "http://badges.example.org.evil.example.net/public/assertions/1",
        "http://badges.example.org@evil.example.net/",
        "http://badges.example.org",
        "file:///etc/passwd",
        "",
    ],
)
def test_others_are_not_ours(db, url):
    assert not is_own(url)
    assert fetch_own(url) is None


def test_public_address_is_ours(db):
    assert is_own(public_url("public:assertion", NOBODY))
