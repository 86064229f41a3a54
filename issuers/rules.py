"""Who may do what: one permission table and one question.

Loading is asking: objects are fetched only through the member's QuerySet (404 for what is not yours); `require`
then answers for the role (403 for what your role may not).
"""

import enum
import uuid
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from issuers.models import Issuer, Organisation, Role

if TYPE_CHECKING:
    from badgeserver.accounts.models import User


class Permission(enum.StrEnum):
    SEE_NUMBERS = "see_numbers"  # totals without persons
    SEE_BADGES = "see_badges"
    EDIT_BADGES = "edit_badges"  # draft, publish, archive
    SEE_AWARDS = "see_awards"  # personal data: names and addresses
    AWARD_BADGES = "award_badges"
    REVOKE_AWARDS = "revoke_awards"
    REVIEW_APPLICATIONS = "review_applications"
    EDIT_ISSUERS = "edit_issuers"
    MANAGE_STAFF = "manage_staff"
    MANAGE_TOKENS = "manage_tokens"
    SEE_HISTORY = "see_history"


_EVERYBODY = {Permission.SEE_NUMBERS, Permission.SEE_BADGES}

ROLE_PERMISSIONS: dict[str, set[Permission]] = {
    Role.OWNER: set(Permission),
    Role.EDITOR: _EVERYBODY
    | {Permission.EDIT_BADGES, Permission.SEE_AWARDS, Permission.AWARD_BADGES, Permission.REVOKE_AWARDS},
    Role.AWARDER: _EVERYBODY | {Permission.SEE_AWARDS, Permission.AWARD_BADGES, Permission.REVOKE_AWARDS},
    Role.REVIEWER: _EVERYBODY | {Permission.SEE_AWARDS, Permission.REVIEW_APPLICATIONS},
    Role.REPORTER: _EVERYBODY,
}


def role_in(user: "User", organisation_id: uuid.UUID) -> str | None:
    """Return the person's role there, or None. Asked of the database each time: a role withdrawn is withdrawn."""
    return user.memberships.filter(organisation_id=organisation_id).values_list("role", flat=True).first()


def can(user: "User", permission: Permission, issuer: Issuer | Organisation) -> bool:
    """Answer the one question: may this person do this for this issuer (or anywhere in this organisation)?"""
    organisation_id = issuer.pk if isinstance(issuer, Organisation) else issuer.organisation_id
    role = role_in(user, organisation_id)
    return role is not None and permission in ROLE_PERMISSIONS[role]


def require(user: "User", permission: Permission, issuer: Issuer | Organisation) -> None:
    """Raise `PermissionDenied` (403) with a sentence when the role may not."""
    if not can(user, permission, issuer):
        raise PermissionDenied(
            _("Your role in this organisation does not include this. An owner can change your role under Staff.")
        )


def organisation_for(user: "User", slug: str, permission: Permission) -> Organisation:
    """Load an organisation through membership: 404 for what is not yours, 403 for what your role may not."""
    organisation = Organisation.objects.for_member(user).filter(slug=slug).first()
    if organisation is None:
        raise Http404
    require(user, permission, organisation)
    return organisation


def permissions_in(user: "User", organisation: Organisation) -> set[Permission]:
    """Return everything the person may do there (for navigation and buttons)."""
    role = role_in(user, organisation.pk)
    return ROLE_PERMISSIONS[role] if role else set()
