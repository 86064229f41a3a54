"""The badge as an Achievement."""

import json

import pytest

from badges import credentials
from badges.documents import badge_class_json
from issuers.credentials import issuer_id
from tests.factories.badges import AlignmentFactory, BadgeClassFactory, EarningStepFactory

SITE = "http://badges.example.org"


@pytest.fixture
def address(badge) -> str:
    return f"/public/ob3/achievements/{badge.pk}"


def test_an_achievement_says_what_the_badge_says(badge, academy):
    badge.tags = ["driving"]
    badge.save()
    alignment = AlignmentFactory.create(badge_class=badge, target_code="S1.8.2", target_framework="ESCO")
    EarningStepFactory.create(badge_class=badge)
    twin = json.loads(badge_class_json(badge))

    achievement = json.loads(credentials.achievement_json(badge))

    assert achievement == {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": f"{SITE}/public/ob3/achievements/{badge.pk}",
        "type": ["Achievement"],
        "achievementType": "Badge",
        "name": twin["name"],
        "description": twin["description"],
        "criteria": twin["criteria"],
        "image": {"id": f"{SITE}/public/badges/{badge.pk}/image", "type": "Image", "caption": badge.image_alt},
        "tag": twin["tags"],
        "inLanguage": twin["@language"],
        "version": "1",
        "creator": achievement["creator"],
        "alignment": [
            {
                "type": ["Alignment"],
                "targetName": alignment.target_name,
                "targetUrl": alignment.target_url,
                "targetFramework": "ESCO",
                "targetCode": "S1.8.2",
            }
        ],
        "related": [
            {
                "id": f"{SITE}/public/badges/{badge.pk}",
                "type": ["Related", "https://w3id.org/openbadges#BadgeClass"],
                "version": "Open Badges v2p0",
            }
        ],
    }
    assert achievement["creator"]["id"] == issuer_id(academy)


def test_versions_know_one_another(badge, now):
    badge.status, badge.superseded_at = badge.Status.SUPERSEDED, now
    badge.save()
    newer = BadgeClassFactory.create(issuer=badge.issuer, series=badge.series, version=2)

    related = json.loads(credentials.achievement_json(newer))["related"]

    assert related[1:] == [
        {
            "id": f"{SITE}/public/ob3/achievements/{badge.pk}",
            "type": ["Related"],
            "inLanguage": badge.language,
            "version": "1",
        }
    ]


def test_an_achievement_is_served_to_machines(badge, anonymous, address):
    answer = anonymous.get(address)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/ld+json")
    assert answer.content.decode() == credentials.achievement_json(badge)


def test_people_are_led_to_the_page_of_the_badge(badge, anonymous, address):
    answer = anonymous.get(address, headers={"Accept": "text/html"})

    assert (answer.status_code, answer["Location"]) == (302, f"/public/badges/{badge.pk}")


def test_a_draft_is_not_there(draft_badge, anonymous):
    assert anonymous.get(f"/public/ob3/achievements/{draft_badge.pk}").status_code == 404
