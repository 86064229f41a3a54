"""Award a badge."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assertions import documents, rules, tasks
from assertions.actions.admission import refuse_unadmitted
from assertions.models import Assertion, AwardRequest, Evidence, Notice
from badges.insights.versions import current_versions
from badges.models import BadgeClass
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError
from badgeserver.openbadges.identity import new_salt, normalize_email
from issuers.documents import current_origin
from issuers.models import ApiToken
from issuers.queries import active_signing_key


class NotAwardable(UserFacingError):
    """The badge is a draft or archived."""

    code = "badge_not_published"


class VersionSuperseded(NotAwardable):
    """A later version took the place of this one; the sentence names its id."""

    code = "badge_superseded"


class AlreadyAwarded(UserFacingError):
    """The recipient holds this very version already; awarding it again must be said to be meant.

    Holding an earlier version forbids nothing: it is what an upgrade begins with.
    """

    code = "already_awarded"
    field = "email"


class AwardDates(UserFacingError):
    """The dates contradict one another or the clock."""

    code = "award_dates"


class KeyReused(UserFacingError):
    """The Idempotency-Key was used for another award."""

    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFields:
    """One piece of evidence: a URL, a text (Markdown), or both, and what else is to be said of it (OB2-ISS-100)."""

    url: str = ""
    name: str = ""
    narrative: str = ""
    description: str = ""
    genre: str = ""
    audience: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardFields:
    """What is said about one award. The texts are checked by the form or serializer that made this.

    `expires_at` counts only with `overrides_expiry`; otherwise the badge says how long it holds.
    """

    badge_class: BadgeClass
    email: str
    issued_at: datetime
    name: str = ""
    narrative: str = ""
    evidence: Sequence[EvidenceFields] = ()
    overrides_expiry: bool = False
    expires_at: datetime | None = None
    allow_duplicate: bool = False


@transaction.atomic
def award_badge(*, fields: AwardFields, by: User | ApiToken, at: datetime) -> Assertion:
    """Award one badge to one recipient, and return the assertion with its final documents.

    Its hosted form verifies as soon as this returns; the worker then signs it, bakes the picture and sends the
    mail. Raises `NotAwardable` (of an earlier version `VersionSuperseded`), `AlreadyAwarded` (unless
    `allow_duplicate`), `AwardDates`, or one of the refusals of `assertions.actions.admission`: not of the test group,
    not of the audience, no place left.
    """
    # One after the other: of two clicks at once, the second must see the award of the first. And whoever edits,
    # replaces or archives the badge at this moment waits for it, or is waited for: what is awarded stands still.
    badges = BadgeClass.objects.select_for_update(of=("self",), no_key=True)
    badge_class = badges.select_related("issuer").get(pk=fields.badge_class.pk)
    if badge_class.status == BadgeClass.Status.SUPERSEDED:
        _refuse_superseded(badge_class)
    if not badge_class.is_awardable:
        raise NotAwardable(
            _("Only published badges can be awarded. Publish “%(badge)s” first.") % {"badge": badge_class}
        )
    recipient_key = normalize_email(fields.email)
    if not fields.allow_duplicate:
        _refuse_duplicate(badge_class, recipient_key, at=at)
    refuse_unadmitted(badge_class=badge_class, recipient_key=recipient_key, at=at)

    issued_at = fields.issued_at.replace(microsecond=0)
    expires_at = (
        fields.expires_at if fields.overrides_expiry else rules.expiry_from_badge(badge_class, issued_at=issued_at)
    )
    _check_dates(issued_at, expires_at, at=at)

    assertion = Assertion(
        origin=current_origin(badge_class.issuer),
        badge_class=badge_class,
        issuer=badge_class.issuer,
        signing_key=active_signing_key(badge_class.issuer),
        recipient_email=fields.email.strip(),
        recipient_key=recipient_key,
        recipient_name=fields.name.strip(),
        salt=new_salt(),
        issued_at=issued_at,
        expires_at=expires_at.replace(microsecond=0) if expires_at else None,
        narrative=fields.narrative,
        awarded_by=by if isinstance(by, User) else None,
        created_at=at,
        signed_uuid=uuid.uuid4(),
        queued_at=at,
    )
    evidence = [
        Evidence(assertion=assertion, position=position, **asdict(item))
        for position, item in enumerate(fields.evidence)
    ]
    assertion.hosted_json = documents.hosted_json(assertion, evidence)
    assertion.signed_json = documents.signed_json(assertion, evidence)
    assertion.save(force_insert=True)
    Evidence.objects.bulk_create(evidence)
    Notice.objects.create(assertion=assertion, kind=Notice.Kind.AWARD, created_at=at, queued_at=at)
    audit.record(
        "assertion.awarded",
        by=by,
        at=at,
        subject=assertion,
        organisation_id=badge_class.issuer.organisation_id,
        issuer_id=badge_class.issuer_id,
        details={"badge": badge_class.name, "badge_id": str(badge_class.pk)},
    )
    # robust: an unreachable broker must not turn a finished award into an error; the sweep queues it again. And no
    # functools.partial: Django names what failed by its __qualname__, and a partial has none.
    assertion_id = str(assertion.pk)
    transaction.on_commit(lambda: tasks.finish_assertion.delay(assertion_id=assertion_id), robust=True)
    return assertion


def award_badge_once(
    *, fields: AwardFields, key: str, fingerprint: str, by: ApiToken, at: datetime
) -> tuple[Assertion, bool]:
    """Award as `award_badge`, once per `key` of the issuer; return the assertion and whether it is new.

    `fingerprint` identifies what was asked for. The same key with another fingerprint raises `KeyReused`.
    """
    try:
        with transaction.atomic():
            known = _known_award(fields.badge_class, key, fingerprint)
            if known is not None:
                return known, False
            assertion = award_badge(fields=fields, by=by, at=at)
            AwardRequest.objects.create(
                issuer=fields.badge_class.issuer, key=key, fingerprint=fingerprint, assertion=assertion, created_at=at
            )
            return assertion, True
    except (AlreadyAwarded, IntegrityError):
        # The same request ran beside this one and was first; its award is the answer to both.
        known = _known_award(fields.badge_class, key, fingerprint)
        if known is None:
            raise
        return known, False


def _known_award(badge_class: BadgeClass, key: str, fingerprint: str) -> Assertion | None:
    known = (
        AwardRequest.objects.filter(issuer=badge_class.issuer, key=key)
        .select_related("assertion__badge_class", "assertion__issuer")
        .first()
    )
    if known is None:
        return None
    if known.fingerprint != fingerprint:
        raise KeyReused(_("This Idempotency-Key was used for another award. Use a new key for each award."))
    return known.assertion


def _refuse_superseded(badge_class: BadgeClass) -> None:
    current = current_versions([badge_class.series])[badge_class.series]
    words = {
        "badge": badge_class,
        "version": badge_class.version,
        "current": current.version,
        "id": current.pk,
    }
    if current.is_awardable:
        raise VersionSuperseded(
            _(
                "Version %(version)d of “%(badge)s” is no longer awarded. "
                "Award version %(current)d in its place; its id is %(id)s."
            )
            % words
        )
    raise VersionSuperseded(
        _(
            "Version %(version)d of “%(badge)s” is no longer awarded, and version %(current)d (%(id)s) is archived. "
            "Restore that one first."
        )
        % words
    )


def _refuse_duplicate(badge_class: BadgeClass, recipient_key: str, *, at: datetime) -> None:
    held = badge_class.assertions.live(at).filter(recipient_key=recipient_key)
    since = held.newest_first().values_list("issued_at", flat=True).first()
    if since is not None:
        words = {
            "badge": badge_class,
            "day": date_format(timezone.localtime(since), _("j F Y")),
            "version": badge_class.version,
        }
        if badge_class.version > 1:
            raise AlreadyAwarded(
                _(
                    "This person holds version %(version)d of “%(badge)s” already, since %(day)s. "
                    "Award it again only if that is meant."
                )
                % words
            )
        raise AlreadyAwarded(
            _("This person holds “%(badge)s” already, since %(day)s. Award it again only if that is meant.") % words
        )


def _check_dates(issued_at: datetime, expires_at: datetime | None, *, at: datetime) -> None:
    """Hold the line of OB2-ISS-34 for every door."""
    if (issued_at - at).total_seconds() > rules.CLOCK_SKEW_SECONDS:
        raise AwardDates(_("The award lies in the future. Choose today or an earlier day."), field="issued_on")
    if issued_at.date() < rules.EARLIEST:
        raise AwardDates(_("The award lies before 1990. Check the year."), field="issued_on")
    if expires_at is not None and expires_at.date() >= rules.LATEST:
        raise AwardDates(
            _("The last day lies more than a lifetime ahead. Choose an earlier day, or let the badge never expire."),
            field="expires_on",
        )
    if expires_at is not None and expires_at <= issued_at:
        raise AwardDates(
            _("The badge would end before it was awarded. Choose a later last day, or an earlier day of the award."),
            field="expires_on",
        )
