"""Rows of Acme to put into the addresses of `tests.house.routes`."""

import uuid

import pytest

from assertions.models import Notice
from badgeserver.openbadges.verification import CheckCode
from tests.factories.issuers import ApiTokenFactory, InvitationFactory, PersonFactory


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
