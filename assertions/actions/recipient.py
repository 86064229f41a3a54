"""What recipients decide about their own awards."""

from datetime import datetime

from django.db import transaction

from assertions.models import Assertion
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit


@transaction.atomic
def show_name(*, assertion: Assertion, shown: bool, by: User, at: datetime) -> Assertion:
    """Show the recipient's name on the public page, or hide it again. Only they decide this, at any time.

    Where the award holds no name, the one of their account is taken.
    """
    locked = (
        Assertion.objects.select_for_update(of=("self",)).select_related("issuer", "badge_class").get(pk=assertion.pk)
    )
    locked.name_shown_at = at if shown else None
    if shown and not locked.recipient_name:
        locked.recipient_name = by.name
    locked.save(update_fields=["name_shown_at", "recipient_name", "search"])
    audit.record(
        "assertion.name.shown" if shown else "assertion.name.hidden",
        by=by,
        at=at,
        subject=locked,
        organisation_id=locked.issuer.organisation_id,
        issuer_id=locked.issuer_id,
        details={"badge": locked.badge_class.name},
    )
    return locked
