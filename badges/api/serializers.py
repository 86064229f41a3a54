"""How programs read badges."""

from typing import Any

from rest_framework import serializers

from badges.documents import badge_class_image_url, badge_class_url
from badges.models import Alignment, BadgeClass, Category, EarningStep, StepKind, Validity


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
    assessed = serializers.CharField(help_text="Markdown.")


class ValidityOutput(serializers.Serializer[BadgeClass]):
    kind = serializers.ChoiceField(source="validity", choices=Validity.choices)
    months = serializers.IntegerField(source="validity_months", allow_null=True)
    until = serializers.DateField(source="validity_until", allow_null=True)


class BadgeOutput(serializers.ModelSerializer[BadgeClass]):
    """A badge class of the token's issuer."""

    url = serializers.SerializerMethodField(
        help_text="Its public address, the `id` of the BadgeClass; there from publication on."
    )
    image = serializers.SerializerMethodField(help_text="Its picture, PNG or SVG; empty before there is one.")
    status = serializers.ChoiceField(
        choices=BadgeClass.Status.choices, help_text="Only PUBLISHED badges can be awarded."
    )
    category = serializers.ChoiceField(choices=Category.choices)
    tags = serializers.ListField(child=serializers.CharField())
    criteria = CriteriaOutput(source="*")
    alignments = AlignmentOutput(many=True)
    validity = ValidityOutput(source="*")

    class Meta:
        model = BadgeClass
        fields = [
            "id",
            "url",
            "name",
            "description",
            "status",
            "image",
            "image_alt",
            "category",
            "level",
            "tags",
            "criteria",
            "alignments",
            "validity",
            "created_at",
            "updated_at",
            "published_at",
            "archived_at",
        ]

    def get_url(self, badge_class: BadgeClass) -> str:
        return badge_class_url(badge_class)

    def get_image(self, badge_class: BadgeClass) -> str:
        return badge_class_image_url(badge_class) if badge_class.image else ""


class BadgeFilter(serializers.Serializer[Any]):
    """What the list may be narrowed to."""

    status = serializers.ChoiceField(
        choices=BadgeClass.Status.choices, required=False, help_text="Without it: badges of every status."
    )
