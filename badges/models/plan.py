"""A programme planned as a table: what was brought, how its columns are read, and the drafts it became."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from badges.models.badge_class import BadgeClass
from issuers.models import Issuer, Organisation

if TYPE_CHECKING:
    from badgeserver.accounts.models import User


class PlanQuerySet(models.QuerySet["Plan"]):
    def for_member(self, user: "User") -> "PlanQuerySet":
        return self.filter(organisation__memberships__user=user)

    def newest_first(self) -> "PlanQuerySet":
        return self.order_by("-created_at", "pk")


class Plan(models.Model):
    class Kind(models.TextChoices):
        DOCX = "DOCX", _("Word document")
        XLSX = "XLSX", _("Excel workbook")
        CSV = "CSV", _("CSV file")
        PASTE = "PASTE", _("Pasted table")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="plans")
    issuer = models.ForeignKey(Issuer, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=200)  # of the file, for people
    kind = models.CharField(max_length=5, choices=Kind.choices)
    tables = models.JSONField()  # every table that was found: list of {"title", "rows": list of lists of str}
    table = models.PositiveSmallIntegerField(default=0)  # which of them is the plan
    header_rows = models.PositiveSmallIntegerField(default=1)
    columns = models.JSONField(default=list)  # for each column the field that it fills, or ""
    remarks = models.JSONField(default=list)  # what reading it could not keep: list of sentences
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)  # when it became drafts

    objects = PlanQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class PlanRow(models.Model):
    """One row of the plan: what was corrected in it, and the draft that it became."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()  # of the row within the table, headers not counted
    changes = models.JSONField(default=dict, blank=True)  # field -> what was typed in the preview
    is_left_out = models.BooleanField(default=False)
    badge_class = models.ForeignKey(BadgeClass, on_delete=models.SET_NULL, null=True, related_name="plan_rows")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="badges_plan_row_once")]

    def __str__(self) -> str:
        return f"{self.plan} {self.position}"
