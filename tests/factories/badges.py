"""Rows of the second room."""

import functools
import io
import uuid
from datetime import timedelta

import factory
from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from badges.models import Alignment, BadgeClass, BadgeTranslation, EarningStep, StepKind
from tests.factories.issuers import MONDAY, IssuerFactory

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">
<circle cx="200" cy="200" r="180" fill="#1f6f5c"/>
<path d="M200 90v220M90 200h220" stroke="#fff" stroke-width="40"/>
</svg>
"""


@functools.cache
def png(size: int = 400, color: str = "#f2b705") -> bytes:
    """A round badge as PNG bytes, with nothing baked inside."""
    picture = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((10, 10, size - 10, size - 10), fill=color)
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


class BadgeClassFactory(factory.django.DjangoModelFactory[BadgeClass]):
    """Published, with a PNG picture; `draft=True` and `archived=True` for the other two lives."""

    class Meta:
        model = BadgeClass

    class Params:
        draft = factory.Trait(status=BadgeClass.Status.DRAFT, published_at=None)
        archived = factory.Trait(
            status=BadgeClass.Status.ARCHIVED,
            archived_at=factory.LazyAttribute(lambda row: row.published_at + timedelta(days=1)),
        )

    id = factory.LazyFunction(uuid.uuid4)
    issuer = factory.SubFactory(IssuerFactory)
    origin = factory.LazyFunction(lambda: settings.SITE_URL)
    series = factory.SelfAttribute("id")
    status = BadgeClass.Status.PUBLISHED
    name = factory.Sequence(lambda n: f"Badge {n}")
    description = "What the holder of this badge can do."
    image = factory.LazyFunction(lambda: ContentFile(png(), "badge.png"))
    image_png = factory.LazyFunction(lambda: ContentFile(png(), "badge.png"))
    criteria_narrative = "Show it twice."
    created_at = MONDAY
    updated_at = factory.SelfAttribute("created_at")
    published_at = factory.SelfAttribute("created_at")


class SvgBadgeClassFactory(BadgeClassFactory):
    image = factory.LazyFunction(lambda: ContentFile(SVG, "badge.svg"))
    image_png = factory.LazyFunction(lambda: ContentFile(png(color="#1f6f5c"), "badge.png"))


class EarningStepFactory(factory.django.DjangoModelFactory[EarningStep]):
    class Meta:
        model = EarningStep

    badge_class = factory.SubFactory(BadgeClassFactory)
    position = factory.Sequence(lambda n: n)
    kind = StepKind.COURSE
    text = factory.Sequence(lambda n: f"Take course {n}")


class AlignmentFactory(factory.django.DjangoModelFactory[Alignment]):
    class Meta:
        model = Alignment

    badge_class = factory.SubFactory(BadgeClassFactory)
    position = factory.Sequence(lambda n: n)
    target_name = factory.Sequence(lambda n: f"Skill {n}")
    target_url = factory.Sequence(lambda n: f"https://skills.example.org/{n}")


class BadgeTranslationFactory(factory.django.DjangoModelFactory[BadgeTranslation]):
    """A badge in German, all but its steps."""

    class Meta:
        model = BadgeTranslation

    badge_class = factory.SubFactory(BadgeClassFactory)
    language = "de"
    name = "Gespräche führen"
    description = "Führt schwierige Gespräche."
    image_alt = "Violettes Sechseck"
    criteria_narrative = "Zeigen Sie es zweimal."
    created_at = MONDAY
    updated_at = factory.SelfAttribute("created_at")
