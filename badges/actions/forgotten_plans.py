"""Plans that were forgotten: kept as a file for a day or two, so that forgetting can be undone."""

import uuid
from datetime import datetime, timedelta

from django.core import serializers
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from badges.actions.day_folders import clear_day_folders
from badges.actions.plans import PlanRefused
from badges.models import BadgeClass, Plan, PlanRow
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from issuers.models import Issuer, Organisation

FOLDER = "badges/forgotten-plans"
#: For how long forgetting can be undone; a folder of a day goes when its last hour is older.
KEPT_FOR = timedelta(days=1)


@transaction.atomic
def forget_plan(*, plan: Plan, by: User, at: datetime) -> None:
    """Forget the table. What became of it stays: drafts are badges of their own. See `restore_plan`."""
    locked = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    text = serializers.serialize("json", [locked, *locked.rows.all()])
    name = _name(locked.organisation_id, locked.pk, at)
    default_storage.delete(name)  # of an earlier time, brought back since
    default_storage.save(name, ContentFile(text.encode()))
    audit.record("plan.forgotten", by=by, at=at, subject=locked, organisation_id=locked.organisation_id)
    locked.delete()


@transaction.atomic
def restore_plan(*, organisation: Organisation, plan: uuid.UUID, by: User, at: datetime) -> Plan:
    """Bring back a plan of the organisation that was forgotten within a day, with its corrections, and return it.

    Drafts that were deleted meanwhile are rows without a draft again. One that is there already is returned as it is.
    Raises `PlanRefused` for one that is gone for good.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)  # pressed twice, the second one finds it there
    there = Plan.objects.filter(pk=plan, organisation=organisation).first()
    if there is not None:
        return there
    names = [_name(organisation.pk, plan, day) for day in (at, at - KEPT_FOR)]
    name = next((name for name in names if default_storage.exists(name)), None)
    if name is None:
        raise PlanRefused(_("This plan was forgotten for good. Bring its file again."))
    with default_storage.open(name) as file:
        found = [one.object for one in serializers.deserialize("json", file.read())]
    restored = next(one for one in found if isinstance(one, Plan))
    rows = [one for one in found if isinstance(one, PlanRow)]
    restored.issuer = Issuer.objects.filter(pk__in=[restored.issuer_id]).first()
    restored.created_by = User.objects.filter(pk__in=[restored.created_by_id]).first()
    restored.save(force_insert=True)
    drafts = BadgeClass.objects.in_bulk([row.badge_class_id for row in rows if row.badge_class_id])
    for row in rows:
        row.pk, row.badge_class = None, drafts.get(row.badge_class_id)
    PlanRow.objects.bulk_create(rows)
    audit.record("plan.restored", by=by, at=at, subject=restored, organisation_id=organisation.pk)
    transaction.on_commit(lambda: default_storage.delete(name), robust=True)
    return restored


def clear_forgotten_plans(*, at: datetime) -> None:
    """Delete the plans that nobody can bring back any more."""
    clear_day_folders(folder=FOLDER, kept_for=KEPT_FOR, at=at)


def _name(organisation: uuid.UUID, plan: uuid.UUID, day: datetime) -> str:
    return f"{FOLDER}/{day:%Y-%m-%d}/{organisation}-{plan}.json"
