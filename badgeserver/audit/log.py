"""Writes the audit trail, inside the transaction of the act itself."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, Required, TypedDict, Unpack

from django.db import connection, models

from badgeserver.audit.models import AuditEvent


class Actor(Protocol):
    """Who acts: a person's account or an issuer's token."""

    @property
    def audit_id(self) -> str: ...

    @property
    def audit_name(self) -> str: ...


class Said(TypedDict, total=False):
    """What is told of an act; `by` is None when the system itself acted."""

    by: Required[Actor | None]
    at: Required[datetime]
    subject: Required[models.Model]
    organisation_id: Required[uuid.UUID | None]
    issuer_id: uuid.UUID | None
    details: Mapping[str, object] | None


def record(type: str, **said: Unpack[Said]) -> AuditEvent:  # noqa: A002 -- the word of the trail
    """Record one act, and return it.

    Must be called inside the transaction of the act: an act without its record, or a record without its act, is
    what an audit trail exists to rule out. Raises `RuntimeError` otherwise.
    """
    event = act(type, **said)
    record_all([event])
    return event


def record_all(acts: Sequence[AuditEvent]) -> None:
    """Record many acts of one transaction, in their order; see `record`."""
    if not connection.in_atomic_block:
        raise RuntimeError("audit.log.record() belongs inside the transaction of the act that it records.")
    AuditEvent.objects.bulk_create(acts, batch_size=500)


def act(type: str, **said: Unpack[Said]) -> AuditEvent:  # noqa: A002 -- see above
    """Return one act, not yet recorded, for `record_all`."""
    by, subject = said["by"], said["subject"]
    return AuditEvent(
        type=type,
        at=said["at"],
        actor_id=by.audit_id if by else "",
        actor_name=by.audit_name[:200] if by else "",
        subject_type=subject._meta.label_lower,  # noqa: SLF001 -- Django's documented Meta API
        subject_id=str(subject.pk),
        subject_name=str(subject)[:300],
        organisation_id=said["organisation_id"],
        issuer_id=said.get("issuer_id"),
        details=dict(said.get("details") or {}),
    )
