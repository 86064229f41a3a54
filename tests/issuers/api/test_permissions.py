from types import SimpleNamespace

import pytest

from issuers.api.permissions import HasScope
from issuers.models import ApiToken, TokenScope

VIEW = SimpleNamespace(scopes={"GET": TokenScope.AWARDS_READ, "POST": TokenScope.AWARDS_WRITE})


def allowed(method, scopes, view=VIEW) -> bool:
    return HasScope().has_permission(SimpleNamespace(auth=ApiToken(scopes=scopes), method=method), view)


@pytest.mark.parametrize(
    ("method", "scopes", "answer"),
    [
        ("GET", ["awards:read"], True),
        ("HEAD", ["awards:read"], True),
        ("GET", ["awards:write"], False),
        ("POST", ["awards:write"], True),
        ("POST", ["awards:read", "badges:read"], False),
        ("OPTIONS", [], True),
        ("DELETE", ["awards:read", "awards:write", "badges:read"], False),
        ("GET", [], False),
    ],
)
def test_has_scope_asks_for_the_method(method, scopes, answer):
    assert allowed(method, scopes) is answer


@pytest.mark.parametrize("auth", [None, object()])
def test_has_scope_wants_a_token(auth):
    assert not HasScope().has_permission(SimpleNamespace(auth=auth, method="OPTIONS"), VIEW)
