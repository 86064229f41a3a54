"""Who may do what: one permission table and one question.

Loading is asking: objects are fetched only through the member's QuerySet (404 for what is not yours);
`workspace_for` then answers for the role (403 for what your role may not).
"""

import enum
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from issuers.models import Issuer, Organisation, Role

if TYPE_CHECKING:
    from badgeserver.accounts.models import User


class Permission(enum.StrEnum):
    SEE_NUMBERS = "see_numbers"  # totals without persons
    SEE_BADGES = "see_badges"
    EDIT_BADGES = "edit_badges"  # draft, publish, archive; plans, designs and frameworks
    REVIEW_BADGES = "review_badges"  # be the second person who approves what is published
    SEE_AWARDS = "see_awards"  # personal data: names and addresses
    AWARD_BADGES = "award_badges"
    REVOKE_AWARDS = "revoke_awards"
    REVIEW_APPLICATIONS = "review_applications"
    HANDLE_REPORTS = "handle_reports"  # problems that visitors report; with the address they left
    ENDORSE = "endorse"  # give endorsements, and answer those of others
    EDIT_PEOPLE = "edit_people"  # the organisation's people, their departments and roles
    EDIT_ISSUERS = "edit_issuers"
    MANAGE_ORGANISATION = "manage_organisation"  # its name, its look, its rules
    MANAGE_STAFF = "manage_staff"
    MANAGE_TOKENS = "manage_tokens"
    MANAGE_KEYS = "manage_keys"
    MANAGE_DOMAINS = "manage_domains"
    SEE_HISTORY = "see_history"


#: What each permission lets people do, in the words of the staff page and the invitation.
PERMISSION_WORDS: dict[Permission, str | Promise] = {
    Permission.SEE_NUMBERS: _lazy("See the numbers, without names"),
    Permission.SEE_BADGES: _lazy("See all badges, drafts too"),
    Permission.SEE_AWARDS: _lazy("See who was awarded what, with names and addresses"),
    Permission.AWARD_BADGES: _lazy("Award badges"),
    Permission.REVOKE_AWARDS: _lazy("Revoke awards"),
    Permission.REVIEW_APPLICATIONS: _lazy("Review applications"),
    Permission.EDIT_BADGES: _lazy("Create, publish and archive badges"),
    Permission.REVIEW_BADGES: _lazy("Approve badges before they are published"),
    Permission.EDIT_PEOPLE: _lazy("Add and change people, departments and job roles"),
    Permission.HANDLE_REPORTS: _lazy("Read what visitors report, and answer it"),
    Permission.ENDORSE: _lazy("Endorse others, and answer their endorsements"),
    Permission.EDIT_ISSUERS: _lazy("Create and edit issuers"),
    Permission.MANAGE_ORGANISATION: _lazy("Change the look and the rules of the organisation"),
    Permission.MANAGE_STAFF: _lazy("Invite and remove staff, change roles"),
    Permission.MANAGE_TOKENS: _lazy("Make and revoke tokens for programs"),
    Permission.MANAGE_KEYS: _lazy("Replace signing keys, and report them as stolen"),
    Permission.MANAGE_DOMAINS: _lazy("Prove domains, and use them for public addresses"),
    Permission.SEE_HISTORY: _lazy("Read the history"),
}

_EVERYBODY = {Permission.SEE_NUMBERS, Permission.SEE_BADGES}

ROLE_PERMISSIONS: dict[str, set[Permission]] = {
    Role.OWNER: set(Permission),
    Role.EDITOR: _EVERYBODY
    | {
        Permission.EDIT_BADGES,
        Permission.REVIEW_BADGES,
        Permission.EDIT_PEOPLE,
        Permission.SEE_AWARDS,
        Permission.AWARD_BADGES,
        Permission.REVOKE_AWARDS,
        Permission.ENDORSE,
        Permission.HANDLE_REPORTS,
    },
    Role.AWARDER: _EVERYBODY | {Permission.SEE_AWARDS, Permission.AWARD_BADGES, Permission.REVOKE_AWARDS},
    Role.REVIEWER: _EVERYBODY
    | {
        Permission.SEE_AWARDS,
        Permission.REVIEW_APPLICATIONS,
        Permission.REVIEW_BADGES,
    },
    Role.REPORTER: _EVERYBODY,
}


def words_of(role: str) -> list[str]:
    """Return what a role may do, as people read it, in the order of `PERMISSION_WORDS`."""
    return [str(words) for permission, words in PERMISSION_WORDS.items() if permission in ROLE_PERMISSIONS[role]]


def role_in(user: "User", organisation_id: uuid.UUID) -> str | None:
    """Return the person's role there, or None. Asked of the database each time: a role withdrawn is withdrawn."""
    return user.memberships.filter(organisation_id=organisation_id).values_list("role", flat=True).first()


def can(user: "User", permission: Permission, issuer: Issuer | Organisation) -> bool:
    """Answer the one question: may this person do this for this issuer (or anywhere in this organisation)?"""
    organisation_id = issuer.pk if isinstance(issuer, Organisation) else issuer.organisation_id
    role = role_in(user, organisation_id)
    return role is not None and permission in ROLE_PERMISSIONS[role]


@dataclass(frozen=True, slots=True)
class Workspace:
    """An organisation as one of its members meets it."""

    organisation: Organisation
    permissions: frozenset[Permission]
    organisations: tuple[Organisation, ...]  # all those of the member, by name

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


def workspace_for(user: "User", slug: str, permission: Permission) -> Workspace:
    """Load an organisation through membership: 404 for what is not yours, 403 for what your role may not.

    One query, which brings the member's other organisations along: every page of the workspace names them.
    """
    mine = list(user.memberships.select_related("organisation").order_by("organisation__name", "organisation__pk"))
    membership = next((one for one in mine if one.organisation.slug == slug), None)
    if membership is None:
        raise Http404
    permissions = frozenset(ROLE_PERMISSIONS[membership.role])
    if permission not in permissions:
        raise PermissionDenied(
            _("Your role in this organisation does not include this. An owner can change your role under Staff.")
        )
    return Workspace(membership.organisation, permissions, tuple(one.organisation for one in mine))


# --- Domains -------------------------------------------------------------------------------------------------

#: A proof that was not found for so long, look after look, is no proof any more.
PROOF_OUTLIVES = timedelta(days=7)
#: Nor is one that nobody answered for so long: no outage lasts two months, but a domain that was given up does.
PROOF_OUTLIVES_SILENCE = timedelta(days=60)


def proof_has_lapsed(*, failing_since: datetime | None, unseen_since: datetime | None, at: datetime) -> bool:
    """Whether a proof is to be withdrawn now that was missing, or that nobody could be asked for, since then."""
    is_missing = failing_since is not None and at - failing_since >= PROOF_OUTLIVES
    return is_missing or (unseen_since is not None and at - unseen_since >= PROOF_OUTLIVES_SILENCE)
