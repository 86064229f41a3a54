"""How far a check in the background is, for the pages that wait for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assertions.models import Receipt

#: After this long people are told that something is slow here, not there.
LATE_AFTER = timedelta(seconds=40)


@dataclass(frozen=True, slots=True)
class CheckProgress:
    """Where a check is: `host` is who is being asked now, `asked` how many addresses were asked before."""

    host: str
    asked: int
    is_begun: bool
    is_late: bool

    @property
    def words(self) -> str:
        """Whom it asks, and how much it has heard."""
        if self.asked == 0:
            return _("Asking %(host)s for the badge.") % {"host": self.host}
        return ngettext(
            "Asking %(host)s; one answer so far.", "Asking %(host)s; %(count)d answers so far.", self.asked
        ) % {"host": self.host, "count": self.asked}


def progress_of(receipt: Receipt, *, at: datetime) -> CheckProgress:
    told = receipt.report.get("progress", {})
    return CheckProgress(
        host=told.get("host", ""),
        asked=told.get("asked", 0),
        is_begun=receipt.attempts > 0,
        is_late=receipt.queued_at < at - LATE_AFTER,
    )
