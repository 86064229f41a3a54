import pytest

from tests.factories.issuers import MembershipFactory, OrganisationFactory


def test_stranger_is_welcomed_without_a_cookie(anonymous, db):
    response = anonymous.get("/")

    assert response.status_code == 200
    assert response.cookies == {}
    for address in ("/accounts/signup/", "/accounts/login/", "/verify/"):
        assert f'href="{address}"' in response.text


def test_staff_are_led_to_their_first_organisation(as_ada, ada):
    MembershipFactory.create(user=ada, organisation=OrganisationFactory.create(name="Aardvark", slug="aardvark"))

    assert as_ada.get("/").url == "/o/aardvark/"


def test_person_without_organisation_is_led_to_their_badges(as_rita):
    assert as_rita.get("/").url == "/my/badges/"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_home_is_only_read(anonymous, db, method):
    assert getattr(anonymous, method)("/").status_code == 405
