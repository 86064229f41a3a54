"""Stop the mails of one issuer to one address, and let them come again (OB2-HST-15)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assertions.actions.decline import TheRecipient
from assertions.models import Assertion, MailStop
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError


class MailsAlreadyStopped(UserFacingError):
    """No mails of the issuer go to the address."""

    code = "mails_already_stopped"


class MailsNotStopped(UserFacingError):
    """The issuer's mails go to the address."""

    code = "mails_not_stopped"


@transaction.atomic
def stop_mails(*, assertion: Assertion, at: datetime) -> MailStop:
    """Send no more mails of the award's issuer to the award's address, about no award; return the row that says so.

    Raises `MailsAlreadyStopped`. Mails that people ask for themselves, to sign in or to confirm an address, still go.
    """
    stop, is_new = MailStop.objects.get_or_create(
        issuer=assertion.issuer, address=assertion.recipient_key, defaults={"stopped_at": at}
    )
    if not is_new:
        raise MailsAlreadyStopped(
            _("Mails from %(issuer)s were stopped already.") % {"issuer": assertion.issuer.name},
        )
    _record("assertion.mails.stopped", assertion, at=at)
    return stop


@transaction.atomic
def resume_mails(*, assertion: Assertion, at: datetime) -> None:
    """Let the issuer's mails go to the address again; what was not sent meanwhile stays unsent.

    Raises `MailsNotStopped`.
    """
    stops = MailStop.objects.filter(issuer=assertion.issuer, address=assertion.recipient_key)
    if not stops.delete()[0]:
        raise MailsNotStopped(_("Mails from %(issuer)s come to you already.") % {"issuer": assertion.issuer.name})
    _record("assertion.mails.resumed", assertion, at=at)


def _record(event: str, assertion: Assertion, *, at: datetime) -> None:
    audit.record(
        event,
        by=TheRecipient(),
        at=at,
        subject=assertion,
        organisation_id=assertion.issuer.organisation_id,
        issuer_id=assertion.issuer_id,
        details={"issuer": assertion.issuer.name},
    )
