"""The door to the world: a badge as a document, as a page and as a picture."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from badges import queries
from badges.documents import (
    badge_class_card_url,
    badge_class_image_url,
    badge_class_json,
    badge_class_url,
)
from badges.models import BadgeClass
from badgeserver.api.public import HTML, PublicView, bare, document, page, picture, wanted_form
from badgeserver.markdown import plain_text
from issuers.documents import issuer_id


class BadgeClassView(PublicView):
    """The `id` of a BadgeClass: JSON-LD for machines, a page for people (OB2-ISS-40, 160). Drafts are not there."""

    def get(self, request: Request, badge: uuid.UUID) -> HttpResponse:
        found = _published(badge)
        form = wanted_form(request)
        if form == HTML:
            return page(request, render_to_string("public/badge.html", _context(found), request=bare(request)))
        return document(request, badge_class_json(found), form=form)


class BadgeClassImageView(PublicView):
    """The picture without a badge baked into it (OB2-ISS-44)."""

    def get(self, request: Request, badge: uuid.UUID) -> HttpResponse:
        found = _published(badge)
        try:
            with found.image.open("rb") as file:
                data = file.read()
        except FileNotFoundError as missing:
            raise Http404(_("There is no picture at this address")) from missing
        return picture(request, data, media_type=found.image_media_type)


def _published(badge: uuid.UUID) -> BadgeClass:
    found = queries.with_parts(BadgeClass.objects.public()).filter(pk=badge).first()
    if found is None:
        raise Http404(_("There is no badge at this address"))
    return found


def _context(badge: BadgeClass) -> dict[str, Any]:
    at = timezone.now()
    return {
        "badge": badge,
        "story": queries.badge_page(badge),
        "issuer_url": issuer_id(badge.issuer),
        "url": badge_class_url(badge),
        "image_url": badge_class_image_url(badge),
        "card_url": badge_class_card_url(badge),
        "summary": plain_text(badge.description, limit=200),
        "held": queries.holders([badge], at=at)[badge.pk],
        "next_badges": [(other, badge_class_url(other)) for other in queries.next_badges(badge)],
        "facts": _facts(badge),
        "is_archived": badge.status == BadgeClass.Status.ARCHIVED,
    }


def _facts(badge: BadgeClass) -> list[dict[str, str]]:
    level = _("%(level)d of 5, %(name)s") % {"level": badge.level, "name": badge.level_name} if badge.level else ""
    return [
        {"label": _("Issued by"), "value": badge.issuer.name, "url": issuer_id(badge.issuer)},
        {"label": _("Level"), "value": level, "is_level": "yes"},
        {"label": _("Category"), "value": badge.get_category_display()},
        {"label": _("Valid"), "value": badge.validity_sentence},
    ]
