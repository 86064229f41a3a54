"""The door for programs: take a revocation back that was a mistake."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assertions.actions.revoke import revoke_assertion
from assertions.models import Assertion
from issuers.models import TokenScope
from tests.factories.issuers import ApiTokenFactory


@pytest.fixture
def bearer(academy):
    ApiTokenFactory.create(
        issuer=academy, secret="bdg_restore", scopes=[TokenScope.AWARDS_READ, TokenScope.AWARDS_WRITE]
    )
    return {"authorization": "Bearer bdg_restore"}


@pytest.fixture
def url(assertion):
    return f"/api/v1/assertions/{assertion.pk}/restore"


@pytest.fixture
def revoked(assertion, ed) -> Assertion:
    return revoke_assertion(assertion=assertion, reason="A slip.", by=ed, at=timezone.now())


def test_program_takes_a_revocation_back(client, revoked, url, bearer):
    answer = client.post(url, headers=bearer)

    assert (answer.status_code, answer.json()["state"], answer.json()["revoked_on"]) == (200, "valid", None)
    assert Assertion.objects.revoked().count() == 0


def test_after_an_hour_it_is_refused(client, revoked, url, bearer):
    Assertion.objects.update(revoked_at=timezone.now() - timedelta(minutes=61))

    answer = client.post(url, headers=bearer)

    assert (answer.status_code, answer.json()["code"]) == (409, "too_late_to_restore")
    assert Assertion.objects.revoked().count() == 1


def test_what_is_not_revoked_is_refused(client, assertion, url, bearer):
    assert (client.post(url, headers=bearer).status_code, Assertion.objects.revoked().count()) == (409, 0)


def test_get_is_refused(client, revoked, url, bearer):
    # `HasScope` refuses methods that the view does not name, before it is known that there is no such method.
    assert (client.get(url, headers=bearer).status_code, Assertion.objects.revoked().count()) == (403, 1)


def test_strangers_and_readers_are_refused(client, revoked, url, academy, elsewhere_issuer):
    ApiTokenFactory.create(issuer=academy, secret="bdg_reads", scopes=[TokenScope.AWARDS_READ])
    ApiTokenFactory.create(issuer=elsewhere_issuer, secret="bdg_elsewhere", scopes=[TokenScope.AWARDS_WRITE])
    answers = [
        client.post(url),
        client.post(url, headers={"authorization": "Bearer bdg_reads"}),
        client.post(url, headers={"authorization": "Bearer bdg_elsewhere"}),
    ]

    assert [answer.status_code for answer in answers] == [401, 403, 404]
    assert Assertion.objects.revoked().count() == 1
