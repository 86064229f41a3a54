from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from issuers.models import Membership, Role
from tests.factories.accounts import EmailAddressFactory, UserFactory
from tests.factories.issuers import InvitationFactory

URL = "/invitations/the-token/"


@pytest.fixture
def invitation(acme, ada, rita):
    return InvitationFactory.create(
        organisation=acme,
        email=rita.email,
        role=Role.AWARDER,
        token="the-token",
        invited_by=ada,
        created_at=timezone.now(),
    )


def test_invited_person_accepts(as_rita, rita, acme, invitation):
    page = as_rita.get(URL)
    response = as_rita.post(URL)

    assert (page.status_code, page.context["state"], page.context["is_second_address"]) == (200, "yours", False)
    assert (response.status_code, response["Location"]) == (302, "/o/acme/")
    assert rita.memberships.get().role == Role.AWARDER


def test_asking_for_the_page_accepts_nothing(as_rita, invitation):
    as_rita.get(URL)
    as_rita.head(URL)

    invitation.refresh_from_db()
    assert (invitation.accepted_at, Membership.objects.filter(role=Role.AWARDER).count()) == (None, 0)


@pytest.mark.usefixtures("invitation")
def test_anonymous_goes_on_to_sign_up_or_in_and_comes_back(anonymous, rita):
    response = anonymous.get(URL)

    assert (response.status_code, response.context["state"]) == (200, "stranger")
    signup = parse_qs(response.context["signup_query"])
    assert signup == {"email": [rita.email], "next": [URL]}
    assert parse_qs(response.context["login_query"]) == {"next": [URL]}
    assert "/accounts/signup/?email=rita%40mail.example.org&amp;next=%2Finvitations%2Fthe-token%2F" in (
        response.content.decode()
    )


def test_anonymous_cannot_accept(anonymous, invitation):
    response = anonymous.post(URL)

    assert (response.status_code, urlsplit(response["Location"]).path) == (302, "/accounts/login/")
    assert parse_qs(urlsplit(response["Location"]).query) == {"next": [URL]}
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


@pytest.mark.usefixtures("invitation")
def test_sign_up_form_is_filled_in(anonymous, rita):
    query = anonymous.get(URL).context["signup_query"]

    assert f'value="{rita.email}"' in anonymous.get(f"/accounts/signup/?{query}").content.decode()


@pytest.mark.usefixtures("invitation")
def test_another_account_is_told_how_and_cannot_accept(as_mallory, acme, rita):
    page = as_mallory.get(URL)
    response = as_mallory.post(URL)

    assert page.context["state"] == "other_address"
    assert f"Add {rita.email}" in page.content.decode()
    assert "Accept and join" not in page.content.decode()
    assert response.status_code == 422
    assert "Add and confirm that address in your account, then accept." in response.content.decode()
    assert acme.memberships.filter(role=Role.AWARDER).count() == 0


def test_account_with_the_invited_address_as_its_second_accepts(acme, invitation, rita):
    rita.emailaddress_set.all().delete()
    olive = UserFactory.create(email="olive@mail.example.org", name="Olive")
    EmailAddressFactory.create(user=olive, email=invitation.email, primary=False)
    client = Client()
    client.force_login(olive)

    page = client.get(URL)
    client.post(URL)

    assert (page.context["state"], page.context["is_second_address"]) == ("yours", True)
    assert "is yours too" in page.content.decode()
    assert olive.memberships.get().organisation == acme


def test_member_keeps_their_role(as_ada, ada, acme, invitation):
    EmailAddressFactory.create(user=ada, email="ada@home.example.org", primary=False)
    invitation.email = "ada@home.example.org"
    invitation.save()

    page = as_ada.get(URL)
    response = as_ada.post(URL)

    assert (page.status_code, page.context["state"]) == (200, "member")
    assert response.status_code == 422
    assert ada.memberships.get().role == Role.OWNER


@pytest.mark.parametrize("token", ["wrong", "x" * 5_000, "%00", "%F0%9F%98%80", "a'b\"<script>"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_wrong_token_is_a_clear_page(as_rita, token, method):
    response = getattr(as_rita, method)(f"/invitations/{token}/")

    assert (response.status_code, response.context["state"]) == (404, "unknown")
    assert "<h1>This link does not work</h1>" in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"accepted_at": timezone.now()}, "was accepted on"),
        ({"withdrawn_at": timezone.now()}, "was withdrawn, or replaced by a newer one"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "ran out on"),
    ],
)
@pytest.mark.parametrize("who", ["anonymous", "as_rita"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_invitation_that_is_over_is_a_clear_page(request, acme, invitation, changes, sentence, who, method):
    for name, value in changes.items():
        setattr(invitation, name, value)
    invitation.save()

    response = getattr(request.getfixturevalue(who), method)(URL)

    if who == "anonymous" and method == "post":
        assert response.status_code == 302
    else:
        assert (response.status_code, response.context["state"]) == (410, "gone")
        assert sentence in response.content.decode()
    assert acme.memberships.filter(role=Role.AWARDER).count() == 0


@pytest.mark.usefixtures("invitation")
def test_secret_address_stays_on_the_page(anonymous):
    response = anonymous.get(URL)

    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
