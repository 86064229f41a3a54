"""Revoke an award: the exemplar of an act. To add another, copy every aspect of this one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assertions import tasks
from assertions.models import Assertion, Notice
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError
from issuers.models import ApiToken


class AlreadyRevoked(UserFacingError):
    """The badge was revoked before; its first reason stands."""

    code = "already_revoked"


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
        notice = Notice.objects.create(assertion=locked, kind=Notice.Kind.REVOCATION, created_at=at, queued_at=at)
        transaction.on_commit(lambda: tasks.send_notice.delay(notice_id=notice.pk), robust=True)
    return locked
