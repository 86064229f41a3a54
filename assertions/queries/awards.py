"""Awards: an organisation's, a person's own, and one of them with what its pages say."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q

from assertions.models import Assertion
from assertions.models.assertion import AssertionQuerySet
from assertions.queries.state import STATE_TONES, AwardState, in_state, is_renewed, state_of
from badges.models import BadgeClass
from badges.queries import thumbnail_url
from badgeserver.accounts.models import User
from badgeserver.openbadges.identity import normalize_email
from badgeserver.searching import having, searchable
from issuers.models import Organisation


def awards_of(organisation: Organisation) -> AssertionQuerySet:
    """Return the organisation's awards with badge and issuer; `renewed` says whether a later one holds longer."""
    later = (
        Assertion.objects.filter(
            badge_class__series=OuterRef("badge_class__series"),
            recipient_key=OuterRef("recipient_key"),
            revoked_at=None,
            issued_at__gte=OuterRef("issued_at"),
        )
        .filter(Q(expires_at=None) | Q(expires_at__gt=OuterRef("expires_at")))
        .exclude(pk=OuterRef("pk"))
    )
    found: AssertionQuerySet = (
        Assertion.objects.of_organisation(organisation)
        .select_related("badge_class", "issuer__organisation")
        .defer("hosted_json", "signed_json", "jws", "credential_jwt")
        .annotate(renewed=Exists(later))
    )
    return found


def found_awards(
    organisation: Organisation,
    *,
    at: datetime,
    search: str = "",
    badge_class: BadgeClass | None = None,
    state: str = "",
) -> AssertionQuerySet:
    """Return the awards that match everything asked, newest first.

    The current version of a badge stands for all of its versions, an earlier one for itself. `search` looks for each
    of its words in name, address and badge.
    """
    awards = in_state(awards_of(organisation), state, at=at)
    if badge_class is not None and badge_class.status == BadgeClass.Status.SUPERSEDED:
        awards = awards.filter(badge_class=badge_class)
    elif badge_class is not None:
        awards = awards.filter(badge_class__series=badge_class.series)
    return called(awards, organisation, search.split()).newest_first()


def called(awards: AssertionQuerySet, organisation: Organisation, words: Iterable[str]) -> AssertionQuerySet:
    """Keep those that have every word, as it was typed, in their recipient's name or address, or their badge's name."""
    for word in words:
        # The few badges first, and not the name of the badge of each of many awards.
        badges = BadgeClass.objects.of_organisation(organisation).filter(name__icontains=word)
        condition = Q(badge_class__in=badges.values("pk"))
        if parts := searchable(word).split():
            condition |= having(parts)
        awards = awards.filter(condition)
    return awards


@dataclass(frozen=True, slots=True)
class AwardLine:
    """An award with what to say about its state, for lists and pages."""

    assertion: Assertion
    state: AwardState
    tone: str
    renewed: bool

    @property
    def is_gone(self) -> bool:
        """Whether its badge is shown in grey."""
        return self.state in {AwardState.EXPIRED, AwardState.REVOKED, AwardState.DECLINED}

    @property
    def picture_url(self) -> str:
        """Where members see the badge's picture, small."""
        return thumbnail_url(self.assertion.badge_class, self.assertion.issuer.organisation)


def award_line(assertion: Assertion, *, at: datetime) -> AwardLine:
    state = state_of(assertion, at=at)
    return AwardLine(assertion, state, STATE_TONES[state], is_renewed(assertion))


def award_lines(awards: Iterable[Assertion], *, at: datetime) -> list[AwardLine]:
    return [award_line(assertion, at=at) for assertion in awards]


def holding(badge_class: BadgeClass, email: str, *, at: datetime) -> Assertion | None:
    """Return the newest award of this badge that the address holds now, or None."""
    held: AssertionQuerySet = badge_class.assertions.live(at)
    return held.of_recipient([normalize_email(email)]).newest_first().first()


def declined_before(badge_class: BadgeClass, email: str) -> Assertion | None:
    """Return the last award of this badge, in any version, that its recipient at this address declined, or None."""
    found: AssertionQuerySet = Assertion.objects.filter(badge_class__series=badge_class.series).declined()
    return found.of_recipient([normalize_email(email)]).order_by("-declined_at").first()


def award_named(organisation: Organisation, assertion_id: str) -> Assertion | None:
    """Return the award of a link's query, or None for whatever is not one of the organisation's awards."""
    try:
        return Assertion.objects.of_organisation(organisation).filter(pk=uuid.UUID(assertion_id)).first()
    except ValueError:
        return None


def addresses_of(user: User) -> list[str]:
    """Return the addresses that the person has proved to be theirs, normalised; the primary one first."""
    rows = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "email")
    return [normalize_email(email) for email in rows.values_list("email", flat=True)]


def awards_to(user: User) -> AssertionQuerySet:
    """Return the awards to any of the person's proved addresses, from every organisation, newest first."""
    found: AssertionQuerySet = (
        Assertion.objects.of_recipient(addresses_of(user))
        .select_related("badge_class", "issuer")
        .defer("hosted_json", "signed_json", "jws", "credential_jwt")
        .newest_first()
    )
    return found
