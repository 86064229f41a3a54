"""Publish a version of a badge, and invite those who hold an earlier one to earn it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assertions import tasks
from assertions.insights.versions import awards_to_invite
from assertions.models import Notice
from badges.actions.versions import publish_next_version
from badges.models import BadgeClass
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError

#: How many rows one INSERT writes.
BATCH = 1_000


class NotInvitable(UserFacingError):
    """There is no later version to earn."""

    code = "no_version_to_invite_to"


@transaction.atomic
def publish_and_invite(
    *,
    badge_class: BadgeClass,
    change_note: str,
    invites: bool,
    by: User,
    at: datetime,
    seen: datetime | None = None,
) -> tuple[BadgeClass, int]:
    """Publish the draft of a version and, with `invites`, invite those who hold an earlier one; all or nothing.

    Return the published version and how many people are invited. Raises what `publish_next_version` raises.
    """
    published = publish_next_version(badge_class=badge_class, change_note=change_note, by=by, at=at, seen=seen)
    return published, invite_holders(badge_class=published, by=by, at=at) if invites else 0


@transaction.atomic
def invite_holders(*, badge_class: BadgeClass, by: User, at: datetime) -> int:
    """Invite by mail whoever holds an earlier version to earn this one, and return how many that are.

    Nobody is invited twice to a version, however often this is called. The mails are rows first and sent by the
    worker (docs/adr/0009). Raises `NotInvitable` unless this is a published version after the first.
    """
    # One after the other: two clicks at once must not find the same people.
    locked = (
        BadgeClass.objects.select_for_update(of=("self",), no_key=True).select_related("issuer").get(pk=badge_class.pk)
    )
    if not locked.is_awardable or locked.version == 1:
        raise NotInvitable(_("People are invited to the current version of a badge that had an earlier one."))
    awards = awards_to_invite(locked, at=at)
    if not awards:
        return 0
    Notice.objects.bulk_create(
        [
            Notice(assertion_id=pk, kind=Notice.Kind.UPGRADE, badge_class=locked, created_at=at, queued_at=at)
            for pk in awards
        ],
        batch_size=BATCH,
    )
    audit.record(
        "badge_class.holders.invited",
        by=by,
        at=at,
        subject=locked,
        organisation_id=locked.issuer.organisation_id,
        issuer_id=locked.issuer_id,
        details={"version": locked.version, "people": len(awards)},
    )
    badge_class_id = str(locked.pk)
    transaction.on_commit(lambda: tasks.queue_invitations.delay(badge_class_id=badge_class_id), robust=True)
    return len(awards)


def queue_invitations(*, badge_class: BadgeClass, at: datetime) -> None:
    """Queue each mail of a version that waits. What is killed here is found by the sweep."""
    waiting = Notice.objects.filter(kind=Notice.Kind.UPGRADE, badge_class=badge_class, handed_over_at=None, problem="")
    owed = list(waiting.order_by("pk").values_list("pk", flat=True))
    Notice.objects.filter(pk__in=owed, queued_at__lt=at).update(queued_at=at)
    for notice_id in owed:
        tasks.send_notice.delay(notice_id=notice_id)
