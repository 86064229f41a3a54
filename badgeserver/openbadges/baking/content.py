"""What may be baked: a signed badge or a JSON Assertion, told apart and checked once."""

from dataclasses import dataclass

from badgeserver.openbadges.errors import BakingError, InvalidJson
from badgeserver.openbadges.iris import is_http_url
from badgeserver.openbadges.jsontext import parse_object
from badgeserver.openbadges.jws import looks_like_jws
from badgeserver.openbadges.vocabulary import Standard

MAX_IMAGE_BYTES = 20_000_000
"""The largest picture that is read or written."""

MAX_TEXT_BYTES = 1_000_000
"""The longest text that is read out of a picture, also after decompression (OB2-BAK-33)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A text to bake: with ``verify_url`` in its hosted form, without in its signed form (OB2-BAK-11)."""

    text: str
    verify_url: str | None
    standard: Standard = Standard.V2

    @property
    def is_signed_text(self) -> bool:
        """Whether the text is a JWS, which stands in an attribute of the SVG element."""
        return not self.text.startswith("{")

    @classmethod
    def of_credential(cls, text: str) -> "Content":
        """An Open Badges 3.0 credential. Raises BakingError when it is neither a JWS nor JSON with a proof in it."""
        if not looks_like_jws(text):
            try:
                document = parse_object(text)
            except InvalidJson as error:
                raise BakingError("Only a signed credential can be put into an image.") from error
            if not text.startswith("{") or not document.get("proof"):
                raise BakingError("A credential without signature or proof cannot be put into an image.")
        return cls(text=text, verify_url=None, standard=Standard.V3)

    @classmethod
    def of(cls, text: str, verify_url: str | None) -> "Content":
        """Raises BakingError when the text is neither a JWS nor a JSON Assertion with a web address."""
        if looks_like_jws(text):
            return cls(text=text, verify_url=None)
        try:
            document = parse_object(text)
        except InvalidJson as error:
            raise BakingError("Only a signed badge or a JSON Assertion can be put into an image.") from error
        address = verify_url or document.get("id")
        if not text.startswith("{") or not isinstance(address, str) or not is_http_url(address):
            raise BakingError("A hosted badge needs its own web address to be put into an image.")
        return cls(text=text, verify_url=address)
