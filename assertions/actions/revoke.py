"""Revoke an award, and take a mistaken revocation back: the exemplar of an act. To add another, copy every aspect."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assertions import tasks
from assertions.actions.admission import PlaceTaken, has_no_place_for, hold_places
from assertions.models import Assertion, Notice
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError
from issuers.models import ApiToken

#: How long a revocation counts as a slip of the hand that can be undone; after that the badge is awarded anew.
RESTORE_WITHIN = timedelta(hours=1)


class AlreadyRevoked(UserFacingError):
    """The badge was revoked before; its first reason stands."""

    code = "already_revoked"


class NotRevoked(UserFacingError):
    """There is no revocation to take back."""

    code = "not_revoked"


class DeclinedByRecipient(UserFacingError):
    """The recipient did not want the badge: nobody else can give it back to them."""

    code = "declined_by_recipient"


class TooLateToRestore(UserFacingError):
    """The revocation has stood for too long: others may have acted on it."""

    code = "too_late_to_restore"


@transaction.atomic
def revoke_assertion(*, assertion: Assertion, reason: str, by: User | ApiToken, at: datetime) -> Assertion:
    """Withdraw an award, and return it.

    From now on the hosted form answers 410 (OB2-ISS-110), the signed form stands in the issuer's revocation list
    (OB2-ISS-115), the baked picture is not served, and the recipient is told. `reason` is shown to everybody who
    looks the badge up. Raises `AlreadyRevoked`.
    """
    locked = (
        Assertion.objects.select_for_update(of=("self",)).select_related("badge_class", "issuer").get(pk=assertion.pk)
    )
    if locked.revoked_at is not None:
        raise AlreadyRevoked(_("This badge is already revoked. Its first reason stands."))
    locked.revoked_at, locked.revocation_reason = at, reason
    locked.revoked_by = by if isinstance(by, User) else None
    locked.save(update_fields=["revoked_at", "revocation_reason", "revoked_by"])
    audit.record(
        "assertion.revoked",
        by=by,
        at=at,
        subject=locked,
        organisation_id=locked.issuer.organisation_id,
        issuer_id=locked.issuer_id,
        details={"badge": locked.badge_class.name, "badge_id": str(locked.badge_class_id), "reason": reason},
    )
    # Who was never told of the award need not be told that it is gone.
    never_told = locked.notices.filter(kind=Notice.Kind.AWARD, handed_over_at=None)
    if not never_told.update(problem=_("Not sent: the badge was revoked first.")):
        # What was said about an earlier revocation is past; who was not told yet that it was undone, never is.
        undone = locked.notices.filter(kind=Notice.Kind.RESTORED)
        undone.filter(handed_over_at=None).update(problem=_("Not sent: the badge was revoked again."))
        undone.exclude(handed_over_at=None).delete()
        locked.notices.filter(kind=Notice.Kind.REVOCATION).delete()
        notice = Notice.objects.create(assertion=locked, kind=Notice.Kind.REVOCATION, created_at=at, queued_at=at)
        transaction.on_commit(lambda: tasks.send_notice.delay(notice_id=notice.pk), robust=True)
    return locked


@transaction.atomic
def unrevoke_assertion(*, assertion: Assertion, by: User | ApiToken, at: datetime) -> Assertion:
    """Take a revocation back that was a mistake, within `RESTORE_WITHIN`, and return the award, which holds again.

    Its address answers 200, it leaves the revocation list (OB2-ISS-117), its pictures are served, and what was never
    made of it is made now. The recipient is told if they were told of the revocation; else that mail is not sent any
    more. Raises `NotRevoked`, `DeclinedByRecipient`, `TooLateToRestore`, or `PlaceTaken` where no more people may
    hold the badge than others do by now.
    """
    badge_class = hold_places(assertion=assertion)
    locked = (
        Assertion.objects.select_for_update(of=("self",)).select_related("badge_class", "issuer").get(pk=assertion.pk)
    )
    if locked.revoked_at is None:
        raise NotRevoked(_("This badge is not revoked. There is nothing to undo."))
    if locked.declined_at is not None:
        raise DeclinedByRecipient(
            _(
                "The recipient declined this badge, so you cannot restore it. "
                "If they want it after all, award it to them anew."
            )
        )
    if at > locked.revoked_at + RESTORE_WITHIN:
        raise TooLateToRestore(
            _("A revocation can be undone within an hour, and this one is older. Award the badge anew instead.")
        )
    if has_no_place_for(assertion=locked, badge_class=badge_class, at=at):
        raise PlaceTaken(
            ngettext(
                "“%(badge)s” may be held by %(cap)d person, and is: somebody else took this place. "
                "Allow more under Planning, or revoke another award; then restore this one.",
                "“%(badge)s” may be held by %(cap)d people, and is: somebody else took this place. "
                "Allow more under Planning, or revoke another award; then restore this one.",
                badge_class.award_cap or 0,
            )
            % {"badge": badge_class, "cap": badge_class.award_cap}
        )
    reason = locked.revocation_reason
    locked.revoked_at, locked.revocation_reason, locked.revoked_by = None, "", None
    if locked.finished_at is None:
        locked.queued_at = at
        transaction.on_commit(lambda: tasks.finish_assertion.delay(assertion_id=str(locked.pk)), robust=True)
    locked.save(update_fields=["revoked_at", "revocation_reason", "revoked_by", "queued_at"])
    audit.record(
        "assertion.restored",
        by=by,
        at=at,
        subject=locked,
        organisation_id=locked.issuer.organisation_id,
        issuer_id=locked.issuer_id,
        details={"badge": locked.badge_class.name, "badge_id": str(locked.badge_class_id), "reason": reason},
    )
    owed = _mails_after_restoring(locked, at=at)
    transaction.on_commit(lambda: _queue_mails(owed), robust=True)
    return locked


def _queue_mails(notices: list[Notice]) -> None:
    for notice in notices:
        tasks.send_notice.delay(notice_id=notice.pk)


def _mails_after_restoring(assertion: Assertion, *, at: datetime) -> list[Notice]:
    """Return what the recipient is to hear: that they hold the badge after all, or again, or nothing at all."""
    # A worker that is just handing a revocation over has marked its row; one that comes later finds none.
    is_untold = assertion.notices.filter(kind=Notice.Kind.REVOCATION, handed_over_at=None).delete()[0]
    owed = [Notice.Kind.AWARD, Notice.Kind.RESTORED]
    dropped = assertion.notices.filter(kind__in=owed, handed_over_at=None).exclude(problem="").first()
    if dropped is not None:
        dropped.problem, dropped.queued_at = "", at
        dropped.save(update_fields=["problem", "queued_at"])
        return [dropped]
    if is_untold:
        return []
    return [Notice.objects.create(assertion=assertion, kind=Notice.Kind.RESTORED, created_at=at, queued_at=at)]
