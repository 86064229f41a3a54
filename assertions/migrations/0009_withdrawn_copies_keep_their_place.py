"""What is withdrawn from now on keeps its place in the status lists, and the award gets another.

Copies that were withdrawn before share the place with the copy that replaced them, and keep none: to set it would
revoke the copy that their holders were told to keep. They stay refused by their key's address, and by the 1EdTech list.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assertions", "0008_receipts_are_tried_thrice_and_imports_can_be_removed")]

    operations = [
        migrations.AddField("withdrawncopy", "status_index", models.PositiveIntegerField(null=True)),
        migrations.AddConstraint(
            "withdrawncopy",
            models.UniqueConstraint(fields=("signing_key", "status_index"), name="assertions_withdrawn_index_once"),
        ),
    ]
