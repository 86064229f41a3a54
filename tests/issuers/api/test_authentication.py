"""Bearer tokens, asked through a small API view of this test's own."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from rest_framework.response import Response
from rest_framework.views import APIView

from issuers.api.authentication import ApiTokenAuthentication
from issuers.api.permissions import HasScope
from issuers.models import TokenScope
from tests.factories.issuers import ApiTokenFactory

SECRET = "bdg_" + "S" * 40


class WhoAmI(APIView):
    authentication_classes = [ApiTokenAuthentication]
    permission_classes = [HasScope]
    scopes = {"GET": TokenScope.AWARDS_READ}

    def get(self, request):
        return Response({"issuer": request.auth.issuer.name, "acts_as": request.user.audit_name})


def ask(header=None):
    headers = {} if header is None else {"Authorization": header}
    response = WhoAmI.as_view()(RequestFactory().get("/api/v1/whoami", headers=headers))
    response.render()
    return response


@pytest.fixture
def token(academy):
    return ApiTokenFactory.create(issuer=academy, name="LMS", secret=SECRET)


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("header", [f"Bearer {SECRET}", f"bearer {SECRET}", f"Bearer  {SECRET} "])
def test_token_acts_for_its_issuer(header):
    response = ask(header)

    assert response.data == {"issuer": "Acme Academy", "acts_as": "LMS (bdg_SSSS…)"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Basic YWRhOnBhc3M=",
        "Bearer",
        "Bearer ",
        "Bearer bdg_wrong",
        "Bearer \xff\xfe",
        "Bearer a b c",
        SECRET,
    ],
)
def test_stranger_is_refused_with_401(header):
    response = ask(header)

    assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    assert sorted(response.data) == ["code", "fields", "message"]


def test_refusal_never_repeats_the_secret(token, now):
    token.revoked_at = now
    token.save()

    response = ask(f"Bearer {SECRET}")

    assert response.status_code == 401
    assert "SSSS" not in response.content.decode()
    assert response.data["message"].startswith("This token is not valid")


@pytest.mark.parametrize("end", ["revoked_at", "expires_at"])
def test_ended_token_is_refused_from_that_moment(token, frozen, now, end):
    setattr(token, end, now)
    token.save()

    assert ask(f"Bearer {SECRET}").status_code == 401


def test_use_is_noted_at_most_once_a_minute(token, frozen, now, django_assert_num_queries):
    with django_assert_num_queries(2):
        ask(f"Bearer {SECRET}")
    frozen.shift(timedelta(seconds=59))
    with django_assert_num_queries(1):
        ask(f"Bearer {SECRET}")

    token.refresh_from_db()
    assert token.last_used_at == now


def test_refused_scope_is_named(academy):
    ApiTokenFactory.create(issuer=academy, secret=SECRET, scopes=["awards:write"])

    response = ask(f"Bearer {SECRET}")

    assert response.status_code == 403
    assert response.data["message"] == (
        "This token does not have the scope “awards:read”. An owner can make another token that has it."
    )
