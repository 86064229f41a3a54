"""Competency frameworks by hand: made, changed, archived; their competencies added, changed and retired."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from badges.actions.badge_classes import AlignmentFields, BadgeFields, create_badge_class, locked_badge_class
from badges.insights.frameworks import alignment_words, drafts_with_older_words
from badges.models import BadgeClass, Competency, CompetencyLevel, Framework, FrameworkSource
from badges.models.framework import search_text
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError
from issuers.models import Issuer, Organisation

MAX_COMPETENCIES = 30_000
MAX_LEVELS = 12


class FrameworkRefused(UserFacingError):
    """A framework that cannot be as it was said."""

    code = "framework_refused"


class CompetencyRefused(UserFacingError):
    """A competency that cannot be as it was said, or not in this framework."""

    code = "competency_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkFields:
    """What is said about a framework; checked by the form that made this."""

    name: str
    description: str = ""
    url: str = ""
    publisher: str = ""
    version: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetencyFields:
    name: str
    code: str = ""
    description: str = ""
    kind: str = ""
    parent: Competency | None = None
    other_names: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelFields:
    number: int
    name: str
    description: str = ""


@transaction.atomic
def make_framework(*, organisation: Organisation, fields: FrameworkFields, by: User | None, at: datetime) -> Framework:
    """Make a framework of one's own, without competencies yet. Raises `FrameworkRefused` for a name twice."""
    _refuse_name_twice(organisation, fields.name)
    made = Framework(organisation=organisation, source=FrameworkSource.OWN, created_at=at, updated_at=at)
    _say(made, fields)
    _save_once(made, force_insert=True)
    _record("framework.created", made, by=by, at=at)
    return made


@transaction.atomic
def edit_framework(*, framework: Framework, fields: FrameworkFields, by: User | None, at: datetime) -> Framework:
    """Say something else about a framework; its competencies stay. Raises `FrameworkRefused` for a name twice."""
    locked = locked_framework(framework)
    _refuse_name_twice(locked.organisation, fields.name, apart_from=locked)
    _say(locked, fields)
    locked.updated_at = at
    _save_once(locked)
    _record("framework.edited", locked, by=by, at=at)
    return locked


@transaction.atomic
def archive_framework(*, framework: Framework, by: User | None, at: datetime) -> Framework:
    """Offer it no longer; badges that name its skills stay as they are. Archiving twice changes nothing."""
    locked = locked_framework(framework)
    if locked.archived_at is None:
        locked.archived_at = at
        locked.save(update_fields=["archived_at"])
        _record("framework.archived", locked, by=by, at=at)
    return locked


@transaction.atomic
def restore_framework(*, framework: Framework, by: User | None, at: datetime) -> Framework:
    """Offer an archived framework again."""
    locked = locked_framework(framework)
    if locked.archived_at is not None:
        locked.archived_at = None
        locked.save(update_fields=["archived_at"])
        _record("framework.restored", locked, by=by, at=at)
    return locked


@transaction.atomic
def add_competency(*, framework: Framework, fields: CompetencyFields, by: User | None, at: datetime) -> Competency:
    """Add a competency at the end of its branch. Raises `CompetencyRefused`; then nothing is made."""
    locked = locked_framework(framework)
    _refuse_foreign_words(locked)
    if locked.competencies.count() >= MAX_COMPETENCIES:
        raise CompetencyRefused(_("A framework holds at most 30,000 skills. Begin another one."))
    _refuse_code_twice(locked, fields.code)
    made = Competency(framework=locked)
    made.uri = f"urn:uuid:{made.pk}"
    last: int = locked.competencies.aggregate(last=Max("position"))["last"] or 0
    made.position = last + 1
    _say_competency(made, fields, at=at)
    made.save(force_insert=True)
    _touch(locked, at)
    _record("framework.competency.added", made, by=by, at=at)
    return made


@transaction.atomic
def edit_competency(*, competency: Competency, fields: CompetencyFields, by: User | None, at: datetime) -> Competency:
    """Say a competency in other words. Badges keep the words they took; drafts are offered the new ones."""
    locked = locked_competency(competency)
    _refuse_foreign_words(locked.framework)
    _refuse_code_twice(locked.framework, fields.code, apart_from=locked)
    _refuse_circle(locked, fields.parent)
    _say_competency(locked, fields, at=at)
    locked.save()
    _touch(locked.framework, at)
    _record("framework.competency.edited", locked, by=by, at=at)
    return locked


@transaction.atomic
def retire_competency(*, competency: Competency, by: User | None, at: datetime) -> Competency:
    """Offer a competency no longer; badges that name it stay as they are. Retiring twice changes nothing."""
    locked = locked_competency(competency)
    _refuse_foreign_words(locked.framework)
    if locked.retired_at is None:
        locked.retired_at = locked.updated_at = at
        locked.save(update_fields=["retired_at", "updated_at"])
        _record("framework.competency.retired", locked, by=by, at=at)
    return locked


@transaction.atomic
def unretire_competency(*, competency: Competency, by: User | None, at: datetime) -> Competency:
    """Offer a retired competency again."""
    locked = locked_competency(competency)
    _refuse_foreign_words(locked.framework)
    if locked.retired_at is not None:
        locked.retired_at, locked.updated_at = None, at
        locked.save(update_fields=["retired_at", "updated_at"])
        _record("framework.competency.unretired", locked, by=by, at=at)
    return locked


@transaction.atomic
def set_levels(
    *, framework: Framework, levels: Sequence[LevelFields], by: User | None, at: datetime
) -> list[CompetencyLevel]:
    """Replace the levels of a framework. Badges keep the numbers they chose. Raises `FrameworkRefused`."""
    locked = locked_framework(framework)
    numbers = [level.number for level in levels]
    if len(set(numbers)) != len(numbers):
        raise FrameworkRefused(_("Each level needs a number of its own."), field="levels")
    if len(levels) > MAX_LEVELS:
        raise FrameworkRefused(_("Keep at most 12 levels."), field="levels")
    said = [(level.number, level.name, level.description) for level in sorted(levels, key=lambda level: level.number)]
    if said == list(locked.levels.values_list("number", "name", "description")):
        return list(locked.levels.all())
    locked.levels.all().delete()
    made = CompetencyLevel.objects.bulk_create(
        CompetencyLevel(framework=locked, number=number, name=name, description=description)
        for number, name, description in said
    )
    _touch(locked, at)
    _record("framework.levels.set", locked, by=by, at=at, levels=len(made))
    return made


@transaction.atomic
def make_badge_for(*, competency: Competency, issuer: Issuer, by: User | None, at: datetime) -> BadgeClass:
    """Make a draft of a badge that stands for this competency, in its words. Raises `CompetencyRefused`."""
    if competency.framework.organisation_id != issuer.organisation_id:
        raise CompetencyRefused(_("Choose a skill of your own organisation."))
    words = alignment_words(competency)
    fields = BadgeFields(
        name=words["target_name"][:120],
        description=words["target_description"][:500],
        alignments=(
            AlignmentFields(
                target_name=words["target_name"],
                target_url=words["target_url"],
                target_code=words["target_code"],
                target_framework=words["target_framework"],
                target_description=words["target_description"],
                competency=competency,
            ),
        ),
    )
    return create_badge_class(issuer=issuer, fields=fields, by=by, at=at)


@transaction.atomic
def refresh_drafts(*, framework: Framework, by: User | None, at: datetime) -> int:
    """Give the drafts of badges the framework's present words for its skills, and return how many drafts changed.

    Badges that are or were published keep the words they were published with.
    """
    changed: dict[uuid.UUID, BadgeClass] = {}
    for alignment in drafts_with_older_words(framework):
        draft = changed.get(alignment.badge_class_id) or locked_badge_class(alignment.badge_class)
        if draft.status != BadgeClass.Status.DRAFT or alignment.competency is None:
            continue
        words = alignment_words(alignment.competency)
        for name, word in words.items():
            setattr(alignment, name, word)
        alignment.save(update_fields=list(words))
        changed[draft.pk] = draft
    for draft in changed.values():
        draft.updated_at = at
        draft.save(update_fields=["updated_at"])
        audit.record(
            "badge_class.edited",
            by=by,
            at=at,
            subject=draft,
            organisation_id=framework.organisation_id,
            issuer_id=draft.issuer_id,
            details={"changed": ["alignments"]},
        )
    return len(changed)


def locked_framework(framework: Framework) -> Framework:
    """Load the row again and hold it: what is imported into it waits."""
    return Framework.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=framework.pk)


def locked_competency(competency: Competency) -> Competency:
    return (
        Competency.objects.select_for_update(of=("self",))
        .select_related("framework__organisation")
        .get(pk=competency.pk)
    )


def _say(framework: Framework, fields: FrameworkFields) -> None:
    framework.name, framework.description, framework.url = fields.name, fields.description, fields.url
    framework.publisher, framework.version, framework.language = fields.publisher, fields.version, fields.language


def _say_competency(competency: Competency, fields: CompetencyFields, *, at: datetime) -> None:
    if fields.parent is not None and fields.parent.framework_id != competency.framework_id:
        raise CompetencyRefused(_("Choose a parent of the same framework."), field="parent")
    competency.name, competency.code, competency.kind = fields.name, fields.code, fields.kind
    competency.description, competency.parent = fields.description, fields.parent
    competency.other_names = "\n".join(fields.other_names)
    competency.search = search_text(fields.name, fields.code, fields.other_names)
    competency.updated_at = at


def _refuse_name_twice(organisation: Organisation, name: str, *, apart_from: Framework | None = None) -> None:
    others = Framework.objects.of_organisation(organisation).filter(name=name)
    if apart_from is not None:
        others = others.exclude(pk=apart_from.pk)
    if others.exists():
        raise _name_taken(name)


def _name_taken(name: str) -> FrameworkRefused:
    return FrameworkRefused(
        _("You have a framework called “%(name)s” already. Give this one another name.") % {"name": name}, field="name"
    )


def _save_once(framework: Framework, *, force_insert: bool = False) -> None:
    try:
        with transaction.atomic():
            framework.save(force_insert=force_insert)
    except IntegrityError as error:  # somebody else took the name in this moment
        raise _name_taken(framework.name) from error


def _refuse_foreign_words(framework: Framework) -> None:
    if not framework.is_written_here:
        raise CompetencyRefused(
            _(
                "“%(framework)s” is published elsewhere, and its next version would take your words away. "
                "Add skills to a framework of your own."
            )
            % {"framework": framework}
        )


def _refuse_code_twice(framework: Framework, code: str, *, apart_from: Competency | None = None) -> None:
    if not code:
        return
    others = framework.competencies.filter(code=code)
    if apart_from is not None:
        others = others.exclude(pk=apart_from.pk)
    other = others.first()
    if other is not None:
        raise CompetencyRefused(
            _("“%(other)s” has this code already. Give each skill its own, or leave it empty.") % {"other": other},
            field="code",
        )


def _refuse_circle(competency: Competency, parent: Competency | None) -> None:
    seen: set[uuid.UUID] = set()
    here = parent
    while here is not None and here.pk not in seen:
        if here.pk == competency.pk:
            raise CompetencyRefused(
                _("“%(name)s” would stand above itself. Choose another parent.") % {"name": competency}, field="parent"
            )
        seen.add(here.pk)
        here = here.parent


def _touch(framework: Framework, at: datetime) -> None:
    Framework.objects.filter(pk=framework.pk).update(updated_at=at)


def _record(
    type: str,  # noqa: A002 -- the word of the trail
    subject: Framework | Competency,
    *,
    by: User | None,
    at: datetime,
    **details: object,
) -> None:
    framework = subject if isinstance(subject, Framework) else subject.framework
    told: Mapping[str, object] = {"framework": framework.name, **details}
    audit.record(type, by=by, at=at, subject=subject, organisation_id=framework.organisation_id, details=told)
