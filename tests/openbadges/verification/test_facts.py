"""What pages may say about a badge, and what nobody may."""

import json
from datetime import UTC, datetime

import pytest

from badgeserver.openbadges.verification import AlignmentFact, EvidenceFact, Facts, Form, Verdict
from badgeserver.openbadges.verification.secrecy import without
from tests.openbadges.verification.world import BADGE, HOSTED, ISSUER, PICTURE, PNG, REVOCATIONS

RITA = "rita@example.org"


def furnish(world):
    world.documents[HOSTED] |= {
        "narrative": "Two **pieces**.",
        "evidence": [
            {"id": "https://e.example/1", "name": "Photos", "description": "Three", "narrative": "Look"},
            "https://e.example/2",
            {"id": "urn:uuid:a953081a-4bbd-4927-9653-7219bca00e3b", "narrative": "Told"},
        ],
    }
    world.documents[BADGE] |= {
        "@language": "de-at",
        "version": 2,
        "tags": ["robots", "tools"],
        "image": {"id": PICTURE, "caption": "A robot"},
        "criteria": {"id": f"{BADGE}/criteria", "narrative": "Build one."},
        "alignment": {"targetName": "Skill", "targetUrl": "https://f.example/1", "targetFramework": "Skills"},
    }


def test_facts_are_everything_that_a_page_shows(world, verified):
    furnish(world)

    assert verified(HOSTED).facts == Facts(
        badge_name="Robotics",
        badge_description="For robots.",
        criteria_text="Build one.",
        criteria_url=f"{BADGE}/criteria",
        image=PNG,
        image_type="image/png",
        image_caption="A robot",
        issuer_name="Acme Academy",
        issuer_url="https://badges.example.org/",
        issuer_id=ISSUER,
        issued_on=datetime(2024, 5, 1, 12, tzinfo=UTC),
        expires=datetime(2027, 5, 1, 12, tzinfo=UTC),
        narrative="Two **pieces**.",
        evidence=(
            EvidenceFact(name="Photos", url="https://e.example/1", description="Three", narrative="Look"),
            EvidenceFact(url="https://e.example/2"),
            EvidenceFact(narrative="Told"),
        ),
        alignments=(AlignmentFact(name="Skill", url="https://f.example/1", framework="Skills"),),
        tags=("robots", "tools"),
        language="de-AT",
        badge_version="2",
        recipient_type="email",
        recipient_hashed=True,
    )


def test_what_an_unproven_signature_says_is_no_fact(world, verified, other_key):
    world.signed["narrative"] = "He is an astronaut."
    assert verified(world.jws).facts.narrative == "He is an astronaut."

    world.private_key = other_key
    report = verified(world.jws)
    assert report.verdict is Verdict.INVALID
    assert (report.facts.narrative, report.facts.issued_on, report.facts.recipient_hashed) == ("", None, None)
    assert report.facts.badge_name == "Robotics"


def test_a_revoked_award_says_nothing_more(world, verified):
    world.documents[HOSTED] |= {"revoked": True, "narrative": "Praise"}
    report = verified(HOSTED)

    assert (report.facts.narrative, report.facts.issued_on) == ("", None)


def test_facts_are_no_longer_than_a_page_can_bear(world, verified):
    world.documents[BADGE] |= {"name": "n" * 9_000, "description": "d" * 9_000, "tags": ["t" * 9_000] * 90}
    world.documents[HOSTED]["evidence"] = [{"narrative": "e" * 9_000}] * 90
    facts = verified(HOSTED).facts

    assert (len(facts.badge_name), len(facts.badge_description), len(facts.tags), len(facts.tags[0])) == (
        *(300, 5_000),
        *(20, 300),
    )
    assert (len(facts.evidence), len(facts.evidence[0].narrative)) == (20, 5_000)


def test_facts_of_broken_documents_are_empty(world, verified):
    world.documents[BADGE] |= {
        "name": {"x": 1},
        "tags": [3, None],
        "alignment": ["words"],
        "version": [1, 2],
        "criteria": ["a", "b"],
        "@language": "",
    }
    world.documents[ISSUER]["url"] = "javascript:alert(1)"
    world.documents[HOSTED] |= {"evidence": [{"id": "javascript:alert(1)"}], "recipient": {"type": "name"}}
    facts = verified(HOSTED).facts

    assert (facts.badge_name, facts.tags, facts.alignments, facts.badge_version) == ("", (), (), "")
    assert (facts.criteria_url, facts.issuer_url, facts.evidence[0].url, facts.recipient_type) == ("", "", "", "")


def test_facts_of_nothing_are_nothing(verified):
    report = verified("words")

    assert (report.facts, report.endorsements, report.fetched, report.form, report.version) == (
        Facts(),
        (),
        (),
        None,
        "",
    )


def test_the_report_says_what_was_asked(world, verified):
    del world.documents[PICTURE]
    report = verified(HOSTED)

    assert [(asked.url, asked.status) for asked in report.fetched] == [
        (HOSTED, 200),
        (BADGE, 200),
        (ISSUER, 200),
        (PICTURE, None),
    ]
    assert (report.version, report.form, verified(world.jws).form) == ("2.0", Form.HOSTED, Form.SIGNED)


# --- identities ---


@pytest.mark.parametrize("signed", [False, True])
def test_a_plain_identity_is_said_nowhere(signed, world, verified):
    plain = {"type": "email", "hashed": False, "identity": RITA}
    link = f"https://e.example/people/{RITA}"
    leaks = {"recipient": plain, "narrative": f"Given to {RITA.upper()}.", "evidence": [{"id": link, "name": RITA}]}
    world.documents[HOSTED] |= leaks
    world.signed |= leaks
    world.documents[BADGE]["description"] = f"Made for {RITA}"
    world.documents[REVOCATIONS]["issuer"] = RITA
    report = verified(world.jws if signed else HOSTED, recipient=RITA)

    assert report.verdict is Verdict.VALID
    assert RITA not in repr((report.checks, report.facts, report.fetched, report.summary)).lower()
    assert (report.facts.recipient_type, report.facts.recipient_hashed) == ("email", False)


def test_the_identity_that_was_typed_is_said_nowhere(world, verified):
    world.documents[BADGE]["name"] = ""
    world.documents[HOSTED]["badge"] = f"https://evil.example.com/{RITA}"
    report = verified(HOSTED, recipient=RITA)

    assert RITA not in repr((report.checks, report.facts, report.fetched))


def test_short_identities_leave_texts_alone():
    facts = Facts(badge_name="Anna’s badge", tags=("Anna", "anna@example.org"))

    assert without(facts, ["Anna", ""]) is facts
    assert without(facts, ["anna@example.org"]).tags == ("Anna", "…")


def test_a_credential_of_version_3_keeps_identities_as_well(world, verified):
    credential = {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": "https://x.example/1", "name": f"For {RITA}"},
        "name": RITA,
        "credentialSubject": {"type": "AchievementSubject", "achievement": {"name": RITA}},
    }
    report = verified(json.dumps(credential), recipient=RITA)

    assert report.version == "3.0"
    assert RITA not in repr((report.checks, report.facts, report.fetched))
