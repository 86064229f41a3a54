"""Every address of the site, and rows of Acme to put into them."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from assertions.models import Notice
from badgeserver.openbadges.verification import CheckCode
from tests.factories.issuers import ApiTokenFactory, InvitationFactory, PersonFactory

_PART = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>|\(\?P<(?P<group>\w+)>[^)]*\)")


@dataclass(frozen=True, slots=True)
class Route:
    """One address: its full name (or the address itself, where it has none) and its pattern."""

    name: str
    pattern: str

    def url(self, ids: dict[str, object]) -> str:
        """Return the address with `ids` in it: by `converter:name` where they have it, else by `name`."""

        def value(part: re.Match[str]) -> str:
            name = part["name"] or part["group"]
            return str(ids.get(f"{part['converter']}:{name}", ids.get(name)))

        return "/" + _PART.sub(value, self.pattern.replace("^", ""))


def all_routes() -> list[Route]:
    """Return each address once; of several under one name the first, which is the one that answers."""
    found: dict[str, Route] = {}
    for route in _walk(get_resolver().url_patterns, "", ""):
        found.setdefault(route.name, route)
    return list(found.values())


def _walk(patterns: list[Any], before: str, namespace: str) -> Iterator[Route]:
    for one in patterns:
        pattern = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, pattern, f"{one.namespace}:" if one.namespace else namespace)
        elif isinstance(one, URLPattern):
            yield Route(f"{namespace}{one.name}" if one.name else pattern, pattern)


@pytest.fixture
def ids(acme, academy, badge, assertion, ada, sam, now) -> dict[str, object]:
    """Values for every part of every address, all of them Acme's own."""
    token = ApiTokenFactory.create(issuer=academy)
    invitation = InvitationFactory.create(organisation=acme, token="an-invitation", created_at=now)
    return {
        "organisation": acme.slug,
        "issuer": academy.pk,
        "badge": badge.pk,
        "assertion": assertion.pk,
        "uuid:token": token.pk,
        "str:token": "an-invitation",
        "invitation": invitation.pk,
        "membership": sam.memberships.get().pk,
        "person": PersonFactory.create(organisation=acme).pk,
        "notice": Notice.objects.get(assertion=assertion).pk,
        "kid": academy.signing_keys.get().kid,
        "code": CheckCode.HOSTED.value,
        "address": ada.emailaddress_set.values_list("pk", flat=True).first() or 1,
        "pk": 1,
        "provider_id": "company",
        "message": uuid.uuid4(),
        "content_id": "badge",
    }
