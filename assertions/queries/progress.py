"""How far the worker is with an award, and what happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from assertions.models import Assertion, Notice
from assertions.queries.mails import MailLine, MailState
from badgeserver.audit.describe import Description, describe
from badgeserver.audit.models import AuditEvent

#: An award that is not signed and mailed after this time says that the worker is not there.
LATE_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the worker is with an award: `steps` have state, title and text for `components/check_step.html`."""

    steps: list[dict[str, str]]
    is_settled: bool  # nothing will change by itself any more
    is_late: bool  # the worker should have been here by now


_MAIL_STEPS = {
    MailState.WAITING: "pending",
    MailState.SENDING: "running",
    MailState.SENT: "passed",
    MailState.REFUSED: "failed",
    MailState.IN_DOUBT: "unknown",
    MailState.DROPPED: "skipped",
    MailState.WITHHELD: "skipped",
}


def progress_of(assertion: Assertion, mails: Sequence[MailLine], *, at: datetime) -> Progress:
    """Return what was done for an award and what is still to come."""
    finished = assertion.finished_at is not None
    owed = [mail for mail in mails if mail.state in {MailState.WAITING, MailState.SENDING}]
    steps = [
        {
            "state": "passed",
            "title": _("Awarded"),
            "text": _("The badge can be seen and checked at its public address."),
        },
        {
            "state": "passed" if finished else "running",
            "title": _("Signed and baked") if finished else _("Signing and baking…"),
            "text": _("The picture carries the badge inside, and can be kept anywhere.") if finished else "",
        },
    ]
    for mail in mails:
        if mail.notice.kind == Notice.Kind.AWARD:
            state = "running" if finished and mail.state == MailState.WAITING else _MAIL_STEPS[mail.state]
            text = assertion.recipient_email if mail.state == MailState.SENT else ""
            steps.append({"state": state, "title": _("Mail: %(state)s") % {"state": mail.state.label}, "text": text})
    is_settled = assertion.revoked_at is not None or (finished and not owed)
    queued_at = max([assertion.queued_at, *(mail.notice.queued_at for mail in owed)])
    return Progress(steps, is_settled, is_late=not is_settled and queued_at < at - LATE_AFTER)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event for `components/timeline.html`."""

    sentence: str
    at: datetime
    by: str
    icon: str
    tone: str


def history_of(assertion: Assertion) -> list[HistoryLine]:
    """Return what happened to an award, newest first."""
    events = AuditEvent.objects.about(assertion.pk).newest_first()
    return [_history_line(event, describe(event)) for event in events]


def _history_line(event: AuditEvent, words: Description) -> HistoryLine:
    return HistoryLine(words.sentence, event.at, event.acted_by, words.icon, words.tone)
