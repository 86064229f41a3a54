import json
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.files.storage import default_storage

from assertions import tasks
from assertions.actions.finish import finish_assertion
from assertions.actions.keys import queue_copies_left, replace_copies, report_key_compromised
from assertions.actions.revoke import revoke_assertion, unrevoke_assertion
from assertions.models import Assertion, Notice, WithdrawnCopy
from assertions.queries import copies_of, copy_progress
from badgeserver.openbadges import jws, keys, unbake
from badgeserver.openbadges.v3 import ENTRIES, read_credential
from badgeserver.openbadges.v3.status_list import decode_bits, is_set
from issuers.actions.signing_keys import KeyAlreadyCompromised, compromise_signing_key, rotate_signing_key
from issuers.credentials import status_list_jwt
from issuers.models import Issuer, SigningKey
from tests.conftest import award
from tests.factories.assertions import AssertionFactory


@pytest.fixture
def stolen(academy) -> SigningKey:
    key: SigningKey = academy.signing_keys.get()
    return key


@pytest.fixture
def report(stolen, ada, now, django_capture_on_commit_callbacks):
    """Report the key, and let the worker do everything."""

    def act(*, tell_holders: bool = True) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            report_key_compromised(
                key=stolen, note="On a lost laptop.", tell_holders=tell_holders, by=ada, at=now + timedelta(days=1)
            )

    return act


def new_copy_mails() -> list[str]:
    return [mail.to[0] for mail in outbox.outbox if mail.subject.startswith("A new copy")]


def test_report_replaces_the_copy_and_nothing_that_the_award_says(assertion, report, stolen):
    before = Assertion.objects.get()
    picture = str(before.baked_images.get().file.name)

    report()

    after = Assertion.objects.get()
    assert (before.signing_key, after.signing_key.generation) == (stolen, 2)
    assert after.signed_uuid != before.signed_uuid
    assert after.credential_uuid != before.credential_uuid
    assert None not in {before.status_index, after.status_index}
    assert after.status_index != before.status_index
    hosted, signed = (json.loads(text) for text in (after.hosted_json, after.signed_json))
    hosted_before, signed_before = (json.loads(text) for text in (before.hosted_json, before.signed_json))
    badge = hosted["badge"]
    assert hosted == hosted_before | {"related": [{"type": "Assertion", "id": f"urn:uuid:{after.signed_uuid}"}]}
    assert signed == signed_before | {
        "id": f"urn:uuid:{after.signed_uuid}",
        "badge": f"{badge}/generations/2",
        "verification": {"type": "SignedBadge", "creator": signed["verification"]["creator"]},
    }
    assert signed["verification"]["creator"].endswith(f"/keys/{after.signing_key.kid}")
    assert list(signed) == list(signed_before)
    assert jws.verify(after.jws, keys.load_public_key(after.signing_key.public_key_pem)) == after.signed_json.encode()
    with after.baked_images.get().file.open() as file:
        assert unbake(file.read()) == after.jws
    assert not default_storage.exists(picture)


def test_report_remembers_the_old_copy_for_ever(assertion, report, stolen, now):
    before = Assertion.objects.get()
    report()

    copy = WithdrawnCopy.objects.get()

    assert (copy.assertion, copy.signing_key, copy.signed_uuid, copy.credential_uuid, copy.status_index) == (
        *(assertion, stolen),
        *(before.signed_uuid, before.credential_uuid, before.status_index),
    )
    assert copy.reason == (
        "The key that signed this copy was withdrawn. The award itself holds: see "
        f"http://badges.example.org/public/assertions/{assertion.pk}"
    )


def test_report_tells_each_holder_once(assertion, badge, sam, report, now, django_capture_on_commit_callbacks):
    other = award(badge, "ben@mail.example.org", by=sam, at=now, capture=django_capture_on_commit_callbacks)
    report()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_unfinished()

    assert sorted(new_copy_mails()) == sorted([assertion.recipient_email, other.recipient_email])
    mail = next(mail for mail in outbox.outbox if mail.subject.startswith("A new copy"))
    assert mail.subject == "A new copy of your badge “Forklift Safety”"
    assert "http://badges.example.org/public/assertions/" in mail.body
    assert Notice.objects.filter(kind=Notice.Kind.NEW_COPY, sent_at=None).count() == 0


def test_report_tells_nobody_when_the_owner_decides_so(assertion, report):
    report(tell_holders=False)

    assert new_copy_mails() == []
    assert Assertion.objects.get().signing_key.generation == 2


def test_a_second_theft_tells_the_holder_again(assertion, report, ada, now, django_capture_on_commit_callbacks):
    report()
    with django_capture_on_commit_callbacks(execute=True):
        report_key_compromised(
            key=Assertion.objects.get().signing_key,
            note="Again.",
            tell_holders=True,
            by=ada,
            at=now + timedelta(days=2),
        )

    assert new_copy_mails() == [assertion.recipient_email] * 2
    assert Assertion.objects.get().signing_key.generation == 3
    assert len({mail.extra_headers["Message-ID"] for mail in outbox.outbox if mail.subject.startswith("A new")}) == 2


def test_expired_awards_get_their_copy_without_a_mail(assertion, report, now):
    Assertion.objects.update(expires_at=now + timedelta(hours=1))

    report()

    assert Assertion.objects.get().signing_key.generation == 2
    assert new_copy_mails() == []


def test_holders_who_were_never_told_of_the_award_get_that_mail_alone(assertion, report):
    Notice.objects.update(handed_over_at=None, sent_at=None)

    report()

    assert new_copy_mails() == []


def test_revoked_awards_are_left_as_they_are(assertion, report, ada, now, stolen):
    revoke_assertion(assertion=assertion, reason="Awarded by mistake.", by=ada, at=now)

    report()

    assert Assertion.objects.get().signing_key == stolen
    assert WithdrawnCopy.objects.count() == 0


def test_awards_of_other_keys_are_not_touched(
    assertion, academy, ada, now, badge, sam, django_capture_on_commit_callbacks
):
    first = academy.signing_keys.get()
    rotate_signing_key(issuer=academy, by=ada, at=now)
    other = award(badge, "ben@mail.example.org", by=sam, at=now, capture=django_capture_on_commit_callbacks)

    with django_capture_on_commit_callbacks(execute=True):
        report_key_compromised(key=first, note="On a lost laptop.", tell_holders=True, by=ada, at=now)

    jws_before = other.jws
    other.refresh_from_db()
    assert (other.jws, other.signing_key.generation) == (jws_before, 2)
    assert Assertion.objects.get(pk=assertion.pk).signing_key.generation == 2


def test_report_is_refused_twice(assertion, report):
    report()
    with pytest.raises(KeyAlreadyCompromised):
        report()
    assert WithdrawnCopy.objects.count() == 1


# --- The Bitstring list -------------------------------------------------------------------------------------


def bits_set(issuer: Issuer) -> list[int]:
    """What the first three status lists of the issuer say is revoked."""
    found = []
    for number in (1, 2, 3):
        listed = read_credential(status_list_jwt(issuer, number) or "").document["credentialSubject"]
        bits = decode_bits(listed["encodedList"])
        found += [
            (number - 1) * ENTRIES + place for place in range(ENTRIES) if bits[place >> 3] and is_set(bits, place)
        ]
    return found


def place_of() -> int:
    place = Assertion.objects.get().status_index
    assert place is not None
    return place


def test_the_old_copy_is_revoked_in_the_list_for_ever_and_the_new_one_is_not(assertion, academy, report):
    old = place_of()
    assert bits_set(academy) == []

    report()

    assert bits_set(academy) == [old]
    assert place_of() // ENTRIES == old // ENTRIES + 1  # a list holds awards of one key


def test_every_copy_of_a_compromised_key_is_revoked_before_the_worker_comes(assertion, academy, stolen, ada, now):
    report_key_compromised(key=stolen, note="On a lost laptop.", tell_holders=False, by=ada, at=now)

    assert bits_set(academy) == [place_of()]


def test_revoking_and_restoring_moves_the_new_copy_alone(assertion, academy, report, ada, now):
    old = place_of()
    report()
    new = place_of()

    revoke_assertion(assertion=assertion, reason="Awarded by mistake.", by=ada, at=now + timedelta(days=2))
    assert bits_set(academy) == [old, new]
    unrevoke_assertion(assertion=assertion, by=ada, at=now + timedelta(days=2))
    assert bits_set(academy) == [old]


def test_restoring_an_award_of_a_compromised_key_leaves_its_old_copy_revoked(
    assertion, academy, report, ada, now, django_capture_on_commit_callbacks
):
    old = place_of()
    revoked = revoke_assertion(assertion=assertion, reason="Awarded by mistake.", by=ada, at=now + timedelta(days=1))
    report()
    assert bits_set(academy) == [old]

    unrevoke_assertion(assertion=revoked, by=ada, at=now + timedelta(days=1))
    assert bits_set(academy) == [old]
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_unfinished()
    assert bits_set(academy) == [old] != [place_of()]


def test_revoked_before_it_was_signed_anew_it_has_no_place_until_it_is_restored(
    assertion, academy, stolen, ada, now, django_capture_on_commit_callbacks
):
    old = place_of()
    compromise_signing_key(key=stolen, note="On a lost laptop.", tell_holders=False, by=ada, at=now)
    stolen.refresh_from_db()
    replace_copies(key=stolen, at=now)  # and the worker has not come to sign it
    revoked = revoke_assertion(assertion=assertion, reason="Awarded by mistake.", by=ada, at=now)
    assert (Assertion.objects.get().status_index, bits_set(academy)) == (None, [old])

    with django_capture_on_commit_callbacks(execute=True):
        unrevoke_assertion(assertion=revoked, by=ada, at=now)
    assert bits_set(academy) == [old] != [place_of()]


def test_a_second_theft_leaves_both_old_copies_revoked(
    assertion, academy, report, ada, now, django_capture_on_commit_callbacks
):
    first = place_of()
    report()
    second = place_of()
    with django_capture_on_commit_callbacks(execute=True):
        report_key_compromised(
            key=Assertion.objects.get().signing_key, note="Again.", tell_holders=False, by=ada, at=now
        )

    assert bits_set(academy) == [first, second]
    assert place_of() not in {first, second}


def test_copies_withdrawn_before_places_were_kept_leave_the_new_copy_as_it_is(
    assertion, academy, report, ada, now, django_capture_on_commit_callbacks
):
    """Both had one place: the copy that holders were told to keep must not be revoked by the old one."""
    report()
    shared = place_of()
    WithdrawnCopy.objects.update(status_index=None)
    assert bits_set(academy) == []

    with django_capture_on_commit_callbacks(execute=True):
        report_key_compromised(
            key=Assertion.objects.get().signing_key, note="Again.", tell_holders=False, by=ada, at=now
        )
    assert bits_set(academy) == [shared]
    assert list(WithdrawnCopy.objects.values_list("status_index", flat=True)) == [None, shared]


# --- In pieces ----------------------------------------------------------------------------------------------


@pytest.fixture
def chunks_of_two(monkeypatch):
    monkeypatch.setattr("assertions.actions.keys.CHUNK", 2)


@pytest.fixture
def five(badge, stolen, ada, now) -> list[Assertion]:
    """Five awards whose key was just withdrawn, and no worker has come yet."""
    made: list[Assertion] = AssertionFactory.create_batch(5, badge_class=badge)
    for one in made:
        signed = {"id": one.signed_id, "badge": "x", "verification": {"type": "SignedBadge", "creator": "x"}}
        Assertion.objects.filter(pk=one.pk).update(signed_json=json.dumps(signed))
    compromise_signing_key(key=stolen, note="On a lost laptop.", tell_holders=True, by=ada, at=now)
    stolen.refresh_from_db()
    return made


@pytest.mark.usefixtures("chunks_of_two", "five")
def test_copies_are_replaced_piece_by_piece_each_once(stolen, now):
    done = [replace_copies(key=stolen, at=now) for _round in range(4)]

    assert done == [2, 2, 1, 0]
    assert WithdrawnCopy.objects.count() == 5
    assert Assertion.objects.filter(signing_key=stolen).count() == 0
    assert len(set(Assertion.objects.values_list("signed_uuid", flat=True))) == 5


@pytest.mark.usefixtures("chunks_of_two", "five")
def test_a_worker_that_was_killed_loses_nothing(stolen, now, django_capture_on_commit_callbacks):
    """One piece was done when it died; the sweep finds the rest."""
    replace_copies(key=stolen, at=now)
    assert copy_progress(stolen).is_done is False

    with django_capture_on_commit_callbacks(execute=True):
        assert queue_copies_left(at=now + timedelta(minutes=1)) == 1

    assert Assertion.objects.filter(signing_key=stolen).count() == 0
    assert queue_copies_left(at=now + timedelta(minutes=2)) == 0


@pytest.mark.usefixtures("chunks_of_two", "five")
def test_progress_counts_what_is_signed_anew(stolen, now):
    assert (copy_progress(stolen).done, copy_progress(stolen).total) == (0, 5)
    replace_copies(key=stolen, at=now)
    assert (copy_progress(stolen).done, copy_progress(stolen).total) == (0, 5)
    Assertion.objects.filter(finished_at=None).update(finished_at=now, jws="x")
    assert (copy_progress(stolen).done, copy_progress(stolen).total) == (2, 5)


def test_an_award_that_was_just_being_made_with_the_key_gets_another(
    assertion, stolen, ada, now, django_capture_on_commit_callbacks
):
    """It was written before the key was withdrawn and committed after: the worker does not sign it as it is."""
    Assertion.objects.update(finished_at=None, jws="", credential_jwt="")
    compromise_signing_key(key=stolen, note="On a lost laptop.", tell_holders=False, by=ada, at=now)

    left = finish_assertion(assertion=assertion, at=now)
    assert (left.finished_at, left.jws) == (None, "")
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_unfinished()

    assert Assertion.objects.get().signing_key.generation == 2
    assert Assertion.objects.get().finished_at is not None


def test_replace_copies_leaves_a_key_alone_that_is_believed(assertion, stolen, now):
    assert replace_copies(key=stolen, at=now) == 0
    assert Assertion.objects.get().signing_key == stolen


def test_copies_of_counts_what_giving_up_touches(assertion, badge, stolen, now):
    AssertionFactory.create(badge_class=badge)  # nobody was told
    AssertionFactory.create(badge_class=badge, revoked=True)

    copies = copies_of(stolen, at=now)

    assert (copies.awards, copies.holders_told) == (2, 1)
