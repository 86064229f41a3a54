"""The door for programs that want to know what a badge is worth."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from assertions.actions.brought import MAX_BYTES, NoAddress, NothingBrought, bring
from assertions.actions.receipts import check_at_once
from assertions.api.verify_serializers import VerificationOutput, VerifyFileInput, VerifyInput, verification_output
from badgeserver.addresses import absolute
from badgeserver.api.base import ApiView, ErrorOutput
from badgeserver.api.parsers import MAX_BADGE_BODY_BYTES, BoundedBadgeParser, BoundedMultiPartParser
from badgeserver.api.throttling import VerifyThrottle
from badgeserver.uploads import takes_files

EXAMPLES = [
    OpenApiExample(
        "By its address",
        value={"badge": "https://badges.example.org/public/assertions/7f6f0c3e-4f6e-4d0e-8f0e-3f1f2b1c9a55"},
        request_only=True,
    ),
    OpenApiExample(
        "A signed badge, and whose it is said to be",
        value={
            "badge": "eyJhbGciOiJSUzI1NiJ9.eyJ0eXBlIjoiQXNzZXJ0aW9uIn0.c2lnbmF0dXJl",
            "recipient": "rita@example.org",
        },
        request_only=True,
    ),
    OpenApiExample(
        "Genuine and valid",
        value={
            "verdict": "VALID",
            "conclusion": "VALID",
            "summary": "This badge is genuine and valid.",
            "next_step": "Anybody can show a genuine badge. Ask its holder for their e-mail address and compare it.",
            "checked_at": "2026-03-02T09:00:00Z",
            "version": "2.0",
            "form": "hosted",
            "differs": False,
            "checks": [
                {
                    "code": "HOSTED",
                    "label": "Found where it says it is",
                    "outcome": "PASSED",
                    "sentence": "The issuer’s server shows this badge at its own address.",
                    "detail": "https://badges.example.org/public/assertions/7f6f0c3e-4f6e-4d0e-8f0e-3f1f2b1c9a55",
                    "obstacle": "",
                    "advice": "",
                }
            ],
            "badge": {"name": "Forklift Safety", "description": "Drives and parks a forklift safely."},
            "issuer": {"name": "Acme Academy", "host": "badges.example.org", "confirmed_by": ""},
            "award": {"issued_on": "2026-01-05T10:00:00Z", "expires": None},
            "endorsements": [],
            "receipt": "https://badges.example.org/verify/receipts/3d0e1a1e-7f0b-4d5e-9a55-0f6a5b8e2c11/",
        },
        response_only=True,
        status_codes=["200"],
    ),
]


@takes_files(MAX_BADGE_BODY_BYTES)
class VerifyBadge(ApiView):
    """What a badge of any issuer is worth.

    There is no CORS header here on purpose: the server asks other servers on behalf of the caller, and each visitor
    of a foreign page would bring a rate limit of their own. Programs ask from their own server.
    """

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    throttle_classes = [VerifyThrottle]
    parser_classes = [BoundedBadgeParser, BoundedMultiPartParser]

    @extend_schema(
        operation_id="verify",
        summary="Verify a badge of any issuer",
        description="Takes a link, a signed badge (JWS or JWT), JSON, or as `multipart/form-data` a PNG, SVG or text "
        "file; Open Badges 0.5 to 2.0 and 3.0. Needs no token. The answer comes when all servers that the badge names "
        "have been asked, within about 20 seconds. Every verdict is a 200: `VALID`, `EXPIRED`, `REVOKED`, `INVALID`, "
        "or `UNKNOWN` when it could not be checked, which proves nothing in either direction. The badge and the "
        "recipient are forgotten; the receipt can be looked at for 90 days.",
        request={"application/json": VerifyInput, "multipart/form-data": VerifyFileInput},
        responses={
            200: VerificationOutput,
            400: OpenApiResponse(ErrorOutput, "No badge was sent, or the recipient is no e-mail address."),
            413: OpenApiResponse(ErrorOutput, "Larger than 4 MB."),
            415: OpenApiResponse(ErrorOutput, "Neither JSON nor a form with a file."),
            429: OpenApiResponse(ErrorOutput, "Asked too often; `Retry-After` says when to come back."),
        },
        examples=EXAMPLES,
        auth=[],
        tags=["Verifying"],
    )
    def post(self, request: Request) -> Response:
        given = request.data if isinstance(request.data, dict) else None
        if given is None:
            raise ValidationError({"badge": [_("Send an object with the field “badge”.")]})
        upload = given.get("file") or given.get("badge")
        try:
            if isinstance(upload, UploadedFile):
                data = upload.read(MAX_BYTES + 1)
                brought = bring(file=data, recipient=_text(given, "recipient"))
            else:
                brought = bring(text=_text(given, "badge"), recipient=_text(given, "recipient"))
        except (NothingBrought, NoAddress) as refusal:
            raise ValidationError({refusal.field: [refusal.message]}) from None
        receipt = check_at_once(brought=brought, at=timezone.now())
        url = absolute(reverse("assertions:receipt", args=[receipt.pk]))
        answer = Response(verification_output(receipt, url=url))
        answer["Cache-Control"] = "no-store"
        return answer


def _text(given: dict[str, Any], name: str) -> str:
    """Return a field of text. A badge may also be sent as the JSON object that it is."""
    value = given.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValidationError({name: [_("Send a text.")]})
    return value
