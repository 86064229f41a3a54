"""What the world fetches of an issuer: its profile, logo, keys and revocations. A GET only reads and sends."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from badgeserver.api.public import (
    HTML,
    JSON,
    JSON_LD,
    PublicView,
    bare,
    document,
    page,
    picture,
    preferred_form,
    wanted_form,
)
from issuers import documents
from issuers.models import Issuer, SigningKey


class IssuerProfile(PublicView):
    """The `id` of an issuer: JSON-LD for machines, a page for people (OB2-ISS-160)."""

    def get(self, request: Request, issuer: uuid.UUID) -> HttpResponse:
        found = _issuer(issuer)
        form = wanted_form(request)
        if form != HTML:
            return document(request, documents.profile_json(found), form=form)
        context = {
            "issuer": found,
            "address": documents.issuer_id(found),
            "website": urlsplit(found.url).netloc,
            "badges": [_tile(badge) for badge in found.badge_classes.published().by_name()],
        }
        return page(request, render_to_string("public/issuer.html", context, request=bare(request)))

    def not_found(self, sentence: str) -> HttpResponse:
        return super().not_found(sentence or _("There is no issuer at this address"))


class IssuerImage(PublicView):
    """The logo, under an address that stays while the logo may change."""

    def get(self, request: Request, issuer: uuid.UUID) -> HttpResponse:
        found = _issuer(issuer)
        if not found.image:
            raise Http404(_("This issuer has no logo"))
        try:
            with found.image.open("rb") as file:
                data = file.read()
        except FileNotFoundError as missing:
            raise Http404(_("This issuer has no logo")) from missing
        return picture(request, data, media_type=found.image_media_type)


class Key(PublicView):
    """A public key. Retired ones too: what they signed stays readable (OB2-ISS-135)."""

    def get(self, request: Request, issuer: uuid.UUID, kid: str) -> HttpResponse:
        # PostgreSQL does not even compare a text with a null character in it.
        key = SigningKey.objects.filter(issuer_id=issuer, kid=kid).first() if kid.isalnum() else None
        if key is None:
            raise Http404(_("There is no key at this address"))
        return document(request, documents.key_json(key), form=_machine_form(request))


class Revocations(PublicView):
    """Which of the issuer's awards were withdrawn (OB2-ISS-115)."""

    def get(self, request: Request, issuer: uuid.UUID) -> HttpResponse:
        return document(request, documents.revocation_list_json(_issuer(issuer)), form=_machine_form(request))


def _issuer(pk: uuid.UUID) -> Issuer:
    found = Issuer.objects.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no issuer at this address"))
    return found


def _tile(badge: Any) -> dict[str, str]:
    """Return what the catalogue shows of a badge of the room above."""
    level = _("Level %(level)d") % {"level": badge.level} if badge.level else ""
    return {
        "name": badge.name,
        "line": ", ".join(filter(None, [badge.get_category_display(), level])),
        "url": reverse("public:badge", args=[badge.pk]),
        "image": reverse("public:badge-image", args=[badge.pk]),
    }


def _machine_form(request: Request) -> str:
    """Documents that have no page: a browser gets plain JSON, which it shows instead of saving it."""
    preferred = preferred_form(request.headers.get("Accept", ""))
    return JSON_LD if preferred == JSON_LD else JSON
