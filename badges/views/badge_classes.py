"""Badges in the workspace: one badge, and the form with its preview. The list is in `catalogue`."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from badges import queries, rules
from badges.actions.approval import NeedsApproval
from badges.actions.badge_classes import (
    BadgeIsAwarded,
    ChangedMeanwhile,
    copy_badge_class,
    create_badge_class,
    delete_badge_class,
    edit_badge_class,
    publish_badge_class,
    restore_badge_class,
)
from badges.actions.kept_designs import keep_design
from badges.actions.versions import make_next_version
from badges.documents import badge_class_url
from badges.forms import BadgeForms
from badges.forms.badge import MAX_TOKEN
from badges.forms.fields import MAX_PICTURE_BYTES
from badges.forms.versions import seen_moment
from badges.insights.ladders import draw, place_of
from badges.insights.languages import translation_states
from badges.insights.lifecycle import life_of
from badges.insights.rarity import rarity_of
from badges.insights.versions import version_history, version_story
from badges.models import BadgeClass
from badges.views.coaching import FIX, coaching_of, coaching_of_form, pressed, with_changes
from badgeserver.errors import UserFacingError
from badgeserver.pictures import thumbnail_png
from badgeserver.uploads import takes_files
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

SMALL_ENOUGH = 100_000  # bytes of a PNG that is not worth the work of making it smaller
THUMBNAIL_SIZE = 240  # a tile's picture on a screen with two pixels to the point, and some


# --- Reading -------------------------------------------------------------------------------------------------


@require_safe
@workspace(Permission.SEE_BADGES)
def badge_detail(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    return _detail(request, load_badge(request, badge))


@require_safe
@workspace(Permission.SEE_BADGES)
def badge_picture(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Show a picture to members: the public address of a draft's answers 404."""
    found = load_badge(request, badge)
    if not found.image:
        raise Http404
    with found.image.open("rb") as file:
        return _picture(file.read(), found.image_media_type)


@require_safe
@workspace(Permission.SEE_BADGES)
def badge_thumbnail(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Show a picture at the size of a tile: a page of 24 photographs would weigh as much as a film."""
    found = load_badge(request, badge)
    if not found.image_png:
        raise Http404
    with found.image_png.open("rb") as file:
        data = file.read()
    if len(data) > SMALL_ENOUGH:
        # The name of the file is never used for another picture, so what is remembered is never out of date.
        small = cache.get_or_set(f"thumbnail:{found.image_png.name}", lambda: thumbnail_png(data, size=THUMBNAIL_SIZE))
        data = cast(bytes, small)
    return _picture(data, "image/png")


# --- The form ------------------------------------------------------------------------------------------------


@takes_files(MAX_PICTURE_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def create_badge(request: WorkspaceRequest) -> HttpResponse:
    """Show the form; take a draft, a badge to publish, or (without JavaScript) a form to preview."""
    forms = _forms(request)
    if request.method != "POST":
        forms.kept_token = request.GET.get("drawn", "")[:MAX_TOKEN]  # by the designer, before there is a badge
        return _form_page(request, forms)
    publish = request.POST.get("act") == "publish"
    if _only_looks(request) or not _is_sound(forms, publish=publish):
        return _form_page(request, forms)
    try:
        made = create_badge_class(
            issuer=forms.issuer, fields=forms.fields, publish=publish, by=request.user, at=timezone.now()
        )
        _keep_design(request, forms, made)
    except UserFacingError as problem:
        forms.refuse(problem)
        return _form_page(request, forms)
    messages.success(request, _("Badge published. It can be awarded now.") if publish else _("Draft saved."))
    return go_to("badges:detail", request, made)


@takes_files(MAX_PICTURE_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.EDIT_BADGES)
def edit_badge(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """As `create_badge`, for a badge that nobody holds yet; for others, say why not and offer the next version.

    A version is not published here: saving leads on to the page that compares it and asks what is new.
    """
    found = load_badge(request, badge)
    is_awarded = queries.use_of(found).was_awarded
    # Who is told on saving gets the form back, with everything that was typed.
    if request.method != "POST" and not rules.may_change(found, is_awarded=is_awarded):
        context = {
            "badge": found,
            "is_awarded": is_awarded,
            "versions": version_story(found),
            "crumbs": crumbs_to(request, found),
        }
        return render(request, "badges/badge_frozen.html", context, status=409)
    forms = _forms(request, found)
    if request.method != "POST":
        return _form_page(request, forms)
    publish = request.POST.get("act") == "publish"
    must_be_complete = publish or found.status in {BadgeClass.Status.PUBLISHED, BadgeClass.Status.PILOT}
    if _only_looks(request) or not _is_sound(forms, publish=must_be_complete):
        return _form_page(request, forms)
    try:
        return _saved(request, found, forms, publish=publish)
    except UserFacingError as problem:
        forms.refuse(problem)
        return _form_page(request, forms, problem=problem)


def _saved(request: WorkspaceRequest, found: BadgeClass, forms: BadgeForms, *, publish: bool) -> HttpResponse:
    """Save a sound form, and lead to what comes next."""
    if request.POST.get("act") == "version":
        draft = make_next_version(badge_class=found, fields=forms.fields, by=request.user, at=timezone.now())
        _keep_design(request, forms, draft)
        messages.success(request, _("Version %(version)d begun, as a draft.") % {"version": draft.version})
        return go_to("badges:edit", request, draft)
    is_draft = found.status == BadgeClass.Status.DRAFT
    leads_on = publish and is_draft and found.version > 1
    edit_badge_class(
        badge_class=found,
        issuer=forms.issuer,
        fields=forms.fields,
        publish=publish and not leads_on,
        seen=seen_moment(request.POST.get("seen", "")),
        by=request.user,
        at=timezone.now(),
    )
    found.refresh_from_db(fields=["image"])
    _keep_design(request, forms, found)
    if leads_on:
        return go_to("assertions:publish-version", request, found)
    if publish and is_draft:
        messages.success(request, _("Badge published. It can be awarded now."))
    else:
        messages.success(request, _("Draft saved.") if is_draft else _("Changes saved."))
    return go_to("badges:detail", request, found)


@takes_files(MAX_PICTURE_BYTES)
@require_POST
@workspace(Permission.EDIT_BADGES)
def preview_badge(request: WorkspaceRequest) -> HttpResponse:
    """Draw the badge as its page would be, from a form that need not be finished. Nothing is kept."""
    context = {**_preview(_forms(request, edited_badge(request))), "is_part": True}
    return render(request, "badges/badge_form.html#preview", context)


@takes_files(MAX_PICTURE_BYTES)
@require_POST
@workspace(Permission.EDIT_BADGES)
def check_field(request: WorkspaceRequest) -> HttpResponse:
    """Answer with one field of the form, and what is wrong with it; HTMX says which field was left."""
    forms = _forms(request, edited_badge(request))
    forms.is_valid()
    field = forms.field(request.headers.get("HX-Trigger-Name", ""))
    if field is None:
        raise Http404
    return HttpResponse(field.as_field_group())


@takes_files(MAX_PICTURE_BYTES)
@require_POST
@workspace(Permission.EDIT_BADGES)
def keep_picture(request: WorkspaceRequest) -> HttpResponse:
    """Take a picture as soon as it is chosen: say what is wrong with it, or show it and keep it for the form."""
    forms = _forms(request, edited_badge(request))
    forms.badge.is_valid()
    forms.keep_picture()
    status = 422 if forms.badge["picture"].errors else 200
    response = render(request, "badges/badge_form.html#picture", {"forms": forms}, status=status)
    return trigger_client_event(response, "badge-picture", after="settle")


@require_safe
@workspace(Permission.EDIT_BADGES)
def kept_picture(request: WorkspaceRequest) -> HttpResponse:
    """Show a kept picture to the person who chose it."""
    found = queries.kept_picture(request.GET.get("token", ""), by=request.user)
    if found is None:
        raise Http404
    return _picture(found.data, found.media_type)


# --- Acts ----------------------------------------------------------------------------------------------------


@require_POST
@workspace(Permission.EDIT_BADGES)
def publish_badge(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    found = load_badge(request, badge)
    try:
        publish_badge_class(badge_class=found, by=request.user, at=timezone.now())
    except UserFacingError as problem:
        return _detail(request, found, problem=problem)
    messages.success(request, _("Badge published. It can be awarded now."))
    return go_to("badges:detail", request, found)


@require_POST
@workspace(Permission.EDIT_BADGES)
def restore_badge(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    found = load_badge(request, badge)
    try:
        restore_badge_class(badge_class=found, by=request.user, at=timezone.now())
    except UserFacingError as problem:
        return _detail(request, found, problem=problem)
    said = _("Badge restored. It can be awarded again.")
    if found.successor is not None:
        said = f"{said} " + _("Its successor, “%(badge)s”, stays as it is.") % {"badge": found.successor}
    messages.success(request, said)
    return go_to("badges:detail", request, found)


@require_POST
@workspace(Permission.EDIT_BADGES)
def copy_badge(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    found = load_badge(request, badge)
    made = copy_badge_class(badge_class=found, by=request.user, at=timezone.now())
    return go_to("badges:edit", request, made)


@require_safe
@workspace(Permission.EDIT_BADGES)
def confirm_delete(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Ask once more; the deletion itself is `delete_badge`."""
    found = load_badge(request, badge)
    is_awarded = queries.use_of(found).was_awarded
    context = {
        "badge": found,
        "is_awarded": is_awarded,
        "may_delete": rules.may_delete(found, is_awarded=is_awarded),
        "required_by": queries.names_requiring(found),
        "versions": version_story(found),
        "crumbs": crumbs_to(request, found),
    }
    return render(request, "badges/badge_delete.html", context)


@require_POST
@workspace(Permission.EDIT_BADGES)
def delete_badge(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    found = load_badge(request, badge)
    try:
        delete_badge_class(badge_class=found, by=request.user, at=timezone.now())
    except UserFacingError as problem:
        return _detail(request, found, problem=problem)
    if found.version > 1:
        messages.success(request, _("The draft of version %(version)d was discarded.") % {"version": found.version})
        return go_to("badges:detail", request, version_story(found).current)
    messages.success(request, _("“%(badge)s” was deleted.") % {"badge": found})
    return go_to("badges:list", request)


# --- Parts ---------------------------------------------------------------------------------------------------


def load_badge(request: WorkspaceRequest, badge: uuid.UUID) -> BadgeClass:
    """Load a badge of this organisation with its parts and its use; anything else is not there."""
    found = queries.with_parts(BadgeClass.objects.of_organisation(request.workspace.organisation))
    found = queries.with_use(found, at=timezone.now()).select_related("design__family")
    loaded = found.filter(pk=badge).first()
    if loaded is None:
        raise Http404
    return loaded


def edited_badge(request: WorkspaceRequest) -> BadgeClass | None:
    """Return the badge that the form changes, from its hidden field; None for a new badge."""
    try:
        badge = uuid.UUID(request.POST.get("badge", ""))
    except ValueError:
        return None
    return load_badge(request, badge)


def _forms(request: WorkspaceRequest, badge_class: BadgeClass | None = None) -> BadgeForms:
    def filled(data: QueryDict | None, *, with_files: bool = False) -> BadgeForms:
        return BadgeForms(
            organisation=request.workspace.organisation,
            by=request.user,
            at=timezone.now(),
            badge_class=badge_class,
            data=data,
            files=request.FILES if with_files else None,
        )

    if request.method != "POST":
        forms = filled(None)
        if request.GET.get("fix"):  # of the coach, from another page: put into the form, and kept once it is saved
            forms.badge.initial.update(pressed(forms, request.GET["fix"][:60]))
        return forms
    forms = filled(request.POST, with_files=True)
    act = request.POST.get("act", "")
    if not act.startswith(FIX):
        return forms
    forms.is_valid()
    forms.keep_picture()  # a file can be read once
    data = with_changes(request.POST, {**pressed(forms, act.removeprefix(FIX)[:60]), "kept_picture": forms.kept_token})
    return filled(data)


def _only_looks(request: WorkspaceRequest) -> bool:
    """Whether a form was sent to be shown again: as a preview, or with a fix of the coach (without JavaScript)."""
    act = request.POST.get("act", "")
    return act == "preview" or act.startswith(FIX)


def _fix_pressed(request: WorkspaceRequest) -> str:
    act = request.POST.get("act", "")
    return act.removeprefix(FIX) if act.startswith(FIX) else request.GET.get("fix", "")[:60]


def _keep_design(request: WorkspaceRequest, forms: BadgeForms, badge: BadgeClass) -> None:
    """Keep beside a picture of the designer what it was drawn from, so that it can be drawn on."""
    drawn = forms.kept_design
    if drawn is not None:
        families = request.workspace.organisation.design_families
        keep_design(
            badge_class=badge,
            spec=drawn["spec"],
            shown=drawn["shown"],
            family=families.filter(pk=drawn["family"]).first() if drawn["family"] else None,
            by=request.user,
            at=timezone.now(),
        )


def _is_sound(forms: BadgeForms, *, publish: bool) -> bool:
    return forms.is_ready_to_publish() if publish else forms.is_valid()


def _form_page(request: WorkspaceRequest, forms: BadgeForms, *, problem: UserFacingError | None = None) -> HttpResponse:
    """Show the form; a refused one comes back whole, with the picture that was chosen.

    It carries the moment of the badge that its editor has seen: the same again, until they were told of another.
    """
    is_preview = request.POST.get("act") == "preview"
    if forms.is_bound:
        forms.is_valid()
        forms.keep_picture()
    context = {
        **_preview(forms),
        "crumbs": crumbs_to(request, forms.badge_class),
        "shows_preview_first": is_preview,
        "fix_pressed": _fix_pressed(request),
        "seen": "" if isinstance(problem, ChangedMeanwhile) else request.POST.get("seen", "")[:64],
        "offers_version": isinstance(problem, BadgeIsAwarded) or _needs_version(problem, forms),
    }
    is_refused = forms.is_bound and not _only_looks(request)
    return render(request, "badges/badge_form.html", context, status=422 if is_refused else 200)


def _needs_version(problem: UserFacingError | None, forms: BadgeForms) -> bool:
    """Whether what was typed can go on as the next version, which a second person approves."""
    badge = forms.badge_class
    is_public = badge is not None and badge.status == BadgeClass.Status.PUBLISHED
    return isinstance(problem, NeedsApproval) and is_public


def _preview(forms: BadgeForms) -> dict[str, Any]:
    named = {
        "name": _("name"),
        "description": _("description"),
        "picture": _("picture"),
        "image_alt": _("the picture in words"),
        "criteria_narrative": _("how to earn it"),
        "validity_until": _("a later last day"),
    }
    return {
        "forms": forms,
        "story": forms.page(),
        "sections": forms.sections(),
        "picture_url": forms.picture_url,
        "coach": coaching_of_form(forms),
        "needed": [named[item.field] for item in forms.missing],
        "is_complete": not forms.missing and (not forms.is_bound or forms.is_valid()),
    }


def _detail(request: WorkspaceRequest, badge: BadgeClass, *, problem: UserFacingError | None = None) -> HttpResponse:
    """Show one badge; with `problem`, an act that was refused and why."""
    organisation, at = request.workspace.organisation, timezone.now()
    if problem:
        badge = load_badge(request, badge.pk)  # as it is now, which may be why
    use = queries.use_of(badge)
    is_awarded = use.was_awarded
    missing = (
        rules.missing_for_publishing(
            badge, has_picture=bool(badge.image), has_steps=bool(badge.earning_steps.all()), today=at.date()
        )
        if badge.status == BadgeClass.Status.DRAFT
        else []
    )
    versions, lines = version_history(badge, at=at)
    rarity, place = rarity_of([badge], at=at, held={badge.pk: use.held})[badge.pk], place_of(badge)
    held = use.held
    if versions.is_superseded:  # an earlier version speaks for itself, the current one for all
        held = next(line.holders for line in lines if line.badge_class.pk == badge.pk)
    context = {
        "badge": badge,
        "versions": versions,
        "version_lines": lines,
        "may_make_version": rules.may_make_version(badge, is_awarded=is_awarded) and not versions.draft,
        "to_check": [one for one in translation_states(badge) if one.changed],
        "story": queries.badge_page(badge),
        "picture_url": queries.picture_url(badge, organisation),
        "public_url": "" if badge.is_internal else badge_class_url(badge),
        "rungs": draw(place.ladder, organisation),
        "related": place.related,
        "rarity": rarity,
        "audience": queries.audience_sentence(badge) if queries.has_audience(badge) else "",
        "held": held,
        "is_awarded": is_awarded,
        "may_change": rules.may_change(badge, is_awarded=is_awarded),
        "may_delete": rules.may_delete(badge, is_awarded=is_awarded),
        "missing": missing,
        "problem": problem.message if problem else "",
        "life": life_of(badge, at=at, use=use),
        "coach": coaching_of(badge) if request.workspace.may(Permission.REVIEW_BADGES) else None,
        "next_badges": queries.next_badges(badge),
        "crumbs": crumbs_to(request),
    }
    return render(request, "badges/badge_detail.html", context, status=422 if problem else 200)


def crumbs_to(request: WorkspaceRequest, badge: BadgeClass | None = None) -> list[dict[str, str]]:
    slug = request.workspace.organisation.slug
    crumbs = [{"label": _("Badges"), "url": reverse("badges:list", args=[slug])}]
    if badge is not None:
        crumbs.append({"label": badge.name, "url": reverse("badges:detail", args=[slug, badge.pk])})
    return crumbs


def go_to(name: str, request: WorkspaceRequest, badge: BadgeClass | None = None) -> HttpResponseRedirect:
    arguments = [request.workspace.organisation.slug, *([badge.pk] if badge else [])]
    return HttpResponseRedirect(reverse(name, args=arguments))


def _picture(data: bytes, media_type: str) -> HttpResponse:
    """Answer with a picture whose address changes with its content. An SVG goes into a sandbox (OB2-ISS-103)."""
    response = HttpResponse(data, content_type=media_type)
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    if media_type == "image/svg+xml":
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    return response
