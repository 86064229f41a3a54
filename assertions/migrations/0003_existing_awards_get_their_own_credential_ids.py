"""Awards that exist keep their address, get ids for their 3.0 credential, and are finished once more to carry it."""

import uuid

from django.conf import settings
from django.db import migrations


def give_ids(apps, schema_editor):
    assertions = apps.get_model("assertions", "Assertion").objects
    assertions.filter(origin="").update(origin=settings.SITE_URL)
    rows = []
    for row in assertions.filter(credential_uuid=None).only("pk").iterator():
        row.credential_uuid, row.subject_uuid = uuid.uuid4(), uuid.uuid4()
        rows.append(row)
    assertions.bulk_update(rows, ["credential_uuid", "subject_uuid"], batch_size=500)
    # The sweep queues what is not finished: the worker adds the credential and bakes the pictures anew.
    assertions.filter(revoked_at=None).update(finished_at=None)


class Migration(migrations.Migration):
    dependencies = [("assertions", "0002_credentials_endorsements_and_receipts")]

    # Backwards there is nothing to undo: the columns go with 0002.
    operations = [migrations.RunPython(give_ids, migrations.RunPython.noop)]
