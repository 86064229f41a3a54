"""What a token may do: its scopes."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from issuers.models import ApiToken, TokenScope


class HasScope(BasePermission):
    """Lets a token in whose scopes include the one that the view names for the method.

        class AwardsView(APIView):
            authentication_classes = [ApiTokenAuthentication]
            permission_classes = [HasScope]
            scopes = {"GET": TokenScope.AWARDS_READ, "POST": TokenScope.AWARDS_WRITE}

    HEAD needs what GET needs, OPTIONS any token. A method that the view does not name is refused: forgetting it
    closes the door. Without a token the answer is 401, with a lesser one 403 and a sentence that names the scope.
    """

    message = ""

    def has_permission(self, request: Request, view: Any) -> bool:
        token = request.auth
        if not isinstance(token, ApiToken):
            return False
        if request.method == "OPTIONS":
            return True
        scopes: dict[str, TokenScope] = view.scopes
        needed = scopes.get("GET" if request.method == "HEAD" else request.method or "")
        if needed is not None and needed in token.scopes:
            return True
        self.message = (
            _("This token does not have the scope “%(scope)s”. An owner can make another token that has it.")
            % {"scope": needed.value}
            if needed
            else _("This token may not do that.")
        )
        return False
