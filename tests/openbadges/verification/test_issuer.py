"""Who may speak for which address."""

import pytest

from badgeserver.openbadges.verification import CheckCode, Verdict
from badgeserver.openbadges.verification.issuer import is_within_policy
from tests.openbadges.verification.world import BADGE, HOSTED, ISSUER

PROFILE = {"id": "https://example.org/issuer"}


@pytest.mark.parametrize(
    ("policy", "address", "expected"),
    [
        (None, "https://example.org/1", True),
        (None, "https://EXAMPLE.org/1", True),
        (None, "https://example.org:8443/1", False),
        (None, "https://b.example.org/1", False),
        (None, "https://example.org.evil.example/1", False),
        (None, "urn:uuid:a953081a-4bbd-4927-9653-7219bca00e3b", False),
        ({"allowedOrigins": "b.example.org"}, "https://b.example.org/1", True),
        ({"allowedOrigins": ["a.example.org", "B.example.org"]}, "https://b.example.org/1", True),
        ({"allowedOrigins": ["b.example.org"]}, "https://example.org/1", False),
        ({"startsWith": "https://example.org/a"}, "https://example.org/a", True),
        ({"startsWith": "https://example.org/a"}, "https://example.org/a/1", True),
        ({"startsWith": "https://example.org/a/"}, "https://example.org/a/1", True),
        ({"startsWith": "https://example.org/a"}, "https://example.org/ab", False),
        ({"startsWith": "https://example.org/a"}, "https://example.org/b", False),
        ({"startsWith": ["https://example.org/a", "https://example.org/b"]}, "https://example.org/b?x=1", True),
        (
            {"startsWith": "https://example.org", "allowedOrigins": "example.org.evil.example"},
            "https://example.org.evil.example/1",
            False,
        ),
        ({"startsWith": 3, "allowedOrigins": [None]}, "https://example.org/1", True),
        ("words", "https://example.org/1", True),
    ],
)
def test_policy_of_an_issuer(policy, address, expected):
    profile = PROFILE if policy is None else {**PROFILE, "verification": policy}

    assert is_within_policy(profile, address) is expected


def test_an_award_elsewhere_is_refused_unless_the_issuer_allows_it(world, verified):
    elsewhere = "https://awards.example.net/1"
    world.documents[elsewhere] = {**world.documents[HOSTED], "id": elsewhere}
    report = verified(elsewhere)
    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.ISSUER).sentence.startswith(
        "The award does not come from the website of Acme Academy"
    )

    world.documents[ISSUER]["verification"] = {"allowedOrigins": ["awards.example.net", "badges.example.org"]}
    assert verified(elsewhere).verdict is Verdict.VALID


@pytest.mark.parametrize("signed", [True, False])
def test_a_badge_class_elsewhere_cannot_borrow_an_issuer(signed, world, verified):
    forged = "https://evil.example.com/badge"
    world.documents[forged] = {**world.documents[BADGE], "id": forged}
    world.documents[HOSTED]["badge"] = forged
    world.signed["badge"] = forged
    report = verified(world.jws if signed else HOSTED)

    assert report.verdict is Verdict.INVALID
    assert report.check(CheckCode.ISSUER).sentence.startswith(
        "The badge does not come from the website of Acme Academy"
    )


def test_starts_with_is_about_awards_not_badge_classes(world, verified):
    world.documents[ISSUER]["verification"] = {"startsWith": "https://badges.example.org/public/assertions/"}

    assert verified(HOSTED).verdict is Verdict.VALID
