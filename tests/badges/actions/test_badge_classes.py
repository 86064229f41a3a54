from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError

from badges.actions.badge_classes import (
    AlignmentFields,
    BadgeFields,
    BadgeIsAwarded,
    BadgeIsRequired,
    BadgeRefused,
    IssuerRefused,
    NotComplete,
    PictureNotDrawn,
    StepFields,
    StepRefused,
    WrongMoment,
    archive_badge_class,
    copy_badge_class,
    create_badge_class,
    delete_badge_class,
    edit_badge_class,
    fields_of,
    publish_badge_class,
    restore_badge_class,
)
from badges.models import BadgeClass
from badgeserver.audit.models import AuditEvent
from badgeserver.pictures import Picture, accept_picture
from tests.factories.badges import SVG, BadgeClassFactory, EarningStepFactory, png
from tests.factories.issuers import DomainFactory, IssuerFactory


@pytest.fixture
def said() -> BadgeFields:
    return BadgeFields(
        name="Leading a Retrospective",
        description="Leads a team through looking back.",
        picture=accept_picture(png()),
        image_alt="A violet hexagon",
        criteria_narrative="You hold the room.",
        criteria_url="https://academy.example.org/retro",
        steps=(
            StepFields(kind="COURSE", text="Complete the course", url="https://academy.example.org/c"),
            StepFields(kind="ON_THE_JOB", text="Lead two retrospectives"),
        ),
        learned="Listening.",
        assessed="A mentor watches.",
        alignments=(AlignmentFields(target_name="listen", target_url="https://skills.example.org/1"),),
        tags=("teamwork", "feedback"),
        category="DURABLE",
        level=3,
        validity="MONTHS",
        validity_months=24,
        language="de",
        image_author="https://studio.example.org/ines",
        apply_url="https://academy.example.org/apply",
        licence="CC-BY",
        place="Quay 7",
        latitude=Decimal("53.5283"),
        longitude=Decimal("-9.9421"),
        extensions={"extensions:Level": {"type": ["Extension"], "name": "B2"}},
    )


def _trail():
    return list(AuditEvent.objects.order_by("pk").values_list("type", "actor_name", "subject_name", "details"))


def _read(field):
    with field.open("rb") as file:
        return file.read()


# --- Create --------------------------------------------------------------------------------------------------


def test_create_makes_a_draft_that_says_all(academy, ada, now, said):
    made = create_badge_class(issuer=academy, fields=said, by=ada, at=now)

    made = BadgeClass.objects.get(pk=made.pk)
    assert fields_of(made) == replace(said, picture=None)
    assert (made.status, made.created_at, made.updated_at, made.published_at) == ("DRAFT", now, now, None)
    assert _read(made.image) == said.picture.data
    assert _read(made.image_png) == said.picture.data
    assert made.image_media_type == "image/png"
    assert _trail() == [("badge_class.created", "Ada Osei", "Leading a Retrospective", {})]
    event = AuditEvent.objects.get()
    assert (event.organisation_id, event.issuer_id, event.subject_id, event.subject_type) == (
        academy.organisation_id,
        academy.pk,
        str(made.pk),
        "badges.badgeclass",
    )


def test_create_draws_an_svg_once(academy, ada, now, said):
    picture = accept_picture(SVG)

    made = create_badge_class(issuer=academy, fields=replace(said, picture=picture), by=ada, at=now)

    assert made.image_media_type == "image/svg+xml"
    assert _read(made.image) == picture.data
    drawn = accept_picture(_read(made.image_png))
    assert (drawn.extension, drawn.width, drawn.height) == ("png", 600, 600)


def test_create_can_publish_at_once(academy, ada, now, said):
    made = create_badge_class(issuer=academy, fields=said, by=ada, at=now, publish=True)

    assert (made.status, made.published_at) == ("PUBLISHED", now)
    assert [event[0] for event in _trail()] == ["badge_class.created", "badge_class.published"]


def test_create_makes_nothing_when_it_cannot_be_published(academy, ada, now):
    with pytest.raises(NotComplete) as refused:
        create_badge_class(issuer=academy, fields=BadgeFields(name="Half"), by=ada, at=now, publish=True)

    assert [item.field for item in refused.value.missing] == [
        "description",
        "picture",
        "image_alt",
        "criteria_narrative",
    ]
    assert refused.value.field == "description"
    assert (BadgeClass.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_create_takes_a_draft_of_a_name_alone(academy, ada, now):
    made = create_badge_class(issuer=academy, fields=BadgeFields(name="Half"), by=ada, at=now)

    assert (made.status, bool(made.image), made.tags) == ("DRAFT", False, [])


def test_create_refuses_an_svg_that_cannot_be_drawn(academy, ada, now, said):
    broken = Picture(data=b"<svg", media_type="image/svg+xml", extension="svg", width=100, height=100)

    with pytest.raises(PictureNotDrawn) as refused:
        create_badge_class(issuer=academy, fields=replace(said, picture=broken), by=ada, at=now)

    assert refused.value.field == "picture"
    assert BadgeClass.objects.count() == 0


def test_create_refuses_a_step_of_another_organisation(academy, elsewhere_issuer, ada, now, said):
    foreign = BadgeClassFactory.create(issuer=elsewhere_issuer)
    step = StepFields(kind="BADGE", text="Hold it", required_badge=foreign)

    with pytest.raises(StepRefused, match="your own organisation"):
        create_badge_class(issuer=academy, fields=replace(said, steps=[step]), by=ada, at=now)

    assert BadgeClass.objects.of_organisation(academy.organisation).count() == 0


def test_publication_holds_the_line_of_the_standard_for_every_door(academy, ada, now, said):
    wrong = (AlignmentFields(target_name="listen", target_url="urn:skill:1"),)

    with pytest.raises(BadgeRefused, match="targetUrl"):
        create_badge_class(issuer=academy, fields=replace(said, alignments=wrong), by=ada, at=now, publish=True)

    assert BadgeClass.objects.count() == 0


def test_database_refuses_a_validity_that_contradicts_itself(academy, ada, now, said):
    with pytest.raises(IntegrityError):
        create_badge_class(issuer=academy, fields=replace(said, validity_until=date(2027, 1, 1)), by=ada, at=now)


# --- Edit ----------------------------------------------------------------------------------------------------


def test_edit_replaces_what_is_said_and_names_what_changed(academy, draft_badge, ed, now, said):
    later = now + timedelta(hours=1)

    edited = edit_badge_class(badge_class=draft_badge, fields=said, by=ed, at=later)
    again = edit_badge_class(
        badge_class=edited, fields=replace(said, name="New", picture=None, steps=said.steps[::-1]), by=ed, at=later
    )

    assert fields_of(again) == replace(said, name="New", picture=None, steps=said.steps[::-1])
    assert (again.status, again.updated_at) == ("DRAFT", later)
    assert _trail()[-1] == ("badge_class.edited", "Ed Novak", "New", {"changed": ["name", "steps"]})


def test_edit_without_a_picture_keeps_the_one_there_is(draft_badge, ed, now, said):
    before = _read(draft_badge.image)

    edited = edit_badge_class(badge_class=draft_badge, fields=replace(said, picture=None), by=ed, at=now)

    assert _read(edited.image) == before


def test_edit_takes_the_old_picture_away_once_the_new_one_is_saved(
    draft_badge, ed, now, said, django_capture_on_commit_callbacks
):
    old = {draft_badge.image.name, draft_badge.image_png.name}

    with django_capture_on_commit_callbacks(execute=True):
        edited = edit_badge_class(badge_class=draft_badge, fields=said, by=ed, at=now)

    assert [default_storage.exists(name) for name in old] == [False, False]
    assert _read(edited.image) == said.picture.data


def test_edit_can_publish_a_draft(draft_badge, ed, now, said):
    edited = edit_badge_class(badge_class=draft_badge, fields=said, by=ed, at=now, publish=True)

    assert (edited.status, edited.published_at) == ("PUBLISHED", now)
    assert [event[0] for event in _trail()] == ["badge_class.edited", "badge_class.published"]


def test_edit_keeps_a_published_badge_whole(badge, ed, now, said):
    with pytest.raises(NotComplete, match="Say in a sentence or two"):
        edit_badge_class(badge_class=badge, fields=replace(said, description=""), by=ed, at=now)

    badge.refresh_from_db()
    assert badge.name == "Forklift Safety"


def test_edit_keeps_a_published_badge_within_the_standard(badge, ed, now, said):
    with pytest.raises(BadgeRefused):
        edit_badge_class(badge_class=badge, fields=replace(said, tags=["  "]), by=ed, at=now)

    badge.refresh_from_db()
    assert badge.tags == []


def test_edit_is_refused_once_awarded(assertion, badge, ed, now, said):
    with pytest.raises(BadgeIsAwarded, match="as a draft of its next version instead"):
        edit_badge_class(badge_class=badge, fields=said, by=ed, at=now)

    badge.refresh_from_db()
    assert badge.name == "Forklift Safety"
    assert AuditEvent.objects.filter(type="badge_class.edited").count() == 0


def test_edit_is_refused_while_archived(academy, ed, now, said):
    archived = BadgeClassFactory.create(issuer=academy, archived=True)

    with pytest.raises(WrongMoment, match="Restore it"):
        edit_badge_class(badge_class=archived, fields=said, by=ed, at=now)


def test_edit_moves_a_badge_within_its_organisation_only(acme, academy, draft_badge, elsewhere_issuer, ed, now, said):
    sister = IssuerFactory.create(organisation=acme, name="Acme Safety Board")

    moved = edit_badge_class(badge_class=draft_badge, issuer=sister, fields=said, by=ed, at=now)
    with pytest.raises(IssuerRefused):
        edit_badge_class(badge_class=draft_badge, issuer=elsewhere_issuer, fields=said, by=ed, at=now)

    moved.refresh_from_db()
    assert moved.issuer == sister


@pytest.fixture
def own_host(academy, settings, now) -> str:
    """The base under which Acme Academy makes its new badges; its sister issuer has no domain."""
    settings.SITE_URL = "https://badges.example.org"
    academy.origin = settings.SITE_URL
    academy.save()
    DomainFactory.create(issuer=academy, name="academy.example.org", proved_by="DNS", proved_at=now, hosting_since=now)
    return "https://academy.example.org"


def test_edit_moves_a_draft_to_the_addresses_of_its_issuer(acme, academy, own_host, ed, now, said):
    """Validators believe no badge that lies where its issuer answers for nothing (OB2-ISS-83)."""
    sister = IssuerFactory.create(organisation=acme, origin="https://badges.example.org")
    draft = create_badge_class(issuer=academy, fields=said, by=ed, at=now)

    moved = edit_badge_class(badge_class=draft, issuer=sister, fields=said, by=ed, at=now)

    assert (draft.origin, moved.origin) == (own_host, "https://badges.example.org")


def test_edit_leaves_a_published_badge_where_its_issuer_answers_for_it(acme, academy, own_host, ed, now, said):
    sister = IssuerFactory.create(organisation=acme, name="Safety Board", origin="https://badges.example.org")
    shown = create_badge_class(issuer=academy, fields=said, by=ed, at=now, publish=True)

    with pytest.raises(IssuerRefused, match=r"lies under academy\.example\.org, where validators believe no badges"):
        edit_badge_class(badge_class=shown, issuer=sister, fields=said, by=ed, at=now)
    elsewhere = BadgeClassFactory.create(issuer=sister, origin="https://badges.example.org")
    taken = edit_badge_class(badge_class=elsewhere, issuer=academy, fields=said, by=ed, at=now)

    assert (taken.issuer, taken.origin) == (academy, "https://badges.example.org")


def test_edit_refuses_a_circle_of_badges(badge, svg_badge, draft_badge, ed, now, said):
    EarningStepFactory.create(badge_class=badge, required_badge=svg_badge, kind="BADGE")
    EarningStepFactory.create(badge_class=svg_badge, required_badge=draft_badge, kind="BADGE")
    step = StepFields(kind="BADGE", text="Hold it", required_badge=badge)
    itself = StepFields(kind="BADGE", text="Hold it", required_badge=draft_badge)

    for steps in ([step], [itself]):
        with pytest.raises(StepRefused, match="Nobody could ever earn"):
            edit_badge_class(badge_class=draft_badge, fields=replace(said, steps=steps), by=ed, at=now)

    assert draft_badge.earning_steps.count() == 0


# --- Publish, archive, restore -------------------------------------------------------------------------------


def test_publish_shows_a_draft_to_the_world(academy, ada, now, said):
    draft = create_badge_class(issuer=academy, fields=said, by=ada, at=now)

    published = publish_badge_class(badge_class=draft, by=ada, at=now)

    published.refresh_from_db()
    assert (published.status, published.published_at, published.is_awardable) == ("PUBLISHED", now, True)
    assert _trail()[-1] == ("badge_class.published", "Ada Osei", "Leading a Retrospective", {})


def test_publish_refuses_what_is_not_whole(draft_badge, ada, now):
    with pytest.raises(NotComplete) as refused:
        publish_badge_class(badge_class=draft_badge, by=ada, at=now)

    assert refused.value.message == "Describe the picture in a few words, for people who cannot see it."
    draft_badge.refresh_from_db()
    assert draft_badge.status == "DRAFT"


def test_publish_refuses_what_is_published_or_archived(academy, badge, ada, now):
    archived = BadgeClassFactory.create(issuer=academy, archived=True)

    with pytest.raises(WrongMoment, match="published already"):
        publish_badge_class(badge_class=badge, by=ada, at=now)
    with pytest.raises(WrongMoment, match="Restore it instead"):
        publish_badge_class(badge_class=archived, by=ada, at=now)


def test_archive_and_restore_an_awarded_badge(assertion, badge, ada, now):
    archived = archive_badge_class(badge_class=badge, by=ada, at=now)
    assert (archived.status, archived.archived_at, archived.is_awardable) == ("ARCHIVED", now, False)

    restored = restore_badge_class(badge_class=badge, by=ada, at=now)
    restored.refresh_from_db()
    assert (restored.status, restored.archived_at) == ("PUBLISHED", None)
    assert [event[0] for event in _trail()][-2:] == ["badge_class.archived", "badge_class.restored"]


def test_archive_and_restore_refuse_the_wrong_moment(academy, badge, draft_badge, ada, now):
    archived = BadgeClassFactory.create(issuer=academy, archived=True)

    with pytest.raises(WrongMoment, match="archived already"):
        archive_badge_class(badge_class=archived, by=ada, at=now)
    with pytest.raises(WrongMoment, match="delete it instead"):
        archive_badge_class(badge_class=draft_badge, by=ada, at=now)
    with pytest.raises(WrongMoment, match="not archived"):
        restore_badge_class(badge_class=badge, by=ada, at=now)


# --- Copy, delete --------------------------------------------------------------------------------------------


def test_copy_says_the_same_with_pictures_of_its_own(academy, ada, now, said, django_capture_on_commit_callbacks):
    original = create_badge_class(issuer=academy, fields=said, by=ada, at=now, publish=True)

    copy = copy_badge_class(badge_class=original, by=ada, at=now)

    assert fields_of(copy) == replace(fields_of(original), name="Copy of Leading a Retrospective")
    assert (copy.status, copy.copied_from, copy.issuer) == ("DRAFT", original, academy)
    assert _trail()[-1] == (
        "badge_class.copied",
        "Ada Osei",
        "Copy of Leading a Retrospective",
        {"copied_from": str(original.pk)},
    )
    with django_capture_on_commit_callbacks(execute=True):
        delete_badge_class(badge_class=original, by=ada, at=now)
    copy.refresh_from_db()
    assert (_read(copy.image), _read(copy.image_png)) == (said.picture.data, said.picture.data)


def test_copy_of_a_draft_without_a_picture(academy, ada, now):
    draft = create_badge_class(issuer=academy, fields=BadgeFields(name="Half"), by=ada, at=now)

    assert bool(copy_badge_class(badge_class=draft, by=ada, at=now).image) is False


def test_delete_takes_a_badge_and_its_pictures_away(svg_badge, ada, now, django_capture_on_commit_callbacks):
    names = [svg_badge.image.name, svg_badge.image_png.name]

    with django_capture_on_commit_callbacks(execute=True):
        delete_badge_class(badge_class=svg_badge, by=ada, at=now)

    assert BadgeClass.objects.filter(pk=svg_badge.pk).exists() is False
    assert [default_storage.exists(name) for name in names] == [False, False]
    assert _trail() == [("badge_class.deleted", "Ada Osei", "First Aid", {})]


def test_delete_is_refused_once_awarded(assertion, badge, ada, now):
    with pytest.raises(BadgeIsAwarded, match="Archive it"):
        delete_badge_class(badge_class=badge, by=ada, at=now)

    assert BadgeClass.objects.filter(pk=badge.pk).exists() is True


def test_delete_is_refused_while_another_badge_asks_for_it(badge, svg_badge, ada, now):
    EarningStepFactory.create(badge_class=svg_badge, required_badge=badge, kind="BADGE")

    with pytest.raises(BadgeIsRequired, match="“First Aid” asks for this badge"):
        delete_badge_class(badge_class=badge, by=ada, at=now)

    assert BadgeClass.objects.filter(pk=badge.pk).exists() is True
