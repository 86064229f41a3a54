"""Addresses and identifiers."""

import uuid

import pytest

from badgeserver.openbadges.iris import authority, is_badge_iri, is_data_image, is_http_url, is_urn_uuid


@pytest.mark.parametrize(
    "url",
    ["https://example.org", "http://localhost:8000/a?b=c#d", "https://[::1]:8000/x", "https://xn--nxasmq6b.example/"],
)
def test_is_http_url_knows_web_addresses(url):
    assert is_http_url(url) is True


@pytest.mark.parametrize(
    "value",
    [
        "",
        "example.org",
        "/public/1",
        "ftp://example.org/",
        "https://",
        "https:///path",
        "https://example.org/a b",
        "https://example.org/\n",
        "https://ada:secret@example.org/",
        "https://example.org:99999/",
        "https://[::1/",
        "https://example.org/" + "a" * 2_000,
        "javascript:alert(1)",
        None,
        3,
        ["https://example.org/"],
    ],
)
def test_is_http_url_refuses_the_rest(value):
    assert is_http_url(value) is False


def test_is_urn_uuid_takes_versions_one_to_five_only():
    assert is_urn_uuid(f"urn:uuid:{uuid.uuid4()}") is True
    assert is_urn_uuid("urn:uuid:A953081A-4BBD-4927-9653-7219BCA00E3B") is True
    assert is_urn_uuid("urn:uuid:0190b0f0-4bbd-7927-9653-7219bca00e3b") is False
    assert is_urn_uuid("urn:uuid:a953081a-4bbd-4927-c653-7219bca00e3b") is False
    assert is_urn_uuid("urn:example:1") is False
    assert is_urn_uuid(None) is False


def test_is_badge_iri_takes_both():
    assert is_badge_iri("https://example.org/1") is True
    assert is_badge_iri(f"urn:uuid:{uuid.uuid4()}") is True
    assert is_badge_iri("_:b0") is False


def test_is_data_image_takes_png_and_svg_only():
    assert is_data_image("data:image/png;base64,AAAA") is True
    assert is_data_image("data:image/svg+xml,%3Csvg/%3E") is True
    assert is_data_image("data:image/jpeg;base64,AAAA") is False
    assert is_data_image(b"data:image/png;base64,AAAA") is False


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Example.org/a", "example.org"),
        ("https://example.org:443/a", "example.org"),
        ("http://example.org:443/a", "example.org:443"),
        ("http://localhost:8000/", "localhost:8000"),
        ("urn:uuid:1", ""),
    ],
)
def test_authority_is_host_and_unusual_port(url, expected):
    assert authority(url) == expected
