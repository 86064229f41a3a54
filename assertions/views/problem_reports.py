"""Report a problem about a public page, without an account or a cookie; and handle what was reported (OB2-HST-15)."""

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assertions.actions.problem_reports import close_problem_report, reopen_problem_report, report_problem
from assertions.documents import reported_url, subject_url
from assertions.forms import CloseReportForm, ReportForm
from assertions.models import Assertion, ProblemReport
from assertions.views.checked import answer, see_other
from badges.models import BadgeClass
from badgeserver.api.public import in_readers_language
from badgeserver.api.throttling import ReportThrottle
from badgeserver.errors import UserFacingError
from issuers.models import Issuer
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

PER_PAGE = 20

# --- Report: no session, no cookie, no CSRF token ------------------------------------------------------------


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def report_award(request: HttpRequest, assertion: uuid.UUID) -> HttpResponse:
    """Report an award."""
    awards = Assertion.objects.public().select_related("badge_class", "issuer")
    return _report(request, get_object_or_404(awards, pk=assertion))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def report_badge(request: HttpRequest, badge: uuid.UUID) -> HttpResponse:
    """Report a badge that everybody can see."""
    return _report(request, get_object_or_404(BadgeClass.objects.public().select_related("issuer"), pk=badge))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def report_issuer(request: HttpRequest, issuer: uuid.UUID) -> HttpResponse:
    """Report an issuer."""
    return _report(request, get_object_or_404(Issuer, pk=issuer))


def _report(request: HttpRequest, subject: Issuer | BadgeClass | Assertion) -> HttpResponse:
    """Ask what is wrong; then keep it and say what happens now."""
    with in_readers_language(request):
        form = ReportForm(request.POST if request.method == "POST" else None)
        status, problem = HTTPStatus.OK, ""
        if request.method == "POST":
            throttle = ReportThrottle()
            if not form.is_valid():
                status = HTTPStatus.UNPROCESSABLE_ENTITY
            elif not throttle.allow_request(request, None):  # type: ignore[arg-type]
                status, problem = HTTPStatus.TOO_MANY_REQUESTS, throttle.sentence
            else:
                report_problem(subject=subject, at=timezone.now(), **form.cleaned_data)
                return see_other(f"{request.path}?sent")
        context = {
            "subject": subject,
            "name": _name(subject),
            "issuer": subject if isinstance(subject, Issuer) else subject.issuer,
            "page_url": subject_url(subject),
            "form": form,
            "problem": problem,
            "is_sent": "sent" in request.GET,
        }
        response = answer(request, "assertions/report.html", context, status=status)
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _name(subject: Issuer | BadgeClass | Assertion) -> str:
    return subject.badge_class.name if isinstance(subject, Assertion) else subject.name


# --- Handle --------------------------------------------------------------------------------------------------


@require_safe
@workspace(Permission.HANDLE_REPORTS)
def report_list(request: WorkspaceRequest) -> HttpResponse:
    """Show what visitors reported: what is open, and what was done about the rest."""
    reports = ProblemReport.objects.of_organisation(request.workspace.organisation)
    counts = {"open": reports.open().count(), "closed": reports.closed().count()}
    view = request.GET.get("view", "")
    view = view if view in counts else "open"
    shown = reports.open().order_by("-created_at", "pk") if view == "open" else reports.closed().order_by("-closed_at")
    page = Paginator(_with_parts(shown), PER_PAGE).get_page(request.GET.get("page"))
    labels = {"open": _("Open"), "closed": _("Closed")}
    context = {
        "view": view,
        "tabs": [
            {"label": labels[name], "url": f"?view={name}", "current": name == view, "count": count}
            for name, count in counts.items()
        ],
        "page": page,
        "lines": [(report, reported_url(report)) for report in page.object_list],
        "is_empty": not any(counts.values()),
    }
    return render(request, "assertions/report_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace(Permission.HANDLE_REPORTS)
def close(request: WorkspaceRequest, report: uuid.UUID) -> HttpResponse:
    """Ask what was done about a report; then close it."""
    found = _report_of(request, report)
    form = CloseReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            close_problem_report(report=found, note=form.cleaned_data["note"], by=request.user, at=timezone.now())
        except UserFacingError as refusal:
            form.add_error(None, refusal.message)
        else:
            undo = reverse("assertions:reopen-report", args=[request.workspace.organisation.slug, found.pk])
            messages.success(request, _("Report closed."), extra_tags=f"undo:{undo}")
            return redirect("assertions:reports", request.workspace.organisation.slug)
    context: dict[str, Any] = {"report": found, "page_url": reported_url(found), "form": form}
    return render(request, "assertions/report_close.html", context, status=422 if form.errors else 200)


@require_POST
@workspace(Permission.HANDLE_REPORTS)
def reopen(request: WorkspaceRequest, report: uuid.UUID) -> HttpResponse:
    """Open a report again that was closed."""
    found = _report_of(request, report)
    try:
        reopen_problem_report(report=found, by=request.user, at=timezone.now())
    except UserFacingError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The report is open again."))
    return redirect("assertions:reports", request.workspace.organisation.slug)


def _report_of(request: WorkspaceRequest, report: uuid.UUID) -> ProblemReport:
    """Load a report about something of the organisation in the address: 404 for every other one."""
    reports = _with_parts(ProblemReport.objects.of_organisation(request.workspace.organisation))
    return get_object_or_404(reports, pk=report)


def _with_parts(reports: Any) -> Any:
    return reports.select_related("issuer", "badge_class", "assertion", "closed_by").defer(
        "assertion__hosted_json", "assertion__signed_json", "assertion__jws", "assertion__credential_jwt"
    )
