"""The exemplar of tests of a door: it works; a GET changes nothing; and who may not come in."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from assertions.actions.revoke import revoke_assertion
from assertions.models import Assertion
from badgeserver.audit.models import AuditEvent

REASON = {"reason": "Awarded to the wrong person."}


@pytest.fixture
def url(assertion):
    return reverse("assertions:revoke", args=["acme", assertion.pk])


def _revoked():
    return list(Assertion.objects.revoked().values_list("revocation_reason", flat=True))


def test_awarder_revokes(as_sam, assertion, url, django_capture_on_commit_callbacks):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        response = as_sam.post(url, REASON)

    assert response.url == reverse("assertions:detail", args=["acme", assertion.pk])
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "Badge revoked. It no longer verifies, and the recipient is told why."
    ]
    assert _revoked() == ["Awarded to the wrong person."]
    assert [message.subject for message in mail.outbox] == ["Your badge “Forklift Safety” was revoked"]


def test_page_says_what_happens_and_changes_nothing(as_sam, url):
    response = as_sam.get(url)

    assert response.status_code == 200
    assert "Within an hour you can undo it. After that the badge can only be awarded anew." in response.text
    assert _revoked() == []


def test_anonymous_is_sent_to_sign_in(anonymous, url):
    assert anonymous.post(url, REASON).url == f"/accounts/login/?next={url}"
    assert _revoked() == []


def test_mallory_finds_nothing(as_mallory, url):
    assert as_mallory.post(url, REASON).status_code == 404
    assert as_mallory.post(url.replace("/acme/", "/elsewhere/"), REASON).status_code == 404
    assert _revoked() == []


def test_reviewer_may_not_revoke(as_rex, as_nora, url):
    assert [client.post(url, REASON).status_code for client in (as_rex, as_nora)] == [403, 403]
    assert _revoked() == []


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Give a reason: the recipient has a right to know."),
        ("x" * 501, "Shorten this to 500 characters; it has 501."),
        ("\x00", "This text contains an invisible character that cannot be kept."),
    ],
)
def test_invalid_reason_says_why(as_sam, url, reason, sentence):
    response = as_sam.post(url, {"reason": reason})

    assert response.status_code == 422
    assert sentence in response.text
    assert _revoked() == []


def test_second_revocation_says_that_the_first_stands(as_sam, url):
    as_sam.post(url, REASON)

    response = as_sam.post(url, {"reason": "Another"})

    assert response.status_code == 422
    assert "This badge is already revoked." in response.text
    assert _revoked() == ["Awarded to the wrong person."]
    assert AuditEvent.objects.filter(type="assertion.revoked").count() == 1


# --- A mistake -----------------------------------------------------------------------------------------------


@pytest.fixture
def revoked(assertion, ed):
    return revoke_assertion(assertion=assertion, reason="A slip.", by=ed, at=timezone.now())


@pytest.fixture
def restore_url(assertion):
    return reverse("assertions:restore", args=["acme", assertion.pk])


def test_toast_and_page_offer_to_undo_it(as_sam, assertion, url, restore_url):
    response = as_sam.post(url, REASON)

    assert [message.extra_tags for message in get_messages(response.wsgi_request)] == [f"undo:{restore_url}"]
    page = as_sam.get(response.url)
    assert "Undo: this was a mistake" in page.text
    assert "60 minutes left" in page.text


def test_awarder_takes_the_revocation_back(as_sam, assertion, revoked, restore_url):
    response = as_sam.post(restore_url)

    assert response.url == reverse("assertions:detail", args=["acme", assertion.pk])
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "The badge holds again, as if it had never been revoked."
    ]
    assert _revoked() == []


def test_after_an_hour_it_is_not_offered_and_refused(as_sam, assertion, revoked, restore_url):
    Assertion.objects.update(revoked_at=timezone.now() - timedelta(minutes=61))

    assert "this was a mistake" not in as_sam.get(reverse("assertions:detail", args=["acme", assertion.pk])).text
    response = as_sam.post(restore_url)
    assert "this one is older" in str(next(iter(get_messages(response.wsgi_request))))
    assert _revoked() == ["A slip."]


def test_restoring_is_guarded(anonymous, as_mallory, as_rex, as_sam, revoked, restore_url):
    assert as_sam.get(restore_url).status_code == 405
    assert anonymous.post(restore_url).url.startswith("/accounts/login/")
    assert as_mallory.post(restore_url).status_code == 404
    assert as_rex.post(restore_url).status_code == 403
    assert _revoked() == ["A slip."]


def test_reviewer_is_not_offered_what_they_may_not(as_rex, assertion, revoked):
    assert "this was a mistake" not in as_rex.get(reverse("assertions:detail", args=["acme", assertion.pk])).text
