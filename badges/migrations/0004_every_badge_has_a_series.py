from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("badges", "0003_existing_badges_are_first_versions")]

    operations = [
        migrations.AlterField("badgeclass", "origin", models.CharField(editable=False, max_length=260)),
        migrations.AlterField("badgeclass", "series", models.UUIDField(editable=False)),
        migrations.AddConstraint(
            model_name='badgeclass',
            constraint=models.UniqueConstraint(fields=('series', 'version'), name='badges_version_once'),
        ),
        migrations.AddConstraint(
            model_name='badgeclass',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'DRAFT')), fields=('series',), name='badges_one_draft_a_series'),
        ),
        migrations.AddConstraint(
            model_name='badgeclass',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['PUBLISHED', 'ARCHIVED'])), fields=('series',), name='badges_one_current_a_series'),
        ),
    ]
