"""The BadgeClass: what can be earned, how, and what it stands for.

A badge class has a life: draft, published, archived; only a published one can be awarded. Once awarded, what it
says can no longer change under its holders (docs/adr/0008): the actions refuse it, and a copy takes its place.
"""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from issuers.models import Department, Issuer, JobRole, Organisation

if TYPE_CHECKING:
    from badgeserver.accounts.models import User


class Category(models.TextChoices):
    """What kind of thing is shown: what one can do, how one works with others, what the organisation stands for."""

    TECHNICAL = "TECHNICAL", _("Technical skill")
    DURABLE = "DURABLE", _("Durable skill")
    VALUES = "VALUES", _("Values")


class Purpose(models.TextChoices):
    """What the organisation gives the badge for."""

    SKILL = "SKILL", _("Skill")
    COMPLIANCE = "COMPLIANCE", _("Compliance")
    VALUES = "VALUES", _("Values")
    FUN = "FUN", _("Fun")


class Basis(models.TextChoices):
    """On what an award rests."""

    COMPLETION = "COMPLETION", _("Completion")
    MEASUREMENT = "MEASUREMENT", _("Measurement")
    PROGRESS = "PROGRESS", _("Progress")
    EXPERIENCE = "EXPERIENCE", _("Experience")
    PARTICIPATION = "PARTICIPATION", _("Participation")


class Visibility(models.TextChoices):
    """Who may see the badge and its awards."""

    PUBLIC = "PUBLIC", _("Everybody")
    INTERNAL = "INTERNAL", _("The organisation only")


class StepKind(models.TextChoices):
    """The five ways to earn that a reader asks for."""

    COURSE = "COURSE", _("Course")
    PROJECT = "PROJECT", _("Project")
    ON_THE_JOB = "ON_THE_JOB", _("On-the-job work")
    ASSESSMENT = "ASSESSMENT", _("Assessment")
    BADGE = "BADGE", _("Badge already held")


class Level(models.IntegerChoices):
    """The ladder from knowing about a skill to being asked about it."""

    AWARENESS = 1, _("Awareness")
    WORKING = 2, _("Working")
    PRACTITIONER = 3, _("Practitioner")
    ADVANCED = 4, _("Advanced")
    EXPERT = 5, _("Expert")


class Validity(models.TextChoices):
    NEVER = "NEVER", _("Does not expire")
    MONTHS = "MONTHS", _("A number of months after the award")
    UNTIL = "UNTIL", _("Until a fixed date")


class Licence(models.TextChoices):
    """Under which words and picture of a badge may be used again; the values are those of the extension."""

    CC_BY = "CC-BY", _("Attribution (CC BY)")
    CC_BY_SA = "CC-BY-SA", _("Attribution, share alike (CC BY-SA)")
    CC_BY_ND = "CC-BY-ND", _("Attribution, no derivatives (CC BY-ND)")
    CC_BY_NC = "CC-BY-NC", _("Attribution, non-commercial (CC BY-NC)")
    CC_BY_NC_SA = "CC-BY-NC-SA", _("Attribution, non-commercial, share alike (CC BY-NC-SA)")
    CC_BY_NC_ND = "CC-BY-NC-ND", _("Attribution, non-commercial, no derivatives (CC BY-NC-ND)")
    CC_0 = "CC-0", _("No rights reserved (CC0)")


class BadgeClassQuerySet(models.QuerySet["BadgeClass"]):
    def for_member(self, user: "User") -> "BadgeClassQuerySet":
        return self.filter(issuer__organisation__memberships__user=user)

    def of_organisation(self, organisation: Organisation) -> "BadgeClassQuerySet":
        return self.filter(issuer__organisation=organisation)

    def published(self) -> "BadgeClassQuerySet":
        return self.filter(status=BadgeClass.Status.PUBLISHED)

    def awardable(self) -> "BadgeClassQuerySet":
        """What can be awarded: to everybody it is for, or in a pilot to its test group."""
        return self.filter(status__in=[BadgeClass.Status.PUBLISHED, BadgeClass.Status.PILOT])

    def public(self) -> "BadgeClassQuerySet":
        """What the world may see: archived badges and earlier versions too, because awards of them live on."""
        return self.exclude(status=BadgeClass.Status.DRAFT).exclude(visibility=Visibility.INTERNAL)

    def templates(self) -> "BadgeClassQuerySet":
        """Drafts that stand ready to be copied, and are never awarded themselves."""
        return self.filter(is_template=True)

    def current(self) -> "BadgeClassQuerySet":
        """One row a badge: neither earlier versions nor drafts of a later version, and no templates."""
        found = self.exclude(status=BadgeClass.Status.SUPERSEDED).exclude(is_template=True)
        return found.exclude(status=BadgeClass.Status.DRAFT, version__gt=1)

    def of_series(self, series: uuid.UUID) -> "BadgeClassQuerySet":
        """All versions of one badge, the first one first."""
        return self.filter(series=series).order_by("version")

    def by_name(self) -> "BadgeClassQuerySet":
        return self.order_by("name", "pk")


def picture_path(badge_class: "BadgeClass", filename: str) -> str:
    """A new name for each picture: the file of an awarded badge is never written over."""
    return f"badges/{badge_class.pk}/{uuid.uuid4().hex}.{filename.rsplit('.', 1)[-1]}"


class BadgeClass(models.Model):
    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        PILOT = "PILOT", _("Pilot")  # awarded to a test group only
        PUBLISHED = "PUBLISHED", _("Published")
        ARCHIVED = "ARCHIVED", _("Archived")
        SUPERSEDED = "SUPERSEDED", _("Earlier version")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="badge_classes")
    # The base of its `id`, for ever: "https://badges.example.org" (docs/adr/0011).
    origin = models.CharField(max_length=260, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    # All versions of one badge share the series, which is the id of the first (docs/adr/0008).
    series = models.UUIDField(editable=False)
    version = models.PositiveSmallIntegerField(default=1)
    change_note = models.CharField(max_length=500, blank=True)  # what is new in this version, for people
    language = models.CharField(max_length=20, default="en")  # of everything said here; BCP 47 (OB2-ISS-119)

    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500)
    image = models.FileField(upload_to=picture_path)  # PNG or SVG, scrubbed on the way in
    # The same picture as PNG (an SVG is drawn once, here): for PNG baking, mails and cards.
    image_png = models.FileField(upload_to=picture_path)
    image_alt = models.CharField(max_length=300, blank=True)
    image_author = models.URLField(max_length=500, blank=True)  # who drew it (OB2-ISS-102)
    criteria_narrative = models.TextField(blank=True)  # Markdown, OB2-ISS-107
    criteria_url = models.URLField(max_length=500, blank=True)
    learned = models.TextField(blank=True)  # what is learned, Markdown
    assessed = models.TextField(blank=True)  # how it is assessed, Markdown
    tags = models.JSONField(default=list, blank=True)  # list of str, OB2-ISS-48
    useful_for = models.TextField(blank=True)  # why it matters, and in which roles, Markdown
    applied = models.TextField(blank=True)  # how what was learned is used at work, Markdown
    category = models.CharField(max_length=20, choices=Category.choices, default=Category.TECHNICAL)
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.SKILL)
    basis = models.CharField(max_length=14, choices=Basis.choices, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 to 5

    validity = models.CharField(max_length=10, choices=Validity.choices, default=Validity.NEVER)
    validity_months = models.PositiveSmallIntegerField(null=True, blank=True)
    validity_until = models.DateField(null=True, blank=True)  # valid through the end of this day

    # Known extensions (OB2-ISS-150 to 153): where to apply, the licence, and the place.
    apply_url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=12, choices=Licence.choices, blank=True)
    place = models.CharField(max_length=200, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    # Members that this server does not know, as they came: property name -> value (OB2-HST-01).
    extensions = models.JSONField(default=dict, blank=True)

    copied_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="copies")

    # What may change while people hold it: nothing of this is said about an award (docs/adr/0016).
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.PUBLIC)
    departments = models.ManyToManyField(Department, blank=True, related_name="badge_classes")  # for whom; none: all
    job_roles = models.ManyToManyField(JobRole, blank=True, related_name="badge_classes")
    award_cap = models.PositiveIntegerField(null=True, blank=True)  # so many people may hold it, over all versions
    # Any version stands for its badge (its series), as with the badge that a step asks for.
    next_level = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="level_below")
    related_badges = models.ManyToManyField("self", blank=True, symmetrical=True)
    successor = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaces")
    review_by = models.DateField(null=True, blank=True)  # somebody looks again whether it still fits
    is_template = models.BooleanField(default=False)  # a draft that is copied and never published
    coach_dismissed = models.JSONField(default=list, blank=True)  # keys of `badges.insights.coach` that are meant so

    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    objects = BadgeClassQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level=None) | models.Q(level__gte=1, level__lte=5), name="badges_level_1_to_5"
            ),
            models.CheckConstraint(
                condition=models.Q(validity="NEVER", validity_months=None, validity_until=None)
                | models.Q(validity="MONTHS", validity_months__gte=1, validity_until=None)
                | models.Q(validity="UNTIL", validity_months=None, validity_until__isnull=False),
                name="badges_validity_says_how_long",
            ),
            models.CheckConstraint(
                condition=models.Q(status="DRAFT", published_at=None, archived_at=None, superseded_at=None)
                | models.Q(status="PILOT", published_at__isnull=False, archived_at=None, superseded_at=None)
                | models.Q(status="PUBLISHED", published_at__isnull=False, archived_at=None, superseded_at=None)
                | models.Q(status="ARCHIVED", published_at__isnull=False, archived_at__isnull=False, superseded_at=None)
                | models.Q(status="SUPERSEDED", published_at__isnull=False, superseded_at__isnull=False),
                name="badges_status_and_dates_agree",
            ),
            models.CheckConstraint(
                condition=models.Q(place="", latitude=None, longitude=None)
                | (~models.Q(place="") & models.Q(latitude__isnull=False, longitude__isnull=False)),
                name="badges_place_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(award_cap=None) | models.Q(award_cap__gte=1), name="badges_cap_is_somebody"
            ),
            models.CheckConstraint(
                condition=models.Q(is_template=False) | models.Q(status="DRAFT"), name="badges_template_is_draft"
            ),
            models.UniqueConstraint(fields=["series", "version"], name="badges_version_once"),
            models.UniqueConstraint(
                fields=["series"], condition=models.Q(status="DRAFT"), name="badges_one_draft_a_series"
            ),
            models.UniqueConstraint(
                fields=["series"],
                condition=models.Q(status__in=["PILOT", "PUBLISHED", "ARCHIVED"]),
                name="badges_one_current_a_series",
            ),
        ]
        indexes = [models.Index(fields=["issuer", "status"], name="badges_issuer_status")]

    def __str__(self) -> str:
        return self.name

    @property
    def image_media_type(self) -> str:
        return "image/svg+xml" if str(self.image.name).endswith(".svg") else "image/png"

    @property
    def is_awardable(self) -> bool:
        """Whether it can be awarded at all; in a pilot, to its test group only."""
        return self.status in {self.Status.PUBLISHED, self.Status.PILOT}

    @property
    def is_internal(self) -> bool:
        return self.visibility == Visibility.INTERNAL

    @property
    def level_name(self) -> str:
        """The word for the level, or nothing."""
        return str(Level(self.level).label) if self.level else ""

    @property
    def validity_sentence(self) -> str:
        """How long an award of this badge holds, in words that stand on their own."""
        if self.validity == Validity.MONTHS and self.validity_months:
            years, months = divmod(self.validity_months, 12)
            if months == 0:
                return ngettext("%(n)d year after the award", "%(n)d years after the award", years) % {"n": years}
            return ngettext("%(n)d month after the award", "%(n)d months after the award", self.validity_months) % {
                "n": self.validity_months
            }
        if self.validity == Validity.UNTIL and self.validity_until:
            return str(_("Until %(day)s")) % {"day": date_format(self.validity_until, gettext("j F Y"))}
        return str(Validity.NEVER.label)


class EarningStep(models.Model):
    """One item of “how to earn it”."""

    badge_class = models.ForeignKey(BadgeClass, on_delete=models.CASCADE, related_name="earning_steps")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=StepKind.choices)
    text = models.CharField(max_length=300)
    url = models.URLField(max_length=500, blank=True)
    required_badge = models.ForeignKey(
        BadgeClass, on_delete=models.PROTECT, null=True, blank=True, related_name="required_by"
    )

    class Meta:
        ordering = ["position"]  # a list without its order would be another list
        constraints = [
            models.UniqueConstraint(fields=["badge_class", "position"], name="badges_step_position_once"),
        ]

    def __str__(self) -> str:
        return self.text


class Alignment(models.Model):
    """A skill or standard that the badge stands for (OB2-ISS-106)."""

    badge_class = models.ForeignKey(BadgeClass, on_delete=models.CASCADE, related_name="alignments")
    position = models.PositiveSmallIntegerField()
    target_name = models.CharField(max_length=200)
    target_url = models.URLField(max_length=500)
    target_code = models.CharField(max_length=100, blank=True)
    target_framework = models.CharField(max_length=200, blank=True)
    target_description = models.CharField(max_length=1000, blank=True)
    # Where it was picked: what the badge says stays as it was picked, whatever becomes of the framework.
    competency = models.ForeignKey(
        "badges.Competency", on_delete=models.SET_NULL, null=True, blank=True, related_name="alignments"
    )
    level = models.PositiveSmallIntegerField(null=True, blank=True)  # of the framework's own levels

    class Meta:
        ordering = ["position"]  # see EarningStep
        constraints = [
            models.UniqueConstraint(fields=["badge_class", "position"], name="badges_alignment_position_once"),
        ]

    def __str__(self) -> str:
        return self.target_name
