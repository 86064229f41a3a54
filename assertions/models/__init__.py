"""The tables of this room."""

from assertions.models.assertion import Assertion, BakedImage, WithdrawnCopy
from assertions.models.award_request import AwardRequest
from assertions.models.backpack import ImportedBadge
from assertions.models.endorsement import Endorsement, EndorsementNotice
from assertions.models.evidence import Evidence
from assertions.models.mail_stop import MailStop
from assertions.models.notice import Notice
from assertions.models.problem_report import ProblemReport, ProblemReportNotice
from assertions.models.receipt import Receipt

__all__ = [
    "Assertion",
    "AwardRequest",
    "BakedImage",
    "Endorsement",
    "EndorsementNotice",
    "Evidence",
    "ImportedBadge",
    "MailStop",
    "Notice",
    "ProblemReport",
    "ProblemReportNotice",
    "Receipt",
    "WithdrawnCopy",
]
