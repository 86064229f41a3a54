"""What may be baked: a signed badge or a JSON Assertion, told apart and checked once."""

from dataclasses import dataclass

from badgeserver.openbadges.errors import BakingError, InvalidJson
from badgeserver.openbadges.iris import is_http_url
from badgeserver.openbadges.jsontext import parse_object
from badgeserver.openbadges.jws import looks_like_jws

MAX_IMAGE_BYTES = 20_000_000
"""The largest picture that is read or written."""

MAX_TEXT_BYTES = 1_000_000
"""The longest text that is read out of a picture, also after decompression (OB2-BAK-33)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A text to bake: with ``verify_url`` in its hosted form, without in its signed form (OB2-BAK-11)."""

    text: str
    verify_url: str | None

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
