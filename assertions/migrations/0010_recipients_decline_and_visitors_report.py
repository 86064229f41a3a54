"""Recipients decline awards and stop mails; visitors report problems (OB2-HST-15)."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assertions", "0009_withdrawn_copies_keep_their_place"),
        ("badges", "0004_every_badge_has_a_series"),
        ("issuers", "0005_keys_say_whether_holders_are_told"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MailStop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.EmailField(max_length=254)),
                ("stopped_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ProblemReport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("NOT_TRUE", "What it says is not true"),
                            ("NOT_MINE", "It is about me, and it is not mine"),
                            ("OFFENSIVE", "It is offensive or illegal"),
                            ("OTHER", "Something else"),
                        ],
                        max_length=9,
                    ),
                ),
                ("text", models.TextField()),
                ("reply_to", models.EmailField(blank=True, max_length=254)),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("close_note", models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name="ProblemReportNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("queued_at", models.DateTimeField()),
                ("handed_over_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name="assertion",
            name="decline_note",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="assertion",
            name="declined_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="assertion",
            name="erased_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("AWARD", "Award"),
                    ("REVOCATION", "Revocation"),
                    ("RESTORED", "Restored"),
                    ("UPGRADE", "Upgrade"),
                    ("NEW_COPY", "New Copy"),
                    ("DECLINED", "Declined"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="withheld_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="assertion",
            index=models.Index(
                condition=models.Q(("declined_at__isnull", False), ("erased_at", None)),
                fields=["declined_at"],
                name="assertions_to_erase",
            ),
        ),
        migrations.AddConstraint(
            model_name="assertion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decline_note", ""), ("declined_at", None), ("erased_at", None)),
                    models.Q(
                        ("declined_at__isnull", False),
                        ("revoked_at", models.F("declined_at")),
                        ("revoked_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="assertions_declined_is_revoked",
            ),
        ),
        migrations.AddConstraint(
            model_name="assertion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at", None),
                    models.Q(
                        ("credential_jwt", ""),
                        ("hosted_json", ""),
                        ("jws", ""),
                        ("narrative", ""),
                        ("recipient_name", ""),
                        ("signed_json", ""),
                    ),
                    _connector="OR",
                ),
                name="assertions_erased_is_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("withheld_at", None), ("handed_over_at", None), _connector="OR"),
                name="assertions_notice_withheld_was_not_handed_over",
            ),
        ),
        migrations.AddField(
            model_name="mailstop",
            name="issuer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="mail_stops", to="issuers.issuer"
            ),
        ),
        migrations.AddField(
            model_name="problemreport",
            name="assertion",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="problem_reports",
                to="assertions.assertion",
            ),
        ),
        migrations.AddField(
            model_name="problemreport",
            name="badge_class",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="problem_reports",
                to="badges.badgeclass",
            ),
        ),
        migrations.AddField(
            model_name="problemreport",
            name="closed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="problemreport",
            name="issuer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="problem_reports", to="issuers.issuer"
            ),
        ),
        migrations.AddField(
            model_name="problemreportnotice",
            name="recipient",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="problemreportnotice",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="assertions.problemreport"
            ),
        ),
        migrations.AddConstraint(
            model_name="mailstop",
            constraint=models.UniqueConstraint(fields=("issuer", "address"), name="assertions_mail_stop_once"),
        ),
        migrations.AddIndex(
            model_name="problemreport",
            index=models.Index(fields=["issuer", "-created_at"], name="assertions_problem_issuer"),
        ),
        migrations.AddConstraint(
            model_name="problemreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("assertion", None), ("badge_class__isnull", False), _connector="OR"),
                name="assertions_problem_of_an_award_names_its_badge",
            ),
        ),
        migrations.AddConstraint(
            model_name="problemreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("close_note", ""), ("closed_at", None)),
                    models.Q(("closed_at__isnull", False), models.Q(("close_note", ""), _negated=True)),
                    _connector="OR",
                ),
                name="assertions_problem_closed_with_note",
            ),
        ),
        migrations.AddIndex(
            model_name="problemreportnotice",
            index=models.Index(
                condition=models.Q(("sent_at", None)), fields=["queued_at"], name="assertions_p_notice_unsent"
            ),
        ),
        migrations.AddConstraint(
            model_name="problemreportnotice",
            constraint=models.UniqueConstraint(fields=("report", "recipient"), name="assertions_problem_notice_once"),
        ),
        migrations.AddConstraint(
            model_name="problemreportnotice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("recipient", None)),
                fields=("report",),
                name="assertions_problem_notice_to_operator_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="problemreportnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("sent_at", None), ("handed_over_at__isnull", False), _connector="OR"),
                name="assertions_problem_notice_sent_was_handed_over",
            ),
        ),
    ]
