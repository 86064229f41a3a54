"""A badge in further languages, in the workspace."""

import uuid
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from badges import queries, rules
from badges.actions.translations import remove_translation, save_translation
from badges.documents import translation_url
from badges.forms.translation import TranslationForm
from badges.insights.languages import (
    WordedBadge,
    further_languages,
    in_language,
    translation_state,
    translation_states,
)
from badges.insights.versions import version_story
from badges.models import BadgeClass, BadgeTranslation
from badgeserver.errors import UserFacingError
from badgeserver.languages import is_right_to_left, language_name
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace


@require_safe
@workspace(Permission.EDIT_BADGES)
def languages(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Show in which languages the badge is, and let one be added: `?language=de` leads to its form."""
    found = _loaded(request, badge)
    further = further_languages(found)
    if request.GET.get("language") in dict(further):
        return redirect("badges:translate", request.workspace.organisation.slug, found.pk, request.GET["language"])
    is_awarded = queries.is_awarded(found)
    context = {
        "badge": found,
        "own_language": language_name(found.language),
        "states": translation_states(found),
        "further": further,
        "is_awarded": is_awarded,
        "goes_by_version": rules.is_read_before_it_changes(found),
        "may_version": rules.may_make_version(found, is_awarded=is_awarded),
        "crumbs": _crumbs(request, found),
    }
    return render(request, "badges/badge_languages.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def translate(request: WorkspaceRequest, badge: uuid.UUID, language: str) -> HttpResponse:
    """Show the original beside the form of one language; take it, or draw its preview (`act=preview`)."""
    found = _loaded(request, badge)
    state = translation_state(found, language)
    if state.words is None and language not in dict(further_languages(found)):
        raise Http404
    is_sent, is_awarded = request.method == "POST", queries.is_awarded(found)
    goes_by_version = rules.is_read_before_it_changes(found)
    if not is_sent and goes_by_version and not (is_awarded and state.words):
        return _by_version(request, found, is_awarded=is_awarded)
    form = TranslationForm(
        request.POST if is_sent else None,
        badge_class=found,
        language=language,
        words=state.words,
        asks_for_note=state.words is not None and is_awarded,
    )
    is_preview = request.POST.get("act") == "preview"
    if is_sent and not is_preview and form.is_valid():
        try:
            save_translation(
                badge_class=found,
                language=language,
                fields=form.words,
                note=form.note_text,
                seen=_seen(request) if state.words else None,
                by=request.user,
                at=timezone.now(),
            )
        except UserFacingError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("%(language)s is saved.") % {"language": state.name})
            return _to_languages(request, found)
    context = {
        "badge": found,
        "state": state,
        "form": form,
        "goes_by_version": goes_by_version,
        "may_version": rules.may_make_version(found, is_awarded=is_awarded),
        "own_language": language_name(found.language),
        "language": language,
        "is_right_to_left": is_right_to_left(language),
        "preview": _preview(found, language, form) if is_preview else None,
        "picture_url": queries.picture_url(found, request.workspace.organisation),
        "public_url": translation_url(state.words) if state.words and found.status != BadgeClass.Status.DRAFT else "",
        "crumbs": [
            *_crumbs(request, found),
            {
                "label": _("Languages"),
                "url": reverse("badges:languages", args=[request.workspace.organisation.slug, found.pk]),
            },
        ],
    }
    if is_preview and request.htmx:
        return render(request, "badges/badge_translate.html#preview", context)
    return render(request, "badges/badge_translate.html", context, status=422 if is_sent and not is_preview else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def remove_language(request: WorkspaceRequest, badge: uuid.UUID, language: str) -> HttpResponse:
    """Ask once more, then take a language away."""
    found = _loaded(request, badge)
    state = translation_state(found, language)
    if state.words is None:
        raise Http404
    problem, is_awarded = "", queries.is_awarded(found)
    if request.method != "POST" and not is_awarded and rules.is_read_before_it_changes(found):
        return _by_version(request, found, is_awarded=is_awarded)
    if request.method == "POST":
        try:
            remove_translation(badge_class=found, language=language, by=request.user, at=timezone.now())
        except UserFacingError as refusal:
            problem = refusal.message
        else:
            messages.success(request, _("%(language)s is taken away.") % {"language": state.name})
            return _to_languages(request, found)
    context = {
        "badge": found,
        "state": state,
        "own_language": language_name(found.language),
        "is_awarded": is_awarded,
        "problem": problem,
        "crumbs": _crumbs(request, found),
    }
    return render(request, "badges/badge_language_remove.html", context, status=422 if problem else 200)


def _by_version(request: WorkspaceRequest, badge: BadgeClass, *, is_awarded: bool) -> HttpResponse:
    """Say that a second person reads a change first, and offer the next version (docs/adr/0017)."""
    versions = version_story(badge)
    context = {"badge": badge, "is_awarded": is_awarded, "versions": versions, "crumbs": _crumbs(request, badge)}
    return render(request, "badges/badge_frozen.html", context, status=409)


def _seen(request: WorkspaceRequest) -> datetime | None:
    """Return the moment of what the translator had before them; None when it did not come."""
    try:
        return parse_datetime(request.POST.get("seen", "")[:40])
    except ValueError:
        return None


def _preview(badge: BadgeClass, language: str, form: TranslationForm) -> WordedBadge | None:
    """Return the badge as its page would say it, from a form that need not be finished."""
    fields = form.words
    at = timezone.now()
    words = BadgeTranslation(
        badge_class=badge,
        language=language,
        name=fields.name,
        description=fields.description,
        image_alt=fields.image_alt,
        criteria_narrative=fields.criteria_narrative,
        learned=fields.learned,
        assessed=fields.assessed,
        applied=fields.applied,
        useful_for=fields.useful_for,
        steps=list(fields.steps),
        created_at=at,
        updated_at=at,
    )
    return in_language(badge, language, words=words)


def _loaded(request: WorkspaceRequest, badge: uuid.UUID) -> BadgeClass:
    found = queries.with_parts(BadgeClass.objects.of_organisation(request.workspace.organisation))
    loaded = found.filter(pk=badge).first()
    if loaded is None:
        raise Http404
    return loaded


def _crumbs(request: WorkspaceRequest, badge: BadgeClass) -> list[dict[str, str]]:
    slug = request.workspace.organisation.slug
    return [
        {"label": _("Badges"), "url": reverse("badges:list", args=[slug])},
        {"label": badge.name, "url": reverse("badges:detail", args=[slug, badge.pk])},
    ]


def _to_languages(request: WorkspaceRequest, badge: BadgeClass) -> HttpResponseRedirect:
    return redirect("badges:languages", request.workspace.organisation.slug, badge.pk)
