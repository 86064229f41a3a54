"""The tables of this room."""

from assertions.models.assertion import Assertion, BakedImage
from assertions.models.award_request import AwardRequest
from assertions.models.evidence import Evidence
from assertions.models.notice import Notice

__all__ = ["Assertion", "AwardRequest", "BakedImage", "Evidence", "Notice"]
