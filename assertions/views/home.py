"""The front door: everybody is led to where they belong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from issuers.models import Organisation


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead staff to their first organisation, others who are signed in to their badges; welcome strangers."""
    if not request.user.is_authenticated:
        return render(request, "assertions/welcome.html")
    organisation = Organisation.objects.for_member(request.user).by_name().first()
    if organisation is None:
        return redirect("assertions:mine")
    return redirect("assertions:overview", organisation.slug)
