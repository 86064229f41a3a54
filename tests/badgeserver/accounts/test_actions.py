"""What changes about an account and is written down."""

from badgeserver.accounts.actions import forget_unconfirmed_password, rename_user
from badgeserver.audit.models import AuditEvent


def test_rename_user_is_written_down_without_the_names(rita, now):
    rename_user(user=rita, name="Rita Moore", by=rita, at=now)

    rita.refresh_from_db()
    event = AuditEvent.objects.get()
    assert rita.name == "Rita Moore"
    assert (event.type, event.at, event.actor_id, event.subject_id, event.organisation_id, event.details) == (
        "account.renamed",
        now,
        str(rita.pk),
        str(rita.pk),
        None,
        {},
    )


def test_forget_unconfirmed_password_is_written_down_as_done_by_the_system(rita, now):
    forget_unconfirmed_password(user=rita, at=now)

    rita.refresh_from_db()
    event = AuditEvent.objects.get()
    assert (rita.has_usable_password(), event.type, event.actor_id) == (False, "account.password.forgotten", "")
