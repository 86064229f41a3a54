"""What the OpenAPI description describes."""

from typing import Any


def only_the_api(endpoints: list[tuple[str, str, str, Any]], **_: Any) -> list[tuple[str, str, str, Any]]:
    """Leave out the hosted documents under /public/: the standard describes those."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]
