"""What the recipient did: a page, a text, or both (OB 2.0 Evidence, OB2-ISS-100)."""

from django.db import models

from assertions.models.assertion import Assertion


class Evidence(models.Model):
    assertion = models.ForeignKey(Assertion, on_delete=models.CASCADE, related_name="evidence")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=500, blank=True)
    narrative = models.TextField(blank=True)  # Markdown, in more detail than the description (OB2-ISS-100)
    description = models.CharField(max_length=500, blank=True)
    genre = models.CharField(max_length=100, blank=True)  # kind of work, such as Film or Prose
    audience = models.CharField(max_length=200, blank=True)  # for whom it was made

    class Meta:
        ordering = ["position"]  # a list without its order would be another list
        constraints = [
            models.UniqueConstraint(fields=["assertion", "position"], name="assertions_evidence_position_once"),
            models.CheckConstraint(
                condition=~(models.Q(url="") & models.Q(narrative="")), name="assertions_evidence_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.url
