"""One shape for every refusal of the API: `{"message", "code", "fields"}`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from badgeserver.errors import UserFacingError


def answer_error(problem: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an anticipated refusal into an answer; anything else is a fault of ours and crashes."""
    if isinstance(problem, UserFacingError):
        fields = {problem.field: [problem.message]} if problem.field else {}
        return Response({"message": problem.message, "code": problem.code, "fields": fields}, status=409)
    response = exception_handler(problem, context)
    if response is None:
        return None
    code, message, fields = "error", "", {}
    if isinstance(problem, exceptions.ValidationError):
        code, message = "invalid", _("Some fields need another value; “fields” says which and why.")
        detail = response.data
        fields = _flatten(detail) if isinstance(detail, dict) else {"": [str(item) for item in detail]}
    elif isinstance(problem, Http404):
        code, message = (
            "not_found",
            _("There is nothing here for this token. Check the id, and that the token belongs to its issuer."),
        )
    elif isinstance(problem, PermissionDenied):
        code, message = "permission_denied", str(problem) or _("This token may not do that.")
    elif isinstance(problem, exceptions.APIException):
        code, message = str(problem.get_codes()), str(problem.detail)
    response.data = {"message": message, "code": code, "fields": fields}
    return response


def _flatten(detail: dict[str, Any], prefix: str = "") -> dict[str, list[str]]:
    """Name nested fields by their path: `evidence.0.url`."""
    found: dict[str, list[str]] = {}
    for name, value in detail.items():
        # What is wrong with a list or object as a whole stands under its own name.
        path = prefix.removesuffix(".") if prefix and name == "non_field_errors" else f"{prefix}{name}"
        if isinstance(value, dict):
            found |= _flatten(value, f"{path}.")
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            for index, item in enumerate(value):
                if isinstance(item, dict):
                    found |= _flatten(item, f"{path}.{index}.")
        else:
            found[path] = [str(item) for item in (value if isinstance(value, list) else [value])]
    return found
