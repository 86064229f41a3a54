"""Make a badge from a description that came from elsewhere."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from badges.actions.badge_classes import BadgeFields, create_badge_class
from badges.models import BadgeClass
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from issuers.models import Issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """One thing that was not taken along, or not whole, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of a description: where it came from, what was taken, what was not."""

    source: str
    version: str
    taken: Sequence[str]
    left: Sequence[LeftBehind]


@transaction.atomic
def import_badge_class(
    *, issuer: Issuer, fields: BadgeFields, report: ImportReport, by: User, at: datetime
) -> BadgeClass:
    """Make a draft of what was read, and return it; the report stays in the trail, where its page reads it.

    Raises `PictureNotDrawn`; then nothing is made.
    """
    made = create_badge_class(issuer=issuer, fields=fields, by=by, at=at)
    audit.record(
        "badge_class.imported",
        by=by,
        at=at,
        subject=made,
        organisation_id=issuer.organisation_id,
        issuer_id=issuer.pk,
        details={
            "source": report.source[:500],
            "version": report.version,
            "taken": [item[:200] for item in report.taken],
            "left": [asdict(item) for item in report.left][:100],
        },
    )
    return made
