"""Badges from elsewhere as their person sees them in a list."""

from dataclasses import dataclass

from assertions.models import ImportedBadge
from assertions.sharing.shown_report import ShownReport, shown_report
from badgeserver.accounts.models import User


@dataclass(frozen=True, slots=True)
class ImportedLine:
    """One badge from elsewhere, and what its last check found."""

    imported: ImportedBadge
    report: ShownReport


def imported_lines(user: User) -> list[ImportedLine]:
    """Return what the person keeps from elsewhere, newest first: one query."""
    rows = user.imported_badges.kept().newest_first().defer("assertion_json", "badge_json", "issuer_json")
    return [ImportedLine(row, shown_report(row.report)) for row in rows]
