"""What every template may ask for."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 -- Django's signature
    """Facts of the installation. Nothing here touches the session: public pages are rendered with it too."""
    return {"SITE_URL": settings.SITE_URL, "SITE_HOST": settings.SITE_HOST, "EMBEDDED": settings.EMBEDDED}
