"""Report a problem about a public page, close such a report, and open it again (OB2-HST-15)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from assertions import tasks
from assertions.models import Assertion, ProblemReport, ProblemReportNotice
from badges.models import BadgeClass
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError
from issuers.models import Issuer
from issuers.rules import ROLE_PERMISSIONS, Permission


class ReportClosed(UserFacingError):
    """Somebody else was quicker; their note stands."""

    code = "report_closed"


class ReportOpen(UserFacingError):
    """There is nothing to open again."""

    code = "report_open"


@transaction.atomic
def report_problem(
    *, subject: Issuer | BadgeClass | Assertion, kind: str, text: str, reply_to: str, at: datetime
) -> ProblemReport:
    """Keep what a visitor reports about a page, and owe a mail to everybody who may handle it, and to the operator.

    Nothing is hidden or revoked by it. Who reported is not known; `reply_to` is the address they left, if any.
    """
    report = ProblemReport.objects.create(
        issuer=subject if isinstance(subject, Issuer) else subject.issuer,
        badge_class=subject.badge_class if isinstance(subject, Assertion) else _badge_of(subject),
        assertion=subject if isinstance(subject, Assertion) else None,
        kind=kind,
        text=text,
        reply_to=reply_to,
        created_at=at,
    )
    _record("problem_report.received", report, None, at=at)
    roles = [role for role, may in ROLE_PERMISSIONS.items() if Permission.HANDLE_REPORTS in may]
    handlers = report.issuer.organisation.memberships.filter(role__in=roles).values_list("user_id", flat=True)
    people = [*handlers, *([None] if settings.OPERATOR_EMAIL else [])]
    owed = [
        ProblemReportNotice.objects.create(report=report, recipient_id=person, queued_at=at).pk for person in people
    ]
    transaction.on_commit(lambda: _queue_mails(owed), robust=True)
    return report


def close_problem_report(*, report: ProblemReport, note: str, by: User, at: datetime) -> ProblemReport:
    """Say what was done about a report, for the organisation's own eyes. Raises `ReportClosed`."""
    with transaction.atomic():
        locked = _locked(report)
        if locked.closed_at is not None:
            raise ReportClosed(_("This report is closed already. The first note stands."))
        locked.closed_at, locked.closed_by, locked.close_note = at, by, note
        locked.save(update_fields=["closed_at", "closed_by", "close_note"])
        _record("problem_report.closed", locked, by, at=at)
    return locked


def reopen_problem_report(*, report: ProblemReport, by: User, at: datetime) -> ProblemReport:
    """Take the closing of a report back, with its note. Raises `ReportOpen`."""
    with transaction.atomic():
        locked = _locked(report)
        if locked.closed_at is None:
            raise ReportOpen(_("This report is open. There is nothing to undo."))
        locked.closed_at, locked.closed_by, locked.close_note = None, None, ""
        locked.save(update_fields=["closed_at", "closed_by", "close_note"])
        _record("problem_report.reopened", locked, by, at=at)
    return locked


def _badge_of(subject: Issuer | BadgeClass) -> BadgeClass | None:
    return subject if isinstance(subject, BadgeClass) else None


def _locked(report: ProblemReport) -> ProblemReport:
    found = ProblemReport.objects.select_for_update(of=("self",)).select_related("issuer", "badge_class")
    return found.get(pk=report.pk)


def _queue_mails(notice_ids: list[int]) -> None:
    for notice_id in notice_ids:
        tasks.send_problem_notice.delay(notice_id=notice_id)


def _record(event: str, report: ProblemReport, by: User | None, *, at: datetime) -> None:
    audit.record(
        event,
        by=by,
        at=at,
        subject=report,
        organisation_id=report.issuer.organisation_id,
        issuer_id=report.issuer_id,
        details={"about": report.subject_name, "kind": report.kind},
    )
