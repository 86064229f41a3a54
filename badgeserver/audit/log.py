"""Writes the audit trail, inside the transaction of the act itself."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from django.db import connection, models

from badgeserver.audit.models import AuditEvent

_OUTSIDE = "audit.log.record() belongs inside the transaction of the act that it records."


class Actor(Protocol):
    """Who acts: a person's account or an issuer's token."""

    @property
    def audit_id(self) -> str: ...

    @property
    def audit_name(self) -> str: ...


def act(
    type: str,  # noqa: A002 -- the word of the trail
    *,
    by: Actor | None,
    at: datetime,
    subject: models.Model,
    organisation_id: uuid.UUID | None,
    issuer_id: uuid.UUID | None = None,
    details: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Return one act, not yet recorded; `by` is None when the system itself acted."""
    return AuditEvent(
        type=type,
        at=at,
        actor_id=by.audit_id if by else "",
        actor_name=by.audit_name[:200] if by else "",
        subject_type=subject._meta.label_lower,  # noqa: SLF001 -- Django's documented Meta API
        subject_id=str(subject.pk),
        subject_name=str(subject)[:300],
        organisation_id=organisation_id,
        issuer_id=issuer_id,
        details=dict(details or {}),
    )


def record_all(acts: Sequence[AuditEvent]) -> None:
    """Record many acts of one transaction, in their order; see `record`."""
    if not connection.in_atomic_block:
        raise RuntimeError(_OUTSIDE)
    AuditEvent.objects.bulk_create(acts, batch_size=500)


def record(
    type: str,  # noqa: A002 -- the word of the trail
    *,
    by: Actor | None,
    at: datetime,
    subject: models.Model,
    organisation_id: uuid.UUID | None,
    issuer_id: uuid.UUID | None = None,
    details: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Record one act; `by` is None when the system itself acted.

    Must be called inside the transaction of the act: an act without its record, or a record without its act, is
    what an audit trail exists to rule out. Raises `RuntimeError` otherwise.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(_OUTSIDE)
    event = act(
        type, by=by, at=at, subject=subject, organisation_id=organisation_id, issuer_id=issuer_id, details=details
    )
    event.save(force_insert=True)
    return event
