from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core import mail, signing
from django.utils import timezone

from issuers.models import Invitation, Membership, Role
from tests.factories.issuers import InvitationFactory, MembershipFactory, OrganisationFactory

STAFF = "/o/acme/staff/"
INVITE = "/o/acme/staff/invite/"


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def undo_address(response) -> str:
    (message,) = get_messages(response.wsgi_request)
    return message.extra_tags.removeprefix("undo:")


def roles(organisation) -> dict[str, str]:
    return dict(organisation.memberships.values_list("user__email", "role"))


@pytest.fixture
def invitation(acme):
    return InvitationFactory.create(organisation=acme, email="jo@acme.example.org", created_at=timezone.now())


@pytest.fixture
def doors(acme, ed, invitation):
    """Every door of this page that changes something, with what a good request sends."""
    member = ed.memberships.get().pk
    return {
        "invite": (INVITE, {"email": "new@acme.example.org", "role": "EDITOR"}),
        "resend": (f"{STAFF}invitations/{invitation.pk}/send-again/", {}),
        "withdraw": (f"{STAFF}invitations/{invitation.pk}/withdraw/", {}),
        "role": (f"{STAFF}{member}/role/", {"role": "REPORTER"}),
        "remove": (f"{STAFF}{member}/remove/", {}),
        "restore": (f"{STAFF}restore/token/", {}),
    }


DOORS = ["invite", "resend", "withdraw", "role", "remove", "restore"]


def state() -> list[object]:
    return [list(Membership.objects.order_by("pk").values()), list(Invitation.objects.order_by("pk").values())]


@pytest.mark.parametrize("door", DOORS)
def test_door_refuses_get(as_ada, doors, door):
    before = state()

    assert as_ada.get(doors[door][0]).status_code == 405
    assert state() == before


@pytest.mark.parametrize("door", DOORS)
def test_door_sends_anonymous_to_sign_in(anonymous, doors, door):
    before = state()

    response = anonymous.post(*doors[door])

    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")
    assert state() == before


@pytest.mark.parametrize("door", DOORS)
def test_door_does_not_exist_for_mallory(as_mallory, doors, door):
    before = state()

    assert as_mallory.post(*doors[door]).status_code == 404
    assert state() == before


@pytest.mark.parametrize("door", DOORS)
def test_door_is_for_owners_alone(as_ed, as_sam, as_rex, as_nora, doors, door):
    before = state()

    assert [client.post(*doors[door]).status_code for client in (as_ed, as_sam, as_rex, as_nora)] == [403] * 4
    assert state() == before


@pytest.mark.parametrize("door", ["resend", "withdraw", "role", "remove"])
def test_door_does_not_reach_into_another_organisation(as_mallory, doors, door):
    url, data = doors[door]
    before = state()

    assert as_mallory.post(url.replace("/acme/", "/elsewhere/"), data).status_code == 404
    assert state() == before


def test_page_is_for_owners_alone(anonymous, as_ada, as_ed, as_mallory):
    statuses = [client.get(STAFF).status_code for client in (as_ada, as_ed, as_mallory, anonymous)]

    assert statuses == [200, 403, 404, 302]


def test_invite_mails_and_says_so(as_ada, acme, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = as_ada.post(INVITE, {"email": "Jo@acme.example.org", "role": "REVIEWER"})

    assert (response.status_code, response["Location"]) == (302, STAFF)
    assert said(response) == ["jo@acme.example.org is invited. The link in the mail works for 14 days."]
    assert [message.to for message in mail.outbox] == [["jo@acme.example.org"]]
    assert acme.invitations.get().role == Role.REVIEWER


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"email": "jo", "role": "EDITOR"}, "email"),
        ({"email": "jo@example.org\x00", "role": "EDITOR"}, "email"),
        ({"email": "x" * 10_000_000 + "@example.org", "role": "EDITOR"}, "email"),
        ({"email": "ada@acme.example.org", "role": "EDITOR"}, "email"),
        ({"email": "jo@example.org", "role": "KING"}, "role"),
    ],
)
def test_invite_of_the_wrong_says_why(as_ada, data, field):
    response = as_ada.post(INVITE, data)

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert Invitation.objects.count() == 0


@pytest.mark.postgres  # cleaning up after real commits deletes rows, which SQLite's trigger on the trail refuses
@pytest.mark.django_db(transaction=True)
def test_invite_without_a_mail_server_says_what_to_do(as_ada, acme, settings, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    settings.MAILBOX_DIR = blocked
    settings.EMAIL_BACKEND = "badgeserver.mail.MailboxBackend"

    response = as_ada.post(INVITE, {"email": "jo@acme.example.org", "role": "EDITOR"})

    assert response.status_code == 422
    assert "the mail server did not take the mail. Press “Send again”" in response.content.decode()
    assert [row.email for row in response.context["invitations"]] == ["jo@acme.example.org"]


def test_resend_replaces_the_link(as_ada, acme, invitation, doors, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = as_ada.post(*doors["resend"])

    assert response["Location"] == STAFF
    assert acme.invitations.filter(withdrawn_at=None).get().pk != invitation.pk
    assert [message.to for message in mail.outbox] == [["jo@acme.example.org"]]


def test_withdraw_ends_the_invitation(as_ada, invitation, doors):
    response = as_ada.post(*doors["withdraw"])

    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    assert said(response) == ["The invitation of jo@acme.example.org is withdrawn; its link no longer works."]


@pytest.mark.parametrize("door", ["resend", "withdraw"])
def test_answered_invitation_says_why(as_ada, invitation, doors, door):
    as_ada.post(*doors["withdraw"])

    response = as_ada.post(*doors[door])

    assert said(response)[-1] == "This invitation was withdrawn. Ask for a new one."
    assert Invitation.objects.count() == 1


def test_role_changes(as_ada, acme, ada, ed, doors):
    response = as_ada.post(*doors["role"])

    assert roles(acme) == {ada.email: "OWNER", ed.email: "REPORTER"}
    assert said(response) == ["Ed Novak is now Reporter."]


@pytest.mark.parametrize("role", ["", "KING", "\x00", "x" * 1_000_000])
def test_role_that_there_is_not_says_so(as_ada, acme, ada, ed, doors, role):
    response = as_ada.post(doors["role"][0], {"role": role})

    assert said(response) == ["The role stays as it was: choose one from the list."]
    assert roles(acme) == {ada.email: "OWNER", ed.email: "EDITOR"}


def test_last_owner_stays(as_ada, acme, ada):
    member = ada.memberships.get().pk

    removed = as_ada.post(f"{STAFF}{member}/remove/")
    changed = as_ada.post(f"{STAFF}{member}/role/", {"role": "EDITOR"})

    sentence = "Ada Osei is the only owner of Acme. Make somebody else an owner first."
    assert (said(removed)[-1], said(changed)[-1]) == (sentence, sentence)
    assert roles(acme) == {ada.email: "OWNER"}


def test_owner_who_gives_the_role_away_goes_to_the_overview(as_ada, acme, ada, rita):
    MembershipFactory.create(organisation=acme, user=rita)

    response = as_ada.post(f"{STAFF}{ada.memberships.get().pk}/role/", {"role": "EDITOR"})

    assert response["Location"] == "/o/acme/"


def test_owner_may_leave(as_ada, acme, ada, rita):
    MembershipFactory.create(organisation=acme, user=rita)

    response = as_ada.post(f"{STAFF}{ada.memberships.get().pk}/remove/")

    assert (response["Location"], said(response)) == ("/", ["You have left Acme."])
    assert roles(acme) == {rita.email: "OWNER"}


def test_removal_can_be_undone(as_ada, acme, ada, ed, doors):
    removed = as_ada.post(*doors["remove"])
    assert roles(acme) == {ada.email: "OWNER"}

    response = as_ada.post(undo_address(removed))

    assert roles(acme) == {ada.email: "OWNER", ed.email: "EDITOR"}
    assert said(response)[-1] == "Ed Novak works here again, as Editor."


def test_removed_member_is_out_at_once(as_ada, as_ed, doors):
    as_ada.post(*doors["remove"])

    assert as_ed.get("/o/acme/").status_code == 404


@pytest.mark.parametrize("how", ["forged", "another organisation", "too late", "account gone"])
def test_undo_adds_nobody_else(frozen, as_ada, acme, ada, rita, ed, doors, how):
    url = undo_address(as_ada.post(*doors["remove"]))
    if how == "forged":
        url = f"{STAFF}restore/{signing.dumps({'user': str(rita.pk)}, salt='another')}/"
    elif how == "another organisation":
        other = OrganisationFactory.create(slug="other")
        MembershipFactory.create(organisation=other, user=ada)
        url = url.replace("/acme/", "/other/")
    elif how == "too late":
        frozen.shift(timedelta(minutes=16))
    else:
        ed.delete()

    response = as_ada.post(url)

    assert said(response)[-1] == "It is too late to undo this. Invite the person again instead."
    assert roles(acme) == {ada.email: "OWNER"}


def test_page_shows_members_invitations_and_rights(as_ada, acme, ada, ed, invitation):
    response = as_ada.get(STAFF)

    assert [row.membership.user for row in response.context["members"]] == [ada, ed]
    assert list(response.context["invitations"]) == [invitation]
    table = {str(row["words"]): [has for _label, has in row["roles"]] for row in response.context["permissions"]}
    assert table["Award badges"] == [True, True, True, False, False]
    assert table["Read the history"] == [True, False, False, False, False]


@pytest.mark.parametrize("number", [1, 3])
def test_page_takes_the_same_queries_with_1_and_3(as_ada, acme, number, django_assert_num_queries):
    MembershipFactory.create_batch(number, organisation=acme, role=Role.EDITOR)
    InvitationFactory.create_batch(number, organisation=acme)

    with django_assert_num_queries(5):
        as_ada.get(STAFF)
