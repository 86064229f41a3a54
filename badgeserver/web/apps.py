"""Page plumbing: no tables."""

from django.apps import AppConfig

from badgeserver.web import checks  # noqa: F401 -- registers itself


class WebConfig(AppConfig):
    name = "badgeserver.web"
    label = "web"
