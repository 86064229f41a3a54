"""The coach of a badge: its page, what its authors mean otherwise, and a fix that is pressed into the form."""

import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from badges import queries, rules
from badges.actions.coach import dismiss_hint, restore_hint
from badges.forms import BadgeForms
from badges.forms.fields import MAX_PICTURE_BYTES
from badges.models import BadgeClass
from badges.views.badge_classes import crumbs_to, edited_badge, load_badge
from badges.views.coaching import coaching_of, pressed, with_changes
from badgeserver.errors import UserFacingError
from badgeserver.uploads import takes_files
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace


@require_safe
@workspace(Permission.SEE_BADGES)
def coach_page(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Show everything that the coach says about a badge, to act on and to print."""
    found = load_badge(request, badge)
    context = {
        "badge": found,
        "coach": coaching_of(found),
        "picture_url": queries.thumbnail_url(found, request.workspace.organisation),
        "may_change": rules.may_change(found, is_awarded=queries.use_of(found).was_awarded),
        "crumbs": crumbs_to(request, found),
    }
    return render(request, "badges/coach.html", context)


@require_POST
@workspace(Permission.EDIT_BADGES)
def dismiss(request: WorkspaceRequest, badge: uuid.UUID, hint: str) -> HttpResponse:
    """Put a hint away: the authors mean it so. It can be taken back from the toast, and on the coach’s page."""
    found = load_badge(request, badge)
    try:
        dismiss_hint(badge_class=found, key=hint[:60], by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        messages.warning(request, refusal.message)
        return _back(request, found)
    if request.htmx:  # pressed in the form, which stays as it is
        return trigger_client_event(HttpResponse(status=204), "coach-changed")
    undo = reverse("badges:restore-hint", args=[request.workspace.organisation.slug, found.pk, hint])
    messages.success(request, _("Put away for this badge. It does not count any more."), extra_tags=f"undo:{undo}")
    return _back(request, found)


@require_POST
@workspace(Permission.EDIT_BADGES)
def restore(request: WorkspaceRequest, badge: uuid.UUID, hint: str) -> HttpResponse:
    """Let a hint come back."""
    found = load_badge(request, badge)
    restore_hint(badge_class=found, key=hint[:60], by=request.user, at=timezone.now())
    messages.success(request, _("The coach looks at it again."))
    return _back(request, found)


@takes_files(MAX_PICTURE_BYTES)
@require_POST
@workspace(Permission.EDIT_BADGES)
def press(request: WorkspaceRequest) -> HttpResponse:
    """Answer with the fields that a fix changes, as they are then; nothing is kept before the form is saved."""
    badge = edited_badge(request)
    forms = _forms(request, badge, request.POST)
    changes = pressed(forms, request.POST.get("fix", "")[:60])
    if not changes:
        return HttpResponse(status=204)  # somebody has written something else meanwhile
    fixed = _forms(request, badge, with_changes(request.POST, changes))
    fixed.is_valid()
    return HttpResponse(format_html_join("", "{}", ((_field(fixed, name),) for name in changes)))


def _forms(request: WorkspaceRequest, badge: BadgeClass | None, data: QueryDict) -> BadgeForms:
    return BadgeForms(
        organisation=request.workspace.organisation,
        by=request.user,
        at=timezone.now(),
        badge_class=badge,
        data=data,
        files=request.FILES,
    )


def _field(forms: BadgeForms, name: str) -> SafeString:
    """Return a field that takes the place of the one with this name, wherever the answer goes."""
    html = str(forms.badge[name].as_field_group())
    place = f'<div hx-swap-oob="outerHTML:.field:has([name={name}])" '
    return mark_safe(html.replace("<div ", place, 1))  # the renderer of forms has escaped it


def _back(request: WorkspaceRequest, badge: BadgeClass) -> HttpResponse:
    """Go back to where the hint stood: the page of the badge, or the coach’s own."""
    slug = request.workspace.organisation.slug
    name = "badges:detail" if request.POST.get("from") == "detail" else "badges:coach"
    return HttpResponseRedirect(f"{reverse(name, args=[slug, badge.pk])}#coach")
