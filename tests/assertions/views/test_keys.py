import pytest
from django.urls import reverse

from assertions.models import Assertion
from issuers.models import SigningKey
from tests.factories.issuers import SigningKeyFactory

MEANT = {"note": "On a lost laptop.", "tell_holders": "on", "name": "acme academy "}


@pytest.fixture
def key(academy) -> SigningKey:
    found: SigningKey = academy.signing_keys.get()
    return found


@pytest.fixture
def address(acme, key):
    return reverse("assertions:report-key", args=[acme.slug, key.issuer_id, key.pk])


@pytest.fixture
def copies(acme, key):
    return reverse("assertions:key-copies", args=[acme.slug, key.issuer_id, key.pk])


def test_page_says_how_many_it_touches_and_changes_nothing(as_ada, address, assertion, key):
    text = " ".join(as_ada.get(address).content.decode().split())

    assert "<strong>1 award</strong> gets a new sealed copy" in text
    assert "<strong>1 holder</strong> may have downloaded a copy" in text
    key.refresh_from_db()
    assert key.compromised_at is None


def test_page_of_a_key_that_signed_nothing_offers_no_mails(as_ada, address):
    response = as_ada.get(address)

    assert "It has sealed no award that holds" in response.content.decode()
    assert "tell_holders" not in response.content.decode()


def test_reporting_withdraws_the_key_and_shows_how_far_it_is(
    as_ada, address, copies, assertion, key, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = as_ada.post(address, MEANT)

    assert (response.status_code, response["Location"]) == (302, copies)
    key.refresh_from_db()
    assert (key.compromise_note, key.holders_told) == ("On a lost laptop.", True)
    assert Assertion.objects.get().signing_key.generation == 2
    text = as_ada.get(copies).content.decode()
    assert "Every award has its new copy." in text
    assert "hx-get" not in text.partition('id="copies"')[2].partition("</div>")[0]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"note": ""}, "note", "Write what happened"),
        ({"note": "x" * 501}, "note", "Shorten this to 500 characters"),
        ({"note": "a\x00b"}, "note", "invisible character"),
        ({"name": ""}, "name", "Type the name of the issuer."),
        ({"name": "Acme"}, "name", "Type “Acme Academy”"),
    ],
)
def test_reporting_refuses_beside_the_field(as_ada, address, key, changes, field, sentence):
    response = as_ada.post(address, MEANT | changes)

    assert response.status_code == 422
    assert sentence in response.context["form"].errors[field][0]
    key.refresh_from_db()
    assert key.compromised_at is None


def test_reporting_twice_is_refused(as_ada, address, key, now):
    key.retired_at = key.compromised_at = now
    key.save()
    SigningKeyFactory.create(issuer=key.issuer, kid="another")

    assert as_ada.post(address, MEANT).status_code == 422
    assert "This key is withdrawn already." in as_ada.get(address).content.decode()


def test_copies_answers_htmx_with_the_bar_alone(as_ada, copies, assertion, key, now):
    """The worker has not come yet."""
    key.retired_at = key.compromised_at = now
    key.save()
    SigningKeyFactory.create(issuer=key.issuer, kid="another")

    text = as_ada.get(copies, headers={"hx-request": "true"}).content.decode()

    assert text.strip().startswith('<div class="progress" id="copies" hx-get=')
    assert "0 of 1" in text


def test_copies_of_a_key_that_is_believed_says_so(as_ada, copies):
    assert "This key is believed" in as_ada.get(copies).content.decode()
