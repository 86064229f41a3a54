"""What may change while people hold a badge: who sees it, for whom it is, how scarce it is, what it leads to."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from badges import queries
from badges.actions.badge_classes import ChangedMeanwhile
from badges.insights.ladders import leads_back
from badges.models import BadgeClass, Visibility
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError
from issuers.models import Department, JobRole

_BATCH = 200


class CapTooLow(UserFacingError):
    """More people hold it already."""

    code = "award_cap_too_low"
    field = "award_cap"


class VisibilityRefused(UserFacingError):
    """What the world was told cannot be taken back."""

    code = "visibility_refused"
    field = "visibility"


class LadderRefused(UserFacingError):
    """The next level leads nowhere, or around in a circle."""

    code = "ladder_refused"
    field = "next_level"


class RelatedRefused(UserFacingError):
    """A related badge is not another badge of the organisation."""

    code = "related_refused"
    field = "related"


class AudienceRefused(UserFacingError):
    """A department or role is not of the organisation."""

    code = "audience_refused"
    field = "departments"


class ReviewPassed(UserFacingError):
    """Nobody can look at something yesterday."""

    code = "review_by_passed"
    field = "review_by"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFields:
    """The planning of a badge as a whole. Any version stands for its badge; no departments and no roles: everybody."""

    visibility: str = Visibility.PUBLIC
    departments: Sequence[Department] = ()
    job_roles: Sequence[JobRole] = ()
    award_cap: int | None = None
    next_level: BadgeClass | None = None
    related: Sequence[BadgeClass] = ()
    review_by: date | None = None


def plan_of(badge_class: BadgeClass) -> PlanFields:
    """Return the planning of a badge as it is."""
    return PlanFields(
        visibility=badge_class.visibility,
        departments=tuple(badge_class.departments.order_by("name", "pk")),
        job_roles=tuple(badge_class.job_roles.order_by("name", "pk")),
        award_cap=badge_class.award_cap,
        next_level=badge_class.next_level,
        related=tuple(badge_class.related_badges.by_name()),
        review_by=badge_class.review_by,
    )


def fingerprint(plan: PlanFields) -> str:
    """Return what tells one planning from another: a form carries it, so that nobody's change is lost unseen."""
    said = {
        "visibility": plan.visibility,
        "departments": sorted(str(one.pk) for one in plan.departments),
        "job_roles": sorted(str(one.pk) for one in plan.job_roles),
        "award_cap": plan.award_cap,
        "next_level": str(plan.next_level.series) if plan.next_level else "",
        "related": sorted({str(one.series) for one in plan.related}),
        "review_by": plan.review_by.isoformat() if plan.review_by else "",
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


@transaction.atomic
def plan_badge_class(
    *,
    badge_class: BadgeClass,
    fields: PlanFields,
    by: User | None,
    at: datetime,
    seen: str = "",
    is_undo: bool = False,
) -> BadgeClass:
    """Change the planning of a badge in all of its versions, and return it.

    Nothing of this is said about an award, so it may change while people hold the badge (docs/adr/0016). `seen` is
    the `fingerprint` of the planning that the editor had before them; with `is_undo` a day of review that has passed
    is put back as it stood. Raises `ChangedMeanwhile`, `VisibilityRefused`,
    `AudienceRefused`, `CapTooLow`, `LadderRefused`, `RelatedRefused` or `ReviewPassed`; then nothing has changed.
    """
    # In the order in which versions are published: an award that is being made waits, one that was made is counted.
    rows = BadgeClass.objects.of_series(badge_class.series).select_for_update(of=("self",)).select_related("issuer")
    versions = list(rows)
    locked = next(one for one in versions if one.pk == badge_class.pk)
    before = plan_of(locked)
    if seen and seen != fingerprint(before):
        raise ChangedMeanwhile(
            _("Somebody else changed this planning while you had it open. Look at it first; save again to replace it.")
        )
    _refuse_foreign_people(locked, fields)
    _refuse_visibility(locked, versions, before, fields)
    _refuse_cap(locked, fields, at=at)
    _refuse_ladder(locked, fields)
    _refuse_related(locked, fields.related)
    has_new_day = fields.review_by != before.review_by and not is_undo
    if fields.review_by and has_new_day and fields.review_by < at.date():
        raise ReviewPassed(_("This day has passed. Choose the day on which somebody should look at the badge again."))
    changed = _changed(before, fields)
    if not changed:
        return locked
    for version in versions:
        _put(version, fields)
    audit.record(
        "badge_class.planned",
        by=by,
        at=at,
        subject=locked,
        organisation_id=locked.issuer.organisation_id,
        issuer_id=locked.issuer_id,
        details={"changed": changed},
    )
    return locked


@transaction.atomic
def plan_drafts(*, plans: Sequence[tuple[BadgeClass, PlanFields]], by: User | None, at: datetime) -> None:
    """Say the planning of many drafts that were made just now, so that nothing is known of them elsewhere.

    As `plan_badge_class`, in a few statements however many they are; a next level that would lead round in a circle is
    left out. Raises `AudienceRefused`, `CapTooLow` or `LadderRefused`; then nothing has changed.
    """
    nothing, links, put = PlanFields(), dict[uuid.UUID, uuid.UUID](), list[tuple[BadgeClass, PlanFields]]()
    for draft, said in plans:
        _refuse_foreign_people(draft, said)
        if said.award_cap is not None and said.award_cap < 1:
            raise CapTooLow(_("Allow at least 1 person, or set no limit."))
        fields = said
        if said.next_level is not None:
            if said.next_level.issuer.organisation_id != draft.issuer.organisation_id:
                raise LadderRefused(_("The next level must be a badge of your own organisation. Choose another one."))
            if _leads_to(said.next_level.series, draft.series, links):
                fields = replace(said, next_level=None)
            else:
                links[draft.series] = said.next_level.series
        if fields != nothing:
            put.append((draft, fields))
    own_row = [
        (draft, fields)
        for draft, fields in put
        if replace(fields, departments=(), job_roles=()) != nothing  # most are for some people, and no more
    ]
    for draft, fields in own_row:
        draft.visibility, draft.award_cap, draft.next_level = fields.visibility, fields.award_cap, fields.next_level
    BadgeClass.objects.bulk_update(
        [draft for draft, _fields in own_row], ["visibility", "award_cap", "next_level"], batch_size=_BATCH
    )
    departments, job_roles = BadgeClass.departments.through, BadgeClass.job_roles.through
    departments.objects.bulk_create(
        [departments(badgeclass=draft, department=one) for draft, fields in put for one in fields.departments],
        batch_size=_BATCH,
    )
    job_roles.objects.bulk_create(
        [job_roles(badgeclass=draft, jobrole=one) for draft, fields in put for one in fields.job_roles],
        batch_size=_BATCH,
    )
    audit.record_all(
        [
            audit.act(
                "badge_class.planned",
                by=by,
                at=at,
                subject=draft,
                organisation_id=draft.issuer.organisation_id,
                issuer_id=draft.issuer_id,
                details={"changed": _changed(nothing, fields)},
            )
            for draft, fields in put
        ]
    )


def _leads_to(start: uuid.UUID, wanted: uuid.UUID, links: Mapping[uuid.UUID, uuid.UUID]) -> bool:
    here: uuid.UUID | None = start
    while here is not None and here != wanted:
        here = links.get(here)
    return here == wanted


def _put(version: BadgeClass, fields: PlanFields) -> None:
    version.visibility, version.award_cap = fields.visibility, fields.award_cap
    version.next_level, version.review_by = fields.next_level, fields.review_by
    version.save(update_fields=["visibility", "award_cap", "next_level", "review_by"])
    version.departments.set(fields.departments)
    version.job_roles.set(fields.job_roles)
    version.related_badges.set(fields.related)


def _refuse_foreign_people(badge_class: BadgeClass, fields: PlanFields) -> None:
    own = badge_class.issuer.organisation_id
    named: Iterable[Department | JobRole] = [*fields.departments, *fields.job_roles]
    if any(one.organisation_id != own for one in named):
        raise AudienceRefused(_("A badge can be only for departments and roles of your own organisation."))


def _refuse_visibility(
    badge_class: BadgeClass, versions: Sequence[BadgeClass], before: PlanFields, fields: PlanFields
) -> None:
    if fields.visibility == before.visibility or fields.visibility != Visibility.INTERNAL:
        return
    if any(queries.is_awarded(version) for version in versions):
        raise VisibilityRefused(
            _(
                "“%(badge)s” was awarded for everybody to see, and its holders may have shown it. "
                "It stays public; make an internal copy of it for what comes."
            )
            % {"badge": badge_class}
        )
    endorsers = [name for version in versions for name in queries.endorsers(version)]
    if endorsers:
        raise VisibilityRefused(
            _("%(endorser)s endorses this badge for everybody to see. Hide that endorsement first.")
            % {"endorser": endorsers[0]}
        )


def _refuse_cap(badge_class: BadgeClass, fields: PlanFields, *, at: datetime) -> None:
    if fields.award_cap is None:
        return
    held = queries.holders([badge_class], at=at)[badge_class.pk]
    if fields.award_cap < max(held, 1):
        words = {"held": held}
        raise CapTooLow(
            ngettext(
                "%(held)d person holds this badge already. Allow at least %(held)d, or set no limit.",
                "%(held)d people hold this badge already. Allow at least %(held)d, or set no limit.",
                held,
            )
            % words
            if held
            else _("Allow at least 1 person, or set no limit.")
        )


def _refuse_ladder(badge_class: BadgeClass, fields: PlanFields) -> None:
    following = fields.next_level
    if following is None:
        return
    if following.issuer.organisation_id != badge_class.issuer.organisation_id:
        raise LadderRefused(_("The next level must be a badge of your own organisation. Choose another one."))
    if following.series == badge_class.series:
        raise LadderRefused(_("A badge cannot be its own next level. Choose another one."))
    if leads_back(following, badge_class):
        raise LadderRefused(
            _("“%(next)s” leads up to this badge already: the ladder would go round in a circle.") % {"next": following}
        )


def _refuse_related(badge_class: BadgeClass, related: Sequence[BadgeClass]) -> None:
    for other in related:
        if other.issuer.organisation_id != badge_class.issuer.organisation_id:
            raise RelatedRefused(_("Related badges must be of your own organisation. Choose others."))
        if other.series == badge_class.series:
            raise RelatedRefused(_("A badge is always related to itself. Choose other badges."))


def _changed(before: PlanFields, after: PlanFields) -> list[str]:
    """Name what is different, for the trail; versions of the same badge are the same."""

    def told(plan: PlanFields, name: str) -> object:
        value = getattr(plan, name)
        if isinstance(value, BadgeClass):
            return value.series
        if isinstance(value, Sequence) and not isinstance(value, str):
            return {getattr(one, "series", one.pk) for one in value}
        return value

    return [item.name for item in dataclass_fields(PlanFields) if told(before, item.name) != told(after, item.name)]
