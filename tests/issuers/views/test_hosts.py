"""Which host names are answered, and what under them."""

import pytest
from django.test import Client

from issuers.documents import issuer_id, profile_json
from tests.factories.issuers import DomainFactory

JSON_LD = "application/ld+json"


@pytest.fixture
def moved(academy, settings):
    """The site has another address since the cast was made."""
    settings.SITE_URL = "https://new.example.org"
    settings.FORMER_SITE_URLS = ["http://badges.example.org"]
    settings.ALLOWED_HOSTS = ["new.example.org", "badges.example.org", "localhost", "testserver"]


@pytest.fixture
def hosting(academy, now):
    return DomainFactory.create(issuer=academy, name="badges.acme.example", hosting_since=now)


@pytest.mark.parametrize(
    "host", ["new.example.org", "badges.example.org", "BADGES.example.org:8443", "badges.example.org."]
)
def test_documents_are_answered_with_their_stored_id_under_every_host(moved, academy, client, host):
    response = client.get(f"/public/issuers/{academy.pk}", headers={"host": host, "accept": JSON_LD})

    assert (response.status_code, response.content.decode()) == (200, profile_json(academy))
    assert response.json()["id"] == f"http://badges.example.org/public/issuers/{academy.pk}"


@pytest.mark.parametrize("is_used", [True, False])
def test_an_issuers_own_host_is_answered_for_ever(hosting, academy, client, now, is_used):
    hosting.hosted_until = None if is_used else now
    hosting.save()

    for path in (f"/public/issuers/{academy.pk}", f"/public/issuers/{academy.pk}/revocations"):
        assert client.get(path, headers={"host": "badges.acme.example"}).status_code == 200
    styles = client.get("/static/css/tokens.css", headers={"host": "badges.acme.example"})
    assert b"@layer" in b"".join(styles.streaming_content)
    assert client.get("/verify/", headers={"host": "badges.acme.example"}).status_code == 200


def test_a_proved_domain_is_answered_before_it_is_used(academy, client):
    """So that it can be pointed here, and be seen to lead here."""
    DomainFactory.create(issuer=academy, name="badges.acme.example")

    assert client.get(f"/public/issuers/{academy.pk}", headers={"host": "badges.acme.example"}).status_code == 200


def test_a_page_under_another_host_sets_no_cookie_and_says_its_own_address(hosting, academy, client):
    response = client.get(
        f"/public/issuers/{academy.pk}", headers={"host": "badges.acme.example", "accept": "text/html"}
    )

    assert (response.status_code, response.cookies) == (200, {})
    assert f'<link rel="canonical" href="{issuer_id(academy)}">' in response.content.decode()


def test_pages_for_people_who_sign_in_are_at_the_sites_own_address(hosting, as_ada):
    response = as_ada.get("/o/acme/badges/?q=x", headers={"host": "badges.acme.example"})

    assert (response.status_code, response["Location"]) == (302, "http://badges.example.org/o/acme/badges/?q=x")
    refused = as_ada.post("/o/acme/staff/invite/", headers={"host": "badges.acme.example"})
    assert (refused.status_code, refused["Content-Type"]) == (404, "text/plain; charset=utf-8")


def test_pages_of_a_former_address_lead_to_the_new_one(moved, client):
    response = client.get("/accounts/login/", headers={"host": "badges.example.org"})

    assert (response.status_code, response["Location"]) == (302, "https://new.example.org/accounts/login/")


@pytest.mark.parametrize(
    "host", ["elsewhere.example.org", "", "a b", "badges.acme.example", "[::1", "\udcff", "x" * 5000, "..", "192.0.2.1"]
)
@pytest.mark.parametrize("path", ["/", "/public/issuers/1", "/static/css/tokens.css"])
def test_strange_hosts_get_a_sentence(academy, host, path):
    DomainFactory.create(issuer=academy, name="badges.acme.example", proved_at=None, proved_by="")

    response = Client(SERVER_NAME="elsewhere.example.org").get(path, HTTP_HOST=host)

    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert response.content.decode() == "This server does not answer for this host name."


def test_plain_http_is_sent_to_https_under_the_same_name(hosting, academy, settings):
    settings.SECURE_SSL_REDIRECT = True

    response = Client().get(f"/public/issuers/{academy.pk}", headers={"host": "badges.acme.example"})

    assert response["Location"] == f"https://badges.acme.example/public/issuers/{academy.pk}"
    assert (
        Client().get(f"/public/issuers/{academy.pk}", headers={"host": "badges.acme.example"}, secure=True).status_code
        == 200
    )


def test_strange_hosts_ask_the_database_once_a_minute(db, client, django_assert_num_queries):
    with django_assert_num_queries(1):
        for number in range(5):
            client.get("/", headers={"host": f"elsewhere{number}.example.org"})


@pytest.mark.parametrize(
    ("domain", "status"),
    [
        ("badges.example.org", 200),
        ("badges.acme.example", 200),
        ("BADGES.acme.example.", 200),
        ("waiting.example", 404),
        ("", 404),
        ("a\x00b", 404),
    ],
)
@pytest.mark.parametrize("host", ["badges.example.org", "web:8000"])
def test_a_proxy_is_told_for_which_names_to_get_a_certificate(hosting, academy, client, domain, status, host):
    DomainFactory.create(issuer=academy, name="waiting.example", proved_at=None, proved_by="")

    response = client.get("/domains/allowed", {"domain": domain}, headers={"host": host})

    assert (response.status_code, response.cookies) == (status, {})
