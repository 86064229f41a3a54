"""Make, use and revoke the tokens of an issuer's programs."""

import secrets
import string
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError
from issuers.models import ApiToken, Issuer, TokenScope
from issuers.queries import hash_of

#: So that scanners of source code recognise a token that was committed by mistake.
BEGINNING = "bdg_"
_ALPHABET = string.ascii_letters + string.digits

#: How exactly `last_used_at` is kept: writing it at each request would cost more than most requests.
USE_NOTED_EVERY = timedelta(minutes=1)


class TokenNameTaken(UserFacingError):
    """A live token of this name exists; also what a form that was sent twice meets."""

    code = "token_name_taken"
    field = "name"


class TokenRevoked(UserFacingError):
    """The token was revoked before."""

    code = "token_revoked"


def create_api_token(
    *,
    issuer: Issuer,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None,
    by: User,
    at: datetime,
) -> tuple[ApiToken, str]:
    """Make a token and return it with its secret, which is stored nowhere and cannot be shown again.

    Raises `TokenNameTaken`, and `ValueError` for a scope that there is not.
    """
    kept_scopes = [TokenScope(scope).value for scope in scopes]
    secret = BEGINNING + "".join(secrets.choice(_ALPHABET) for _number in range(40))
    with transaction.atomic():
        Issuer.objects.select_for_update().get(pk=issuer.pk)
        if issuer.api_tokens.live(at).filter(name__iexact=name).exists():
            raise TokenNameTaken(
                _("A token with this name is in use. Choose another name, or revoke that token first.")
            )
        token = ApiToken.objects.create(
            issuer=issuer,
            name=name,
            prefix=secret[:12],
            token_hash=hash_of(secret),
            scopes=kept_scopes,
            created_by=by,
            created_at=at,
            expires_at=expires_at,
        )
        _record("issuer.token.created", token, by=by, at=at)
    return token, secret


def revoke_api_token(*, token: ApiToken, by: User, at: datetime) -> ApiToken:
    """End a token at once and for good. Raises `TokenRevoked` when it was ended before."""
    with transaction.atomic():
        locked = ApiToken.objects.select_for_update(of=["self"]).select_related("issuer").get(pk=token.pk)
        if locked.revoked_at is not None:
            raise TokenRevoked(_("This token is revoked already; programs can no longer use it."))
        locked.revoked_at = at
        locked.save(update_fields=["revoked_at"])
        _record("issuer.token.revoked", locked, by=by, at=at)
    return locked


def note_token_use(*, token: ApiToken, at: datetime) -> ApiToken:
    """Keep when a token was last used, to the minute. No act of a person, so nothing for the audit trail."""
    if token.last_used_at is None or at - token.last_used_at >= USE_NOTED_EVERY:
        # One statement, no lock: of two requests at once, the later moment stands.
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
        token.last_used_at = at
    return token


def _record(event: str, token: ApiToken, *, by: User, at: datetime) -> None:
    audit.record(
        event,
        by=by,
        at=at,
        subject=token,
        organisation_id=token.issuer.organisation_id,
        issuer_id=token.issuer_id,
        details={"prefix": token.prefix, "scopes": token.scopes, "issuer": token.issuer.name},
    )
