"""Small corrections of badges that people hold: a typo, mended for everybody to see."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from badges import queries, rules
from badges.actions.badge_classes import (
    BadgeFields,
    fields_of,
    locked_badge_class,
    refuse_stale,
    refuse_unpublishable,
    say_fields,
)
from badges.actions.versions import NotFrozen
from badges.models import Alignment, BadgeClass, BadgeCorrection, EarningStep
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError

#: What may be corrected in the badge's own row.
CORRECTABLE = (
    "name",
    "description",
    "criteria_narrative",
    "learned",
    "applied",
    "assessed",
    "useful_for",
    "image_alt",
)


class NothingCorrected(UserFacingError):
    """The badge says this already."""

    code = "nothing_corrected"


class NoteMissing(UserFacingError):
    """A correction says why it was made."""

    code = "correction_note_missing"
    field = "note"


class NotSmall(UserFacingError):
    """That is more than a correction: it needs a new version. `problems` tells why, by the name of the text."""

    code = "correction_not_small"

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(
            _(
                "People were awarded this badge as it stands, so this is more than a correction. "
                "Make it a new version: what you typed goes along."
            )
        )
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """One text that would be corrected; `problem` says why it cannot be, or nothing."""

    field: str  # a column, or "steps.0", "alignments.2"
    label: str
    before: str
    after: str
    problem: str


def proposed_changes(badge_class: BadgeClass, fields: BadgeFields) -> list[ProposedChange]:
    """Return every text that `fields` words in another way, in the order of the page.

    Each is measured against what the badge said when it was frozen, so that small steps do not add up.
    """
    before, after = _wording(fields_of(badge_class)), _wording(fields)
    frozen = _frozen_wording(badge_class)
    return [
        ProposedChange(
            field=name,
            label=label,
            before=old,
            after=after[name][1],
            problem=rules.too_much_for_correction(frozen.get(name, old), after[name][1]),
        )
        for name, (label, old) in before.items()
        if name in after and after[name][1] != old
    ]


@transaction.atomic
def correct_badge_class(
    *,
    badge_class: BadgeClass,
    fields: BadgeFields,
    note: str,
    by: User | None,
    at: datetime,
    seen: datetime | None = None,
) -> BadgeCorrection:
    """Mend the wording of a badge that people hold, and return the correction, which everybody may read.

    Only wording may differ from what the badge says, and only a little of it (`rules.too_much_for_correction`);
    `note` says why. Raises `NotSmall`, `NothingCorrected`, `NoteMissing`, `NotFrozen` for a badge that nobody holds,
    `ChangedMeanwhile` or `BadgeRefused`; then nothing has changed.
    """
    locked = locked_badge_class(badge_class)
    if not queries.is_awarded(locked):
        raise NotFrozen(_("Nobody holds “%(badge)s”, so you can simply edit it.") % {"badge": locked})
    refuse_stale(locked, seen)
    changes = proposed_changes(locked, fields)
    problems = {change.field: change.problem for change in changes if change.problem}
    if problems or not _says_the_same_otherwise(fields_of(locked), fields):
        raise NotSmall(problems)
    if not changes:
        raise NothingCorrected(_("The badge says this already. Change a word, or leave the page."))
    if not note.strip():
        raise NoteMissing(_("Say why, such as “Two typos”: everybody who looks at the badge can read it."))
    _write(locked, fields, at=at)
    correction = BadgeCorrection.objects.create(
        badge_class=locked,
        note=note.strip(),
        changes=[{"field": one.field, "label": one.label, "before": one.before, "after": one.after} for one in changes],
        corrected_at=at,
        corrected_by=by,
    )
    refuse_unpublishable(locked)
    audit.record(
        "badge_class.corrected",
        by=by,
        at=at,
        subject=locked,
        organisation_id=locked.issuer.organisation_id,
        issuer_id=locked.issuer_id,
        details={"version": locked.version, "note": correction.note, "changes": correction.changes},
    )
    return correction


def _wording(fields: BadgeFields) -> dict[str, tuple[str, str]]:
    """Return label and text of everything that may be corrected, by name."""
    labels = {
        "name": _("Name"),
        "description": _("Description"),
        "criteria_narrative": _("What one must show"),
        "learned": _("What is learned"),
        "applied": _("How it is used at work"),
        "assessed": _("How it is assessed"),
        "useful_for": _("Why it matters, and in which roles"),
        "image_alt": _("The picture in words"),
    }
    wording = {name: (labels[name], str(getattr(fields, name))) for name in CORRECTABLE}
    for number, step in enumerate(fields.steps):
        wording[f"steps.{number}"] = (_("Step %(number)d") % {"number": number + 1}, step.text)
    for number, skill in enumerate(fields.alignments):
        wording[f"alignments.{number}"] = (
            _("Skill “%(name)s”") % {"name": skill.target_name},
            skill.target_description,
        )
    return wording


def _frozen_wording(badge_class: BadgeClass) -> dict[str, str]:
    """Return the texts that were corrected before as they were at first."""
    first: dict[str, str] = {}
    changes = (
        badge_class.corrections.filter(language="").order_by("corrected_at", "pk").values_list("changes", flat=True)
    )
    for change in (one for listed in changes for one in listed):
        first.setdefault(change["field"], change["before"])
    return first


def _says_the_same_otherwise(before: BadgeFields, after: BadgeFields) -> bool:
    """Whether everything but the wording is as it was: nothing more, nothing less, in the same order."""
    return _without_wording(before) == _without_wording(after)


def _without_wording(fields: BadgeFields) -> BadgeFields:
    return replace(
        fields,
        name="",
        description="",
        criteria_narrative="",
        learned="",
        applied="",
        assessed="",
        useful_for="",
        image_alt="",
        tags=tuple(fields.tags),
        steps=tuple(replace(step, text="") for step in fields.steps),
        alignments=tuple(replace(skill, target_description="") for skill in fields.alignments),
    )


def _write(badge_class: BadgeClass, fields: BadgeFields, *, at: datetime) -> None:
    say_fields(badge_class, fields)
    badge_class.updated_at = at
    badge_class.save(update_fields=[*CORRECTABLE, "updated_at"])
    _write_texts(badge_class.earning_steps.all(), "text", [step.text for step in fields.steps])
    _write_texts(
        badge_class.alignments.all(), "target_description", [skill.target_description for skill in fields.alignments]
    )


def _write_texts(rows: QuerySet[EarningStep] | QuerySet[Alignment], column: str, texts: Sequence[str]) -> None:
    """Change one column of the rows, which keep their ids and their order."""
    for row, text in zip(rows, texts, strict=True):
        if getattr(row, column) != text:
            setattr(row, column, text)
            row.save(update_fields=[column])
