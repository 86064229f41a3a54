import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from assertions import emails
from assertions.models import MailStop, Notice
from assertions.rules import LinkFor, signed_token

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def link(assertion):
    return reverse("assertions:mails", args=[signed_token(assertion.pk, LinkFor.MAILS)])


@pytest.fixture
def url(assertion):
    return reverse("assertions:my-mails", args=[assertion.pk])


def stops():
    return list(MailStop.objects.values_list("issuer__name", "address"))


RITA = [("Acme Academy", "rita@mail.example.org")]


def test_link_shows_first_and_changes_on_a_press(link):
    visitor = Client(enforce_csrf_checks=True)
    assert "Stop mails from Acme Academy?" in visitor.get(link).text
    assert (visitor.head(link).status_code, stops()) == (200, [])

    answer = visitor.post(link, {"act": "stop"})
    assert (answer.status_code, answer.url, stops()) == (303, link, RITA)
    page = visitor.get(link)
    assert "No more mails from Acme Academy" in page.text
    assert "rita@" not in page.text

    assert visitor.post(link, {"act": "resume"}).status_code == 303
    assert (stops(), dict(visitor.cookies)) == ([], {})


@pytest.mark.parametrize("form", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_mail_programs_stop_them_with_one_click(link, form):
    """RFC 8058: a POST without cookies, referrer or token, which is not redirected."""
    body = "List-Unsubscribe=One-Click"
    if form.startswith("multipart"):
        body = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    visitor = Client(enforce_csrf_checks=True)

    for _time in range(2):
        answer = visitor.generic("POST", link, body, content_type=form)
        assert (answer.status_code, stops()) == (200, RITA)


def test_press_without_an_act_changes_nothing(anonymous, link):
    for body in [{}, {"act": "perhaps"}, {"act": "\x00"}, {"List-Unsubscribe": "Two-Clicks"}]:
        assert anonymous.post(link, body).status_code in {200, 422}
    assert stops() == []


def test_link_of_another_purpose_or_award_leads_nowhere(anonymous, assertion):
    for token in [signed_token(assertion.pk, LinkFor.DECLINE), assertion.pk.hex, "x"]:
        address = reverse("assertions:mails", args=[token])
        assert [anonymous.get(address).status_code, anonymous.post(address, ONE_CLICK).status_code] == [404, 404]


@pytest.mark.parametrize("kind", sorted(set(Notice.Kind.values) - {"UPGRADE"}))
def test_every_mail_to_a_recipient_ends_with_the_link_and_names_it_in_its_head(kind, assertion, link, mailoutbox):
    emails.SENDERS[kind](assertion)

    message, address = mailoutbox[-1], f"http://badges.example.org{link}"
    assert message.extra_headers["List-Unsubscribe"] == f"<{address}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.body.rstrip().endswith(f"Stop mails from Acme Academy: {address}")
    assert f'<a href="{address}"' in message.alternatives[0][0]


def test_invitation_to_upgrade_ends_with_the_link_too(assertion, badge, link, mailoutbox):
    emails.SENDERS["UPGRADE"](assertion, version=badge)

    assert mailoutbox[-1].body.rstrip().endswith(f"http://badges.example.org{link}")


def test_on_their_own_page_they_stop_and_come_again(as_rita, assertion, url):
    page = reverse("assertions:my-badge", args=[assertion.pk])
    assert "Stop mails from them" in as_rita.get(page).text

    answer = as_rita.post(url, {"wanted": "no"})
    assert (answer.url, stops()) == (page, RITA)
    assert [str(message) for message in get_messages(answer.wsgi_request)] == [
        "No more mails from Acme Academy come to rita@mail.example.org."
    ]
    assert "Get their mails again" in as_rita.get(page).text
    as_rita.post(url, {"wanted": "yes"})
    assert stops() == []


def test_nobody_else_can_stop_them(as_ada, as_mallory, as_rita, anonymous, url):
    assert [client.post(url, {"wanted": "no"}).status_code for client in (as_ada, as_mallory)] == [404, 404]
    assert anonymous.post(url, {"wanted": "no"}).url.startswith("/accounts/login/")
    assert as_rita.get(url).status_code == 405
    as_rita.post(url, {"wanted": "perhaps"})
    assert stops() == []


def test_page_of_the_award_says_that_the_mail_was_not_sent(as_sam, assertion, now):
    Notice.objects.update(withheld_at=now, handed_over_at=None, sent_at=None)
    MailStop.objects.create(issuer=assertion.issuer, address=assertion.recipient_key, stopped_at=now)
    detail = reverse("assertions:detail", args=["acme", assertion.pk])

    page = as_sam.get(detail).text
    assert "The recipient does not want mails from this issuer; give them the link yourself." in page
    assert "Send again" not in page
    MailStop.objects.all().delete()
    assert "Send again" in as_sam.get(detail).text
