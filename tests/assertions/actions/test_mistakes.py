import base64
import json

import pytest
from django.urls import reverse

from assertions.actions.brought import bring
from assertions.actions.mistakes import NoBadgeInIt, refuse_mistakes
from badgeserver.addresses import absolute, public_url
from tests.factories.badges import SVG, png


def refusal(**brought: object) -> NoBadgeInIt:
    with pytest.raises(NoBadgeInIt) as refused:
        refuse_mistakes(bring(**brought))
    return refused.value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Here is my certificate.", "There is no badge in this text."),
        ("ftp://badges.example.net/1", "There is no badge in this text."),
        ("badges.example.net", "There is no badge in this text."),
        ("rita@mail.example.org", "This is an e-mail address."),
        ('{"type": "Assertion",', "This JSON cannot be read; a part may be missing."),
        ("eyJhbGciOiJSUzI1NiJ9", "Only a part of the signed badge was copied."),
        ("eyJhbGciOiJSUzI1NiJ9.eyJ0eXBlIjoi", "Only a part of the signed badge was copied."),
    ],
)
def test_text_without_a_badge_says_what_to_bring(db, text, sentence):
    refused = refusal(text=text)
    assert refused.message.startswith(sentence)
    assert refused.field == "badge"


@pytest.mark.parametrize("lost", [1, 2, 3, 40, 300])
def test_signature_that_lost_its_end_is_no_forgery(assertion, lost):
    assert refusal(text=assertion.jws[:-lost]).message.startswith("Only a part of the signed badge was copied.")


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (png(), "There is no badge inside this picture."),
        (SVG, "There is no badge inside this picture."),
        (png()[:300], "This PNG image is damaged: its parts do not fit together. Ask for the file"),
        (b"\xff\xd8\xff\xe0 and so on", "This is a JPEG file, which cannot hold a badge."),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "This is a WebP file"),
        (b"\x00\x00\x00\x18ftypheic", "This is a HEIC file"),
        (b"%PDF-1.7", "This is a PDF file"),
        (b"\x80\x81", "This file is neither a picture with a badge inside nor a badge as text."),
        (b"My certificates", "There is no badge in this text."),
    ],
)
def test_file_without_a_badge_says_what_to_bring(db, file, sentence):
    refused = refusal(file=file)
    assert refused.message.startswith(sentence)
    assert refused.field == "file"


def test_page_about_something_else_is_told_apart_from_an_award(badge):
    assert "what the badge stands for" in refusal(text=public_url("public:badge", badge.pk)).message
    receipt = absolute(reverse("assertions:receipt", args=[badge.pk]))
    assert "the receipt of an earlier check" in refusal(text=receipt).message


def test_what_may_be_a_badge_goes_on(assertion, harbour_like):
    number = str(assertion.pk)
    award = public_url("public:assertion", assertion.pk)
    for text in (assertion.jws, number, f"urn:uuid:{number}", award, f"{award}.json", "https://badges.example.net/1"):
        refuse_mistakes(bring(text=text))
    refuse_mistakes(bring(text=harbour_like))
    refuse_mistakes(bring(file=assertion.jws.encode()))
    refuse_mistakes(bring(text=json.dumps({"type": "Assertion"})))


@pytest.fixture
def harbour_like() -> str:
    """A signed badge whose header is spaced as others space theirs, by a key that is no RSA key."""
    head = base64.urlsafe_b64encode(b'{ "alg": "ES256" }').rstrip(b"=").decode()
    body = base64.urlsafe_b64encode(b'{"type": "Assertion"}').rstrip(b"=").decode()
    return f"{head}.{body}.{base64.urlsafe_b64encode(bytes(64)).rstrip(b'=').decode()}"
