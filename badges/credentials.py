"""The badge class as an Achievement of Open Badges 3.0, linked with its 2.0 twin."""

from django.utils import translation

from badges import documents
from badges.models import BadgeClass
from badgeserver.addresses import public_url
from badgeserver.openbadges import v3
from badgeserver.openbadges.documents import serialize
from issuers import credentials as issuers


def achievement_id(badge_class: BadgeClass) -> str:
    """Return the `id` of the Achievement, which is where it is served."""
    return public_url("public:v3-achievement", badge_class.pk, origin=badge_class.origin)


def achievement(badge_class: BadgeClass) -> v3.Achievement:
    """Return the Achievement as it stands in credentials: the badge in its own language, with everything it says.

    `badge_class.issuer` and its related rows are read. Extensions have other forms in 3.0 and are left out.
    """
    with translation.override(badge_class.language):
        return v3.Achievement(
            id=achievement_id(badge_class),
            name=badge_class.name,
            description=badge_class.description,
            criteria=v3.Criteria(
                id=badge_class.criteria_url or documents.badge_class_url(badge_class),
                narrative=documents.criteria_narrative(badge_class, badge_class.earning_steps.all()),
            ),
            image=v3.Image(id=documents.badge_class_image_url(badge_class), caption=badge_class.image_alt),
            creator=issuers.profile(badge_class.issuer),
            alignment=[
                v3.Alignment(
                    target_name=alignment.target_name,
                    target_url=alignment.target_url,
                    target_description=alignment.target_description,
                    target_framework=alignment.target_framework,
                    target_code=alignment.target_code,
                )
                for alignment in badge_class.alignments.all()
            ],
            tags=badge_class.tags,
            language=badge_class.language,
            version=str(badge_class.version),
            related=[v3.Related.badge_class(documents.badge_class_url(badge_class)), *_other_versions(badge_class)],
        )


def achievement_json(badge_class: BadgeClass) -> str:
    return serialize(achievement(badge_class).to_document())


def _other_versions(badge_class: BadgeClass) -> list[v3.Related]:
    others = BadgeClass.objects.of_series(badge_class.series).public().exclude(pk=badge_class.pk)
    return [
        v3.Related(id=achievement_id(other), language=other.language, version=str(other.version)) for other in others
    ]
