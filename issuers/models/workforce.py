"""The organisation's people, who may have no account, and their departments."""

import uuid

from django.db import models

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


class Person(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="people")
    department = models.ForeignKey(Department, on_delete=models.SET_NULL, null=True, related_name="people")
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    # The normalised address, by which awards are found (OB2-ISS-78).
    email = models.EmailField(max_length=254)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "email"], name="issuers_person_email_once"),
        ]
        indexes = [models.Index(fields=["organisation", "name"], name="issuers_person_name")]

    def __str__(self) -> str:
        return self.name
