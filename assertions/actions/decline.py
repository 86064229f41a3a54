"""Decline an award, take that back within an hour, and delete what it said of its recipient (OB2-HST-15)."""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assertions import tasks
from assertions.actions.admission import PlaceTaken, has_no_place_for, hold_places
from assertions.models import Assertion, Notice
from assertions.rules import DECLINE_UNDONE_WITHIN
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError

logger = logging.getLogger(__name__)

#: What the revocation lists, the 410 answer and everybody's verifier say of a declined award. In English, as a word of
#: the documents: it stands there for ever, whoever reads it and in whichever language the recipient declined.
DECLINED_REASON = "Declined by its recipient."

#: How many declined awards one run erases; the next run takes the rest.
ERASE_LIMIT = 200


class AlreadyDeclined(UserFacingError):
    """The award was declined before."""

    code = "already_declined"


class NothingToDecline(UserFacingError):
    """Its issuer has revoked the award: nobody holds it any more."""

    code = "nothing_to_decline"


class NotDeclined(UserFacingError):
    """There is nothing to take back."""

    code = "not_declined"


class TooLateToTake(UserFacingError):
    """What the award said of its recipient is deleted, or about to be."""

    code = "too_late_to_take"


@dataclass(frozen=True, slots=True)
class TheRecipient:
    """Who declines, in the words of the audit trail: never by name, for the trail outlives what is deleted."""

    audit_id: str = ""
    audit_name: str = gettext_noop("The recipient")  # in the words of the trail, whatever the recipient reads


@transaction.atomic
def decline_assertion(*, assertion: Assertion, note: str, by: User | None, at: datetime) -> Assertion:
    """Say that the recipient does not want this award, and return it. `by` is None for who came by the mail's link.

    For the world it is revoked from now on, with a reason that says who ended it; mails about it that are still owed
    are not sent. A link can be forwarded, so who declines by it is told by mail how to take that back. `note` is for
    the issuer alone. After `DECLINE_UNDONE_WITHIN` what the award says of its recipient is deleted. Raises
    `AlreadyDeclined` or `NothingToDecline`.
    """
    locked = _locked(assertion.pk)
    if locked.declined_at is not None:
        raise AlreadyDeclined(_("This badge was declined already."))
    if locked.revoked_at is not None:
        raise NothingToDecline(_("Its issuer has revoked this badge. There is nothing left to decline."))
    locked.declined_at = locked.revoked_at = at
    locked.revocation_reason, locked.decline_note, locked.revoked_by = DECLINED_REASON, note, None
    locked.save(update_fields=["declined_at", "revoked_at", "revocation_reason", "decline_note", "revoked_by"])
    locked.notices.filter(handed_over_at=None, problem="", withheld_at=None).update(withheld_at=at)
    if by is None:
        locked.notices.filter(kind=Notice.Kind.DECLINED).delete()
        notice = Notice.objects.create(assertion=locked, kind=Notice.Kind.DECLINED, created_at=at, queued_at=at)
        transaction.on_commit(lambda: _queue_mails([notice.pk]), robust=True)
    _record("assertion.declined", locked, by, at=at)
    return locked


@transaction.atomic
def undo_decline(*, assertion: Assertion, by: User | None, at: datetime) -> Assertion:
    """Let the recipient have the award after all, and return it, which holds as if nothing had happened.

    What was not made of it yet and the mails that were held back follow. Raises `NotDeclined`, `TooLateToTake`, or
    `PlaceTaken` where no more people may hold the badge than others do by now.
    """
    badge_class = hold_places(assertion=assertion)
    locked = _locked(assertion.pk)
    if locked.declined_at is None:
        raise NotDeclined(_("This badge is not declined. It is yours."))
    if locked.erased_at is not None or at > locked.declined_at + DECLINE_UNDONE_WITHIN:
        raise TooLateToTake(
            _("This badge was declined more than an hour ago, and what it said is deleted. Ask %(issuer)s for it anew.")
            % {"issuer": locked.issuer.name}
        )
    if has_no_place_for(assertion=locked, badge_class=badge_class, at=at):
        raise PlaceTaken(
            _("Somebody else has the last place of “%(badge)s” now. Ask %(issuer)s whether there is another one.")
            % {"badge": badge_class, "issuer": locked.issuer.name}
        )
    declined_at = locked.declined_at
    locked.declined_at = locked.revoked_at = None
    locked.revocation_reason = locked.decline_note = ""
    if locked.finished_at is None:
        locked.queued_at = at
        transaction.on_commit(lambda: tasks.finish_assertion.delay(assertion_id=str(locked.pk)), robust=True)
    locked.save(update_fields=["declined_at", "revoked_at", "revocation_reason", "decline_note", "queued_at"])
    held_back = locked.notices.filter(withheld_at=declined_at)
    locked.notices.filter(kind=Notice.Kind.DECLINED, handed_over_at=None).delete()
    owed = list(held_back.values_list("pk", flat=True))
    held_back.update(withheld_at=None, queued_at=at)
    _record("assertion.decline.undone", locked, by, at=at)
    transaction.on_commit(lambda: _queue_mails(owed), robust=True)
    return locked


def erase_declined(*, at: datetime) -> int:
    """Delete what awards say that were declined more than an hour ago; return how many awards those were.

    Done once for each. One whose files cannot be deleted now is tried again at the next run, and keeps no other.
    """
    due = Assertion.objects.to_erase(at - DECLINE_UNDONE_WITHIN).order_by("declined_at").values_list("pk", flat=True)
    erased = 0
    for assertion_id in list(due[:ERASE_LIMIT]):
        try:
            erased += _erase(assertion_id, at=at)
        except OSError:
            logger.warning("The files of the declined award %s could not be deleted yet.", assertion_id, exc_info=True)
    return erased


@transaction.atomic
def _erase(assertion_id: uuid.UUID, *, at: datetime) -> int:
    """Delete the files first: who is killed in between leaves the row, by which the next run finds them again."""
    locked = _locked(assertion_id)
    if locked.declined_at is None or locked.declined_at >= at - DECLINE_UNDONE_WITHIN or locked.erased_at is not None:
        return 0
    for baked in locked.baked_images.all():
        default_storage.delete(str(baked.file.name))
    locked.baked_images.all().delete()
    locked.evidence.all().delete()
    locked.notices.filter(kind=Notice.Kind.DECLINED, handed_over_at=None).delete()
    _erase_endorsements(locked, at=at)
    _erase_from_receipts(locked)
    locked.recipient_name = locked.narrative = locked.salt = ""
    locked.hosted_json = locked.signed_json = locked.jws = locked.credential_jwt = ""
    locked.name_shown_at = locked.finished_at = None
    locked.erased_at = at
    locked.save(update_fields=_ERASED)
    _record("assertion.erased", locked, None, at=at, system=True)
    return 1


_ERASED = [
    "recipient_name",
    "search",
    "narrative",
    "salt",
    "hosted_json",
    "signed_json",
    "jws",
    "credential_jwt",
    "name_shown_at",
    "finished_at",
    "erased_at",
]


def _erase_endorsements(assertion: Assertion, *, at: datetime) -> None:
    """What others say of the award is about its recipient too: those of here end, copies from elsewhere go."""
    given_here = assertion.endorsements.exclude(endorser=None)
    given_here.filter(revoked_at=None).update(revoked_at=at, revocation_reason=DECLINED_REASON)
    given_here.update(comment="", hosted_json="")
    assertion.endorsements.filter(endorser=None).delete()


def _erase_from_receipts(assertion: Assertion) -> None:
    """Leave the verdict of checks that were made, and take away what the award said."""
    receipts = list(assertion.receipts.exclude(report={}))
    for receipt in receipts:
        award = {**receipt.report.get("award", {}), "narrative": "", "evidence": []}
        receipt.report = {**receipt.report, "award": award, "endorsements": [], "differences": []}
        receipt.save(update_fields=["report"])


def _locked(pk: uuid.UUID) -> Assertion:
    return Assertion.objects.select_for_update(of=("self",)).select_related("badge_class", "issuer").get(pk=pk)


def _queue_mails(notice_ids: list[int]) -> None:
    for notice_id in notice_ids:
        tasks.send_notice.delay(notice_id=notice_id)


def _record(event: str, assertion: Assertion, by: User | None, *, at: datetime, system: bool = False) -> None:
    audit.record(
        event,
        by=None if system else TheRecipient(),
        at=at,
        subject=assertion,
        organisation_id=assertion.issuer.organisation_id,
        issuer_id=assertion.issuer_id,
        details={
            "badge": assertion.badge_class.name,
            "badge_id": str(assertion.badge_class_id),
            **({} if system else {"by_link": by is None}),
        },
    )
