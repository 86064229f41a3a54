"""The door for programs: award, look up, revoke, restore."""

import hashlib
import json
import uuid
from typing import Any, cast

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from assertions.actions.award import award_badge, award_badge_once
from assertions.actions.revoke import revoke_assertion, unrevoke_assertion
from assertions.api.serializers import AssertionOutput, AwardInput, RevokeInput
from assertions.models import Assertion
from badges.models import BadgeClass
from badgeserver.api.base import ApiView, ErrorOutput
from badgeserver.api.pagination import Pagination
from issuers.api.authentication import ApiTokenAuthentication
from issuers.api.permissions import HasScope
from issuers.models import ApiToken, TokenScope

KEY_LIMIT = 200

REFUSALS = {
    400: OpenApiResponse(ErrorOutput, "Some fields need another value; `fields` says which and why."),
    401: OpenApiResponse(ErrorOutput, "No token, or one that is unknown, revoked or out of date."),
    403: OpenApiResponse(ErrorOutput, "The token lacks the scope."),
    404: OpenApiResponse(ErrorOutput, "Not there, or not of the token's issuer."),
    409: OpenApiResponse(ErrorOutput, "Refused by a rule: a draft badge, a duplicate, a reused key, revoked already."),
}


class BadgeAssertions(ApiView):
    """The awards of one badge."""

    authentication_classes = [ApiTokenAuthentication]
    permission_classes = [HasScope]
    scopes = {"GET": TokenScope.AWARDS_READ, "POST": TokenScope.AWARDS_WRITE}

    @extend_schema(
        operation_id="assertions_list",
        summary="List the awards of a badge",
        responses={200: AssertionOutput(many=True), **REFUSALS},
        tags=["Awards"],
    )
    def get(self, request: Request, badge: uuid.UUID) -> Response:
        badge_class = _badge_of(request, badge)
        pages = Pagination()
        found = badge_class.assertions.newest_first().prefetch_related("evidence")
        rows = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(AssertionOutput(rows, many=True, context={"now": timezone.now()}).data)

    @extend_schema(
        operation_id="assertions_create",
        summary="Award a badge",
        description="Awards the badge to one recipient. Repeat the request with the same `Idempotency-Key` after a "
        "time-out: the badge is awarded once, and the answer is the same award with `Idempotent-Replayed: true`.",
        parameters=[
            OpenApiParameter(
                "Idempotency-Key", str, OpenApiParameter.HEADER, description="Up to 200 characters of yours."
            ),
        ],
        request=AwardInput,
        responses={201: AssertionOutput, 200: OpenApiResponse(AssertionOutput, "The same request again."), **REFUSALS},
        tags=["Awards"],
    )
    def post(self, request: Request, badge: uuid.UUID) -> Response:
        badge_class = _badge_of(request, badge)
        given = AwardInput(data=request.data)
        given.is_valid(raise_exception=True)
        fields, now, token = given.fields_for(badge_class), timezone.now(), cast(ApiToken, request.auth)
        key = _idempotency_key(request)
        if key:
            fingerprint = hashlib.sha256(f"{badge}\n{json.dumps(request.data, sort_keys=True)}".encode()).hexdigest()
            assertion, is_new = award_badge_once(fields=fields, key=key, fingerprint=fingerprint, by=token, at=now)
        else:
            assertion, is_new = award_badge(fields=fields, by=token, at=now), True
        answer = Response(AssertionOutput(assertion, context={"now": now}).data, status=201 if is_new else 200)
        answer["Location"] = answer.data["url"]
        if not is_new:
            answer["Idempotent-Replayed"] = "true"
        return answer


class AssertionDetail(ApiView):
    """One award."""

    authentication_classes = [ApiTokenAuthentication]
    permission_classes = [HasScope]
    scopes = {"GET": TokenScope.AWARDS_READ}

    @extend_schema(
        operation_id="assertions_retrieve",
        summary="Look an award up",
        responses={200: AssertionOutput, **REFUSALS},
        tags=["Awards"],
    )
    def get(self, request: Request, assertion: uuid.UUID) -> Response:
        found = _assertion_of(request, assertion)
        return Response(AssertionOutput(found, context={"now": timezone.now()}).data)


class RevokeAssertion(ApiView):
    """Withdraw one award."""

    authentication_classes = [ApiTokenAuthentication]
    permission_classes = [HasScope]
    scopes = {"POST": TokenScope.AWARDS_WRITE}

    @extend_schema(
        operation_id="assertions_revoke",
        summary="Revoke an award",
        description="From now on its public address answers 410, its signed form stands in the revocation list, and "
        "its recipient is told.",
        request=RevokeInput,
        responses={200: AssertionOutput, **REFUSALS},
        tags=["Awards"],
    )
    def post(self, request: Request, assertion: uuid.UUID) -> Response:
        found = _assertion_of(request, assertion)
        given = RevokeInput(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()
        revoked = revoke_assertion(
            assertion=found, reason=given.validated_data["reason"], by=cast(ApiToken, request.auth), at=now
        )
        return Response(AssertionOutput(revoked, context={"now": now}).data)


class RestoreAssertion(ApiView):
    """Take a revocation back that was a mistake."""

    authentication_classes = [ApiTokenAuthentication]
    permission_classes = [HasScope]
    scopes = {"POST": TokenScope.AWARDS_WRITE}

    @extend_schema(
        operation_id="assertions_restore",
        summary="Take a revocation back",
        description="Within an hour of the revocation the award is restored: its public address answers again, and its "
        "recipient is told if they were told of the revocation. After that, or when others have taken the last place "
        "of a badge that only so many may hold, the answer is 409.",
        request=None,
        responses={200: AssertionOutput, **REFUSALS},
        tags=["Awards"],
    )
    def post(self, request: Request, assertion: uuid.UUID) -> Response:
        found, now = _assertion_of(request, assertion), timezone.now()
        restored = unrevoke_assertion(assertion=found, by=cast(ApiToken, request.auth), at=now)
        return Response(AssertionOutput(restored, context={"now": now}).data)


def _badge_of(request: Request, badge: uuid.UUID) -> BadgeClass:
    """Load a badge through the token's issuer: what is not its own is not there."""
    return get_object_or_404(BadgeClass, pk=badge, issuer_id=cast(ApiToken, request.auth).issuer_id)


def _assertion_of(request: Request, assertion: uuid.UUID) -> Assertion:
    return get_object_or_404(Assertion, pk=assertion, issuer_id=cast(ApiToken, request.auth).issuer_id)


def _idempotency_key(request: Request) -> str:
    key: Any = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > KEY_LIMIT or not key.isprintable():
        raise ValidationError(
            {"Idempotency-Key": [_("Send a key of at most 200 printable characters, such as a UUID.")]}
        )
    return str(key)
