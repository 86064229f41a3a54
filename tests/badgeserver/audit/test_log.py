import pytest
from django.db import DatabaseError, transaction

from badgeserver.audit.log import record
from badgeserver.audit.models import AuditEvent


@pytest.mark.django_db(transaction=True)
def test_record_belongs_inside_a_transaction(ada, acme, now):
    with pytest.raises(RuntimeError, match="inside the transaction"):
        record("organisation.created", by=ada, at=now, subject=acme, organisation_id=acme.pk)

    assert AuditEvent.objects.count() == 0


def test_record_copies_what_it_needs_to_outlive_its_subject(ada, acme, now):
    event = record("organisation.created", by=ada, at=now, subject=acme, organisation_id=acme.pk, details={"a": 1})

    assert (event.actor_id, event.actor_name) == (str(ada.pk), "Ada Osei")
    assert (event.subject_type, event.subject_id, event.subject_name) == (
        "issuers.organisation",
        str(acme.pk),
        "Acme",
    )
    assert (event.organisation_id, event.issuer_id, event.details) == (acme.pk, None, {"a": 1})


def test_record_of_the_system_has_no_actor(acme, now):
    event = record("organisation.created", by=None, at=now, subject=acme, organisation_id=acme.pk)

    assert (event.actor_id, event.actor_name) == ("", "")


@pytest.mark.parametrize(
    "act",
    [
        lambda: AuditEvent.objects.update(type="nothing.happened"),
        lambda: AuditEvent.objects.all().delete(),
    ],
    ids=["change", "delete"],
)
def test_trail_is_kept_by_the_database_itself(acme, now, act):
    record("organisation.created", by=None, at=now, subject=acme, organisation_id=acme.pk)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act()

    assert AuditEvent.objects.get().type == "organisation.created"
