from datetime import timedelta

import pytest
from django.core import mail

from assertions.actions.award import AwardFields, award_badge
from assertions.actions.finish import finish_assertion
from assertions.actions.notices import send_notice
from assertions.actions.revoke import AlreadyRevoked, revoke_assertion
from assertions.models import Assertion, BakedImage, Notice
from badgeserver.audit.models import AuditEvent
from tests.factories.issuers import ApiTokenFactory


def _notices():
    return list(Notice.objects.order_by("pk").values_list("kind", "problem"))


def test_revoking_keeps_who_when_and_why(assertion, ed, now):
    revoked = revoke_assertion(assertion=assertion, reason="Wrong person", by=ed, at=now)

    assert revoked == Assertion.objects.revoked().get()
    assert (revoked.revoked_at, revoked.revocation_reason, revoked.revoked_by) == (now, "Wrong person", ed)


def test_revoking_is_recorded(assertion, ed, badge, now):
    revoke_assertion(assertion=assertion, reason="Wrong person", by=ed, at=now)

    event = AuditEvent.objects.get(type="assertion.revoked")
    assert (event.actor_name, event.subject_id, event.at) == ("Ed Novak", str(assertion.pk), now)
    assert event.details == {"badge": "Forklift Safety", "badge_id": str(badge.pk), "reason": "Wrong person"}


def test_recipient_is_told(assertion, ed, now, django_capture_on_commit_callbacks):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        revoke_assertion(assertion=assertion, reason="Wrong person", by=ed, at=now)

    assert [(message.to, message.subject) for message in mail.outbox] == [
        (["rita@mail.example.org"], "Your badge “Forklift Safety” was revoked")
    ]
    assert "Wrong person" in mail.outbox[0].body


def test_second_revocation_is_refused_and_the_first_reason_stands(assertion, ed, now):
    revoke_assertion(assertion=assertion, reason="Wrong person", by=ed, at=now)

    with pytest.raises(AlreadyRevoked, match=r"This badge is already revoked. Its first reason stands."):
        revoke_assertion(assertion=assertion, reason="Another", by=ed, at=now + timedelta(days=1))
    assert Assertion.objects.get().revocation_reason == "Wrong person"
    assert AuditEvent.objects.filter(type="assertion.revoked").count() == 1


def test_token_may_revoke(assertion, academy, now):
    token = ApiTokenFactory.create(issuer=academy)

    assert revoke_assertion(assertion=assertion, reason="Wrong person", by=token, at=now).revoked_by is None


def test_who_was_never_told_of_the_award_is_not_told_that_it_is_gone(badge, sam, now):
    awarded = award_badge(
        fields=AwardFields(badge_class=badge, email="rita@mail.example.org", issued_at=now), by=sam, at=now
    )

    revoke_assertion(assertion=awarded, reason="Wrong person", by=sam, at=now)

    assert _notices() == [("AWARD", "Not sent: the badge was revoked first.")]
    for notice in Notice.objects.all():
        send_notice(notice=notice, at=now)
    assert mail.outbox == []


def test_revoked_award_is_not_finished_any_more(badge, sam, now):
    awarded = award_badge(
        fields=AwardFields(badge_class=badge, email="rita@mail.example.org", issued_at=now), by=sam, at=now
    )
    revoke_assertion(assertion=awarded, reason="Wrong person", by=sam, at=now)

    finish_assertion(assertion=awarded, at=now)

    assert (BakedImage.objects.count(), Assertion.objects.get().jws) == (0, "")
