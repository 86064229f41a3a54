"""What changes about a person's account and is not allauth's to change."""

import re
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from badgeserver.accounts.models import User
from badgeserver.audit import log
from badgeserver.errors import UserFacingError

#: Names of tables and columns; and how many of them are kept for one person.
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
COLUMNS_LIMIT, TABLES_LIMIT = 60, 60


class UnknownTable(UserFacingError):
    def __init__(self) -> None:
        super().__init__(_("This table has changed. Load the page again, then choose its columns."))


class UnknownLanguage(UserFacingError):
    code = "language_unknown"
    field = "language"

    def __init__(self) -> None:
        super().__init__(_("Choose a language of the list."))


def rename_user(*, user: User, name: str, by: User, at: datetime) -> User:
    """Give the account another name. Badges that were awarded before keep the name they were awarded to."""
    with transaction.atomic():
        user.name = name
        user.save(update_fields=["name"])
        log.record("account.renamed", by=by, at=at, subject=user, organisation_id=None)
    return user


def choose_language(*, user: User, language: str) -> User:
    """Keep in which language somebody reads pages and gets mails; "" follows their browser.

    No audit row: it changes what they see, and nothing else. Raises `UnknownLanguage` for one that we do not speak.
    """
    if language and language not in dict(settings.WORKSPACE_LANGUAGES):
        raise UnknownLanguage
    user.language = language
    user.save(update_fields=["language"])
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


def choose_columns(*, user: User, table: str, columns: list[str]) -> User:
    """Keep which columns of a table somebody wants to see. No audit row: it changes what they see, and nothing else.

    Raises `UnknownTable` for names that no table of ours has.
    """
    if not _NAME.fullmatch(table) or len(columns) > COLUMNS_LIMIT or not all(map(_NAME.fullmatch, columns)):
        raise UnknownTable
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        kept = user.preferences.get("columns")
        others = [(name, value) for name, value in kept.items() if name != table] if isinstance(kept, dict) else []
        # More than there are tables can only be invented names: they make room.
        user.preferences = {**user.preferences, "columns": {**dict(others[: TABLES_LIMIT - 1]), table: columns}}
        user.save(update_fields=["preferences"])
    return user
