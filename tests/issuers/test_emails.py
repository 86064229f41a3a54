import pytest
from django.core import mail

from issuers.emails import send_staff_invitation
from issuers.models import Role
from tests.factories.issuers import InvitationFactory


@pytest.fixture
def sent(acme, ada):
    acme.name = "Acme & <Sons>\nBcc: all@example.org"
    acme.save()
    invitation = InvitationFactory.create(organisation=acme, email="jo@example.org", role=Role.AWARDER, invited_by=ada)
    send_staff_invitation(invitation, "the-token")
    return mail.outbox[0]


def test_invitation_goes_to_the_invited_address_alone(sent):
    assert (sent.to, sent.cc, sent.bcc) == (["jo@example.org"], [], [])


def test_invitation_subject_is_one_line_of_plain_words(sent):
    assert sent.subject == "Ada Osei invites you to Acme & <Sons> Bcc: all@example.org"


def test_invitation_text_says_all_of_it(sent):
    assert "http://badges.example.org/invitations/the-token/" in sent.body
    assert "- Award badges\n" in sent.body
    assert "- Create, publish and archive badges" not in sent.body
    assert "until 16 March 2026" in sent.body
    assert "Acme & <Sons>" in sent.body


def test_invitation_html_says_the_same_and_escapes(sent):
    html = sent.alternatives[0].content

    assert 'href="http://badges.example.org/invitations/the-token/"' in html
    assert "Acme &amp; &lt;Sons&gt;" in html
    assert "<Sons>" not in html
    assert "award badges; revoke awards" in html


def test_invitation_without_an_inviter(acme):
    send_staff_invitation(InvitationFactory.create(organisation=acme), "t")

    assert mail.outbox[0].subject == "You are invited to Acme"
    assert mail.outbox[0].body.startswith("You are invited to Acme, as Editor,")
