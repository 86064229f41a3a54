"""The door to the world: a badge as a document, as a page and as a picture."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from rest_framework.request import Request

from badges import queries
from badges.credentials import achievement_json
from badges.documents import (
    badge_class_card_url,
    badge_class_generation_json,
    badge_class_image_url,
    badge_class_json,
    badge_class_url,
    translation_json,
)
from badges.insights.comparison import compare
from badges.insights.frameworks import competency_url, is_public, path_to, public_badges, public_competencies
from badges.insights.ladders import draw_public, place_of
from badges.insights.languages import WordedBadge, for_reader, in_language, language_links
from badges.insights.lifecycle import successor_of
from badges.insights.rarity import rarity_of
from badges.insights.versions import earlier_version, version_story
from badges.models import BadgeClass, Competency, Framework
from badgeserver.api.public import HTML, PublicView, bare, document, in_readers_language, page, picture, wanted_form
from badgeserver.languages import spoken
from badgeserver.markdown import plain_text
from badgeserver.openbadges.extensions import LICENCE_PAGES
from issuers.branding import Brand, brand_of, brand_of_organisation
from issuers.documents import confirmation_of, issuer_id
from issuers.models import SigningKey

#: More than any issuer will ever have, and what the column can hold.
MAX_GENERATION = 32_768


class BadgeClassView(PublicView):
    """The `id` of a BadgeClass: JSON-LD for machines, a page for people (OB2-ISS-40, 160). Drafts are not there."""

    def get(self, request: Request, badge: uuid.UUID) -> HttpResponse:
        found = _published(badge)
        form = wanted_form(request)
        if form == HTML:
            worded = for_reader(found, request.headers.get("Accept-Language", ""))
            with in_readers_language(request, beside=worded.language):
                return _page(request, worded)
        return document(request, badge_class_json(found), form=form)


class BadgeGenerationView(PublicView):
    """The badge as signed awards of a later key name it (docs/adr/0012); people are shown the badge's own page."""

    def get(self, request: Request, badge: uuid.UUID, generation: int) -> HttpResponse:
        found = _published(badge)
        keys = SigningKey.objects.select_related("issuer").filter(issuer=found.issuer_id, generation__gt=1)
        key = keys.filter(generation=generation).first() if generation < MAX_GENERATION else None
        if key is None:
            raise Http404(gettext_lazy("There is no badge at this address"))
        form = wanted_form(request)
        if form == HTML:
            return HttpResponseRedirect(reverse("public:badge", args=[badge]))
        return document(request, badge_class_generation_json(found, key), form=form)


class BadgeLanguageView(PublicView):
    """The badge in another language: a document of its own (OB2-ISS-121), and a page that is always in it.

    In its own language too, where people choose it although their browser prefers another; the document there is the
    badge itself under its own `id`.
    """

    def get(self, request: Request, badge: uuid.UUID, language: str) -> HttpResponse:
        found = _published(badge)
        worded = in_language(found, language)
        if worded is None:
            raise Http404(gettext_lazy("This badge is not described in this language"))
        form = wanted_form(request)
        if form == HTML:
            with _in_its_language(request, worded):
                return _page(request, worded)
        words = next((item for item in found.translations.all() if item.language == language), None)
        return document(request, translation_json(words) if words else badge_class_json(found), form=form)


class AchievementView(PublicView):
    """The `id` of the badge's Achievement in Open Badges 3.0; people are shown the badge's own page."""

    def get(self, request: Request, badge: uuid.UUID) -> HttpResponse:
        found = _published(badge)
        form = wanted_form(request)
        if form == HTML:
            return HttpResponseRedirect(reverse("public:badge", args=[badge]))
        return document(request, achievement_json(found), form=form)


class BadgeChangesView(PublicView):
    """What is different in a version from the one before, or from version `?since=`; for people alone."""

    def get(self, request: Request, badge: uuid.UUID) -> HttpResponse:
        found = _published(badge)
        with in_readers_language(request, beside=found.language):
            html = render_to_string("public/badge_changes.html", self._context(found), request=bare(request))
        return page(request, html)

    def _context(self, found: BadgeClass) -> dict[str, Any]:
        story = version_story(found)
        earlier = earlier_version(story.public, found, self.request.GET.get("since", ""))
        return {
            "badge": found,
            "brand": brand_of(found.issuer),
            "versions": story,
            "comparison": compare(_published(earlier.pk), found) if earlier else None,
            "before_picture": badge_class_image_url(earlier) if earlier else "",
            "after_picture": badge_class_image_url(found),
            "choices": [one for one in story.public if one.version < found.version],
            "issuer_url": issuer_id(found.issuer),
        }


class BadgeClassImageView(PublicView):
    """The picture without a badge baked into it (OB2-ISS-44)."""

    def get(self, request: Request, badge: uuid.UUID) -> HttpResponse:
        found = _published(badge)
        try:
            with found.image.open("rb") as file:
                data = file.read()
        except FileNotFoundError as missing:
            raise Http404(gettext_lazy("There is no picture at this address")) from missing
        return picture(request, data, media_type=found.image_media_type)


class CompetencyView(PublicView):
    """A competency that a badge of ours names, with what it asks for and the badges for it (docs/adr/0018).

    It is there as soon as a badge for all to see names it: until then nobody outside was told of it. For people alone.
    """

    def get(self, request: Request, competency: uuid.UUID) -> HttpResponse:
        found = Competency.objects.select_related("framework__organisation", "parent", "successor")
        said = found.filter(pk=competency).first()
        if said is None or not is_public(said):
            raise Http404(gettext_lazy("There is no skill at this address"))
        address = competency_url(said)
        context = {
            "competency": said,
            "brand": _brand_of(said.framework),
            "framework": said.framework,
            "path": path_to(said),
            "levels": said.framework.levels.all(),
            "badges": public_badges(said),
            "elsewhere": address if address == said.uri else "",
        }
        with in_readers_language(request, beside=said.framework.language):
            html = render_to_string("public/competency.html", context, request=bare(request))
        return page(request, html)


class FrameworkView(PublicView):
    """A framework, as far as badges for all to see name its competencies. For people alone."""

    def get(self, request: Request, framework: uuid.UUID) -> HttpResponse:
        found = Framework.objects.select_related("organisation").filter(pk=framework).first()
        named = public_competencies(found) if found else []
        if found is None or not named:
            raise Http404(gettext_lazy("There is no framework at this address"))
        context = {
            "framework": found,
            "brand": _brand_of(found),
            "competencies": named,
            "levels": found.levels.all(),
        }
        with in_readers_language(request, beside=found.language):
            html = render_to_string("public/framework.html", context, request=bare(request))
        return page(request, html)


def _brand_of(framework: Framework) -> Brand:
    return brand_of_organisation(framework.organisation, url=reverse("public:framework", args=[framework.pk]))


def _published(badge: uuid.UUID) -> BadgeClass:
    found = queries.with_parts(BadgeClass.objects.public()).filter(pk=badge).first()
    if found is None:
        raise Http404(gettext_lazy("There is no badge at this address"))
    return found


def _page(request: Request, worded: WordedBadge) -> HttpResponse:
    html = render_to_string("public/badge.html", _context(worded), request=bare(request))
    response = page(request, html)
    response["Content-Language"] = worded.language
    return response


def _in_its_language(request: Request, worded: WordedBadge) -> override:
    """Speak the language that was chosen, as far as we can; else the reader's."""
    ours = spoken(worded.language)
    is_spoken = ours != settings.LANGUAGE_CODE or worded.language.lower().startswith(settings.LANGUAGE_CODE)
    return override(ours) if is_spoken else in_readers_language(request)


def _context(worded: WordedBadge) -> dict[str, Any]:
    badge, at = worded.badge_class, timezone.now()
    versions, place = version_story(badge), place_of(badge, is_public=True)
    return {
        "badge": badge,
        "brand": brand_of(badge.issuer),
        "worded": worded,
        "languages": language_links(badge, worded.language),
        "story": worded.page,
        "issuer_url": issuer_id(badge.issuer),
        "confirmation": confirmation_of(badge.issuer),
        "url": badge_class_url(badge),
        "image_url": badge_class_image_url(badge),
        "card_url": badge_class_card_url(badge),
        "summary": plain_text(badge.description, limit=200),
        "versions": versions,
        # Of all versions together, so it stands on the page of the current one.
        "rarity": None if versions.is_superseded else rarity_of([badge], at=at)[badge.pk],
        "next_badges": [(other, badge_class_url(other)) for other in queries.next_badges(badge, is_public=True)],
        "facts": _facts(badge),
        "rungs": draw_public(place.ladder),
        "related": [(other, badge_class_url(other)) for other in place.related],
        "endorsements": badge.endorsements.shown().newest_first().select_related("endorser"),
        "is_archived": badge.status == BadgeClass.Status.ARCHIVED,
        "is_pilot": badge.status == BadgeClass.Status.PILOT,
        "successor": _successor(badge),
        "licence_url": LICENCE_PAGES.get(badge.licence, ""),
        "image_author_site": urlsplit(badge.image_author).hostname,
    }


def _successor(badge: BadgeClass) -> dict[str, object]:
    """Return the badge that takes the place of an archived one, where the world may see it."""
    found = successor_of(badge, is_public=True) if badge.status == BadgeClass.Status.ARCHIVED else None
    return {"badge": found, "url": badge_class_url(found)} if found else {}


def _facts(badge: BadgeClass) -> list[dict[str, str]]:
    level = _("%(level)d of 5, %(name)s") % {"level": badge.level, "name": badge.level_name} if badge.level else ""
    return [
        {"label": _("Issued by"), "value": badge.issuer.name, "url": issuer_id(badge.issuer)},
        {"label": _("Level"), "value": level, "is_level": "yes"},
        {"label": _("Purpose"), "value": badge.get_purpose_display()},
        {"label": _("Rests on"), "value": badge.get_basis_display()},
        {"label": _("Category"), "value": badge.get_category_display()},
        {"label": _("Valid"), "value": badge.validity_sentence},
    ]
