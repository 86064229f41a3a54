"""A second person reads a badge: ask, read, decide; and what waits for whom."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from badges import queries, rules
from badges.actions.badge_classes import ChangedMeanwhile
from badges.actions.reviews import approve_badge, ask_for_changes, ask_for_review, withdraw_review
from badges.forms.lifecycle import AskForm, DecideForm
from badges.insights.comparison import compare, side_by_side
from badges.insights.reviews import (
    due_for_another_look,
    fingerprint_of,
    not_awarded_lately,
    open_reviews,
    review_state,
    reviewers_of,
    waiting_for,
    why_not_reviewer,
)
from badges.insights.versions import version_story
from badges.models import BadgeClass, Review
from badges.views.badge_classes import crumbs_to, go_to, load_badge
from badges.views.coaching import coaching_of
from badgeserver.errors import UserFacingError
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

#: A list of what nobody awards is a hint, not a report.
QUIET_SHOWN = 20


@require_safe
@workspace(Permission.SEE_BADGES)
def reviews(request: WorkspaceRequest) -> HttpResponse:
    """Show what waits for a second person, what is due for another look, and what nobody was awarded lately."""
    organisation, at = request.workspace.organisation, timezone.now()
    mine = waiting_for(request.user, organisation) if request.workspace.may(Permission.REVIEW_BADGES) else []
    known = {one.pk for one in mine}
    context = {
        "mine": [(one, queries.thumbnail_url(one.badge_class, organisation)) for one in mine],
        "others": [
            (one, queries.thumbnail_url(one.badge_class, organisation))
            for one in open_reviews(organisation)
            if one.pk not in known
        ],
        "due": [
            (one, queries.thumbnail_url(one, organisation))
            for one in due_for_another_look(organisation, today=timezone.localdate(at))
        ],
        "quiet": [
            (one, queries.thumbnail_url(one, organisation))
            for one in not_awarded_lately(organisation, at=at)[:QUIET_SHOWN]
        ],
        "crumbs": crumbs_to(request),
    }
    return render(request, "badges/review_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def ask_review(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Ask a second person to read a draft, with a question if there is one."""
    found = load_badge(request, badge)
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_for_review(
                badge_class=found, question=form.cleaned_data["question"], by=request.user, at=timezone.now()
            )
        except UserFacingError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Asked. You get a mail as soon as somebody has decided."))
            return go_to("badges:detail", request, found)
    readers = reviewers_of(found, apart_from=request.user)
    context = {
        "badge": found,
        "form": form,
        "readers": readers,
        "readers_said": ngettext("%(n)d person gets a mail:", "%(n)d people get a mail:", len(readers))
        % {"n": len(readers)},
        "review": review_state(found),
        "crumbs": crumbs_to(request, found),
    }
    return render(request, "badges/review_ask.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.REVIEW_BADGES)
def review(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Show the badge as its page will be, beside what to look at, and take the decision of the second person."""
    found = load_badge(request, badge)
    pending = _open_review(found)
    form = DecideForm(request.POST if request.method == "POST" else None)
    problem: UserFacingError | None = None
    if request.method == "POST":
        if pending is None:
            messages.warning(request, _("Nobody asks for a review of this badge any more."))
            return go_to("badges:detail", request, found)
        if form.is_valid():
            try:
                return _decided(request, pending, form.cleaned_data["note"])
            except UserFacingError as refusal:
                problem = refusal
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    return _review_page(request, found, pending, form, problem=problem)


@require_POST
@workspace(Permission.EDIT_BADGES)
def withdraw(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Take the question back."""
    found = load_badge(request, badge)
    pending = _open_review(found)
    try:
        if pending is not None:
            withdraw_review(review=pending, by=request.user, at=timezone.now())
            messages.success(request, _("Taken back. Nobody is asked any more."))
    except UserFacingError as refusal:
        messages.warning(request, refusal.message)
    return go_to("badges:detail", request, found)


def _decided(request: WorkspaceRequest, pending: Review, note: str) -> HttpResponse:
    at, by = timezone.now(), request.user
    if request.POST.get("act") == "approve":
        approve_badge(review=pending, seen=request.POST.get("seen", "")[:64], note=note, by=by, at=at)
        messages.success(request, _("Approved. Whoever asked gets a mail, and can publish it now."))
    else:
        ask_for_changes(review=pending, note=note, by=by, at=at)
        messages.success(request, _("Given back. Whoever asked gets a mail with your comment."))
    return go_to("badges:detail", request, pending.badge_class)


def _review_page(
    request: WorkspaceRequest,
    found: BadgeClass,
    pending: Review | None,
    form: DecideForm,
    *,
    problem: UserFacingError | None,
) -> HttpResponse:
    organisation = request.workspace.organisation
    story = version_story(found)
    current = story.current if story.current and story.current.pk != found.pk else None
    comparison = compare(load_badge(request, current.pk), found) if current else None
    why_not = why_not_reviewer(request.user, pending) if pending else ""
    context = {
        "badge": found,
        "pending": pending,
        "review": review_state(found),
        "form": form,
        "why_not": why_not,
        "seen": fingerprint_of(found),
        "is_changed": isinstance(problem, ChangedMeanwhile),
        "story": queries.badge_page(found),
        "picture_url": queries.picture_url(found, organisation),
        "versions": story,
        **side_by_side(comparison, organisation),
        "checklist": _checklist(found),
        "coach": coaching_of(found),
        "missing": rules.missing_for_publishing(
            found,
            has_picture=bool(found.image),
            has_steps=bool(found.earning_steps.all()),
            today=timezone.localdate(),
        ),
        "crumbs": crumbs_to(request, found),
    }
    return render(request, "badges/review.html", context, status=422 if form.errors else 200)


def _checklist(badge_class: BadgeClass) -> list[str]:
    """Return what a second person looks at; it is to read, and kept nowhere."""
    level = _("The level fits what is asked: %(level)s.") % {"level": badge_class.level_name or _("none is given")}
    return [
        _("Somebody outside understands from the name and the description what its holder can do."),
        _("The criteria say what one must show, not only what one attends."),
        _("Each step can be done by those it is for, and says how it is proved."),
        level,
        _("How long it holds fits the subject: %(validity)s.") % {"validity": badge_class.validity_sentence},
        _("The picture can be told from other badges, and its words say what is seen."),
        _("Nothing in it names a person or says what is confidential."),
    ]


def _open_review(badge_class: BadgeClass) -> Review | None:
    found = badge_class.reviews.filter(decision="").select_related("asked_by", "badge_class__issuer__organisation")
    return found.first()
