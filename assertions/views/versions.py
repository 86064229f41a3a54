"""Publish a version of a badge, and invite those who hold an earlier one."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assertions.actions.invitations import invite_holders, publish_and_invite
from assertions.insights.versions import awards_to_invite
from badges import rules
from badges.actions.badge_classes import ChangedMeanwhile, NotComplete
from badges.forms.versions import PublishVersionForm, seen_moment
from badges.insights.comparison import compare, side_by_side
from badges.insights.languages import translation_states
from badges.insights.reviews import review_state
from badges.insights.versions import corrections_since, version_story
from badges.models import BadgeClass
from badges.queries import with_parts
from badgeserver.errors import UserFacingError
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def publish_version(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Show what a draft changes, ask what is new and who is told, and publish it in the place of the one before."""
    found, at = _loaded(request, badge), timezone.now()
    if found.status != BadgeClass.Status.DRAFT or found.version == 1:
        return render(request, "badges/version_not.html", _nothing_here(found), status=409)
    people = len(awards_to_invite(found, at=at))
    is_sent = request.method == "POST"
    form = PublishVersionForm(
        request.POST if is_sent else None, people=people, initial={"change_note": found.change_note}
    )
    problem: UserFacingError | None = None
    if is_sent and form.is_valid():
        try:
            published, invited = publish_and_invite(
                badge_class=found,
                change_note=form.cleaned_data["change_note"],
                invites=form.invites_holders,
                seen=seen_moment(request.POST.get("seen", "")),
                by=request.user,
                at=at,
            )
        except UserFacingError as refusal:
            problem = refusal
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _published(published, invited))
            return redirect("badges:detail", request.workspace.organisation.slug, published.pk)
    context = {
        **_page(request, found),
        "form": form,
        "people": people,
        # The moment that was seen: the same again, until they were told of another.
        "seen": "" if isinstance(problem, ChangedMeanwhile) else request.POST.get("seen", "")[:64],
        "is_incomplete": isinstance(problem, NotComplete),
    }
    return render(request, "badges/version_publish.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def invite(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Invite those who hold an earlier version and were not invited yet, after saying how many they are."""
    found, at = _loaded(request, badge), timezone.now()
    if not found.is_awardable or found.version == 1:
        return render(request, "badges/version_not.html", _nothing_here(found), status=409)
    if request.method == "POST":
        try:
            invited = invite_holders(badge_class=found, by=request.user, at=at)
        except UserFacingError as refusal:
            messages.warning(request, refusal.message)
        else:
            messages.success(request, _invited(invited) or _("Everybody is invited already."))
        return redirect("badges:detail", request.workspace.organisation.slug, found.pk)
    context = {"badge": found, "people": len(awards_to_invite(found, at=at)), "crumbs": _crumbs(request, found)}
    return render(request, "badges/version_invite.html", context)


def _loaded(request: WorkspaceRequest, badge: uuid.UUID) -> BadgeClass:
    found = with_parts(BadgeClass.objects.of_organisation(request.workspace.organisation)).filter(pk=badge).first()
    if found is None:
        raise Http404
    return found


def _page(request: WorkspaceRequest, found: BadgeClass) -> dict[str, object]:
    """Return what the page says about the draft: what it changes, what is missing, what to look at once more."""
    story = version_story(found)
    current = _loaded(request, story.current.pk) if story.current else found
    missing = rules.missing_for_publishing(
        found,
        has_picture=bool(found.image),
        has_steps=bool(found.earning_steps.all()),
        today=timezone.localdate(),
    )
    return {
        "badge": found,
        "versions": story,
        **side_by_side(compare(current, found), request.workspace.organisation),
        "missing": missing,
        "review": review_state(found),
        "corrected_since": corrections_since(current, found.created_at),
        "to_check": [one for one in translation_states(found) if one.changed],
        "crumbs": _crumbs(request, found),
    }


def _nothing_here(found: BadgeClass) -> dict[str, object]:
    return {"badge": found, "versions": version_story(found)}


def _crumbs(request: WorkspaceRequest, found: BadgeClass) -> list[dict[str, str]]:
    slug = request.workspace.organisation.slug
    return [
        {"label": _("Badges"), "url": reverse("badges:list", args=[slug])},
        {"label": found.name, "url": reverse("badges:detail", args=[slug, found.pk])},
    ]


def _published(badge_class: BadgeClass, invited: int) -> str:
    said = _("Version %(version)d published. It is awarded from now on.") % {"version": badge_class.version}
    return f"{said} {_invited(invited)}".strip()


def _invited(people: int) -> str:
    if not people:
        return ""
    return ngettext("%(n)d person gets a mail.", "%(n)d people get a mail.", people) % {"n": people}
