"""Rows of the second room."""

import functools
import io
import uuid
from datetime import timedelta

import factory
from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from badges.models import (
    Alignment,
    BadgeClass,
    BadgeTranslation,
    Competency,
    CompetencyLevel,
    EarningStep,
    Framework,
    FrameworkImport,
    Pilot,
    PilotMember,
    Plan,
    Review,
    StepKind,
)
from badges.models.framework import search_text
from tests.factories.accounts import UserFactory
from tests.factories.issuers import MONDAY, IssuerFactory, OrganisationFactory, PersonFactory

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


class PlanFactory(factory.django.DjangoModelFactory[Plan]):
    """Two badges in a table with a heading; the first leads to the second."""

    class Meta:
        model = Plan

    issuer = factory.SubFactory(IssuerFactory)
    organisation = factory.SelfAttribute("issuer.organisation")
    name = "programme.docx"
    kind = Plan.Kind.DOCX
    tables = factory.LazyFunction(
        lambda: [
            {
                "title": "",
                "rows": [
                    ["Name", "Description", "Level", "Next badge"],
                    ["Knots", "Ties a ship so that it stays.", "2", "Cranes"],
                    ["Cranes", "Moves loads by crane.", "3", ""],
                ],
            }
        ]
    )
    columns = factory.LazyFunction(lambda: ["name", "description", "level", "next_badge"])
    created_at = MONDAY


class FrameworkFactory(factory.django.DjangoModelFactory[Framework]):
    """Written here; without competencies."""

    class Meta:
        model = Framework

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Framework {n}")
    created_at = MONDAY
    updated_at = factory.SelfAttribute("created_at")


class CompetencyFactory(factory.django.DjangoModelFactory[Competency]):
    class Meta:
        model = Competency

    id = factory.LazyFunction(uuid.uuid4)
    framework = factory.SubFactory(FrameworkFactory)
    uri = factory.LazyAttribute(lambda row: f"urn:uuid:{row.id}")
    name = factory.Sequence(lambda n: f"Skill {n}")
    position = factory.Sequence(lambda n: n)
    search = factory.LazyAttribute(lambda row: search_text(row.name, getattr(row, "code", ""), []))
    updated_at = MONDAY


class CompetencyLevelFactory(factory.django.DjangoModelFactory[CompetencyLevel]):
    class Meta:
        model = CompetencyLevel

    framework = factory.SubFactory(FrameworkFactory)
    number = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Level {n}")


class ReviewFactory(factory.django.DjangoModelFactory[Review]):
    """Asked for, and not decided."""

    class Meta:
        model = Review

    badge_class = factory.SubFactory(BadgeClassFactory, draft=True)
    asked_by = factory.SubFactory(UserFactory)
    asked_at = MONDAY


class PilotFactory(factory.django.DjangoModelFactory[Pilot]):
    """Running for four weeks; `ended=True` for one that was ended and published."""

    class Meta:
        model = Pilot

    class Params:
        ended = factory.Trait(ended_at=MONDAY + timedelta(days=28), decision=Pilot.Decision.PUBLISH)

    badge_class = factory.SubFactory(BadgeClassFactory, status=BadgeClass.Status.PILOT)
    started_at = MONDAY
    ends_on = factory.LazyAttribute(lambda row: (row.started_at + timedelta(days=28)).date())


class PilotMemberFactory(factory.django.DjangoModelFactory[PilotMember]):
    class Meta:
        model = PilotMember

    pilot = factory.SubFactory(PilotFactory)
    person = factory.SubFactory(
        PersonFactory, organisation=factory.SelfAttribute("..pilot.badge_class.issuer.organisation")
    )


class FrameworkImportFactory(factory.django.DjangoModelFactory[FrameworkImport]):
    """A table of two skills that waits to be read; `read=True` once it was compared."""

    class Meta:
        model = FrameworkImport

    class Params:
        read = factory.Trait(state=FrameworkImport.State.READ, total=2)

    organisation = factory.SubFactory(OrganisationFactory)
    file = factory.LazyFunction(lambda: ContentFile(b"code,name\nA,One\nB,Two\n", "file"))
    file_name = "skills.csv"
    created_at = MONDAY
    queued_at = factory.SelfAttribute("created_at")
