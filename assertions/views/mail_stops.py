"""Stop the mails of one issuer, and get them again: by the signed link at the end of each mail, or signed in.

The link's page looks at no cookie and sets none. Mail programs post to it by themselves, with one click (RFC 8058).
"""

import uuid
from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from assertions import queries
from assertions.actions.mail_stops import MailsAlreadyStopped, MailsNotStopped, resume_mails, stop_mails
from assertions.models import Assertion
from assertions.rules import LinkFor
from assertions.views.checked import answer, see_other
from assertions.views.declining import award_by_link
from badgeserver.accounts.models import User
from badgeserver.api.public import in_readers_language


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def mails(request: HttpRequest, mails_token: str) -> HttpResponse:
    """Show whether the issuer's mails come, and change it: `act=stop`, `act=resume`, or a mail program's one click."""
    found = award_by_link(mails_token, LinkFor.MAILS)
    is_one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    act = "stop" if is_one_click else request.POST.get("act", "")
    with in_readers_language(request):
        if act in {"stop", "resume"}:
            _set_mails(found, wanted=act == "resume")
            if not is_one_click:  # which must not be redirected
                return see_other(request.path)
        context = {"issuer": found.issuer, "is_stopped": queries.mails_stopped(found)}
        is_refused = request.method == "POST" and not act
        status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
        response = answer(request, "assertions/mails.html", context, status=status)
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_POST
@login_required
def my_mails(request: HttpRequest, assertion: uuid.UUID) -> HttpResponse:
    """Get the mails of a badge's issuer (`wanted=yes`), or none (`wanted=no`)."""
    found = get_object_or_404(queries.awards_to(cast(User, request.user)), pk=assertion)
    wanted = request.POST.get("wanted", "")
    if wanted in {"yes", "no"}:
        _set_mails(found, wanted=wanted == "yes")
        said = (
            _("Mails from %(issuer)s come to %(address)s again.")
            if wanted == "yes"
            else _("No more mails from %(issuer)s come to %(address)s.")
        )
        messages.success(request, said % {"issuer": found.issuer.name, "address": found.recipient_email})
    return redirect("assertions:my-badge", found.pk)


def _set_mails(assertion: Assertion, *, wanted: bool) -> None:
    """Bring it about; that it is so already is no fault of whoever clicks twice."""
    try:
        if wanted:
            resume_mails(assertion=assertion, at=timezone.now())
        else:
            stop_mails(assertion=assertion, at=timezone.now())
    except (MailsAlreadyStopped, MailsNotStopped):
        return
