"""An invitation to upgrade names the version that can now be earned; one a version and award."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assertions', '0006_withdrawn_copies_keep_their_credential_id'),
        ('badges', '0004_every_badge_has_a_series'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='notice',
            name='assertions_notice_once',
        ),
        migrations.AddField(
            model_name='notice',
            name='badge_class',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='badges.badgeclass'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'UPGRADE'), _negated=True), fields=('assertion', 'kind'), name='assertions_notice_once'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'UPGRADE')), fields=('assertion', 'badge_class'), name='assertions_invitation_once_a_version'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('badge_class__isnull', False), ('kind', 'UPGRADE')), models.Q(models.Q(('kind', 'UPGRADE'), _negated=True), ('badge_class', None)), _connector='OR'), name='assertions_invitation_names_its_version'),
        ),
    ]
