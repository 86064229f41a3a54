"""Reads request bodies, up to a size and a depth."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MAX_BODY_BYTES = 1024 * 1024


class BodyTooLarge(ParseError):
    status_code = 413
    default_code = "body_too_large"


class BoundedJSONParser(BaseParser):
    """JSON of at most 1 MB. DRF's own parser reads a stream of any length into memory."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = stream.read(MAX_BODY_BYTES + 1)
        if len(body) > MAX_BODY_BYTES:
            raise BodyTooLarge(
                _("The request is larger than 1 MB. Send shorter texts, and link to long evidence by URL.")
            )
        try:
            return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise ParseError(
                _("The request body is not JSON. Send UTF-8 JSON with Content-Type: application/json.")
            ) from None


def _refuse_constant(name: str) -> Any:
    """Refuse NaN and Infinity, which are not JSON."""
    raise ValueError(name)
