"""Endorsements as the world gets them: a document, a page, and the words on what is endorsed."""

import json

import pytest
from django.urls import reverse

from assertions.actions.endorsements import accept_endorsement, give_endorsement, import_endorsement, revoke_endorsement
from assertions.models import Endorsement
from tests.assertions.guild import BASE, Guild
from tests.factories.assertions import EndorsementFactory
from tests.factories.badges import BadgeClassFactory
from tests.factories.issuers import IssuerFactory

SITE = "http://badges.example.org"
WORDS = "We hire for **this**."
PAGE = {"accept": "text/html"}
JSON = {"accept": "application/ld+json"}


@pytest.fixture
def given(badge, ada, elsewhere_issuer, mallory, now) -> Endorsement:
    return give_endorsement(endorser=elsewhere_issuer, subject=badge, comment=WORDS, by=mallory, at=now)


@pytest.fixture
def shown(given, ada, now) -> Endorsement:
    return accept_endorsement(endorsement=given, by=ada, at=now)


@pytest.fixture
def url(given) -> str:
    return reverse("public:endorsement", args=[given.pk])


def test_machines_get_the_document_as_stored(client, given, url):
    answer = client.get(url, headers=JSON)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/ld+json")
    assert answer.content.decode() == given.hosted_json
    assert (answer.headers["Access-Control-Allow-Origin"], answer.headers["Vary"]) == ("*", "Accept")
    assert client.get(url).content == answer.content


def test_head_tells_the_length_alone(client, given, url):
    answer = client.head(url, headers=JSON)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(given.hosted_json.encode()))


def test_who_has_it_is_told_so(client, url):
    etag = client.get(url, headers=JSON).headers["ETag"]

    assert client.get(url, headers={**JSON, "if-none-match": etag}).status_code == 304


def test_page_says_who_stands_up_for_what(client, url, shown):
    page = client.get(url, headers=PAGE)

    assert page.status_code == 200
    for words in ["This endorsement is genuine.", "Elsewhere School", "Forklift Safety", "<strong>this</strong>"]:
        assert words in page.text
    assert "An endorsement proves who said it" in page.text
    assert "has not accepted it" not in page.text


def test_page_says_when_the_other_side_does_not_show_it(client, url):
    assert "the other side has not accepted it" in client.get(url, headers=PAGE).text


def test_what_was_taken_back_is_gone(client, url, given, mallory, now):
    revoke_endorsement(endorsement=given, reason="We no longer do.", by=mallory, at=now)

    answer, page = client.get(url, headers=JSON), client.get(url, headers=PAGE)

    assert (answer.status_code, answer.headers["Cache-Control"]) == (410, "no-store")
    assert answer.json() == {
        "@context": "https://w3id.org/openbadges/v2",
        "id": f"{SITE}{url}",
        "type": "Endorsement",
        "revoked": True,
        "revocationReason": "We no longer do.",
    }
    assert (page.status_code, "We no longer do." in page.text, "hire for" in page.text) == (410, True, False)


def test_unknown_endorsement_is_not_found(client, db, url):
    unknown = url[:-12] + "000000000000"

    assert [client.get(unknown, headers=how).status_code for how in (JSON, PAGE)] == [404, 404]


# --- From elsewhere ------------------------------------------------------------------------------------------


@pytest.fixture
def guild(badge) -> Guild:
    return Guild(f"{SITE}/public/badges/{badge.pk}")


def test_imported_endorsement_leads_to_its_own_address(client, guild, acme, ada, now):
    imported = import_endorsement(organisation=acme, source=guild.address, fetch=guild.fetch, by=ada, at=now)
    url = reverse("public:endorsement", args=[imported.pk])

    answer, page = client.get(url, headers=JSON), client.get(url, headers=PAGE)

    assert (answer.status_code, answer.headers["Location"]) == (302, guild.address)
    assert "It was last verified on 2 March 2026" in page.text
    assert f'href="{guild.address}"' in page.text


def test_page_leads_to_the_host_of_who_endorses_and_not_to_whom_they_claim_to_be(client, badge, guild, acme, ada, now):
    guild.profile.update(name="Harvard University", url="https://harvard.example.edu/")
    import_endorsement(organisation=acme, source=guild.sign(), fetch=guild.fetch, by=ada, at=now)

    page = client.get(f"/public/badges/{badge.pk}", headers={"accept": "text/html"}).content.decode()

    assert "<b>Harvard University</b>" in page
    assert "<span>guild.example.org</span>" in page
    assert "harvard.example.edu" not in page


def test_signed_endorsement_is_handed_out_as_it_came(client, guild, acme, ada, now):
    signed = guild.sign()
    imported = import_endorsement(organisation=acme, source=signed, fetch=guild.fetch, by=ada, at=now)
    url = reverse("public:endorsement", args=[imported.pk])

    answer = client.get(url, headers=JSON)

    assert (answer.content.decode(), answer.headers["Content-Type"]) == (signed, "application/jose")
    assert "Guild of Drivers" in client.get(url, headers=PAGE).text


@pytest.mark.parametrize("changes", [{"holds": False, "problem": "Gone."}, {"status": "DECLINED"}])
def test_imported_endorsement_that_is_not_shown_is_not_there(client, badge, changes):
    hidden = EndorsementFactory.create(badge_class=badge, elsewhere=True, **changes)

    assert client.get(reverse("public:endorsement", args=[hidden.pk]), headers=PAGE).status_code == 404


# --- On the pages of what is endorsed --------------------------------------------------------------------------


@pytest.mark.parametrize("thing", ["academy", "badge", "assertion"])
def test_pages_show_what_was_accepted(thing, request, client, ada, elsewhere_issuer, mallory, now):
    subject = request.getfixturevalue(thing)
    name = {"academy": "issuer"}.get(thing, thing)
    url = reverse(f"public:{name}", args=[subject.pk])
    given = give_endorsement(endorser=elsewhere_issuer, subject=subject, comment=WORDS, by=mallory, at=now)
    assert "Who stands up for it" not in client.get(url, headers=PAGE).text
    assert "endorsement" not in client.get(url, headers=JSON).json()

    accept_endorsement(endorsement=given, by=ada, at=now)

    page = client.get(url, headers=PAGE).text
    for words in ["Who stands up for it", "Elsewhere School", "We hire for <strong>this</strong>.", "2 March 2026"]:
        assert words in page
    assert f'href="/public/endorsements/{given.pk}"' in page
    assert client.get(url, headers=JSON).json()["endorsement"] == [given.public_id]


def test_page_of_a_revoked_award_shows_no_endorsement(client, assertion, ada, elsewhere_issuer, mallory, now):
    EndorsementFactory.create(badge_class=None, assertion=assertion, accepted=True)
    type(assertion).objects.update(revoked_at=now, revocation_reason="A slip.")

    page = client.get(reverse("public:assertion", args=[assertion.pk]), headers=PAGE)

    assert (page.status_code, "We hire for" in page.text) == (410, False)


def test_pages_lead_to_endorsing(client, badge):
    url = reverse("public:badge", args=[badge.pk])

    address = f"/endorse/?subject=http%3A%2F%2Fbadges.example.org%2Fpublic%2Fbadges%2F{badge.pk}"
    assert f'href="{address}"' in client.get(url, headers=PAGE).text


def test_page_asks_the_same_for_one_endorsement_and_for_five(client, academy, badge, django_assert_max_num_queries):
    url = reverse("public:badge", args=[badge.pk])
    EndorsementFactory.create(badge_class=badge, accepted=True)
    with django_assert_max_num_queries(40) as first:
        client.get(url, headers=PAGE)
    EndorsementFactory.create_batch(4, badge_class=badge, accepted=True)
    with django_assert_max_num_queries(len(first)):
        page = client.get(url, headers=PAGE)

    assert "2 more" in page.text


def test_page_says_when_an_endorser_could_not_be_reached(client, badge):
    EndorsementFactory.create(badge_class=badge, elsewhere=True, problem="It could not be checked.")

    page = client.get(reverse("public:badge", args=[badge.pk]), headers=PAGE).text

    assert "not reached since" in page
    assert f'href="{BASE}/"' in page


def test_address_in_foreign_words_is_hidden(client, badge):
    EndorsementFactory.create(badge_class=badge, elsewhere=True, comment="Ask office@guild.example.org")

    page = client.get(reverse("public:badge", args=[badge.pk]), headers=PAGE).text

    assert "office@guild.example.org" not in page


def test_endorsement_keeps_the_origin_it_was_made_with(client, settings, badge, now):
    issuer = IssuerFactory.create(origin="https://old.example.org")
    EndorsementFactory.create(badge_class=badge, endorser=issuer, origin="https://old.example.org", accepted=True)

    document = client.get(reverse("public:badge", args=[badge.pk]), headers=JSON).json()

    assert document["endorsement"][0].startswith("https://old.example.org/public/endorsements/")


def test_other_badges_show_nothing_of_it(client, shown, academy):
    other = BadgeClassFactory.create(issuer=academy)

    document = json.loads(client.get(reverse("public:badge", args=[other.pk]), headers=JSON).content)

    assert "endorsement" not in document
