"""What the pages of this room ask the tables."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import models
from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assertions.models import Assertion, Notice, WithdrawnCopy
from assertions.models.assertion import AssertionQuerySet
from assertions.models.notice import NoticeQuerySet
from badges.insights.versions import current_versions
from badges.models import BadgeClass
from badges.models.badge_class import BadgeClassQuerySet
from badges.queries import thumbnail_url
from badgeserver.accounts.models import User
from badgeserver.audit.describe import Description, describe
from badgeserver.audit.models import AuditEvent
from badgeserver.openbadges.identity import normalize_email
from issuers.models import Department, Organisation, Person, SigningKey

#: What ends within this time is worth a word: long enough to plan a course.
EXPIRING_WITHIN = timedelta(days=60)

#: An award that is not signed and mailed after this time says that the worker is not there.
LATE_AFTER = timedelta(minutes=5)


# --- The state of an award -----------------------------------------------------------------------------------


class AwardState(models.TextChoices):
    """What to tell people about an award. As a filter, “valid” includes what expires soon."""

    VALID = "valid", gettext_lazy("Valid")
    EXPIRING = "expiring", gettext_lazy("Expires soon")
    EXPIRED = "expired", gettext_lazy("Expired")
    REVOKED = "revoked", gettext_lazy("Revoked")
    PREPARING = "preparing", gettext_lazy("Preparing")


STATE_TONES = {
    AwardState.VALID: "good",
    AwardState.EXPIRING: "warn",
    AwardState.EXPIRED: "neutral",
    AwardState.REVOKED: "bad",
    AwardState.PREPARING: "info",
}


def state_of(assertion: Assertion, *, at: datetime) -> AwardState:
    """Return the one state to show. What is renewed already does not count as expiring (see `awards_of`)."""
    if assertion.revoked_at is not None:
        return AwardState.REVOKED
    if assertion.is_expired(at):
        return AwardState.EXPIRED
    if assertion.finished_at is None:
        return AwardState.PREPARING
    if assertion.expires_at is not None and assertion.expires_at <= at + EXPIRING_WITHIN and not is_renewed(assertion):
        return AwardState.EXPIRING
    return AwardState.VALID


def is_renewed(assertion: Assertion) -> bool:
    """Whether a later award of the badge, in any version, holds longer. Known of awards that come from `awards_of`."""
    return bool(getattr(assertion, "renewed", False))


def in_state(awards: AssertionQuerySet, state: str, *, at: datetime) -> AssertionQuerySet:
    """Return those awards of `awards_of` that are in a state; all of them for an unknown one."""
    match state:
        case AwardState.VALID:
            return awards.live(at).filter(finished_at__isnull=False)
        case AwardState.EXPIRING:
            soon = awards.live(at).filter(finished_at__isnull=False, expires_at__lte=at + EXPIRING_WITHIN)
            return soon.filter(Q(renewed=False))
        case AwardState.EXPIRED:
            return awards.expired(at)
        case AwardState.REVOKED:
            return awards.revoked()
        case AwardState.PREPARING:
            return awards.live(at).filter(finished_at=None)
    return awards


# --- Lists of awards -----------------------------------------------------------------------------------------


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


#: What the list of awards may be sorted by.
SORTS: dict[str, Sequence[str]] = {
    "issued": ("issued_at", "created_at"),
    "person": ("recipient_name", "recipient_key"),
    "badge": ("badge_class__name", "recipient_name"),
    "expires": ("expires_at",),
}


def found_awards(
    organisation: Organisation,
    *,
    at: datetime,
    search: str = "",
    badge_class: BadgeClass | None = None,
    state: str = "",
    sort: str = "-issued",
) -> AssertionQuerySet:
    """Return the awards that match everything asked, sorted by one of `SORTS` (with “-” downwards).

    The current version of a badge stands for all of its versions, an earlier one for itself. `search` looks for each
    of its words in name, address and badge.
    """
    awards = in_state(awards_of(organisation), state, at=at)
    if badge_class is not None and badge_class.status == BadgeClass.Status.SUPERSEDED:
        awards = awards.filter(badge_class=badge_class)
    elif badge_class is not None:
        awards = awards.filter(badge_class__series=badge_class.series)
    for word in search.split():
        awards = awards.filter(
            Q(recipient_name__icontains=word)
            | Q(recipient_key__icontains=word.lower())
            | Q(badge_class__name__icontains=word)
        )
    names = SORTS.get(sort.removeprefix("-"), SORTS["issued"])
    # What never expires stands at the end, whichever way round.
    order = [F(name).desc(nulls_last=True) if sort.startswith("-") else F(name).asc(nulls_last=True) for name in names]
    return awards.order_by(*order, "pk")


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
        return self.state in {AwardState.EXPIRED, AwardState.REVOKED}

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


# --- One award -----------------------------------------------------------------------------------------------


class MailState(models.TextChoices):
    """Where a mail to the recipient is."""

    WAITING = "waiting", gettext_lazy("Waiting")
    SENDING = "sending", gettext_lazy("On its way")
    SENT = "sent", gettext_lazy("Sent")
    REFUSED = "refused", gettext_lazy("Refused")
    IN_DOUBT = "in_doubt", gettext_lazy("May not have arrived")
    DROPPED = "dropped", gettext_lazy("Not sent")


MAIL_TONES = {
    MailState.WAITING: "info",
    MailState.SENDING: "info",
    MailState.SENT: "good",
    MailState.REFUSED: "bad",
    MailState.IN_DOUBT: "warn",
    MailState.DROPPED: "neutral",
}


@dataclass(frozen=True, slots=True)
class MailLine:
    """One mail about an award, with what became of it."""

    notice: Notice
    state: MailState
    tone: str

    @property
    def may_be_sent_again(self) -> bool:
        return self.state in {MailState.REFUSED, MailState.IN_DOUBT} and not is_outdated(self.notice)

    @property
    def about(self) -> str:
        """What the mail is about, to follow “the mail about”."""
        return {
            Notice.Kind.AWARD.value: _("the award"),
            Notice.Kind.REVOCATION.value: _("the revocation"),
            Notice.Kind.RESTORED.value: _("the revocation that was a mistake"),
            Notice.Kind.UPGRADE.value: _("the new version"),
            Notice.Kind.NEW_COPY.value: _("the new signed copy"),
        }[self.notice.kind]


def is_outdated(notice: Notice) -> bool:
    """Whether what the mail says is no longer so: nobody is told of a revocation that was undone, or the reverse."""
    if notice.kind == Notice.Kind.REVOCATION:
        return notice.assertion.revoked_at is None
    return notice.kind in Notice.WHILE_IT_HOLDS and notice.assertion.revoked_at is not None


def mail_state(notice: Notice, *, at: datetime) -> MailState:
    """Return where the mail is; `notice.assertion` must be loaded."""
    if is_outdated(notice) and notice.handed_over_at is None:
        # Nobody is congratulated on a badge that is gone.
        return MailState.DROPPED
    if notice.problem:
        return MailState.REFUSED
    if notice.sent_at is not None:
        return MailState.SENT
    if notice.handed_over_at is None:
        return MailState.WAITING
    return MailState.IN_DOUBT if notice.handed_over_at <= at - Notice.IN_DOUBT_AFTER else MailState.SENDING


def mail_line(notice: Notice, *, at: datetime) -> MailLine:
    state = mail_state(notice, at=at)
    return MailLine(notice, state, MAIL_TONES[state])


def mails_of(assertion: Assertion, *, at: datetime) -> list[MailLine]:
    """Return the mails about an award, oldest first."""
    notices = assertion.notices.order_by("created_at", "pk")
    for notice in notices:
        notice.assertion = assertion
    return [mail_line(notice, at=at) for notice in notices]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the worker is with an award: `steps` have state, title and text for `components/check_step.html`."""

    steps: list[dict[str, str]]
    is_settled: bool  # nothing will change by itself any more
    is_late: bool  # the worker should have been here by now


_MAIL_STEPS = {
    MailState.WAITING: "pending",
    MailState.SENDING: "running",
    MailState.SENT: "passed",
    MailState.REFUSED: "failed",
    MailState.IN_DOUBT: "unknown",
    MailState.DROPPED: "skipped",
}


def progress_of(assertion: Assertion, mails: Sequence[MailLine], *, at: datetime) -> Progress:
    """Return what was done for an award and what is still to come."""
    finished = assertion.finished_at is not None
    owed = [mail for mail in mails if mail.state in {MailState.WAITING, MailState.SENDING}]
    steps = [
        {
            "state": "passed",
            "title": _("Awarded"),
            "text": _("The badge can be seen and checked at its public address."),
        },
        {
            "state": "passed" if finished else "running",
            "title": _("Signed and baked") if finished else _("Signing and baking…"),
            "text": _("The picture carries the badge inside, and can be kept anywhere.") if finished else "",
        },
    ]
    for mail in mails:
        if mail.notice.kind == Notice.Kind.AWARD:
            state = "running" if finished and mail.state == MailState.WAITING else _MAIL_STEPS[mail.state]
            text = assertion.recipient_email if mail.state == MailState.SENT else ""
            steps.append({"state": state, "title": _("Mail: %(state)s") % {"state": mail.state.label}, "text": text})
    is_settled = assertion.revoked_at is not None or (finished and not owed)
    queued_at = max([assertion.queued_at, *(mail.notice.queued_at for mail in owed)])
    return Progress(steps, is_settled, is_late=not is_settled and queued_at < at - LATE_AFTER)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event for `components/timeline.html`."""

    sentence: str
    at: datetime
    by: str
    icon: str
    tone: str


def history_of(assertion: Assertion) -> list[HistoryLine]:
    """Return what happened to an award, newest first."""
    events = AuditEvent.objects.about(assertion.pk).newest_first()
    return [_history_line(event, describe(event)) for event in events]


def _history_line(event: AuditEvent, words: Description) -> HistoryLine:
    by = event.actor_name or _("The system")
    return HistoryLine(words.sentence, event.at, by, words.icon, words.tone)


# --- Overview ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of an organisation; none of them names anybody."""

    awards: int  # ever, so that a fresh organisation is known
    awarded_this_year: int
    awarded_by_this_day_last_year: int
    holders: int
    expiring_people: int
    published_badges: int
    draft_badges: int

    @property
    def change(self) -> str:
        """Compare this year with last year by the same day, such as “+18 %”; “” without a last year."""
        if not self.awarded_by_this_day_last_year:
            return ""
        percent = round(100 * self.awarded_this_year / self.awarded_by_this_day_last_year) - 100
        return f"{percent:+d} %".replace("-", "−")

    @property
    def change_note(self) -> str:
        return _("%(change)s on last year") % {"change": self.change} if self.change else ""


def figures(organisation: Organisation, *, at: datetime) -> Figures:
    """Return the numbers in three queries. Revoked awards count nowhere but in `awards`."""
    this_year = timezone.localtime(at).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    last_year = this_year.replace(year=this_year.year - 1)
    stands = Q(revoked_at=None)
    live = stands & (Q(expires_at=None) | Q(expires_at__gt=at))
    counted = Assertion.objects.of_organisation(organisation).aggregate(
        awards=Count("pk"),
        awarded_this_year=Count("pk", filter=stands & Q(issued_at__gte=this_year)),
        awarded_by_this_day_last_year=Count(
            "pk", filter=stands & Q(issued_at__gte=last_year, issued_at__lte=last_year + (at - this_year))
        ),
        holders=Count("recipient_key", filter=live, distinct=True),
    )
    expiring = in_state(awards_of(organisation), AwardState.EXPIRING, at=at)
    badges = (
        BadgeClass.objects.of_organisation(organisation)
        .current()
        .aggregate(
            published_badges=Count("pk", filter=Q(status=BadgeClass.Status.PUBLISHED)),
            draft_badges=Count("pk", filter=Q(status=BadgeClass.Status.DRAFT)),
        )
    )
    people = expiring.aggregate(people=Count("recipient_key", distinct=True))["people"]
    return Figures(**counted, **badges, expiring_people=people)


@dataclass(frozen=True, slots=True)
class ExpiringBadge:
    """One badge that ends soon for some people; `when` is “in May” or “between May and June”."""

    badge_class: BadgeClass
    people: int
    when: str


def expiring_badges(organisation: Organisation, *, at: datetime) -> list[ExpiringBadge]:
    """Return the badges that end for somebody within `EXPIRING_WITHIN`, the soonest first."""
    rows = list(
        in_state(awards_of(organisation), AwardState.EXPIRING, at=at)
        .order_by()
        .values("badge_class__series")
        .annotate(people=Count("recipient_key", distinct=True), first=Min("expires_at"), last=Max("expires_at"))
        .order_by("first", "badge_class__series")
    )
    badges = current_versions(row["badge_class__series"] for row in rows)
    return [
        ExpiringBadge(badges[row["badge_class__series"]], row["people"], _months(row["first"], row["last"], at=at))
        for row in rows
    ]


def _months(first: datetime, last: datetime, *, at: datetime) -> str:
    names = [
        date_format(day, "F" if day.year == at.year else "F Y")
        for day in (timezone.localtime(first), timezone.localtime(last))
    ]
    if names[0] == names[1]:
        return _("in %(month)s") % {"month": names[0]}
    return _("between %(first)s and %(last)s") % {"first": names[0], "last": names[1]}


def troubled_mails(organisation: Organisation, *, at: datetime) -> NoticeQuerySet:
    """Return the mails that were refused or may not have arrived, newest first."""
    notices = Notice.objects.filter(assertion__issuer__organisation=organisation)
    trouble: NoticeQuerySet = notices.refused() | notices.in_doubt(at - Notice.IN_DOUBT_AFTER)
    return (
        trouble.exclude(kind__in=Notice.WHILE_IT_HOLDS, assertion__revoked_at__isnull=False)
        .exclude(kind=Notice.Kind.REVOCATION, assertion__revoked_at=None)
        .select_related("assertion__badge_class")
        .order_by("-created_at", "-pk")
    )


def late_awards(organisation: Organisation, *, at: datetime) -> int:
    """Return how many awards the worker should have finished by now."""
    return Assertion.objects.of_organisation(organisation).unfinished(at - LATE_AFTER).count()


def badges_to_award(organisation: Organisation, *, at: datetime, search: str = "") -> BadgeClassQuerySet:
    """Return the published badges, those awarded most in the last half year first."""
    half_a_year = Assertion.objects.filter(
        badge_class__series=OuterRef("series"), created_at__gte=at - timedelta(days=183)
    ).order_by()
    counted = half_a_year.values("badge_class__series").annotate(n=Count("pk"))
    recently = Coalesce(Subquery(counted.values("n")), 0)
    found: BadgeClassQuerySet = BadgeClass.objects.of_organisation(organisation).published()
    for word in search.split():
        found = found.filter(Q(name__icontains=word) | Q(description__icontains=word))
    return found.annotate(recently=recently).order_by("-recently", "name", "pk")


@dataclass(frozen=True, slots=True)
class BadgeNumbers:
    """One badge in numbers, for those who may not see persons."""

    badge_class: BadgeClass
    awarded_this_year: int
    holders: int


def numbers_by_badge(organisation: Organisation, *, at: datetime, limit: int) -> list[BadgeNumbers]:
    """Return the badges that most people hold."""
    this_year = timezone.localtime(at).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    # Of all versions together: the current one stands for the badge.
    awards = Assertion.objects.filter(badge_class__series=OuterRef("series"), revoked_at=None).order_by()
    by_badge = awards.values("badge_class__series")
    this_years = by_badge.filter(issued_at__gte=this_year).annotate(n=Count("pk"))
    held = by_badge.filter(Q(expires_at=None) | Q(expires_at__gt=at)).annotate(n=Count("recipient_key", distinct=True))
    badges = (
        BadgeClass.objects.of_organisation(organisation)
        .current()
        .public()
        .annotate(
            this_year=Coalesce(Subquery(this_years.values("n")), 0),
            held=Coalesce(Subquery(held.values("n")), 0),
        )
        .order_by("-held", "name", "pk")
    )
    rows: Iterable[Any] = badges[:limit]
    return [BadgeNumbers(badge, badge.this_year, badge.held) for badge in rows]


# --- People --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody who works here or was awarded something; `person_id` is None for those not on the people list."""

    email: str
    name: str
    job_title: str
    department: str
    person_id: uuid.UUID | None
    valid: int = 0
    expired: int = 0

    @property
    def role(self) -> str:
        """“Crane Operator, Terminal Operations”, as far as it is known."""
        return ", ".join(filter(None, [self.job_title, self.department]))


_LINE = ("key", "shown_name", "title", "unit", "person_id")


def people_of(
    organisation: Organisation, *, search: str = "", department: Department | None = None
) -> "models.QuerySet[Any, Any]":
    """Return everybody on the people list, and everybody else who was awarded something, by department and name.

    The rows are for `person_lines`; whoever is not on the list comes last, and has no department.
    """
    listed = Person.objects.filter(organisation=organisation)
    others = Assertion.objects.of_organisation(organisation).exclude(recipient_key__in=listed.values("email"))
    if department is not None:
        listed, others = listed.filter(department=department), others.none()
    for word in search.split():
        listed = listed.filter(
            Q(name__icontains=word) | Q(email__icontains=word.lower()) | Q(job_title__icontains=word)
        )
        others = others.filter(Q(recipient_name__icontains=word) | Q(recipient_key__icontains=word.lower()))
    text = models.CharField()
    from_list = listed.order_by().annotate(
        key=F("email"),
        shown_name=F("name"),
        title=F("job_title"),
        unit=Coalesce("department__name", Value(""), output_field=text),
        person_id=F("pk"),
        place=Case(When(department=None, then=1), default=0, output_field=models.IntegerField()),
    )
    from_awards = (
        others.order_by()
        .values("recipient_key")
        .annotate(
            key=F("recipient_key"),
            shown_name=Max("recipient_name"),
            title=Value("", output_field=text),
            unit=Value("", output_field=text),
            person_id=Value(None, output_field=models.UUIDField()),
            place=Value(2, output_field=models.IntegerField()),
        )
    )
    columns = (*_LINE, "place")
    rows: models.QuerySet[Any, Any] = from_list.values(*columns).union(from_awards.values(*columns), all=True)
    return rows.order_by("place", "unit", "shown_name", "key")


def person_lines(rows: Iterable[dict[str, Any]], organisation: Organisation, *, at: datetime) -> list[PersonLine]:
    """Return rows of `people_of` with the numbers of their badges: one query, however many rows."""
    rows = list(rows)
    counted = (
        Assertion.objects.of_organisation(organisation)
        .of_recipient([row["key"] for row in rows])
        .order_by()
        .values("recipient_key")
        .annotate(
            valid=Count(
                "badge_class__series",
                filter=Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=at)),
                distinct=True,
            ),
            ended=Count("badge_class__series", filter=Q(revoked_at=None, expires_at__lte=at), distinct=True),
        )
    )
    numbers = {row["recipient_key"]: (row["valid"], row["ended"]) for row in counted}
    return [
        PersonLine(
            row["key"], row["shown_name"], row["title"], row["unit"], row["person_id"], *numbers.get(row["key"], (0, 0))
        )
        for row in rows
    ]


def departments_of(organisation: Organisation) -> "models.QuerySet[Department]":
    return Department.objects.filter(organisation=organisation).order_by("name")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody to award a badge to; `held_since` when they hold it already, `earlier_version` when only that one."""

    line: PersonLine
    held_since: datetime | None
    earlier_version: int | None = None


def suggestions(badge_class: BadgeClass, typed: str, *, at: datetime, limit: int = 7) -> list[Suggestion]:
    """Return the people of the badge's organisation whose name, address or job matches what was typed."""
    if not typed.strip():
        return []
    organisation = badge_class.issuer.organisation
    rows = list(people_of(organisation, search=typed)[:limit])
    of_series = Assertion.objects.live(at).filter(badge_class__series=badge_class.series)
    held: dict[str, datetime] = {}
    earlier: dict[str, int] = {}
    awards = of_series.of_recipient([row["key"] for row in rows]).order_by("issued_at")
    for email, issued_at, version in awards.values_list("recipient_key", "issued_at", "badge_class__version"):
        if version == badge_class.version:
            held[email] = issued_at
        else:
            earlier[email] = max(version, earlier.get(email, 0))
    lines = person_lines(rows, organisation, at=at)
    return [
        Suggestion(line, held.get(line.email), None if line.email in held else earlier.get(line.email))
        for line in lines
    ]


def award_named(organisation: Organisation, assertion_id: str) -> Assertion | None:
    """Return the award of a link's query, or None for whatever is not one of the organisation's awards."""
    try:
        return Assertion.objects.of_organisation(organisation).filter(pk=uuid.UUID(assertion_id)).first()
    except ValueError:
        return None


def person_on_list(organisation: Organisation, person_id: str) -> Person | None:
    """Return the person of a link's query, or None for whatever is not one of the organisation's people."""
    try:
        return Person.objects.filter(organisation=organisation, pk=uuid.UUID(person_id)).first()
    except ValueError:
        return None


def known_person(organisation: Organisation, email: str) -> Person | None:
    """Return who has this address on the organisation's people list."""
    return (
        Person.objects.filter(organisation=organisation, email=normalize_email(email))
        .select_related("department")
        .first()
    )


# --- A person's own badges -----------------------------------------------------------------------------------


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


# --- Copies of a compromised key -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Copies:
    """What a signing key vouches for: awards that hold, and how many of their holders were told of them."""

    awards: int
    holders_told: int


def copies_of(key: SigningKey, *, at: datetime) -> Copies:
    """Count what giving up the key touches, for its page."""
    awards = Assertion.objects.filter(signing_key=key, revoked_at=None)
    told = Notice.objects.filter(assertion__in=awards.live(at), kind=Notice.Kind.AWARD, handed_over_at__isnull=False)
    return Copies(awards=awards.count(), holders_told=told.count())


@dataclass(frozen=True, slots=True)
class CopyProgress:
    """How far the new copies of a compromised key are: `done` are signed and baked."""

    done: int
    total: int

    @property
    def is_done(self) -> bool:
        return self.done >= self.total


def copy_progress(key: SigningKey) -> CopyProgress:
    """Count the copies that a compromised key signed and those whose award has its new one."""
    left = Assertion.objects.filter(signing_key=key, revoked_at=None).count()
    replaced = WithdrawnCopy.objects.filter(signing_key=key)
    being_made = replaced.filter(assertion__finished_at=None, assertion__revoked_at=None).count()
    total = replaced.count()
    return CopyProgress(done=total - being_made, total=total + left)
