"""What the pages and doors of this room ask the tables."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, QuerySet

from badgeserver.accounts.models import User
from badgeserver.audit.models import AuditEvent, AuditEventQuerySet
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
    SigningKey,
)


def hash_of(secret: str) -> str:
    """Return what is stored of a token: it is random and long, so a plain SHA-256 is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


# --- Issuers -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IssuerSummary:
    """An issuer with what belongs to it."""

    issuer: Issuer
    published_badges: int
    badges: int
    awards: int
    live_tokens: int


def active_signing_key(issuer: Issuer) -> SigningKey:
    """Return the one key that the issuer signs with. Raises `SigningKey.DoesNotExist` before it has one."""
    return issuer.signing_keys.get(retired_at=None)


def issuer_summaries(issuers: "QuerySet[Issuer]", *, at: datetime) -> list[IssuerSummary]:
    """Return the issuers by name with their counts: four queries, however many issuers there are."""
    rows = list(issuers.order_by("name", "pk"))
    # Each badge once, whatever its versions: an earlier version has made room, a later one is a draft.
    badges = _counted(rows, "badge_classes__series")
    published = _counted(rows, "badge_classes", badge_classes__status="PUBLISHED")
    awards = _counted(rows, "assertions")
    tokens = dict(
        ApiToken.objects.live(at).filter(issuer__in=rows).values_list("issuer").annotate(number=Count("pk")).order_by()
    )
    return [
        IssuerSummary(
            issuer=row,
            published_badges=published.get(row.pk, 0),
            badges=badges.get(row.pk, 0),
            awards=awards.get(row.pk, 0),
            live_tokens=tokens.get(row.pk, 0),
        )
        for row in rows
    ]


def _counted(issuers: list[Issuer], relation: str, **conditions: object) -> dict[uuid.UUID, int]:
    """Count one relation for all issuers; two in one query would multiply each other."""
    chosen = Issuer.objects.filter(pk__in=[issuer.pk for issuer in issuers], **conditions)
    return dict(chosen.values_list("pk").annotate(number=Count(relation, distinct=True)).order_by())


def tokens_of(issuer: Issuer) -> "QuerySet[ApiToken]":
    """Return all tokens, those in use first."""
    return issuer.api_tokens.select_related("created_by").order_by("revoked_at", "-created_at", "pk")


def api_token_for(secret: str, *, at: datetime) -> ApiToken | None:
    """Return the live token of this secret, with its issuer and organisation, or None."""
    return ApiToken.objects.live(at).select_related("issuer__organisation").filter(token_hash=hash_of(secret)).first()


# --- Our own addresses ---------------------------------------------------------------------------------------

#: Under which name, and for how long, the domains of all issuers are kept between requests.
DOMAINS_KEPT_AS, DOMAINS_KEPT_SECONDS = "issuers.domains", 60


def own_origins() -> list[str]:
    """Return every base under which our public addresses lie: `SITE_URL`, its former values, the issuers' own hosts.

    What is under one of them is ours: it is answered by this server with its stored id (docs/adr/0011).
    """
    hosts = (f"https://{name}" for name, is_hosting in _known_domains().items() if is_hosting)
    return list(dict.fromkeys([settings.SITE_URL, *settings.FORMER_SITE_URLS, *hosts]))


def is_answered(host: str) -> bool:
    """Whether public addresses are answered under a host name that an issuer brought.

    That is so while its owner confirms the issuer, so that it can be pointed here first, and for ever once addresses
    under it are inside badges.
    """
    return host in _known_domains()


def _known_domains() -> dict[str, bool]:
    """Return the domains that are proved or were ever used, and whether they were used; read once a minute."""
    known: dict[str, bool] | None = cache.get(DOMAINS_KEPT_AS)
    if known is None:
        rows = (Domain.objects.confirming() | Domain.objects.hosting()).values_list("name", "hosting_since")
        known = {}
        for name, hosting_since in rows:
            known[name] = known.get(name, False) or hosting_since is not None
        cache.set(DOMAINS_KEPT_AS, known, DOMAINS_KEPT_SECONDS)
    return known


def forget_known_domains() -> None:
    """Have the domains read again at the next request, because one of them changed."""
    cache.delete(DOMAINS_KEPT_AS)


# --- Keys ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeySummary:
    """A signing key with how many awards it vouches for, and how many copies it signed that were withdrawn."""

    key: SigningKey
    holding: int
    withdrawn: int

    @property
    def signed(self) -> int:
        return self.holding + self.withdrawn

    @property
    def state(self) -> str:
        """Return active, retired or compromised."""
        if self.key.compromised_at is not None:
            return "compromised"
        return "active" if self.key.retired_at is None else "retired"


def key_summaries(issuer: Issuer) -> list[KeySummary]:
    """Return all keys of an issuer with their counts, the newest first: three queries, however many there are."""
    keys = issuer.signing_keys.order_by("-generation")
    holding = dict(keys.values_list("pk").annotate(number=Count("assertions")).order_by())
    withdrawn = dict(keys.values_list("pk").annotate(number=Count("withdrawn_copies")).order_by())
    return [KeySummary(key, holding.get(key.pk, 0), withdrawn.get(key.pk, 0)) for key in keys]


# --- Domains -------------------------------------------------------------------------------------------------


def domains_of(issuer: Issuer) -> "QuerySet[Domain]":
    """Return the issuer's domains by name."""
    return issuer.domains.order_by("name")


# --- Staff ---------------------------------------------------------------------------------------------------


def members_of(organisation: Organisation) -> "QuerySet[Membership]":
    """Return the memberships by name of the person, with the person."""
    return organisation.memberships.select_related("user").order_by("user__name", "user__email")


def waiting_invitations(organisation: Organisation) -> "QuerySet[Invitation]":
    """Return what was neither accepted nor withdrawn, the newest first; some may have run out."""
    return (
        organisation.invitations.filter(accepted_at=None, withdrawn_at=None)
        .select_related("invited_by")
        .order_by("-created_at", "pk")
    )


def invitation_for(token: str) -> Invitation | None:
    """Return the invitation of this link, in whatever state it is, or None."""
    return Invitation.objects.select_related("organisation", "invited_by").filter(token_hash=hash_of(token)).first()


def verified_addresses(user: User) -> list[str]:
    """Return the addresses that the person has confirmed, the primary one first."""
    rows = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "email")
    return list(rows.values_list("email", flat=True))


# --- History -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HistoryActor:
    id: str
    name: str


def history_of(
    organisation: Organisation,
    *,
    types: tuple[str, ...] = (),
    actor_id: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
) -> AuditEventQuerySet:
    """Return the trail of an organisation, newest first; `types` are beginnings of event types."""
    events = AuditEvent.objects.of_organisation(organisation.pk)
    if types:
        chosen = AuditEvent.objects.none()
        for beginning in types:
            chosen = chosen | events.filter(type__startswith=beginning)
        events = chosen
    if actor_id:
        events = events.filter(actor_id=actor_id)
    if since:
        events = events.filter(at__gte=since)
    if before:
        events = events.filter(at__lt=before)
    return events.newest_first()


def actors_of(organisation: Organisation) -> list[HistoryActor]:
    """Return everybody who acted in the organisation, people and tokens, under their latest name."""
    rows = (
        AuditEvent.objects.of_organisation(organisation.pk)
        .exclude(actor_id="")
        .order_by("at")
        .values_list("actor_id", "actor_name")
        .distinct()
    )
    latest = dict(rows)
    return sorted((HistoryActor(*pair) for pair in latest.items()), key=lambda actor: actor.name.casefold())


# --- People --------------------------------------------------------------------------------------------------


def groups_of(model: "type[Department | JobRole]", organisation: Organisation) -> "QuerySet[Any, Any]":
    """Return the departments (or job roles) by name, each with how many `headcount` people are in it."""
    rows: QuerySet[Any, Any] = model._default_manager.filter(organisation=organisation)  # noqa: SLF001 -- documented
    return rows.annotate(headcount=Count("people")).order_by("name", "pk")


def names_by_address(organisation: Organisation) -> dict[str, str]:
    """Return the name of everybody on the people list by their normalised address."""
    return dict(Person.objects.filter(organisation=organisation).values_list("email", "name"))
