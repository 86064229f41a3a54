from datetime import timedelta

import pytest
from django.db import transaction

from badgeserver.audit.log import record
from issuers.models import Issuer
from issuers.queries import (
    HistoryActor,
    active_signing_key,
    actors_of,
    history_of,
    issuer_summaries,
    members_of,
    verified_addresses,
    waiting_invitations,
)
from tests.factories.accounts import EmailAddressFactory
from tests.factories.assertions import AssertionFactory
from tests.factories.issuers import ApiTokenFactory, InvitationFactory, IssuerFactory, SigningKeyFactory


def test_active_signing_key_is_not_a_retired_one(academy, now):
    active = academy.signing_keys.get()
    SigningKeyFactory.create(issuer=academy, kid="old", retired_at=now)

    assert active_signing_key(academy) == active


@pytest.mark.usefixtures("draft_badge")
def test_issuer_summaries_count_without_multiplying(badge, academy, now):
    AssertionFactory.create_batch(3, badge_class=badge)
    ApiTokenFactory.create_batch(2, issuer=academy)
    ApiTokenFactory.create(issuer=academy, revoked_at=now)
    empty = IssuerFactory.create(organisation=academy.organisation, name="Zeta")

    rows = issuer_summaries(academy.organisation.issuers.all(), at=now)

    assert [(row.issuer, row.published_badges, row.badges, row.awards, row.live_tokens) for row in rows] == [
        (academy, 1, 2, 3, 2),
        (empty, 0, 0, 0, 0),
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_issuer_summaries_take_the_same_queries(acme, now, number, django_assert_num_queries):
    IssuerFactory.create_batch(number, organisation=acme)

    with django_assert_num_queries(5):
        issuer_summaries(Issuer.objects.all(), at=now)


def test_members_of_are_by_name(acme, sam, ada, ed):
    assert [member.user for member in members_of(acme)] == [ada, ed, sam]


def test_waiting_invitations_include_those_that_ran_out(acme, now):
    ran_out = InvitationFactory.create(organisation=acme, created_at=now - timedelta(days=30))
    fresh = InvitationFactory.create(organisation=acme, created_at=now)
    InvitationFactory.create(organisation=acme, accepted_at=now)
    InvitationFactory.create(organisation=acme, withdrawn_at=now)
    InvitationFactory.create()

    assert list(waiting_invitations(acme)) == [fresh, ran_out]


def test_verified_addresses_begin_with_the_primary_one(rita):
    EmailAddressFactory.create(user=rita, email="a@example.org", primary=False)
    EmailAddressFactory.create(user=rita, email="b@example.org", primary=False, verified=False)

    assert verified_addresses(rita) == ["rita@mail.example.org", "a@example.org"]


def happened(event, *, by, at, organisation, subject=None):
    with transaction.atomic():
        return record(event, by=by, at=at, subject=subject or organisation, organisation_id=organisation.pk)


def test_history_of_is_of_one_organisation_newest_first(acme, elsewhere, ada, mallory, now):
    first = happened("staff.invited", by=ada, at=now, organisation=acme)
    second = happened("issuer.created", by=ada, at=now + timedelta(hours=1), organisation=acme)
    happened("staff.invited", by=mallory, at=now, organisation=elsewhere)

    assert list(history_of(acme)) == [second, first]


def test_history_of_can_be_narrowed(acme, ada, ed, now):
    staff = happened("staff.invited", by=ada, at=now, organisation=acme)
    token = happened("issuer.token.created", by=ed, at=now + timedelta(days=1), organisation=acme)
    issuer = happened("issuer.edited", by=ada, at=now + timedelta(days=2), organisation=acme)

    assert list(history_of(acme, types=("issuer.token", "staff"))) == [token, staff]
    assert list(history_of(acme, actor_id=str(ed.pk))) == [token]
    assert list(history_of(acme, since=now + timedelta(days=1))) == [issuer, token]
    assert list(history_of(acme, before=now + timedelta(days=2))) == [token, staff]
    assert list(history_of(acme, types=("nothing",))) == []


def test_actors_of_are_named_as_they_were_last(acme, elsewhere, ada, ed, mallory, now):
    happened("a.happened", by=ada, at=now, organisation=acme)
    ada.name = "Zora Osei"
    happened("a.happened", by=ada, at=now + timedelta(days=1), organisation=acme)
    happened("a.happened", by=ed, at=now, organisation=acme)
    happened("a.happened", by=None, at=now, organisation=acme)
    happened("a.happened", by=mallory, at=now, organisation=elsewhere)

    assert actors_of(acme) == [HistoryActor(str(ed.pk), "Ed Novak"), HistoryActor(str(ada.pk), "Zora Osei")]
