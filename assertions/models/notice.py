"""Mails that are owed to recipients: written with the act, sent by the worker, at most once (docs/adr/0009)."""

from datetime import datetime, timedelta

from django.db import models

from assertions.models.assertion import Assertion
from badges.models import BadgeClass


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unsent(self, queued_before: datetime) -> "NoticeQuerySet":
        """Not handed to a mail server, not refused for good, and not waiting in a queue that may still be working."""
        return self.filter(handed_over_at=None, problem="", withheld_at=None, queued_at__lt=queued_before)

    def ready(self) -> "NoticeQuerySet":
        """Whose award is finished, so that what the mail leads to is there."""
        return self.filter(assertion__finished_at__isnull=False) | self.exclude(kind__in=Notice.WITH_COPY)

    def in_doubt(self, handed_over_before: datetime) -> "NoticeQuerySet":
        """The worker was killed in the moment of handing over: only a person can decide to send it again."""
        return self.filter(sent_at=None, problem="", handed_over_at__lt=handed_over_before)

    def refused(self) -> "NoticeQuerySet":
        return self.exclude(problem="")


class Notice(models.Model):
    class Kind(models.TextChoices):
        AWARD = "AWARD"
        REVOCATION = "REVOCATION"
        RESTORED = "RESTORED"  # a revocation that was a mistake
        UPGRADE = "UPGRADE"  # a new version of the badge can be earned
        NEW_COPY = "NEW_COPY"  # the signed copy was replaced
        DECLINED = "DECLINED"  # somebody with the link of the award mail declined it, perhaps not its recipient

    #: Mails that lead to the signed copy, and so wait until it is made.
    WITH_COPY = (Kind.AWARD, Kind.NEW_COPY)

    #: Mails that nobody is to get about a revoked badge.
    WHILE_IT_HOLDS = (Kind.AWARD, Kind.RESTORED)

    #: A mail that was handed over so long ago without an answer is in doubt: no task runs for so long.
    IN_DOUBT_AFTER = timedelta(minutes=10)

    assertion = models.ForeignKey(Assertion, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # Of an invitation to upgrade: the version that can now be earned.
    badge_class = models.ForeignKey(BadgeClass, on_delete=models.CASCADE, null=True, related_name="invitations")
    created_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True)  # committed just before the mail server takes it over
    sent_at = models.DateTimeField(null=True)  # committed when the mail server has said yes
    problem = models.CharField(max_length=300, blank=True)  # why the mail server refused it for good
    withheld_at = models.DateTimeField(null=True)  # not sent: its recipient does not want it (OB2-HST-15)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assertion", "kind"], condition=~models.Q(kind="UPGRADE"), name="assertions_notice_once"
            ),
            models.UniqueConstraint(
                fields=["assertion", "badge_class"],
                condition=models.Q(kind="UPGRADE"),
                name="assertions_invitation_once_a_version",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="UPGRADE", badge_class__isnull=False)
                | (~models.Q(kind="UPGRADE") & models.Q(badge_class=None)),
                name="assertions_invitation_names_its_version",
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(handed_over_at__isnull=False),
                name="assertions_notice_sent_was_handed_over",
            ),
            models.CheckConstraint(
                condition=models.Q(withheld_at=None) | models.Q(handed_over_at=None),
                name="assertions_notice_withheld_was_not_handed_over",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queued_at"],
                condition=models.Q(sent_at=None),
                name="assertions_notice_unsent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.assertion_id}"
