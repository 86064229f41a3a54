import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assertions", "0003_existing_awards_get_their_own_credential_ids")]

    operations = [
        migrations.AlterField("assertion", "origin", models.CharField(editable=False, max_length=260)),
        migrations.AlterField(
            "assertion",
            "credential_uuid",
            models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AlterField("assertion", "subject_uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
    ]
