"""The designer's saved designs: what was chosen, so that a picture can be drawn again, alone or with its family."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from badges.models.badge_class import BadgeClass
from issuers.models import Organisation

if TYPE_CHECKING:
    from badgeserver.accounts.models import User


class DesignFamilyQuerySet(models.QuerySet["DesignFamily"]):
    def for_member(self, user: "User") -> "DesignFamilyQuerySet":
        return self.filter(organisation__memberships__user=user)

    def by_name(self) -> "DesignFamilyQuerySet":
        return self.order_by("name", "pk")


class DesignFamily(models.Model):
    """Badges that look alike: the family decides shape, frame and colours; each badge its own icon and words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="design_families")
    name = models.CharField(max_length=80)
    # A whole design as JSON (`badges.designer.spec`); what the family decides is taken from it.
    spec = models.JSONField()
    decides = models.JSONField(default=list)  # the parts of the design that are the same for all of them
    previous_spec = models.JSONField(null=True)  # before the last change, for Undo
    previous_decides = models.JSONField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = DesignFamilyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="badges_design_family_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Design(models.Model):
    """How the picture of a badge was drawn; a picture from elsewhere has none."""

    badge_class = models.OneToOneField(BadgeClass, on_delete=models.CASCADE, related_name="design")
    family = models.ForeignKey(DesignFamily, on_delete=models.SET_NULL, null=True, blank=True, related_name="designs")
    spec = models.JSONField()  # the badge's own part, `badges.designer.spec`
    shown = models.JSONField()  # what was drawn: the same in the look that its family had then
    # The file that was drawn from it: another picture in the badge means that the design is not what is shown.
    image_name = models.CharField(max_length=200, blank=True)
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return str(self.badge_class)
