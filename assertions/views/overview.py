"""The first page of the day: what needs somebody, how things stand, and the badges to award."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assertions import queries
from assertions.forms import SearchForm
from assertions.sharing.endorsements import waiting_endorsements
from badges.insights.pilots import pilots_to_decide
from badges.insights.reviews import due_for_another_look, waiting_for
from badges.models import BadgeClass
from badges.queries import drafts_of, thumbnail_url
from issuers.models import Organisation
from issuers.rules import Permission
from issuers.views.workspace import WorkspaceRequest, workspace

TILES, RECENT, TROUBLED, EXPIRING, DRAFTS, REVIEWS, NUMBERS = 12, 7, 5, 5, 3, 5, 12


@require_safe
@workspace(Permission.SEE_NUMBERS)
def overview(request: WorkspaceRequest) -> HttpResponse:
    """Show the overview. Who may not see persons gets numbers in their place."""
    organisation, may = request.workspace.organisation, request.workspace.may
    at = timezone.now()
    expiring = queries.expiring_badges(organisation, at=at)
    context = {
        "figures": queries.figures(organisation, at=at),
        "expiring": expiring[:EXPIRING],
        "expiring_count": len(expiring),
        "late_awards": queries.late_awards(organisation, at=at),
    }
    if may(Permission.REVIEW_BADGES):
        context["waiting_reviews"] = waiting_for(request.user, organisation)[:REVIEWS]
    if may(Permission.EDIT_BADGES):
        context["drafts"] = drafts_of(organisation)[:DRAFTS]
        context["due_badges"] = due_for_another_look(organisation, today=timezone.localdate(at)).count()
        context["ended_pilots"] = pilots_to_decide(organisation, today=timezone.localdate(at))[:REVIEWS]
    if may(Permission.ENDORSE):
        context["waiting_endorsements"] = waiting_endorsements(organisation)
    if may(Permission.AWARD_BADGES):
        troubled = queries.troubled_mails(organisation, at=at)
        badges = list(queries.badges_to_award(organisation, at=at)[: TILES + 1])
        context |= {
            "troubled": [queries.mail_line(notice, at=at) for notice in troubled[:TROUBLED]],
            "troubled_count": troubled.count(),
            "badges": _tiles(badges[:TILES], organisation),
            "has_more_badges": len(badges) > TILES,
        }
    if may(Permission.SEE_AWARDS):
        awards = queries.awards_of(organisation).newest_first()[:RECENT]
        context["recent"] = queries.award_lines(awards, at=at)
    else:
        numbers = queries.numbers_by_badge(organisation, at=at, limit=NUMBERS)
        context["numbers"] = [(one, thumbnail_url(one.badge_class, organisation)) for one in numbers]
    return render(request, "assertions/overview.html", context)


@require_safe
@workspace(Permission.AWARD_BADGES)
def choose_badge(request: WorkspaceRequest) -> HttpResponse:
    """Ask which badge to award; `?person=` goes along to the award form."""
    organisation = request.workspace.organisation
    search = SearchForm(request.GET).chosen()
    context = {
        "badges": _tiles(queries.badges_to_award(organisation, at=timezone.now(), search=search), organisation),
        "search": search,
        "person": queries.person_on_list(organisation, request.GET.get("person", "")),
    }
    return render(request, "assertions/choose_badge.html", context)


def _tiles(badges: Iterable[BadgeClass], organisation: Organisation) -> list[tuple[BadgeClass, str]]:
    return [(badge, thumbnail_url(badge, organisation)) for badge in badges]
