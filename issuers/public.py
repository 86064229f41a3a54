"""What the world fetches of an issuer: its profile, logo, keys and revocations. A GET only reads and sends."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request

from badgeserver.addresses import public_url
from badgeserver.api.public import (
    HTML,
    JSON,
    JSON_LD,
    NEVER,
    PublicView,
    bare,
    document,
    in_readers_language,
    page,
    picture,
    preferred_form,
    wanted_form,
)
from badgeserver.openbadges.extensions import OFFERED, OfferedExtension, context_document, schema_document
from badgeserver.openbadges.jsontext import serialize
from badgeserver.openbadges.v3.vocabulary import (
    MEDIA_TYPE_DID,
    MEDIA_TYPE_JWK,
    MEDIA_TYPE_JWKS,
    MEDIA_TYPE_VC_JWT,
)
from issuers import credentials, documents
from issuers.branding import brand_of
from issuers.models import Issuer, SigningKey

#: Contexts and schemas of extensions: they never change, short of a mistake in them.
STEADY = "public, max-age=86400"

#: More than any issuer will ever have, and what the column can hold.
MAX_GENERATION = 32_768

#: 131 million awards of one issuer; beyond it, the places are larger than their column.
MAX_STATUS_LISTS = 1_000


class IssuerProfile(PublicView):
    """The `id` of an issuer: JSON-LD for machines, a page for people (OB2-ISS-160)."""

    def get(self, request: Request, issuer: uuid.UUID) -> HttpResponse:
        found = _issuer(issuer)
        form = wanted_form(request)
        if form != HTML:
            return document(request, documents.profile_json(found), form=form)
        with in_readers_language(request):
            context = {
                "issuer": found,
                "brand": brand_of(found),
                "address": documents.issuer_id(found),
                "endorsements": found.endorsements.shown().newest_first().select_related("endorser"),
                "website": urlsplit(found.url).netloc,
                "confirmation": documents.confirmation_of(found),
                "badges": [_tile(badge) for badge in found.badge_classes.published().public().by_name()],
            }
            html = render_to_string("public/issuer.html", context, request=bare(request))
        return page(request, html)

    def not_found(self, sentence: str) -> HttpResponse:
        return super().not_found(sentence or _("There is no issuer at this address"))


class Generation(PublicView):
    """The Profile that lists one later key of the issuer (docs/adr/0012); people are shown the issuer's own page."""

    def get(self, request: Request, issuer: uuid.UUID, generation: int) -> HttpResponse:
        keys = SigningKey.objects.select_related("issuer").filter(issuer_id=issuer, generation__gt=1)
        key = keys.filter(generation=generation).first() if generation < MAX_GENERATION else None
        if key is None:
            raise Http404(gettext_lazy("There is no issuer at this address"))
        form = wanted_form(request)
        if form == HTML:
            return HttpResponseRedirect(reverse("public:issuer", args=[issuer]))
        return document(request, documents.generation_json(key), form=form)


class IssuerImage(PublicView):
    """The logo, under an address that stays while the logo may change."""

    def get(self, request: Request, issuer: uuid.UUID) -> HttpResponse:
        found = _issuer(issuer)
        logo, media_type = found.image, found.image_media_type
        if not logo:
            # Its profile names no image then; the pages show that of its organisation.
            logo = found.organisation.logo
            media_type = "image/svg+xml" if str(logo.name).endswith(".svg") else "image/png"
        if not logo:
            raise Http404(gettext_lazy("This issuer has no logo"))
        try:
            with logo.open("rb") as file:
                data = file.read()
        except FileNotFoundError as missing:
            raise Http404(gettext_lazy("This issuer has no logo")) from missing
        return picture(request, data, media_type=media_type)


class Key(PublicView):
    """A public key. Retired ones too: what they signed stays readable (OB2-ISS-135). Of a compromised one only that."""

    def get(self, request: Request, issuer: uuid.UUID, kid: str) -> HttpResponse:
        # PostgreSQL does not even compare a text with a null character in it.
        keys = SigningKey.objects.select_related("issuer").filter(issuer_id=issuer)
        key = keys.filter(kid=kid).first() if kid.isalnum() else None
        if key is None:
            raise Http404(gettext_lazy("There is no key at this address"))
        if key.compromised_at is not None:
            rest = documents.withdrawn_key_json(key)
            return document(request, rest, form=_machine_form(request), status=410, cache=NEVER)
        return document(request, documents.key_json(key), form=_machine_form(request))


class Revocations(PublicView):
    """Which of the issuer's awards were withdrawn (OB2-ISS-115)."""

    def get(self, request: Request, issuer: uuid.UUID) -> HttpResponse:
        return document(request, documents.revocation_list_json(_issuer(issuer)), form=_machine_form(request))


# --- Open Badges 3.0 -----------------------------------------------------------------------------------------


class CredentialProfile(PublicView):
    """The `id` of the issuer of 3.0 credentials; people are shown the issuer's own page."""

    def get(self, request: Request, issuer: uuid.UUID) -> HttpResponse:
        found = _issuer(issuer)
        form = wanted_form(request)
        if form == HTML:
            return HttpResponseRedirect(reverse("public:issuer", args=[issuer]))
        return document(request, credentials.profile_json(found), form=form)


class CredentialKey(PublicView):
    """A public key as a bare JWK, which is what a `kid` leads to. A compromised key is gone."""

    def get(self, request: Request, issuer: uuid.UUID, kid: str) -> HttpResponse:
        keys = SigningKey.objects.select_related("issuer").filter(issuer_id=issuer)
        key = keys.filter(kid=kid).first() if kid.isalnum() else None
        if key is None:
            raise Http404(gettext_lazy("There is no key at this address"))
        if key.compromised_at is not None:
            sentence = _("This key was compromised. Nothing that it signed is to be believed.")
            return HttpResponse(sentence, status=410, content_type="text/plain; charset=utf-8")
        return document(request, credentials.key_json(key), form=MEDIA_TYPE_JWK, varies=False)


class CredentialKeys(PublicView):
    """All keys of the issuer that may be believed, as a JWKS."""

    def get(self, request: Request, issuer: uuid.UUID) -> HttpResponse:
        return document(request, credentials.jwks_json(_issuer(issuer)), form=MEDIA_TYPE_JWKS, varies=False)


class SiteKeys(PublicView):
    """The keys of all issuers here, at `/.well-known/jwks.json`."""

    def get(self, request: Request) -> HttpResponse:
        return document(request, credentials.site_jwks_json(), form=MEDIA_TYPE_JWKS, varies=False)


class DidDocument(PublicView):
    """The issuer's did:web document."""

    def get(self, request: Request, issuer: uuid.UUID) -> HttpResponse:
        return document(request, credentials.did_json(_issuer(issuer)), form=MEDIA_TYPE_DID, varies=False)


class CredentialRevocations(PublicView):
    """The issuer's revoked credentials by their ids, as 1EdTech lists them."""

    def get(self, request: Request, issuer: uuid.UUID) -> HttpResponse:
        return document(request, credentials.revocations_json(_issuer(issuer)), form=JSON, varies=False)


class CredentialStatus(PublicView):
    """One Bitstring Status List: which places in it are revoked, signed by the issuer."""

    def get(self, request: Request, issuer: uuid.UUID, number: int) -> HttpResponse:
        found = _issuer(issuer)
        text = credentials.status_list_jwt(found, number) if 1 <= number <= MAX_STATUS_LISTS else None
        if text is None:
            raise Http404(gettext_lazy("There is no status list at this address"))
        return document(request, text, form=MEDIA_TYPE_VC_JWT, varies=False)


class ExtensionContext(PublicView):
    """What the words of an extension of ours stand for, and the schema that it is checked by (OB2-ISS-152)."""

    def get(self, request: Request, name: str) -> HttpResponse:
        extension = _extension(name)
        words = context_document(extension, schema_url=public_url("public:extension-schema", extension.name))
        return document(request, serialize(words), form=_machine_form(request), cache=STEADY)


class ExtensionSchema(PublicView):
    """The JSON Schema of an extension of ours."""

    def get(self, request: Request, name: str) -> HttpResponse:
        extension = _extension(name)
        schema = schema_document(extension, schema_url=public_url("public:extension-schema", extension.name))
        return document(request, serialize(schema), form=_machine_form(request), cache=STEADY)


def _extension(name: str) -> OfferedExtension:
    extension = OFFERED.get(name)
    if extension is None:
        raise Http404(gettext_lazy("There is no extension at this address"))
    return extension


def _issuer(pk: uuid.UUID) -> Issuer:
    found = Issuer.objects.select_related("organisation").filter(pk=pk).first()
    if found is None:
        raise Http404(gettext_lazy("There is no issuer at this address"))
    return found


def _tile(badge: Any) -> dict[str, str]:
    """Return what the catalogue shows of a badge of the room above."""
    level = _("Level %(level)d") % {"level": badge.level} if badge.level else ""
    return {
        "name": badge.name,
        "language": badge.language,
        "line": ", ".join(filter(None, [badge.get_category_display(), level])),
        "url": reverse("public:badge", args=[badge.pk]),
        "image": reverse("public:badge-image", args=[badge.pk]),
    }


def _machine_form(request: Request) -> str:
    """Documents that have no page: a browser gets plain JSON, which it shows instead of saving it."""
    preferred = preferred_form(request.headers.get("Accept", ""))
    return JSON_LD if preferred == JSON_LD else JSON
