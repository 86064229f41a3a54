"""Frameworks by hand: made, changed, archived; skills added, changed, retired; drafts given the new words."""

import pytest

from badges.actions.frameworks import (
    CompetencyFields,
    CompetencyRefused,
    FrameworkFields,
    FrameworkRefused,
    LevelFields,
    add_competency,
    archive_framework,
    edit_competency,
    edit_framework,
    make_badge_for,
    make_framework,
    refresh_drafts,
    restore_framework,
    retire_competency,
    set_levels,
    unretire_competency,
)
from badges.insights.frameworks import alignment_words
from badges.models import BadgeClass, FrameworkSource
from badgeserver.audit.models import AuditEvent
from tests.factories.badges import AlignmentFactory, BadgeClassFactory, CompetencyFactory, FrameworkFactory


@pytest.fixture
def framework(acme):
    return FrameworkFactory.create(organisation=acme, name="Warehouse")


def _trail():
    return list(AuditEvent.objects.order_by("pk").values_list("type", flat=True))


def test_framework_is_made_changed_archived_and_restored(acme, ada, now):
    made = make_framework(organisation=acme, fields=FrameworkFields(name="Own"), by=ada, at=now)
    edit_framework(framework=made, fields=FrameworkFields(name="Our own", publisher="Acme"), by=ada, at=now)
    archive_framework(framework=made, by=ada, at=now)
    archive_framework(framework=made, by=ada, at=now)
    made.refresh_from_db()
    assert (made.name, made.publisher, made.source, made.archived_at) == ("Our own", "Acme", FrameworkSource.OWN, now)
    restore_framework(framework=made, by=ada, at=now)
    made.refresh_from_db()
    assert made.archived_at is None
    assert _trail() == ["framework.created", "framework.edited", "framework.archived", "framework.restored"]


def test_name_stands_once_in_an_organisation(acme, elsewhere, framework, ada, now):
    with pytest.raises(FrameworkRefused) as refused:
        make_framework(organisation=acme, fields=FrameworkFields(name="Warehouse"), by=ada, at=now)
    assert (refused.value.field, refused.value.message) == (
        "name",
        "You have a framework called “Warehouse” already. Give this one another name.",
    )
    assert make_framework(organisation=elsewhere, fields=FrameworkFields(name="Warehouse"), by=ada, at=now).pk


def test_competency_is_added_changed_and_retired(framework, ada, now):
    top = add_competency(framework=framework, fields=CompetencyFields(name="Driving"), by=ada, at=now)
    fields = CompetencyFields(name="Förklift", code="W1", parent=top, other_names=["Lift truck"])
    made = add_competency(framework=framework, fields=fields, by=ada, at=now)
    assert (made.uri, made.search, made.position) == (f"urn:uuid:{made.pk}", "\nforklift\nw1\nlift truck\n", 2)
    edit_competency(competency=made, fields=CompetencyFields(name="Forklift truck", code="W1"), by=ada, at=now)
    retire_competency(competency=made, by=ada, at=now)
    made.refresh_from_db()
    assert (made.name, made.parent, made.retired_at) == ("Forklift truck", None, now)
    unretire_competency(competency=made, by=ada, at=now)
    made.refresh_from_db()
    assert made.retired_at is None


def test_competency_is_not_above_itself_nor_below_another_framework(framework, ada, now):
    top = CompetencyFactory.create(framework=framework)
    child = CompetencyFactory.create(framework=framework, parent=top)
    for parent in (child, top, CompetencyFactory.create(framework__organisation=framework.organisation)):
        with pytest.raises(CompetencyRefused) as refused:
            edit_competency(competency=top, fields=CompetencyFields(name="Top", parent=parent), by=ada, at=now)
        assert refused.value.field == "parent"


def test_code_stands_once_in_a_framework(framework, ada, now):
    CompetencyFactory.create(framework=framework, name="Driving", code="W1")
    with pytest.raises(CompetencyRefused) as refused:
        add_competency(framework=framework, fields=CompetencyFields(name="Loading", code="W1"), by=ada, at=now)
    assert refused.value.message == "“Driving” has this code already. Give each skill its own, or leave it empty."


def test_words_of_others_are_not_changed_by_hand(acme, ada, now):
    esco = FrameworkFactory.create(organisation=acme, name="ESCO", source=FrameworkSource.ESCO)
    skill = CompetencyFactory.create(framework=esco)
    fields = CompetencyFields(name="Mine")
    for act in (
        lambda: add_competency(framework=esco, fields=fields, by=ada, at=now),
        lambda: edit_competency(competency=skill, fields=fields, by=ada, at=now),
        lambda: retire_competency(competency=skill, by=ada, at=now),
    ):
        with pytest.raises(CompetencyRefused):
            act()
    assert list(esco.competencies.values_list("name", flat=True)) == [skill.name]


def test_levels_are_replaced_as_a_whole(framework, ada, now):
    levels = [LevelFields(number=2, name="Able"), LevelFields(number=1, name="Beginning", description="With help")]
    set_levels(framework=framework, levels=levels, by=ada, at=now)
    set_levels(framework=framework, levels=levels, by=ada, at=now)
    assert [str(level) for level in framework.levels.all()] == ["1 Beginning", "2 Able"]
    assert _trail() == ["framework.levels.set"]
    with pytest.raises(FrameworkRefused):
        set_levels(framework=framework, levels=[levels[0], levels[0]], by=ada, at=now)
    assert framework.levels.count() == 2


def test_badge_is_begun_for_a_competency(framework, academy, elsewhere_issuer, ada, now):
    skill = CompetencyFactory.create(framework=framework, name="Driving a forklift", code="W1", description="Drives.")
    made = make_badge_for(competency=skill, issuer=academy, by=ada, at=now)
    alignment = made.alignments.get()
    assert (made.status, made.name, made.description) == (BadgeClass.Status.DRAFT, "Driving a forklift", "Drives.")
    assert (alignment.competency, alignment.target_url) == (
        skill,
        f"http://badges.example.org/public/competencies/{skill.pk}",
    )
    with pytest.raises(CompetencyRefused):
        make_badge_for(competency=skill, issuer=elsewhere_issuer, by=ada, at=now)


def test_drafts_take_the_new_words_and_published_badges_keep_theirs(framework, academy, ada, now):
    skill = CompetencyFactory.create(framework=framework, name="New words")
    draft, published = BadgeClassFactory.create(issuer=academy, draft=True), BadgeClassFactory.create(issuer=academy)
    for badge in (draft, published):
        AlignmentFactory.create(badge_class=badge, competency=skill, target_name="Old words", level=2)
    assert refresh_drafts(framework=framework, by=ada, at=now) == 1
    assert refresh_drafts(framework=framework, by=ada, at=now) == 0
    after = draft.alignments.get()
    assert (after.target_name, after.level) == ("New words", 2)
    assert published.alignments.get().target_name == "Old words"
    assert _trail() == ["badge_class.edited"]


def test_address_of_a_skill_is_its_publishers_or_ours(framework):
    theirs = CompetencyFactory.create(framework=framework, uri="https://skills.example.org/1")
    ours = CompetencyFactory.create(framework=framework, uri="code:W1", name="x" * 300)
    assert alignment_words(theirs)["target_url"] == "https://skills.example.org/1"
    assert alignment_words(ours)["target_url"] == f"http://badges.example.org/public/competencies/{ours.pk}"
    assert len(alignment_words(ours)["target_name"]) == 200
