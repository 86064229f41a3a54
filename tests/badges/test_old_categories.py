"""What was published stays as it was, although the six old categories are gone (badges/0006)."""

import importlib

import pytest
from django.apps import apps
from django.db import connection

from badges.documents import badge_class_json
from badges.models import BadgeClass
from tests.factories.badges import BadgeClassFactory

divide = importlib.import_module("badges.migrations.0006_old_categories_become_purpose_and_category").divide


def _migrated(badge):
    divide(apps, connection.schema_editor())
    badge.refresh_from_db()
    return badge.category, badge.purpose, badge.basis, badge.tags


@pytest.mark.parametrize(
    ("old", "language", "new"),
    [
        ("SKILL", "en", ("DURABLE", "SKILL", "", ["lifting", "Skill"])),
        ("LEADERSHIP", "de-AT", ("DURABLE", "SKILL", "", ["lifting", "Führung"])),
        ("COMPLIANCE", "en", ("TECHNICAL", "COMPLIANCE", "", ["lifting", "Compliance"])),
        ("PARTICIPATION", "fr", ("DURABLE", "SKILL", "PARTICIPATION", ["lifting", "Participation"])),
        ("VALUES", "ja", ("VALUES", "VALUES", "", ["lifting", "Values"])),
    ],
)
def test_old_categories_become_three_answers_and_stay_as_a_tag(badge, old, language, new):
    BadgeClass.objects.filter(pk=badge.pk).update(category=old, language=language, tags=["lifting"])

    assert _migrated(badge) == new


def test_a_tag_that_says_it_already_is_not_said_twice(badge):
    BadgeClass.objects.filter(pk=badge.pk).update(category="LEADERSHIP", tags=["leadership"])

    assert _migrated(badge)[3] == ["leadership"]


def test_drafts_were_never_read_by_anybody(academy):
    draft = BadgeClassFactory.create(issuer=academy, draft=True, category="LEADERSHIP", tags=["lifting"])

    assert _migrated(draft) == ("DURABLE", "SKILL", "", ["lifting"])


def test_the_document_says_what_it_said(badge):
    BadgeClass.objects.filter(pk=badge.pk).update(category="PARTICIPATION", tags=["lifting"])
    _migrated(badge)

    document = badge_class_json(badge)
    badge.purpose, badge.basis, badge.category = "FUN", "PROGRESS", "VALUES"
    badge.award_cap, badge.review_by = 3, None

    assert '"tags":["lifting","Participation"]' in document.replace(", ", ",").replace(": ", ":")
    assert badge_class_json(badge) == document


def test_what_is_newly_said_stands_in_the_criteria(badge):
    before = badge_class_json(badge)
    badge.applied, badge.useful_for = "On **every** shift.", "Crane operators."

    document = badge_class_json(badge)

    assert "How it is used at work" not in before
    assert "**How it is used at work**\\n\\nOn **every** shift." in document
    assert "**Why it matters, and in which roles**\\n\\nCrane operators." in document
