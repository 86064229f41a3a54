"""Who did what, and when."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "badgeserver.audit"
    label = "audit"
