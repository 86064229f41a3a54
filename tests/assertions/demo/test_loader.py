"""The demo is loaded as a whole, and has one of everything that a page can show."""

from datetime import UTC, datetime

import pytest

from assertions.management.demo import competencies, lifecycle, planning
from assertions.management.demo.designs import FAMILIES
from assertions.management.demo.loader import load
from badges.models import Alignment, BadgeClass, Competency, Design, DesignFamily, Pilot, Review, Visibility
from issuers.models import Person

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_demo_has_one_of_everything():
    organisation = load(now=NOW)

    badges = BadgeClass.objects.of_organisation(organisation)
    assert badges.get(visibility=Visibility.INTERNAL).name == planning.FUN.name
    assert badges.get(is_template=True).name == lifecycle.TEMPLATE
    assert badges.exclude(successor=None).get().status == BadgeClass.Status.ARCHIVED
    assert badges.exclude(award_cap=None).count() == len(planning.FREE_PLACES)
    assert badges.exclude(next_level=None).count() == len(planning.LADDERS)
    assert Alignment.objects.filter(competency__isnull=False, level__isnull=False).exists()
    assert Review.objects.get(decision="").badge_class.status == BadgeClass.Status.DRAFT
    assert Pilot.objects.get().answers.count() == len(lifecycle.SAID_BY_TESTERS + lifecycle.SAID_BY_MANAGERS)
    assert DesignFamily.objects.filter(organisation=organisation).count() == len(FAMILIES)
    assert Design.objects.filter(badge_class__in=badges).count() == badges.count()
    assert Competency.objects.count() == sum(len(area) for area in competencies.AREAS)
    assert not Person.objects.filter(organisation=organisation, job_role=None).exists()
