"""A person's own badges, from every organisation."""

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assertions import queries, rules
from assertions.actions.recipient import show_name
from assertions.documents import assertion_url
from assertions.insights.versions import upgrades_for
from assertions.models import Assertion
from assertions.sharing import linkedin
from assertions.sharing.imported import imported_lines
from assertions.views.personal import personal_navigation
from badges.insights.versions import awarded_story
from badges.queries import badge_page
from badgeserver.accounts.models import User


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Show all badges that were awarded to any of the person's proved addresses."""
    user = cast(User, request.user)
    at = timezone.now()
    lines = queries.award_lines(queries.awards_to(user), at=at)
    upgrades = upgrades_for([line.assertion for line in lines], at=at)
    context = {
        "lines": [(line, upgrades.get(line.assertion.pk)) for line in lines],
        "imported": imported_lines(user),
        "addresses": queries.addresses_of(user),
        "nav": personal_navigation(request),
    }
    return render(request, "assertions/mine.html", context)


@require_safe
@login_required
def my_badge(request: HttpRequest, assertion: uuid.UUID) -> HttpResponse:
    """Show one of the person's badges, and what to do with it."""
    found = get_object_or_404(queries.with_mails_stopped(queries.awards_to(cast(User, request.user))), pk=assertion)
    issuer, page_url = found.issuer, assertion_url(found)
    context = {
        "assertion": found,
        "badge_class": found.badge_class,
        "line": queries.award_line(found, at=timezone.now()),
        "versions": awarded_story(found.badge_class, with_corrections=False),
        "upgrade": upgrades_for([found], at=timezone.now()).get(found.pk),
        "public_url": page_url,
        "story": badge_page(found.badge_class) if found.badge_class.is_internal else None,
        "forms_baked": set(found.baked_images.values_list("form", flat=True)),
        "linkedin_url": linkedin.add_to_profile_url(
            name=found.badge_class.name,
            page_url=page_url,
            certificate_id=str(found.pk),
            organisation_name=issuer.name,
            organisation_id=issuer.linkedin_id,
            issued_on=timezone.localtime(found.issued_at).date(),
            expires_on=timezone.localtime(found.expires_at).date() if found.expires_at else None,
        ),
        "minutes_to_undo": rules.minutes_to_undo(found, at=timezone.now()),
        "nav": personal_navigation(request),
    }
    return render(request, "assertions/my_badge.html", context)


@require_safe
@login_required
def my_picture(request: HttpRequest, assertion: uuid.UUID) -> HttpResponse:
    """Show the picture of one of the person's badges to them: an internal badge has no public one."""
    badge_class = _own(request, assertion).badge_class
    try:
        with badge_class.image_png.open("rb") as file:
            response = HttpResponse(file.read(), content_type="image/png")
    except (FileNotFoundError, ValueError) as missing:
        raise Http404 from missing
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@login_required
def my_name(request: HttpRequest, assertion: uuid.UUID) -> HttpResponse:
    """Show the person's name on the public page (`shown=yes`), or hide it."""
    shown = request.POST.get("shown") == "yes"
    found = show_name(assertion=_own(request, assertion), shown=shown, by=cast(User, request.user), at=timezone.now())
    said = _("Your name now stands on the public page.") if shown else _("Your name is hidden from the public page.")
    messages.success(request, said)
    return redirect("assertions:my-badge", found.pk)


def _own(request: HttpRequest, assertion: uuid.UUID) -> Assertion:
    """Load one of the person's own awards: 404 for everybody else's."""
    return get_object_or_404(queries.awards_to(cast(User, request.user)), pk=assertion)
