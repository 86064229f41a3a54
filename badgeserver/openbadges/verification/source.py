"""What somebody brings to be verified: an address, a signed badge, JSON, or an image with one in it."""

from dataclasses import dataclass

from badgeserver.openbadges import baking, jws
from badgeserver.openbadges.errors import BakingError, InvalidSignature
from badgeserver.openbadges.iris import is_http_url
from badgeserver.openbadges.verification.members import Document, iri_of, verification_type
from badgeserver.openbadges.verification.resources import Loaded, failed, parsed_document
from badgeserver.openbadges.vocabulary import VerificationType


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """What was brought, understood but not believed: exactly one of these is set."""

    url: str = ""
    """Where to ask for the award; nothing else of a hosted badge is believed (OB2-VER-12)."""
    jws: str = ""
    """A signed badge; its payload is ``payload``."""
    unsigned: bool = False
    """The JSON of a signed badge without its signature, of which nothing can be proven (OB2-ISS-137)."""
    problem: Loaded | None = None
    """It is no badge, or none that is understood."""
    payload: Document | None = None


def read_source(source: str | bytes) -> Presented:
    """Understand what was brought; never raises."""
    if isinstance(source, bytes):
        if baking.sniff(source) is not None:
            try:
                return _read_text(baking.unbake(source))
            except BakingError as error:
                return Presented(problem=failed(str(error)))
        try:
            source = source.decode("utf-8-sig")
        except UnicodeDecodeError:
            return Presented(problem=failed("This file is neither a PNG or SVG image nor a badge as text."))
    return _read_text(source)


def _read_text(text: str) -> Presented:
    text = text.strip()
    if is_http_url(text):
        return Presented(url=text)
    if text.startswith("{"):
        return _read_json(text)
    if jws.looks_like_jws(text):
        return _read_jws(text)
    return Presented(problem=failed("This is neither a badge nor the address of one."))


def _read_json(text: str) -> Presented:
    loaded = parsed_document(text, "badge")
    if loaded.document is None:
        return Presented(problem=loaded)
    if verification_type(loaded.document) is VerificationType.SIGNED:
        return Presented(unsigned=True, payload=loaded.document)
    address = iri_of(loaded.document.get("id"))
    if not is_http_url(address):
        return Presented(problem=failed("The badge does not say at which web address it can be checked."))
    return Presented(url=address)


def _read_jws(text: str) -> Presented:
    try:
        _header, payload = jws.peek(text)
    except InvalidSignature as error:
        return Presented(problem=failed(str(error)))
    loaded = parsed_document(payload, "signed badge")
    if loaded.document is None:
        return Presented(problem=loaded)
    if verification_type(loaded.document) is VerificationType.HOSTED:
        return Presented(url=iri_of(loaded.document.get("id")))
    return Presented(jws=text, payload=loaded.document)
