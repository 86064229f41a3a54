"""The organisation's people, who may have no account, and their departments and roles."""

import uuid

from django.db import models

from badgeserver.searching import SearchColumn
from issuers.models.organisation import Organisation


class Department(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="departments")
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="issuers_department_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class JobRole(models.Model):
    """What people do, whatever their title says: badges are for roles, and roles ask for competencies."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="job_roles")
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="issuers_job_role_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="people")
    department = models.ForeignKey(Department, on_delete=models.SET_NULL, null=True, blank=True, related_name="people")
    job_role = models.ForeignKey(JobRole, on_delete=models.SET_NULL, null=True, blank=True, related_name="people")
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    # The normalised address, by which awards are found (OB2-ISS-78).
    email = models.EmailField(max_length=254)
    search = SearchColumn(title="name", also=["job_title", "email"])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "email"], name="issuers_person_email_once"),
        ]
        indexes = [models.Index(fields=["organisation", "name"], name="issuers_person_name")]

    def __str__(self) -> str:
        return self.name
