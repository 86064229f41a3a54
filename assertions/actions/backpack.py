"""Badges from elsewhere that people keep among their own (OB2-HST-01, OB2-HST-12).

They are private to their person, and so is what is done with them: nothing of it stands in the history of an
organisation, and what is removed leaves no trace.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from assertions.actions.brought import Brought
from assertions.actions.examine import Found
from assertions.models import ImportedBadge, Receipt
from assertions.sharing.stored_report import Conclusion
from badgeserver.accounts.models import User
from badgeserver.errors import UserFacingError
from badgeserver.openbadges.iris import is_http_url
from badgeserver.openbadges.report import Outcome

#: How many badges from elsewhere one person may keep.
MOST = 200
#: How long a removed badge can be had back.
UNDO_WITHIN = timedelta(days=1)


class BackpackFull(UserFacingError):
    """The person keeps as many badges as they may."""

    code = "backpack_full"


class NotKept(UserFacingError):
    """The badge is not taken: not genuine, not theirs, or theirs here already."""

    code = "not_kept"


class RemovedForGood(UserFacingError):
    """Removed longer ago than a removal can be undone."""

    code = "removed_for_good"


def require_room(*, keeper: User, addresses: Sequence[str]) -> None:
    """Raise `NotKept` when nothing can be theirs yet, `BackpackFull` when they keep as many as one may."""
    if not addresses:
        raise NotKept(_("Confirm your e-mail address first: it decides whether a badge is yours."))
    if keeper.imported_badges.count() >= MOST:
        raise BackpackFull(
            _("You keep %(most)d badges from elsewhere, which is the most. Remove one to add another.") % {"most": MOST}
        )


def keep_badge(*, receipt: Receipt, brought: Brought, found: Found, at: datetime) -> ImportedBadge:
    """Keep a badge that was checked for its person, or renew what is known of one that they keep.

    The bytes stay as they came. Raises `NotKept` for a badge that is not genuine, or not theirs; one that they keep
    already stays and shows what was found. Raises `BackpackFull`. The caller holds the receipt in a transaction.
    """
    keeper = User.objects.select_for_update().get(pk=receipt.keeper_id)
    key_before = receipt.imported.badge_key if receipt.imported else ""
    name, key = _names(brought, found)
    kept = receipt.imported or keeper.imported_badges.filter(badge_key=key).first()
    if kept is None:
        _refuse(found)
        require_room(keeper=keeper, addresses=[keeper.email])
        kept = ImportedBadge(user=keeper, imported_at=at)
    if receipt.imported is None:
        kept.removed_at = None
        # A file says more than the link to it, and is never given up for one.
        if not (kept.original and brought.form == "url"):
            kept.original_form = brought.form
            kept.original.save(f"badge.{brought.form}", ContentFile(brought.data), save=False)
    if key == key_before or not keeper.imported_badges.filter(badge_key=key).exclude(pk=kept.pk).exists():
        kept.badge_id, kept.badge_key = name, key
    _renew(kept, found, at=at)
    kept.save()
    return kept


@transaction.atomic
def remove_badge(*, imported: ImportedBadge, by: User, at: datetime) -> ImportedBadge:
    """Take one of the person's badges from elsewhere out of sight; for a day it can be had back."""
    locked: ImportedBadge = by.imported_badges.select_for_update().get(pk=imported.pk)
    locked.removed_at = locked.removed_at or at
    locked.save(update_fields=["removed_at"])
    return locked


@transaction.atomic
def restore_badge(*, imported: ImportedBadge, by: User, at: datetime) -> ImportedBadge:
    """Have a removed badge back. Raises `RemovedForGood` after a day."""
    locked: ImportedBadge = by.imported_badges.select_for_update().get(pk=imported.pk)
    if locked.removed_at is not None and locked.removed_at < at - UNDO_WITHIN:
        raise RemovedForGood(_("It was removed more than a day ago and cannot be had back. Add it again."))
    locked.removed_at = None
    locked.save(update_fields=["removed_at"])
    return locked


def delete_removed(*, at: datetime) -> int:
    """Delete for good, with their files, what was removed longer than a day ago; return how many."""
    removed = list(ImportedBadge.objects.removed(before=at - UNDO_WITHIN))
    for imported in removed:
        for file in (imported.original, imported.picture):
            if file:
                file.delete(save=False)
        imported.delete()
    return len(removed)


def _refuse(found: Found) -> None:
    stored, report = found.stored, found.report
    conclusion = Conclusion(stored["conclusion"])
    if conclusion in {Conclusion.NO_BADGE, Conclusion.NOT_FOUND, Conclusion.FORGED, Conclusion.FAULTY}:
        raise NotKept(next((one.sentence for one in report.checks if one.outcome is Outcome.FAILED), report.summary))
    if conclusion is Conclusion.REVOKED:
        raise NotKept(_("Its issuer has revoked it."))
    if found.belongs is False:
        raise NotKept(
            _(
                "It was awarded to another address than yours. If that address is yours too, add it to your account "
                "and confirm it."
            )
        )
    if found.assertion is not None and stored["ours"]:
        raise NotKept(_("It was issued here, and stands among your badges already."))
    if found.belongs is None and conclusion is not Conclusion.UNKNOWN:
        raise NotKept(_("It does not say whose it is."))


def _renew(kept: ImportedBadge, found: Found, *, at: datetime) -> None:
    """Note what was found. What cannot be had now does not take away what is known from earlier."""
    kept.report, kept.verdict, kept.checked_at = found.stored, found.report.verdict.value, at
    documents = found.documents
    kept.assertion_json = documents.assertion or kept.assertion_json
    kept.badge_json = documents.badge or kept.badge_json
    kept.issuer_json = documents.issuer or kept.issuer_json
    if found.picture:
        before = kept.picture.name
        kept.picture.save("picture.png", ContentFile(found.picture), save=False)
        if before:
            storage = kept.picture.storage
            transaction.on_commit(lambda: storage.delete(before), robust=True)


def _names(brought: Brought, found: Found) -> tuple[str, str]:
    """Return the `id` of a badge and its key; of one that could not be looked up, what was brought."""
    named = str((found.report.assertion or {}).get("id") or "")
    if not named and isinstance(brought.source, str) and is_http_url(brought.source):
        named = brought.source
    digest = hashlib.sha256((named or "").encode("utf-8", "surrogatepass") or brought.data).hexdigest()
    return named or f"sha256:{digest}", digest
