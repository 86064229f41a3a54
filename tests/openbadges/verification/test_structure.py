"""What a complete badge is."""

import pytest

from badgeserver.openbadges.verification import CheckCode, Outcome, Verdict
from badgeserver.openbadges.verification.structure import assertion_problems, badge_problems, issuer_problems
from tests.openbadges.verification.world import BADGE, HOSTED, ISSUER


def changed(document, change):
    return {key: value for key, value in {**document, **change}.items() if value is not ...}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"id": "1"}, "The award has no proper identifier."),
        ({"recipient": "rita@example.org"}, "The award does not properly say who received it."),
        (
            {"recipient": {"type": "email", "hashed": True, "identity": "rita@example.org"}},
            "The award does not properly say who received it.",
        ),
        (
            {"recipient": {"type": "email", "hashed": "true", "identity": "rita@example.org"}},
            "The award does not properly say who received it.",
        ),
        (
            {"recipient": {"type": "name", "hashed": False, "identity": "Rita"}},
            "The award does not properly say who received it.",
        ),
        (
            {"recipient": {"type": ["email", {}], "hashed": False, "identity": "r@example.org", "salt": 3}},
            "The award does not properly say who received it.",
        ),
        ({"badge": ...}, "The award does not say for which badge it is."),
        ({"badge": [BADGE, BADGE]}, "The award does not say for which badge it is."),
        ({"verification": ...}, "The award does not say how it can be verified."),
        ({"verification": {"type": ["HostedBadge", "SignedBadge"]}}, "The award does not say how it can be verified."),
        ({"issuedOn": 1483228799}, "The award has no proper date of issue."),
        ({"expires": "2027"}, "The award’s expiry date is not a proper date."),
        ({"expires": "2024-05-01T12:00:00Z"}, "The award expires before it was issued."),
        ({"image": ["https://a.example/", "https://b.example/"]}, "The award’s image is not given properly."),
        ({"evidence": "plain words"}, "The award’s evidence is not given properly."),
        ({"evidence": [{"id": "ftp://x.example/"}]}, "The award’s evidence is not given properly."),
    ],
)
def test_assertion_problems_are_named(change, sentence, world):
    assert assertion_problems(changed(world.documents[HOSTED], change)) == [sentence]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"id": ...}, "The badge has no proper identifier."),
        ({"name": ""}, "The badge has no name."),
        ({"name": {"@value": "x"}}, "The badge has no name."),
        ({"description": ["a", "b"]}, "The badge has no description."),
        ({"image": ...}, "The badge has no proper image."),
        ({"image": "data:image/jpeg;base64,AAAA"}, "The badge has no proper image."),
        ({"criteria": []}, "The badge does not say what it takes to earn it."),
        ({"criteria": ...}, "The badge does not say what it takes to earn it."),
        ({"criteria": "plain words"}, "The badge does not say what it takes to earn it."),
        ({"issuer": ...}, "The badge does not say who issues it."),
        (
            {"alignment": [{"name": "old", "url": "https://x.example/"}]},
            "The badge is aligned to something without name or address.",
        ),
        ({"tags": ["a", 3]}, "The badge’s tags are not words."),
    ],
)
def test_badge_problems_are_named(change, sentence, world):
    assert badge_problems(changed(world.documents[BADGE], change)) == [sentence]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"id": ...}, "The issuer has no proper identifier."),
        ({"name": ...}, "The issuer has no name."),
        ({"url": "www.example.org"}, "The issuer has no website."),
        ({"email": ...}, "The issuer has no e-mail address."),
        ({"image": {"caption": "no address"}}, "The issuer’s image is not given properly."),
    ],
)
def test_issuer_problems_are_named(change, sentence, world):
    assert issuer_problems(changed(world.documents[ISSUER], change)) == [sentence]


@pytest.mark.parametrize(
    "change",
    [
        {"badge": {"id": BADGE}},
        {"evidence": {"narrative": "one object"}},
        {"evidence": ["https://x.example/", {"id": "urn:uuid:a953081a-4bbd-4927-9653-7219bca00e3b"}]},
        {"image": {"id": "https://x.example/a.png", "caption": "c"}},
        {"recipient": {"type": "url", "hashed": False, "identity": "https://rita.example.org/"}},
        {"expires": None},
    ],
)
def test_every_allowed_form_is_fine(change, world):
    assert assertion_problems(changed(world.documents[HOSTED], change)) == []


@pytest.mark.parametrize("criteria", ["https://x.example/c", {"id": "https://x.example/c"}, [{"narrative": "n"}]])
def test_criteria_may_be_an_address_or_words(criteria, world):
    assert badge_problems({**world.documents[BADGE], "criteria": criteria}) == []


def test_several_problems_are_all_told(world, verified):
    world.documents[BADGE] = changed(world.documents[BADGE], {"name": "", "description": ""})
    check = verified(HOSTED).check(CheckCode.STRUCTURE)

    assert (check.outcome, check.sentence, check.detail) == (
        Outcome.FAILED,
        "The badge has no name.",
        "The badge has no description.",
    )


def test_an_award_without_badge_is_incomplete(world, verified):
    world.documents[HOSTED] = changed(world.documents[HOSTED], {"badge": ...})
    report = verified(HOSTED)

    assert report.verdict is Verdict.INVALID
    assert report.badge is None
