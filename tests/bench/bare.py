"""The baseline of a web server: the least a WSGI application can do."""

from collections.abc import Callable, Iterable
from typing import Any

BODY = b"x" * 1000


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(BODY)))])
    return [BODY]
