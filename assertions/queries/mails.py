"""The mails about an award: where each is, and whether its recipient wants any."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assertions.models import Assertion, MailStop, Notice
from assertions.models.assertion import AssertionQuerySet


class MailState(models.TextChoices):
    """Where a mail to the recipient is."""

    WAITING = "waiting", gettext_lazy("Waiting")
    SENDING = "sending", gettext_lazy("On its way")
    SENT = "sent", gettext_lazy("Sent")
    REFUSED = "refused", gettext_lazy("Refused")
    IN_DOUBT = "in_doubt", gettext_lazy("May not have arrived")
    DROPPED = "dropped", gettext_lazy("Not sent")
    WITHHELD = "withheld", gettext_lazy("Not sent")


MAIL_TONES = {
    MailState.WAITING: "info",
    MailState.SENDING: "info",
    MailState.SENT: "good",
    MailState.REFUSED: "bad",
    MailState.IN_DOUBT: "warn",
    MailState.DROPPED: "neutral",
    MailState.WITHHELD: "neutral",
}


@dataclass(frozen=True, slots=True)
class MailLine:
    """One mail about an award, with what became of it."""

    notice: Notice
    state: MailState
    tone: str
    is_stopped: bool = False  # the recipient does not want mails from this issuer

    @property
    def may_be_sent_again(self) -> bool:
        if self.is_stopped or is_outdated(self.notice):
            return False
        return self.state in {MailState.REFUSED, MailState.IN_DOUBT, MailState.WITHHELD}

    @property
    def about(self) -> str:
        """What the mail is about, to follow “the mail about”."""
        return {
            Notice.Kind.AWARD.value: _("the award"),
            Notice.Kind.REVOCATION.value: _("the revocation"),
            Notice.Kind.RESTORED.value: _("the revocation that was a mistake"),
            Notice.Kind.UPGRADE.value: _("the new version"),
            Notice.Kind.NEW_COPY.value: _("the new signed copy"),
            Notice.Kind.DECLINED.value: _("declining it"),
        }[self.notice.kind]


def is_outdated(notice: Notice) -> bool:
    """Whether what the mail says is no longer so: nobody is told of a revocation that was undone, or the reverse.

    Whoever declined the badge is told nothing more of it, but that they did.
    """
    if notice.kind == Notice.Kind.DECLINED:
        return notice.assertion.declined_at is None or notice.assertion.erased_at is not None
    if notice.assertion.declined_at is not None:
        return True
    if notice.kind == Notice.Kind.REVOCATION:
        return notice.assertion.revoked_at is None
    return notice.kind in Notice.WHILE_IT_HOLDS and notice.assertion.revoked_at is not None


def mail_state(notice: Notice, *, at: datetime) -> MailState:
    """Return where the mail is; `notice.assertion` must be loaded."""
    if is_outdated(notice) and notice.handed_over_at is None:
        # Nobody is congratulated on a badge that is gone.
        return MailState.DROPPED
    if notice.withheld_at is not None:
        return MailState.WITHHELD
    if notice.problem:
        return MailState.REFUSED
    if notice.sent_at is not None:
        return MailState.SENT
    if notice.handed_over_at is None:
        return MailState.WAITING
    return MailState.IN_DOUBT if notice.handed_over_at <= at - Notice.IN_DOUBT_AFTER else MailState.SENDING


def mail_line(notice: Notice, *, at: datetime, is_stopped: bool = False) -> MailLine:
    state = mail_state(notice, at=at)
    return MailLine(notice, state, MAIL_TONES[state], is_stopped)


def mails_stopped(assertion: Assertion) -> bool:
    """Whether the award's recipient wants no mails from its issuer."""
    return MailStop.objects.filter(issuer=assertion.issuer_id, address=assertion.recipient_key).exists()


def with_mails_stopped(awards: AssertionQuerySet) -> AssertionQuerySet:
    """Return the awards, each with what `mails_stopped` says of it: one query for both."""
    stops = MailStop.objects.filter(issuer=OuterRef("issuer"), address=OuterRef("recipient_key"))
    found: AssertionQuerySet = awards.annotate(mails_stopped=Exists(stops))
    return found


def mails_of(assertion: Assertion, *, at: datetime) -> list[MailLine]:
    """Return the mails about an award, oldest first."""
    notices = assertion.notices.order_by("created_at", "pk")
    for notice in notices:
        notice.assertion = assertion
    if all(notice.sent_at is not None for notice in notices):
        return [mail_line(notice, at=at) for notice in notices]
    is_stopped = mails_stopped(assertion)
    return [mail_line(notice, at=at, is_stopped=is_stopped) for notice in notices]
