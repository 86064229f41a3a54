"""Invite people into an organisation, and change what they may do there."""

import logging
import secrets
import smtplib
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError
from badgeserver.openbadges.identity import normalize_email
from issuers import emails
from issuers.models import Invitation, Membership, Organisation, Role
from issuers.queries import hash_of, verified_addresses

logger = logging.getLogger(__name__)

INVITATION_LIFETIME = timedelta(days=14)


class AlreadyStaff(UserFacingError):
    """The person works for the organisation already; a role is changed, not invited to."""

    code = "already_staff"
    field = "email"


class AlreadyInvited(UserFacingError):
    """An open invitation waits at this address."""

    code = "already_invited"
    field = "email"


class InvitationNotOpen(UserFacingError):
    """The invitation was accepted or withdrawn, or has run out."""

    code = "invitation_not_open"


class NotYourInvitation(UserFacingError):
    """The account has not confirmed the address that was invited."""

    code = "not_your_invitation"


class InvitationNotMailed(UserFacingError):
    """The invitation stands, but no mail server took the mail."""

    code = "invitation_not_mailed"


class NotStaff(UserFacingError):
    """The person was removed meanwhile."""

    code = "not_staff"


class LastOwner(UserFacingError):
    """An organisation without an owner could never be managed again."""

    code = "last_owner"


def invite_staff(*, organisation: Organisation, email: str, role: str, by: User, at: datetime) -> Invitation:
    """Offer a role to an address, for 14 days, and mail the link.

    Raises `AlreadyStaff`, `AlreadyInvited`, and `InvitationNotMailed` once the invitation is stored but its mail
    was not taken.
    """
    email = normalize_email(email)
    with transaction.atomic():
        _lock(organisation)
        member = organisation.memberships.filter(
            user__emailaddress__email=email, user__emailaddress__verified=True
        ).first()
        if member:
            raise AlreadyStaff(
                _("%(person)s works here already, as %(role)s. You can change the role in the list below.")
                % {"person": member.user, "role": member.get_role_display()}
            )
        if organisation.invitations.open(at).filter(email=email).exists():
            raise AlreadyInvited(
                _("%(email)s is invited already. To mail the link once more, press “Send again” in the list below.")
                % {"email": email}
            )
        return _invite(organisation, email, role, by=by, at=at)


def resend_invitation(*, invitation: Invitation, by: User, at: datetime) -> Invitation:
    """Withdraw an invitation and make a new one with a new link: the old link ends here.

    An invitation that has run out can be sent again too. Raises `InvitationNotOpen` for one that was accepted or
    withdrawn, `InvitationNotMailed` as `invite_staff` does.
    """
    with transaction.atomic():
        locked = _waiting(invitation)
        locked.withdrawn_at = at
        locked.save(update_fields=["withdrawn_at"])
        return _invite(locked.organisation, locked.email, locked.role, by=by, at=at, again=True)


def withdraw_invitation(*, invitation: Invitation, by: User, at: datetime) -> Invitation:
    """End an invitation before it is accepted: its link stops working. Raises `InvitationNotOpen`."""
    with transaction.atomic():
        locked = _waiting(invitation)
        locked.withdrawn_at = at
        locked.save(update_fields=["withdrawn_at"])
        _record("staff.invitation.withdrawn", locked, by=by, at=at)
    return locked


def accept_invitation(*, invitation: Invitation, by: User, at: datetime) -> Membership:
    """Make `by` a member in the role that was offered.

    Only for an account that has confirmed the invited address: a forwarded mail lets nobody in. Raises
    `NotYourInvitation`, `InvitationNotOpen`, and `AlreadyStaff` for who is a member (their role stays).
    """
    with transaction.atomic():
        _lock(invitation.organisation)
        locked = _waiting(invitation)
        if locked.expires_at <= at:
            raise InvitationNotOpen(_("This invitation has run out. Ask for a new one."))
        if locked.email not in verified_addresses(by):
            raise NotYourInvitation(
                _("This invitation is for %(email)s. Add and confirm that address in your account, then accept.")
                % {"email": locked.email}
            )
        present = locked.organisation.memberships.filter(user=by).first()
        if present:
            raise AlreadyStaff(
                _("You work for %(organisation)s already, as %(role)s. An owner can change your role under Staff.")
                % {"organisation": locked.organisation, "role": present.get_role_display()},
            )
        locked.accepted_at = at
        locked.save(update_fields=["accepted_at"])
        member = Membership.objects.create(organisation=locked.organisation, user=by, role=locked.role, created_at=at)
        _record("staff.joined", member, by=by, at=at)
    return member


def change_role(*, membership: Membership, role: str, by: User, at: datetime) -> Membership:
    """Give a member another role.

    Raises `LastOwner` when nobody would own the organisation any more, and `NotStaff` when they were removed.
    """
    with transaction.atomic():
        _lock(membership.organisation)
        locked = _present(membership)
        if locked.role == role:
            return locked
        if role != Role.OWNER:
            _refuse_last_owner(locked)
        before, locked.role = locked.role, role
        locked.save(update_fields=["role"])
        _record("staff.role_changed", locked, by=by, at=at, role_before=before)
    return locked


def remove_member(*, membership: Membership, by: User, at: datetime) -> Membership:
    """Take somebody out of the organisation at once; what they made and awarded stays.

    Returns the row as it was (its `pk` too), for `restore_member`. Raises `LastOwner`, and `NotStaff` when somebody
    else was quicker.
    """
    with transaction.atomic():
        _lock(membership.organisation)
        locked = _present(membership)
        _refuse_last_owner(locked)
        _record("staff.removed", locked, by=by, at=at)
        pk = locked.pk
        locked.delete()
        locked.pk = pk
    return locked


def restore_member(
    *, organisation: Organisation, user: User, role: str, since: datetime, by: User, at: datetime
) -> Membership:
    """Take a removal back: the person is a member again, in the same role and since the same day.

    For doors that know who was removed a moment ago; anybody else is invited. Whoever came back meanwhile keeps the
    role they have now.
    """
    with transaction.atomic():
        _lock(organisation)
        member, is_new = Membership.objects.get_or_create(
            organisation=organisation, user=user, defaults={"role": role, "created_at": since}
        )
        if is_new:
            _record("staff.restored", member, by=by, at=at)
    return member


def _invite(
    organisation: Organisation, email: str, role: str, *, by: User, at: datetime, again: bool = False
) -> Invitation:
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        role=Role(role),
        token_hash=hash_of(token),
        invited_by=by,
        created_at=at,
        expires_at=at + INVITATION_LIFETIME,
    )
    _record("staff.invitation.sent_again" if again else "staff.invited", invitation, by=by, at=at)
    # In this process, not in the queue: the token is stored nowhere, and so is known only here and in the mail.
    transaction.on_commit(partial(_mail, invitation, token))
    return invitation


def _mail(invitation: Invitation, token: str) -> None:
    try:
        emails.send_staff_invitation(invitation, token)
    except (OSError, smtplib.SMTPException) as problem:
        logger.warning("The mail of invitation %s was not taken: %s", invitation.pk, type(problem).__name__)
        raise InvitationNotMailed(
            _("%(email)s is invited, but the mail server did not take the mail. Press “Send again” in a few minutes.")
            % {"email": invitation.email}
        ) from problem


def _waiting(invitation: Invitation) -> Invitation:
    """Return the row, locked. Raises `InvitationNotOpen` when it was answered before."""
    locked = Invitation.objects.select_for_update(of=["self"]).select_related("organisation").get(pk=invitation.pk)
    if locked.accepted_at is not None:
        raise InvitationNotOpen(_("This invitation was accepted already."))
    if locked.withdrawn_at is not None:
        raise InvitationNotOpen(_("This invitation was withdrawn. Ask for a new one."))
    return locked


def _present(membership: Membership) -> Membership:
    """Return the row as it is now. Raises `NotStaff` when somebody else has removed it."""
    found = Membership.objects.select_related("organisation", "user").filter(pk=membership.pk).first()
    if found is None:
        raise NotStaff(_("This person no longer works here."))
    return found


def _lock(organisation: Organisation) -> None:
    """Hold every other change of this organisation's staff up, so that two of them cannot remove the last owner."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)


def _refuse_last_owner(membership: Membership) -> None:
    if membership.role != Role.OWNER:
        return
    owners = membership.organisation.memberships.filter(role=Role.OWNER)
    if not owners.exclude(pk=membership.pk).exists():
        raise LastOwner(
            _("%(person)s is the only owner of %(organisation)s. Make somebody else an owner first.")
            % {"person": membership.user, "organisation": membership.organisation}
        )


def _record(event: str, subject: Invitation | Membership, *, by: User, at: datetime, **details: object) -> None:
    who = {"email": subject.email} if isinstance(subject, Invitation) else {"person": str(subject.user)}
    audit.record(
        event,
        by=by,
        at=at,
        subject=subject,
        organisation_id=subject.organisation_id,
        details={**who, "role": subject.role, **details},
    )
