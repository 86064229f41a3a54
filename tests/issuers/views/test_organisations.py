import pytest

from issuers.models import Organisation, Role

URL = "/organisations/new/"
VALID = {
    "organisation": "Lighthouse Keepers",
    "name": "Lighthouse Academy",
    "url": "lighthouse.example.org",
    "email": "badges@lighthouse.example.org",
    "language": "en",
    "telephone": "+44 20 7946 0018",
}


def test_newcomer_makes_an_organisation_with_its_first_issuer(as_rita, rita):
    response = as_rita.post(URL, VALID)

    organisation = Organisation.objects.get()
    issuer = organisation.issuers.get()
    assert (response.status_code, response["Location"]) == (302, "/o/lighthouse-keepers/")
    assert organisation.memberships.get().role == Role.OWNER
    assert organisation.memberships.get().user == rita
    assert (issuer.url, issuer.telephone) == ("https://lighthouse.example.org", "+442079460018")
    assert issuer.signing_keys.count() == 1


def test_form_is_there_and_writes_nothing(as_rita):
    response = as_rita.get(URL)

    assert response.status_code == 200
    assert Organisation.objects.count() == 0


@pytest.mark.parametrize("method", ["get", "post"])
def test_anonymous_is_sent_to_sign_in(anonymous, method):
    response = getattr(anonymous, method)(URL, VALID)

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=/organisations/new/")
    assert Organisation.objects.count() == 0


def test_member_of_another_may_make_one_too(as_mallory, acme):
    as_mallory.post(URL, VALID)

    assert sorted(Organisation.objects.values_list("slug", flat=True)) == ["acme", "elsewhere", "lighthouse-keepers"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"organisation": ""}, ["organisation"]),
        ({"organisation": "x" * 121}, ["organisation"]),
        ({"name": "a\x00b"}, ["name"]),
        ({"telephone": "020"}, ["telephone"]),
        ({"email": '"a b"@example.org'}, ["email"]),
    ],
)
def test_invalid_input_says_why_and_keeps_nothing(as_rita, changes, fields):
    response = as_rita.post(URL, {**VALID, **changes})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == fields
    assert Organisation.objects.count() == 0


def test_empty_form_says_why(as_rita):
    response = as_rita.post(URL, {})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["organisation", "name", "url", "email", "language"]
