"""Whatever editors do, and at whatever moment: an award says what it was earned for."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from assertions.actions.award import AwardFields, award_badge
from assertions.actions.finish import finish_assertion
from assertions.actions.keys import replace_copies, report_key_compromised
from assertions.models import Assertion
from badges.actions.badge_classes import (
    archive_badge_class,
    copy_badge_class,
    delete_badge_class,
    edit_badge_class,
    fields_of,
    publish_badge_class,
    restore_badge_class,
)
from badges.actions.corrections import correct_badge_class
from badges.actions.translations import TranslationFields, save_translation
from badges.actions.versions import make_next_version, publish_next_version
from badges.documents import badge_class_json
from badges.models import BadgeClass
from badgeserver.errors import UserFacingError
from badgeserver.pictures import accept_picture
from issuers.actions.signing_keys import rotate_signing_key
from issuers.queries import active_signing_key
from tests.factories.assertions import AssertionFactory
from tests.factories.badges import SVG, AlignmentFactory, BadgeClassFactory, BadgeTranslationFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


class Beside(threading.Thread):
    """Does something in a connection of its own, and knows what came of it."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.act, self.came, self.backend = act, "", 0
        self.connected = threading.Event()

    def run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.backend = cursor.fetchone()[0]
            self.connected.set()
            self.act()
            self.came = "done"
        except UserFacingError as refusal:
            self.came = type(refusal).__name__
        finally:
            connection.close()

    @property
    def waits(self) -> bool:
        """Whether the database holds it up."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", [self.backend])
            row = cursor.fetchone()
        return bool(row and row[0])


@contextmanager
def beside(act: Callable[[], object]) -> Iterator[Beside]:
    """Begin `act` in another connection, and go on as soon as it waits for this one, or is through."""
    thread = Beside(act)
    thread.start()
    assert thread.connected.wait(timeout=20)
    while thread.is_alive() and not thread.waits:
        thread.join(timeout=0.01)
    yield thread


def after(thread: Beside) -> str:
    thread.join(timeout=20)
    assert not thread.is_alive()
    return thread.came


def _award(badge: BadgeClass, *, by, at: datetime, twice: bool) -> Assertion:
    fields = AwardFields(badge_class=badge, email="ben@mail.example.org", issued_at=at, allow_duplicate=twice)
    return award_badge(fields=fields, by=by, at=at)


# --- An award that is just being made ------------------------------------------------------------------------


@pytest.mark.parametrize("twice", [False, True])
def test_edit_sees_the_award_that_was_just_being_made(badge, ed, sam, now, twice):
    said = badge_class_json(badge)
    fields = replace(fields_of(badge), name="Something Else")

    with transaction.atomic():
        _award(badge, by=sam, at=now, twice=twice)
        with beside(lambda: edit_badge_class(badge_class=badge, fields=fields, by=ed, at=now)) as edit:
            pass

    assert after(edit) == "BadgeIsAwarded"
    assert badge_class_json(BadgeClass.objects.get(pk=badge.pk)) == said


@pytest.mark.parametrize("twice", [False, True])
def test_translation_of_the_award_that_was_just_being_made_needs_a_note(badge, ed, sam, now, twice):
    words = BadgeTranslationFactory.create(badge_class=badge)
    fields = TranslationFields(name="Etwas anderes", description=words.description)

    with transaction.atomic():
        _award(badge, by=sam, at=now, twice=twice)
        with beside(
            lambda: save_translation(badge_class=badge, language="de", fields=fields, by=ed, at=now)
        ) as translating:
            pass

    assert after(translating) == "TranslationNoteMissing"


@pytest.mark.parametrize("twice", [False, True])
def test_badge_of_the_award_that_was_just_being_made_stays(badge, ed, sam, now, twice):
    with transaction.atomic():
        award = _award(badge, by=sam, at=now, twice=twice)
        with beside(lambda: delete_badge_class(badge_class=badge, by=ed, at=now)) as deletion:
            pass

    assert after(deletion) == "BadgeIsAwarded"
    assert Assertion.objects.get().pk == award.pk


@pytest.mark.parametrize("twice", [False, True])
def test_version_is_published_after_the_award_that_was_just_being_made(badge, ed, sam, now, twice):
    AssertionFactory.create(badge_class=badge)
    draft = make_next_version(badge_class=badge, by=ed, at=now)
    seen: list[str] = []

    def publish() -> None:
        publish_next_version(badge_class=draft, change_note="Stricter.", by=ed, at=now)

    with transaction.atomic():
        _award(badge, by=sam, at=now, twice=twice)
        with beside(publish) as publishing:
            seen.append(publishing.came)

    assert after(publishing) == "done"
    assert seen == [""]  # it waited: nothing is awarded that was replaced


@pytest.mark.parametrize("twice", [False, True])
def test_award_waits_for_the_version_that_is_just_being_published(badge, ed, sam, now, twice):
    AssertionFactory.create(badge_class=badge)
    draft = make_next_version(badge_class=badge, by=ed, at=now)

    with transaction.atomic():
        publish_next_version(badge_class=draft, change_note="Stricter.", by=ed, at=now)
        with beside(lambda: _award(badge, by=sam, at=now, twice=twice)) as awarding:
            pass

    assert after(awarding) == "VersionSuperseded"
    assert badge.assertions.count() == 1


@pytest.mark.parametrize("twice", [False, True])
def test_award_waits_for_the_archive(badge, ed, sam, now, twice):
    with transaction.atomic():
        archive_badge_class(badge_class=badge, by=ed, at=now)
        with beside(lambda: _award(badge, by=sam, at=now, twice=twice)) as awarding:
            pass

    assert after(awarding) == "NotAwardable"
    assert badge.assertions.count() == 0


# --- A key that is being replaced or given up ----------------------------------------------------------------


def _keys(badge: BadgeClass) -> list[tuple[int, bool, bool]]:
    """Return every key of the badge's issuer: its generation, whether it signs, whether it is believed."""
    keys = badge.issuer.signing_keys.order_by("generation")
    return [(key.generation, key.retired_at is None, key.compromised_at is None) for key in keys]


def test_two_owners_who_replace_the_key_at_once_make_two_generations(badge, ada, now):
    with transaction.atomic():
        rotate_signing_key(issuer=badge.issuer, by=ada, at=now)
        with beside(lambda: rotate_signing_key(issuer=badge.issuer, by=ada, at=now)) as second:
            pass

    assert after(second) == "done"
    assert _keys(badge) == [(1, False, True), (2, False, True), (3, True, True)]


def test_replacing_a_key_that_is_just_reported_leaves_one_that_signs(badge, ada, now):
    key = active_signing_key(badge.issuer)

    with transaction.atomic():
        report_key_compromised(key=key, note="Laptop lost", tell_holders=False, by=ada, at=now)
        with beside(lambda: rotate_signing_key(issuer=badge.issuer, by=ada, at=now)) as rotation:
            pass

    assert after(rotation) == "done"
    assert _keys(badge) == [(1, False, False), (2, False, True), (3, True, True)]


def test_two_owners_who_report_a_key_at_once_report_it_once(badge, ada, now):
    key = active_signing_key(badge.issuer)

    def report() -> None:
        report_key_compromised(key=key, note="Laptop lost", tell_holders=False, by=ada, at=now)

    with transaction.atomic():
        report()
        with beside(report) as second:
            pass

    assert after(second) == "KeyAlreadyCompromised"
    assert _keys(badge) == [(1, False, False), (2, True, True)]


def test_award_of_a_key_that_is_given_up_meanwhile_gets_a_copy_that_is_believed(badge, ada, sam, now):
    """The award was made with the key, and signed with it, while nobody could see it yet."""
    key = active_signing_key(badge.issuer)

    with transaction.atomic():
        award = _award(badge, by=sam, at=now, twice=False)
        finish_assertion(assertion=award, at=now)
        with beside(
            lambda: report_key_compromised(key=key, note="Laptop lost", tell_holders=False, by=ada, at=now)
        ) as report:
            pass

    assert after(report) == "done"
    key.refresh_from_db()
    replace_copies(key=key, at=now)  # what the sweep begins
    award.refresh_from_db()
    finish_assertion(assertion=award, at=now)
    finish_assertion(assertion=award, at=now)
    award.refresh_from_db()
    assert award.signing_key == active_signing_key(badge.issuer)
    assert award.withdrawn_copies.count() == 1
    assert sorted(award.baked_images.values_list("form", flat=True)) == ["png"]


# --- Everything at once --------------------------------------------------------------------------------------


def test_nothing_that_editors_may_do_changes_what_the_world_gets_of_an_award(client, badge, academy, ada, ed, sam, now):
    """Byte for byte; the badge itself names its other versions and languages, and nothing else is different there."""
    award = _award(badge, by=sam, at=now, twice=False)
    finish_assertion(assertion=award, at=now)
    tails = ["", ".json", ".jws", ".vc.jwt", "/image.png", "/image"]
    later = now + timedelta(days=1)

    def world() -> dict[str, bytes]:
        got = {tail: client.get(f"/public/assertions/{award.pk}{tail}") for tail in tails}
        got["picture"] = client.get(f"/public/badges/{badge.pk}/image")
        assert {answer.status_code for answer in got.values()} == {200}
        return {name: answer.content for name, answer in got.items() if name}

    def said() -> dict[str, object]:
        document = json.loads(client.get(f"/public/badges/{badge.pk}", headers={"accept": "application/json"}).content)
        assert document.pop("related", None)
        return document

    before, meant = world(), said()
    stale = BadgeClass.objects.get(pk=badge.pk)
    AlignmentFactory.create(badge_class=BadgeClassFactory.create(issuer=academy))
    fields = replace(fields_of(badge), name="Something Else", picture=accept_picture(SVG), language="de")
    draft = make_next_version(badge_class=badge, fields=fields, by=ed, at=later)
    edit_badge_class(
        badge_class=draft, fields=replace(fields, name="Something Else Again", picture=None), by=ed, at=later
    )
    publish_next_version(badge_class=draft, change_note="All is new.", by=ed, at=later)
    copied = copy_badge_class(badge_class=stale, by=ed, at=later)
    edit_badge_class(badge_class=copied, fields=fields, by=ed, at=later)
    delete_badge_class(badge_class=copied, by=ed, at=later)
    save_translation(
        badge_class=badge,
        language="nl",
        fields=TranslationFields(name="Iets anders", description="Iets anders."),
        by=ed,
        at=later,
    )
    rotate_signing_key(issuer=academy, by=ada, at=later)
    archive_badge_class(badge_class=draft, by=ed, at=later)
    for act in [
        lambda: edit_badge_class(badge_class=stale, fields=fields, by=ed, at=later),
        lambda: delete_badge_class(badge_class=stale, by=ed, at=later),
        lambda: restore_badge_class(badge_class=stale, by=ed, at=later),
        lambda: publish_badge_class(badge_class=stale, by=ed, at=later),
        lambda: correct_badge_class(badge_class=stale, fields=fields, note="Typo", by=ed, at=later),
    ]:
        with pytest.raises(UserFacingError):
            act()

    assert world() == before
    assert said() == meant
