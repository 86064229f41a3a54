"""The tables of this room."""

from issuers.models.api_token import ApiToken, TokenScope
from issuers.models.domain import Domain
from issuers.models.issuer import Issuer
from issuers.models.organisation import Organisation
from issuers.models.signing_key import SigningKey
from issuers.models.staff import Invitation, Membership, Role
from issuers.models.workforce import Department, JobRole, Person

__all__ = [
    "ApiToken",
    "Department",
    "Domain",
    "Invitation",
    "Issuer",
    "JobRole",
    "Membership",
    "Organisation",
    "Person",
    "Role",
    "SigningKey",
    "TokenScope",
]
