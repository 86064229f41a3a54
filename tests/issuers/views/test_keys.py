import pytest
from django.urls import reverse

from issuers.actions.signing_keys import compromise_signing_key, rotate_signing_key
from tests.factories.assertions import AssertionFactory


@pytest.fixture
def address(acme, academy):
    return reverse("issuers:keys", args=[acme.slug, academy.pk])


@pytest.fixture
def replacing(acme, academy):
    return reverse("issuers:replace-key", args=[acme.slug, academy.pk])


def test_page_lists_every_key_with_what_it_signed(as_ada, ada, address, academy, badge, now):
    AssertionFactory.create_batch(2, badge_class=badge)
    first = academy.signing_keys.get()
    rotate_signing_key(issuer=academy, by=ada, at=now)
    compromise_signing_key(key=first, note="On a lost laptop.", tell_holders=True, by=ada, at=now)

    response = as_ada.get(address)
    text = " ".join(response.content.decode().split())

    assert [(row.key.generation, row.state, row.signed) for row in response.context["keys"]] == [
        (2, "active", 0),
        (1, "compromised", 2),
    ]
    assert "In use" in text
    assert "Stolen, not believed" in text
    assert "On a lost laptop." in text


def test_page_takes_the_same_queries_with_1_and_3_keys(as_ada, ada, address, academy, now, django_assert_num_queries):
    with django_assert_num_queries(7):
        as_ada.get(address)
    for _number in range(2):
        rotate_signing_key(issuer=academy, by=ada, at=now)
    with django_assert_num_queries(7):
        as_ada.get(address)


def test_replacing_says_what_happens_and_changes_nothing(as_ada, replacing, academy, badge):
    AssertionFactory.create_batch(2, badge_class=badge)

    text = " ".join(as_ada.get(replacing).content.decode().split())

    assert "The 2 awards that key 1 sealed stay valid." in text
    assert academy.signing_keys.count() == 1


def test_replacing_makes_the_next_key(as_ada, replacing, address, academy):
    response = as_ada.post(replacing, follow=True)

    assert response.redirect_chain == [(address, 302)]
    assert "From now on badges are signed with key 2." in response.content.decode()
    assert academy.signing_keys.get(retired_at=None).generation == 2
