"""The versions of a badge: made from the current one, prepared as a draft, published in its place."""

import uuid
from dataclasses import replace
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from badges import queries, rules
from badges.actions.approval import refuse_unapproved
from badges.actions.badge_classes import (
    BadgeFields,
    NotComplete,
    StepFields,
    WrongMoment,
    copy_audience,
    draw_picture,
    fields_of,
    keep_steps_translated,
    locked_badge_class,
    png_of,
    refuse_foreign_steps,
    refuse_language_twice,
    refuse_stale,
    refuse_unpublishable,
    say_fields,
    write_parts,
)
from badges.actions.kept_designs import copy_design
from badges.insights.versions import current_versions
from badges.models import BadgeClass
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError
from issuers.documents import current_origin

#: As long as its column.
CHANGE_NOTE_LIMIT = 500


class DraftExists(UserFacingError):
    """Somebody has begun the next version already; `draft` is what they began."""

    code = "version_draft_exists"

    def __init__(self, draft: BadgeClass) -> None:
        super().__init__(
            _("Version %(version)d is being prepared already. Go on with that draft, or discard it first.")
            % {"version": draft.version}
        )
        self.draft = draft


class NotFrozen(UserFacingError):
    """Nobody holds the badge: it can simply be edited."""

    code = "badge_not_frozen"


class ChangeNoteMissing(UserFacingError):
    """Holders and visitors are told what is new."""

    code = "change_note_missing"
    field = "change_note"


def make_next_version(
    *, badge_class: BadgeClass, by: User | None, at: datetime, fields: BadgeFields | None = None
) -> BadgeClass:
    """Make a draft of the next version, and return it: a badge class with an `id` of its own (OB2-ISS-14, 122).

    It has its own copies of pictures, steps, alignments, translations and everything else, and says `fields` where
    they are given. Translations keep the moment when they were last looked at, so that they show as to be checked.
    Raises `DraftExists`, `NotFrozen` for a badge that nobody holds, `WrongMoment` for a version that is not the
    current one, `StepRefused`, `LanguageTaken` or `PictureNotDrawn`.
    """
    picture_png = png_of(fields.picture if fields else None)
    with transaction.atomic():
        current = locked_badge_class(badge_class)
        _refuse_no_next(current)
        said = fields or fields_of(current)
        said = replace(said, steps=_asking_for_current(said))
        draft = _copied_row(current, at=at)
        refuse_foreign_steps(draft, said.steps)
        refuse_language_twice(current, said.language)
        say_fields(draft, said)
        if said.picture is not None:
            draw_picture(draft, said.picture, picture_png)
        else:
            _copy_pictures(current, draft)
        draft.save(force_insert=True)
        write_parts(draft, said)
        copy_audience(badge_class=current, to=draft)
        draft.related_badges.set(current.related_badges.all())
        for words in current.translations.all():
            words.pk, words.badge_class, words.created_at = None, draft, at
            words.save(force_insert=True)
        keep_steps_translated(draft, fields_of(current).steps, said.steps)
        copy_design(badge_class=current, to=draft, is_same_picture=said.picture is None)
        _record("badge_class.version.started", draft, by=by, at=at, previous=str(current.pk))
        return draft


@transaction.atomic
def publish_next_version(
    *, badge_class: BadgeClass, change_note: str, by: User | None, at: datetime, seen: datetime | None = None
) -> BadgeClass:
    """Publish the draft of a version: from now on it is the current one, and the one before is superseded.

    The earlier version keeps its address, its page and its awards, and is not awarded any more. `seen` is the
    `updated_at` of what the publisher had before them. Raises `WrongMoment`, `ChangedMeanwhile`, `ChangeNoteMissing`,
    `NotComplete`, `NeedsApproval` or `BadgeRefused`; then nothing has changed.
    """
    # All versions, in one order: an award of the current one that is being made waits, and one that was made is seen.
    versions = BadgeClass.objects.of_series(badge_class.series).select_for_update(of=("self",))
    series = {one.pk: one for one in versions.select_related("issuer__organisation")}
    draft = series.get(badge_class.pk)
    if draft is None:
        raise WrongMoment(_("This draft was discarded in the meantime. The badge is as it was."))
    if draft.status != BadgeClass.Status.DRAFT or draft.version == 1:
        raise WrongMoment(
            _("There is no draft of a version here that could be published; it may be published already.")
        )
    refuse_stale(draft, seen)
    note = change_note.strip()
    if not note:
        raise ChangeNoteMissing(_("Say in a sentence or two what is new: holders and visitors read it."))
    has_steps = draft.earning_steps.exists()
    missing = rules.missing_for_publishing(draft, has_picture=bool(draft.image), has_steps=has_steps, today=at.date())
    if missing:
        raise NotComplete(missing)
    refuse_unapproved(draft)
    current = next(one for one in series.values() if one.version == draft.version - 1)
    current.status, current.superseded_at, current.updated_at = BadgeClass.Status.SUPERSEDED, at, at
    current.save(update_fields=["status", "superseded_at", "updated_at"])
    draft.status, draft.change_note, draft.published_at = BadgeClass.Status.PUBLISHED, note, at
    draft.updated_at = at
    draft.save(update_fields=["status", "change_note", "published_at", "updated_at"])
    refuse_unpublishable(draft)
    _record("badge_class.version.published", draft, by=by, at=at, previous=str(current.pk), change_note=note)
    return draft


def _refuse_no_next(current: BadgeClass) -> None:
    draft = BadgeClass.objects.filter(series=current.series, status=BadgeClass.Status.DRAFT).first()
    if draft is not None and draft.version > 1:
        raise DraftExists(draft)
    if current.status == BadgeClass.Status.SUPERSEDED:
        raise WrongMoment(_("This is an earlier version. Make the next one from the current version."))
    is_awarded = queries.is_awarded(current)
    if rules.may_make_version(current, is_awarded=is_awarded):
        return
    if rules.may_change(current, is_awarded=is_awarded):
        raise NotFrozen(_("Nobody holds “%(badge)s”, so you can simply edit it.") % {"badge": current})
    raise WrongMoment(
        _("No next version can be made of “%(badge)s” now. End its pilot, or restore it first.") % {"badge": current}
    )


def _copied_row(current: BadgeClass, *, at: datetime) -> BadgeClass:
    """Return an unsaved row that says all that the badge says, whatever columns there are."""
    told_apart = {"id", "image", "image_png", "copied_from"}
    same = {
        column.attname: getattr(current, column.attname)
        for column in BadgeClass._meta.concrete_fields  # noqa: SLF001 -- Django's documented Meta API
        if column.name not in told_apart
    }
    return BadgeClass(
        **same
        | {
            "id": uuid.uuid4(),
            "origin": current_origin(current.issuer),
            "status": BadgeClass.Status.DRAFT,
            "version": current.version + 1,
            "change_note": "",
            "created_at": at,
            "updated_at": at,
            "published_at": None,
            "archived_at": None,
            "superseded_at": None,
            "successor_id": None,
        }
    )


def _copy_pictures(source: BadgeClass, target: BadgeClass) -> None:
    """Give the version files of its own: those of an awarded badge are never touched again."""
    for old, new in [(source.image, target.image), (source.image_png, target.image_png)]:
        with old.open("rb") as file:
            new.save(f"badge.{str(old.name).rsplit('.', 1)[-1]}", ContentFile(file.read()), save=False)


def _asking_for_current(fields: BadgeFields) -> tuple[StepFields, ...]:
    """Return the steps with each badge that they ask for in its current version."""
    asked = [step.required_badge for step in fields.steps if step.required_badge is not None]
    current = current_versions(badge.series for badge in asked) if asked else {}
    return tuple(
        replace(step, required_badge=current.get(step.required_badge.series, step.required_badge))
        if step.required_badge is not None
        else step
        for step in fields.steps
    )


def _record(type: str, badge_class: BadgeClass, *, by: User | None, at: datetime, **details: object) -> None:  # noqa: A002 -- the word of the trail
    audit.record(
        type,
        by=by,
        at=at,
        subject=badge_class,
        organisation_id=badge_class.issuer.organisation_id,
        issuer_id=badge_class.issuer_id,
        details={"version": badge_class.version, **details},
    )
