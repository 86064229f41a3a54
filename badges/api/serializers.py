"""How programs read badges."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from badges.documents import badge_class_image_url, badge_class_url, translation_url
from badges.models import (
    Alignment,
    BadgeClass,
    BadgeTranslation,
    Basis,
    Category,
    EarningStep,
    Licence,
    Purpose,
    StepKind,
    Validity,
    Visibility,
)


class StepOutput(serializers.ModelSerializer[EarningStep]):
    kind = serializers.ChoiceField(choices=StepKind.choices)
    required_badge = serializers.UUIDField(
        source="required_badge_id", allow_null=True, help_text="Id of the badge that one must hold already."
    )

    class Meta:
        model = EarningStep
        fields = ["kind", "text", "url", "required_badge"]


class AlignmentOutput(serializers.ModelSerializer[Alignment]):
    class Meta:
        model = Alignment
        fields = ["target_name", "target_url", "target_code", "target_framework", "target_description"]


class CriteriaOutput(serializers.Serializer[BadgeClass]):
    narrative = serializers.CharField(source="criteria_narrative", help_text="Markdown.")
    url = serializers.CharField(source="criteria_url")
    steps = StepOutput(source="earning_steps", many=True)
    learned = serializers.CharField(help_text="Markdown.")
    applied = serializers.CharField(help_text="Markdown.")
    assessed = serializers.CharField(help_text="Markdown.")
    useful_for = serializers.CharField(help_text="Markdown.")


class ValidityOutput(serializers.Serializer[BadgeClass]):
    kind = serializers.ChoiceField(source="validity", choices=Validity.choices)
    months = serializers.IntegerField(source="validity_months", allow_null=True)
    until = serializers.DateField(source="validity_until", allow_null=True)


class PlaceOutput(serializers.Serializer[BadgeClass]):
    words = serializers.CharField(source="place")
    latitude = serializers.FloatField(help_text="Degrees north.")
    longitude = serializers.FloatField(help_text="Degrees east.")


class TranslationOutput(serializers.ModelSerializer[BadgeTranslation]):
    """The badge in another language; "" where it is not translated yet, and the badge's own words stand."""

    url = serializers.SerializerMethodField(help_text="The `id` of the BadgeClass in this language.")
    criteria_narrative = serializers.CharField(help_text="Markdown.")
    learned = serializers.CharField(help_text="Markdown.")
    applied = serializers.CharField(help_text="Markdown.")
    assessed = serializers.CharField(help_text="Markdown.")
    useful_for = serializers.CharField(help_text="Markdown.")
    steps = serializers.ListField(child=serializers.CharField(allow_blank=True), help_text="In the order of the steps.")

    class Meta:
        model = BadgeTranslation
        fields = [
            "language",
            "url",
            "name",
            "description",
            "image_alt",
            "criteria_narrative",
            "learned",
            "applied",
            "assessed",
            "useful_for",
            "steps",
            "updated_at",
        ]

    def get_url(self, words: BadgeTranslation) -> str:
        return translation_url(words)


class BadgeOutput(serializers.ModelSerializer[BadgeClass]):
    """A badge class of the token's issuer."""

    url = serializers.SerializerMethodField(
        help_text="Its public address, the `id` of the BadgeClass; there from publication on."
    )
    image = serializers.SerializerMethodField(help_text="Its picture, PNG or SVG; empty before there is one.")
    status = serializers.ChoiceField(
        choices=BadgeClass.Status.choices,
        help_text="PUBLISHED badges can be awarded, and PILOT badges to their test group. "
        "SUPERSEDED is an earlier version, whose awards stay valid.",
    )
    series = serializers.UUIDField(help_text="The same for all versions of a badge: the id of the first.")
    version = serializers.IntegerField(help_text="1 for the first version.")
    current = serializers.SerializerMethodField(
        help_text="Id of the version that is awarded now (or was, once archived); null before the first is published."
    )
    language = serializers.CharField(help_text="BCP 47, of everything said here.")
    translations = TranslationOutput(many=True)
    purpose = serializers.ChoiceField(choices=Purpose.choices, help_text="What it is given for.")
    basis = serializers.ChoiceField(choices=[("", ""), *Basis.choices], help_text="On what an award rests.")
    category = serializers.ChoiceField(choices=Category.choices, help_text="What kind of thing is shown.")
    visibility = serializers.ChoiceField(
        choices=Visibility.choices, help_text="INTERNAL: its public address answers 404, and so do those of its awards."
    )
    departments: Any = serializers.SlugRelatedField(
        slug_field="name",
        many=True,
        read_only=True,
        help_text="For whom it is; with no departments and roles: everybody.",
    )
    job_roles: Any = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)
    award_cap = serializers.IntegerField(allow_null=True, help_text="So many people may hold it; null: no limit.")
    next_level = serializers.UUIDField(
        source="next_level_id",
        allow_null=True,
        help_text="Id of the badge that its holders go for next, in any version.",
    )
    tags = serializers.ListField(child=serializers.CharField())
    criteria = CriteriaOutput(source="*")
    alignments = AlignmentOutput(many=True)
    validity = ValidityOutput(source="*")
    apply_url = serializers.CharField(help_text="Where to apply for it; may be empty.")
    licence = serializers.ChoiceField(choices=[("", ""), *Licence.choices], help_text="Of its words and picture.")
    place = serializers.SerializerMethodField()

    class Meta:
        model = BadgeClass
        fields = [
            "id",
            "url",
            "name",
            "description",
            "status",
            "series",
            "version",
            "current",
            "change_note",
            "image",
            "image_alt",
            "image_author",
            "language",
            "translations",
            "purpose",
            "basis",
            "category",
            "level",
            "tags",
            "criteria",
            "alignments",
            "validity",
            "apply_url",
            "licence",
            "place",
            "visibility",
            "departments",
            "job_roles",
            "award_cap",
            "next_level",
            "review_by",
            "created_at",
            "updated_at",
            "published_at",
            "archived_at",
            "superseded_at",
        ]

    def get_current(self, badge_class: BadgeClass) -> uuid.UUID | None:
        found: uuid.UUID | None = getattr(badge_class, "current_id", None)
        return found

    def get_url(self, badge_class: BadgeClass) -> str:
        return badge_class_url(badge_class)

    def get_image(self, badge_class: BadgeClass) -> str:
        return badge_class_image_url(badge_class) if badge_class.image else ""

    @extend_schema_field(PlaceOutput(allow_null=True))
    def get_place(self, badge_class: BadgeClass) -> dict[str, Any] | None:
        return dict(PlaceOutput(badge_class).data) if badge_class.place else None


class BadgeFilter(serializers.Serializer[Any]):
    """What the list may be narrowed to."""

    status = serializers.ChoiceField(
        choices=BadgeClass.Status.choices,
        required=False,
        help_text="Without it: each badge in its current version, and new drafts. SUPERSEDED: earlier versions.",
    )
    series = serializers.UUIDField(required=False, help_text="All versions of one badge, its drafts included.")
