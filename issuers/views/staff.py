"""Who works here: members, invitations, roles."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from badgeserver.accounts.models import User
from badgeserver.errors import UserFacingError
from issuers.actions.staff import (
    change_role,
    invite_staff,
    remove_member,
    resend_invitation,
    restore_member,
    withdraw_invitation,
)
from issuers.forms import InvitationForm, RoleForm
from issuers.models import Membership, Role
from issuers.queries import members_of, waiting_invitations
from issuers.rules import PERMISSION_WORDS, ROLE_PERMISSIONS, Permission
from issuers.views.workspace import WorkspaceRequest, workspace

UNDO_SECONDS = 15 * 60
_UNDO_SALT = "issuers.staff.restore"


@dataclass(frozen=True, slots=True)
class StaffRow:
    membership: Membership
    form: RoleForm


@require_safe
@workspace(Permission.MANAGE_STAFF)
def staff(request: WorkspaceRequest) -> HttpResponse:
    return _staff_page(request, InvitationForm())


@require_POST
@workspace(Permission.MANAGE_STAFF)
def invite(request: WorkspaceRequest) -> HttpResponse:
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _staff_page(request, form, status=422)
    try:
        invitation = invite_staff(
            organisation=request.workspace.organisation,
            email=form.cleaned_data["email"],
            role=form.cleaned_data["role"],
            by=request.user,
            at=timezone.now(),
        )
    except UserFacingError as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _staff_page(request, form, status=422)
    messages.success(
        request, _("%(email)s is invited. The link in the mail works for 14 days.") % {"email": invitation.email}
    )
    return _to_staff(request)


@require_POST
@workspace(Permission.MANAGE_STAFF)
def resend(request: WorkspaceRequest, invitation: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(request.workspace.organisation.invitations, pk=invitation)
    try:
        again = resend_invitation(invitation=found, by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request,
            _("A new mail is on its way to %(email)s. The link of the old one no longer works.")
            % {"email": again.email},
        )
    return _to_staff(request)


@require_POST
@workspace(Permission.MANAGE_STAFF)
def withdraw(request: WorkspaceRequest, invitation: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(request.workspace.organisation.invitations, pk=invitation)
    try:
        withdrawn = withdraw_invitation(invitation=found, by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request,
            _("The invitation of %(email)s is withdrawn; its link no longer works.") % {"email": withdrawn.email},
        )
    return _to_staff(request)


@require_POST
@workspace(Permission.MANAGE_STAFF)
def role(request: WorkspaceRequest, membership: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(request.workspace.organisation.memberships, pk=membership)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The role stays as it was: choose one from the list."))
        return _to_staff(request)
    try:
        changed = change_role(membership=found, role=form.cleaned_data["role"], by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        messages.error(request, refusal.message)
        return _to_staff(request)
    messages.success(
        request,
        _("%(person)s is now %(role)s.") % {"person": changed.user, "role": changed.get_role_display()},
    )
    if changed.user == request.user and changed.role != Role.OWNER:
        return redirect("assertions:overview", request.workspace.organisation.slug)
    return _to_staff(request)


@require_POST
@workspace(Permission.MANAGE_STAFF)
def remove(request: WorkspaceRequest, membership: uuid.UUID) -> HttpResponse:
    organisation = request.workspace.organisation
    found = get_object_or_404(organisation.memberships, pk=membership)
    try:
        removed = remove_member(membership=found, by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        messages.error(request, refusal.message)
        return _to_staff(request)
    if removed.user == request.user:
        messages.success(request, _("You have left %(organisation)s.") % {"organisation": organisation})
        return redirect("assertions:home")
    undo = reverse("issuers:restore-member", args=[organisation.slug, _undo_token(removed)])
    messages.success(
        request,
        _("%(person)s no longer works here. What they made and awarded stays.") % {"person": removed.user},
        extra_tags=f"undo:{undo}",
    )
    return _to_staff(request)


@require_POST
@workspace(Permission.MANAGE_STAFF)
def restore(request: WorkspaceRequest, token: str) -> HttpResponse:
    """Take a removal back. The token was signed here when the person was removed: nobody else can be added so."""
    organisation = request.workspace.organisation
    try:
        removed = signing.loads(token, salt=_UNDO_SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        removed = {}
    user = User.objects.filter(pk=removed.get("user")).first()
    if user is None or removed["organisation"] != str(organisation.pk):
        messages.error(request, _("It is too late to undo this. Invite the person again instead."))
        return _to_staff(request)
    member = restore_member(
        organisation=organisation,
        user=user,
        role=removed["role"],
        since=datetime.fromisoformat(removed["since"]),
        by=request.user,
        at=timezone.now(),
    )
    messages.success(
        request,
        _("%(person)s works here again, as %(role)s.") % {"person": member.user, "role": member.get_role_display()},
    )
    return _to_staff(request)


def _undo_token(membership: Membership) -> str:
    return signing.dumps(
        {
            "organisation": str(membership.organisation_id),
            "user": str(membership.user_id),
            "role": membership.role,
            "since": membership.created_at.isoformat(),
        },
        salt=_UNDO_SALT,
    )


def _to_staff(request: WorkspaceRequest) -> HttpResponse:
    return redirect("issuers:staff", request.workspace.organisation.slug)


def _staff_page(request: WorkspaceRequest, form: InvitationForm, *, status: int = 200) -> HttpResponse:
    organisation = request.workspace.organisation
    members = [
        StaffRow(membership, RoleForm(initial={"role": membership.role}, auto_id=f"role-{membership.pk}-%s"))
        for membership in members_of(organisation)
    ]
    context = {
        "form": form,
        "members": members,
        "owners": sum(row.membership.role == Role.OWNER for row in members),
        "invitations": waiting_invitations(organisation),
        "now": timezone.now(),
        "roles": Role.choices,
        "permissions": _permission_table(),
    }
    return render(request, "issuers/staff.html", context, status=status)


def _permission_table() -> list[dict[str, Any]]:
    """Return a row for each permission: its words, and for each role whether it has it."""
    return [
        {
            "words": words,
            "roles": [(label, permission in ROLE_PERMISSIONS[value]) for value, label in Role.choices],
        }
        for permission, words in PERMISSION_WORDS.items()
    ]
