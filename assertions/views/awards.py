"""Award a badge, and look at what was awarded."""

import math
import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assertions import queries
from assertions.actions.award import AlreadyAwarded, award_badge
from assertions.actions.notices import send_notice_again
from assertions.actions.revoke import RESTORE_WITHIN
from assertions.documents import assertion_url
from assertions.forms import FROM_BADGE, AwardForm, EvidenceFormSet
from assertions.insights.versions import earlier_award, upgrades_for
from assertions.models import Assertion, Notice
from assertions.sharing.award import evidence_items
from badges.insights.versions import awarded_story, current_versions
from badges.models import BadgeClass
from badges.queries import thumbnail_url
from badgeserver.errors import UserFacingError
from badgeserver.markdown import render_markdown
from badgeserver.openbadges.identity import normalize_email
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

# --- Award ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.AWARD_BADGES)
def award(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Award one badge to one person. A second award of the same badge must be confirmed."""
    badge_class = _badge_of(request, badge)
    is_sent = request.method == "POST"
    was_replaced = badge_class.status == BadgeClass.Status.SUPERSEDED
    if was_replaced:
        current = _badge_of(request, current_versions([badge_class.series])[badge_class.series].pk)
        if not is_sent:
            return _to_current(request, badge_class, current)
        badge_class = current  # the page comes back with everything that was typed, for the version that is awarded
    if not badge_class.is_awardable:
        messages.warning(request, _("Only published badges can be awarded. Publish this one first."))
        return redirect("badges:detail", request.workspace.organisation.slug, badge_class.pk)
    at = timezone.localtime()
    form = AwardForm(request.POST or None, badge_class=badge_class, at=at, initial=_initial(request))
    evidence = EvidenceFormSet(request.POST or None, prefix="evidence")
    duplicate = ""
    if is_sent and form.is_valid() & evidence.is_valid() and was_replaced:
        form.add_error(None, _replaced_meanwhile(badge_class))
    elif is_sent and not was_replaced and form.is_valid() & evidence.is_valid():
        person = queries.known_person(request.workspace.organisation, form.cleaned_data["email"])
        fields = form.award(
            evidence.evidence(),
            known_name=person.name if person else "",
            again_for=request.POST.get("again_for", ""),
        )
        try:
            assertion = award_badge(fields=fields, by=request.user, at=at)
        except AlreadyAwarded as refusal:
            duplicate = refusal.message
        except UserFacingError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return redirect(f"{_detail_url(assertion, request)}?new")
    context = {
        "badge_class": badge_class,
        "form": form,
        "evidence": evidence,
        "duplicate": duplicate,
        "admission": queries.admission_to(badge_class, at=at),
        "duplicate_key": normalize_email(form.cleaned_data["email"]) if duplicate else "",
        **_preview(form),
    }
    refused = request.method == "POST"
    return render(request, "assertions/award_form.html", context, status=422 if refused else 200)


@require_POST  # changes nothing, but addresses belong neither into URLs nor into logs
@workspace(Permission.AWARD_BADGES)
def award_preview(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Show who gets what, as far as it is typed: a part of the award form."""
    badge_class = _badge_of(request, badge)
    form = AwardForm(request.POST, badge_class=badge_class, at=timezone.localtime())
    context = {"badge_class": badge_class, "form": form, "is_part": True, **_preview(form)}
    return render(request, "assertions/award_form.html#preview", context)


@require_POST  # changes nothing, but addresses belong neither into URLs nor into logs
@workspace(Permission.AWARD_BADGES)
def award_people(request: WorkspaceRequest, badge: uuid.UUID) -> HttpResponse:
    """Suggest people for what was typed so far: a part of the award form."""
    badge_class = _badge_of(request, badge)
    typed = request.POST.get("email", "").replace("\x00", "")[:200]
    found = queries.suggestions(badge_class, typed, at=timezone.now())
    return render(request, "assertions/award_form.html#people", {"suggestions": found, "typed": typed})


def _badge_of(request: WorkspaceRequest, badge: uuid.UUID) -> BadgeClass:
    badges = BadgeClass.objects.of_organisation(request.workspace.organisation)
    return get_object_or_404(badges.select_related("issuer__organisation"), pk=badge)


def _replaced_meanwhile(current: BadgeClass) -> str:
    return _("Version %(version)d took its place while you had this form open. Look at it, then award that one.") % {
        "version": current.version
    }


def _to_current(request: WorkspaceRequest, badge_class: BadgeClass, current: BadgeClass) -> HttpResponse:
    """Lead from an earlier version to the one that is awarded, with whatever the link said about the person."""
    messages.info(
        request,
        _("Version %(version)d is no longer awarded. This is version %(current)d.")
        % {"version": badge_class.version, "current": current.version},
    )
    url = reverse("assertions:award", args=[request.workspace.organisation.slug, current.pk])
    query = {name: request.GET[name] for name in ("person", "holder") if name in request.GET}
    return redirect(f"{url}?{urlencode(query)}" if query else url)


def _initial(request: WorkspaceRequest) -> dict[str, Any]:
    """Fill in the person whom another page named by id (addresses do not belong into links)."""
    holder = queries.award_named(request.workspace.organisation, request.GET.get("holder", ""))
    if holder is not None:
        return {"expiry": FROM_BADGE, "email": holder.recipient_email, "name": holder.recipient_name}
    person = queries.person_on_list(request.workspace.organisation, request.GET.get("person", ""))
    return {"expiry": FROM_BADGE, **({"email": person.email, "name": person.name} if person else {})}


def _preview(form: AwardForm) -> dict[str, Any]:
    """Return what the column beside the form says about what is in it."""
    typed, badge_class = form.typed, form.badge_class
    email = typed.get("email") or ""
    person = queries.known_person(badge_class.issuer.organisation, email) if email else None
    return {
        "to_email": email,
        "to_name": typed.get("name") or (person.name if person else ""),
        "to_person": person,
        "held": queries.holding(badge_class, email, at=form.at) if email else None,
        "declined": queries.declined_before(badge_class, email) if email else None,
        "holds_other": earlier_award(badge_class, normalize_email(email), at=form.at) if email else None,
        "issued_on": typed.get("issued_on"),
        "picture_url": thumbnail_url(badge_class, badge_class.issuer.organisation),
    }


# --- Look ----------------------------------------------------------------------------------------------------


@require_safe
@workspace(Permission.SEE_AWARDS)
def award_detail(request: WorkspaceRequest, assertion: uuid.UUID) -> HttpResponse:
    """Show one award; right after it was made (`?new`) with what to do next."""
    found = award_of(request, assertion)
    context = {
        **_live(request, found),
        "public_url": assertion_url(found),
        "narrative_html": mark_safe(render_markdown(found.narrative)),
        "evidence": evidence_items(found),
        "history": queries.history_of(found),
        "person": queries.known_person(request.workspace.organisation, found.recipient_key),
        "versions": awarded_story(found.badge_class),
        "upgrade": upgrades_for([found], at=timezone.now()).get(found.pk),
    }
    return render(request, "assertions/award_detail.html", context)


@require_safe
@workspace(Permission.SEE_AWARDS)
def award_progress(request: WorkspaceRequest, assertion: uuid.UUID) -> HttpResponse:
    """Show how far the signing, baking and mailing is: the part of the page that asks again until all is done."""
    found = award_of(request, assertion)
    return render(request, "assertions/award_detail.html#live", {**_live(request, found), "is_part": True})


def award_of(request: WorkspaceRequest, assertion: uuid.UUID) -> Assertion:
    """Load an award of the organisation in the address: 404 for every other one."""
    return get_object_or_404(queries.awards_of(request.workspace.organisation), pk=assertion)


def _live(request: WorkspaceRequest, assertion: Assertion) -> dict[str, Any]:
    at = timezone.now()
    mails = queries.mails_of(assertion, at=at)
    return {
        "assertion": assertion,
        "badge_class": assertion.badge_class,
        "state": queries.state_of(assertion, at=at),
        "line": queries.award_line(assertion, at=at),
        "mails": mails,
        "forms_baked": set(assertion.baked_images.values_list("form", flat=True)),
        "is_new": "new" in request.GET,
        "minutes_to_restore": _minutes_to_restore(assertion, at=at),
        "progress": queries.progress_of(assertion, mails, at=at),
    }


def _minutes_to_restore(assertion: Assertion, *, at: datetime) -> int:
    """Return for how long the revocation can still be undone; 0 when it cannot."""
    if assertion.revoked_at is None or assertion.declined_at is not None:
        return 0
    return max(0, math.ceil((assertion.revoked_at + RESTORE_WITHIN - at).total_seconds() / 60))


def _detail_url(assertion: Assertion, request: WorkspaceRequest) -> str:
    return reverse("assertions:detail", args=[request.workspace.organisation.slug, assertion.pk])


# --- Mail ----------------------------------------------------------------------------------------------------


@require_POST
@workspace(Permission.AWARD_BADGES)
def send_again(request: WorkspaceRequest, assertion: uuid.UUID, notice: int) -> HttpResponse:
    """Send a mail once more that was refused or may not have arrived."""
    found = award_of(request, assertion)
    mail = get_object_or_404(Notice, pk=notice, assertion=found)
    try:
        send_notice_again(notice=mail, by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, _("The mail to %(address)s is on its way again.") % {"address": found.recipient_email}
        )
    if "from_overview" in request.POST:
        return redirect("assertions:overview", request.workspace.organisation.slug)
    return redirect(_detail_url(found, request))
