"""Badges that exist are the first version of themselves, under the address that this server has."""

from django.conf import settings
from django.db import migrations, models


def first_versions(apps, schema_editor):
    badge_classes = apps.get_model("badges", "BadgeClass").objects
    badge_classes.filter(series=None).update(series=models.F("id"))
    badge_classes.filter(origin="").update(origin=settings.SITE_URL)
    for issuer, language in apps.get_model("issuers", "Issuer").objects.values_list("pk", "language"):
        badge_classes.filter(issuer=issuer).update(language=language)


class Migration(migrations.Migration):
    dependencies = [("badges", "0002_versions_languages_and_extensions")]

    # Backwards there is nothing to undo: the columns go with 0002.
    operations = [migrations.RunPython(first_versions, migrations.RunPython.noop)]
