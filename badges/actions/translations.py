"""A badge in further languages: said, said better, taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from django.db import transaction
from django.utils.translation import gettext as _

from badges import queries, rules
from badges.actions.badge_classes import (
    BadgeIsAwarded,
    BadgeRefused,
    ChangedMeanwhile,
    locked_badge_class,
    refuse_unread_change,
)
from badges.documents import translation_json
from badges.models import BadgeClass, BadgeCorrection, BadgeTranslation
from badges.models.wording import TRANSLATED
from badgeserver.accounts.models import User
from badgeserver.audit import log as audit
from badgeserver.errors import UserFacingError
from badgeserver.languages import LANGUAGES, language_name
from badgeserver.openbadges.errors import InvalidDocument


class LanguageRefused(UserFacingError):
    """The badge is written in this language already, or nobody here knows it."""

    code = "language_refused"
    field = "language"


class TranslationIncomplete(UserFacingError):
    """Without name and description it is no BadgeClass (OB2-ISS-42, 43)."""

    code = "translation_incomplete"


class TranslationNoteMissing(UserFacingError):
    """People hold the badge: they may know why its words changed."""

    code = "translation_note_missing"
    field = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationFields:
    """What the badge says in another language. Name and description are needed; the rest may follow later.

    `steps` stand in the order of the earning steps; "" where one is not translated yet.
    """

    name: str
    description: str
    image_alt: str = ""
    criteria_narrative: str = ""
    learned: str = ""
    assessed: str = ""
    applied: str = ""
    useful_for: str = ""
    steps: Sequence[str] = ()


@transaction.atomic
def save_translation(
    *,
    badge_class: BadgeClass,
    language: str,
    fields: TranslationFields,
    by: User | None,
    at: datetime,
    note: str = "",
    seen: datetime | None = None,
) -> BadgeTranslation:
    """Say the badge in another language, or say it better, and return the translation.

    A language may be added to a badge that people hold. What is said there already changes with a `note` alone, which
    everybody may read beside what it said before (`BadgeCorrection`); saying what was missing needs none. `seen` is
    the `updated_at` that the translator had before them. Where a second person approves (docs/adr/0017), small
    corrections of what people hold go in this way, and everything else into the next version. Raises
    `LanguageRefused`, `TranslationIncomplete`, `TranslationNoteMissing`, `ChangedMeanwhile`, `NeedsApproval` or
    `BadgeRefused`; then nothing has changed.
    """
    locked = locked_badge_class(badge_class)
    if not fields.name.strip() or not fields.description.strip():
        raise TranslationIncomplete(_("Say at least its name and its description in this language."))
    words = _locked_words(locked, language)
    if words is None:
        _refuse_language(locked, language)
        words = BadgeTranslation(badge_class=locked, language=language, created_at=at)
    elif seen is not None and words.updated_at != seen:
        raise ChangedMeanwhile(_("Somebody else saved this language while you had it open. Look at what they wrote."))
    words.badge_class = locked
    changes = _changes(words, fields)
    is_new = words.pk is None
    if not changes and not is_new:
        return words
    corrected = [change for change in changes if change["before"]]
    is_awarded = queries.is_awarded(locked)
    if not (is_awarded and _is_small(words, changes)):
        refuse_unread_change(locked)
    if corrected and is_awarded:
        _correct(words, corrected, note=note, by=by, at=at)
    _put(words, fields)
    words.updated_at = at
    words.save()
    _refuse_unpublishable(words)
    what = "added" if is_new else "changed"
    changed = {} if is_new else {"changed": [change["field"] for change in changes]}
    _record(f"badge_class.translation.{what}", words, by=by, at=at, **changed)
    return words


@transaction.atomic
def remove_translation(*, badge_class: BadgeClass, language: str, by: User | None, at: datetime) -> None:
    """Take a language away, with its address.

    Raises `LanguageRefused`, `BadgeIsAwarded` once people hold it, or `NeedsApproval`.
    """
    locked = locked_badge_class(badge_class)
    words = _locked_words(locked, language)
    if words is None:
        raise LanguageRefused(_("The badge is not described in this language."))
    if queries.is_awarded(locked):
        raise BadgeIsAwarded(
            _("People hold “%(badge)s” and may have shown it in %(language)s, so this page stays. You can correct it.")
            % {"badge": locked, "language": language_name(language)}
        )
    refuse_unread_change(locked)
    words.badge_class = locked
    _record("badge_class.translation.removed", words, by=by, at=at)
    words.delete()


def _locked_words(badge_class: BadgeClass, language: str) -> BadgeTranslation | None:
    # Compared here: a tag comes from an address, and a database does not take every text.
    return next((words for words in badge_class.translations.select_for_update() if words.language == language), None)


def _refuse_language(badge_class: BadgeClass, language: str) -> None:
    if language == badge_class.language:
        raise LanguageRefused(
            _("The badge itself is written in %(language)s. Choose another language.")
            % {"language": language_name(language)}
        )
    if language not in dict(LANGUAGES):
        raise LanguageRefused(_("Choose one of the languages of the list."))


def _changes(words: BadgeTranslation, fields: TranslationFields) -> list[dict[str, str]]:
    """Return what would be said in another way, each text with both wordings."""
    labels = {
        "name": _("Name"),
        "description": _("Description"),
        "image_alt": _("The picture in words"),
        "criteria_narrative": _("What one must show"),
        "learned": _("What is learned"),
        "assessed": _("How it is assessed"),
        "applied": _("How it is used at work"),
        "useful_for": _("Why it matters, and in which roles"),
    }
    said = [(name, labels[name], getattr(words, name), getattr(fields, name)) for name in TRANSLATED]
    said += [
        (f"steps.{number}", _("Step %(number)d") % {"number": number + 1}, old, new)
        for number, (old, new) in enumerate(zip_longest(words.steps, fields.steps, fillvalue=""))
    ]
    return [
        {"field": name, "label": str(label), "before": old, "after": new}
        for name, label, old, new in said
        if old != new
    ]


def _is_small(words: BadgeTranslation, changes: list[dict[str, str]]) -> bool:
    """Whether these are typos, as `rules.too_much_for_correction` measures them, against what each text said first."""
    if words.pk is None:
        return False
    first: dict[str, str] = {}
    told = words.badge_class.corrections.filter(language=words.language).order_by("corrected_at", "pk")
    for change in (one for listed in told.values_list("changes", flat=True) for one in listed):
        first.setdefault(change["field"], change["before"])
    return not any(
        rules.too_much_for_correction(first.get(one["field"], one["before"]), one["after"]) for one in changes
    )


def _correct(
    words: BadgeTranslation, changes: list[dict[str, str]], *, note: str, by: User | None, at: datetime
) -> None:
    if not note.strip():
        raise TranslationNoteMissing(
            _("People hold this badge. Say why its words change, such as “Better German”: everybody can read it.")
        )
    BadgeCorrection.objects.create(
        badge_class=words.badge_class,
        language=words.language,
        note=note.strip(),
        changes=changes,
        corrected_at=at,
        corrected_by=by,
    )


def _put(words: BadgeTranslation, fields: TranslationFields) -> None:
    for name in TRANSLATED:
        setattr(words, name, getattr(fields, name))
    words.steps = list(fields.steps)


def _refuse_unpublishable(words: BadgeTranslation) -> None:
    """Make the document once before the world asks for it; a draft need not be a whole BadgeClass yet."""
    if words.badge_class.status == BadgeClass.Status.DRAFT:
        return
    try:
        translation_json(words)
    except InvalidDocument as problem:
        raise BadgeRefused(str(problem)) from problem


def _record(type: str, words: BadgeTranslation, *, by: User | None, at: datetime, **details: object) -> None:  # noqa: A002 -- the word of the trail
    badge_class = words.badge_class
    audit.record(
        type,
        by=by,
        at=at,
        subject=badge_class,
        organisation_id=badge_class.issuer.organisation_id,
        issuer_id=badge_class.issuer_id,
        details={"language": words.language, "language_name": language_name(words.language), **details},
    )
