"""What a document may be asked to be, and what it is then called in sentences."""

from enum import Enum

from badgeserver.openbadges.vocabulary import ObjectType


class Kind(Enum):
    """The documents that a verification looks at."""

    AWARD = ("award", frozenset({ObjectType.ASSERTION}))
    ENDORSEMENT = ("endorsement", frozenset({ObjectType.ENDORSEMENT}))
    BADGE = ("badge description", frozenset({ObjectType.BADGE_CLASS}))
    ISSUER = ("issuer’s profile", frozenset({ObjectType.ISSUER, ObjectType.PROFILE}))
    KEY = ("issuer’s key", frozenset({ObjectType.CRYPTOGRAPHIC_KEY}))
    REVOCATIONS = ("issuer’s list of revoked badges", frozenset({ObjectType.REVOCATION_LIST}))

    def __init__(self, words: str, types: frozenset[ObjectType]) -> None:
        self.words = words
        """What it is called."""
        self.types = types
        """One of these it must say that it is."""
