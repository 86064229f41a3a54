import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from badges.documents import (
    badge_class_card_url,
    badge_class_image_url,
    badge_class_json,
    badge_class_url,
    criteria_narrative,
)
from badges.models import BadgeClass, EarningStep, StepKind, Validity
from tests.factories.badges import AlignmentFactory, BadgeClassFactory, EarningStepFactory

SCHEMA = Path(__file__).parents[1] / "samples" / "schema" / "ob2-badgeclass.schema.json"


@pytest.fixture
def full_badge(academy, badge):
    academy.language = "en-GB"
    academy.save()
    return BadgeClassFactory.create(
        issuer=academy,
        name="Site Lead",
        description="Leads a site.",
        image_alt="A violet hexagon",
        criteria_narrative="You **lead** the site.",
        learned="Planning.",
        assessed="A panel of three.",
        tags=["site", "shift"],
        category="DURABLE",
        level=3,
        validity=Validity.MONTHS,
        validity_months=18,
    )


def test_document_says_everything_in_terms_of_the_standard(full_badge, badge, academy):
    EarningStepFactory.create(
        badge_class=full_badge, position=0, kind=StepKind.COURSE, text="Take it", url="https://example.org/c"
    )
    EarningStepFactory.create(badge_class=full_badge, position=1, kind=StepKind.PROJECT, text="Build it")
    EarningStepFactory.create(
        badge_class=full_badge, position=2, kind=StepKind.BADGE, text="Hold it", required_badge=badge
    )
    AlignmentFactory.create(
        badge_class=full_badge,
        position=0,
        target_name="lead people",
        target_url="https://skills.example.org/lead",
        target_code="L3",
        target_framework="Acme skills",
        target_description="Leads.",
    )

    document = json.loads(badge_class_json(full_badge))

    address = f"http://badges.example.org/public/badges/{full_badge.pk}"
    assert document == {
        "@context": "https://w3id.org/openbadges/v2",
        "id": address,
        "type": "BadgeClass",
        "name": "Site Lead",
        "description": "Leads a site.",
        "image": {"id": f"{address}/image", "caption": "A violet hexagon"},
        "criteria": {
            "id": address,
            "narrative": "You **lead** the site.\n\n"
            "**How to earn it**\n\n"
            "1. Course: [Take it](https://example.org/c)\n"
            "2. Project: Build it\n"
            f"3. Badge already held: [Hold it](http://badges.example.org/public/badges/{badge.pk})\n\n"
            "**What is learned**\n\nPlanning.\n\n"
            "**How it is assessed**\n\nA panel of three.\n\n"
            "**Level:** 3 of 5, Practitioner\n\n"
            "**Valid:** 18 months after the award",
        },
        "issuer": f"http://badges.example.org/public/issuers/{academy.pk}",
        "alignment": [
            {
                "targetName": "lead people",
                "targetUrl": "https://skills.example.org/lead",
                "targetDescription": "Leads.",
                "targetFramework": "Acme skills",
                "targetCode": "L3",
            }
        ],
        "tags": ["site", "shift"],
        "@language": "en",
        "version": "1",
        "related": [
            {
                "type": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Achievement",
                "id": f"http://badges.example.org/public/ob3/achievements/{full_badge.pk}",
                "version": "Open Badges v3p0",
            }
        ],
    }
    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_criteria_page_of_the_issuer_is_the_id_of_the_criteria(badge):
    badge.criteria_url = "https://academy.example.org/forklift"

    assert json.loads(badge_class_json(badge))["criteria"]["id"] == "https://academy.example.org/forklift"


def test_addresses(badge):
    address = f"http://badges.example.org/public/badges/{badge.pk}"

    assert badge_class_url(badge) == address
    assert badge_class_image_url(badge) == f"{address}/image"
    assert badge_class_card_url(badge) == f"{address}/card.png?v=20260302090000"


def test_category_that_is_a_tag_already_is_not_told_twice(badge):
    badge.tags = ["skill"]

    assert json.loads(badge_class_json(badge))["tags"] == ["skill"]


def test_step_cannot_break_out_of_its_line():
    step = EarningStep(kind=StepKind.COURSE, text="Read [this](x)\n\n# *now* <b>", url="https://example.org/a_(b)\\c>d")

    assert criteria_narrative(BadgeClass(name="X"), [step]) == (
        "**How to earn it**\n\n"
        r"1. Course: [Read \[this\](x) # \*now\* \<b\>](https://example.org/a_%28b%29%5Cc%3Ed)"
        "\n\n**Valid:** Does not expire"
    )


def test_narrative_tells_the_last_day():
    badge = BadgeClass(name="X", validity=Validity.UNTIL, validity_until=date(2027, 12, 31))

    assert criteria_narrative(badge, []) == "**Valid:** Until 31 December 2027"


@pytest.mark.parametrize(
    ("months", "sentence"),
    [
        (1, "1 month after the award"),
        (18, "18 months after the award"),
        (12, "1 year after the award"),
        (36, "3 years after the award"),
    ],
)
def test_validity_in_words(months, sentence):
    assert BadgeClass(validity=Validity.MONTHS, validity_months=months).validity_sentence == sentence
