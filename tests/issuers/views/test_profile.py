import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from issuers import documents
from issuers.models import Issuer
from tests.factories.badges import png
from tests.factories.issuers import IssuerFactory, SigningKeyFactory

LIST = "/o/acme/issuers/"
NEW = "/o/acme/issuers/new/"
VALID = {
    "name": "Acme Safety Board",
    "url": "https://safety.example.org",
    "email": "safety@acme.example.org",
    "language": "de",
}


@pytest.fixture
def detail(academy):
    return f"/o/acme/issuers/{academy.pk}/"


@pytest.fixture
def edit(detail):
    return f"{detail}edit/"


def test_owner_creates_an_issuer(as_ada, academy):
    response = as_ada.post(NEW, VALID)

    made = Issuer.objects.exclude(pk=academy.pk).get()
    assert (response.status_code, response["Location"]) == (302, f"/o/acme/issuers/{made.pk}/")
    assert (made.name, made.language, made.organisation) == ("Acme Safety Board", "de", academy.organisation)
    assert made.signing_keys.count() == 1


def test_owner_edits_the_profile(as_ada, academy, edit, detail):
    response = as_ada.post(edit, {**VALID, "image": SimpleUploadedFile("logo.png", png(64))})

    academy.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, detail)
    assert (academy.name, academy.image_media_type) == ("Acme Safety Board", "image/png")


def test_owner_removes_the_logo(as_ada, academy, edit):
    as_ada.post(edit, {**VALID, "image": SimpleUploadedFile("logo.png", png(64))})
    as_ada.post(edit, {**VALID, "image-clear": "on"})

    academy.refresh_from_db()
    assert academy.image.name == ""


@pytest.mark.usefixtures("detail")
def test_asking_for_a_page_writes_nothing(as_ada, academy, edit, detail):
    before = Issuer.objects.values().get()

    statuses = [as_ada.get(url).status_code for url in (LIST, NEW, detail, edit)]

    assert statuses == [200, 200, 200, 200]
    assert Issuer.objects.values().get() == before


@pytest.mark.parametrize("door", ["list", "new", "detail", "edit"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_doors_are_closed_to_everybody_but_owners(
    anonymous, as_mallory, as_ed, as_sam, as_rex, as_nora, as_rita, detail, edit, door, method
):
    url = {"list": LIST, "new": NEW, "detail": detail, "edit": edit}[door]
    if method == "post" and door in {"list", "detail"}:
        assert as_ed.post(url, VALID).status_code == 405
        return

    stranger = getattr(anonymous, method)(url, VALID)

    assert (stranger.status_code, stranger["Location"].split("?")[0]) == (302, "/accounts/login/")
    assert [getattr(client, method)(url, VALID).status_code for client in (as_mallory, as_rita)] == [404, 404]
    assert [getattr(client, method)(url, VALID).status_code for client in (as_ed, as_sam, as_rex, as_nora)] == [403] * 4
    assert list(Issuer.objects.values_list("name", flat=True)) == ["Acme Academy"]


def test_issuer_of_somebody_else_is_not_found_in_ones_own_workspace(as_ada, elsewhere_issuer, acme):
    url = f"/o/acme/issuers/{elsewhere_issuer.pk}/"

    assert [as_ada.get(url).status_code, as_ada.post(f"{url}edit/", VALID).status_code] == [404, 404]
    elsewhere_issuer.refresh_from_db()
    assert elsewhere_issuer.name == "Elsewhere School"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": "acme academy"}, ["name"]),
        ({"name": "\x00"}, ["name"]),
        ({"url": "ftp://acme.example.org"}, ["url"]),
        ({"email": "nobody"}, ["email"]),
        ({"description": "x" * 10_000_000}, ["description"]),
        ({"language": "klingon"}, ["language"]),
        ({"image": SimpleUploadedFile("logo.svg", b"<svg onload='x'")}, ["image"]),
    ],
)
def test_invalid_input_says_why_and_keeps_nothing(as_ada, academy, changes, fields):
    response = as_ada.post(NEW, {**VALID, **changes})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == fields
    assert Issuer.objects.count() == 1


def test_invalid_edit_says_why_and_changes_nothing(as_ada, academy, edit):
    response = as_ada.post(edit, {**VALID, "telephone": "020 7946 0018"})

    assert response.status_code == 422
    assert "Begin with + and the code of your country" in response.content.decode()
    academy.refresh_from_db()
    assert academy.name == "Acme Academy"


def test_detail_shows_address_and_key_but_nothing_private(as_ada, academy, detail):
    key = academy.signing_keys.get()

    text = as_ada.get(detail).content.decode()

    assert f'value="{documents.issuer_id(academy)}"' in text
    assert f'value="{documents.key_id(key)}"' in text
    assert key.kid in text
    assert "PRIVATE" not in text
    assert key.encrypted_private_key not in text


def test_list_without_an_issuer_says_what_to_do_first(as_ada):
    assert "Create an issuer" in as_ada.get(LIST).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_the_same_queries_with_1_and_3(as_ada, acme, number, django_assert_num_queries):
    for issuer in IssuerFactory.create_batch(number, organisation=acme):
        SigningKeyFactory.create(issuer=issuer)

    with django_assert_num_queries(8):
        response = as_ada.get(LIST)

    assert len(response.context["issuers"]) == number
