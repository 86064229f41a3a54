"""Page plumbing: no tables."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "badgeserver.web"
    label = "web"
