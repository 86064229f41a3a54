"""Awards keep what is searched of them, in lower case and without accents."""

from django.db import migrations

import badgeserver.searching


def fill_search(apps, schema_editor):
    awards = apps.get_model("assertions", "Assertion").objects
    rows = []
    for row in awards.only("recipient_name", "recipient_key").iterator():
        row.search = row._meta.get_field("search").text_of(row)
        rows.append(row)
        if len(rows) == 500:
            awards.bulk_update(rows, ["search"])
            rows = []
    awards.bulk_update(rows, ["search"])


class Migration(migrations.Migration):
    dependencies = [("assertions", "0010_recipients_decline_and_visitors_report")]

    operations = [
        migrations.AddField(
            model_name="assertion",
            name="search",
            field=badgeserver.searching.SearchColumn(also=("recipient_key",), title="recipient_name"),
        ),
        # Backwards there is nothing to undo: the column goes.
        migrations.RunPython(fill_search, migrations.RunPython.noop),
    ]
