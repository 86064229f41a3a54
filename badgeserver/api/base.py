"""What every resource of the API shares."""

from typing import Any

from rest_framework import serializers
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView


class ErrorOutput(serializers.Serializer[Any]):
    """The one shape of every refusal."""

    message = serializers.CharField(help_text="A sentence for people.")
    code = serializers.CharField(help_text="A stable word for programs.")
    fields = serializers.DictField(  # type: ignore[assignment]  # the name is the API's, not the serializer's
        child=serializers.ListField(child=serializers.CharField()), help_text="Sentences by field."
    )


class ApiView(APIView):
    """A JSON resource; subclasses name their authentication, permission and scopes."""

    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "api"
