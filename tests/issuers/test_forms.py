import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from badgeserver.pictures import Picture
from issuers.forms import LANGUAGES, ApiTokenForm, HistoryFilterForm, InvitationForm, IssuerForm
from issuers.queries import HistoryActor
from tests.factories.badges import SVG, png

VALID = {
    "name": "Acme Academy",
    "url": "https://academy.example.org",
    "email": "badges@academy.example.org",
    "language": "en",
}


def errors(files=None, **changes: object) -> dict[str, list[str]]:
    return dict(IssuerForm({**VALID, **changes}, files or {}).errors)


def test_issuer_form_of_the_necessary():
    form = IssuerForm(VALID)

    assert form.is_valid()
    assert form.issuer_fields().url == "https://academy.example.org"
    assert (form.issuer_fields().image, form.issuer_fields().remove_image) == (None, False)


@pytest.mark.parametrize(
    ("latitude", "longitude", "kept"),
    [
        ("53.5445", "9.9666", ("53.544500", "9.966600")),
        (" 53,5445° ", "-9,9666", ("53.544500", "-9.966600")),
        ("-90", "180", ("-90.000000", "180.000000")),
        ("53.54451234567", "0", ("53.544512", "0.000000")),
    ],
)
def test_place_is_kept_as_precisely_as_a_step(latitude, longitude, kept):
    form = IssuerForm({**VALID, "place": "Quay 7", "latitude": latitude, "longitude": longitude})

    assert form.is_valid(), form.errors
    fields = form.issuer_fields()
    assert (fields.place, fields.latitude, fields.longitude) == ("Quay 7", Decimal(kept[0]), Decimal(kept[1]))


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"place": "Quay 7"}, ["latitude", "longitude"]),
        ({"latitude": "53.5", "longitude": "9.9"}, ["place"]),
        ({"place": "Quay 7", "latitude": "53.5"}, ["longitude"]),
        ({"place": "Quay 7", "latitude": "90.1", "longitude": "9"}, ["latitude"]),
        ({"place": "Quay 7", "latitude": "53", "longitude": "-180.5"}, ["longitude"]),
        ({"place": "Quay 7", "latitude": "north", "longitude": "9"}, ["latitude"]),
        ({"place": "Quay 7", "latitude": "NaN", "longitude": "Infinity"}, ["latitude", "longitude"]),
        ({"place": "Quay 7", "latitude": "1e999", "longitude": "9"}, ["latitude"]),
        ({"place": "x" * 201, "latitude": "1", "longitude": "1"}, ["place"]),
        ({"place": "a\x00b", "latitude": "1", "longitude": "1"}, ["place"]),
        ({"place": "Quay 7", "latitude": "1" * 5_000, "longitude": "1"}, ["latitude"]),
    ],
)
def test_place_is_whole_and_on_the_earth(typed, wrong):
    assert sorted(errors(**typed)) == wrong


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+44 20 7946 0018", "+442079460018"),
        ("+44 (0)20 7946-0018", "+442079460018"),
        ("0044.20.7946.0018", "+442079460018"),
        ("+49/30/901820", "+4930901820"),
        ("+1 617 555 1212", "+16175551212"),
        ("", ""),
    ],
)
def test_telephone_becomes_e164(typed, kept):
    form = IssuerForm({**VALID, "telephone": typed})

    assert form.is_valid()
    assert form.issuer_fields().telephone == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("020 7946 0018", "Begin with + and the code of your country, such as +44 20 7946 0018 or +49 30 901820."),
        ("+44 20 CALL ME", "Write a number that can be dialled: + and 7 to 15 digits, such as +44 20 7946 0018."),
        ("+44", "Write a number that can be dialled: + and 7 to 15 digits, such as +44 20 7946 0018."),
        ("+0123456789", "Write a number that can be dialled: + and 7 to 15 digits, such as +44 20 7946 0018."),
        ("+" + "1" * 16, "Write a number that can be dialled: + and 7 to 15 digits, such as +44 20 7946 0018."),
        ("+٤٤٢٠٧٩٤٦٠٠١٨", "Write a number that can be dialled: + and 7 to 15 digits, such as +44 20 7946 0018."),
    ],
)
def test_telephone_that_is_none_says_how(typed, sentence):
    assert errors(telephone=typed) == {"telephone": [sentence]}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("academy.example.org", "https://academy.example.org"), ("http://a.example.org/x", "http://a.example.org/x")],
)
def test_url_is_http_or_https(typed, kept):
    form = IssuerForm({**VALID, "url": typed})

    assert form.is_valid()
    assert form.issuer_fields().url == kept


@pytest.mark.parametrize(
    "typed",
    ["ftp://a.example.org", "javascript:alert(1)", "https://ada@a.example.org", "https://a b.example.org", "https://"],
)
def test_url_of_another_kind_is_refused(typed):
    assert list(errors(url=typed)) == ["url"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1234567", "1234567"),
        (" 123 4567 ", "1234567"),
        ("https://www.linkedin.com/company/1234567/admin/", "1234567"),
        ("", ""),
    ],
)
def test_linkedin_number_may_be_pasted_as_an_address(typed, kept):
    form = IssuerForm({**VALID, "linkedin_id": typed})

    assert form.is_valid()
    assert form.issuer_fields().linkedin_id == kept


@pytest.mark.parametrize("typed", ["https://www.linkedin.com/company/acme/", "acme", "1" * 21, "٣"])
def test_linkedin_number_that_is_none(typed):
    assert errors(linkedin_id=typed) == {
        "linkedin_id": [
            "Write the number alone, such as 1234567. The name in the address of the page does not work here."
        ]
    }


def test_languages_are_bcp_47_and_each_is_named_once():
    tags = [tag for tag, _name in LANGUAGES]

    assert len(tags) == len(set(tags)) == len({name for _tag, name in LANGUAGES})
    assert all(IssuerForm({**VALID, "language": tag}).is_valid() for tag in tags)


@pytest.mark.parametrize("language", ["", "xx", "en_US", "<script>"])
def test_language_is_one_of_the_list(language):
    assert list(errors(language=language)) == ["language"]


@pytest.mark.parametrize(("data", "media_type"), [(png(64), "image/png"), (SVG, "image/svg+xml")])
def test_logo_becomes_a_safe_picture(data, media_type):
    form = IssuerForm(VALID, {"image": SimpleUploadedFile("anything.exe", data)})

    assert form.is_valid()
    picture = form.issuer_fields().image
    assert isinstance(picture, Picture)
    assert picture.media_type == media_type


def jpeg() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (64, 64)).save(data, "JPEG")
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "begins"),
    [
        (jpeg(), "This is a JPEG picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "This SVG"),
        (b"hello", "This file is not a PNG or SVG picture."),
        (png(24), "This picture is 24 by 24 pixels"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 2_200_000, "This file is larger than 2 MB."),
        (b"", "The submitted file is empty."),
    ],
)
def test_logo_that_is_refused_says_why(data, begins):
    sentences = errors({"image": SimpleUploadedFile("logo.png", data)})["image"]

    assert [sentence[: len(begins)] for sentence in sentences] == [begins]


@pytest.mark.parametrize("field", ["name", "url", "email", "description", "telephone", "image_alt", "linkedin_id"])
@pytest.mark.parametrize("text", ["a\x00b", "x" * 10_000_000], ids=["null", "10 MB"])
def test_hostile_text_is_refused_beside_its_field(field, text):
    assert list(errors(**{field: text})) == [field]


def test_long_description_says_both_lengths():
    assert errors(description="x" * 2001) == {"description": ["Shorten this to 2000 characters; it has 2001."]}


def test_form_of_an_issuer_shows_what_there_is(academy):
    academy.image.name = "issuers/somewhere/secret-path.png"
    academy.language = "tlh"

    html = str(IssuerForm(issuer=academy))

    assert 'value="Acme Academy"' in html
    assert "secret-path" not in html
    assert '<option value="tlh" selected>' in html


def test_invitation_form_keeps_the_normal_form_of_an_address():
    form = InvitationForm({"email": " Jo@Example.ORG ", "role": "EDITOR"})

    assert form.is_valid()
    assert form.cleaned_data["email"] == "jo@example.org"


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"email": "jo", "role": "EDITOR"}, ["email"]),
        ({"email": "jo@example.org\x00", "role": "EDITOR"}, ["email"]),
        ({"email": "jo@example.org", "role": "KING"}, ["role"]),
        ({}, ["email", "role"]),
    ],
)
def test_invitation_form_refuses(data, fields):
    assert list(InvitationForm(data).errors) == fields


def test_token_form_counts_from_the_moment():
    at = datetime(2026, 3, 2, tzinfo=UTC)
    form = ApiTokenForm({"name": "X", "scopes": ["awards:read"], "expires": "30"})
    never = ApiTokenForm({"name": "X", "scopes": ["awards:read"], "expires": "never"})

    assert (form.is_valid(), never.is_valid()) == (True, True)
    assert (form.expires_at(at), never.expires_at(at)) == (at + timedelta(days=30), None)


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"scopes": ["awards:read"], "expires": "never"}, ["name"]),
        ({"name": "X", "expires": "never"}, ["scopes"]),
        ({"name": "X", "scopes": ["everything"], "expires": "never"}, ["scopes"]),
        ({"name": "X", "scopes": ["awards:read"]}, ["expires"]),
        ({"name": "X", "scopes": ["awards:read"], "expires": "9999999"}, ["expires"]),
    ],
)
def test_token_form_refuses(data, fields):
    assert list(ApiTokenForm(data).errors) == fields


def chosen(**query: str) -> dict[str, object]:
    return HistoryFilterForm(query, actors=[HistoryActor("ada-id", "Ada")]).chosen()


def test_history_filter_reads_a_query():
    assert chosen(kind="tokens", person="ada-id", since="2026-03-01", until="2026-03-02") == {
        "types": ("issuer.token",),
        "actor_id": "ada-id",
        "since": datetime(2026, 3, 1, tzinfo=UTC),
        "before": datetime(2026, 3, 3, tzinfo=UTC),
    }


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"kind": "nonsense", "person": "mallory", "since": "yesterday", "until": "2026-02-30"},
        {"since": "0001-01-01", "until": "9999-12-31"},
        {"kind": "\x00", "person": "\x00", "since": "\x00"},
    ],
)
def test_history_filter_leaves_out_what_means_nothing(query):
    assert chosen(**query) == {"types": (), "actor_id": "", "since": None, "before": None}
