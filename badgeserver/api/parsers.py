"""Reads request bodies, up to a size and a depth."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser

MAX_BODY_BYTES = 1024 * 1024
# A badge of 4 MB as a JSON text, in which a character may take six, or in a form beside a few words.
MAX_BADGE_BODY_BYTES = 8 * 1024 * 1024


class BodyTooLarge(ParseError):
    status_code = 413
    default_code = "body_too_large"


class BoundedJSONParser(BaseParser):
    """JSON of at most 1 MB. DRF's own parser reads a stream of any length into memory."""

    media_type = "application/json"
    max_bytes = MAX_BODY_BYTES

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = stream.read(self.max_bytes + 1)
        if len(body) > self.max_bytes:
            raise BodyTooLarge(self.too_large())
        try:
            return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise ParseError(
                _("The request body is not JSON. Send UTF-8 JSON with Content-Type: application/json.")
            ) from None

    def too_large(self) -> str:
        return _("The request is larger than 1 MB. Send shorter texts, and link to long evidence by URL.")


class BoundedBadgeParser(BoundedJSONParser):
    """The same with room for a badge."""

    max_bytes = MAX_BADGE_BODY_BYTES

    def too_large(self) -> str:
        return _("The request is larger than 8 MB, which no badge is.")


class BoundedMultiPartParser(MultiPartParser):
    """A form with a file. What says that it is too large is not read at all."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        length = str((parser_context or {})["request"].META.get("CONTENT_LENGTH") or 0)
        if not length.isdecimal() or int(length) > MAX_BADGE_BODY_BYTES:
            raise BodyTooLarge(_("The request is larger than 8 MB, which no badge is."))
        return super().parse(stream, media_type, parser_context)


def _refuse_constant(name: str) -> Any:
    """Refuse NaN and Infinity, which are not JSON."""
    raise ValueError(name)
