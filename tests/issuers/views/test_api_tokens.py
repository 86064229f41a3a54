import re

import pytest
from django.contrib.messages import get_messages

from issuers.models import ApiToken
from issuers.queries import hash_of
from tests.factories.issuers import ApiTokenFactory

VALID = {"name": "Learning platform", "scopes": ["awards:write", "badges:read"], "expires": "90"}


@pytest.fixture
def tokens(academy):
    return f"/o/acme/issuers/{academy.pk}/tokens/"


@pytest.fixture
def token(academy):
    return ApiTokenFactory.create(issuer=academy, name="Old platform")


@pytest.fixture
def doors(tokens, token):
    return {"create": (f"{tokens}new/", VALID), "revoke": (f"{tokens}{token.pk}/revoke/", {})}


def test_secret_is_shown_exactly_once(as_ada, tokens, doors):
    response = as_ada.post(*doors["create"])
    later = as_ada.get(tokens)

    made = ApiToken.objects.get(name="Learning platform")
    (secret,) = set(re.findall(r"bdg_[A-Za-z0-9]{40}", response.content.decode()))
    assert (response.status_code, "no-store" in response["Cache-Control"]) == (200, True)
    assert made.token_hash == hash_of(secret)
    assert secret not in later.content.decode()
    assert made.prefix in later.content.decode()
    assert secret not in str(dict(as_ada.session))


def test_token_keeps_scopes_and_end(as_ada, ada, doors):
    as_ada.post(*doors["create"])

    made = ApiToken.objects.get(name="Learning platform")
    assert (made.scopes, made.created_by) == (["awards:write", "badges:read"], ada)
    assert (made.expires_at - made.created_at).days == 90


def test_loading_the_answer_again_makes_no_second_token(as_ada, doors):
    as_ada.post(*doors["create"])

    response = as_ada.post(*doors["create"])

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["name"])
    assert ApiToken.objects.filter(name="Learning platform").count() == 1


def test_revoke_ends_the_token(as_ada, token, tokens, doors):
    response = as_ada.post(*doors["revoke"])

    token.refresh_from_db()
    assert response["Location"] == tokens
    assert token.revoked_at is not None


def test_revoke_twice_says_so(as_ada, doors):
    as_ada.post(*doors["revoke"])

    response = as_ada.post(*doors["revoke"])

    assert [str(message) for message in get_messages(response.wsgi_request)][-1] == (
        "This token is revoked already; programs can no longer use it."
    )


@pytest.mark.parametrize("door", ["create", "revoke"])
def test_door_refuses_get(as_ada, doors, door):
    assert as_ada.get(doors[door][0]).status_code == 405
    assert ApiToken.objects.get().revoked_at is None


@pytest.mark.parametrize("door", ["create", "revoke"])
def test_door_sends_anonymous_to_sign_in(anonymous, doors, door):
    response = anonymous.post(*doors[door])

    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")
    assert ApiToken.objects.get().revoked_at is None


@pytest.mark.parametrize("door", ["create", "revoke"])
def test_door_does_not_exist_for_mallory(as_mallory, doors, door):
    url, data = doors[door]

    assert as_mallory.post(url, data).status_code == 404
    assert as_mallory.post(url.replace("/acme/", "/elsewhere/"), data).status_code == 404
    assert ApiToken.objects.get().revoked_at is None


@pytest.mark.parametrize("door", ["create", "revoke"])
def test_door_is_for_owners_alone(as_ed, as_sam, as_rex, as_nora, doors, door):
    assert [client.post(*doors[door]).status_code for client in (as_ed, as_sam, as_rex, as_nora)] == [403] * 4
    assert ApiToken.objects.get().revoked_at is None


def test_page_is_for_owners_alone(anonymous, as_ada, as_ed, as_mallory, tokens):
    statuses = [client.get(tokens).status_code for client in (as_ada, as_ed, as_mallory, anonymous)]

    assert statuses == [200, 403, 404, 302]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "a\x00"}, ["name"]),
        ({"name": "x" * 10_000_000}, ["name"]),
        ({"scopes": []}, ["scopes"]),
        ({"scopes": ["everything"]}, ["scopes"]),
        ({"expires": "never ever"}, ["expires"]),
        ({"name": "old PLATFORM"}, ["name"]),
    ],
)
def test_invalid_input_says_why(as_ada, doors, changes, fields):
    response = as_ada.post(doors["create"][0], {**VALID, **changes})

    assert (response.status_code, list(response.context["form"].errors)) == (422, fields)
    assert ApiToken.objects.count() == 1


def test_token_of_another_issuer_cannot_be_revoked_here(as_ada, tokens, elsewhere_issuer):
    other = ApiTokenFactory.create(issuer=elsewhere_issuer)

    assert as_ada.post(f"{tokens}{other.pk}/revoke/").status_code == 404
    other.refresh_from_db()
    assert other.revoked_at is None


def test_page_parts_what_works_from_what_does_not(as_ada, academy, token, tokens, now):
    revoked = ApiTokenFactory.create(issuer=academy, revoked_at=now)
    ran_out = ApiTokenFactory.create(issuer=academy, expires_at=now)

    response = as_ada.get(tokens)

    assert [row.token for row in response.context["live"]] == [token]
    assert {row.token for row in response.context["ended"]} == {revoked, ran_out}


@pytest.mark.parametrize("number", [1, 3])
def test_page_takes_the_same_queries_with_1_and_3(as_ada, academy, tokens, number, django_assert_num_queries):
    ApiTokenFactory.create_batch(number, issuer=academy)

    with django_assert_num_queries(5):
        as_ada.get(tokens)
