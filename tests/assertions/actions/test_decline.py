import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import IntegrityError, transaction

from assertions.actions.award import AwardFields, award_badge
from assertions.actions.decline import (
    DECLINED_REASON,
    AlreadyDeclined,
    NotDeclined,
    NothingToDecline,
    TooLateToTake,
    decline_assertion,
    erase_declined,
    undo_decline,
)
from assertions.actions.endorsements import give_endorsement
from assertions.actions.notices import NotSendable, send_notice_again
from assertions.actions.revoke import AlreadyRevoked, DeclinedByRecipient, revoke_assertion, unrevoke_assertion
from assertions.models import Assertion, Endorsement, Evidence, MailStop, Notice
from assertions.queries import AwardState, award_line, awards_of, declined_before, found_awards, in_state, mails_of
from badgeserver.audit.models import AuditEvent
from tests.factories.assertions import AssertionFactory, EvidenceFactory, ReceiptFactory
from tests.factories.issuers import IssuerFactory, SigningKeyFactory

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def declined(assertion, rita, now) -> Assertion:
    return decline_assertion(assertion=assertion, note="I did not take part.", by=rita, at=now)


def events():
    rows = AuditEvent.objects.filter(subject_type="assertions.assertion").order_by("pk")
    return list(rows.values_list("type", "actor_name"))[1:]


def test_declined_award_is_revoked_for_the_world(client, assertion, academy, declined, now):
    assert (declined.declined_at, declined.revoked_at, declined.revoked_by) == (now, now, None)
    assert (declined.revocation_reason, declined.decline_note) == (DECLINED_REASON, "I did not take part.")
    address = f"/public/assertions/{assertion.pk}"
    for path in (address, f"{address}.json", f"{address}.jws", f"{address}.vc.jwt", f"{address}/image.png"):
        assert (path, client.get(path).status_code) == (path, 410)
    assert client.get(f"{address}.json").json()["revocationReason"] == DECLINED_REASON
    listed = client.get(f"/public/issuers/{academy.pk}/revocations").json()["revokedAssertions"]
    assert f"urn:uuid:{assertion.signed_uuid}" in [entry["id"] for entry in listed]


def test_what_they_wrote_is_for_the_issuer_alone(client, assertion, declined):
    address = f"/public/assertions/{assertion.pk}"
    for accept in ("text/html", "application/ld+json"):
        assert "did not take part" not in client.get(address, headers={"accept": accept}).text
    page = client.get(address, headers={"accept": "text/html"}).text
    assert "its recipient declined it on 2 March 2026" in page
    assert "took it back" not in page


def test_the_trail_says_that_the_recipient_declined_and_never_who_that_is(assertion, declined, now):
    undo_decline(assertion=assertion, by=None, at=now)

    assert events() == [("assertion.declined", "The recipient"), ("assertion.decline.undone", "The recipient")]
    details = AuditEvent.objects.get(type="assertion.declined").details
    assert sorted(details) == ["badge", "badge_id", "by_link"]


def test_nothing_is_declined_twice_and_nothing_that_is_revoked(assertion, badge, declined, sam, now):
    with pytest.raises(AlreadyDeclined):
        decline_assertion(assertion=assertion, note="", by=None, at=now)
    with pytest.raises(AlreadyRevoked):
        revoke_assertion(assertion=assertion, reason="A slip.", by=sam, at=now)
    revoked = AssertionFactory.create(badge_class=badge, revoked=True)
    with pytest.raises(NothingToDecline):
        decline_assertion(assertion=revoked, note="", by=None, at=now)


def test_no_staff_can_restore_it(declined, ed, now):
    with pytest.raises(DeclinedByRecipient, match="award it to them anew"):
        unrevoke_assertion(assertion=declined, by=ed, at=now)

    declined.refresh_from_db()
    assert declined.revoked_at == now


def test_a_declined_award_is_a_revoked_one_at_the_same_moment(declined, now):
    """Whatever asks for revoked awards finds it: the database keeps the two together."""
    for change in [{"revoked_at": None, "revocation_reason": ""}, {"revoked_at": now + MOMENT}]:
        with pytest.raises(IntegrityError), transaction.atomic():
            Assertion.objects.filter(pk=declined.pk).update(**change)


# --- Mails ---------------------------------------------------------------------------------------------------


def test_mails_that_are_owed_wait_and_follow_when_it_is_undone(
    badge, sam, now, django_capture_on_commit_callbacks, settings
):
    fields = AwardFields(badge_class=badge, email="rita@mail.example.org", issued_at=now)
    made = award_badge(fields=fields, by=sam, at=now)
    decline_assertion(assertion=made, note="", by=None, at=now)
    assert mails_of(Assertion.objects.get(), at=now)[0].state.value == "dropped"

    with django_capture_on_commit_callbacks(execute=True):
        undo_decline(assertion=made, by=None, at=now + MOMENT)

    made.refresh_from_db()
    assert made.finished_at is not None
    assert [message.to for message in mail.outbox] == [["rita@mail.example.org"]]


def test_who_declined_gets_no_mails_about_it(declined, ed, now):
    Notice.objects.update(sent_at=None, handed_over_at=None, problem="550 nobody here")

    with pytest.raises(NotSendable, match="declined"):
        send_notice_again(notice=Notice.objects.get(), by=ed, at=now)


# --- Undo ----------------------------------------------------------------------------------------------------


def test_undone_it_holds_word_for_word_as_before(client, assertion, declined, now):
    back = undo_decline(assertion=assertion, by=None, at=now + HOUR)

    assert (back.declined_at, back.revoked_at, back.revocation_reason, back.decline_note) == (None, None, "", "")
    answer = client.get(f"/public/assertions/{assertion.pk}.json")
    assert (answer.status_code, answer.text) == (200, assertion.hosted_json)
    assert client.get(f"/public/assertions/{assertion.pk}/image.png").status_code == 200


def test_after_the_hour_it_cannot_be_undone(assertion, declined, now):
    with pytest.raises(TooLateToTake):
        undo_decline(assertion=assertion, by=None, at=now + HOUR + MOMENT)


def test_what_was_not_declined_is_not_undone(assertion, now):
    with pytest.raises(NotDeclined):
        undo_decline(assertion=assertion, by=None, at=now)


# --- Erase ---------------------------------------------------------------------------------------------------


@pytest.fixture
def told(badge, sam, now, django_capture_on_commit_callbacks) -> Assertion:
    """An award that says much of its recipient, declined at `now`."""
    fields = AwardFields(
        badge_class=badge, email="Rita@mail.example.org", name="Rita Castle", issued_at=now, narrative="Drove **well**."
    )
    with django_capture_on_commit_callbacks(execute=True):
        made = award_badge(fields=fields, by=sam, at=now)
    EvidenceFactory.create(assertion=made, narrative="The log of her drives.")
    return decline_assertion(assertion=made, note="", by=None, at=now)


def test_everything_it_says_of_them_goes_after_the_hour(told, now):
    files = [str(baked.file.name) for baked in told.baked_images.all()]
    assert [default_storage.exists(name) for name in files] == [True]

    assert erase_declined(at=now + HOUR) == 0
    assert erase_declined(at=now + HOUR + MOMENT) == 1

    row = Assertion.objects.get()
    assert (row.recipient_name, row.narrative, row.hosted_json, row.signed_json) == ("", "", "", "")
    assert (row.jws, row.credential_jwt, row.salt, row.finished_at, row.name_shown_at) == ("", "", "", None, None)
    assert (row.recipient_key, row.erased_at) == ("rita@mail.example.org", now + HOUR + MOMENT)
    assert list(Evidence.objects.all()) == []
    assert list(row.baked_images.all()) == []
    assert [default_storage.exists(name) for name in files] == [False]
    assert events()[-1] == ("assertion.erased", "")


def test_it_stays_in_the_lists_when_nothing_else_is_left(client, told, academy, now):
    before = (told.signed_uuid, told.credential_uuid, told.status_index)
    erase_declined(at=now + 2 * HOUR)

    row = Assertion.objects.get()
    assert (row.signed_uuid, row.credential_uuid, row.status_index) == before
    listed = client.get(f"/public/issuers/{academy.pk}/revocations").json()["revokedAssertions"]
    assert f"urn:uuid:{row.signed_uuid}" in [entry["id"] for entry in listed]
    answer = client.get(f"/public/assertions/{row.pk}.json")
    assert (answer.status_code, answer.json()["revocationReason"]) == (410, DECLINED_REASON)
    assert client.get(f"/public/assertions/{row.pk}", headers={"accept": "text/html"}).status_code == 410
    assert client.get(f"/verify/{row.pk}/").status_code == 200


def test_erasing_is_done_once(told, now):
    assert [erase_declined(at=now + 2 * HOUR), erase_declined(at=now + 3 * HOUR)] == [1, 0]

    assert AuditEvent.objects.filter(type="assertion.erased").count() == 1
    assert Assertion.objects.get().erased_at == now + 2 * HOUR


def test_a_worker_that_was_killed_after_the_files_is_mended(told, now):
    for baked in told.baked_images.all():
        default_storage.delete(str(baked.file.name))

    assert erase_declined(at=now + 2 * HOUR) == 1


def test_storage_that_is_away_keeps_no_other_award(told, badge, now, monkeypatch, caplog):
    other = AssertionFactory.create(badge_class=badge, issued_at=now - HOUR, declined=True)

    def away(*_args: object) -> None:
        raise OSError("The storage is away.")

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "delete", away)
        assert erase_declined(at=now + 2 * HOUR) == 1
    assert "could not be deleted yet" in caplog.text
    assert set(Assertion.objects.exclude(erased_at=None)) == {other}
    assert Assertion.objects.get(pk=told.pk).narrative == "Drove **well**."

    assert erase_declined(at=now + 2 * HOUR) == 1


def test_undone_in_time_nothing_is_erased(told, now):
    undo_decline(assertion=told, by=None, at=now + HOUR)

    assert erase_declined(at=now + 5 * HOUR) == 0
    assert Assertion.objects.get().narrative == "Drove **well**."


def test_endorsements_of_it_end_and_lose_their_words(assertion, ada, ed, acme, rita, now, client):
    friend = IssuerFactory.create(organisation=acme, name="Acme Port")
    SigningKeyFactory.create(issuer=friend, active_from=now)
    given = give_endorsement(endorser=friend, subject=assertion, comment="Rita is the best.", by=ed, at=now)
    decline_assertion(assertion=assertion, note="", by=None, at=now)
    erase_declined(at=now + 2 * HOUR)

    row = Endorsement.objects.get()
    assert (row.comment, row.hosted_json, row.revocation_reason) == ("", "", DECLINED_REASON)
    for accept in ("text/html", "application/ld+json"):
        answer = client.get(f"/public/endorsements/{given.pk}", headers={"accept": accept})
        assert (answer.status_code, "best" in answer.text) == (410, False)


def test_receipts_of_it_keep_the_verdict_alone(told, now):
    receipt = ReceiptFactory.create(assertion=told)
    receipt.report["award"] |= {"narrative": "Drove well.", "evidence": [{"name": "Log"}]}
    receipt.save()
    waiting = ReceiptFactory.create(assertion=told, waiting=True)
    erase_declined(at=now + 2 * HOUR)

    receipt.refresh_from_db()
    waiting.refresh_from_db()
    assert (receipt.report["award"]["narrative"], receipt.report["award"]["evidence"]) == ("", [])
    assert (receipt.verdict, receipt.report["summary"]) == ("UNKNOWN", "It was given up.")
    assert waiting.report == {}


def test_erased_award_holds_nothing_by_law_of_the_database(told, now):
    erase_declined(at=now + 2 * HOUR)

    with pytest.raises(IntegrityError), transaction.atomic():
        Assertion.objects.update(narrative="Back again.")


# --- What staff see ------------------------------------------------------------------------------------------


def test_declined_is_a_state_of_its_own(acme, assertion, declined, badge, now):
    revoked = AssertionFactory.create(badge_class=badge, revoked=True)

    line = award_line(declined, at=now)
    assert (line.state.label, line.tone, line.is_gone) == ("Declined", "neutral", True)
    assert list(in_state(awards_of(acme), AwardState.DECLINED, at=now)) == [declined]
    assert list(in_state(awards_of(acme), AwardState.REVOKED, at=now)) == [revoked]
    assert list(found_awards(acme, at=now, state="declined")) == [declined]


def test_it_can_be_awarded_again_and_that_it_was_declined_is_known(badge, declined, sam, now):
    again = award_badge(
        fields=AwardFields(badge_class=badge, email="RITA@mail.example.org", issued_at=now), by=sam, at=now
    )

    assert again.pk != declined.pk
    assert declined_before(badge, "Rita@mail.example.org") == declined
    assert declined_before(badge, "other@mail.example.org") is None


def test_files_of_others_stay(told, badge, now):
    name = default_storage.save("baked/other.png", ContentFile(b"x"))
    erase_declined(at=now + 2 * HOUR)

    assert default_storage.exists(name)


# --- Somebody else had the link -------------------------------------------------------------------------------


def test_who_declines_by_the_link_is_told_how_to_take_it_back(
    assertion, client, now, mailoutbox, django_capture_on_commit_callbacks
):
    """A mail can be forwarded: its recipient must hear of it before anything is deleted, wanting mails or not."""
    mailoutbox.clear()
    MailStop.objects.create(issuer=assertion.issuer, address=assertion.recipient_email, stopped_at=now)
    with django_capture_on_commit_callbacks(execute=True):
        decline_assertion(assertion=assertion, note="", by=None, at=now)

    (told,) = mailoutbox
    assert (told.subject, told.to) == (f"You declined “{assertion.badge_class.name}”", [assertion.recipient_email])
    (path,) = set(re.findall(r"/decline/[^\s]+", told.body))
    with time_machine.travel(now, tick=False):
        client.post(path, {"act": "undo"})
    assertion.refresh_from_db()
    assert assertion.declined_at is None


def test_who_declines_signed_in_gets_no_mail(assertion, rita, now, mailoutbox, django_capture_on_commit_callbacks):
    mailoutbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        decline_assertion(assertion=assertion, note="", by=rita, at=now)

    assert mailoutbox == []


def test_each_decline_by_the_link_is_told_and_none_that_is_over(
    assertion, now, mailoutbox, django_capture_on_commit_callbacks
):
    mailoutbox.clear()
    for minute in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            decline_assertion(assertion=assertion, note="", by=None, at=now + minute * MINUTE)
        undo_decline(assertion=assertion, by=None, at=now + minute * MINUTE)
    assert len({told.extra_headers["Message-ID"] for told in mailoutbox}) == 2

    decline_assertion(assertion=assertion, note="", by=None, at=now)
    undo_decline(assertion=assertion, by=None, at=now)
    assert not assertion.notices.filter(kind=Notice.Kind.DECLINED, handed_over_at=None).exists()
    decline_assertion(assertion=assertion, note="", by=None, at=now)
    erase_declined(at=now + HOUR + MOMENT)
    assert not assertion.notices.filter(kind=Notice.Kind.DECLINED).exists()
