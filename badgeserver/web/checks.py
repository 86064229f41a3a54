"""What `manage.py check --deploy` says about settings that are for laptops."""

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def check_outbound(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Warn when strangers could make this server ask what listens on this machine only."""
    if not settings.OUTBOUND_ALLOW_LOOPBACK:
        return []
    return [
        checks.Warning(
            "OUTBOUND_ALLOW_LOOPBACK lets strangers reach what listens on this machine only.",
            hint="Unset OUTBOUND_ALLOW_LOOPBACK: it is for tests of several servers side by side.",
            id="badgeserver.W001",
        )
    ]
