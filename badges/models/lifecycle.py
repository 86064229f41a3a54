"""Before a badge is for everybody: a second person reads it, a test group tries it."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from badges.models.badge_class import BadgeClass
from issuers.models import Person


class Review(models.Model):
    """A second person's reading of a draft; it counts for what was read, and for nothing that was typed later."""

    class Decision(models.TextChoices):
        APPROVED = "APPROVED", _("Approved")
        CHANGES = "CHANGES", _("Changes asked for")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    badge_class = models.ForeignKey(BadgeClass, on_delete=models.CASCADE, related_name="reviews")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    question = models.CharField(max_length=500, blank=True)  # what the reader should look at
    fingerprint = models.CharField(max_length=64, blank=True)  # SHA-256 of what the badge said when it was decided
    said = models.JSONField(default=dict, blank=True)  # and its words, to tell later what changed: label -> text
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=9, choices=Decision.choices, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["badge_class"], condition=models.Q(decision=""), name="badges_one_open_review"
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_at=None)
                | (~models.Q(decision="") & ~models.Q(decided_at=None)),
                name="badges_review_decided_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.badge_class} {self.get_decision_display()}".strip()


class Pilot(models.Model):
    """A trial with a test group: what one wants to find out, until when, and what came of it."""

    class Decision(models.TextChoices):
        PUBLISH = "PUBLISH", _("Published for everybody")
        CHANGE = "CHANGE", _("To be changed first")
        DROP = "DROP", _("Dropped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    badge_class = models.ForeignKey(BadgeClass, on_delete=models.CASCADE, related_name="pilots")
    goal = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    ends_on = models.DateField()
    survey_sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    decision = models.CharField(max_length=7, choices=Decision.choices, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["badge_class"], condition=models.Q(ended_at=None), name="badges_one_pilot"),
        ]

    def __str__(self) -> str:
        return str(self.badge_class)


class PilotMember(models.Model):
    """Somebody of the test group, or a manager who is asked as well."""

    class Part(models.TextChoices):
        TESTER = "TESTER", _("Tries the badge")
        MANAGER = "MANAGER", _("Manager, is asked about it")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="pilot_memberships")
    part = models.CharField(max_length=7, choices=Part.choices, default=Part.TESTER)
    asked_at = models.DateTimeField(null=True)  # when the mail with the survey was handed over
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["pilot", "person"], name="badges_pilot_member_once")]

    def __str__(self) -> str:
        return str(self.person)


class SurveyAnswer(models.Model):
    """Three answers and a remark, kept without the name of whoever gave them."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="answers")
    part = models.CharField(max_length=7, choices=PilotMember.Part.choices)
    clear = models.PositiveSmallIntegerField()  # 1 to 5: one knew what to do for it
    worth = models.PositiveSmallIntegerField()  # 1 to 5: it was worth the effort, it helps at work
    shown = models.PositiveSmallIntegerField()  # 1 to 5: one would show it, or ask for it in others
    remark = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(clear__gte=1, clear__lte=5, worth__gte=1, worth__lte=5, shown__gte=1, shown__lte=5),
                name="badges_survey_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clear} {self.worth} {self.shown}"


class LifecycleMailQuerySet(models.QuerySet["LifecycleMail"]):
    def unsent(self, queued_before: datetime) -> "LifecycleMailQuerySet":
        """Not handed to a mail server, not refused for good, and not waiting in a queue that may still be working."""
        return self.filter(handed_over_at=None, problem="", queued_at__lt=queued_before)


class LifecycleMail(models.Model):
    """A mail about the life of a badge, owed to one member or one of a test group: at most once (docs/adr/0009)."""

    class Kind(models.TextChoices):
        REVIEW_ASKED = "REVIEW_ASKED", _("Review asked for")
        REVIEW_DECIDED = "REVIEW_DECIDED", _("Review decided")
        REVIEW_DUE = "REVIEW_DUE", _("Due for another look")
        SURVEY = "SURVEY", _("Survey of a pilot")
        REMINDER = "REMINDER", _("Reminder of a survey")

    badge_class = models.ForeignKey(BadgeClass, on_delete=models.CASCADE, related_name="lifecycle_mails")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    occasion = models.CharField(max_length=40)  # id of the review or pilot, or the day that is due
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    member = models.ForeignKey(PilotMember, on_delete=models.CASCADE, null=True, related_name="mails")
    queued_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    objects = LifecycleMailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["badge_class", "kind", "occasion", "recipient"], name="badges_lifecycle_mail_once"
            ),
            models.UniqueConstraint(fields=["member", "kind"], name="badges_lifecycle_mail_member_once"),
            models.CheckConstraint(
                condition=models.Q(recipient=None, member__isnull=False)
                | models.Q(recipient__isnull=False, member=None),
                name="badges_lifecycle_mail_to_one",
            ),
        ]
        indexes = [
            models.Index(fields=["queued_at"], condition=models.Q(sent_at=None), name="badges_lifecycle_mail_unsent"),
        ]

    def __str__(self) -> str:
        return f"{self.badge_class_id} {self.kind}"
