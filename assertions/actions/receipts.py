"""Receipts: bring a badge, have it checked here or in the background, keep what was found and forget the rest."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from assertions import queries, tasks
from assertions.actions import backpack
from assertions.actions.brought import Brought, seal, unseal
from assertions.actions.examine import Found, NeedsNetwork, examine_badge, examine_here
from assertions.models import ImportedBadge, Receipt
from assertions.sharing.stored_report import gave_up_report
from badgeserver.accounts.models import User
from badgeserver.errors import UserFacingError
from badgeserver.openbadges.report import Verdict

#: How long a receipt can be looked at; one that a person had made for their own badges is needed only to get there.
KEPT, KEPT_FOR_ONE = timedelta(days=90), timedelta(days=1)
#: How often a check is begun before it is given up: a worker may be killed in the middle of it.
MOST_ATTEMPTS = 3
SWEEP_LIMIT = 500


def open_receipt(
    *, brought: Brought, at: datetime, keeper: User | None = None, imported: ImportedBadge | None = None
) -> Receipt:
    """Have a badge checked and return its receipt: finished for badges of this server, queued for all others.

    With a `keeper` the badge is then kept among their badges; `imported` is one of theirs that is looked at again.
    Raises `BackpackFull`, and `NotKept` for a person without a confirmed address.
    """
    if keeper is not None and imported is None:
        backpack.require_room(keeper=keeper, addresses=_addresses(keeper))
    receipt = Receipt(
        source_digest=hashlib.sha256(brought.data).hexdigest(),
        queued_at=at,
        keeper=keeper,
        imported=imported,
        delete_after=at + (KEPT if keeper is None else KEPT_FOR_ONE),
    )
    try:
        found = examine_here(brought=brought, at=at, addresses=_addresses(keeper))
    except NeedsNetwork:
        receipt.source = seal(brought)
        with transaction.atomic():
            receipt.save()
            transaction.on_commit(lambda: _queue([str(receipt.pk)]), robust=True)
        return receipt
    with transaction.atomic():
        receipt.save()
        return _finish(receipt, brought, found, at=at)


def check_at_once(*, brought: Brought, at: datetime) -> Receipt:
    """Have a badge of any issuer checked while the caller waits, and return its finished receipt."""
    found = examine_badge(brought=brought, at=at)
    receipt = Receipt(
        source_digest=hashlib.sha256(brought.data).hexdigest(), queued_at=at, attempts=1, delete_after=at + KEPT
    )
    with transaction.atomic():
        receipt.save()
        return _finish(receipt, brought, found, at=at)


def check_receipt(*, receipt: Receipt, at: datetime) -> Receipt:
    """Do what was queued. Done once, however often called; after `MOST_ATTEMPTS` beginnings it is given up."""
    begun = _begin(receipt, at=at)
    if begun.finished_at is not None:
        return begun
    brought = unseal(bytes(begun.source))
    if brought is None:
        return _give_up(begun, at=at)
    found = examine_badge(brought=brought, at=at, addresses=_addresses(begun.keeper), tell=_teller(begun))
    with transaction.atomic():
        locked = _locked(begun)
        return locked if locked.finished_at is not None else _finish(locked, brought, found, at=at)


def queue_unfinished_receipts(*, queued_before: datetime, at: datetime) -> int:
    """Queue again what was queued before that moment and never finished; return how much that was."""
    with transaction.atomic():
        waiting = list(
            Receipt.objects.unfinished(queued_before)
            .select_for_update(skip_locked=True)
            .order_by("queued_at")
            .values_list("pk", flat=True)[:SWEEP_LIMIT]
        )
        Receipt.objects.filter(pk__in=waiting).update(queued_at=at)
    _queue([str(pk) for pk in waiting])
    return len(waiting)


def delete_overdue(*, at: datetime) -> int:
    """Delete the receipts whose time is over, with their pictures; return how many."""
    overdue = list(Receipt.objects.overdue(at)[: SWEEP_LIMIT * 10])
    for receipt in overdue:
        if receipt.picture:
            receipt.picture.delete(save=False)
        receipt.delete()
    return len(overdue)


def _queue(receipt_ids: list[str]) -> None:
    for receipt_id in receipt_ids:
        tasks.check_receipt.delay(receipt_id=receipt_id)


def _addresses(keeper: User | None) -> list[str]:
    return queries.addresses_of(keeper) if keeper is not None else []


def _locked(receipt: Receipt) -> Receipt:
    return Receipt.objects.select_for_update(of=("self",)).select_related("keeper", "imported").get(pk=receipt.pk)


@transaction.atomic
def _begin(receipt: Receipt, *, at: datetime) -> Receipt:
    locked = _locked(receipt)
    if locked.finished_at is not None:
        return locked
    if locked.attempts >= MOST_ATTEMPTS:
        return _give_up(locked, at=at)
    locked.attempts += 1
    locked.report = {}
    locked.save(update_fields=["attempts", "report"])
    return locked


def _teller(receipt: Receipt) -> Callable[[str, int], None]:
    """Return what notes for the waiting page whom the check is asking."""

    def tell(host: str, asked: int) -> None:
        progress = {"progress": {"host": host[:253], "asked": asked}}
        Receipt.objects.filter(pk=receipt.pk, finished_at=None).update(report=progress)

    return tell


def _finish(receipt: Receipt, brought: Brought, found: Found, *, at: datetime) -> Receipt:
    """Keep what was found, and forget what was brought and whose it was said to be."""
    receipt.source = b""
    receipt.finished_at = at
    receipt.report, receipt.verdict = found.stored, found.report.verdict.value
    receipt.assertion = found.assertion
    if receipt.keeper is not None:
        _keep(receipt, brought, found, at=at)
    elif found.picture:
        receipt.picture.save("picture.png", ContentFile(found.picture), save=False)
    receipt.save()
    return receipt


def _keep(receipt: Receipt, brought: Brought, found: Found, *, at: datetime) -> None:
    try:
        receipt.imported = backpack.keep_badge(receipt=receipt, brought=brought, found=found, at=at)
    except UserFacingError as refusal:
        receipt.report = {**found.stored, "refusal": refusal.message}


def _give_up(receipt: Receipt, *, at: datetime) -> Receipt:
    receipt.source = b""
    receipt.finished_at = at
    receipt.verdict = Verdict.UNKNOWN.value
    receipt.report = gave_up_report(at=at, sentence=_("The check was broken off several times, and was given up."))
    receipt.save()
    return receipt
