"""What the validators say of every version of a badge, and of badges whose host has moved."""

import json
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from assertions.actions.award import AwardFields, award_badge
from assertions.models import Assertion
from badges.actions.versions import make_next_version, publish_next_version
from badges.models import BadgeClass
from tests.factories.issuers import DomainFactory

pytestmark = [pytest.mark.conformance, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OLD, NEW, OWN = "https://badges.example.org", "https://new.example.org", "https://badges.academy.example.org"


@pytest.fixture(autouse=True)
def world(live_server, settings) -> str:
    """The product served on this machine, where its ids say it is; there before the cast is made."""
    settings.SITE_URL = live_server.url
    return str(live_server.url)


def awarded(badge: BadgeClass, by: Any, email: str = "rita@mail.example.org") -> Assertion:
    fields = AwardFields(badge_class=badge, email=email, issued_at=NOW - timedelta(days=3))
    return Assertion.objects.get(pk=award_badge(fields=fields, by=by, at=NOW).pk)


def served(url: str, host: str = "") -> dict[str, Any]:
    headers = {"Accept": "application/ld+json", **({"Host": host, "X-Forwarded-Proto": "https"} if host else {})}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 -- this machine
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 -- this machine
        return dict(json.load(answer))


def test_every_version_and_its_awards_are_valid(judge, world, badge, ada):
    awards, versions = [awarded(badge, ada, "first@mail.example.org")], [badge]
    for name in ("second", "third"):
        draft = make_next_version(badge_class=versions[-1], by=ada, at=NOW)
        versions.append(publish_next_version(badge_class=draft, change_note="More of it.", by=ada, at=NOW))
        awards.append(awarded(versions[-1], ada, f"{name}@mail.example.org"))
    urls = [f"{world}/public/badges/{version.pk}" for version in versions]

    documents = [served(url) for url in urls]

    assert [one["version"] for one in documents] == ["1", "2", "3"]
    for place, one in enumerate(documents):
        others = [url for url in urls if url != urls[place]]
        assert [link["id"] for link in one["related"] if link["type"] == "BadgeClass"] == others
    assert {url: judge(url).complaints for url in urls} == {url: [] for url in urls}
    for url, award in zip(urls, awards, strict=True):
        assert json.loads(award.signed_json)["badge"] == url
        assert judge(f"{world}/public/assertions/{award.pk}").complaints == []
        assert judge(award.jws).complaints == []


@pytest.fixture
def public(live_server, settings) -> dict[str, str]:
    """The site at its old address; `moved` gives it a new one."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = OLD
    return {host: str(live_server.url) for host in (OLD, NEW, OWN)}


@pytest.mark.parametrize("form", ["hosted", "signed"])
def test_awards_from_before_and_after_a_move_are_valid(judge, public, settings, request, form):
    badge, ada = request.getfixturevalue("badge"), request.getfixturevalue("ada")
    before = awarded(badge, ada, "first@mail.example.org")
    settings.SITE_URL, settings.FORMER_SITE_URLS = NEW, [OLD]
    after = awarded(badge, ada, "second@mail.example.org")

    assert [(one.origin, json.loads(one.hosted_json)["id"].partition("/public/")[0]) for one in (before, after)] == [
        (OLD, OLD),
        (NEW, NEW),
    ]
    for one in (before, after):
        target = json.loads(one.hosted_json)["id"] if form == "hosted" else one.jws
        assert (one.origin, judge(target, public=public).complaints) == (one.origin, [])


def test_awards_on_an_issuers_own_host_are_valid(judge, public, request):
    badge, ada = request.getfixturevalue("badge"), request.getfixturevalue("ada")
    DomainFactory.create(issuer=badge.issuer, name="badges.academy.example.org", hosting_since=NOW)

    award = awarded(badge, ada)

    assert json.loads(award.hosted_json)["id"].startswith(f"{OWN}/public/assertions/")
    assert judge(json.loads(award.hosted_json)["id"], public=public).complaints == []
    assert judge(award.jws, public=public).complaints == []


def test_award_on_a_host_that_the_profile_does_not_list_is_refused(judge, public, settings, request):
    """The proof that the tests above mean something: the new address was taken back."""
    badge, ada = request.getfixturevalue("badge"), request.getfixturevalue("ada")
    settings.SITE_URL = NEW
    award = awarded(badge, ada)
    settings.SITE_URL = OLD

    assert judge(json.loads(award.hosted_json)["id"], public=public).refused
