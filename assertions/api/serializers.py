"""What programs send and get about awards."""

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from assertions.actions.award import AwardFields, EvidenceFields
from assertions.documents import assertion_url
from assertions.models import Assertion, Evidence
from badges.models import BadgeClass
from badgeserver.mail import validate_mailable
from badgeserver.markdown import MarkdownRefused, check_markdown, holds_address
from badgeserver.openbadges.iris import is_http_url

TEXT_LIMIT = 10_000
EVIDENCE_LIMIT = 10


class PublicTextField(serializers.CharField):
    """A text that strangers may come to read: without e-mail addresses, as in the forms."""

    def to_internal_value(self, data: Any) -> str:
        text = str(super().to_internal_value(data))
        if holds_address(text):
            raise serializers.ValidationError(
                _("Badges are public: leave out e-mail addresses, and link to a page instead.")
            )
        return text


class MarkdownField(PublicTextField):
    """Markdown that our pages can show."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_blank=True, max_length=TEXT_LIMIT, default="", **kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = str(super().to_internal_value(data))
        try:
            check_markdown(text)
        except MarkdownRefused as refusal:
            raise serializers.ValidationError(str(refusal)) from None
        return text


class WholeMomentField(serializers.DateTimeField):
    """A moment with its zone: `2026-03-14T09:30:00Z`."""

    default_error_messages = {
        "invalid": gettext_lazy("Send a moment in ISO 8601 with its zone, such as 2026-03-14T09:30:00Z."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)


class EvidenceInput(serializers.Serializer[Any]):
    url = serializers.URLField(required=False, allow_blank=True, max_length=500, default="")
    name = PublicTextField(required=False, allow_blank=True, max_length=200, default="")
    narrative = MarkdownField(help_text="Markdown, in more detail than the description.")
    description = PublicTextField(
        required=False, allow_blank=True, max_length=500, default="", help_text="In a sentence what it is."
    )
    genre = PublicTextField(
        required=False, allow_blank=True, max_length=100, default="", help_text="Kind of work, such as Film or Prose."
    )
    audience = PublicTextField(
        required=False, allow_blank=True, max_length=200, default="", help_text="For whom it was made."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["url"] and not attrs["narrative"].strip():
            raise serializers.ValidationError({"url": _("Give a URL, a narrative, or both.")})
        # What DRF lets pass and validators of badges do not, such as ftp: or https://user@example.org.
        if attrs["url"] and not is_http_url(attrs["url"]):
            raise serializers.ValidationError(
                {"url": _("Give a web address that starts with https:// and has no user name in it.")}
            )
        return attrs


class AwardInput(serializers.Serializer[Any]):
    """One award. Only `email` is needed; the badge says the rest."""

    email = serializers.EmailField(
        max_length=254, validators=[validate_mailable], help_text="Where the award mail goes; hashed in the badge."
    )
    name = PublicTextField(required=False, allow_blank=True, max_length=120, default="")
    issued_on = WholeMomentField(required=False, help_text="Now when left out. Past allowed, future refused.")
    expires_on = WholeMomentField(
        required=False, allow_null=True, help_text="As the badge says when left out; null for never."
    )
    narrative = MarkdownField(help_text="Markdown.")
    evidence = EvidenceInput(many=True, required=False, max_length=EVIDENCE_LIMIT)  # type: ignore[call-arg]  # of the list
    allow_duplicate = serializers.BooleanField(
        required=False, default=False, help_text="Award although the recipient holds the badge."
    )

    def fields_for(self, badge_class: BadgeClass) -> AwardFields:
        """Return the checked input as the action wants it."""
        data = self.validated_data
        return AwardFields(
            badge_class=badge_class,
            email=data["email"],
            name=data["name"],
            issued_at=data.get("issued_on") or timezone.now(),
            overrides_expiry="expires_on" in data,
            expires_at=data.get("expires_on"),
            narrative=data["narrative"],
            evidence=[EvidenceFields(**item) for item in data.get("evidence", [])],
            allow_duplicate=data["allow_duplicate"],
        )


class RevokeInput(serializers.Serializer[Any]):
    reason = PublicTextField(max_length=500, help_text="Shown to everybody who looks the badge up.")


class EvidenceOutput(serializers.ModelSerializer[Evidence]):
    class Meta:
        model = Evidence
        fields = ["url", "name", "description", "narrative", "genre", "audience"]


class AssertionOutput(serializers.ModelSerializer[Assertion]):
    """An award as programs get it."""

    url = serializers.SerializerMethodField(help_text="The public address, which is the id of the hosted assertion.")
    badge = serializers.UUIDField(source="badge_class_id")
    badge_version = serializers.IntegerField(
        source="badge_class.version", help_text="Under which version it was earned."
    )
    issuer = serializers.UUIDField(source="issuer_id")
    email = serializers.EmailField(source="recipient_email")
    name = serializers.CharField(source="recipient_name")
    issued_on = serializers.DateTimeField(source="issued_at", default_timezone=UTC)
    expires_on = serializers.DateTimeField(source="expires_at", default_timezone=UTC, allow_null=True)
    evidence = EvidenceOutput(many=True)
    state = serializers.SerializerMethodField(help_text="preparing, valid, expired, revoked or declined.")
    revoked_on = serializers.DateTimeField(source="revoked_at", default_timezone=UTC, allow_null=True)
    declined_at = serializers.DateTimeField(
        default_timezone=UTC,
        allow_null=True,
        help_text="When the recipient declined it: name, narrative and evidence are empty an hour later.",
    )

    class Meta:
        model = Assertion
        fields = [
            "id",
            "url",
            "badge",
            "badge_version",
            "issuer",
            "email",
            "name",
            "issued_on",
            "expires_on",
            "narrative",
            "evidence",
            "state",
            "revoked_on",
            "revocation_reason",
            "declined_at",
        ]
        read_only_fields = fields

    def get_url(self, assertion: Assertion) -> str:
        return assertion_url(assertion)

    def get_state(self, assertion: Assertion) -> str:
        now: datetime = self.context["now"]
        if assertion.revoked_at:
            return "declined" if assertion.declined_at else "revoked"
        if assertion.is_expired(now):
            return "expired"
        return "valid" if assertion.finished_at else "preparing"
