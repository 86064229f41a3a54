"""What somebody brings to be verified: an address, a signed badge, JSON, or an image with one in it."""

from dataclasses import dataclass

from badgeserver.openbadges import baking, jws
from badgeserver.openbadges.errors import BakingError, InvalidJson, InvalidSignature, NothingBaked
from badgeserver.openbadges.iris import is_http_url
from badgeserver.openbadges.jsontext import parse_object
from badgeserver.openbadges.verification.kinds import Kind
from badgeserver.openbadges.verification.members import Document, iri_of, verification_type
from badgeserver.openbadges.verification.resources import Loaded, failed, understood_text, unknown
from badgeserver.openbadges.vocabulary import Standard, VerificationType


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """What was brought, understood but not believed: one of ``url``, ``award``, ``credential`` and ``problem``."""

    url: str = ""
    """Where to ask for the award; nothing else of a hosted badge is believed (OB2-VER-12)."""
    brought: Loaded | None = None
    """What came with the address, only ever compared with what is there."""
    award: Loaded | None = None
    """The payload of a signed badge, to be believed when the signature holds."""
    jws: str = ""
    """Its signature and all."""
    unsigned: bool = False
    """The JSON of a signed badge without its signature, of which nothing can be proven (OB2-ISS-137)."""
    credential: str = ""
    """An Open Badges 3.0 credential, which has rules of its own."""
    problem: Loaded | None = None
    """It is no badge, or none that is understood."""

    @property
    def payload(self) -> Document | None:
        """The document of a signed badge."""
        return self.award.document if self.award else None


def read_source(source: str | bytes) -> Presented:
    """Understand what was brought; never raises."""
    if isinstance(source, bytes):
        if baking.sniff(source) is not None:
            return _read_image(source)
        try:
            source = source.decode("utf-8-sig")
        except UnicodeDecodeError:
            return Presented(problem=failed("This file is neither a PNG or SVG image nor a badge as text."))
    return _read_text(source)


def _read_image(image: bytes) -> Presented:
    """A picture with a badge of both standards in it is judged by its 2.0 part."""
    try:
        try:
            return _read_text(baking.unbake(image))
        except NothingBaked:
            return Presented(credential=baking.unbake(image, standard=Standard.V3))
    except BakingError as error:
        return Presented(problem=failed(str(error)))


def _read_text(text: str) -> Presented:
    text = text.strip().removeprefix("\ufeff")
    if is_http_url(text):
        return Presented(url=text)
    if text.startswith("{"):
        return _read_json(text)
    if jws.looks_like_jws(text):
        return _read_jws(text)
    return Presented(problem=failed("This is neither a badge nor the address of one."))


def _read_json(text: str) -> Presented:
    loaded = understood_text(text, Kind.AWARD)
    if loaded.version == "3.0":
        return Presented(credential=text)
    if loaded.document is None:
        return Presented(problem=loaded)
    if loaded.version == "0.5":
        sentence = "This badge is of the first kind, which does not say where it lies. Bring the link of the award."
        return Presented(problem=unknown(sentence))
    if verification_type(loaded.document) is VerificationType.SIGNED:
        return Presented(unsigned=True, award=loaded)
    return _hosted(loaded)


def _read_jws(text: str) -> Presented:
    try:
        _header, payload = jws.peek(text)
    except InvalidSignature as error:
        return Presented(problem=failed(str(error)))
    loaded = understood_text(payload, Kind.AWARD)
    if loaded.version == "3.0" or _wraps_credential(payload):
        return Presented(credential=text)
    if loaded.document is None:
        return Presented(problem=loaded)
    if verification_type(loaded.document) is VerificationType.HOSTED:
        return _hosted(loaded)
    return Presented(jws=text, award=loaded)


def _wraps_credential(payload: bytes) -> bool:
    """Whether a JWT carries its credential in the claim ``vc``, as the first form of VC-JWT did."""
    try:
        return isinstance(parse_object(payload).get("vc"), dict)
    except InvalidJson:
        return False


def _hosted(loaded: Loaded) -> Presented:
    address = iri_of((loaded.document or {}).get("id"))
    if not is_http_url(address):
        return Presented(problem=failed("The badge does not say at which web address it can be checked."))
    return Presented(url=address, brought=loaded)
