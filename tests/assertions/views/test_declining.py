from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assertions.actions.decline import decline_assertion, erase_declined
from assertions.models import Assertion
from assertions.rules import LinkFor, signed_token
from tests.factories.assertions import AssertionFactory
from tests.factories.issuers import ApiTokenFactory


@pytest.fixture
def url(assertion):
    return reverse("assertions:decline", args=[assertion.pk])


@pytest.fixture
def undo_url(assertion):
    return reverse("assertions:undo-decline", args=[assertion.pk])


@pytest.fixture
def link(assertion):
    return reverse("assertions:decline-by-link", args=[signed_token(assertion.pk, LinkFor.DECLINE)])


def notes():
    return list(Assertion.objects.declined().values_list("decline_note", flat=True))


def test_recipient_declines_and_takes_it_after_all(as_rita, assertion, url, undo_url):
    page = as_rita.get(url)
    assert "After one hour your name" in page.text
    assert "Within the hour you can undo it" in page.text

    answer = as_rita.post(url, {"note": "Not me."})
    assert answer.url == reverse("assertions:my-badge", args=[assertion.pk])
    assert [message.extra_tags for message in get_messages(answer.wsgi_request)] == [f"undo:{undo_url}"]
    assert notes() == ["Not me."]
    assert "60 minutes left" in as_rita.get(answer.url).text

    assert as_rita.post(undo_url).url == answer.url
    assert notes() == []


def test_reading_declines_nothing(as_rita, anonymous, url, link):
    assert [as_rita.get(url).status_code, anonymous.get(link).status_code, anonymous.head(link).status_code] == [
        200
    ] * 3
    assert notes() == []


def test_badges_of_others_cannot_be_declined(as_ada, as_mallory, anonymous, url, undo_url):
    for client in (as_ada, as_mallory):
        assert [client.get(url).status_code, client.post(url).status_code, client.post(undo_url).status_code] == [
            404
        ] * 3
    assert anonymous.post(url).url == f"/accounts/login/?next={url}"
    assert notes() == []


def test_address_that_is_not_confirmed_declines_nothing(client, assertion, url, rita):
    rita.emailaddress_set.update(verified=False)
    client.force_login(rita)

    assert (client.post(url).status_code, notes()) == (404, [])


@pytest.mark.parametrize("note", ["x" * 501, "\x00"])
def test_note_that_cannot_be_kept_is_told(as_rita, anonymous, url, link, note):
    for client, address in [(as_rita, url), (anonymous, link)]:
        answer = client.post(address, {"note": note})
        assert (answer.status_code, notes()) == (422, [])


def test_note_may_hold_an_address_and_is_shown_escaped(as_rita, as_sam, assertion, url):
    as_rita.post(url, {"note": "Ask <b>me</b>: rita@home.example.org"})

    page = as_sam.get(reverse("assertions:detail", args=["acme", assertion.pk])).text
    assert "Ask &lt;b&gt;me&lt;/b&gt;: rita@home.example.org" in page
    assert "Declined by its recipient" in page
    assert "this was a mistake" not in page


def test_link_of_the_mail_does_the_same_without_a_cookie(assertion, link):
    visitor = Client(enforce_csrf_checks=True)

    answer = visitor.post(link, {"act": "decline", "note": "Not me."})
    assert (answer.status_code, answer.url, notes()) == (303, link, ["Not me."])
    page = visitor.get(link)
    assert "You declined this badge." in page.text
    assert "rita@mail.example.org" not in page.text
    assert visitor.post(link, {"act": "undo"}).status_code == 303
    assert notes() == []
    assert (dict(visitor.cookies), page["Cache-Control"]) == ({}, "no-store")


def test_link_stands_in_the_award_mail(assertion, link, mailoutbox):
    assert f"http://badges.example.org{link}" in mailoutbox[0].body
    assert f"http://badges.example.org{link}" in mailoutbox[0].alternatives[0][0]


def test_links_that_were_not_signed_for_this_lead_nowhere(anonymous, assertion, elsewhere_issuer, link):
    other = AssertionFactory.create()
    mails = signed_token(assertion.pk, LinkFor.MAILS)
    token = signed_token(assertion.pk, LinkFor.DECLINE)
    wrong = [
        mails,
        token[:-1],
        token + "x",
        token.replace(assertion.pk.hex, other.pk.hex),
        assertion.pk.hex,
        "x",
        "a:b",
    ]
    for one in wrong:
        address = reverse("assertions:decline-by-link", args=[one])
        assert (one, anonymous.get(address).status_code, anonymous.post(address).status_code) == (one, 404, 404)
    assert notes() == []


def test_second_time_and_too_late_are_said(anonymous, assertion, link):
    anonymous.post(link, {"act": "decline"})
    again = anonymous.post(link, {"act": "decline"})
    assert (again.status_code, "This badge was declined already." in again.text) == (422, True)

    past = timezone.now() - timedelta(hours=2)
    Assertion.objects.update(declined_at=past, revoked_at=past)
    late = anonymous.post(link, {"act": "undo"})
    assert (late.status_code, "more than an hour ago" in late.text) == (422, True)
    assert "Undo" not in anonymous.get(link).text


def test_erased_award_shows_everywhere_that_it_was_declined(as_rita, as_sam, anonymous, assertion, link, url):
    past = timezone.now() - timedelta(hours=2)
    decline_assertion(assertion=assertion, note="", by=None, at=past)
    erase_declined(at=timezone.now())

    detail = reverse("assertions:detail", args=["acme", assertion.pk])
    pages = [
        as_rita.get("/my/badges/"),
        as_rita.get(reverse("assertions:my-badge", args=[assertion.pk])),
        as_rita.get(url),
        as_sam.get("/o/acme/awards/?state=declined"),
        as_sam.get(detail),
        as_sam.get("/o/acme/people/"),
        anonymous.get(link),
    ]
    assert [page.status_code for page in pages] == [200] * 7
    assert ["eclined" in page.text for page in pages] == [True, True, True, True, True, False, True]


def test_revoked_award_offers_nothing_to_decline(anonymous, assertion, link, now):
    Assertion.objects.update(revoked_at=now, revocation_reason="Wrong person.")

    assert "nothing left to decline" in anonymous.get(link).text
    assert anonymous.post(link, {"act": "decline"}).status_code == 422


def test_staff_who_try_to_restore_are_told_what_to_do(as_sam, assertion, now):
    decline_assertion(assertion=assertion, note="", by=None, at=timezone.now())

    answer = as_sam.post(reverse("assertions:restore", args=["acme", assertion.pk]))

    said = [str(message) for message in get_messages(answer.wsgi_request)]
    assert said == [
        "The recipient declined this badge, so you cannot restore it. If they want it after all, award it to them anew."
    ]
    assert notes() == [""]


def test_award_form_says_that_it_was_declined_before(as_sam, badge, assertion, now):
    decline_assertion(assertion=assertion, note="", by=None, at=now)
    preview = reverse("assertions:award-preview", args=["acme", badge.pk])

    said = "declined this badge on 2 March 2026."
    assert said in as_sam.post(preview, {"email": "Rita@mail.example.org"}).text
    assert said not in as_sam.post(preview, {"email": "tom@mail.example.org"}).text


def test_programs_see_that_it_was_declined_and_cannot_restore_it(client, academy, assertion, now):
    ApiTokenFactory.create(issuer=academy, secret="bdg_declined", scopes=["awards:read", "awards:write"])
    bearer = {"authorization": "Bearer bdg_declined"}
    address = f"/api/v1/assertions/{assertion.pk}"
    assert client.get(address, headers=bearer).json()["declined_at"] is None

    decline_assertion(assertion=assertion, note="Not for programs.", by=None, at=now)

    answer = client.get(address, headers=bearer).json()
    assert (answer["state"], answer["declined_at"], answer["revocation_reason"]) == (
        "declined",
        "2026-03-02T09:00:00Z",
        "Declined by its recipient.",
    )
    refused = client.post(f"{address}/restore", headers=bearer)
    assert (refused.status_code, refused.json()["code"]) == (409, "declined_by_recipient")
