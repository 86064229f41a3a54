"""The badge class as an Open Badges document, with everything that a reader should know in the standard's own terms."""

from collections.abc import Iterable
from urllib.parse import quote

from django.utils import translation
from django.utils.translation import gettext as _

from badges.models import BadgeClass, EarningStep
from badgeserver.addresses import public_url
from badgeserver.openbadges import documents as ob
from issuers.documents import issuer_id


def badge_class_url(badge_class: BadgeClass) -> str:
    """Return the public address, which is the `id` for ever (OB2-ISS-40)."""
    return public_url("public:badge", badge_class.pk)


def badge_class_image_url(badge_class: BadgeClass) -> str:
    """Return the public address of the picture without a badge baked into it (OB2-ISS-44)."""
    return public_url("public:badge-image", badge_class.pk)


def badge_class_card_url(badge_class: BadgeClass) -> str:
    """Return the address of the picture for link previews, new whenever the badge changes: networks keep old ones."""
    return f"{badge_class_url(badge_class)}/card.png?v={badge_class.updated_at:%Y%m%d%H%M%S}"


def badge_class_json(badge_class: BadgeClass) -> str:
    """Return the BadgeClass document (OB2-ISS-40 to 48).

    `badge_class.issuer` and its related rows are read. Steps, level, validity, what is learned and how it is assessed
    have no term of their own in Open Badges 2.0, and unknown keys vanish (OB2-ISS-02): the criteria tell them.
    """
    with translation.override(badge_class.issuer.language):
        document = ob.BadgeClass(
            id=badge_class_url(badge_class),
            name=badge_class.name,
            description=badge_class.description,
            image=ob.Image(id=badge_class_image_url(badge_class), caption=badge_class.image_alt),
            criteria=ob.Criteria(
                id=badge_class.criteria_url or badge_class_url(badge_class),
                narrative=criteria_narrative(badge_class, badge_class.earning_steps.all()),
            ),
            issuer=issuer_id(badge_class.issuer),
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
            tags=_tags(badge_class),
            language=badge_class.issuer.language,
        )
    return ob.serialize(document.to_json())


def criteria_narrative(badge_class: BadgeClass, steps: Iterable[EarningStep]) -> str:
    """Return everything about earning the badge as one Markdown text of links, emphasis and lists (OB2-ISS-107)."""
    parts = [badge_class.criteria_narrative.strip()]
    listed = [f"{number}. {_step(step)}" for number, step in enumerate(steps, start=1)]
    if listed:
        parts += [f"**{_('How to earn it')}**", "\n".join(listed)]
    for heading, text in [
        (_("What is learned"), badge_class.learned),
        (_("How it is assessed"), badge_class.assessed),
    ]:
        if text.strip():
            parts += [f"**{heading}**", text.strip()]
    if badge_class.level:
        level = _("%(level)d of 5, %(name)s") % {"level": badge_class.level, "name": badge_class.level_name}
        parts.append(f"**{_('Level')}:** {level}")
    parts.append(f"**{_('Valid')}:** {badge_class.validity_sentence}")
    return "\n\n".join(part for part in parts if part)


def _step(step: EarningStep) -> str:
    """Write one step as a line: its kind, its text, and the link that belongs to it."""
    address = badge_class_url(step.required_badge) if step.required_badge else step.url
    text = _plain(step.text)
    return f"{step.get_kind_display()}: {f'[{text}]({_link(address)})' if address else text}"


def _plain(text: str) -> str:
    """Escape what Markdown would take for more than text; a line break would end the list item."""
    return "".join(f"\\{sign}" if sign in r"\`*_[]<>" else sign for sign in " ".join(text.split()))


def _link(address: str) -> str:
    """Encode what would end a Markdown link early; everything that an address may hold stays as it is."""
    return quote(address, safe=":/?#@!$&'*+,;=%~-._[]")


def _tags(badge_class: BadgeClass) -> list[str]:
    """Return the tags and, as the last one, the category: tags are where the standard says what kind it is."""
    category = badge_class.get_category_display()
    if category.casefold() in {tag.casefold() for tag in badge_class.tags}:
        return list(badge_class.tags)
    return [*badge_class.tags, category]
