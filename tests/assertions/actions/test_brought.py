import pytest

from assertions.actions.brought import MAX_BYTES, Brought, NoAddress, NothingBrought, bring, seal, unseal
from tests.factories.badges import SVG, png

pytestmark = pytest.mark.django_db

LINK = "https://badges.example.net/a/1"
JWS = "eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (LINK, LINK),
        (f"  {LINK}\n", LINK),
        (f"<{LINK}>", LINK),
        (f"“{LINK}”.", LINK),
        (f"My badge is at {LINK}, have a look!", LINK),
        ("badges.example.net/a/1", LINK),
        ("https://badges.example.net/\n  a/1", LINK),
        (f"{LINK}?a=1&b=2#x", f"{LINK}?a=1&b=2#x"),
        (f" {JWS} ", JWS),
        ("eyJhbGciOiJSUzI1NiJ9.\neyJhIjoxfQ.\r\nc2ln", JWS),
        ('\ufeff {"id": 1} ', '{"id": 1}'),
        ('{"see": "https://badges.example.net/a/1"}', '{"see": "https://badges.example.net/a/1"}'),
        ("BADGES.example.org/public/x", "http://badges.example.org/public/x"),
        ("https://badges.example.org/public/x", "http://badges.example.org/public/x"),
        ("hello there", "hello there"),
        ("a\x00b", "ab"),
    ],
)
def test_text_is_taken_as_it_is_meant(text, source):
    assert bring(text=text).source == source


def test_file_goes_before_text():
    assert bring(text=LINK, file=b"x").source == b"x"


@pytest.mark.parametrize(
    ("text", "file", "field"),
    [("", None, "badge"), (" \n", None, "badge"), ("", b"", "file"), ("", b"x" * (MAX_BYTES + 1), "file")],
)
def test_nothing_and_too_much_are_refused(text, file, field):
    with pytest.raises(NothingBrought) as refusal:
        bring(text=text, file=file)
    assert refusal.value.field == field


@pytest.mark.parametrize("recipient", ["rita", "rita@", "@example.org", "rita\x00@example.org"])
def test_recipient_that_is_no_address_is_refused(recipient):
    with pytest.raises(NoAddress):
        bring(text=LINK, recipient=recipient)


@pytest.mark.parametrize(
    ("source", "form"),
    [(LINK, "url"), (JWS, "jws"), ('{"id": 1}', "json"), (b' {"id": 1}', "json"), (png(), "png"), (SVG, "svg")],
)
def test_form_is_told_by_what_it_is(source, form):
    assert Brought(source=source).form == form


@pytest.mark.parametrize("source", [LINK, png(), b"", b"\n", "\n{", "\ud800"])
def test_what_is_sealed_is_the_same_again_and_unreadable_between(source):
    brought = Brought(source=source, recipient="rita@example.org")
    sealed = seal(brought)
    assert b"rita" not in sealed
    assert unseal(sealed) == brought


def test_what_another_key_sealed_is_not_opened(settings):
    sealed = seal(Brought(source=LINK))
    settings.KEY_ENCRYPTION_KEYS = ["QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="]
    assert unseal(sealed) is None
