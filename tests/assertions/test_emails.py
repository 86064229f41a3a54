import re
from datetime import UTC, datetime

import pytest
from django.core import mail

from assertions import emails
from assertions.models import Assertion
from badgeserver.openbadges import unbake
from badgeserver.openbadges.errors import OpenBadgesError


def _html(message):
    return next(content for content, kind in message.alternatives if kind == "text/html")


def test_award_mail_says_what_was_earned_and_where_it_is(assertion):
    message = mail.outbox[0]

    assert (message.to, message.subject) == (["rita@mail.example.org"], "You earned “Forklift Safety”")
    assert message.body.startswith("Hello Rita Castle,\n\nAcme Academy has awarded you the badge “Forklift Safety”.")
    for text in (message.body, _html(message)):
        assert "Acme Academy" in text
        assert f"http://badges.example.org/public/assertions/{assertion.pk}" in text
        assert "http://badges.example.org/my/badges/" in text


def test_award_mail_carries_the_picture(assertion):
    part = mail.outbox[0].attachments[0]

    assert (part["Content-ID"], part.get_content_type()) == ("<badge>", "image/png")
    assert 'src="cid:badge"' in _html(mail.outbox[0])


def test_picture_in_the_mail_is_not_the_baked_one(assertion):
    """Mails are forwarded: the picture to share is the one on the badge's page."""
    with pytest.raises(OpenBadgesError):
        unbake(mail.outbox[0].attachments[0].get_payload(decode=True))


def test_award_mail_says_until_when(assertion):
    Assertion.objects.update(expires_at=datetime(2028, 3, 14, 23, 59, 59, tzinfo=UTC))
    assertion.refresh_from_db()

    emails.send_award_notice(assertion)

    assert "Valid until: 14 March 2028" in mail.outbox[-1].body


def test_mails_answer_no_robots(assertion):
    assert mail.outbox[0].extra_headers["Auto-Submitted"] == "auto-generated"


def test_revocation_mail_gives_the_reason(assertion, now):
    Assertion.objects.update(revoked_at=now, revocation_reason="Awarded to the wrong person.")
    assertion.refresh_from_db()

    emails.send_revocation_notice(assertion)

    message = mail.outbox[-1]
    assert message.subject == "Your badge “Forklift Safety” was revoked"
    assert "Awarded to the wrong person." in message.body
    assert "Awarded to the wrong person." in _html(message)


def test_html_in_names_and_reasons_is_shown_as_text(assertion, badge, now):
    badge.name = "<b>Bold</b> & Sons"
    badge.save()
    Assertion.objects.update(
        recipient_name="<script>alert(1)</script>", revoked_at=now, revocation_reason="<img src=x>"
    )
    assertion = Assertion.objects.select_related("badge_class", "issuer").get()

    emails.send_revocation_notice(assertion)

    message = mail.outbox[-1]
    assert not re.search(r"<script|<img src=x|<b>Bold", _html(message))
    assert message.subject == "Your badge “<b>Bold</b> & Sons” was revoked"
    assert "<img src=x>" in message.body


def test_line_breaks_in_a_name_do_not_reach_the_head_of_the_mail(assertion, badge):
    badge.name = "Forklift\r\nBcc: everybody@mail.example.org"
    badge.save()
    assertion = Assertion.objects.select_related("badge_class", "issuer").get()

    emails.send_award_notice(assertion)

    assert mail.outbox[-1].subject == "You earned “Forklift Bcc: everybody@mail.example.org”"
    assert mail.outbox[-1].recipients() == ["rita@mail.example.org"]
