"""What the cellar refuses, by name. Every message is a plain sentence that may be shown to a person."""

from badgeserver.openbadges.obstacles import Obstacle


class OpenBadgesError(Exception):
    """Anything that this package raises on purpose; whatever the input, nothing else comes out."""


class InvalidDocument(OpenBadgesError):
    """A Badge Object that the standard, or a validator of it, would refuse."""


class InvalidJson(OpenBadgesError):
    """A text that is not one well-formed JSON object of reasonable size and depth."""


class InvalidSignature(OpenBadgesError):
    """A JWS that is malformed, too large, of another algorithm, or not signed by this key."""


class InvalidKey(OpenBadgesError):
    """A public or private key that cannot be used for RS256."""


class WeakKey(InvalidKey):
    """A public key so short that others can sign in its name (OB2-ISS-130)."""


class KeyUnreadable(OpenBadgesError):
    """A stored private key that none of the given secrets opens."""


class BakingError(OpenBadgesError):
    """An image that cannot be read, or a text that cannot be put into it."""


class NotBakeable(BakingError):
    """The image is not a PNG or SVG that can carry a badge (OB2-BAK-20)."""


class NothingBaked(BakingError):
    """The image is sound but carries no badge."""


class FetchFailed(OpenBadgesError):
    """Raised by the caller's ``fetch`` when an address could not be reached, which proves nothing.

    ``obstacle`` is what stood in the way, to be told apart by everybody who must; ``host`` whom it was about, which
    after a redirect is another one than that of the address.
    """

    obstacle = Obstacle.UNREACHABLE

    def __init__(self, message: str = "", *, host: str = "", obstacle: Obstacle | None = None) -> None:
        super().__init__(message)
        self.host = host
        self.obstacle = obstacle or type(self).obstacle
