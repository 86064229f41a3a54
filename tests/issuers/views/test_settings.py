import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.badges import png

pytestmark = pytest.mark.django_db

SETTINGS = "/o/acme/settings/"
LOOK = "/o/acme/settings/look/"
VALID = {"name": "Acme", "language": "de", "accent": "#0a7d55"}


def test_owner_saves_the_look(as_ada, acme):
    response = as_ada.post(SETTINGS, {**VALID, "logo": SimpleUploadedFile("logo.png", png(64))})

    acme.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, SETTINGS)
    assert (acme.accent, acme.language, acme.four_eyes, bool(acme.logo)) == ("#0a7d55", "de", False, True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"accent": "greenish"}, "Write the colour as # and six digits or letters up to f, such as #1f6feb."),
        ({"accent": "\x00"}, "Null characters are not allowed."),
        ({"name": ""}, "Write the name of your organisation."),
        ({"language": "xx"}, "Select a valid choice. xx is not one of the available choices."),
    ],
)
def test_bad_input_is_told_beside_its_field_and_nothing_is_saved(as_ada, acme, changes, sentence):
    response = as_ada.post(SETTINGS, {**VALID, **changes})

    acme.refresh_from_db()
    assert (response.status_code, acme.accent, acme.language) == (422, "", "en")
    assert [errors[0] for errors in response.context["form"].errors.values()] == [sentence]


def test_logo_that_is_a_bomb_is_told_beside_its_field(as_ada, acme):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'
    response = as_ada.post(SETTINGS, {**VALID, "logo": SimpleUploadedFile("logo.svg", bomb)})

    acme.refresh_from_db()
    assert (response.status_code, acme.accent, bool(acme.logo)) == (422, "", False)
    assert list(response.context["form"].errors) == ["logo"]


def test_preview_says_how_well_a_colour_reads(as_ada):
    light = as_ada.post(LOOK, {"accent": "#ffd400"})
    dark = as_ada.post(LOOK, {"accent": "1f4d7a"})
    none = as_ada.post(LOOK, {"accent": "no colour"})

    assert "reaches a contrast of 1.4 to 1: too little for words" in light.content.decode()
    assert "reaches a contrast of 8.7 to 1: it is used as it is" in dark.content.decode()
    assert "pages use ours" in none.content.decode()


def test_style_sheet_is_the_same_for_ever(client):
    response = client.get("/brand/0a7d55.css")

    assert (response.status_code, response["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.content.decode().startswith(":root{--accent:light-dark(#0a7d55,")
    assert not response.cookies


@pytest.mark.parametrize("accent", ["0A7D55", "fff", "red", "%230a7d55", "0a7d55}body{"])
def test_style_sheet_of_what_is_no_colour_is_not_there(client, accent):
    assert client.get(f"/brand/{accent}.css").status_code == 404


def test_public_pages_wear_the_colour_and_the_logo(client, acme, badge, assertion, logo_of_acme):
    acme.accent = "#0a7d55"
    acme.logo = badge.issuer.organisation.logo
    acme.save()
    pages = [f"/public/badges/{badge.pk}", f"/public/assertions/{assertion.pk}", f"/public/issuers/{badge.issuer_id}"]
    for address in pages:
        html = client.get(address, headers={"Accept": "text/html"}).content.decode()
        assert '<link rel="stylesheet" href="/brand/0a7d55.css">' in html
        assert f'<img src="/public/issuers/{badge.issuer_id}/image" alt="" height="28">' in html
    image = client.get(f"/public/issuers/{badge.issuer_id}/image")
    assert (image.status_code, image.content) == (200, logo_of_acme)


def test_profile_of_an_issuer_names_no_image_that_is_not_its_own(client, academy, logo_of_acme):
    document = client.get(f"/public/issuers/{academy.pk}", headers={"Accept": "application/json"}).json()

    assert logo_of_acme
    assert "image" not in document
