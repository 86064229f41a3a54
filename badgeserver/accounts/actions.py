"""What changes about a person's account and is not allauth's to change."""

from datetime import datetime

from django.db import transaction

from badgeserver.accounts.models import User
from badgeserver.audit import log


def rename_user(*, user: User, name: str, by: User, at: datetime) -> User:
    """Give the account another name. Badges that were awarded before keep the name they were awarded to."""
    with transaction.atomic():
        user.name = name
        user.save(update_fields=["name"])
        log.record("account.renamed", by=by, at=at, subject=user, organisation_id=None)
    return user


def forget_unconfirmed_password(*, user: User, at: datetime) -> User:
    """Take away the password of an account whose owner shows up for the first time, by a code mailed to the address.

    Whoever chose that password has never shown that the address is theirs: somebody may have signed up with a
    stranger's address in order to share the account later.
    """
    with transaction.atomic():
        user.set_unusable_password()
        user.save(update_fields=["password"])
        log.record("account.password.forgotten", by=None, at=at, subject=user, organisation_id=None)
    return user
