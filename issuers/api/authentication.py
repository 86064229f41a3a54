"""Bearer authentication: an issuer's token in the place of a user."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from issuers.actions.api_tokens import note_token_use
from issuers.models import ApiToken
from issuers.queries import api_token_for


class ApiTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer bdg_…`; `request.user` and `request.auth` are then the `ApiToken`, an actor of the trail.

    A request without the header is anonymous (None); one with a token that is unknown, revoked or run out is
    refused with 401 whatever it asks for. `request.auth.issuer` is loaded, with its organisation.
    """

    def authenticate(self, request: Request) -> tuple[ApiToken, ApiToken] | None:
        scheme, _space, secret = get_authorization_header(request).partition(b" ")
        if not scheme:
            return None
        if scheme.lower() != b"bearer" or not secret.strip():
            raise AuthenticationFailed(_("Send the token as “Authorization: Bearer bdg_…”."), code="not_authenticated")
        at = timezone.now()
        token = api_token_for(secret.strip().decode("latin-1"), at=at)
        if token is None:
            raise AuthenticationFailed(
                _(
                    "This token is not valid: it is mistyped, was revoked, or has run out. "
                    "An owner of the organisation can make a new one under Issuers, Tokens."
                ),
                code="authentication_failed",
            )
        note_token_use(token=token, at=at)
        return token, token

    def authenticate_header(self, request: Request) -> str:
        """What makes DRF answer 401 rather than 403 to strangers."""
        return 'Bearer realm="api"'


class TokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI description names this way in."""

    target_class = ApiTokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "bdg_…",
            "description": "A token of an issuer, made by an owner of the organisation under Issuers, Tokens.",
        }
