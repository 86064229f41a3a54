"""Which addresses and identifiers a badge may carry."""

import re
from urllib.parse import urlsplit

MAX_LENGTH = 2_000

# OB2-ISS-12: both official validators accept RFC 4122 versions 1 to 5 only.
_URN_UUID = re.compile(
    r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE
)
_DATA_IMAGE = re.compile(r"data:image/(?:png|svg\+xml)[;,]")
_UNPRINTABLE_OR_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f<>\"{}|\\^`\s\ud800-\udfff]")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_http_url(value: object) -> bool:
    """An absolute http or https URL with a host and without user name, blanks or control characters."""
    if not isinstance(value, str) or len(value) > MAX_LENGTH or _UNPRINTABLE_OR_UNSAFE.search(value):
        return False
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 -- reading it is the check: urllib looks at the port only when asked
    except ValueError:
        return False
    return parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and "@" not in parts.netloc


def is_urn_uuid(value: object) -> bool:
    """A ``urn:uuid:`` of version 1 to 5 (OB2-ISS-12)."""
    return isinstance(value, str) and _URN_UUID.fullmatch(value) is not None


def is_badge_iri(value: object) -> bool:
    """What may be the ``id`` of a Badge Object: an http(s) URL or a urn:uuid (OB2-ISS-13)."""
    return is_http_url(value) or is_urn_uuid(value)


def is_data_image(value: object) -> bool:
    """A data URI of a PNG or SVG (OB2-ISS-44)."""
    return isinstance(value, str) and _DATA_IMAGE.match(value) is not None


def authority(url: str) -> str:
    """Host and port as the origin rules compare them (OB2-ISS-87, OB2-ISS-90); "" for what is not a URL."""
    if not is_http_url(url):
        return ""
    parts = urlsplit(url)
    port = parts.port
    host = parts.hostname or ""
    return host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
