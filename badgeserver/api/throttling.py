"""How often a visitor without an account may ask; pages and API count in one."""

from math import ceil
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.throttling import SimpleRateThrottle


class VisitorThrottle(SimpleRateThrottle):
    """Counts by the visitor's address. Subclasses name their `scope`; the rate is in `DEFAULT_THROTTLE_RATES`."""

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"throttle_{self.scope}_{self.get_ident(request)}"

    @property
    def sentence(self) -> str:
        """Say when to come back."""
        seconds = max(1, ceil(self.wait() or 60))
        return _("That was often in a short time. Wait %(seconds)d seconds, then try again.") % {"seconds": seconds}


class VerifyThrottle(VisitorThrottle):
    """How often one visitor may bring something to be checked."""

    scope = "verify"


class RecipientCheckThrottle(VisitorThrottle):
    """How often one visitor may try addresses on one award: nobody can guess whose it is by trying a list."""

    scope = "recipient-check"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"{super().get_cache_key(request, view)}_{view}"


class ReportThrottle(VisitorThrottle):
    """How often one visitor may report a problem: each report is a mail to several people."""

    scope = "report"


class BackpackThrottle(VisitorThrottle):
    """How often one person may have badges from elsewhere checked for their own."""

    scope = "backpack"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"throttle_{self.scope}_{request.user.pk}"
