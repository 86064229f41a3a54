"""A newcomer's first page: the organisation and its first issuer."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from badgeserver.accounts.models import User
from badgeserver.errors import UserFacingError
from badgeserver.uploads import takes_files
from issuers.actions.issuers import create_organisation
from issuers.forms import MAX_LOGO_BYTES, OrganisationForm


@takes_files(MAX_LOGO_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Make an organisation that the visitor owns."""
    user = cast(User, request.user)
    form = OrganisationForm(request.POST, request.FILES) if request.method == "POST" else OrganisationForm()
    if form.is_valid():
        try:
            organisation = create_organisation(
                name=form.cleaned_data["organisation"],
                issuer=form.issuer_fields(),
                by=user,
                at=timezone.now(),
            )
        except UserFacingError as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("%(name)s is ready. Next, create your first badge.") % {"name": organisation})
            return redirect("assertions:overview", organisation.slug)
    status = 422 if form.errors else 200
    return render(request, "issuers/organisation_new.html", {"form": form}, status=status)
