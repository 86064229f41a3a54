"""What is said about a badge besides its own row: other languages, and small corrections."""

from django.conf import settings
from django.db import models

from badges.models.badge_class import BadgeClass

#: What is said in each language, besides the steps.
TRANSLATED = ("name", "description", "image_alt", "criteria_narrative", "learned", "assessed", "applied", "useful_for")


class BadgeTranslation(models.Model):
    """The badge in one more language; a document of its own, linked by `related` (OB2-ISS-121)."""

    badge_class = models.ForeignKey(BadgeClass, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=20)  # BCP 47 (OB2-ISS-119)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500)
    image_alt = models.CharField(max_length=300, blank=True)
    criteria_narrative = models.TextField(blank=True)  # Markdown
    learned = models.TextField(blank=True)  # Markdown
    assessed = models.TextField(blank=True)  # Markdown
    applied = models.TextField(blank=True)  # Markdown
    useful_for = models.TextField(blank=True)  # Markdown
    steps = models.JSONField(default=list, blank=True)  # list of str, in the order of the earning steps
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(fields=["badge_class", "language"], name="badges_translation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"

    def filled_from(self, badge_class: BadgeClass) -> "BadgeTranslation":
        """Return these words, with the badge's own where nothing is said in this language; never saved.

        Steps stay as they are: a step that is not translated is "", and read from the earning step.
        """
        said = {name: getattr(self, name) or getattr(badge_class, name) for name in TRANSLATED}
        return BadgeTranslation(badge_class=badge_class, language=self.language, steps=self.steps, **said)


class BadgeCorrection(models.Model):
    """A small correction of a badge that people hold already, for everybody to see (docs/adr/0008)."""

    badge_class = models.ForeignKey(BadgeClass, on_delete=models.CASCADE, related_name="corrections")
    language = models.CharField(
        max_length=20, blank=True
    )  # of the translation that was corrected; else the badge's own
    note = models.CharField(max_length=300)  # why, shown to everybody
    changes = models.JSONField()  # list of {"field", "label", "before", "after"}, all str
    corrected_at = models.DateTimeField()
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-corrected_at", "-pk"]

    def __str__(self) -> str:
        return self.note
