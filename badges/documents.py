"""The badge class as an Open Badges document, with everything that a reader should know in the standard's own terms."""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from django.utils import translation
from django.utils.translation import gettext as _

from badges.models import BadgeClass, BadgeTranslation, EarningStep
from badgeserver.addresses import public_url
from badgeserver.languages import spoken
from badgeserver.openbadges import documents as ob
from badgeserver.openbadges import extensions
from badgeserver.openbadges.v3.vocabulary import ACHIEVEMENT_3, VERSION_3
from issuers.documents import extension_context, generation_id, issuer_id
from issuers.models import SigningKey


def badge_class_url(badge_class: BadgeClass) -> str:
    """Return the public address, which is the `id` for ever (OB2-ISS-40)."""
    return public_url("public:badge", badge_class.pk, origin=badge_class.origin)


def badge_class_changes_url(badge_class: BadgeClass) -> str:
    """Return the public page that compares this version with the one before; `?since=1` with version 1."""
    return public_url("public:badge-changes", badge_class.pk, origin=badge_class.origin)


def badge_class_generation_url(badge_class: BadgeClass, generation: int) -> str:
    """Return the `id` that signed awards name: the badge as issued by the profile of this key (docs/adr/0012)."""
    if generation == 1:
        return badge_class_url(badge_class)
    return public_url("public:badge-generation", badge_class.pk, generation, origin=badge_class.origin)


def translation_url(translation: BadgeTranslation) -> str:
    """Return the `id` of the badge in another language (OB2-ISS-121). `translation.badge_class` is read."""
    badge_class = translation.badge_class
    return public_url("public:badge-language", badge_class.pk, translation.language, origin=badge_class.origin)


def badge_class_image_url(badge_class: BadgeClass) -> str:
    """Return the public address of the picture without a badge baked into it (OB2-ISS-44)."""
    return public_url("public:badge-image", badge_class.pk, origin=badge_class.origin)


def badge_class_card_url(badge_class: BadgeClass) -> str:
    """Return the address of the picture for link previews, new whenever the badge changes: networks keep old ones."""
    return f"{badge_class_url(badge_class)}/card.png?v={badge_class.updated_at:%Y%m%d%H%M%S}"


def badge_class_json(badge_class: BadgeClass) -> str:
    """Return the BadgeClass document (OB2-ISS-40 to 48), which is what awards name.

    `badge_class.issuer` and its related rows are read. Steps, level, validity, what is learned, how it is used and
    assessed have no term of their own in Open Badges 2.0, and unknown keys vanish (OB2-ISS-02): the criteria tell them.
    """
    endorsements = badge_class.endorsements.linked().newest_first()
    return _json(
        badge_class,
        _own_words(badge_class),
        id=badge_class_url(badge_class),
        issuer=issuer_id(badge_class.issuer),
        related=[
            *_other_versions(badge_class),
            *_other_languages(badge_class, badge_class.language),
            _achievement(badge_class),
        ],
        endorsements=[endorsement.public_id for endorsement in endorsements],
    )


def badge_class_generation_json(badge_class: BadgeClass, key: SigningKey) -> str:
    """Return the same badge as issued by the profile of a later key (docs/adr/0012). `key.issuer` is read."""
    return _json(
        badge_class,
        _own_words(badge_class),
        id=badge_class_generation_url(badge_class, key.generation),
        issuer=generation_id(key),
        related=[_related(badge_class)],
    )


def translation_json(wording: BadgeTranslation) -> str:
    """Return the badge in another language, linked with the others (OB2-ISS-121). `wording.badge_class` is read.

    What is not translated yet is said in the badge's own language: nothing of its meaning is left out.
    """
    badge_class = wording.badge_class
    return _json(
        badge_class,
        wording.filled_from(badge_class),
        id=translation_url(wording),
        issuer=issuer_id(badge_class.issuer),
        related=[_related(badge_class), *_other_languages(badge_class, wording.language)],
    )


def _json(
    badge_class: BadgeClass,
    words: BadgeTranslation,
    *,
    id: str,  # noqa: A002 -- the word of the standard
    issuer: str,
    related: list[ob.Related],
    endorsements: Sequence[str] = (),
) -> str:
    # Our own words around the badge's (“How to earn it”) follow its language, where we speak it (badgeserver/locale/).
    with translation.override(spoken(words.language)):
        document = ob.BadgeClass(
            id=id,
            name=words.name,
            description=words.description,
            image=ob.Image(
                id=badge_class_image_url(badge_class), caption=words.image_alt, author=badge_class.image_author
            ),
            criteria=ob.Criteria(
                id=badge_class.criteria_url or id,
                narrative=criteria_narrative(badge_class, badge_class.earning_steps.all(), words=words),
            ),
            issuer=issuer,
            alignment=[
                ob.Alignment(
                    target_name=alignment.target_name,
                    target_url=alignment.target_url,
                    target_description=alignment.target_description,
                    target_framework=alignment.target_framework,
                    target_code=alignment.target_code,
                )
                for alignment in badge_class.alignments.all()
            ],
            tags=badge_class.tags,
            language=words.language,
            version=str(badge_class.version),
            related=related,
            endorsement=endorsements,
            extensions=_extensions(badge_class),
        )
    return ob.serialize(document.to_json())


def _extensions(badge_class: BadgeClass) -> dict[str, object]:
    """Return the known extensions, then those that came with an import, as they came (OB2-HST-01)."""
    known: dict[str, object] = {}
    if badge_class.apply_url:
        context = extension_context(extensions.APPLY_LINK, origin=badge_class.origin)
        known[extensions.APPLY_LINK.property] = extensions.apply_link(badge_class.apply_url, context=context)
    if badge_class.licence:
        context = extension_context(extensions.LICENCE, origin=badge_class.origin)
        name = badge_class.get_licence_display()
        known[extensions.LICENCE.property] = extensions.licence(badge_class.licence, name=name, context=context)
    if badge_class.latitude is not None and badge_class.longitude is not None:
        known[extensions.PLACE.property] = extensions.place(
            badge_class.place,
            latitude=float(badge_class.latitude),
            longitude=float(badge_class.longitude),
            context=extension_context(extensions.PLACE, origin=badge_class.origin),
        )
    return {**known, **{name: value for name, value in badge_class.extensions.items() if name not in known}}


def _own_words(badge_class: BadgeClass) -> BadgeTranslation:
    """Return the badge's own words in the shape of a translation; never saved."""
    return BadgeTranslation(
        badge_class=badge_class,
        language=badge_class.language,
        name=badge_class.name,
        description=badge_class.description,
        image_alt=badge_class.image_alt,
        criteria_narrative=badge_class.criteria_narrative,
        learned=badge_class.learned,
        assessed=badge_class.assessed,
        applied=badge_class.applied,
        useful_for=badge_class.useful_for,
    )


def _related(badge_class: BadgeClass) -> ob.Related:
    return ob.Related(id=badge_class_url(badge_class), language=badge_class.language, version=str(badge_class.version))


def _achievement(badge_class: BadgeClass) -> ob.Related:
    """Link the same badge in the words of Open Badges 3.0."""
    address = public_url("public:v3-achievement", badge_class.pk, origin=badge_class.origin)
    return ob.Related(id=address, type=ACHIEVEMENT_3, version=VERSION_3)


def _other_versions(badge_class: BadgeClass) -> list[ob.Related]:
    """Link every other version that the world may see (OB2-ISS-122)."""
    others = BadgeClass.objects.of_series(badge_class.series).public().exclude(pk=badge_class.pk)
    return [_related(other) for other in others]


def _other_languages(badge_class: BadgeClass, language: str) -> list[ob.Related]:
    return [
        ob.Related(id=translation_url(other), language=other.language)
        for other in badge_class.translations.all()
        if other.language != language
    ]


def criteria_narrative(
    badge_class: BadgeClass, steps: Iterable[EarningStep], *, words: BadgeTranslation | None = None
) -> str:
    """Return everything about earning the badge as one Markdown text of links, emphasis and lists (OB2-ISS-107).

    `words` are those of another language; a step that it does not translate stays as it is.
    """
    words = words or _own_words(badge_class)
    texts = dict(enumerate(words.steps))
    parts = [words.criteria_narrative.strip()]
    listed = [f"{number + 1}. {_step(step, texts.get(number, ''))}" for number, step in enumerate(steps)]
    if listed:
        parts += [f"**{_('How to earn it')}**", "\n".join(listed)]
    for heading, text in [
        (_("What is learned"), words.learned),
        (_("How it is used at work"), words.applied),
        (_("How it is assessed"), words.assessed),
        (_("Why it matters, and in which roles"), words.useful_for),
    ]:
        if text.strip():
            parts += [f"**{heading}**", text.strip()]
    if badge_class.level:
        level = _("%(level)d of 5, %(name)s") % {"level": badge_class.level, "name": badge_class.level_name}
        parts.append(f"**{_('Level')}:** {level}")
    parts.append(f"**{_('Valid')}:** {badge_class.validity_sentence}")
    return "\n\n".join(part for part in parts if part)


def _step(step: EarningStep, translated: str) -> str:
    """Write one step as a line: its kind, its text, and the link that belongs to it."""
    asked = step.required_badge
    # What only its organisation may see has no public page to link to.
    address = step.url if asked is None else "" if asked.is_internal else badge_class_url(asked)
    text = _plain(translated or step.text)
    return f"{step.get_kind_display()}: {f'[{text}]({_link(address)})' if address else text}"


def _plain(text: str) -> str:
    """Escape what Markdown would take for more than text; a line break would end the list item."""
    return "".join(f"\\{sign}" if sign in r"\`*_[]<>" else sign for sign in " ".join(text.split()))


def _link(address: str) -> str:
    """Encode what would end a Markdown link early; everything that an address may hold stays as it is."""
    return quote(address, safe=":/?#@!$&'*+,;=%~-._[]")
