"""The next version of a badge: begun from the current one, prepared, published in its place, or discarded."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection

from assertions.actions.award import AwardFields, VersionSuperseded, award_badge
from badges.actions.badge_classes import (
    BadgeIsAwarded,
    BadgeRefused,
    ChangedMeanwhile,
    NotComplete,
    StepFields,
    StepRefused,
    WrongMoment,
    archive_badge_class,
    copy_badge_class,
    delete_badge_class,
    edit_badge_class,
    fields_of,
    publish_badge_class,
    restore_badge_class,
)
from badges.actions.versions import (
    ChangeNoteMissing,
    DraftExists,
    NotFrozen,
    make_next_version,
    publish_next_version,
)
from badges.models import BadgeClass, BadgeTranslation
from badgeserver.audit.models import AuditEvent
from badgeserver.errors import UserFacingError
from badgeserver.pictures import accept_picture
from tests.factories.assertions import AssertionFactory
from tests.factories.badges import SVG, AlignmentFactory, BadgeClassFactory, EarningStepFactory

LATER = timedelta(days=30)


@pytest.fixture
def draft(assertion, badge, ed, now) -> BadgeClass:
    """The draft of version 2 of Forklift Safety, which Rita holds."""
    return make_next_version(badge_class=badge, by=ed, at=now + timedelta(days=1))


def publish(draft, by, at, note="Stacking at six metres.", seen=None):
    return publish_next_version(badge_class=draft, change_note=note, by=by, at=at, seen=seen)


def read(field):
    with field.open("rb") as file:
        return file.read()


def trail():
    events = AuditEvent.objects.filter(type__startswith="badge_class").order_by("pk")
    return list(events.values_list("type", "actor_name", "details"))


def states(badge):
    versions = BadgeClass.objects.of_series(badge.series)
    return [(one.version, one.status) for one in versions]


# --- Begin ---------------------------------------------------------------------------------------------------


def test_next_version_says_the_same_with_an_id_and_pictures_of_its_own(assertion, badge, ed, now):
    EarningStepFactory.create(badge_class=badge, text="Drive", position=0)
    AlignmentFactory.create(badge_class=badge, target_name="lift", position=0)
    badge.tags, badge.extensions = ["safety"], {"extensions:Thing": {"type": ["Extension"]}}
    badge.apply_url, badge.licence = "https://academy.example.org/apply", "CC-BY"
    badge.save()

    made = make_next_version(badge_class=badge, by=ed, at=now + LATER)

    made = BadgeClass.objects.get(pk=made.pk)
    assert fields_of(made) == fields_of(badge)
    assert (made.series, made.version, made.status) == (badge.series, 2, "DRAFT")
    assert (made.extensions, made.apply_url, made.licence) == (badge.extensions, badge.apply_url, "CC-BY")
    assert (made.created_at, made.updated_at, made.published_at, made.change_note) == (
        now + LATER,
        now + LATER,
        None,
        "",
    )
    assert made.copied_from is None
    assert {made.image.name, made.image_png.name} & {badge.image.name, badge.image_png.name} == set()
    assert (read(made.image), read(made.image_png)) == (read(badge.image), read(badge.image_png))
    assert trail()[-1] == ("badge_class.version.started", "Ed Novak", {"version": 2, "previous": str(badge.pk)})
    assert states(badge) == [(1, "PUBLISHED"), (2, "DRAFT")]


def test_translations_go_along_and_keep_the_moment_they_were_looked_at(assertion, badge, ed, now):
    words = {"name": "Staplersicherheit", "description": "Fährt sicher.", "steps": ["Fahren"]}
    BadgeTranslation.objects.create(badge_class=badge, language="de", created_at=now, updated_at=now, **words)

    made = make_next_version(badge_class=badge, by=ed, at=now + LATER)

    copied = made.translations.get()
    assert (copied.name, copied.steps, copied.updated_at) == ("Staplersicherheit", ["Fahren"], now)
    assert badge.translations.get().pk != copied.pk


def test_next_version_takes_what_was_typed(assertion, badge, ed, now):
    typed = replace(fields_of(badge), name="Forklift Safety, Class II", picture=accept_picture(SVG))

    made = make_next_version(badge_class=badge, fields=typed, by=ed, at=now)

    assert (made.name, made.image_media_type) == ("Forklift Safety, Class II", "image/svg+xml")
    badge.refresh_from_db()
    assert badge.name == "Forklift Safety"


def test_an_archived_badge_can_go_on_in_a_next_version(assertion, badge, ed, ada, now):
    archive_badge_class(badge_class=badge, by=ada, at=now)

    made = make_next_version(badge_class=badge, by=ed, at=now + LATER)
    published = publish(made, ed, now + LATER)

    assert (made.status, published.archived_at) == ("DRAFT", None)
    assert states(badge) == [(1, "SUPERSEDED"), (2, "PUBLISHED")]


def test_one_draft_a_series(draft, badge, ed, now):
    with pytest.raises(DraftExists, match="Version 2 is being prepared already") as refused:
        make_next_version(badge_class=badge, by=ed, at=now)
    with pytest.raises(DraftExists):
        make_next_version(badge_class=draft, by=ed, at=now)

    assert refused.value.draft == draft


def test_database_holds_one_draft_and_one_current_version(draft, badge):
    with pytest.raises(IntegrityError):
        BadgeClassFactory.create(issuer=badge.issuer, series=badge.series, version=3, draft=True)


def test_badge_that_nobody_holds_is_simply_edited(badge, draft_badge, ed, now):
    for one in (badge, draft_badge):
        with pytest.raises(NotFrozen, match="simply edit it"):
            make_next_version(badge_class=one, by=ed, at=now)


def test_next_version_is_made_from_the_current_one(draft, badge, ed, now):
    publish(draft, ed, now + LATER)

    with pytest.raises(WrongMoment, match="Make the next one from the current version"):
        make_next_version(badge_class=badge, by=ed, at=now + LATER)


def test_steps_ask_for_current_versions(assertion, badge, draft, svg_badge, ed, now):
    """First Aid asks for Forklift 1; once that is replaced, the next First Aid asks for Forklift 2."""
    EarningStepFactory.create(badge_class=svg_badge, required_badge=badge, kind="BADGE")
    AssertionFactory.create(badge_class=svg_badge)
    published = publish(draft, ed, now + LATER)

    made = make_next_version(badge_class=svg_badge, by=ed, at=now + LATER)

    assert made.earning_steps.get().required_badge == published
    assert svg_badge.earning_steps.get().required_badge == badge


# --- Circles -------------------------------------------------------------------------------------------------


def test_circles_run_through_every_version(draft, badge, svg_badge, ed, now):
    """First Aid asks for version 1; so version 2 cannot ask for First Aid."""
    EarningStepFactory.create(badge_class=svg_badge, required_badge=badge, kind="BADGE")
    asks = replace(fields_of(draft), steps=[StepFields(kind="BADGE", text="Hold it", required_badge=svg_badge)])
    itself = replace(fields_of(draft), steps=[StepFields(kind="BADGE", text="Hold it", required_badge=badge)])

    for fields in (asks, itself):
        with pytest.raises(StepRefused, match="Nobody could ever earn"):
            edit_badge_class(badge_class=draft, fields=fields, by=ed, at=now)


def test_what_only_an_earlier_version_asked_for_makes_no_circle(assertion, badge, svg_badge, ed, now):
    EarningStepFactory.create(badge_class=badge, required_badge=svg_badge, kind="BADGE")
    made = make_next_version(badge_class=badge, fields=replace(fields_of(badge), steps=()), by=ed, at=now)
    asks = replace(
        fields_of(svg_badge),
        image_alt="A cross",
        steps=[StepFields(kind="BADGE", text="Hold it", required_badge=badge)],
    )
    with pytest.raises(StepRefused):
        edit_badge_class(badge_class=svg_badge, fields=asks, by=ed, at=now)

    edit_badge_class(badge_class=made, fields=replace(fields_of(made), image_alt="x"), by=ed, at=now)
    publish(made, ed, now)

    edited = edit_badge_class(badge_class=svg_badge, fields=asks, by=ed, at=now)
    assert edited.earning_steps.get().required_badge == badge


# --- Publish -------------------------------------------------------------------------------------------------


def test_publishing_takes_the_place_of_the_one_before(draft, badge, assertion, ed, now):
    published = publish(draft, ed, now + LATER, note="  Stacking at six metres. ")

    badge.refresh_from_db()
    assert (badge.status, badge.superseded_at, badge.is_awardable) == ("SUPERSEDED", now + LATER, False)
    assert (published.status, published.published_at, published.change_note) == (
        "PUBLISHED",
        now + LATER,
        "Stacking at six metres.",
    )
    assertion.refresh_from_db()
    assert assertion.badge_class == badge
    assert trail()[-1] == (
        "badge_class.version.published",
        "Ed Novak",
        {"version": 2, "previous": str(badge.pk), "change_note": "Stacking at six metres."},
    )


def test_earlier_version_is_not_awarded_and_its_refusal_names_the_current_one(draft, badge, ed, sam, now):
    fields = AwardFields(badge_class=badge, email="ben@mail.example.org", issued_at=now)
    published = publish(draft, ed, now)

    with pytest.raises(VersionSuperseded, match=str(published.pk)) as refused:
        award_badge(fields=fields, by=sam, at=now)
    assert refused.value.code == "badge_superseded"

    archive_badge_class(badge_class=published, by=ed, at=now)
    with pytest.raises(VersionSuperseded, match="Restore that one first"):
        award_badge(fields=fields, by=sam, at=now)


def test_versions_go_on(draft, badge, ed, now):
    second = publish(draft, ed, now)
    AssertionFactory.create(badge_class=second)

    third = publish(make_next_version(badge_class=second, by=ed, at=now), ed, now + LATER)

    assert states(badge) == [(1, "SUPERSEDED"), (2, "SUPERSEDED"), (3, "PUBLISHED")]
    assert third.series == badge.pk


@pytest.mark.parametrize("note", ["", "   \n"])
def test_publishing_says_what_is_new(draft, badge, ed, now, note):
    with pytest.raises(ChangeNoteMissing) as refused:
        publish(draft, ed, now, note=note)

    assert refused.value.field == "change_note"
    assert states(badge) == [(1, "PUBLISHED"), (2, "DRAFT")]


def test_publishing_wants_a_whole_badge(draft, badge, ed, now):
    BadgeClass.objects.filter(pk=draft.pk).update(description="")

    with pytest.raises(NotComplete, match="Say in a sentence or two"):
        publish(draft, ed, now)

    assert states(badge) == [(1, "PUBLISHED"), (2, "DRAFT")]


def test_publishing_holds_the_line_of_the_standard(draft, badge, ed, now):
    AlignmentFactory.create(badge_class=draft, target_url="urn:skill:1")

    with pytest.raises(BadgeRefused):
        publish(draft, ed, now)

    assert states(badge) == [(1, "PUBLISHED"), (2, "DRAFT")]


def test_publishing_what_somebody_changed_meanwhile_is_refused(draft, badge, ed, ada, now):
    seen = draft.updated_at
    edit_badge_class(badge_class=draft, fields=replace(fields_of(draft), name="Other"), by=ada, at=now + LATER)

    with pytest.raises(ChangedMeanwhile, match="Somebody else saved"):
        publish(draft, ed, now + LATER, seen=seen)
    assert publish(draft, ed, now + LATER, seen=now + LATER).name == "Other"


def test_publishing_what_is_published_or_gone_is_refused(draft, badge, draft_badge, ed, now):
    publish(draft, ed, now)
    gone = BadgeClass.objects.get(pk=draft.pk)

    for one in (draft, badge, draft_badge):
        with pytest.raises(WrongMoment, match="no draft of a version"):
            publish(one, ed, now)
    AssertionFactory.create(badge_class=gone)
    third = make_next_version(badge_class=gone, by=ed, at=now)
    stale = BadgeClass.objects.get(pk=third.pk)
    delete_badge_class(badge_class=third, by=ed, at=now)
    with pytest.raises(WrongMoment, match="discarded in the meantime"):
        publish(stale, ed, now)


def test_versions_are_published_through_their_own_door(draft, ed, now):
    for act in (
        lambda: publish_badge_class(badge_class=draft, by=ed, at=now),
        lambda: edit_badge_class(badge_class=draft, fields=fields_of(draft), publish=True, by=ed, at=now),
    ):
        with pytest.raises(WrongMoment, match="page of its own"):
            act()


# --- Edit, archive, copy, delete -------------------------------------------------------------------------------


def test_editing_what_somebody_saved_meanwhile_is_refused(draft, ed, ada, now):
    seen, said = draft.updated_at, fields_of(draft)
    edit_badge_class(badge_class=draft, fields=replace(said, name="Ada’s"), seen=seen, by=ada, at=now + LATER)

    with pytest.raises(ChangedMeanwhile):
        edit_badge_class(badge_class=draft, fields=replace(said, name="Ed’s"), seen=seen, by=ed, at=now + 2 * LATER)

    draft.refresh_from_db()
    assert draft.name == "Ada’s"


def test_earlier_version_stays_as_it_is(draft, badge, ed, now):
    publish(draft, ed, now)

    with pytest.raises(BadgeIsAwarded, match="draft of its next version"):
        edit_badge_class(badge_class=badge, fields=fields_of(badge), by=ed, at=now)
    with pytest.raises(WrongMoment, match="Archive the current one"):
        archive_badge_class(badge_class=badge, by=ed, at=now)
    with pytest.raises(WrongMoment, match="took the place"):
        restore_badge_class(badge_class=badge, by=ed, at=now)
    with pytest.raises(BadgeIsAwarded):
        delete_badge_class(badge_class=badge, by=ed, at=now)


def test_earlier_version_without_awards_stays_too(academy, ed, now):
    """It cannot come about by our own acts, but an import may bring it."""
    row = BadgeClassFactory.create(issuer=academy, status="SUPERSEDED", superseded_at=now)

    with pytest.raises(WrongMoment, match="Change the current one"):
        edit_badge_class(badge_class=row, fields=fields_of(row), by=ed, at=now)


def test_current_version_is_archived_and_restored(draft, badge, ed, now):
    published = publish(draft, ed, now)

    archive_badge_class(badge_class=published, by=ed, at=now)
    assert states(badge) == [(1, "SUPERSEDED"), (2, "ARCHIVED")]
    restore_badge_class(badge_class=published, by=ed, at=now)
    assert states(badge) == [(1, "SUPERSEDED"), (2, "PUBLISHED")]


def test_copy_of_a_version_is_another_badge(draft, badge, ed, now):
    copy = copy_badge_class(badge_class=publish(draft, ed, now), by=ed, at=now)

    assert (copy.series, copy.version, copy.change_note) == (copy.pk, 1, "")


def test_discarding_the_draft_leaves_everything_as_it_was(draft, badge, ed, now, django_capture_on_commit_callbacks):
    names = [draft.image.name, draft.image_png.name]

    with django_capture_on_commit_callbacks(execute=True):
        delete_badge_class(badge_class=draft, by=ed, at=now)

    assert states(badge) == [(1, "PUBLISHED")]
    assert [default_storage.exists(name) for name in names] == [False, False]
    assert [default_storage.exists(name) for name in (badge.image.name, badge.image_png.name)] == [True, True]
    assert trail()[-1] == ("badge_class.version.discarded", "Ed Novak", {"version": 2})
    assert make_next_version(badge_class=badge, by=ed, at=now).version == 2


def test_earlier_version_is_not_published_again(draft, badge, ed, now):
    publish(draft, ed, now)

    with pytest.raises(WrongMoment, match="A later version took the place of this one"):
        publish_badge_class(badge_class=badge, by=ed, at=now)


def test_published_version_is_not_deleted_though_nobody_holds_it(draft, badge, ed, now):
    published = publish(draft, ed, now)

    with pytest.raises(WrongMoment, match="Earlier versions lead to this one"):
        delete_badge_class(badge_class=published, by=ed, at=now)


def test_version_that_nobody_holds_is_edited_in_place(draft, ed, now):
    published = publish(draft, ed, now)

    edited = edit_badge_class(badge_class=published, fields=replace(fields_of(published), name="New"), by=ed, at=now)

    assert (edited.name, edited.version, edited.status) == ("New", 2, "PUBLISHED")


# --- At the same moment ----------------------------------------------------------------------------------------


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do all of it at the same moment; return what came of each, by name."""
    starting = threading.Barrier(len(acts))

    def one(act) -> str:
        starting.wait(timeout=10)
        try:
            act()
        except UserFacingError as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@pytest.fixture
def awarded(badge, now):
    AssertionFactory.create(badge_class=badge)
    return badge


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_editors_begin_one_draft(awarded, ed, ada, now):
    answers = at_once(
        lambda: make_next_version(badge_class=awarded, by=ed, at=now),
        lambda: make_next_version(badge_class=awarded, by=ada, at=now),
    )

    assert sorted(answers) == ["DraftExists", "done"]
    assert states(awarded) == [(1, "PUBLISHED"), (2, "DRAFT")]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_publishers_publish_once(awarded, ed, ada, now):
    draft = make_next_version(badge_class=awarded, by=ed, at=now)

    answers = at_once(lambda: publish(draft, ed, now), lambda: publish(draft, ada, now))

    assert sorted(answers) == ["WrongMoment", "done"]
    assert states(awarded) == [(1, "SUPERSEDED"), (2, "PUBLISHED")]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_publishing_and_discarding_at_once_end_in_one_of_them(awarded, ed, ada, now):
    draft = make_next_version(badge_class=awarded, by=ed, at=now)
    stale = BadgeClass.objects.get(pk=draft.pk)

    def discard() -> None:
        delete_badge_class(badge_class=stale, by=ada, at=now)

    answers = at_once(lambda: publish(draft, ed, now), discard)

    assert sorted(answers) == ["WrongMoment", "done"]
    assert states(awarded) in ([(1, "SUPERSEDED"), (2, "PUBLISHED")], [(1, "PUBLISHED")])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_award_and_publication_at_once_never_award_what_was_replaced(awarded, ed, sam, now):
    draft = make_next_version(badge_class=awarded, by=ed, at=now)
    fields = AwardFields(badge_class=awarded, email="ben@mail.example.org", issued_at=now)

    answers = at_once(lambda: publish(draft, ed, now), lambda: award_badge(fields=fields, by=sam, at=now))

    assert answers[0] == "done"
    assert answers[1] in {"done", "VersionSuperseded"}
    assert awarded.assertions.count() == (2 if answers[1] == "done" else 1)
