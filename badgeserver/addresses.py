"""Public addresses: what is inside issued badges for ever (docs/adr/0006)."""

from django.conf import settings
from django.urls import reverse


def absolute(path: str) -> str:
    """Return the public URL of a path. It comes from `SITE_URL`, never from a request (OB2-ISS-15)."""
    return f"{settings.SITE_URL}{path}"


def public_url(name: str, *args: object) -> str:
    """Return the public URL of a named route."""
    return absolute(reverse(name, args=args))
