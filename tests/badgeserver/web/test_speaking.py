"""In which language the workspace speaks."""

import pytest

from badgeserver.accounts.actions import UnknownLanguage, choose_language

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
PROFILE = "/accounts/profile/"


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr,de;q=0.5", "de"),
        ("fr", "en"),
        ("", "en"),
        ("\x00" * 9, "en"),
        ("en-GB,de", "en"),
    ],
)
def test_strangers_are_spoken_to_as_their_browser_asks(client, accepted, spoken):
    response = client.get(LOGIN, headers={"Accept-Language": accepted})

    assert (response["Content-Language"], f'<html lang="{spoken}">' in response.content.decode()) == (spoken, True)
    assert "Accept-Language" in response["Vary"]


def test_what_a_person_chose_comes_before_the_browser(as_rita, rita):
    response = as_rita.post(PROFILE, {"name": rita.name, "language": "de"})
    rita.refresh_from_db()

    assert (response.status_code, rita.language) == (302, "de")
    assert as_rita.get(PROFILE, headers={"Accept-Language": "en"})["Content-Language"] == "de"


def test_the_browser_is_followed_again_when_nothing_is_chosen(as_rita, rita):
    choose_language(user=rita, language="de")
    as_rita.post(PROFILE, {"name": rita.name, "language": ""})

    assert as_rita.get(PROFILE, headers={"Accept-Language": "en"})["Content-Language"] == "en"


@pytest.mark.parametrize("language", ["fr", "xx", "de\x00", "d" * 10_000])
def test_a_language_that_we_do_not_speak_is_refused_beside_its_field(as_rita, rita, language):
    response = as_rita.post(PROFILE, {"name": "Rita Moore", "language": language})
    before = rita.name
    rita.refresh_from_db()

    assert (response.status_code, rita.name, rita.language) == (422, before, "")
    assert list(response.context["form"].errors) == ["language"]
    with pytest.raises(UnknownLanguage, match="of the list"):
        choose_language(user=rita, language=language)


def test_programs_are_answered_in_english(client):
    response = client.get("/api/v1/badges", headers={"Accept-Language": "de"})

    assert (response.status_code, response.headers.get("Content-Language")) == (401, None)
