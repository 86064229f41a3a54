"""What every object of Open Badges 3.0 keeps to: sets are arrays, nothing is null, nothing is empty (OB3-05)."""

import re
from collections.abc import Sequence

from badgeserver.openbadges.errors import InvalidDocument
from badgeserver.openbadges.iris import is_data_image, is_http_url, is_urn_uuid

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_DID = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]{1,1000}", re.ASCII)


def without_empty(members: dict[str, object]) -> dict[str, object]:
    """The members that say something."""
    return {key: value for key, value in members.items() if value is not None and value not in ("", [])}


def is_identifier(value: object) -> bool:
    """What may be an ``id``: a web address, a urn:uuid or a DID."""
    return is_http_url(value) or is_urn_uuid(value) or (isinstance(value, str) and _DID.fullmatch(value) is not None)


def check_identifier(value: object, name: str) -> None:
    if not is_identifier(value):
        raise InvalidDocument(f"“{name}” must be a web address, a urn:uuid or a DID.")


def check_url(value: object, name: str) -> None:
    if not is_http_url(value):
        raise InvalidDocument(f"“{name}” must be a web address that begins with http:// or https://.")


def check_image_address(value: object) -> None:
    if not is_http_url(value) and not is_data_image(value):
        raise InvalidDocument("An image needs a web address, or a data URI of a PNG or SVG.")


def check_text(value: object, name: str) -> None:
    if not isinstance(value, str):
        raise InvalidDocument(f"“{name}” must be one text.")


def check_words(value: object, name: str) -> None:
    if not isinstance(value, str) or not value.strip():
        raise InvalidDocument(f"“{name}” must not be empty.")


def check_language(tag: object) -> None:
    if tag != "" and (not isinstance(tag, str) or not _LANGUAGE.fullmatch(tag)):
        raise InvalidDocument("A language is written as a BCP 47 tag such as en or en-US.")


def check_all_of(values: object, kind: type, name: str) -> None:
    if isinstance(values, str) or not isinstance(values, Sequence) or not all(isinstance(v, kind) for v in values):
        raise InvalidDocument(f"“{name}” must be a list of the right things.")
