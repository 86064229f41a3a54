"""A result is worth something only with its moment, and can be had anew (OB2-HST-11)."""

import re
from datetime import timedelta

import pytest

from assertions.documents import assertion_url
from assertions.models import Receipt
from tests.assertions.views.test_receipts import said, sent

AGAIN = re.compile(
    r'<form method="post" action="(?P<action>/verify/)"[^>]*>\s*'
    r'<input type="hidden" name="badge" value="(?P<badge>[^"]+)">'
    r'<button class="button" type="submit">.*?Check again</button></form>',
    re.DOTALL,
)


@pytest.fixture
def frozen(time_machine, now):
    """At a minute and second that no default has."""
    moment = now.replace(hour=14, minute=37, second=21)
    time_machine.move_to(moment, tick=False)
    return time_machine


def moments(page):
    """Every date and time of a page that machines read, with the words that people read."""
    return re.findall(r'<time datetime="([^"]+)"[^>]*>([^<]+)</time>', page.content.decode())


def test_receipt_says_when_it_was_checked_and_can_be_had_anew(frozen, assertion, anonymous):
    first = anonymous.get(sent(anonymous, assertion_url(assertion))["Location"])

    assert {said for said, _words in moments(first)} == {"2026-03-02T14:37:21+00:00"}
    assert [words for _said, words in moments(first)][-1] == "2 March 2026, 14:37:21 UTC"

    frozen.shift(timedelta(hours=3, minutes=5))
    later = anonymous.get(first.wsgi_request.path)
    assert moments(later) == moments(first)

    again = AGAIN.search(later.content.decode())
    assert (again["action"], again["badge"]) == ("/verify/", assertion_url(assertion))
    second = anonymous.get(anonymous.post(again["action"], {"badge": again["badge"]})["Location"])

    assert {said for said, _words in moments(second)} == {"2026-03-02T17:42:21+00:00"}
    assert second.wsgi_request.path != first.wsgi_request.path
    assert [receipt.verdict for receipt in Receipt.objects.all()] == ["VALID", "VALID"]


def test_receipt_of_a_forgotten_file_leads_to_where_it_can_be_brought_again(assertion, anonymous):
    """What was brought is not kept: a forgery can be brought once more, and is not asked for anywhere."""
    head, payload, signature = assertion.jws.split(".")
    forged = f"{head}.{payload}.{signature[::-1]}"
    page = anonymous.get(sent(anonymous, forged)["Location"])

    assert moments(page)
    assert AGAIN.search(page.content.decode()) is None
    assert 'href="/verify/"' in page.content.decode()


def test_page_of_an_award_leads_to_its_checks_and_they_say_when(frozen, assertion, anonymous):
    page = anonymous.get(f"/public/assertions/{assertion.pk}", HTTP_ACCEPT="text/html")
    link = re.search(
        r'<a class="button no-print" href="([^"]+)"[^>]*>(?:See the checks|Check this badge)</a>', page.content.decode()
    )

    checks = anonymous.get(link[1])

    assert checks.status_code == 200
    assert any(moment.startswith("2026-03-02T14:37:21") for moment, _words in moments(checks)), said(checks)
