"""Competency frameworks: what an organisation calls skills, and the lists of skills that others publish."""

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from badgeserver.searching import searchable
from issuers.models import Organisation

if TYPE_CHECKING:
    from badgeserver.accounts.models import User


class FrameworkSource(models.TextChoices):
    """Where a framework comes from, and so which file updates it."""

    OWN = "OWN", _("Written here")
    CSV = "CSV", _("CSV")
    ESCO = "ESCO", _("ESCO")
    CASE = "CASE", _("CASE")
    RSD = "RSD", _("Open Skills")


def search_text(name: str, code: str, other_names: Iterable[str]) -> str:
    """Return the `search` column: each name on a line of its own, with a line end before and after."""
    lines = dict.fromkeys(line for line in map(searchable, [name, code, *other_names]) if line)
    return "".join(f"\n{line}" for line in lines) + "\n"


class FrameworkQuerySet(models.QuerySet["Framework"]):
    def for_member(self, user: "User") -> "FrameworkQuerySet":
        return self.filter(organisation__memberships__user=user)

    def of_organisation(self, organisation: Organisation) -> "FrameworkQuerySet":
        return self.filter(organisation=organisation)

    def offered(self) -> "FrameworkQuerySet":
        return self.filter(archived_at=None)

    def by_name(self) -> "FrameworkQuerySet":
        return self.order_by("name", "pk")


class Framework(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="frameworks")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    uri = models.CharField(max_length=500, blank=True)  # its own identifier elsewhere, by which an import finds it
    url = models.URLField(max_length=500, blank=True)  # a page for people
    publisher = models.CharField(max_length=200, blank=True)
    version = models.CharField(max_length=60, blank=True)  # as its publisher counts
    language = models.CharField(max_length=20, default="en")  # BCP 47
    source = models.CharField(max_length=4, choices=FrameworkSource.choices, default=FrameworkSource.OWN)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)  # no longer offered; alignments stay

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="badges_framework_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_written_here(self) -> bool:
        """Whether its skills are the organisation's own words, which may be changed by hand."""
        return self.source in {FrameworkSource.OWN, FrameworkSource.CSV}


class Competency(models.Model):
    """One skill, task, knowledge or attitude of a framework."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="competencies")
    uri = models.CharField(max_length=500)  # by which a re-import knows it again; made here for what has none
    code = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    kind = models.CharField(max_length=60, blank=True)  # in the framework's words: “skill”, “knowledge”
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children")
    # Who took its place in a later version of the framework, where that is said.
    successor = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaces")
    other_names = models.TextField(blank=True)  # one a line
    position = models.PositiveIntegerField(default=0)
    # Name, code and other names, lower case and without accents: what is searched while somebody types.
    search = models.TextField(blank=True)
    retired_at = models.DateTimeField(null=True)  # gone from the framework's last file; no longer offered
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "uri"], name="badges_competency_once"),
        ]
        indexes = [models.Index(fields=["framework", "position"], name="badges_competency_order")]

    def __str__(self) -> str:
        return self.name


class CompetencyLevel(models.Model):
    """How far somebody can have come, in the framework's words: 1 “knows about it”, 5 “teaches it”."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="levels")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "number"], name="badges_competency_level_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


def import_path(framework_import: "FrameworkImport", filename: str) -> str:  # noqa: ARG001 -- names from outside are not used
    return f"frameworks/{framework_import.pk}/{uuid.uuid4().hex}"


class FrameworkImport(models.Model):
    """One file on its way into a framework: read, compared, shown, and only then taken over."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        READ = "READ", _("Read")  # `changes` says what taking it over would do
        APPLYING = "APPLYING", _("Being taken over")
        DONE = "DONE", _("Taken over")
        REFUSED = "REFUSED", _("Refused")  # `problem` says why

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="framework_imports")
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, null=True, related_name="imports")
    file = models.FileField(upload_to=import_path)
    file_name = models.CharField(max_length=200)  # as it was called, for people
    source = models.CharField(max_length=4, choices=FrameworkSource.choices, blank=True)
    chosen = models.JSONField(default=dict, blank=True)  # name, language, columns: what was chosen about the file
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)  # of `total` items
    total = models.PositiveIntegerField(default=0)
    changes = models.JSONField(default=dict, blank=True)  # counts and examples of new, changed and retired items
    problems = models.JSONField(default=list, blank=True)  # list of {"row": int, "sentence": str}
    problem = models.CharField(max_length=500, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.file_name
