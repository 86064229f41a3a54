"""Versions of a badge in the workspace: begin the next one, compare, correct a typo."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from badges import queries, rules
from badges.actions.badge_classes import ChangedMeanwhile
from badges.actions.corrections import NotSmall, correct_badge_class
from badges.actions.versions import DraftExists, make_next_version
from badges.forms.versions import CorrectionForm, seen_moment
from badges.insights.comparison import compare, compare_words, side_by_side
from badges.insights.versions import earlier_version, version_story
from badges.models import BadgeClass
from badges.views.badge_classes import crumbs_to, go_to, load_badge
from badgeserver.errors import UserFacingError
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace


@require_POST
@workspace(Permission.EDIT_BADGES)
def new_version(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Begin the next version, or lead to the draft that somebody has begun already."""
    found = load_badge(request, badge)
    try:
        draft = make_next_version(badge_class=found, by=request.user, at=timezone.now())
    except DraftExists as exists:
        messages.info(request, exists.message)
        return go_to("badges:edit", request, exists.draft)
    except UserFacingError as refusal:
        messages.warning(request, refusal.message)
        return go_to("badges:detail", request, found)
    messages.success(
        request,
        _("Version %(version)d begun, as a draft. Nothing changes for holders until you publish it.")
        % {"version": draft.version},
    )
    return go_to("badges:edit", request, draft)


@require_safe
@workspace(Permission.SEE_BADGES)
def compare_versions(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Compare a version with the one before, or with `?since=`; drafts too."""
    found = load_badge(request, badge)
    story = version_story(found)
    earlier = earlier_version(story.every, found, request.GET.get("since", ""))
    comparison = compare(load_badge(request, earlier.pk), found) if earlier else None
    context = {
        "badge": found,
        "versions": story,
        **side_by_side(comparison, request.workspace.organisation),
        "choices": [one for one in story.every if one.version < found.version],
        "crumbs": crumbs_to(request, found),
    }
    return render(request, "badges/version_compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def correct_badge(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Mend a typo of a badge that people hold; what is more than that can become the next version as it was typed."""
    found = load_badge(request, badge)
    if not queries.use_of(found).was_awarded:
        is_open = rules.may_change(found, is_awarded=False)
        context = {"badge": found, "versions": version_story(found), "crumbs": crumbs_to(request, found)}
        page = "badges/badge_correct_not.html" if is_open else "badges/badge_frozen.html"
        return render(request, page, context, status=409)
    form = CorrectionForm(request.POST if request.method == "POST" else None, badge_class=found)
    act = request.POST.get("act", "")
    if request.method != "POST" or act == "preview":
        form.is_valid_without_note()
        return _correction_page(request, found, form)
    problem: UserFacingError | None = None
    if form.is_valid_without_note() if act == "version" else form.is_valid():
        try:
            return _corrected(request, found, form, is_version=act == "version")
        except UserFacingError as refusal:
            problem = refusal
            form.refuse(refusal)
    return _correction_page(request, found, form, problem=problem)


def _corrected(request: WorkspaceRequest, found: BadgeClass, form: CorrectionForm, *, is_version: bool) -> HttpResponse:
    if is_version:
        draft = make_next_version(badge_class=found, fields=form.wording, by=request.user, at=timezone.now())
        messages.success(
            request, _("Version %(version)d begun, with what you typed in it.") % {"version": draft.version}
        )
        return go_to("badges:edit", request, draft)
    correct_badge_class(
        badge_class=found,
        fields=form.wording,
        note=form.cleaned_data["note"],
        seen=seen_moment(request.POST.get("seen", "")),
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("Corrected. What it said before stands in the history, for everybody to see."))
    return go_to("badges:detail", request, found)


def _correction_page(
    request: WorkspaceRequest, found: BadgeClass, form: CorrectionForm, *, problem: UserFacingError | None = None
) -> HttpResponse:
    """Show the form with what it would change; HTMX asks for the changes alone."""
    changes = form.changes if form.is_bound else []
    is_preview = request.POST.get("act") == "preview"
    story = version_story(found)
    context = {
        "badge": found,
        "form": form,
        "changes": [(one, compare_words(one.before, one.after)) for one in changes],
        "is_too_much": isinstance(problem, NotSmall) or any(one.problem for one in changes),
        "versions": story,
        # The moment that the editor has seen: the same again, until they were told of another.
        "seen": "" if isinstance(problem, ChangedMeanwhile) else request.POST.get("seen", "")[:64],
        "crumbs": crumbs_to(request, found),
    }
    if is_preview and request.htmx:
        return render(request, "badges/badge_correct.html#changes", context)
    return render(request, "badges/badge_correct.html", context, status=422 if form.errors and not is_preview else 200)
