"""Badges for programs: what a token's issuer has, and which of it can be awarded."""

import uuid
from typing import cast

from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from badges import queries
from badges.api.serializers import BadgeFilter, BadgeOutput
from badges.models import BadgeClass
from badges.models.badge_class import BadgeClassQuerySet
from badgeserver.api.base import ApiView, ErrorOutput
from badgeserver.api.pagination import Pagination
from issuers.api.authentication import ApiTokenAuthentication
from issuers.api.permissions import HasScope
from issuers.models import ApiToken, TokenScope

_REFUSALS = {401: ErrorOutput, 403: ErrorOutput}


class BadgeView(ApiView):
    authentication_classes = [ApiTokenAuthentication]
    permission_classes = [HasScope]
    scopes = {"GET": TokenScope.BADGES_READ}

    def badges(self, request: Request) -> BadgeClassQuerySet:
        """Return the badges of the token's issuer, in every version: all that this token can see."""
        token = cast(ApiToken, request.auth)
        found = queries.with_current_id(BadgeClass.objects.filter(issuer=token.issuer))
        found = queries.with_parts(found).prefetch_related("departments", "job_roles")
        return found.order_by("name", "version", "pk")


@extend_schema_view(
    get=extend_schema(
        operation_id="list_badges",
        summary="List badges",
        description="The badges of the token’s issuer by name, each in its current version unless `status` or "
        "`series` asks for others. Scope: `badges:read`.",
        parameters=[BadgeFilter],
        responses={200: BadgeOutput(many=True), 400: ErrorOutput, **_REFUSALS},
    )
)
class BadgeList(BadgeView, ListAPIView[BadgeClass]):
    pagination_class = Pagination
    serializer_class = BadgeOutput

    def get_queryset(self) -> BadgeClassQuerySet:
        found = self.badges(self.request)
        asked = BadgeFilter(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        status, series = asked.validated_data.get("status"), asked.validated_data.get("series")
        if series:
            found = found.filter(series=series)
        elif not status:
            found = found.current()
        return found.filter(status=status) if status else found


class BadgeDetail(BadgeView):
    @extend_schema(
        operation_id="get_badge",
        summary="Read a badge",
        description="One badge of the token’s issuer. Scope: `badges:read`.",
        responses={200: BadgeOutput, 404: ErrorOutput, **_REFUSALS},
    )
    def get(self, request: Request, badge: uuid.UUID) -> Response:
        found = self.badges(request).filter(pk=badge).first()
        if found is None:
            raise Http404
        return Response(BadgeOutput(found).data)
