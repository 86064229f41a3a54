import pytest

from badgeserver.openbadges.domains import (
    NotADomain,
    confirmed_by_file,
    confirmed_by_record,
    confirming_records,
    domain_of,
    may_be_an_origin,
    nearest,
    speaks_for,
)

PROFILE = "https://badges.example.net/public/issuers/1"


def test_confirming_records_say_where_to_look_nearest_first():
    found = confirming_records(PROFILE, website="https://www.academy.example.org/about")

    assert [proof.domain for proof in found] == ["www.academy.example.org", "academy.example.org", "example.org"]
    assert (found[1].record_name, found[1].record_value) == (
        "_openbadges.academy.example.org",
        f"openbadges-issuer={PROFILE}",
    )
    assert (found[1].file_url, found[1].file_line) == (
        "https://academy.example.org/.well-known/openbadges-issuer.txt",
        PROFILE,
    )


def test_confirming_records_are_few_however_deep_the_host():
    found = confirming_records(PROFILE, website=f"https://{'a.' * 100}example.org")

    assert [proof.domain for proof in found] == ["a.a.example.org", "a.example.org", "example.org"]


def test_confirming_records_take_the_host_of_the_profile_without_a_website():
    assert [proof.domain for proof in confirming_records(PROFILE)] == ["badges.example.net", "example.net"]


@pytest.mark.parametrize("website", ["http://localhost:8000", "http://192.0.2.1/", "https://[::1", "nonsense", "\x00"])
def test_confirming_records_are_none_where_no_domain_is(website):
    assert confirming_records("urn:uuid:1", website=website) == []


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        (f"openbadges-issuer={PROFILE}", True),
        (f" openbadges-issuer={PROFILE} ", True),
        (f"openbadges-issuer={PROFILE}0", False),
        (f"openbadges-issuer = {PROFILE}", False),
        (PROFILE, False),
    ],
)
def test_confirmed_by_record_wants_exactly_this_profile(text, is_so):
    assert confirmed_by_record(["v=spf1 -all", text], PROFILE) is is_so


@pytest.mark.parametrize(
    ("body", "is_so"),
    [
        (PROFILE.encode(), True),
        (f"\ufeff{PROFILE}\r\nother\r\n".encode(), True),
        (f"other\n  {PROFILE}\t\n".encode(), True),
        (f"{PROFILE}0".encode(), False),
        (f"<p>{PROFILE}</p>".encode(), False),
        (b"\xff\xfe\x00", False),
        (b" " * 70_000 + b"\n" + PROFILE.encode(), False),
    ],
)
def test_confirmed_by_file_wants_a_line_of_its_own(body, is_so):
    assert confirmed_by_file(body, PROFILE) is is_so


@pytest.mark.parametrize(
    ("domain", "website", "is_so"),
    [
        ("example.org", "https://example.org/", True),
        ("example.org", "https://WWW.Example.org", True),
        ("www.example.org", "https://example.org", False),
        ("ample.org", "https://example.org", False),
        ("example.net", "https://example.org", False),
        ("example.org", "not a website", False),
        ("xn--schle-mva.example", "https://schüle.example/", True),
    ],
)
def test_speaks_for_its_own_host_and_what_stands_below(domain, website, is_so):
    assert speaks_for(domain, website) is is_so


def test_nearest_is_the_closest_to_the_website():
    assert nearest(["example.org", "example.net", "a.example.org"], "https://b.a.example.org") == "a.example.org"
    assert nearest(["example.net"], "https://example.org") == ""


@pytest.mark.parametrize("typed", ["", ".", "org", "localhost", "127.0.0.1", "1.2.3", "a..org", "a_b.org", "é" * 300])
def test_domain_of_refuses_what_is_no_domain(typed):
    with pytest.raises(NotADomain):
        domain_of(typed)


@pytest.mark.parametrize(
    ("host", "is_so"),
    [
        ("badges.example.org", True),
        ("localhost", False),
        ("localhost:8000", False),
        ("127.0.0.1", False),
        ("badges.example.org:8443", False),
        ("badges.xn--p1ai", False),
    ],
)
def test_may_be_an_origin_as_validators_see_it(host, is_so):
    """OB2-ISS-90."""
    assert may_be_an_origin(host) is is_so
