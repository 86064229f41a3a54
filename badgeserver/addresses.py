"""Public addresses: what is inside issued badges for ever (docs/adr/0006, docs/adr/0011)."""

from django.conf import settings
from django.urls import reverse


def absolute(path: str, *, origin: str = "") -> str:
    """Return the public URL of a path: under a row's own `origin`, else under `SITE_URL`.

    It never comes from a request (OB2-ISS-15).
    """
    return f"{origin or settings.SITE_URL}{path}"


def public_url(name: str, *args: object, origin: str = "") -> str:
    """Return the public URL of a named route, under the `origin` that the row was made with."""
    return absolute(reverse(name, args=args), origin=origin)
