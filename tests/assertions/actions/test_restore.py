"""A revocation that was a mistake is taken back within the hour, and the recipient hears what they must, once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import Q

from assertions.actions.award import AwardFields, award_badge
from assertions.actions.notices import NotSendable, send_notice, send_notice_again
from assertions.actions.revoke import (
    RESTORE_WITHIN,
    NotRevoked,
    TooLateToRestore,
    revoke_assertion,
    unrevoke_assertion,
)
from assertions.models import Assertion, Notice
from assertions.queries import mails_of, troubled_mails
from badgeserver.audit.describe import describe
from badgeserver.audit.models import AuditEvent
from issuers.documents import revocation_list_json
from tests.factories.issuers import ApiTokenFactory

REASON = "Awarded to the wrong person."


@pytest.fixture
def revoked(assertion, ed, now) -> Assertion:
    """Ed has just revoked Rita's award; the worker has not mailed her yet."""
    mail.outbox.clear()
    return revoke_assertion(assertion=assertion, reason=REASON, by=ed, at=now)


@pytest.fixture
def told(revoked, now) -> Assertion:
    """Rita has got the mail about it."""
    send_notice(notice=Notice.objects.get(kind="REVOCATION"), at=now)
    return revoked


@pytest.fixture
def restore(ed, now, django_capture_on_commit_callbacks):
    def restore(assertion: Assertion) -> Assertion:
        with django_capture_on_commit_callbacks(execute=True):
            return unrevoke_assertion(assertion=assertion, by=ed, at=now + timedelta(minutes=5))

    return restore


@pytest.fixture
def revoke_again(ed, now):
    def revoke(assertion: Assertion) -> Assertion:
        return revoke_assertion(assertion=assertion, reason="Again.", by=ed, at=now + timedelta(minutes=6))

    return revoke


def subjects() -> list[str]:
    return [message.subject for message in mail.outbox]


def kinds() -> list[tuple[str, bool]]:
    return list(Notice.objects.order_by("pk").annotate(waits=Q(sent_at=None)).values_list("kind", "waits"))


WAS_REVOKED, HOLDS_AGAIN = "Your badge “Forklift Safety” was revoked", "Your badge “Forklift Safety” holds again"


def test_restored_award_is_as_it_was(revoked, academy, ed, restore):
    restored = restore(revoked)

    assert restored == Assertion.objects.live(restored.issued_at).get()
    assert (restored.revoked_at, restored.revocation_reason, restored.revoked_by) == (None, "", None)
    assert "revokedAssertions" in revocation_list_json(academy)
    assert str(restored.signed_uuid) not in revocation_list_json(academy)


def test_restoring_is_recorded_in_words(revoked, badge, restore):
    restore(revoked)

    event = AuditEvent.objects.get(type="assertion.restored")
    assert (event.actor_name, event.subject_id) == ("Ed Novak", str(revoked.pk))
    assert event.details == {"badge": "Forklift Safety", "badge_id": str(badge.pk), "reason": REASON}
    assert describe(event).sentence == "Took the revocation of an award of “Forklift Safety” back"


def test_token_may_restore(revoked, academy, now):
    assert unrevoke_assertion(assertion=revoked, by=ApiTokenFactory.create(issuer=academy), at=now).revoked_at is None


def test_what_is_not_revoked_is_not_restored(assertion, ed, now):
    with pytest.raises(NotRevoked, match=r"There is nothing to undo"):
        unrevoke_assertion(assertion=assertion, by=ed, at=now)


def test_an_hour_is_the_limit(revoked, ed, now):
    with pytest.raises(TooLateToRestore, match=r"Award the badge anew instead"):
        unrevoke_assertion(assertion=revoked, by=ed, at=now + RESTORE_WITHIN + timedelta(seconds=1))
    assert Assertion.objects.get().revocation_reason == REASON

    assert unrevoke_assertion(assertion=revoked, by=ed, at=now + RESTORE_WITHIN).revoked_at is None


# --- What the recipient hears --------------------------------------------------------------------------------


def test_who_was_not_told_yet_hears_nothing(revoked, restore, now):
    late = Notice.objects.select_related("assertion__badge_class", "assertion__issuer").get(kind="REVOCATION")

    restore(revoked)
    send_notice(notice=late, at=now)

    assert subjects() == []
    assert kinds() == [("AWARD", False)]


def test_who_was_told_hears_that_it_was_a_mistake(told, restore):
    restore(told)

    assert subjects() == [WAS_REVOKED, HOLDS_AGAIN]
    assert "That was a mistake" in mail.outbox[-1].body
    assert kinds() == [("AWARD", False), ("REVOCATION", False), ("RESTORED", False)]


def test_who_was_never_told_of_the_award_is_told_now(badge, sam, ed, now, django_capture_on_commit_callbacks):
    fields = AwardFields(badge_class=badge, email="rita@mail.example.org", issued_at=now)
    awarded = award_badge(fields=fields, by=sam, at=now)
    revoke_assertion(assertion=awarded, reason=REASON, by=ed, at=now)

    with django_capture_on_commit_callbacks(execute=True):
        unrevoke_assertion(assertion=awarded, by=ed, at=now)

    awarded.refresh_from_db()
    assert (awarded.finished_at is not None, awarded.baked_images.count()) == (True, 1)
    assert subjects() == ["You earned “Forklift Safety”"]


def test_revoking_again_mails_again(told, restore, revoke_again, now):
    restore(told)
    revoke_again(told)
    send_notice(notice=Notice.objects.get(kind="REVOCATION"), at=now)

    assert subjects() == [WAS_REVOKED, HOLDS_AGAIN, WAS_REVOKED]
    assert "Again." in mail.outbox[-1].body
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(set(ids)) == 3  # mailboxes drop what has the id of another mail


def test_back_and_forth_between_two_mails_ends_with_the_truth(told, ed, restore, revoke_again, now):
    """Rita knows of the first revocation alone; the mail about its undoing was still waiting."""
    unrevoke_assertion(assertion=told, by=ed, at=now)
    revoke_again(told)
    waiting = Notice.objects.get(kind="RESTORED")
    assert (waiting.handed_over_at, waiting.problem) == (None, "Not sent: the badge was revoked again.")
    assert troubled_mails(told.issuer.organisation, at=now).count() == 0

    restore(told)

    assert subjects() == [WAS_REVOKED, HOLDS_AGAIN]
    assert kinds() == [("AWARD", False), ("RESTORED", False)]


def test_mail_that_is_no_longer_true_is_not_sent(told, ed, restore, revoke_again, now):
    unrevoke_assertion(assertion=told, by=ed, at=now)
    revoke_again(told)

    Notice.objects.filter(kind="RESTORED").update(problem="")
    send_notice(notice=Notice.objects.select_related("assertion").get(kind="RESTORED"), at=now)

    assert subjects() == [WAS_REVOKED]


@pytest.mark.parametrize(("kind", "sentence"), [("REVOCATION", "holds again"), ("RESTORED", "was revoked")])
def test_mail_that_is_no_longer_true_is_not_sent_again(kind, sentence, told, ed, restore, revoke_again, now):
    restore(told)
    if kind == "RESTORED":
        Notice.objects.filter(kind="RESTORED").update(handed_over_at=None, sent_at=None)
        revoke_again(told)
    Notice.objects.filter(kind=kind).update(sent_at=None, handed_over_at=now)

    with pytest.raises(NotSendable, match=sentence):
        send_notice_again(notice=Notice.objects.get(kind=kind), by=ed, at=now + timedelta(days=1))


def test_pages_call_each_mail_by_its_name(told, restore, now):
    restore(told)
    told.refresh_from_db()

    lines = mails_of(told, at=now)
    assert [(line.about, line.state.value) for line in lines] == [
        ("the award", "sent"),
        ("the revocation", "sent"),
        ("the revocation that was a mistake", "sent"),
    ]
