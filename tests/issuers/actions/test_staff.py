import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.db import connection

from badgeserver.audit.models import AuditEvent
from issuers.actions.staff import (
    AlreadyInvited,
    AlreadyStaff,
    InvitationNotMailed,
    InvitationNotOpen,
    LastOwner,
    NotStaff,
    NotYourInvitation,
    accept_invitation,
    change_role,
    invite_staff,
    remove_member,
    resend_invitation,
    restore_member,
    withdraw_invitation,
)
from issuers.models import Invitation, Membership, Role
from issuers.queries import hash_of, invitation_for
from tests.factories.accounts import EmailAddressFactory
from tests.factories.issuers import InvitationFactory, MembershipFactory


def roles(organisation) -> dict[str, str]:
    return dict(organisation.memberships.values_list("user__email", "role"))


def trail() -> list[tuple[str, dict[str, object]]]:
    return list(AuditEvent.objects.order_by("pk").values_list("type", "details"))


def mailed_token() -> str:
    """The secret in the last mail, found as its reader finds it."""
    return mail.outbox[-1].body.split("/invitations/")[1].split("/")[0]


def test_invite_staff_mails_a_link_of_which_only_the_hash_is_stored(acme, ada, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invitation = invite_staff(organisation=acme, email=" Jo@Acme.Example.org ", role=Role.EDITOR, by=ada, at=now)

    token = mailed_token()
    assert mail.outbox[0].to == ["jo@acme.example.org"]
    assert len(token) >= 43
    assert invitation.token_hash == hash_of(token)
    assert invitation_for(token) == invitation
    assert invitation.expires_at == now + timedelta(days=14)
    assert token not in str(AuditEvent.objects.values())


def test_invite_staff_is_in_the_trail(acme, ada, now):
    invite_staff(organisation=acme, email="jo@acme.example.org", role=Role.EDITOR, by=ada, at=now)

    assert trail() == [("staff.invited", {"email": "jo@acme.example.org", "role": "EDITOR"})]


def test_invite_staff_refuses_a_member_by_any_of_their_confirmed_addresses(acme, ada, ed, now):
    EmailAddressFactory.create(user=ed, email="ed@home.example.org", primary=False)

    with pytest.raises(AlreadyStaff) as refusal:
        invite_staff(organisation=acme, email="ED@home.example.org", role=Role.OWNER, by=ada, at=now)

    assert (refusal.value.field, Invitation.objects.count()) == ("email", 0)


def test_invite_staff_refuses_a_second_open_invitation(acme, ada, now):
    invite_staff(organisation=acme, email="jo@acme.example.org", role=Role.EDITOR, by=ada, at=now)

    with pytest.raises(AlreadyInvited):
        invite_staff(organisation=acme, email="jo@acme.example.org", role=Role.OWNER, by=ada, at=now)

    assert Invitation.objects.count() == 1


def test_invite_staff_again_after_the_first_ran_out(acme, ada, now):
    invite_staff(organisation=acme, email="jo@acme.example.org", role=Role.EDITOR, by=ada, at=now)

    later = now + timedelta(days=14)
    invite_staff(organisation=acme, email="jo@acme.example.org", role=Role.EDITOR, by=ada, at=later)

    assert Invitation.objects.open(later).count() == 1


def test_invite_staff_says_when_no_mail_server_takes_the_mail(
    acme, ada, now, settings, tmp_path, django_capture_on_commit_callbacks
):
    blocked = tmp_path / "a-file"
    blocked.write_text("where the mailbox should be")
    settings.MAILBOX_DIR = blocked
    settings.EMAIL_BACKEND = "badgeserver.mail.MailboxBackend"

    with pytest.raises(InvitationNotMailed), django_capture_on_commit_callbacks(execute=True):
        invite_staff(organisation=acme, email="jo@acme.example.org", role=Role.EDITOR, by=ada, at=now)

    assert Invitation.objects.open(now).count() == 1


def test_resend_invitation_ends_the_old_link(acme, ada, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = invite_staff(organisation=acme, email="jo@acme.example.org", role=Role.REVIEWER, by=ada, at=now)
    later = now + timedelta(days=20)

    with django_capture_on_commit_callbacks(execute=True):
        second = resend_invitation(invitation=first, by=ada, at=later)

    first.refresh_from_db()
    assert first.withdrawn_at == later
    assert (second.email, second.role, second.expires_at) == (
        "jo@acme.example.org",
        "REVIEWER",
        later + timedelta(days=14),
    )
    assert invitation_for(mailed_token()) == second
    assert [event for event, _details in trail()] == ["staff.invited", "staff.invitation.sent_again"]


def test_withdraw_invitation_ends_it(acme, ada, now):
    invitation = InvitationFactory.create(organisation=acme)

    withdraw_invitation(invitation=invitation, by=ada, at=now)

    assert Invitation.objects.open(now).count() == 0
    assert [event for event, _details in trail()] == ["staff.invitation.withdrawn"]


@pytest.mark.parametrize("act", [withdraw_invitation, resend_invitation])
@pytest.mark.parametrize("answered", ["accepted_at", "withdrawn_at"])
def test_answered_invitation_cannot_be_touched(acme, ada, now, act, answered):
    invitation = InvitationFactory.create(organisation=acme, **{answered: now})

    with pytest.raises(InvitationNotOpen):
        act(invitation=invitation, by=ada, at=now)

    assert (Invitation.objects.count(), trail()) == (1, [])


def test_accept_invitation_makes_a_member(acme, rita, now):
    invitation = InvitationFactory.create(organisation=acme, email=rita.email, role=Role.AWARDER)

    member = accept_invitation(invitation=invitation, by=rita, at=now)

    invitation.refresh_from_db()
    assert (member.user, member.role, member.created_at) == (rita, "AWARDER", now)
    assert invitation.accepted_at == now
    assert trail() == [("staff.joined", {"person": "Rita Castle", "role": "AWARDER"})]


def test_accept_invitation_by_a_second_confirmed_address(acme, rita, now):
    EmailAddressFactory.create(user=rita, email="rita@acme.example.org", primary=False)
    invitation = InvitationFactory.create(organisation=acme, email="rita@acme.example.org")

    assert accept_invitation(invitation=invitation, by=rita, at=now).user == rita


@pytest.mark.parametrize("verified", [None, False])
def test_accept_invitation_refuses_an_unconfirmed_address(acme, rita, now, verified):
    if verified is False:
        EmailAddressFactory.create(user=rita, email="jo@acme.example.org", primary=False, verified=False)
    invitation = InvitationFactory.create(organisation=acme, email="jo@acme.example.org")

    with pytest.raises(NotYourInvitation):
        accept_invitation(invitation=invitation, by=rita, at=now)

    assert acme.memberships.count() == 0


def test_accept_invitation_twice_makes_one_member(acme, rita, now):
    invitation = InvitationFactory.create(organisation=acme, email=rita.email)
    accept_invitation(invitation=invitation, by=rita, at=now)

    with pytest.raises(InvitationNotOpen):
        accept_invitation(invitation=invitation, by=rita, at=now)

    assert acme.memberships.count() == 1


@pytest.mark.parametrize("state", [{"withdrawn_at": "now"}, {"expires_at": "now"}])
def test_accept_invitation_that_is_over(acme, rita, now, state):
    invitation = InvitationFactory.create(organisation=acme, email=rita.email, **dict.fromkeys(state, now))

    with pytest.raises(InvitationNotOpen):
        accept_invitation(invitation=invitation, by=rita, at=now)

    assert acme.memberships.count() == 0


def test_accept_invitation_of_a_member_keeps_their_role(acme, ed, now):
    EmailAddressFactory.create(user=ed, email="ed@home.example.org", primary=False)
    invitation = InvitationFactory.create(organisation=acme, email="ed@home.example.org", role=Role.OWNER)

    with pytest.raises(AlreadyStaff):
        accept_invitation(invitation=invitation, by=ed, at=now)

    assert roles(acme) == {ed.email: "EDITOR"}


def test_change_role_is_in_the_trail(acme, ada, ed, now):
    change_role(membership=ed.memberships.get(), role=Role.REPORTER, by=ada, at=now)

    assert roles(acme) == {ada.email: "OWNER", ed.email: "REPORTER"}
    assert trail() == [("staff.role_changed", {"person": "Ed Novak", "role": "REPORTER", "role_before": "EDITOR"})]


def test_change_role_to_the_same_is_not_an_event(ada, ed, now):
    change_role(membership=ed.memberships.get(), role=Role.EDITOR, by=ada, at=now)

    assert trail() == []


def test_change_role_never_takes_the_last_owner(acme, ada, now):
    with pytest.raises(LastOwner):
        change_role(membership=ada.memberships.get(), role=Role.EDITOR, by=ada, at=now)

    assert roles(acme) == {ada.email: "OWNER"}


def test_change_role_of_one_of_two_owners(acme, ada, rita, now):
    MembershipFactory.create(organisation=acme, user=rita)

    change_role(membership=ada.memberships.get(), role=Role.EDITOR, by=ada, at=now)

    assert roles(acme) == {ada.email: "EDITOR", rita.email: "OWNER"}


def test_remove_member_keeps_nothing_half(acme, ada, ed, now):
    removed = remove_member(membership=ed.memberships.get(), by=ada, at=now)

    assert (removed.user, removed.role) == (ed, "EDITOR")
    assert roles(acme) == {ada.email: "OWNER"}
    assert trail() == [("staff.removed", {"person": "Ed Novak", "role": "EDITOR"})]


def test_remove_member_never_takes_the_last_owner(acme, ada, now):
    with pytest.raises(LastOwner):
        remove_member(membership=ada.memberships.get(), by=ada, at=now)

    assert roles(acme) == {ada.email: "OWNER"}


@pytest.mark.parametrize("act", [remove_member, partial(change_role, role=Role.OWNER)], ids=["remove", "role"])
def test_member_who_was_removed_meanwhile(ada, ed, now, act):
    seen = ed.memberships.get()
    Membership.objects.filter(pk=seen.pk).delete()

    with pytest.raises(NotStaff):
        act(membership=seen, by=ada, at=now)


def test_restore_member_takes_the_removal_back(acme, ada, ed, now):
    removed = remove_member(membership=ed.memberships.get(), by=ada, at=now)

    restored = restore_member(
        organisation=acme,
        user=removed.user,
        role=removed.role,
        since=removed.created_at,
        by=ada,
        at=now + timedelta(minutes=1),
    )

    assert roles(acme) == {ada.email: "OWNER", ed.email: "EDITOR"}
    assert restored.created_at == acme.created_at
    assert [event for event, _details in trail()] == ["staff.removed", "staff.restored"]


def test_restore_member_who_is_back_keeps_the_role_they_have(acme, ada, ed, now):
    restore_member(organisation=acme, user=ed, role=Role.OWNER, since=now, by=ada, at=now)

    assert roles(acme) == {ada.email: "OWNER", ed.email: "EDITOR"}
    assert trail() == []


@pytest.mark.postgres  # SQLite knows one writer at a time, and cleans up in a way that the trail refuses
@pytest.mark.django_db(transaction=True)
def test_two_owners_cannot_remove_each_other_at_once(acme, ada, rita, now):
    MembershipFactory.create(organisation=acme, user=rita)
    starting = threading.Barrier(2)

    def remove(whom, by) -> str:
        starting.wait(timeout=10)
        try:
            remove_member(membership=whom.memberships.get(), by=by, at=now)
        except LastOwner:
            return "refused"
        finally:
            connection.close()
        return "removed"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(remove, [rita, ada], [ada, rita]))

    assert sorted(answers) == ["refused", "removed"]
    assert list(roles(acme).values()) == ["OWNER"]
