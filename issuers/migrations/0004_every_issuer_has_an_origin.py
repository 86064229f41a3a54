from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("issuers", "0003_existing_issuers_keep_their_origin")]

    operations = [
        migrations.AlterField("issuer", "origin", models.CharField(editable=False, max_length=260)),
    ]
