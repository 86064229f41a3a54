"""The life of a badge class: draft, published, archived; copied and deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from dataclasses import fields as dataclass_fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from badges import queries, rules
from badges.actions.approval import NeedsApproval, refuse_unapproved
from badges.actions.kept_designs import copy_design
from badges.documents import badge_class_json
from badges.insights.reviews import is_approved, was_edited_after
from badges.models import Alignment, BadgeClass, BadgeTranslation, Category, Competency, EarningStep, Purpose, Validity
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.audit.models import AuditEvent
from badgeserver.errors import UserFacingError
from badgeserver.languages import language_name
from badgeserver.openbadges.errors import InvalidDocument
from badgeserver.pictures import Picture, PictureRefused, rasterize
from issuers.documents import current_origin, may_hold
from issuers.models import Issuer

#: As long as its column.
NAME_LIMIT = 120
#: Side of the PNG that is drawn from an SVG once, for baking into PNG, mails and cards.
PNG_SIZE = 600


class BadgeIsAwarded(UserFacingError):
    """People hold it: what it says to them may not change, and it may not disappear (docs/adr/0008)."""

    code = "badge_is_awarded"


class NotComplete(UserFacingError):
    """Something is missing that a published badge must say; `missing` tells field by field."""

    code = "badge_not_complete"

    def __init__(self, missing: Sequence[rules.Missing]) -> None:
        super().__init__(" ".join(item.sentence for item in missing), field=missing[0].field)
        self.missing = list(missing)


class WrongMoment(UserFacingError):
    """The badge's present state does not allow this act."""

    code = "badge_status"


class ChangedMeanwhile(UserFacingError):
    """Somebody else saved it after this form was opened; saving now would take their words away unseen."""

    code = "badge_changed_meanwhile"


class PictureNotDrawn(UserFacingError):
    """The SVG was accepted, but no PNG can be made of it."""

    code = "picture_refused"
    field = "picture"


class BadgeRefused(UserFacingError):
    """With these values it would not be a BadgeClass in the eyes of the standard; the forms say it better."""

    code = "badge_refused"


class BadgeIsEndorsed(UserFacingError):
    """Somebody stands up for it as it is, and the world sees that."""

    code = "badge_is_endorsed"


class BadgeIsRequired(UserFacingError):
    """Other badges ask for this one."""

    code = "badge_is_required"


class StepRefused(UserFacingError):
    """A step asks for a badge that it cannot ask for."""

    code = "step_refused"
    field = "steps"


class IssuerRefused(UserFacingError):
    """A badge stays with its organisation."""

    code = "issuer_refused"
    field = "issuer"


class LanguageTaken(UserFacingError):
    """One of the translations of the badge is in this language."""

    code = "language_taken"
    field = "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFields:
    """One item of “how to earn it”; `required_badge` belongs to the kind BADGE alone."""

    kind: str
    text: str
    url: str = ""
    required_badge: BadgeClass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignmentFields:
    target_name: str
    target_url: str
    target_code: str = ""
    target_framework: str = ""
    target_description: str = ""
    competency: Competency | None = None  # where it was picked
    level: int | None = None  # of the framework's own levels


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeFields:
    """What is said about a badge. The texts and addresses are checked by the form that made this.

    A draft may leave out all but the name. `picture` is None for the picture that the badge has already; `language`
    is "" for the one that it has, or that its issuer writes in.
    """

    name: str
    language: str = ""
    description: str = ""
    picture: Picture | None = None
    image_alt: str = ""
    image_author: str = ""
    criteria_narrative: str = ""
    criteria_url: str = ""
    steps: Sequence[StepFields] = ()
    learned: str = ""
    assessed: str = ""
    applied: str = ""
    useful_for: str = ""
    alignments: Sequence[AlignmentFields] = ()
    tags: Sequence[str] = ()
    category: str = Category.TECHNICAL
    purpose: str = Purpose.SKILL
    basis: str = ""
    level: int | None = None
    validity: str = Validity.NEVER
    validity_months: int | None = None
    validity_until: date | None = None
    apply_url: str = ""
    licence: str = ""
    place: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


_BATCH = 200

#: What stands in the badge's own row, under the same name.
_COLUMNS = [
    item.name
    for item in dataclass_fields(BadgeFields)
    if item.name not in {"language", "picture", "steps", "alignments", "tags", "extensions"}
]


def create_badge_class(
    *, issuer: Issuer, fields: BadgeFields, by: User | None, at: datetime, publish: bool = False
) -> BadgeClass:
    """Make a badge as a draft, or publish it at once, and return it.

    Raises `NotComplete` (with `publish`), `StepRefused` or `PictureNotDrawn`; then nothing is made.
    """
    picture_png = png_of(fields.picture)
    with transaction.atomic():
        badge_class = BadgeClass(issuer=issuer, origin=current_origin(issuer), created_at=at, updated_at=at)
        badge_class.series, badge_class.language = badge_class.pk, issuer.language
        refuse_foreign_steps(badge_class, fields.steps)
        say_fields(badge_class, fields)
        if publish:
            _refuse_incomplete(badge_class, has_picture=bool(fields.picture), has_steps=bool(fields.steps), at=at)
        draw_picture(badge_class, fields.picture, picture_png)
        badge_class.save(force_insert=True)
        write_parts(badge_class, fields)
        _record("badge_class.created", badge_class, by=by, at=at)
        if publish:
            _show(badge_class, by=by, at=at)
        return badge_class


@transaction.atomic
def create_drafts(*, drafts: Sequence[tuple[Issuer, BadgeFields]], by: User | None, at: datetime) -> list[BadgeClass]:
    """Make many badges of one organisation as drafts without pictures, and return them in their order.

    As `create_badge_class`, in a few statements however many they are. Their steps ask for no badge.
    """
    issuers = {issuer.pk: issuer for issuer, _fields in drafts}
    origins = {pk: current_origin(issuer) for pk, issuer in issuers.items()}
    made: list[BadgeClass] = []
    for issuer, fields in drafts:
        badge_class = BadgeClass(issuer=issuer, origin=origins[issuer.pk], created_at=at, updated_at=at)
        badge_class.series, badge_class.language = badge_class.pk, issuer.language
        say_fields(badge_class, fields)
        made.append(badge_class)
    BadgeClass.objects.bulk_create(made, batch_size=_BATCH)
    said = [(badge_class, fields) for badge_class, (_issuer, fields) in zip(made, drafts, strict=True)]
    steps = [step for badge_class, fields in said for step in _steps(badge_class, fields.steps)]
    EarningStep.objects.bulk_create(steps, batch_size=_BATCH)
    alignments = [one for badge_class, fields in said for one in _alignments(badge_class, fields.alignments)]
    Alignment.objects.bulk_create(alignments, batch_size=_BATCH)
    audit.record_all([_act("badge_class.created", badge_class, by=by, at=at) for badge_class in made])
    return made


def edit_badge_class(
    *,
    badge_class: BadgeClass,
    fields: BadgeFields,
    by: User | None,
    at: datetime,
    issuer: Issuer | None = None,
    publish: bool = False,
    seen: datetime | None = None,
) -> BadgeClass:
    """Change what a badge says, and return it; `issuer` moves it within its organisation, `publish` publishes a draft.

    `seen` is the `updated_at` that the editor had before them: with another one, `ChangedMeanwhile` is raised. Raises
    `BadgeIsAwarded` once it was awarded, `NeedsApproval` where its next version is approved instead, `BadgeIsEndorsed`
    while an endorsement of it is shown, `WrongMoment` while it is archived, `NotComplete` when it is (or becomes)
    published and something is missing, `StepRefused`, `IssuerRefused` or `PictureNotDrawn`.
    """
    picture_png = png_of(fields.picture)
    with transaction.atomic():
        locked = locked_badge_class(badge_class)
        refuse_frozen(locked)
        refuse_endorsed(locked)
        refuse_stale(locked, seen)
        if publish and locked.version > 1:
            raise WrongMoment(_say_what_is_new())
        before = fields_of(locked)
        if issuer is not None:
            _move(locked, issuer)
        refuse_foreign_steps(locked, fields.steps)
        refuse_language_twice(locked, fields.language)
        say_fields(locked, fields)
        is_draft = locked.status == BadgeClass.Status.DRAFT
        if publish or not is_draft:
            has_picture = bool(fields.picture or locked.image)
            _refuse_incomplete(locked, has_picture=has_picture, has_steps=bool(fields.steps), at=at)
        if fields.picture is not None:
            forget_pictures(locked)
            draw_picture(locked, fields.picture, picture_png)
        locked.updated_at = at
        locked.save()
        write_parts(locked, fields)
        keep_steps_translated(locked, before.steps, fields.steps)
        _record("badge_class.edited", locked, by=by, at=at, changed=_changed(before, fields))
        if publish and is_draft:
            _show(locked, by=by, at=at)
        elif not is_draft:
            refuse_unpublishable(locked)
        return locked


@transaction.atomic
def publish_badge_class(*, badge_class: BadgeClass, by: User | None, at: datetime) -> BadgeClass:
    """Show a draft to the world and let it be awarded. Raises `WrongMoment` or `NotComplete`."""
    locked = locked_badge_class(badge_class)
    if locked.status == BadgeClass.Status.PUBLISHED:
        raise WrongMoment(_("This badge is published already."))
    if locked.status == BadgeClass.Status.ARCHIVED:
        raise WrongMoment(_("This badge is archived. Restore it instead."))
    if locked.status == BadgeClass.Status.PILOT:
        raise WrongMoment(_("A test group tries this badge. End its pilot to publish it for everybody."))
    if locked.status == BadgeClass.Status.SUPERSEDED:
        raise WrongMoment(_("A later version took the place of this one. Make the next version say what this one did."))
    if locked.version > 1:
        raise WrongMoment(_say_what_is_new())
    has_steps = locked.earning_steps.exists()
    _refuse_incomplete(locked, has_picture=bool(locked.image), has_steps=has_steps, at=at)
    _show(locked, by=by, at=at)
    return locked


@transaction.atomic
def archive_badge_class(*, badge_class: BadgeClass, by: User | None, at: datetime) -> BadgeClass:
    """Stop awarding a badge. Its page and everything awarded stay as they are. Raises `WrongMoment`."""
    locked = locked_badge_class(badge_class)
    if locked.status == BadgeClass.Status.ARCHIVED:
        raise WrongMoment(_("This badge is archived already."))
    if locked.status == BadgeClass.Status.SUPERSEDED:
        raise WrongMoment(_("This is an earlier version, which is not awarded any more. Archive the current one."))
    if locked.status == BadgeClass.Status.DRAFT:
        raise WrongMoment(_("This badge is a draft. Nobody holds it: delete it instead."))
    if locked.status == BadgeClass.Status.PILOT:
        raise WrongMoment(_("A test group tries this badge. End its pilot first."))
    locked.status, locked.archived_at, locked.updated_at = BadgeClass.Status.ARCHIVED, at, at
    locked.save(update_fields=["status", "archived_at", "updated_at"])
    _record("badge_class.archived", locked, by=by, at=at)
    return locked


@transaction.atomic
def restore_badge_class(*, badge_class: BadgeClass, by: User | None, at: datetime) -> BadgeClass:
    """Take a badge out of the archive: it can be awarded again, and keeps its successor.

    Raises `WrongMoment`, or `NeedsApproval` when it was changed in the archive, or came there from a pilot.
    """
    locked = locked_badge_class(badge_class)
    if locked.status == BadgeClass.Status.SUPERSEDED:
        raise WrongMoment(_("A later version took the place of this one. Make the next version say what this one did."))
    if locked.status != BadgeClass.Status.ARCHIVED:
        raise WrongMoment(_("This badge is not archived."))
    if locked.issuer.organisation.four_eyes and _is_news(locked) and not is_approved(locked):
        raise NeedsApproval(
            _(
                "No second person approved what “%(badge)s” says now. "
                "Make a new badge from it, and ask for a review there."
            )
            % {"badge": locked}
        )
    locked.status, locked.archived_at, locked.updated_at = BadgeClass.Status.PUBLISHED, None, at
    locked.save(update_fields=["status", "archived_at", "updated_at"])
    _record("badge_class.restored", locked, by=by, at=at)
    return locked


@transaction.atomic
def copy_badge_class(
    *, badge_class: BadgeClass, by: User | None, at: datetime, name: str = "", is_template: bool = False
) -> BadgeClass:
    """Make a draft (or a template) that says the same, with pictures of its own, and return it.

    It is called “Copy of …”, or `name`. A changed meaning needs a new `id` (OB2-ISS-14): one way to it is a copy.
    """
    copied = name or (_("Copy of %(badge)s") % {"badge": badge_class.name})
    fields = replace(fields_of(badge_class), name=copied[:NAME_LIMIT])
    issuer = badge_class.issuer
    made = BadgeClass(
        issuer=issuer,
        origin=current_origin(issuer),
        copied_from=badge_class,
        visibility=badge_class.visibility,
        is_template=is_template,
        created_at=at,
        updated_at=at,
    )
    made.series = made.pk
    say_fields(made, fields)
    for source, target in [(badge_class.image, made.image), (badge_class.image_png, made.image_png)]:
        if source:
            with source.open("rb") as file:
                target.save(f"badge.{str(source.name).rsplit('.', 1)[-1]}", ContentFile(file.read()), save=False)
    made.save(force_insert=True)
    write_parts(made, fields)
    copy_translations(badge_class=badge_class, to=made)
    copy_audience(badge_class=badge_class, to=made)
    copy_design(badge_class=badge_class, to=made)
    _record("badge_class.copied", made, by=by, at=at, copied_from=str(badge_class.pk))
    return made


@transaction.atomic
def delete_badge_class(*, badge_class: BadgeClass, by: User | None, at: datetime) -> None:
    """Delete a badge that was never awarded, or discard the draft of a version, with its pictures.

    Raises `BadgeIsAwarded`, `BadgeIsEndorsed`, `WrongMoment` for a version that has replaced another, or
    `BadgeIsRequired`.
    """
    locked = locked_badge_class(badge_class)
    is_awarded = queries.is_awarded(locked)
    if not is_awarded and not rules.may_delete(locked, is_awarded=False):
        raise WrongMoment(
            _("Earlier versions lead to this one, so it stays. Make the next version, or archive the badge.")
        )
    if is_awarded:
        raise BadgeIsAwarded(
            _("People hold “%(badge)s”, so it cannot be deleted. Archive it: it is then no longer awarded.")
            % {"badge": locked}
        )
    requiring = queries.names_requiring(locked)
    if requiring:
        raise BadgeIsRequired(
            _("“%(other)s” asks for this badge. Remove that step there first, or archive this badge.")
            % {"other": requiring[0]}
        )
    if locked.endorsements.exists():
        raise BadgeIsEndorsed(
            _("There is an endorsement of “%(badge)s” with an address of its own, so it stays. You can archive it.")
            % {"badge": locked}
        )
    if locked.version > 1:
        _record("badge_class.version.discarded", locked, by=by, at=at, version=locked.version)
    else:
        _record("badge_class.deleted", locked, by=by, at=at)
    forget_pictures(locked)
    locked.delete()


@transaction.atomic
def delete_drafts(*, drafts: Sequence[BadgeClass], by: User | None, at: datetime) -> list[BadgeClass]:
    """Delete many drafts that ask only for one another, in a few statements, and return those that are gone.

    What `delete_badge_class` refuses stays: what is no draft, was awarded or endorsed, or is asked for by a badge that
    stays.
    """
    held = BadgeClass.objects.filter(pk__in=[one.pk for one in drafts], status=BadgeClass.Status.DRAFT, version=1)
    free = held.filter(assertions=None, endorsements=None).select_for_update(of=("self",)).select_related("issuer")
    going = {one.pk: one for one in free}
    asked = set(EarningStep.objects.filter(required_badge__in=going).values_list("badge_class", "required_badge"))
    while staying := {required for asking, required in asked if asking not in going and required in going}:
        for pk in staying:
            del going[pk]
    gone = list(going.values())
    audit.record_all([_act("badge_class.deleted", one, by=by, at=at) for one in gone])
    for one in gone:
        forget_pictures(one)
    EarningStep.objects.filter(badge_class__in=going).delete()
    BadgeClass.objects.filter(pk__in=going).delete()
    return gone


def copy_translations(*, badge_class: BadgeClass, to: BadgeClass) -> None:
    """Give another badge the same words in the same further languages: part of an act that copies a badge."""
    translations = list(badge_class.translations.all())
    for words in translations:
        words.pk, words.badge_class = None, to
    BadgeTranslation.objects.bulk_create(translations)


def copy_audience(*, badge_class: BadgeClass, to: BadgeClass) -> None:
    """Let another badge be for the same people: part of an act that copies a badge."""
    to.departments.set(badge_class.departments.all())
    to.job_roles.set(badge_class.job_roles.all())


def fields_of(badge_class: BadgeClass, *, as_loaded: bool = False) -> BadgeFields:
    """Return what a badge says now, for a form or a copy; `picture` is None.

    Its steps and skills are asked for, or, `as_loaded`, those that `queries.with_parts` brought along.
    """
    if as_loaded:
        prefetch_related_objects([badge_class], *queries.parts())
    steps, alignments = badge_class.earning_steps.all(), badge_class.alignments.all()
    if not as_loaded:
        steps = steps.select_related("required_badge")
        alignments = alignments.select_related("competency__framework", "competency__successor")
    return BadgeFields(
        **{name: getattr(badge_class, name) for name in _COLUMNS},
        language=badge_class.language,
        tags=tuple(badge_class.tags),
        extensions=dict(badge_class.extensions),
        steps=tuple(
            StepFields(kind=step.kind, text=step.text, url=step.url, required_badge=step.required_badge)
            for step in steps
        ),
        alignments=tuple(
            AlignmentFields(**{item.name: getattr(alignment, item.name) for item in dataclass_fields(AlignmentFields)})
            for alignment in alignments
        ),
    )


def unsaved_badge_class(
    fields: BadgeFields, *, issuer: Issuer, like: BadgeClass | None = None
) -> tuple[BadgeClass, list[EarningStep], list[Alignment]]:
    """Return the rows that `fields` would become, unsaved: what a preview draws and a form checks."""
    badge_class = BadgeClass(issuer=issuer, origin=like.origin if like else current_origin(issuer))
    badge_class.series, badge_class.language = badge_class.pk, issuer.language
    if like is not None:
        badge_class.pk, badge_class.status = like.pk, like.status
        badge_class.series, badge_class.version = like.series, like.version
        badge_class.language = like.language
        badge_class.image, badge_class.image_png = like.image.name, like.image_png.name
        badge_class.updated_at = like.updated_at
    say_fields(badge_class, fields)
    return badge_class, _steps(badge_class, fields.steps), _alignments(badge_class, fields.alignments)


def locked_badge_class(badge_class: BadgeClass) -> BadgeClass:
    """Load the row again and hold it: an award that is being made waits, and one that was made is seen."""
    held = BadgeClass.objects.select_for_update(of=("self",)).select_related("issuer__organisation")
    return held.get(pk=badge_class.pk)


def _show(badge_class: BadgeClass, *, by: User | None, at: datetime) -> None:
    if badge_class.is_template:
        raise WrongMoment(_("This is a template. Make a badge from it, and publish that."))
    refuse_unpublishable(badge_class)
    refuse_unapproved(badge_class)
    badge_class.status, badge_class.published_at, badge_class.updated_at = BadgeClass.Status.PUBLISHED, at, at
    badge_class.save(update_fields=["status", "published_at", "updated_at"])
    _record("badge_class.published", badge_class, by=by, at=at)


def _is_news(archived: BadgeClass) -> bool:
    """Whether it would show to everybody, restored, what they never saw: edits in the archive, or a dropped pilot."""
    since = archived.archived_at
    return since is not None and (was_edited_after(archived, since) or archived.pilots.filter(ended_at=since).exists())


def _refuse_incomplete(badge_class: BadgeClass, *, has_picture: bool, has_steps: bool, at: datetime) -> None:
    missing = rules.missing_for_publishing(badge_class, has_picture=has_picture, has_steps=has_steps, today=at.date())
    if missing:
        raise NotComplete(missing)


def refuse_unpublishable(badge_class: BadgeClass) -> None:
    """Make the document once before the world asks for it."""
    try:
        badge_class_json(badge_class)
    except InvalidDocument as problem:
        raise BadgeRefused(str(problem)) from problem


def refuse_frozen(badge_class: BadgeClass) -> None:
    is_awarded = queries.is_awarded(badge_class)
    if rules.may_change(badge_class, is_awarded=is_awarded):
        return
    if is_awarded and badge_class.status == BadgeClass.Status.PILOT:
        raise WrongMoment(
            _(
                "People of the test group hold “%(badge)s”, so what it says stays. End the pilot with "
                "“Change it first”: a draft that says the same takes its place, and you change that."
            )
            % {"badge": badge_class}
        )
    if is_awarded:
        raise BadgeIsAwarded(
            _(
                "People hold “%(badge)s”, so what it says stays as it was awarded. "
                "Save what you typed as a draft of its next version instead."
            )
            % {"badge": badge_class}
        )
    _refuse_closed(badge_class)
    refuse_unread_change(badge_class)


def _refuse_closed(badge_class: BadgeClass) -> None:
    if badge_class.status == BadgeClass.Status.SUPERSEDED:
        raise WrongMoment(_("This is an earlier version, and stays as it is. Change the current one."))
    if badge_class.status == BadgeClass.Status.ARCHIVED:
        raise WrongMoment(_("“%(badge)s” is archived. Restore it before you change it.") % {"badge": badge_class})


def refuse_unread_change(badge_class: BadgeClass) -> None:
    """Raise `NeedsApproval` where a second person reads first what others are to see (docs/adr/0017).

    Raises `WrongMoment` for what cannot have a next version as it is.
    """
    if not rules.is_read_before_it_changes(badge_class):
        return
    _refuse_closed(badge_class)
    if badge_class.status == BadgeClass.Status.PILOT:
        raise NeedsApproval(
            _("A second person approved what the test group sees. To change it, end the pilot with “Change it first”.")
        )
    raise NeedsApproval(
        _(
            "Everybody sees this badge, so a second person approves a change first. "
            "Make it in a draft of its next version, and ask for a review there."
        )
    )


def refuse_endorsed(badge_class: BadgeClass) -> None:
    """Hold what endorsers have read: their words stand beside the badge's, for everybody."""
    standing = queries.endorsers(badge_class)
    if standing:
        raise BadgeIsEndorsed(
            _(
                "%(endorser)s endorses “%(badge)s” as it stands, and everybody sees that. "
                "Hide that endorsement first; once the badge says something else, it has to be given anew."
            )
            % {"endorser": standing[0], "badge": badge_class}
        )


def refuse_stale(badge_class: BadgeClass, seen: datetime | None) -> None:
    """Raise `ChangedMeanwhile` when the row is no longer the one that was seen."""
    if seen is not None and badge_class.updated_at != seen:
        raise ChangedMeanwhile(
            _(
                "Somebody else saved this badge while you had it open. "
                "Look at what they wrote first; save again to replace it."
            )
        )


def _say_what_is_new() -> str:
    return _("A version is published on a page of its own, where you compare it and say what is new.")


def refuse_foreign_steps(badge_class: BadgeClass, steps: Sequence[StepFields]) -> None:
    """Raise `StepRefused` for a badge of another organisation, and for a circle.

    Whoever holds any version of a badge holds the badge, so circles run through series. What only earlier versions
    asked for is asked of nobody any more.
    """
    required = [step.required_badge for step in steps if step.required_badge is not None]
    for other in required:
        if other.issuer.organisation_id != badge_class.issuer.organisation_id:
            raise StepRefused(_("A step can ask only for a badge of your own organisation. Choose another one."))
    waiting, seen = {other.series for other in required}, set[Any]()
    while waiting:
        if badge_class.series in waiting:
            raise StepRefused(
                _("Nobody could ever earn this badge: a step asks for a badge that itself asks for this one.")
            )
        seen |= waiting
        asked = EarningStep.objects.filter(badge_class__series__in=waiting, required_badge__isnull=False).exclude(
            badge_class__status=BadgeClass.Status.SUPERSEDED
        )
        waiting = set(asked.values_list("required_badge__series", flat=True)) - seen


def refuse_language_twice(badge_class: BadgeClass, language: str) -> None:
    """Raise `LanguageTaken` for the language of one of its translations: nobody could tell which of the two counts."""
    if badge_class.translations.filter(language=language).exists():
        raise LanguageTaken(
            _("This badge is translated into %(language)s already. Take that translation away first.")
            % {"language": language_name(language)}
        )


def _move(badge_class: BadgeClass, issuer: Issuer) -> None:
    if issuer.organisation_id != badge_class.issuer.organisation_id:
        raise IssuerRefused(_("A badge stays with its organisation. Choose one of its issuers."))
    if badge_class.status == BadgeClass.Status.DRAFT:
        badge_class.origin = current_origin(issuer)  # nobody has seen its address yet
    elif not may_hold(issuer, badge_class.origin):
        raise IssuerRefused(
            _(
                "The address of this badge lies under %(host)s, where validators believe no badges of %(issuer)s. "
                "Make a copy of it, and choose the issuer there."
            )
            % {"host": urlsplit(badge_class.origin).netloc, "issuer": issuer.name}
        )
    badge_class.issuer = issuer


def say_fields(badge_class: BadgeClass, fields: BadgeFields) -> None:
    """Put what is said into the row, unsaved; pictures, steps and alignments are written apart."""
    for name in _COLUMNS:
        setattr(badge_class, name, getattr(fields, name))
    badge_class.language = fields.language or badge_class.language
    badge_class.tags = list(fields.tags)
    badge_class.extensions = dict(fields.extensions)


def png_of(picture: Picture | None) -> bytes:
    """Return the picture as PNG. Called before the transaction: drawing takes longer than a lock should be held."""
    if picture is None:
        return b""
    if picture.extension == "png":
        return picture.data
    try:
        return rasterize(picture.data, size=PNG_SIZE)
    except PictureRefused as refused:
        raise PictureNotDrawn(refused.sentence) from refused


def draw_picture(badge_class: BadgeClass, picture: Picture | None, picture_png: bytes) -> None:
    """Store a new picture under names of its own, and set them in the row, unsaved; None keeps the one it has."""
    if picture is not None:
        badge_class.image.save(f"badge.{picture.extension}", ContentFile(picture.data), save=False)
        badge_class.image_png.save("badge.png", ContentFile(picture_png), save=False)


def forget_pictures(badge_class: BadgeClass) -> None:
    """Delete the files once nothing can bring them back. Only ever called for a badge that nobody holds."""
    for name in {badge_class.image.name, badge_class.image_png.name}:
        if name:
            transaction.on_commit(lambda name=name: default_storage.delete(name), robust=True)  # type: ignore[misc]


def _steps(badge_class: BadgeClass, steps: Sequence[StepFields]) -> list[EarningStep]:
    return [
        EarningStep(
            badge_class=badge_class,
            position=position,
            kind=step.kind,
            text=step.text,
            url=step.url,
            required_badge=step.required_badge,
        )
        for position, step in enumerate(steps)
    ]


def _alignments(badge_class: BadgeClass, alignments: Sequence[AlignmentFields]) -> list[Alignment]:
    return [
        Alignment(
            badge_class=badge_class,
            position=position,
            **{item.name: getattr(alignment, item.name) for item in dataclass_fields(AlignmentFields)},
        )
        for position, alignment in enumerate(alignments)
    ]


def write_parts(badge_class: BadgeClass, fields: BadgeFields) -> None:
    """Replace the steps and alignments of a badge."""
    badge_class.earning_steps.all().delete()
    badge_class.alignments.all().delete()
    EarningStep.objects.bulk_create(_steps(badge_class, fields.steps))
    Alignment.objects.bulk_create(_alignments(badge_class, fields.alignments))


def keep_steps_translated(badge_class: BadgeClass, before: Sequence[StepFields], after: Sequence[StepFields]) -> None:
    """Let the words of other languages follow the steps that moved; those of a changed step are to be said anew."""
    if [step.text for step in before] == [step.text for step in after]:
        return
    for words in badge_class.translations.all():
        known = {step.text: text for step, text in zip(before, words.steps, strict=False)}
        words.steps = [known.get(step.text, "") for step in after]
        words.save(update_fields=["steps"])


def _changed(before: BadgeFields, after: BadgeFields) -> list[str]:
    """Name what is different, for the trail."""
    same = replace(
        after,
        language=after.language or before.language,
        steps=tuple(after.steps),
        alignments=tuple(after.alignments),
        tags=tuple(after.tags),
    )
    return [
        item.name for item in dataclass_fields(BadgeFields) if getattr(before, item.name) != getattr(same, item.name)
    ]


def _record(type: str, badge_class: BadgeClass, *, by: User | None, at: datetime, **details: object) -> None:  # noqa: A002 -- the word of the trail
    audit.record_all([_act(type, badge_class, by=by, at=at, **details)])


def _act(type: str, badge_class: BadgeClass, *, by: User | None, at: datetime, **details: object) -> AuditEvent:  # noqa: A002 -- see above
    return audit.act(
        type,
        by=by,
        at=at,
        subject=badge_class,
        organisation_id=badge_class.issuer.organisation_id,
        issuer_id=badge_class.issuer_id,
        details=details,
    )
