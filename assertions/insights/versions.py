"""Who holds which version of a badge, and who may be invited to earn the next one."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assertions.models import Assertion, Notice
from badges.insights.versions import current_versions
from badges.models import BadgeClass


def awards_to_invite(badge_class: BadgeClass, *, at: datetime) -> list[uuid.UUID]:
    """Return the award of each person who holds an earlier version and may be invited to earn this one.

    Left out are those who hold this version, and those who were invited to it before. Of several awards, the newest.
    """
    of_series = Assertion.objects.filter(badge_class__series=badge_class.series).live(at)
    holding = of_series.filter(badge_class=badge_class).values("recipient_key")
    invited = Notice.objects.filter(kind=Notice.Kind.UPGRADE, badge_class=badge_class).values(
        "assertion__recipient_key"
    )
    rows = (
        of_series.filter(badge_class__version__lt=badge_class.version)
        .exclude(recipient_key__in=holding)
        .exclude(recipient_key__in=invited)
        .order_by("issued_at", "created_at", "pk")
        .values_list("recipient_key", "pk")
    )
    return list(dict(rows).values())


def is_obsolete(notice: Notice, *, at: datetime) -> bool:
    """Whether an invitation has lost its sense before it was sent: the award or the version is gone, or was earned."""
    assertion, version = notice.assertion, notice.badge_class
    if version is None or assertion.revoked_at is not None or version.status != BadgeClass.Status.PUBLISHED:
        return True
    held: bool = version.assertions.live(at).filter(recipient_key=assertion.recipient_key).exists()
    return held


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A later version than the one that somebody holds; `is_invited` says whether its issuer asked them to earn it."""

    version: BadgeClass
    is_invited: bool


def upgrades_for(awards: Iterable[Assertion], *, at: datetime) -> dict[uuid.UUID, Upgrade]:
    """Return, by award, the version that its holder could earn now: in three queries, however many awards.

    Awards that are over lead nowhere, and so do those whose holder has the current version already.
    """
    superseded = [
        one
        for one in awards
        if one.badge_class.status == BadgeClass.Status.SUPERSEDED and one.revoked_at is None and not one.is_expired(at)
    ]
    if not superseded:
        return {}
    current = {
        series: badge
        for series, badge in current_versions(one.badge_class.series for one in superseded).items()
        if badge.is_awardable
    }
    held = set(
        Assertion.objects.live(at)
        .filter(badge_class__in=current.values(), recipient_key__in={one.recipient_key for one in superseded})
        .values_list("badge_class_id", "recipient_key")
    )
    invited = set(
        Notice.objects.filter(
            kind=Notice.Kind.UPGRADE, badge_class__in=current.values(), assertion__in=superseded
        ).values_list("badge_class_id", "assertion__recipient_key")
    )
    found = {}
    for one in superseded:
        version = current.get(one.badge_class.series)
        if version is not None and (version.pk, one.recipient_key) not in held:
            found[one.pk] = Upgrade(version, is_invited=(version.pk, one.recipient_key) in invited)
    return found


def earlier_award(badge_class: BadgeClass, recipient_key: str, *, at: datetime) -> Assertion | None:
    """Return the newest award of another version that the address holds now, or None."""
    found: Assertion | None = (
        Assertion.objects.live(at)
        .filter(badge_class__series=badge_class.series, recipient_key=recipient_key)
        .exclude(badge_class=badge_class)
        .select_related("badge_class")
        .newest_first()
        .first()
    )
    return found
