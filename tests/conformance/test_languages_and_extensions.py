"""What the validators say of badges in several languages, with extensions, and of evidence with every field."""

import json
import urllib.request
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from assertions.actions.award import AwardFields, EvidenceFields, award_badge
from assertions.models import Assertion
from badges.models import BadgeClass
from issuers.models import Issuer
from tests.factories.badges import BadgeTranslationFactory, EarningStepFactory

pytestmark = [pytest.mark.conformance, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PLACE = {"place": "Training quay, Hamburg", "latitude": Decimal("53.5283"), "longitude": Decimal("-9.9")}


@pytest.fixture(autouse=True)
def world(live_server, settings) -> str:
    """The product served on this machine, where its ids say it is; there before the cast is made."""
    settings.SITE_URL = live_server.url
    return str(live_server.url)


def served(url: str) -> dict[str, Any]:
    request = urllib.request.Request(url, headers={"Accept": "application/ld+json"})  # noqa: S310 -- this machine
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 -- this machine
        return dict(json.load(answer))


def awarded(badge: BadgeClass, by: Any, **fields: Any) -> Assertion:
    told = {"badge_class": badge, "email": "rita@mail.example.org", "issued_at": NOW - timedelta(days=3), **fields}
    return Assertion.objects.get(pk=award_badge(fields=AwardFields(**told), by=by, at=NOW).pk)


def test_each_language_is_a_badge_of_its_own_linked_both_ways(judge, world, badge, ada):
    EarningStepFactory.create(badge_class=badge)
    BadgeTranslationFactory.create(badge_class=badge, steps=["Den Kurs besuchen"])
    BadgeTranslationFactory.create(badge_class=badge, language="pt-BR", name="Conversas difíceis", steps=[])
    main = f"{world}/public/badges/{badge.pk}"
    urls = {"en": main, "de": f"{main}/languages/de", "pt-BR": f"{main}/languages/pt-BR"}

    documents = {tag: served(url) for tag, url in urls.items()}

    assert {tag: (one["id"], one["@language"]) for tag, one in documents.items()} == {
        tag: (url, tag) for tag, url in urls.items()
    }
    for tag, one in documents.items():
        assert {item["id"]: item["@language"] for item in one["related"] if "@language" in item} == {
            url: other for other, url in urls.items() if other != tag
        }
    assert {tag: judge(url).complaints for tag, url in urls.items()} == {tag: [] for tag in urls}
    assert judge(f"{world}/public/assertions/{awarded(badge, ada).pk}").complaints == []


EXTENDED = {
    "extensions:ApplyLink": {"apply_url": "https://academy.example.org/apply"},
    "schema:license": {"licence": "CC-BY-NC-SA"},
    "schema:location": PLACE,
}


@pytest.mark.parametrize("member", EXTENDED)
def test_each_extension_is_valid_by_the_schema_that_we_serve(judge, world, badge, ada, member):
    BadgeClass.objects.filter(pk=badge.pk).update(**EXTENDED[member])
    extension = served(f"{world}/public/badges/{badge.pk}")[member]

    verdict = judge(f"{world}/public/assertions/{awarded(badge, ada).pk}")

    assert verdict.complaints == []
    schema = extension["@context"].removesuffix("/context") + "/schema"
    for opinion in verdict.opinions.values():
        # Both were really asked for: the extension was understood, not overlooked.
        assert {extension["@context"], schema} <= {str(one["url"]) for one in opinion.fetched}


@pytest.mark.parametrize(
    ("member", "broken"),
    [
        ("extensions:ApplyLink", {"url": 3}),
        ("schema:license", {"id": "MIT", "name": "MIT"}),
        ("schema:location", {"description": "Here", "geo": {"latitude": "north", "longitude": 3}}),
    ],
)
def test_the_schemas_that_we_serve_refuse_what_is_wrong(judge, world, badge, ada, member, broken):
    BadgeClass.objects.filter(pk=badge.pk).update(**EXTENDED[member])
    sound = served(f"{world}/public/badges/{badge.pk}")[member]
    kept = {key: sound[key] for key in ("@context", "type")}
    BadgeClass.objects.filter(pk=badge.pk).update(
        apply_url="", licence="", place="", latitude=None, longitude=None, extensions={member: {**kept, **broken}}
    )

    assert judge(f"{world}/public/assertions/{awarded(badge, ada).pk}").refused


def test_everything_at_once_is_valid_in_every_language(judge, world, badge, academy, ada):
    for fields in EXTENDED.values():
        BadgeClass.objects.filter(pk=badge.pk).update(**fields)
    Issuer.objects.filter(pk=academy.pk).update(**PLACE)
    BadgeTranslationFactory.create(badge_class=badge)
    assertion = awarded(badge, ada)

    urls = [
        f"{world}/public/assertions/{assertion.pk}",
        f"{world}/public/badges/{badge.pk}/languages/de",
        f"{world}/public/issuers/{academy.pk}",
    ]

    assert {url: judge(url).complaints for url in urls} == {url: [] for url in urls}
    assert judge(assertion.jws).complaints == []


def test_evidence_with_every_field_and_a_connecting_story_is_valid(judge, world, badge, ada):
    assertion = awarded(
        badge,
        ada,
        narrative="First the *plan*, then the film of it.",
        evidence=[
            EvidenceFields(
                url="https://work.example.org/film",
                name="The film",
                description="How it went.",
                narrative="All of it, **uncut**.",
                genre="Film",
                audience="New colleagues",
            ),
            EvidenceFields(narrative="Seen by two assessors.", genre="Observation"),
        ],
    )

    verdict = judge(f"{world}/public/assertions/{assertion.pk}")

    assert verdict.complaints == []
    assert served(f"{world}/public/assertions/{assertion.pk}")["evidence"] == [
        {
            "id": "https://work.example.org/film",
            "name": "The film",
            "description": "How it went.",
            "narrative": "All of it, **uncut**.",
            "genre": "Film",
            "audience": "New colleagues",
        },
        {"narrative": "Seen by two assessors.", "genre": "Observation"},
    ]


def test_picture_with_caption_and_author_is_valid(judge, world, badge, ada):
    BadgeClass.objects.filter(pk=badge.pk).update(
        image_alt="A yellow disc", image_author="https://studio.example.org/ines"
    )
    assertion = awarded(BadgeClass.objects.select_related("issuer").get(pk=badge.pk), ada)

    assert judge(f"{world}/public/assertions/{assertion.pk}").complaints == []
    for url in [f"{world}/public/badges/{badge.pk}", f"{world}/public/assertions/{assertion.pk}"]:
        image = served(url)["image"]
        assert (image["caption"], image["author"]) == ("A yellow disc", "https://studio.example.org/ines")
