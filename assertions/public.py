"""The door to the world: an award as a document, a page, pictures and a signature; nothing here writes."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from rest_framework.request import Request

from assertions import documents
from assertions.models import Assertion, BakedImage
from assertions.sharing import award as awards
from assertions.sharing.award import PublicAward
from assertions.sharing.card import CardFacts, award_card, badge_card, day
from assertions.sharing.endorsements import endorsement_page, public_endorsement
from assertions.sharing.linkedin import add_to_profile_url, share_url
from assertions.sharing.opengraph import Preview
from badges.insights.versions import awarded_story
from badges.models import BadgeClass
from badgeserver.addresses import public_url
from badgeserver.api.public import (
    CURRENT,
    HTML,
    JSON,
    LIVE,
    NEVER,
    PublicView,
    bare,
    document,
    in_readers_language,
    page,
    picture,
    wanted_form,
)
from badgeserver.markdown import plain_text
from badgeserver.openbadges.v3.vocabulary import MEDIA_TYPE_JWT
from issuers.branding import brand_of
from issuers.documents import confirmation_of

JOSE = "application/jose"
NO_AWARD = gettext_lazy("There is no badge at this address")

#: How long to wait before asking again for what the worker is making.
RETRY_SECONDS = 5

#: How long a drawn card is kept. Its name changes with every word on it, so it is never wrong.
CARDS_KEPT_SECONDS = 24 * 3600


class AssertionView(PublicView):
    """The `id` of the hosted form: JSON-LD for machines, a page for people (OB2-ISS-10, 110, 160)."""

    def get(self, request: Request, assertion: UUID) -> HttpResponse:
        form = wanted_form(request)
        return _page(request, assertion) if form == HTML else _document(request, assertion, form)

    def not_found(self, sentence: str) -> HttpResponse:
        """Tell people what may have happened and what to do; tell machines in a sentence."""
        if wanted_form(self.request) != HTML:
            return super().not_found(sentence)
        html = render_to_string("public/assertion_not_found.html", {"heading": sentence}, request=bare(self.request))
        return page(self.request, html, status=404, cache=NEVER)


class AssertionJsonView(PublicView):
    """The same document as plain JSON, for people who want to look at it in a browser, or keep it."""

    def get(self, request: Request, assertion: UUID) -> HttpResponse:
        return _document(request, assertion, JSON, varies=False)


class AssertionJwsView(PublicView):
    """The signed form: a compact JWS whose payload has a `urn:uuid` as its `id` (OB2-ISS-11)."""

    def get(self, request: Request, assertion: UUID) -> HttpResponse:
        found = awards.signed_form(assertion)
        if found is None:
            raise Http404(NO_AWARD)
        if found.revoked_at is not None:
            return _gone(found)
        if not found.jws:
            return _refused(_("This badge is being signed. Ask again in a few seconds."), status=404, retry=True)
        response = document(request, found.jws, form=JOSE, varies=False)
        response["Content-Disposition"] = f'inline; filename="{assertion}.jws"'
        return response


class AssertionCredentialView(PublicView):
    """The same award as an Open Badges 3.0 credential: a compact JWT, served as plain text (OB 3.0 section 5.2)."""

    def get(self, request: Request, assertion: UUID) -> HttpResponse:
        found = awards.credential_form(assertion)
        if found is None:
            raise Http404(NO_AWARD)
        if found.revoked_at is not None:
            return _gone(found)
        if not found.credential_jwt:
            return _refused(_("This badge is being signed. Ask again in a few seconds."), status=404, retry=True)
        response = document(request, found.credential_jwt, form=MEDIA_TYPE_JWT, varies=False)
        response["Content-Disposition"] = f'inline; filename="{assertion}.jwt"'
        return response


class AssertionImageView(PublicView):
    """The picture of the award: baked as soon as it is finished, the badge's own until then (OB2-ISS-26, 112)."""

    def get(self, request: Request, assertion: UUID) -> HttpResponse:
        found = _pictured(assertion)
        if found.revoked_at is not None:
            return _gone(found)
        baked = awards.baked_image(found, BakedImage.Form.PNG)
        if baked is not None:
            return _baked_picture(request, found, baked)
        return picture(request, _stored(str(found.badge_class.image_png.name)), media_type="image/png", cache=NEVER)


class AssertionBakedImageView(PublicView):
    """The picture with the signed badge inside, in one form; `form` is set by the address."""

    form: str = BakedImage.Form.PNG

    def get(self, request: Request, assertion: UUID) -> HttpResponse:
        found = _pictured(assertion)
        if found.revoked_at is not None:
            return _gone(found)
        if self.form != BakedImage.Form.PNG and found.badge_class.image_media_type != "image/svg+xml":
            raise Http404(gettext_lazy("This badge has no SVG picture. Its PNG is at /image.png"))
        baked = awards.baked_image(found, self.form)
        if baked is None:
            return _refused(_("This picture is being made. Ask again in a few seconds."), status=503, retry=True)
        return _baked_picture(request, found, baked)


class EndorsementView(PublicView):
    """The `id` of an endorsement that was given here; for people also one from elsewhere (OB2-ISS-140, 141).

    It is the endorser's own word, and is here whether or not the other side shows it; the page says which.
    """

    def get(self, request: Request, endorsement: UUID) -> HttpResponse:
        found = public_endorsement(endorsement)
        if found is None:
            raise Http404(gettext_lazy("There is no endorsement at this address"))
        form = wanted_form(request)
        if form == HTML:
            with in_readers_language(request):
                context = {"page": endorsement_page(found), "url": found.public_id}
                html = render_to_string("public/endorsement.html", context, request=bare(request))
            return page(request, html, status=410 if found.revoked_at else 200)
        if found.is_signed:
            return document(request, found.source_json, form=JOSE, varies=False)
        if found.endorser_id is None:
            return HttpResponseRedirect(found.source_url)
        if found.revoked_at is not None:
            rest = documents.revoked_endorsement_json(found)
            return document(request, rest, form=form, status=410, cache=NEVER)
        return document(request, found.hosted_json, form=form)


class AssertionCardView(PublicView):
    """The card that networks show beside a link to the award."""

    def get(self, request: Request, assertion: UUID) -> HttpResponse:
        found = _pictured(assertion)
        holder = awards.shown_name(found)
        return _card(request, award_card(found, holder=holder, site=_site(), at=timezone.now()))


class BadgeCardView(PublicView):
    """The card that networks show beside a link to a badge. It is here because awards and badges share one artist."""

    def get(self, request: Request, badge: UUID) -> HttpResponse:
        found = BadgeClass.objects.public().select_related("issuer").filter(pk=badge).first()
        if found is None:
            raise Http404(gettext_lazy("There is no badge at this address"))
        return _card(request, badge_card(found, site=_site()))


# --- Documents and pictures ----------------------------------------------------------------------------------


def _document(request: Request, pk: UUID, form: str, *, varies: bool = True) -> HttpResponse:
    """Answer with the stored text as it is; of a revoked award only with what is left of it (OB2-ISS-111)."""
    found = awards.hosted_form(pk)
    if found is None:
        raise Http404(NO_AWARD)
    text, revocation_reason, origin = found
    if revocation_reason:
        rest = documents.revoked_json(Assertion(pk=pk, origin=origin, revocation_reason=revocation_reason))
        return document(request, rest, form=form, status=410, cache=NEVER, varies=varies)
    return document(request, text, form=form, varies=varies)


def _pictured(pk: UUID) -> Assertion:
    found = awards.pictured_award(pk)
    if found is None:
        raise Http404(NO_AWARD)
    return found


def _gone(assertion: Assertion) -> HttpResponse:
    sentence = _("This badge was revoked: %(reason)s") % {"reason": assertion.revocation_reason}
    return _refused(sentence, status=410)


def _refused(sentence: str, *, status: int, retry: bool = False) -> HttpResponse:
    """Answer with a sentence. It is never cached: what is not there yet comes, what is gone must stay gone."""
    response = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = NEVER
    if retry:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _stored(name: str) -> bytes:
    try:
        with default_storage.open(name) as file:
            return bytes(file.read())
    except FileNotFoundError as missing:
        raise Http404(gettext_lazy("There is no picture at this address")) from missing


def _baked_picture(request: Request, assertion: Assertion, baked: BakedImage) -> HttpResponse:
    """Answer with a baked file; who has it already is told so without opening it."""
    etag = f'"{baked.etag}"'
    known = _known(request, etag)
    if known is not None:
        return known
    extension = str(baked.form).partition("-")[0]
    media_type = "image/png" if extension == "png" else "image/svg+xml"
    name = _file_name(assertion.badge_class, extension)
    response = picture(request, _stored(str(baked.file.name)), media_type=media_type, filename=name)
    response["ETag"] = etag
    return response


def _known(request: Request, etag: str) -> HttpResponse | None:
    """Answer who has it already; None for everybody else."""
    known = get_conditional_response(bare(request), etag=etag)
    if known is not None:
        known["ETag"], known["Cache-Control"] = etag, LIVE
    return known


def _file_name(badge_class: BadgeClass, extension: str) -> str:
    return f"{slugify(badge_class.name) or 'badge'}.{extension}"


def _card(request: Request, facts: CardFacts) -> HttpResponse:
    etag = f'"{facts.version}"'
    known = _known(request, etag)
    if known is not None:
        return known
    key = f"card:{facts.version}"
    drawn = cache.get(key)
    if drawn is None:
        drawn = facts.drawn(_stored(facts.picture_name))
        cache.set(key, drawn, CARDS_KEPT_SECONDS)
    response = picture(request, drawn, media_type="image/png")
    response["ETag"] = etag
    return response


def _site() -> str:
    return urlsplit(settings.SITE_URL).netloc


# --- The page ------------------------------------------------------------------------------------------------


def _page(request: Request, pk: UUID) -> HttpResponse:
    at = timezone.now()
    award = awards.public_award(pk, at=at, accepted=request.headers.get("Accept-Language", ""))
    if award is None:
        raise Http404(NO_AWARD)
    with in_readers_language(request, beside=award.worded.language):
        html = render_to_string("public/assertion.html", _page_context(award, at=at), request=bare(request))
    is_final = award.state != "revoked" and not award.is_being_prepared
    status = 410 if award.state == "revoked" else 200
    return page(request, html, status=status, cache=CURRENT if is_final else NEVER)


def _page_context(award: PublicAward, *, at: datetime) -> dict[str, Any]:
    assertion, badge_class = award.assertion, award.badge.badge_class
    issuer, url = badge_class.issuer, documents.assertion_url(assertion)
    return {
        "award": award,
        "assertion": assertion,
        "badge": badge_class,
        "story": award.badge,
        "next_badges": award.next_badges,
        "versions": awarded_story(badge_class),
        "endorsements": assertion.endorsements.shown().newest_first().select_related("endorser"),
        "issuer": issuer,
        "brand": brand_of(issuer),
        "issuer_site": urlsplit(issuer.url).hostname,
        "confirmation": confirmation_of(issuer),
        "issuer_about": plain_text(issuer.description, limit=280),
        "url": url,
        "verdict": _verdict(award),
        "facts": _facts(award),
        "preview": _preview(award, at=at),
        "linkedin_add_url": _linkedin(award),
        "linkedin_share_url": share_url(url),
        "hero_url": reverse("public:badge-image", args=[badge_class.pk])
        if award.state == "revoked"
        else reverse("public:assertion-image", args=[assertion.pk]),
        "file_name": _file_name(badge_class, ""),
        "has_svg": badge_class.image_media_type == "image/svg+xml",
        "at": at,
    }


def _verdict(award: PublicAward) -> str:
    """Say in one or two sentences by whom, to whom, when and until when; the verdict itself stands above."""
    assertion, issuer = award.assertion, award.badge.issuer
    words = {
        "issuer": issuer.name,
        "holder": award.holder,
        "day": day(assertion.issued_at),
        "last": day(assertion.expires_at),
        "revoked": day(assertion.revoked_at),
    }
    if assertion.declined_at is not None:
        return _("%(issuer)s awarded it, and its recipient declined it on %(revoked)s.") % words
    if award.state == "revoked":
        return _("%(issuer)s took it back on %(revoked)s.") % words
    awarded = (
        _("%(issuer)s awarded it to %(holder)s on %(day)s.") if award.holder else _("%(issuer)s awarded it on %(day)s.")
    )
    if award.state == "expired":
        lasts = _("It was valid until %(last)s and has not been revoked.")
    elif assertion.expires_at is not None:
        lasts = _("It has not been revoked and is valid until %(last)s.")
    else:
        lasts = _("It has not been revoked and does not expire.")
    return f"{awarded} {lasts}" % words


def _facts(award: PublicAward) -> list[dict[str, Any]]:
    """Return the facts beside the picture; what has no value is left out."""
    assertion, badge_class, issuer = award.assertion, award.badge.badge_class, award.badge.issuer
    is_revoked = award.state == "revoked"
    holder: dict[str, Any] = {
        "label": _("Earned by"),
        "value": award.holder,
        "consent": _("Name shown with their consent"),
    }
    if not award.holder:
        holder = {"label": _("Earned by"), "value": _("The holder has not made their name public"), "is_hidden": True}
    ends = _("Expired on") if award.state == "expired" else _("Valid until")
    level = ""
    if badge_class.level:
        level = _("%(level)d of 5, %(name)s") % {"level": badge_class.level, "name": badge_class.level_name}
    return [
        # Consent was given to show an achievement, not its loss.
        {} if is_revoked else holder,
        {"label": _("Issued by"), "value": issuer.name, "url": reverse("public:issuer", args=[issuer.pk])},
        {"label": _("Earned on"), "value": day(assertion.issued_at)},
        {
            "label": _("Declined on") if assertion.declined_at else _("Revoked on"),
            "value": day(assertion.revoked_at),
        },
        {} if is_revoked else {"label": ends, "value": day(assertion.expires_at) or _("It does not expire")},
        {"label": _("Level"), "value": level, "is_level": True},
        {"label": _("Category"), "value": badge_class.get_category_display()},
    ]


def _preview(award: PublicAward, *, at: datetime) -> Preview:
    """Return what networks show of the page; the card's address is new whenever the card is."""
    assertion, badge_class = award.assertion, award.badge.badge_class
    with override(settings.LANGUAGE_CODE):  # the card is one for all, and its description says what stands on it
        card = award_card(assertion, holder=award.holder, site=_site(), at=at)
    heading = {
        "valid": badge_class.name,
        "expired": _("%(badge)s (expired)") % {"badge": badge_class.name},
        "revoked": _("%(badge)s (revoked)") % {"badge": badge_class.name},
    }[award.state]
    return Preview(
        title=heading,
        description=f"{_verdict(award)} {plain_text(badge_class.description, limit=200)}",
        page_url=documents.assertion_url(assertion),
        site_name=award.badge.issuer.name,
        image_url=f"{public_url('public:assertion-card', assertion.pk)}?v={card.version}",
        image_alt=" ".join([f"{card.title}.", *(f"{line}." for line in card.lines), card.state]).strip(),
    )


def _linkedin(award: PublicAward) -> str:
    assertion, badge_class, issuer = award.assertion, award.badge.badge_class, award.badge.issuer
    expires = assertion.expires_at
    return add_to_profile_url(
        name=badge_class.name,
        page_url=documents.assertion_url(assertion),
        certificate_id=str(assertion.pk),
        organisation_name=issuer.name,
        organisation_id=issuer.linkedin_id,
        issued_on=timezone.localtime(assertion.issued_at).date(),
        expires_on=timezone.localtime(expires).date() if expires else None,
    )
