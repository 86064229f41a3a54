"""What the world sees of an issuer."""

import json
import uuid

import pytest
from django.core.files.base import ContentFile

from issuers import documents
from tests.factories.assertions import AssertionFactory
from tests.factories.badges import SVG, BadgeClassFactory, png
from tests.factories.issuers import DomainFactory, SigningKeyFactory

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def address(academy):
    return f"/public/issuers/{academy.pk}"


def doors(issuer) -> list[str]:
    """Every address under the issuer's."""
    start = f"/public/issuers/{issuer.pk}"
    return [start, f"{start}/image", f"{start}/keys/{issuer.signing_keys.get().kid}", f"{start}/revocations"]


@pytest.fixture
def with_logo(academy):
    academy.image.save("logo.png", ContentFile(png(64)))
    return academy


@pytest.mark.parametrize("accept", [None, "*/*", "application/ld+json"])
def test_profile_is_json_ld_for_machines(academy, anonymous, address, accept):
    response = anonymous.get(address, headers={"Accept": accept} if accept else {})

    assert (response.status_code, response["Content-Type"]) == (200, "application/ld+json")
    assert response.content.decode() == documents.profile_json(academy)
    assert response.json()["id"] == f"http://badges.example.org{address}"


def test_profile_is_plain_json_for_those_who_ask_for_it(anonymous, address, academy):
    response = anonymous.get(address, headers={"Accept": "application/json"})

    assert response["Content-Type"] == "application/json"
    assert response.content.decode() == documents.profile_json(academy)


@pytest.mark.usefixtures("badge", "draft_badge")
def test_profile_is_a_page_with_the_published_badges_for_people(anonymous, address, academy):
    archived = BadgeClassFactory.create(issuer=academy, name="Old Crane", archived=True)
    BadgeClassFactory.create(name="Of somebody else")

    response = anonymous.get(address, headers={"Accept": BROWSER})
    text = response.content.decode()

    assert (response.status_code, response["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert [row["name"] for row in response.context["badges"]] == ["Forklift Safety"]
    assert "<h1>Acme Academy</h1>" in text
    assert archived.name not in text
    assert '<meta property="og:title" content="Acme Academy">' in text
    assert f'<link rel="canonical" href="http://badges.example.org{address}">' in text


def test_page_never_shows_the_address_that_the_json_must_have(anonymous, address, academy):
    page = anonymous.get(address, headers={"Accept": BROWSER}).content.decode()
    document = anonymous.get(address).json()

    assert document["email"] == academy.email == "badges@academy.example.org"
    assert "@academy" not in page


def test_page_shows_words_as_words(anonymous, address, academy):
    academy.name, academy.description = "<script>alert(1)</script>", '"><img src=x>'
    academy.save()

    text = anonymous.get(address, headers={"Accept": BROWSER}).content.decode()

    assert "<script>alert" not in text
    assert "<img src=x>" not in text


@pytest.mark.usefixtures("badge")
def test_page_takes_the_same_queries_with_1_and_3_badges(anonymous, address, academy, django_assert_num_queries):
    with django_assert_num_queries(4):
        anonymous.get(address, headers={"Accept": BROWSER})
    BadgeClassFactory.create_batch(2, issuer=academy)
    with django_assert_num_queries(4):
        anonymous.get(address, headers={"Accept": BROWSER})


@pytest.mark.parametrize("accept", ["*/*", BROWSER])
def test_doors_touch_no_session_and_set_no_cookie(as_ada, with_logo, django_assert_max_num_queries, accept):
    """Ada is signed in: her cookie is sent, and nobody looks at it."""
    for door in doors(with_logo):
        with django_assert_max_num_queries(4) as queries:
            response = as_ada.get(door, headers={"Accept": accept})
        assert response.status_code == 200, door
        assert response.cookies == {}, door
        assert "Cookie" not in response.get("Vary", ""), door
        assert "session" not in str([query["sql"] for query in queries.captured_queries]), door


def test_doors_answer_programs_on_other_sites(anonymous, with_logo):
    for door in doors(with_logo):
        for method in (anonymous.get, anonymous.head, anonymous.options):
            response = method(door, headers={"Origin": "https://viewer.example.org"})
            assert response["Access-Control-Allow-Origin"] == "*", door


def test_doors_send_nothing_again_that_is_unchanged(anonymous, with_logo):
    for door in doors(with_logo):
        etag = anonymous.get(door)["ETag"]
        again = anonymous.get(door, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b""), door


def test_profile_etag_changes_with_the_profile(anonymous, address, academy):
    before = anonymous.get(address)["ETag"]
    academy.name = "Acme School"
    academy.save()

    assert anonymous.get(address, headers={"If-None-Match": before}).status_code == 200


def test_image_is_the_logo(anonymous, with_logo):
    response = anonymous.get(f"/public/issuers/{with_logo.pk}/image", headers={"Accept": BROWSER})

    assert (response["Content-Type"], response.content) == ("image/png", png(64))


def test_image_as_svg_is_sandboxed(anonymous, academy):
    academy.image.save("logo.svg", ContentFile(SVG))

    response = anonymous.get(f"/public/issuers/{academy.pk}/image")

    assert response["Content-Type"] == "image/svg+xml"
    assert "sandbox" in response["Content-Security-Policy"]


def test_image_that_there_is_not(anonymous, academy):
    response = anonymous.get(f"/public/issuers/{academy.pk}/image")

    assert (response.status_code, response.json()["message"]) == (404, "This issuer has no logo")


def test_image_whose_file_is_lost_is_404_not_500(anonymous, academy):
    academy.image.name = "issuers/lost.png"
    academy.save()

    assert anonymous.get(f"/public/issuers/{academy.pk}/image").status_code == 404


def test_key_is_the_public_half(anonymous, academy):
    key = academy.signing_keys.get()

    response = anonymous.get(f"/public/issuers/{academy.pk}/keys/{key.kid}")

    assert response["Content-Type"] == "application/ld+json"
    assert response.json()["publicKeyPem"] == key.public_key_pem
    assert "PRIVATE" not in response.content.decode()
    assert key.encrypted_private_key not in response.content.decode()


def test_key_that_was_retired_is_still_served(anonymous, academy, now):
    academy.signing_keys.update(retired_at=now)

    assert anonymous.get(f"/public/issuers/{academy.pk}/keys/{academy.signing_keys.get().kid}").status_code == 200


def test_key_of_another_issuer_is_not_served_here(anonymous, academy, elsewhere_issuer):
    SigningKeyFactory.create(issuer=elsewhere_issuer, kid="other", retired_at=elsewhere_issuer.created_at)

    assert anonymous.get(f"/public/issuers/{academy.pk}/keys/other").status_code == 404


def test_key_that_was_withdrawn_answers_410_with_its_id_alone(anonymous, academy, now):
    academy.signing_keys.update(retired_at=now, compromised_at=now)
    key = academy.signing_keys.get()

    response = anonymous.get(f"/public/issuers/{academy.pk}/keys/{key.kid}")

    assert (response.status_code, response["Cache-Control"]) == (410, "no-store")
    assert response.content.decode() == documents.withdrawn_key_json(key)


def test_page_says_which_domain_confirms_the_issuer(anonymous, academy, address):
    DomainFactory.create(issuer=academy, name="example.org")
    DomainFactory.create(issuer=academy, name="example.net")
    text = anonymous.get(address, headers={"Accept": BROWSER}).content.decode()

    assert "<strong>example.org</strong> confirms this issuer" in text
    assert "_openbadges.example.org" in text
    assert "https://example.org/.well-known/openbadges-issuer.txt" in text
    assert f"openbadges-issuer={documents.issuer_id(academy)}" in text
    assert "example.net" not in text


@pytest.mark.parametrize("state", [{"proved_at": None, "proved_by": ""}, {"name": "example.net"}])
def test_page_is_silent_about_domains_that_say_nothing(anonymous, academy, address, state):
    DomainFactory.create(issuer=academy, **{"name": "example.org", **state})

    assert "confirms this issuer" not in anonymous.get(address, headers={"Accept": BROWSER}).content.decode()


def test_key_is_shown_in_a_browser_as_plain_json(anonymous, academy):
    """There is no page for it, and browsers save JSON-LD instead of showing it."""
    response = anonymous.get(doors(academy)[2], headers={"Accept": BROWSER})

    assert response["Content-Type"] == "application/json"


def test_revocations_are_there_from_the_first_day(anonymous, academy):
    response = anonymous.get(f"/public/issuers/{academy.pk}/revocations")

    assert (response.status_code, response["Content-Type"]) == (200, "application/ld+json")
    assert response.json()["revokedAssertions"] == []


def test_revocations_name_a_revoked_award_by_both_ids(anonymous, badge):
    revoked = AssertionFactory.create(badge_class=badge, revoked=True)

    response = anonymous.get(f"/public/issuers/{badge.issuer_id}/revocations")

    assert [entry["id"] for entry in response.json()["revokedAssertions"]] == [
        f"urn:uuid:{revoked.signed_uuid}",
        f"http://badges.example.org/public/assertions/{revoked.pk}",
    ]


@pytest.mark.parametrize("rest", ["", "/image", "/revocations", "/keys/abc"])
def test_unknown_issuer_is_a_page_that_helps(anonymous, db, rest):
    response = anonymous.get(f"/public/issuers/{uuid.uuid4()}{rest}", headers={"Accept": BROWSER})

    assert response.status_code == 404
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert "Ask the person who holds the badge" in response.content.decode()
    assert response["Cache-Control"] == "no-store"


def test_unknown_issuer_is_json_for_machines(anonymous, db):
    response = anonymous.get(f"/public/issuers/{uuid.uuid4()}")

    assert response.status_code == 404
    assert json.loads(response.content) == {
        "message": "There is no issuer at this address",
        "code": "not_found",
        "fields": {},
    }


def test_address_has_no_second_spelling(anonymous, address):
    """An id is compared byte for byte (OB2-ISS-10)."""
    with_slash = anonymous.get(f"{address}/")

    assert with_slash.status_code == 404
