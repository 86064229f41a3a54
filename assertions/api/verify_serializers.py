"""What programs send and get about a verification."""

from typing import Any

from django.utils.dateparse import parse_datetime
from rest_framework import serializers

from assertions.models import Receipt
from assertions.sharing.shown_report import shown_report
from assertions.sharing.stored_report import Conclusion
from badgeserver.openbadges.obstacles import Obstacle
from badgeserver.openbadges.report import CheckCode, Outcome, Verdict


class VerifyInput(serializers.Serializer[Any]):
    badge = serializers.CharField(help_text="A link, a JWS or JWT, or the JSON of a badge as text; at most 4 MB.")
    recipient = serializers.EmailField(
        required=False, help_text="Whose badge it is said to be. Compared, never kept, logged or repeated."
    )


class VerifyFileInput(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="A PNG or SVG with a badge inside, or a text file; at most 4 MB.")
    recipient = serializers.EmailField(required=False, help_text="As in JSON.")


class CheckOutput(serializers.Serializer[Any]):
    code = serializers.ChoiceField(choices=[code.value for code in CheckCode])
    label = serializers.CharField(help_text="What is so when the check passes.")  # type: ignore[assignment]  # the API's word
    outcome = serializers.ChoiceField(choices=[outcome.value for outcome in Outcome])
    sentence = serializers.CharField(help_text="For people who have never seen a badge.")
    detail = serializers.CharField(allow_blank=True, help_text="For experts.")
    obstacle = serializers.ChoiceField(
        choices=[obstacle.value for obstacle in Obstacle],
        allow_blank=True,
        help_text="What stood in the way, when something that the check needs could not be had.",
    )
    advice = serializers.CharField(allow_blank=True, help_text="What can be done about the obstacle.")


class VerifiedAlignmentOutput(serializers.Serializer[Any]):
    name = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)
    framework = serializers.CharField(allow_blank=True)


class BadgeFactsOutput(serializers.Serializer[Any]):
    name = serializers.CharField(allow_blank=True)
    description = serializers.CharField(allow_blank=True)
    criteria_text = serializers.CharField(allow_blank=True, help_text="Markdown.")
    criteria_url = serializers.CharField(allow_blank=True)
    picture_caption = serializers.CharField(allow_blank=True)
    tags = serializers.ListField(child=serializers.CharField())
    alignments = VerifiedAlignmentOutput(many=True)
    language = serializers.CharField(allow_blank=True)
    version = serializers.CharField(allow_blank=True, help_text="Of the badge, as its issuer counts them.")


class IssuerFactsOutput(serializers.Serializer[Any]):
    id = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)
    host = serializers.CharField(allow_blank=True, help_text="The server that answered for the issuer.")
    confirmed_by = serializers.CharField(allow_blank=True, help_text="The domain whose owner confirms the issuer.")


class VerifiedEvidenceOutput(serializers.Serializer[Any]):
    name = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)
    description = serializers.CharField(allow_blank=True)
    narrative = serializers.CharField(allow_blank=True, help_text="Markdown.")


class AwardFactsOutput(serializers.Serializer[Any]):
    issued_on = serializers.DateTimeField(allow_null=True)
    expires = serializers.DateTimeField(allow_null=True)
    narrative = serializers.CharField(allow_blank=True, help_text="Markdown.")
    evidence = VerifiedEvidenceOutput(many=True)


class EndorsementOutput(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=[verdict.value for verdict in Verdict])
    summary = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)
    comment = serializers.CharField(allow_blank=True, help_text="Markdown.")
    issued_on = serializers.DateTimeField(allow_null=True)
    checks = CheckOutput(many=True)


class VerificationOutput(serializers.Serializer[Any]):
    """What a badge is worth, at one moment."""

    verdict = serializers.ChoiceField(choices=[verdict.value for verdict in Verdict])
    conclusion = serializers.ChoiceField(
        choices=[conclusion.value for conclusion in Conclusion],
        help_text="The verdict, with its reason: what a person should do next depends on it.",
    )
    summary = serializers.CharField(help_text="The verdict in one sentence.")
    next_step = serializers.CharField(help_text="What a person does now.")
    checked_at = serializers.DateTimeField()
    version = serializers.CharField(allow_blank=True, help_text="0.5, 1.0, 1.1, 2.0 or 3.0; empty for no badge.")
    form = serializers.CharField(allow_blank=True, help_text="hosted or signed.")
    differs = serializers.BooleanField(
        help_text="What was sent says something else than the address that it names; only the address counts."
    )
    checks = CheckOutput(many=True)
    badge = BadgeFactsOutput()
    issuer = IssuerFactsOutput()
    award = AwardFactsOutput()
    endorsements = EndorsementOutput(many=True)
    receipt = serializers.URLField(help_text="The same for people, to print or to link; for 90 days.")


def verification_output(receipt: Receipt, *, url: str) -> dict[str, Any]:
    """Return a finished receipt as `VerificationOutput` describes it."""
    stored, shown = receipt.report, shown_report(receipt.report)
    endorsements = [
        {name: item[name] for name in ("verdict", "summary", "name", "url", "comment")}
        | {"checks": _checks(item["checks"]), "issued_on": parse_datetime(item["issued_on"])}
        for item in stored["endorsements"]
    ]
    award = stored["award"]
    return {
        "verdict": receipt.verdict,
        "conclusion": stored["conclusion"],
        "summary": shown.title,
        "next_step": shown.next_step,
        "checked_at": shown.checked_at,
        "version": stored["version"],
        "form": stored["form"],
        "differs": stored["differs"],
        "checks": _checks(stored["checks"]),
        "badge": stored["badge"],
        "issuer": stored["issuer"],
        "award": {
            "issued_on": parse_datetime(award["issued_on"]),
            "expires": parse_datetime(award["expires"]),
            "narrative": award["narrative"],
            "evidence": award["evidence"],
        },
        "endorsements": endorsements,
        "receipt": url,
    }


def _checks(stored: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the checks of a report; those of earlier days name no obstacles."""
    return [{"obstacle": "", "advice": "", **check} for check in stored]
