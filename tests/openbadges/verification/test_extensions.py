"""What issuers add to the standard."""

import pytest

from badgeserver.openbadges.verification import CheckCode, Outcome, Verdict
from tests.openbadges.verification.world import BADGE, HOSTED, ISSUER

W3ID = "https://w3id.org/openbadges/extensions"
UUID = "a953081a-4bbd-4927-9653-7219bca00e3b"

APPLY = {
    "@context": f"{W3ID}/applyLinkExtension/context.json",
    "type": ["Extension", "extensions:ApplyLink"],
    "url": "https://badges.example.org/apply",
}
PLACE = {
    "@context": f"{W3ID}/geoCoordinatesExtension/context.json",
    "type": ["Extension", "extensions:GeoCoordinates", "schema:Place"],
    "description": "Where the course takes place",
    "geo": {"latitude": 50.1, "longitude": 8},
}
LICENCE = {
    "@context": f"{W3ID}/licenseExtension/context.json",
    "type": ["Extension", "extensions:LicenseExtension", "cc:License"],
    "id": "CC-BY",
    "name": "Attribution",
}
ASSESSMENT = {
    "@context": "http://purl.imsglobal.org/spec/ob-assessment/v1p0/context/",
    "type": ["Extension", "extensions:AssessmentExtension"],
    "description": "One exam",
    "assessments": {
        "description": "An exam",
        "type": "Exam",
        "assessmentOutput": "Answers",
        "hasGroupParticipation": False,
        "hasGroupEvaluation": False,
        "evaluationMethod": "Points",
        "rubrics": [{"identifier": UUID, "title": "r", "rubricCriteria": {"identifier": UUID, "weight": 2}}],
        "sections": {"questions": [{"type": "TextQuestion", "text": "Why?", "required": True, "wordLimit": 40}]},
    },
}
ACCREDITATION = {
    "@context": "http://purl.imsglobal.org/spec/ob-accred/v1p0/context/",
    "type": ["Extension", "extensions:IssuerAccreditation"],
    "name": "Council",
    "contactInstructions": "Write a letter",
    "url": "https://council.example.net/",
    "address": {"streetAddress": "1 Street"},
    "accreditationDate": "2020-02-01",
}
ACCESSIBLE = {
    "@context": f"{W3ID}/accessibilityExtension/context.json",
    "type": ["Extension", "extensions:Accessibility"],
    "url": "https://badges.example.org/accessible",
    "accessibilityFeature": "captions",
    "accessibilityControl": ["fullKeyboardControl"],
}
CREATOR = {**APPLY, "type": ["Extension", "extensions:OriginalCreator"]}
EXAMPLE = {
    "@context": "https://x.example/",
    "type": ["Extension", "extensions:ExampleExtension"],
    "exampleProperty": "x",
}
EXTRA = {"type": ["Extension", "extensions:ExtraDescriptionExtension"], "name": "More", "narrative": "About it"}
PROFILE = {"type": ["Extension", "extensions:RecipientProfile"], "name": "R."}


def broken(extension, **changes: object):
    return {key: value for key, value in {**extension, **changes}.items() if value is not ...}


@pytest.mark.parametrize(
    ("member", "extension"),
    [
        ("extensions:ApplyLink", APPLY),
        (f"{W3ID}#ApplyLink", APPLY),
        ("schema:location", PLACE),
        ("schema:license", LICENCE),
        ("extensions:Assessment", ASSESSMENT),
        ("extensions:IssuerAccreditation", ACCREDITATION),
        ("extensions:Accessibility", ACCESSIBLE),
        ("extensions:OriginalCreator", CREATOR),
        ("extensions:ExampleExtension", EXAMPLE),
        ("extensions:ExtraDescription", EXTRA),
        ("extensions:RecipientProfile", PROFILE),
        # By its type, wherever its context is published, and however the type is written.
        (
            "extensions:ApplyLink",
            {**APPLY, "@context": "https://badges.example.org/public/extensions/apply-link/context"},
        ),
        ("extensions:ApplyLink", {**APPLY, "@context": "https://unknown.example/"}),
        ("extensions:ApplyLink", broken(APPLY, type=..., **{"@type": ["Extension", f"{W3ID}#ApplyLink"]})),
    ],
)
@pytest.mark.parametrize("address", [HOSTED, BADGE, ISSUER])
def test_complete_extensions_are_in_order(member, extension, address, world, verified):
    world.documents[address][member] = extension
    report = verified(HOSTED)

    assert report.verdict is Verdict.VALID
    check = report.check(CheckCode.EXTENSIONS)
    assert check.sentence == "What the issuer has added is in order."
    assert check.detail.startswith("extensions:")


@pytest.mark.parametrize(
    ("extension", "detail"),
    [
        (broken(APPLY, url=...), "extensions:ApplyLink: required"),
        (broken(APPLY, url=3), "extensions:ApplyLink: url: type"),
        (broken(PLACE, geo=...), "extensions:GeoCoordinates: required"),
        (broken(PLACE, geo={"latitude": "50", "longitude": 8}), "extensions:GeoCoordinates: geo.latitude: type"),
        (broken(LICENCE, id="MIT"), "extensions:LicenseExtension: id: pattern"),
        (
            broken(ACCREDITATION, accreditationDate="2020-2-1"),
            "extensions:IssuerAccreditation: accreditationDate: pattern",
        ),
        (broken(ACCESSIBLE, accessibilityFeature=...), "extensions:Accessibility: required"),
        (broken(ASSESSMENT, assessments={"description": "x"}), "extensions:AssessmentExtension: assessments: anyOf"),
        (broken(EXTRA, narrative=...), "extensions:ExtraDescriptionExtension: required"),
    ],
)
def test_incomplete_extensions_are_refused_as_by_the_official_validator(extension, detail, world, verified):
    world.documents[BADGE]["extensions:some"] = extension
    report = verified(HOSTED)

    assert report.verdict is Verdict.INVALID
    check = report.check(CheckCode.EXTENSIONS)
    assert check.outcome is Outcome.FAILED
    assert check.sentence.startswith("An addition to the badge (")
    assert check.detail == detail


@pytest.mark.parametrize(
    "extension",
    [
        {"@context": "https://x.example/", "type": ["Extension", "https://x.example/Thing"], "y": 1},
        {"@context": {"y": "https://x.example/y"}, "type": ["Extension", "https://x.example/Thing"], "y": {"z": 1}},
        {"type": "Extension"},
    ],
)
def test_unknown_extensions_harm_nothing(extension, world, verified):
    world.documents[BADGE]["https://x.example/thing"] = extension
    report = verified(HOSTED)

    assert report.verdict is Verdict.VALID
    assert report.check(CheckCode.EXTENSIONS).sentence == (
        "The issuer has added something that is not known here. That harms nothing."
    )
    assert report.published["badge"]["https://x.example/thing"] == extension


def test_lower_case_extension_is_a_type_that_says_nothing(world, verified):
    world.documents[BADGE]["extensions:ApplyLink"] = {**APPLY, "type": ["extension", "extensions:ApplyLink"], "url": 3}

    assert verified(HOSTED).check(CheckCode.EXTENSIONS) is None


def test_the_step_is_there_only_when_something_was_added(world, verified):
    assert verified(HOSTED).check(CheckCode.EXTENSIONS) is None

    world.signed["extensions:ApplyLink"] = APPLY
    assert verified(world.jws).check(CheckCode.EXTENSIONS).outcome is Outcome.PASSED
