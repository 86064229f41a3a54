"""A badge in several languages: which one a reader gets, and how far each translation is."""

import copy
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from badges.models import BadgeClass, BadgeTranslation
from badges.models.wording import TRANSLATED
from badges.queries import BadgePage, badge_page
from badgeserver.audit.models import AuditEvent
from badgeserver.languages import LANGUAGES, is_right_to_left, language_name, preferred_language, spoken


@dataclass(frozen=True, slots=True)
class WordedBadge:
    """A badge in the language of a reader. `badge_class` says it in that language, and is never saved."""

    badge_class: BadgeClass
    page: BadgePage
    language: str
    original: str

    @property
    def is_translation(self) -> bool:
        return self.language != self.original

    @property
    def direction(self) -> str:
        return "rtl" if is_right_to_left(self.language) else "ltr"

    @property
    def spoken(self) -> str:
        """The language of our own words around the badge's."""
        return spoken(self.language)

    @property
    def original_name(self) -> str:
        return language_name(self.original)


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """One language of a badge, and the page that is always in it."""

    tag: str
    name: str
    url: str
    is_current: bool
    is_original: bool


def in_language(badge_class: BadgeClass, language: str, *, words: BadgeTranslation | None = None) -> WordedBadge | None:
    """Return a badge in one of its languages, or None when it is not described in that one.

    Load it through `queries.with_parts`. What is not translated yet is said in the original. `words` are those of a
    preview, which need not be saved.
    """
    if language == badge_class.language:
        return WordedBadge(badge_class, badge_page(badge_class), language, language)
    words = words or next((item for item in badge_class.translations.all() if item.language == language), None)
    return None if words is None else _worded(badge_class, words)


def for_reader(badge_class: BadgeClass, accepted: str) -> WordedBadge:
    """Return a badge in the language that a reader likes best by their `Accept-Language`, else in its own."""
    tags = [badge_class.language, *(item.language for item in badge_class.translations.all())]
    found = in_language(badge_class, preferred_language(accepted, tags) or badge_class.language)
    assert found is not None  # noqa: S101 -- one of its own languages
    return found


def language_links(badge_class: BadgeClass, current: str) -> list[LanguageLink]:
    """Return the languages of a badge, its own first; nothing when there is only that one."""
    tags = [badge_class.language, *(item.language for item in badge_class.translations.all())]
    if len(tags) == 1:
        return []
    return [
        LanguageLink(
            tag=tag,
            name=language_name(tag),
            url=reverse("public:badge-language", args=[badge_class.pk, tag]),
            is_current=tag == current,
            is_original=tag == badge_class.language,
        )
        for tag in tags
    ]


def _worded(badge_class: BadgeClass, words: BadgeTranslation) -> WordedBadge:
    said = copy.copy(badge_class)
    filled = words.filled_from(badge_class)
    for name in TRANSLATED:
        setattr(said, name, getattr(filled, name))
    page = badge_page(said)
    texts = dict(enumerate(words.steps))
    page = replace(
        page,
        steps=[
            replace(step, text=texts.get(number) or step.text, is_original=not texts.get(number))
            for number, step in enumerate(page.steps)
        ],
        original=badge_class.language,
        untranslated=frozenset(name for name in TRANSLATED if not getattr(words, name)),
    )
    return WordedBadge(said, page, words.language, badge_class.language)


# --- The workshop ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TranslationState:
    """How far one language is; `words` is None for a language that is only being begun."""

    tag: str
    name: str
    words: BadgeTranslation | None
    done: int
    total: int
    changed: list[str]  # what the original says in another way since

    @property
    def is_whole(self) -> bool:
        return self.done == self.total

    @property
    def missing(self) -> int:
        return self.total - self.done


def translation_states(badge_class: BadgeClass) -> list[TranslationState]:
    """Return every further language of a badge. Load it through `queries.with_parts`."""
    if not badge_class.translations.all():
        return []
    changes = _changes(badge_class)
    return [_state(badge_class, words, changes) for words in badge_class.translations.all()]


def translation_state(badge_class: BadgeClass, language: str) -> TranslationState:
    """Return how far one language is, one that is not begun too."""
    words = next((item for item in badge_class.translations.all() if item.language == language), None)
    if words is None:
        return TranslationState(language, language_name(language), None, 0, _texts(badge_class), [])
    return _state(badge_class, words, _changes(badge_class))


def further_languages(badge_class: BadgeClass) -> list[tuple[str, str]]:
    """Return the languages that can be added."""
    has = {badge_class.language, *(item.language for item in badge_class.translations.all())}
    return [(tag, name) for tag, name in LANGUAGES if tag not in has]


def _state(
    badge_class: BadgeClass, words: BadgeTranslation, changes: list[tuple[datetime, list[str]]]
) -> TranslationState:
    said = [bool(getattr(words, name)) for name in TRANSLATED if getattr(badge_class, name)]
    steps = dict(enumerate(words.steps))
    said += [bool(steps.get(number)) for number, _step in enumerate(badge_class.earning_steps.all())]
    changed = {name for at, names in changes if at > words.updated_at for name in names}
    labels = _labels()
    return TranslationState(
        tag=words.language,
        name=language_name(words.language),
        words=words,
        done=sum(said),
        total=len(said),
        changed=[labels[name] for name in labels if name in changed],
    )


def _texts(badge_class: BadgeClass) -> int:
    """Return how many texts of the badge there are to translate."""
    return sum(bool(getattr(badge_class, name)) for name in TRANSLATED) + len(badge_class.earning_steps.all())


def _labels() -> dict[str, str]:
    return {
        "name": _("name"),
        "description": _("description"),
        "image_alt": _("the picture in words"),
        "criteria_narrative": _("what one must show"),
        "steps": _("steps"),
        "learned": _("what is learned"),
        "applied": _("how it is used at work"),
        "assessed": _("how it is assessed"),
        "useful_for": _("why it matters"),
    }


def _changes(badge_class: BadgeClass) -> list[tuple[datetime, list[str]]]:
    """Return when the original changed, and which of its texts: by edits, by corrections, by becoming a version."""
    events = AuditEvent.objects.about(badge_class.pk).filter(type__in=["badge_class.edited", "badge_class.corrected"])
    found: list[tuple[datetime, list[str]]] = []
    for at, details in events.values_list("at", "details"):
        corrected = [str(change["field"]).partition(".")[0] for change in details.get("changes", [])]
        found.append((at, [*details.get("changed", []), *corrected]))
    if badge_class.version > 1:
        found.append((badge_class.created_at, _different_from_before(badge_class)))
    return found


def _different_from_before(badge_class: BadgeClass) -> list[str]:
    """Return which texts the version before says in another way."""
    versions = BadgeClass.objects.filter(series=badge_class.series, version=badge_class.version - 1)
    before = versions.prefetch_related("earning_steps").first()
    if before is None:
        return []
    names = [name for name in TRANSLATED if getattr(before, name) != getattr(badge_class, name)]
    steps = [[step.text for step in one.earning_steps.all()] for one in (before, badge_class)]
    return [*names, "steps"] if steps[0] != steps[1] else names
