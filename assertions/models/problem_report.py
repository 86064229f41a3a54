"""Problems that strangers report about a public page (OB2-HST-15), and the mails that are owed about them."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assertions.models.assertion import Assertion
from badges.models import BadgeClass
from issuers.models import Issuer, Organisation


class ProblemReportQuerySet(models.QuerySet["ProblemReport"]):
    def of_organisation(self, organisation: Organisation) -> "ProblemReportQuerySet":
        return self.filter(issuer__organisation=organisation)

    def open(self) -> "ProblemReportQuerySet":
        return self.filter(closed_at=None)

    def closed(self) -> "ProblemReportQuerySet":
        return self.filter(closed_at__isnull=False)


class ProblemReport(models.Model):
    """What one visitor reported about an award, a badge or an issuer. It hides nothing: people decide what follows."""

    class Kind(models.TextChoices):
        NOT_TRUE = "NOT_TRUE", _("What it says is not true")
        NOT_MINE = "NOT_MINE", _("It is about me, and it is not mine")
        OFFENSIVE = "OFFENSIVE", _("It is offensive or illegal")
        OTHER = "OTHER", _("Something else")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Whose page it was; with what was reported on it: the award, else the badge, else the issuer itself.
    issuer = models.ForeignKey(Issuer, on_delete=models.CASCADE, related_name="problem_reports")
    badge_class = models.ForeignKey(BadgeClass, on_delete=models.CASCADE, null=True, related_name="problem_reports")
    assertion = models.ForeignKey(Assertion, on_delete=models.CASCADE, null=True, related_name="problem_reports")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    text = models.TextField()
    reply_to = models.EmailField(max_length=254, blank=True)  # for those who handle it, never on a public page
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    close_note = models.CharField(max_length=500, blank=True)

    objects = ProblemReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(assertion=None) | models.Q(badge_class__isnull=False),
                name="assertions_problem_of_an_award_names_its_badge",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, close_note="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(close_note="")),
                name="assertions_problem_closed_with_note",
            ),
        ]
        indexes = [
            models.Index(fields=["issuer", "-created_at"], name="assertions_problem_issuer"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def subject_name(self) -> str:
        """What the page was about: the name of the badge, or of the issuer."""
        return self.badge_class.name if self.badge_class else self.issuer.name


class ProblemReportNoticeQuerySet(models.QuerySet["ProblemReportNotice"]):
    def unsent(self, queued_before: datetime) -> "ProblemReportNoticeQuerySet":
        """Not handed to a mail server, not refused for good, and not waiting in a queue that may still be working."""
        return self.filter(handed_over_at=None, problem="", queued_at__lt=queued_before)


class ProblemReportNotice(models.Model):
    """A mail about a report, owed to a member or (no recipient) to the operator: at most once (docs/adr/0009)."""

    report = models.ForeignKey(ProblemReport, on_delete=models.CASCADE, related_name="notices")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    queued_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    objects = ProblemReportNoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "recipient"], name="assertions_problem_notice_once"),
            models.UniqueConstraint(
                fields=["report"], condition=models.Q(recipient=None), name="assertions_problem_notice_to_operator_once"
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(handed_over_at__isnull=False),
                name="assertions_problem_notice_sent_was_handed_over",
            ),
        ]
        indexes = [
            models.Index(fields=["queued_at"], condition=models.Q(sent_at=None), name="assertions_p_notice_unsent"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.recipient_id}"
