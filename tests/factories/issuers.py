"""Rows of the first room."""

import functools
import hashlib
from datetime import UTC, datetime, timedelta

import factory
from django.conf import settings

from badgeserver.openbadges import keys
from issuers.models import (
    ApiToken,
    Department,
    Domain,
    Invitation,
    Issuer,
    JobRole,
    Membership,
    Organisation,
    Person,
    Role,
    SigningKey,
    TokenScope,
)
from tests.factories.accounts import UserFactory

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@functools.cache
def private_key() -> keys.PrivateKey:
    """One key pair for all rows of a run: making one takes longer than most tests."""
    return keys.generate_private_key()


class OrganisationFactory(factory.django.DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")
    slug = factory.Sequence(lambda n: f"organisation-{n}")
    created_at = MONDAY


class IssuerFactory(factory.django.DjangoModelFactory[Issuer]):
    """An issuer without a signing key; see `SigningKeyFactory`."""

    class Meta:
        model = Issuer

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Issuer {n}")
    url = factory.Sequence(lambda n: f"https://issuer{n}.example.org")
    email = factory.Sequence(lambda n: f"badges@issuer{n}.example.org")
    origin = factory.LazyFunction(lambda: settings.SITE_URL)
    created_at = MONDAY


class SigningKeyFactory(factory.django.DjangoModelFactory[SigningKey]):
    class Meta:
        model = SigningKey

    issuer = factory.SubFactory(IssuerFactory)
    public_key_pem = factory.LazyFunction(lambda: keys.public_key_pem(private_key()))
    kid = factory.LazyAttribute(lambda row: keys.key_id(row.public_key_pem))
    encrypted_private_key = factory.LazyFunction(
        lambda: keys.encrypt_private_key(keys.private_key_to_pem(private_key()), settings.KEY_ENCRYPTION_KEYS)
    )
    generation = factory.LazyAttribute(lambda row: row.issuer.signing_keys.count() + 1)
    active_from = MONDAY


class DomainFactory(factory.django.DjangoModelFactory[Domain]):
    """A domain that is proved by its record; `proved_at=None, proved_by=""` for one that waits."""

    class Meta:
        model = Domain

    issuer = factory.SubFactory(IssuerFactory)
    name = factory.Sequence(lambda n: f"domain{n}.example.org")
    created_at = MONDAY
    proved_by = Domain.Method.DNS
    proved_at = MONDAY


class MembershipFactory(factory.django.DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.OWNER
    created_at = MONDAY


class InvitationFactory(factory.django.DjangoModelFactory[Invitation]):
    """An open invitation; `token` is what its link holds."""

    class Meta:
        model = Invitation

    class Params:
        token = factory.Sequence(lambda n: f"invitation-token-{n}")

    organisation = factory.SubFactory(OrganisationFactory)
    email = factory.Sequence(lambda n: f"invited{n}@mail.example.org")
    role = Role.EDITOR
    token_hash = factory.LazyAttribute(lambda row: hashlib.sha256(row.token.encode()).hexdigest())
    created_at = MONDAY
    expires_at = factory.LazyAttribute(lambda row: row.created_at + timedelta(days=14))


class ApiTokenFactory(factory.django.DjangoModelFactory[ApiToken]):
    """A token with every scope that does not run out; `secret` is what a program sends."""

    class Meta:
        model = ApiToken

    class Params:
        secret = factory.Sequence(lambda n: f"bdg_{n:040d}")

    issuer = factory.SubFactory(IssuerFactory)
    name = factory.Sequence(lambda n: f"Token {n}")
    prefix = factory.LazyAttribute(lambda row: row.secret[:8])
    token_hash = factory.LazyAttribute(lambda row: hashlib.sha256(row.secret.encode()).hexdigest())
    scopes = factory.LazyFunction(lambda: list(TokenScope.values))
    created_at = MONDAY


class DepartmentFactory(factory.django.DjangoModelFactory[Department]):
    class Meta:
        model = Department

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Department {n}")


class JobRoleFactory(factory.django.DjangoModelFactory[JobRole]):
    class Meta:
        model = JobRole

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Job role {n}")


class PersonFactory(factory.django.DjangoModelFactory[Person]):
    class Meta:
        model = Person

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Colleague {n}")
    email = factory.Sequence(lambda n: f"colleague{n}@mail.example.org")
