import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.db import connection
from django.utils.text import slugify

from assertions import tasks
from assertions.actions import finish as module
from assertions.actions.award import AwardFields, award_badge
from assertions.actions.finish import finish_assertion, queue_unfinished
from assertions.models import Assertion, BakedImage, Notice, WithdrawnCopy
from badgeserver.openbadges import jws, keys
from badgeserver.openbadges.baking import unbake_all
from badgeserver.openbadges.v3 import read_credential
from badgeserver.openbadges.vocabulary import Standard
from issuers.actions.signing_keys import rotate_signing_key
from tests.factories.assertions import AssertionFactory, NoticeFactory


@pytest.fixture
def waiting(svg_badge, sam, now):
    """An award that no worker has seen."""
    return award_badge(
        fields=AwardFields(badge_class=svg_badge, email="rita@mail.example.org", issued_at=now), by=sam, at=now
    )


@pytest.fixture
def queued(monkeypatch):
    """Collect what is put into the queue instead of working it off."""
    found = []
    monkeypatch.setattr(tasks.finish_assertion, "delay", lambda **ids: found.append(("finish_assertion", ids)))
    monkeypatch.setattr(tasks.send_notice, "delay", lambda **ids: found.append(("send_notice", ids)))
    return found


def carried() -> dict[str, dict[Standard, str]]:
    """What each baked picture carries."""
    found = {}
    for image in BakedImage.objects.all():
        with image.file.open() as file:
            found[image.form] = unbake_all(file.read())
    return found


def test_signature_covers_the_stored_bytes(waiting, now):
    finished = finish_assertion(assertion=waiting, at=now)

    public_key = keys.load_public_key(finished.signing_key.public_key_pem)
    assert jws.verify(finished.jws, public_key) == waiting.signed_json.encode()
    assert (finished.finished_at, Assertion.objects.get().jws) == (now, finished.jws)


def test_svg_badge_is_baked_in_every_form(waiting, now):
    finished = finish_assertion(assertion=waiting, at=now)

    assert carried() == {
        "png": {Standard.V2: finished.jws, Standard.V3: finished.credential_jwt},
        "svg": {Standard.V2: finished.jws},
        "svg-v3": {Standard.V3: finished.credential_jwt},
    }


def test_png_badge_is_baked_once(assertion):
    assert carried() == {"png": {Standard.V2: assertion.jws, Standard.V3: assertion.credential_jwt}}


def test_finishing_anew_replaces_what_was_baked_and_tells_nobody(
    assertion, now, queued, django_capture_on_commit_callbacks
):
    earlier, place = assertion.baked_images.get(), assertion.status_index
    Assertion.objects.update(finished_at=None, credential_jwt="")

    with django_capture_on_commit_callbacks(execute=True):
        again = finish_assertion(assertion=assertion, at=now + timedelta(hours=1))

    assert carried() == {"png": {Standard.V2: assertion.jws, Standard.V3: again.credential_jwt}}
    assert (again.status_index, again.credential_jwt) == (place, assertion.credential_jwt)
    assert not default_storage.exists(earlier.file.name)
    assert queued == []


def test_places_in_the_status_lists_are_free_ones(badge, now, sam, monkeypatch):
    drawn = iter([7, *(7, 9), *(7, 9), 5, 3])
    monkeypatch.setattr(module.secrets, "randbelow", lambda _limit: next(drawn))
    monkeypatch.setattr(module, "DRAWS", 2)
    places = []
    for name in ("one", "two", "three", "of the next key"):
        if name == "of the next key":
            rotate_signing_key(issuer=badge.issuer, by=None, at=now)
        fields = AwardFields(badge_class=badge, email=f"{slugify(name)}@mail.example.org", issued_at=now)
        finished = finish_assertion(assertion=award_badge(fields=fields, by=sam, at=now), at=now)
        places.append(finished.status_index)

    assert places == [7, 9, 131_072 + 5, 2 * 131_072 + 3]


def test_places_of_withdrawn_copies_are_given_to_nobody(assertion, badge, now, sam, monkeypatch):
    """Neither by the draw, nor to who asked a moment before the copy was withdrawn."""
    place, key = assertion.status_index, assertion.signing_key
    Assertion.objects.filter(pk=assertion.pk).update(status_index=place + 1)
    WithdrawnCopy.objects.create(
        assertion=assertion, signing_key=key, signed_uuid=uuid.uuid4(), status_index=place, withdrawn_at=now
    )
    award = award_badge(
        fields=AwardFields(badge_class=badge, email="ben@mail.example.org", issued_at=now), by=sam, at=now
    )
    drawn = iter([place, place + 1, place + 2])
    monkeypatch.setattr(module.secrets, "randbelow", lambda _limit: next(drawn) % 131_072)
    monkeypatch.setattr(module, "DRAWS", 3)
    assert module._free_place(award) == place + 2

    late = iter([place, place + 1, place + 3])
    monkeypatch.setattr(module, "_free_place", lambda _award: next(late))
    assert finish_assertion(assertion=award, at=now).status_index == place + 3


@pytest.mark.postgres  # SQLite knows one writer at a time
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("queued")
def test_two_workers_that_draw_the_same_place_end_in_two(badge, now, sam, monkeypatch):
    """Both found it free, because neither had committed: the second waits for the first, and draws again."""
    awards = [
        award_badge(fields=AwardFields(badge_class=badge, email=email, issued_at=now), by=sam, at=now)
        for email in ("rita@mail.example.org", "ben@mail.example.org", "ida@mail.example.org")
    ]
    finish_assertion(assertion=awards.pop(), at=now)  # the list has begun
    taken = Assertion.objects.get(status_index__isnull=False).status_index
    starting, real, draws = threading.Barrier(2), module._free_place, threading.local()

    def same_at_first(assertion: Assertion) -> int:
        if hasattr(draws, "done"):
            return real(assertion)
        draws.done = True
        starting.wait(timeout=10)
        return (taken + 1) % 131_072

    monkeypatch.setattr(module, "_free_place", same_at_first)

    def finish(award: Assertion) -> Assertion:
        try:
            return finish_assertion(assertion=award, at=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        finished = list(pool.map(finish, awards))

    stored = list(Assertion.objects.values_list("status_index", flat=True))
    assert (len(set(stored)), None in stored) == (3, False)
    assert (taken + 1) % 131_072 in stored
    assert {award.status_index for award in finished} | {taken} == set(stored)
    assert [f"#{award.status_index}" in _status(award)["id"] for award in finished] == [True, True]


@pytest.mark.postgres  # SQLite knows one writer at a time
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("queued")
def test_workers_that_begin_the_lists_of_a_key_at_once_begin_one(badge, now, sam):
    awards = [
        award_badge(
            fields=AwardFields(badge_class=badge, email=f"n{n}@mail.example.org", issued_at=now), by=sam, at=now
        )
        for n in range(4)
    ]
    starting = threading.Barrier(len(awards))

    def finish(award: Assertion) -> int | None:
        starting.wait(timeout=10)
        try:
            return finish_assertion(assertion=award, at=now).status_index
        finally:
            connection.close()

    with ThreadPoolExecutor(len(awards)) as pool:
        places = list(pool.map(finish, awards))

    assert len(set(places)) == 4
    assert {place // 131_072 for place in places if place is not None} == {0}


def _status(award: Assertion) -> dict[str, str]:
    found: dict[str, str] = read_credential(award.credential_jwt).document["credentialStatus"]
    return found


def test_baked_file_cannot_be_guessed_from_the_award(waiting, now):
    finish_assertion(assertion=waiting, at=now)

    names = list(BakedImage.objects.values_list("file", flat=True))
    assert all(len(name.rsplit("/", 1)[-1]) == len(f"{'0' * 32}.png") for name in names)


def test_finishing_twice_changes_nothing(waiting, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = finish_assertion(assertion=waiting, at=now)
    with django_capture_on_commit_callbacks(execute=True):
        again = finish_assertion(assertion=waiting, at=now + timedelta(hours=1))

    assert (again.jws, again.finished_at) == (first.jws, now)
    assert (BakedImage.objects.count(), len(mail.outbox)) == (3, 1)


def test_finishing_queues_the_mail(waiting, now, queued, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        finish_assertion(assertion=waiting, at=now)

    assert queued == [("send_notice", {"notice_id": waiting.notices.get().pk})]


def test_award_whose_picture_is_not_there_stays_unfinished(waiting, now):
    module._picture.cache_clear()
    waiting.badge_class.image_png.delete(save=False)

    with pytest.raises(FileNotFoundError):
        finish_assertion(assertion=waiting, at=now)
    assert list(Assertion.objects.values_list("finished_at", "jws")) == [(None, "")]


def test_task_of_an_award_that_is_gone_does_nothing(db):
    tasks.finish_assertion(assertion_id="00000000-0000-4000-8000-000000000000")
    tasks.send_notice(notice_id=1)


def test_signed_form_is_signed_with_the_key_it_names(waiting, now):
    finished = finish_assertion(assertion=waiting, at=now)

    creator = json.loads(finished.signed_json)["verification"]["creator"]
    assert creator.endswith(f"/keys/{finished.signing_key.kid}")


# --- The sweep -----------------------------------------------------------------------------------------------


def test_sweep_queues_what_no_worker_has_finished(waiting, now, queued):
    later = now + timedelta(minutes=2)

    assert queue_unfinished(queued_before=now + timedelta(minutes=1), at=later) == 1
    assert queued == [("finish_assertion", {"assertion_id": str(waiting.pk)})]
    assert Assertion.objects.get().queued_at == later


def test_sweep_leaves_to_the_queue_what_is_fresh(waiting, now, queued):
    assert queue_unfinished(queued_before=now, at=now) == 0
    assert queued == []


def test_sweep_queues_mails_that_nobody_handed_over(badge, now, queued):
    finished = AssertionFactory.create(badge_class=badge)
    owed = NoticeFactory.create(assertion=finished, handed_over_at=None, sent_at=None)
    revoked = AssertionFactory.create(badge_class=badge, revoked=True, unfinished=True)
    owed_too = NoticeFactory.create(assertion=revoked, kind=Notice.Kind.REVOCATION, handed_over_at=None, sent_at=None)

    assert queue_unfinished(queued_before=now + timedelta(minutes=1), at=now) == 2
    assert sorted(queued, key=str) == sorted(
        [("send_notice", {"notice_id": owed.pk}), ("send_notice", {"notice_id": owed_too.pk})], key=str
    )


def test_sweep_leaves_mails_alone_that_are_sent_refused_in_doubt_or_not_ready(badge, now, queued):
    def award(**traits: object) -> Assertion:
        return AssertionFactory.create(badge_class=badge, **traits)

    NoticeFactory.create(assertion=award())
    NoticeFactory.create(assertion=award(), handed_over_at=None, sent_at=None, problem="550 No such person")
    NoticeFactory.create(assertion=award(), sent_at=None)
    NoticeFactory.create(assertion=award(unfinished=True, queued_at=now), handed_over_at=None, sent_at=None)

    assert queue_unfinished(queued_before=now, at=now) == 0
    assert queued == []


def test_sweep_takes_the_oldest_first_and_the_rest_later(badge, now, queued, monkeypatch):
    monkeypatch.setattr(module, "SWEEP_LIMIT", 1)
    new = AssertionFactory.create(badge_class=badge, unfinished=True, queued_at=now)
    old = AssertionFactory.create(badge_class=badge, unfinished=True, queued_at=now - timedelta(hours=1))

    for _turn in range(2):
        queue_unfinished(queued_before=now + timedelta(minutes=1), at=now + timedelta(minutes=2))

    assert [ids["assertion_id"] for _task, ids in queued] == [str(old.pk), str(new.pk)]
