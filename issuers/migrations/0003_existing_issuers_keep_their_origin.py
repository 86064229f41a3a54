"""Issuers that exist are known under the address that this server has; their ids stay what they are."""

from django.conf import settings
from django.db import migrations


def keep_origin(apps, schema_editor):
    apps.get_model("issuers", "Issuer").objects.filter(origin="").update(origin=settings.SITE_URL)


class Migration(migrations.Migration):
    dependencies = [("issuers", "0002_origins_key_generations_and_domains")]

    # Backwards there is nothing to undo: the column goes with 0002.
    operations = [migrations.RunPython(keep_origin, migrations.RunPython.noop)]
