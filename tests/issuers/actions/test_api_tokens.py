import re
from datetime import timedelta

import pytest

from badgeserver.audit.models import AuditEvent
from issuers.actions.api_tokens import (
    TokenNameTaken,
    TokenRevoked,
    create_api_token,
    note_token_use,
    revoke_api_token,
)
from issuers.models import ApiToken, TokenScope
from issuers.queries import api_token_for, hash_of
from tests.factories.issuers import ApiTokenFactory


@pytest.fixture
def made(academy, ada, now):
    return create_api_token(
        issuer=academy,
        name="Learning platform",
        scopes=[TokenScope.AWARDS_WRITE],
        expires_at=now + timedelta(days=30),
        by=ada,
        at=now,
    )


def test_create_api_token_stores_the_hash_alone(made):
    token, secret = made

    assert re.fullmatch(r"bdg_[A-Za-z0-9]{40}", secret)
    assert (token.token_hash, token.prefix) == (hash_of(secret), secret[:12])
    assert secret not in str(ApiToken.objects.values()) + str(AuditEvent.objects.values())


def test_create_api_token_is_in_the_trail(made, academy):
    token, _secret = made

    event = AuditEvent.objects.get()
    assert (event.type, event.subject_name, event.issuer_id) == (
        "issuer.token.created",
        "Learning platform",
        academy.pk,
    )
    assert event.details == {"prefix": token.prefix, "scopes": ["awards:write"], "issuer": "Acme Academy"}


@pytest.mark.usefixtures("made")
def test_create_api_token_of_a_name_in_use(academy, ada, now):
    with pytest.raises(TokenNameTaken):
        create_api_token(
            issuer=academy, name="learning PLATFORM", scopes=["awards:read"], expires_at=None, by=ada, at=now
        )

    assert ApiToken.objects.count() == 1


def test_create_api_token_of_the_name_of_a_revoked_one(made, academy, ada, now):
    token, _secret = made
    revoke_api_token(token=token, by=ada, at=now)

    create_api_token(issuer=academy, name=token.name, scopes=["awards:read"], expires_at=None, by=ada, at=now)

    assert ApiToken.objects.live(now).count() == 1


def test_create_api_token_refuses_a_scope_that_there_is_not(academy, ada, now):
    with pytest.raises(ValueError, match="everything"):
        create_api_token(issuer=academy, name="X", scopes=["everything"], expires_at=None, by=ada, at=now)


def test_api_token_for_finds_live_tokens_only(made, ada, now):
    token, secret = made

    assert api_token_for(secret, at=now) == token
    assert api_token_for(secret + "x", at=now) is None
    assert api_token_for(secret, at=now + timedelta(days=30)) is None
    revoke_api_token(token=token, by=ada, at=now)
    assert api_token_for(secret, at=now) is None


def test_revoke_api_token_twice(made, ada, now):
    token, _secret = made
    revoke_api_token(token=token, by=ada, at=now)

    with pytest.raises(TokenRevoked):
        revoke_api_token(token=token, by=ada, at=now + timedelta(days=1))

    token.refresh_from_db()
    assert token.revoked_at == now


def test_note_token_use_writes_at_most_once_a_minute(academy, now, django_assert_num_queries):
    token = ApiTokenFactory.create(issuer=academy)

    with django_assert_num_queries(1):
        note_token_use(token=token, at=now)
    with django_assert_num_queries(0):
        note_token_use(token=token, at=now + timedelta(seconds=59))
    with django_assert_num_queries(1):
        note_token_use(token=token, at=now + timedelta(seconds=60))

    token.refresh_from_db()
    assert token.last_used_at == now + timedelta(seconds=60)
